"""Whom a row means: by the whole ID, else by the member number, else by the name with the birth.

- The ID settles it. A number beside it must be the same member's.
- A member number settles it where the person agrees: the same birth, a like name, or the same first name, unless both
  family name and year of birth are others. Otherwise the number is taken by somebody else, and the row is refused.
- Without a number: the same first and family name with the same date of birth (where either has none, with the same
  community and day of joining). Two different IDs are two people.

Rows of the register that were merged as doubles stand for their survivor.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Prefetch, Q
from django.utils.translation import gettext_noop

from bansong_fund.lib.thai_text import sort_key
from members.importing.facts import RowFacts
from members.likeness import like_key, like_names
from members.models import (
    Beneficiary,
    CommunityStay,
    GroupFlag,
    Member,
    Membership,
    OpeningDrawn,
    OpeningFacts,
)

IDENTITY = (
    *("id", "merged_into_id", "number", "first_name", "family_name", "title", "birth_date", "birth_precision"),
    *("national_id_digest", "community_id"),
)


@dataclass(slots=True)
class Register:
    """The part of the register that a chunk of rows touches: members by number, by ID and by name."""

    by_number: dict[int, Member] = field(default_factory=dict)
    by_digest: dict[str, Member] = field(default_factory=dict)
    by_name: dict[tuple[str, str], list[Member]] = field(default_factory=lambda: defaultdict(list))
    joined_on: dict[int, date] = field(default_factory=dict)


def find_members(rows: Sequence[RowFacts], *, horizon: int) -> dict[int, Member]:
    """By place in `rows`: the member whom the row means. Rows that mean nobody for sure are refused in their messages.

    `horizon`: the greatest key of a member that stood before the import, so that what it writes itself is not found.
    """
    if not horizon:
        return {}
    register = _look_up(rows, horizon)
    found = {}
    for place, row in enumerate(rows):
        if (member := _meant(row, register)) is not None and not row.is_refused:
            found[place] = member
    return found


def _look_up(rows: Sequence[RowFacts], horizon: int) -> Register:
    numbers = [row.number for row in rows if row.number]
    digests = [row.digest for row in rows if row.digest]
    named = [row for row in rows if not row.number]
    asked = Q(number__in=numbers) | Q(national_id_digest__in=digests)
    asked |= Q(sort_key__in={sort_key(row.first_name, row.family_name) for row in named})
    members = Member.objects.filter(asked, pk__lte=horizon).only(*IDENTITY).order_by("pk")
    rows_found = list(members)
    survivors = Member.objects.only(*IDENTITY).in_bulk({one.merged_into_id for one in rows_found} - {None})
    register = Register()
    for one in rows_found:
        person = survivors.get(one.merged_into_id, one)
        register.by_number[one.number] = person
        if one.national_id_digest:
            register.by_digest[one.national_id_digest] = person
        if one.merged_into_id is None:
            register.by_name[one.first_name, one.family_name].append(one)
    register.joined_on = _joined_on(rows, register)
    return register


def _joined_on(rows: Iterable[RowFacts], register: Register) -> dict[int, date]:
    """Days of joining, where a name without a birth needs them."""
    names = {(row.first_name, row.family_name) for row in rows if not row.number}
    asked = [one.pk for name in names for one in register.by_name.get(name, ())]
    latest = Membership.objects.filter(member__in=asked).order_by("member_id", "-joined_on").distinct("member_id")
    return dict(latest.values_list("member_id", "joined_on")) if asked else {}


def _meant(row: RowFacts, register: Register) -> Member | None:
    numbered = register.by_number.get(row.number) if row.number else None
    holder = register.by_digest.get(row.digest) if row.digest else None
    if holder is not None:
        if row.number and numbered != holder:
            row.refuse(
                "number",
                gettext_noop("This ID number belongs to member no. %(number)s, %(name)s; the row says no. %(said)s."),
                number=holder.number,
                name=holder.full_name,
                said=row.number,
            )
        return holder
    if numbered is not None:
        if not _agree(row, numbered):
            row.refuse(
                "number",
                gettext_noop("Member no. %(number)s is %(name)s: another person cannot have this number."),
                number=numbered.number,
                name=numbered.full_name,
            )
        return numbered
    return None if row.number else _named(row, register)


def _agree(row: RowFacts, member: Member) -> bool:
    """Whether the row and the member with its number may be one person."""
    same_first = row.first_name == member.first_name
    if row.digest and member.national_id_digest:  # two IDs: one of them is mistyped, or these are two people
        return same_first and row.family_name == member.family_name
    if row.birth_date is not None and row.birth_date == member.birth_date:
        return True
    if same_first and not _another_of_that_name(row, member):
        return True
    return like_names(like_key(row.first_name, row.family_name), like_key(member.first_name, member.family_name))


def _another_of_that_name(row: RowFacts, member: Member) -> bool:
    """Whether family name and year of birth are both another's: a number that is mistyped, not a woman who married."""
    if not row.family_name or row.family_name == member.family_name:
        return False
    return (
        row.birth_date is not None and member.birth_date is not None and row.birth_date.year != member.birth_date.year
    )


