"""Doubles: rows of the register that may be one person, found at entry, at import, and over the whole register."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from bansong_fund.lib.national_id import id_digest
from bansong_fund.lib.thai_text import normalise
from members.likeness import (
    ALIKE_FROM,
    ALIKE_TO,
    GLUED_TITLE,
    LEFT_OUT,
    Likeness,
    PersonKey,
    Why,
    fold,
    fold_first,
    why_alike,
)
from members.models import Community, DatePrecision, Member

CHUNK = 1000
SHOWN = 5  # more than five possible doubles of one entry say that the name is common, and nothing else


@dataclass(frozen=True, slots=True)
class PossibleDouble:
    """A member who may be the person at hand, and why."""

    member: Member
    why: Why


FOLD = {"title": GLUED_TITLE, "alike_from": ALIKE_FROM + LEFT_OUT, "alike_to": ALIKE_TO}

# One look through the register keeps the rows that could be meant by any of those asked for; only these are folded.
# `translate` does for them what `fold` does for those asked for: the register has one spelling already. A double that
# was merged is known by its own names and ID, and stands for the survivor.
_CANDIDATES = """
    WITH asked AS MATERIALIZED (
        SELECT * FROM unnest(%(places)s::int[], %(firsts)s::text[], %(families)s::text[], %(days)s::date[],
                             %(precisions)s::text[], %(communities)s::bigint[], %(houses)s::text[], %(phones)s::text[],
                             %(digests)s::text[])
            AS a(place, first, family, day, precision, community_id, house_number, phone, digest)
    ), houses AS MATERIALIZED (
        SELECT DISTINCT h.id, h.community_id, h.house_number, h.moo FROM members_household h
          JOIN asked a ON a.community_id = h.community_id AND a.house_number = h.house_number
    ), near AS MATERIALIZED (
        SELECT coalesce(m.merged_into_id, m.id) AS id, m.birth_date, m.birth_precision, m.phone,
               h.community_id, coalesce(h.house_number, '') AS house_number, coalesce(h.moo, '') AS moo,
               coalesce(m.national_id_digest, '') AS digest,
               translate(regexp_replace(m.first_name, %(title)s, ''), %(alike_from)s, %(alike_to)s) AS first,
               translate(m.family_name, %(alike_from)s, %(alike_to)s) AS family
          FROM members_member m LEFT JOIN houses h ON h.id = m.household_id
         WHERE m.birth_date = ANY(%(days)s::date[]) OR m.national_id_digest = ANY(%(digests)s::text[])
            OR h.id IS NOT NULL OR (m.phone <> '' AND m.phone = ANY(%(phones)s::text[]))
            OR (m.birth_precision <> 'day' AND extract(year FROM m.birth_date) = ANY(%(years)s::int[]))
            OR extract(year FROM m.birth_date) = ANY(%(rough_years)s::int[])
    ), found AS (
        SELECT a.place, n.* FROM asked a JOIN near n ON n.first = a.first
        UNION ALL
        SELECT a.place, n.* FROM asked a JOIN near n ON n.family = a.family AND a.family <> '' AND n.first <> a.first
        UNION ALL
        SELECT a.place, n.* FROM asked a JOIN near n ON n.digest = a.digest AND a.digest <> ''
    )
    SELECT found.place, found.id, found.first, found.family, found.birth_date, found.birth_precision,
           found.community_id, found.house_number, found.moo, found.phone, found.digest
      FROM found JOIN asked a ON a.place = found.place
     WHERE found.birth_date = a.day OR found.digest = a.digest
        OR (found.community_id = a.community_id AND found.house_number = a.house_number)
        OR found.phone = a.phone
        OR ((found.birth_precision <> 'day' OR a.precision <> 'day')
            AND extract(year FROM found.birth_date) = extract(year FROM a.day))
     ORDER BY found.place, found.id
