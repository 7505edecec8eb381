"""Members in and out of a stretch of days, for the whole fund, by community and by type: read once for all three.

At the start, and who came, and who changed over to it, less who changed away and who left, are those at the end. A
double is nobody of her own.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any, NamedTuple

from django.db.models import Case, Count, Exists, F, FilteredRelation, OuterRef, Q, Value, When
from django.db.models.functions import Coalesce, Greatest, Least

from members.models import Community, EndReason, Fund, Membership
from members.types import MEMBER_TYPES, member_type_on

THERE, JOINED, RETURNED = "there", "joined", "returned"
LEFT, CHANGED_IN, CHANGED_OUT = "left", "in", "out"


class Moved(NamedTuple):
    """So many memberships alike: where and what they were first and last, how they came, why they went ("": not)."""

    community_first: int
    community_last: int
    type_first: str
    type_last: str
    came: str
    went: str
    members: int


@dataclass(frozen=True, slots=True)
class FlowRow:
    """The comings and goings of the fund, of one community or of one type; `left` by reason, in EndReason's order.

    `changed_in` and `changed_out` moved between communities or became of another type; in the whole fund none did.
    """

    key: Any
    at_start: int
    joined: int
    returned: int
    changed_in: int
    changed_out: int
    left: dict[str, int]
    at_end: int

    @property
    def all_left(self) -> int:
        return sum(self.left.values())

    @property
    def adds_up(self) -> int:
        """Those at the end as the comings and goings make them."""
        came = self.joined + self.returned + self.changed_in
        return self.at_start + came - self.changed_out - self.all_left


@dataclass(frozen=True)
class PeopleFlow:
    """The comings and goings from `first` to `last`, and the communities of the fund by number."""

    first: date
    last: date
    moved: tuple[Moved, ...]
    communities: tuple[Community, ...]

    @cached_property
    def fund(self) -> FlowRow:
        return _rows([None], self.moved, lambda _one: (None, None))[0]

    @cached_property
    def by_community(self) -> list[FlowRow]:
        """By community, each with its key."""
        keys = [community.pk for community in self.communities]
        return _rows(keys, self.moved, lambda one: (one.community_first, one.community_last))

    @cached_property
    def by_type(self) -> list[FlowRow]:
        """By type, each with its code: who came counts as what she is at the end, who left as what she was."""
        return _rows(MEMBER_TYPES, self.moved, lambda one: (one.type_first, one.type_last))

    @cached_property
    def at_end(self) -> Counter:
        """Members at the end of the last day by (community's key, type)."""
        found: Counter = Counter()
        for one in self.moved:
            if not one.went:
                found[one.community_last, one.type_last] += one.members
        return found


def _rows(keys: Iterable[Any], moved: Iterable[Moved], places: Callable[[Moved], tuple[Any, Any]]) -> list[FlowRow]:
    """A row for each key; `places` says of what it was first and last."""
    found: Counter = Counter()
    for one in moved:
        first, last = places(one)
        found[first, one.came] += one.members
        found[last, LEFT, one.went] += one.members
        if first != last:
            found[first, CHANGED_OUT] += one.members
            found[last, CHANGED_IN] += one.members
    return [
        FlowRow(
            key=key,
            at_start=found[key, THERE],
            joined=found[key, JOINED],
            returned=found[key, RETURNED],
            changed_in=found[key, CHANGED_IN],
            changed_out=found[key, CHANGED_OUT],
            left={reason: found[key, LEFT, reason] for reason in EndReason.values},
            at_end=found[key, LEFT, ""],
        )
        for key in keys
    ]


def people_flow(first: date, last: date, fund: Fund) -> PeopleFlow:
    """Who was there, came and went from `first` to `last`, both within, in two queries; linear in the memberships."""
    return PeopleFlow(first, last, tuple(sorted(_moved(first, last, fund))), tuple(Community.objects.all()))


def _moved(first: date, last: date, fund: Fund) -> Iterable[Moved]:
    eve = first - timedelta(days=1)
    rows = (
        Membership.objects.filter(Q(ended_on=None) | Q(ended_on__gt=eve), joined_on__lte=last, member__merged_into=None)
        .annotate(
            first_stay=_earlier_stay(Greatest("joined_on", Value(eve))),
            last_stay=_earlier_stay(Least("ended_on", Value(last))),
            community_first=Coalesce("first_stay__community_id", "member__community_id"),
            community_last=Coalesce("last_stay__community_id", "member__community_id"),
            type_then=member_type_on(eve, fund, person="member__"),
            type_now=member_type_on(last, fund, person="member__"),
            came=_came(eve),
            went=Case(When(ended_on__lte=last, then=F("end_reason")), default=Value("")),
        )
        .values_list("community_first", "community_last", "type_then", "type_now", "came", "went")
    )
    return (_of_types(row) for row in rows.annotate(members=Count("pk")).order_by())


def _of_types(row: tuple) -> Moved:
    """Who came counts as what she is at the end, who left as what she was at the start, where she was there."""
    *places, then, now, came, went, members = row
    type_first = then if came == THERE else now
    return Moved(*places, type_first, type_first if went else now, came, went, members)


def _earlier_stay(day: Any) -> FilteredRelation:
    """The ended stay that covers a day. Who has none was then in the community where she is now, as nearly all were."""
    stays = "member__community_stays"
    covers = Q(**{f"{stays}__until__isnull": False, f"{stays}__since__lte": day, f"{stays}__until__gte": day})
    return FilteredRelation(stays, condition=covers)


def _came(eve: date) -> Case:
    earlier = Membership.objects.filter(member=OuterRef("member"), joined_on__lt=OuterRef("joined_on"))
    return Case(
        When(joined_on__lte=eve, then=Value(THERE)),
        When(Exists(earlier), then=Value(RETURNED)),
        default=Value(JOINED),
    )