def _named(row: RowFacts, register: Register) -> Member | None:
    alike = [
        one
        for one in register.by_name.get((row.first_name, row.family_name), ())
        if _same_birth(row, one, register) and not (row.digest and one.national_id_digest)
    ]
    if len(alike) > 1:
        alike = [one for one in alike if one.community_id == row.community] or alike
    if len(alike) > 1:
        row.refuse(
            "first_name",
            gettext_noop("Several members have this name and birth: no. %(numbers)s. Add the member number."),
            numbers=", ".join(str(one.number) for one in alike[:5]),
        )
    return alike[0] if alike else None


def _same_birth(row: RowFacts, member: Member, register: Register) -> bool:
    if row.birth_date is not None and member.birth_date is not None:
        return (row.birth_date, row.birth_precision) == (member.birth_date, member.birth_precision)
    same_place = row.community == member.community_id
    return same_place and row.joined_on == register.joined_on.get(member.pk)


# --- all that is known of those who were found ------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Known:
    """A member with what a row may change about her."""

    member: Member
    memberships: list[Membership]  # the latest first
    stay: CommunityStay | None
    beneficiaries: list[Beneficiary]
    groups: frozenset[str]
    opening: OpeningFacts | None
    drawn: dict[str, OpeningDrawn]

    @property
    def membership(self) -> Membership | None:
        return self.memberships[0] if self.memberships else None


def known_of(members: Collection[Member], *, locked: bool = False) -> dict[int, Known]:
    """By key, in eight queries whatever their number. `locked` holds their rows until the transaction ends."""
    if not members:
        return {}
    keys = [one.pk for one in members]
    if locked:
        list(Member.objects.select_for_update().filter(pk__in=keys).order_by("pk").values_list("pk"))

    def related(name: str, rows: Any) -> Prefetch:
        return Prefetch(name, queryset=rows, to_attr=f"found_{name}")

    rows = (
        Member.objects.filter(pk__in=keys)
        .select_related("household", "opening_facts")
        .defer("sort_key", "name_grams")
        .prefetch_related(
            related("memberships", Membership.objects.order_by("-joined_on")),
            related("community_stays", CommunityStay.objects.filter(until=None)),
            related("beneficiaries", Beneficiary.objects.filter(replaced_on=None).order_by("id")),
            related("group_flags", GroupFlag.objects.filter(until=None)),
            related("opening_drawn", OpeningDrawn.objects.all()),
        )
    )
    return {row.pk: _known(row) for row in rows}


def _known(row: Any) -> Known:
    return Known(
        member=row,
        memberships=row.found_memberships,
        stay=next(iter(row.found_community_stays), None),
        beneficiaries=row.found_beneficiaries,
        groups=frozenset(flag.group for flag in row.found_group_flags),
        opening=getattr(row, "opening_facts", None),
        drawn={one.benefit_code: one for one in row.found_opening_drawn},
    )
