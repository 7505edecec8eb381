"""Members: how many there are at a day, by community and by type, and who came and went in a year."""

from dataclasses import dataclass
from datetime import date

from django.db.models import BigIntegerField, Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from ledger.periods import fund_year_bounds
from members.models import Community, CommunityStay, EndReason, Fund, Membership
from members.types import MEMBER_TYPES, member_type_on
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
    """Members on `day`. `founding` joined in the founding year; `cumulative` counts each person once, ever."""

    day: date
    communities: tuple[CommunityCount, ...]
    founding: int
    cumulative: int
    at_start: int
    joined: int
    left: dict[str, int]  # by reason, EndReason's order
    population: int | None

    @property
    def current(self) -> int:
        return sum(row.current for row in self.communities)

    @property
    def by_type(self) -> dict[str, int]:
        return {kind: sum(row.by_type[kind] for row in self.communities) for kind in MEMBER_TYPES}

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
    fund = Fund.objects.get()
    left = Membership.objects.filter(ended_on__range=(year.first, year.last), member__merged_into=None)
    by_reason = dict(left.values_list("end_reason").annotate(n=Count("pk")).order_by())
    counts = _counts(year, fund)
    return PeopleFigures(
        day=year.last,
        communities=communities_on(year.last, fund),
        left={reason: by_reason.get(reason, 0) for reason in EndReason.values},
        population=fund.population,
        **counts,
    )


def _counts(year: ReportYear, fund: Fund) -> dict[str, int]:
    rows = Membership.objects.filter(member__merged_into=None)
    return rows.aggregate(
        founding=Count("member", distinct=True, filter=Q(joined_on__lte=min(founding_year_ends(fund), year.last))),
        cumulative=Count("member", distinct=True, filter=Q(joined_on__lte=year.last)),
        at_start=Count("pk", filter=running_on(year.eve)),
        joined=Count("pk", filter=Q(joined_on__range=(year.first, year.last))),
    )


def founding_year_ends(fund: Fund) -> date:
    """Who joined by the end of the fund year of the founding is a founding member."""
    return fund_year_bounds(fund.founded_on, fund.fund_year_start_month)[1]


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
        for community in Community.objects.all()
    )