"""


def possible_doubles(
    *,
    first_name: str,
    family_name: str,
    birth_date: date | None = None,
    birth_precision: str = DatePrecision.DAY,
    house_number: str = "",
    moo: str = "",
    community: Community | None = None,
    phone: str = "",
    national_id: str = "",
    except_member: Member | None = None,
    members: QuerySet[Member] | None = None,
) -> list[PossibleDouble]:
    """Members who may be the person that is being written down, the strongest reason first, in two queries.

    `members`: whom the asking user may see; all that are not merged where left out. `except_member`: the row that
    is being changed.
    """
    asked = PersonKey(
        first_name=first_name,
        family_name=family_name,
        birth_date=birth_date,
        birth_precision=birth_precision,
        community=community.pk if community else None,
        house_number=house_number,
        moo=moo,
        phone=phone,
        national_id=national_id,
    )
    reasons = _reasons([_likeness(asked)])[0]
    if except_member is not None:
        reasons.pop(except_member.merged_into_id or except_member.pk, None)
    rows = _members(reasons, members)
    found = [PossibleDouble(rows[key], why) for key, why in reasons.items() if key in rows]
    return sorted(found, key=lambda one: list(Why).index(one.why))[:SHOWN]


def possible_doubles_of(
    rows: Sequence[PersonKey], *, members: QuerySet[Member] | None = None
) -> dict[int, PossibleDouble]:
    """By place in `rows`: the member who is most probably the same person. Two queries for each thousand rows."""
    found: dict[int, PossibleDouble] = {}
    for start in range(0, len(rows), CHUNK):
        reasons = _reasons([_likeness(row) for row in rows[start : start + CHUNK]])
        strongest = {place: min(each.items(), key=_strength) for place, each in enumerate(reasons) if each}
        known = _members([key for key, _why in strongest.values()], members)
        for place, (key, why) in strongest.items():
            if key in known:
                found[start + place] = PossibleDouble(known[key], why)
    return found


def _strength(reason: tuple[int, Why]) -> tuple[int, int]:
    key, why = reason
    return list(Why).index(why), key


def _likeness(row: PersonKey) -> Likeness:
    house = (row.community, row.house_number, row.moo) if row.community and row.house_number else None
    return Likeness(
        first=fold_first(row.first_name),
        family=fold(row.family_name),
        birth_date=row.birth_date,
        birth_precision=row.birth_precision,
        house=house,
        phone=normalise(row.phone),
        digest=id_digest(row.national_id) if row.national_id else "",
    )


def _reasons(asked: Sequence[Likeness]) -> list[dict[int, Why]]:
    """For each of those asked for: keys of members who may be the same person, and why, in one query."""
    births = [(one.birth_date.year, one.birth_precision) for one in asked if one.birth_date]
    values: dict[str, Any] = {
        "places": list(range(len(asked))),
        "firsts": [one.first for one in asked],
        "families": [one.family for one in asked],
        "days": [one.birth_date for one in asked],
        "precisions": [one.birth_precision for one in asked],
        "communities": [one.house[0] if one.house else None for one in asked],
        "houses": [one.house[1] if one.house else None for one in asked],
        "phones": [one.phone or None for one in asked],
        "digests": [one.digest or None for one in asked],
        "years": sorted({year for year, _precision in births}),
        "rough_years": sorted({year for year, precision in births if precision != DatePrecision.DAY}),
    }
    found: list[dict[int, Why]] = [{} for _one in asked]
    with connection.cursor() as cursor:
        cursor.execute(_CANDIDATES, values | FOLD)
        for place, key, *row in cursor.fetchall():
            why = why_alike(asked[place], _likeness_of_row(row))
            known = found[place].get(key)
            if why and (known is None or list(Why).index(why) < list(Why).index(known)):
                found[place][key] = why
    return found


def _likeness_of_row(row: Sequence[Any]) -> Likeness:
    first, family, birth_date, precision, community, house_number, moo, phone, digest = row
    house = (community, house_number, moo) if community and house_number else None
    return Likeness(first, family, birth_date, precision, house, phone, digest)


def _members(keys: Iterable[int], members: QuerySet[Member] | None) -> dict[int, Member]:
    keys = list(keys)
    if not keys:
        return {}
    rows = Member.objects.filter(merged_into=None) if members is None else members
    return rows.filter(pk__in=keys).select_related("community", "household").in_bulk()
