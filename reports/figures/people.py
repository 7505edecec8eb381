"""Members: how many there are at a day, by community and by type, and who came and went in a year."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, Value, When
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ledger.periods import fund_year_bounds
from members.models import Community, EndReason, Fund, Group, GroupFlag, Membership
from reports.years import ReportYear

CHILD_UNDER = 18
ELDERLY_FROM = 60

# The types of the CODI form, in its order. One person counts once: who fits several takes the first of
# disabled, disadvantaged, elderly, child, general.
MEMBER_TYPES: dict[str, Promise] = {
    "general": _("General members"),
    "child": _("Children and youth"),
    "elderly": _("Elderly members"),
    "disadvantaged": _("Disadvantaged members"),
    "disabled": _("Members with disability"),
}


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
        communities=communities_on(year.last),
        left={reason: by_reason.get(reason, 0) for reason in EndReason.values},
        population=fund.population,
        **counts,
    )


def _counts(year: ReportYear, fund: Fund) -> dict[str, int]:
    founding_year_ends = min(fund_year_bounds(fund.founded_on, fund.fund_year_start_month)[1], year.last)
    return Membership.objects.filter(member__merged_into=None).aggregate(
        founding=Count("pk", filter=Q(joined_on__lte=founding_year_ends)),
        cumulative=Count("member", distinct=True, filter=Q(joined_on__lte=year.last)),
        at_start=Count("pk", filter=_running_on(year.eve)),
        joined=Count("pk", filter=Q(joined_on__range=(year.first, year.last))),
    )


def _running_on(day: date) -> Q:
    """Memberships that run when the day is over: who ended on it is gone."""
    return Q(joined_on__lte=day) & (Q(ended_on=None) | Q(ended_on__gt=day))


def members_on(day: date) -> QuerySet[Membership]:
    """The memberships that run when `day` is over, with `member_type` as it is on that day."""
    flags = GroupFlag.objects.filter(member=OuterRef("member"), since__lte=day)
    flags = flags.filter(Q(until=None) | Q(until__gte=day))
    born = "member__birth_date"
    return Membership.objects.filter(_running_on(day), member__merged_into=None).annotate(
        member_type=Case(
            When(Exists(flags.filter(group=Group.DISABLED)), then=Value("disabled")),
            When(Exists(flags.filter(group=Group.DISADVANTAGED)), then=Value("disadvantaged")),
            When(**{f"{born}__lte": years_before(day, ELDERLY_FROM)}, then=Value("elderly")),
            When(**{f"{born}__gt": years_before(day, CHILD_UNDER)}, then=Value("child")),
            default=Value("general"),
        )
    )


def communities_on(day: date) -> tuple[CommunityCount, ...]:
    """Every community, by number, with its members of `day` by type."""
    rows = members_on(day).values_list("member__community", "member_type").annotate(n=Count("pk")).order_by()
    found = {(community, kind): n for community, kind, n in rows}
    return tuple(
        CommunityCount(community, {kind: found.get((community.pk, kind), 0) for kind in MEMBER_TYPES})
        for community in Community.objects.all()
    )


def years_before(day: date, years: int) -> date:
    """The day so many years earlier; 29 February becomes the 28th where there is none.

    Born on or before it is that old on `day` (born on 29 February, one grows older on 1 March).
    """
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)
