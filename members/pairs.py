"""The whole register looked through for doubles: pairs of rows that may be one person, less those that were settled."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from members.doubles import FOLD
from members.likeness import Likeness, Why, why_alike


@dataclass(frozen=True, slots=True)
class AlikePair:
    """Keys of two members, the lower first, and why they may be one person."""

    first: int
    second: int
    why: Why


# Every part joins by what is equal (a birth, a house, a phone, together with a name), so that the database hashes and
# never holds each row against all others. What remains is compared letter by letter in Python.
_PAIRS = """
    WITH rows AS MATERIALIZED (
        SELECT m.id, m.birth_date, m.birth_precision, m.phone, m.national_id_digest AS digest,
               h.community_id, h.house_number, coalesce(h.moo, '') AS moo,
               extract(year FROM m.birth_date) AS year, m.birth_precision <> 'day' AS rough,
               translate(regexp_replace(m.first_name, %(title)s, ''), %(alike_from)s, %(alike_to)s) AS first,
               translate(m.family_name, %(alike_from)s, %(alike_to)s) AS family
          FROM members_member m LEFT JOIN members_household h ON h.id = m.household_id
         WHERE m.merged_into_id IS NULL
    ), pairs AS (
        SELECT a.id AS one, b.id AS other FROM rows a JOIN rows b
            ON b.birth_date = a.birth_date AND b.first = a.first AND b.id > a.id
        UNION
        SELECT a.id, b.id FROM rows a JOIN rows b
            ON b.birth_date = a.birth_date AND b.family = a.family AND a.family <> '' AND b.id > a.id
        UNION
        SELECT a.id, b.id FROM rows a JOIN rows b
            ON b.year = a.year AND b.first = a.first AND b.family = a.family AND b.id <> a.id AND a.rough
        UNION
        SELECT a.id, b.id FROM rows a JOIN rows b
            ON b.house_number = a.house_number AND b.community_id = a.community_id AND b.first = a.first AND b.id > a.id
        UNION
        SELECT a.id, b.id FROM rows a JOIN rows b
            ON b.house_number = a.house_number AND b.community_id = a.community_id
           AND b.family = a.family AND a.family <> '' AND b.id > a.id
        UNION
        SELECT a.id, b.id FROM rows a JOIN rows b
            ON b.phone = a.phone AND a.phone <> '' AND b.first = a.first AND b.id > a.id
    ), ordered AS (
        SELECT DISTINCT least(one, other) AS one, greatest(one, other) AS other FROM pairs
    )
    SELECT o.one, a.first, a.family, a.birth_date, a.birth_precision, a.community_id, a.house_number, a.moo, a.phone,
           coalesce(a.digest, ''),
           o.other, b.first, b.family, b.birth_date, b.birth_precision, b.community_id, b.house_number, b.moo, b.phone,
           coalesce(b.digest, '')
      FROM ordered o JOIN rows a ON a.id = o.one JOIN rows b ON b.id = o.other
     WHERE NOT EXISTS (SELECT 1 FROM members_settleddouble s
                        WHERE s.first_id = o.one AND s.second_id = o.other AND s.undone_at IS NULL)
     ORDER BY o.one, o.other
"""


def alike_pairs() -> list[AlikePair]:
    """All pairs that nobody has settled, the strongest reasons first, in one query: 41,180 members in about a second.

    Only for who sees the whole register.
    """
    found = []
    with connection.cursor() as cursor:
        cursor.execute(_PAIRS, FOLD)
        for row in cursor.fetchall():
            one, other = row[: len(row) // 2], row[len(row) // 2 :]
            why = why_alike(_likeness(one[1:]), _likeness(other[1:]))
            if why is not None:
                found.append(AlikePair(one[0], other[0], why))
    strength = list(Why).index
    return sorted(found, key=lambda pair: (strength(pair.why), pair.first, pair.second))


def _likeness(row: Sequence[Any]) -> Likeness:
    first, family, birth_date, precision, community, number, moo, phone, digest = row
    house = (community, number, moo) if number else None
    return Likeness(first, family, birth_date, precision, house, phone, digest)
