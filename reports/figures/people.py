"""Members: how many there are at a day, by community and by type, and who came and went in a year."""

from dataclasses import dataclass
from datetime import date

from django.db.models import BigIntegerField, Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from members.models import Community, CommunityStay, Fund, Membership
from members.queries import every_community
from members.types import MEMBER_TYPES, member_type_on
from reports.figures.flow import PeopleFlow, people_flow
from reports.years import ReportYear


@dataclass(frozen=True, slots=True)
class CommunityCount:
    """The current members of one community, by type."""

    community: Community
    by_type: dict[str, int]

    @property
    def current(self) -> int:
        return sum(self.by_type.values())


@dataclass(frozen=True, slots=True)
class PeopleFigures:
    """Members on `day`, and who came and went up to it. `founding` joined in the founding year.

    `cumulative` counts each person once, ever.
    """

    day: date
    flow: PeopleFlow
    founding: int
    cumulative: int
    population: int | None

    @property
    def communities(self) -> list[CommunityCount]:
        """Every community by number, with its members by type."""
        return [
            CommunityCount(community, {kind: self.flow.at_end[community.pk, kind] for kind in MEMBER_TYPES})
            for community in self.flow.communities
        ]

    @property
    def at_start(self) -> int:
        return self.flow.fund.at_start

    @property
    def joined(self) -> int:
        """All who came, those who came back among them."""
        return self.flow.fund.joined + self.returned

    @property
    def returned(self) -> int:
        return self.flow.fund.returned

    @property
    def left(self) -> dict[str, int]:
        """Who left, by reason, in EndReason's order."""
        return self.flow.fund.left

    @property
    def current(self) -> int:
        return self.flow.fund.at_end

    @property
    def by_type(self) -> dict[str, int]:
        return {row.key: row.at_end for row in self.flow.by_type}

    @property
    def all_left(self) -> int:
        return sum(self.left.values())

    @property
    def coverage(self) -> str:
        return coverage(self.current, self.population)


def coverage(members: int, population: int | None) -> str:
    """Members per hundred inhabitants, with one decimal, halves up: "23.5"; "" without a population."""
    if not population:
        return ""
    tenths = (2000 * members + population) // (2 * population)
    return f"{tenths // 10:,}.{tenths % 10}"


def people_figures(year: ReportYear) -> PeopleFigures:
    """The members at the end of `year` (or on its last day so far), and the year's comings and goings."""
    return people_between(year.first, year.last, Fund.objects.get())


def people_between(first: date, last: date, fund: Fund) -> PeopleFigures:
    """The members at the end of `last`, and who came and went from `first` on, in two queries."""
    flow = people_flow(first, last, fund)
    return PeopleFigures(last, flow, founding=flow.founding, cumulative=flow.cumulative, population=fund.population)


def running_on(day: date) -> Q:
    """Memberships that run when the day is over: who ended on it is gone."""
    return Q(joined_on__lte=day) & (Q(ended_on=None) | Q(ended_on__gt=day))


def community_on(day: date, *, person: str = "") -> Coalesce:
    """The key of the community in which a member was on `day`, or last was; without a stay by then her present one.

    `person` is the path to the member: "" over members, "member__" over memberships.
    """
    stays = CommunityStay.objects.filter(member=OuterRef(f"{person}pk"), since__lte=day).order_by("-since")
    return Coalesce(Subquery(stays.values("community")[:1]), F(f"{person}community"), output_field=BigIntegerField())


def members_on(day: date, fund: Fund) -> QuerySet[Membership]:
    """The memberships that run when `day` is over, with `member_type` and `community_on` as they are on that day."""
    return Membership.objects.filter(running_on(day), member__merged_into=None).annotate(
        member_type=member_type_on(day, fund, person="member__"), community_on=community_on(day, person="member__")
    )


def communities_on(day: date, fund: Fund) -> tuple[CommunityCount, ...]:
    """Every community, by number, with the members who were in it on `day`, by type."""
    rows = members_on(day, fund).values_list("community_on", "member_type").annotate(n=Count("pk")).order_by()
    found = {(community, kind): n for community, kind, n in rows}
    return tuple(
        CommunityCount(community, {kind: found.get((community.pk, kind), 0) for kind in MEMBER_TYPES})
        for community in every_community()
    )
