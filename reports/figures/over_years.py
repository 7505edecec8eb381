"""Years side by side: the four legs, welfare by kind and by community, and what was left over, for up to five years.

Legs and balances are kept sums; welfare of closed years is remembered, that of the others counted from their lines.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Case, F, IntegerField, Sum, Value, When

from bansong_fund.lib.money import ZERO
from bansong_fund.lib.papers import Words
from ledger.models import LedgerSum
from members.models import Community
from members.queries import every_community
from reports.figures.money import LEGS, MONEY_ROLES
from reports.figures.remembered import welfare_of_years
from reports.figures.welfare import Paid, WelfareFigures
from reports.years import ReportYear, years_up_to

YEARS_SIDE_BY_SIDE = 5


@dataclass(frozen=True, slots=True)
class OverYears:
    """Up to five fund years, the oldest first; every tuple has a place for each of `years`.

    `legs` by their number and `balances` (money left over at the year's end) in baht. `kinds` are the nine kinds of
    welfare, `communities` those of the fund by number; in `welfare`, all of a year, a member counts once.
    `elsewhere` is what names no community.
    """

    years: tuple[ReportYear, ...]
    legs: dict[int, tuple[Decimal, ...]]
    balances: tuple[Decimal, ...]
    kinds: tuple[tuple[Words, tuple[Paid, ...]], ...]
    communities: tuple[tuple[Community, tuple[Paid, ...]], ...]
    elsewhere: tuple[Paid, ...]
    welfare: tuple[Paid, ...]

    @property
    def all_legs(self) -> tuple[Decimal, ...]:
        """The four legs of each year together."""
        return tuple(sum(amounts, ZERO) for amounts in zip(*self.legs.values(), strict=True))

    @property
    def names(self) -> list[str]:
        """The years as they are called: 2559, 2560, …"""
        return [str(year.year_be) for year in self.years]


def over_years(year: ReportYear, most: int = YEARS_SIDE_BY_SIDE) -> OverYears:
    """The year and those before it, as far as the books go: in eight queries; one reads the lines of open years."""
    years = years_up_to(year, most)
    return side_by_side(years, welfare_of_years([(one.first, one.ends_on) for one in years]))


def side_by_side(years: Sequence[ReportYear], welfare: Sequence[WelfareFigures]) -> OverYears:
    """The years with what welfare paid in each of them, where that is known already."""
    kinds = [
        (kind.name, tuple(_paid(found, place) for found in welfare)) for place, kind in enumerate(welfare[0].kinds)
    ]
    communities = [
        (community, tuple(found.communities.get(community.pk, Paid()) for found in welfare))
        for community in every_community()
    ]
    return OverYears(
        years=tuple(years),
        legs=legs_of_years(years),
        balances=balances_of_years(years),
        kinds=tuple(kinds),
        communities=tuple(communities),
        elsewhere=tuple(found.communities.get(None, Paid()) for found in welfare),
        welfare=tuple(found.all for found in welfare),
    )


def _paid(found: WelfareFigures, place: int) -> Paid:
    kind = found.kinds[place]
    return Paid(kind.persons, kind.times, kind.baht)


def legs_of_years(years: Sequence[ReportYear]) -> dict[int, tuple[Decimal, ...]]:
    """Baht of each of the four legs in each year, by the leg's number: one query over the kept sums."""
    rows = (
        LedgerSum.objects.filter(account__leg__isnull=False, is_closing=False, month__range=_all_days(years))
        .annotate(year=_year_of(years))
        .values_list("account__leg", "year")
        .annotate(baht=Sum(F("credit") - F("debit")))
        .order_by()
    )
    found = {(leg, year): baht for leg, year, baht in rows}
    return {leg: tuple(found.get((leg, year.year_be), ZERO) for year in years) for leg in LEGS}


def balances_of_years(years: Sequence[ReportYear]) -> tuple[Decimal, ...]:
    """Banks, cash and what leaders hold at the end of each year: one query over the kept sums."""
    rows = (
        LedgerSum.objects.filter(account__role__in=MONEY_ROLES, month__lte=years[-1].ends_on)
        .annotate(year=_year_of(years))
        .values_list("year")
        .annotate(baht=Sum(F("debit") - F("credit")))
        .order_by()
    )
    moved: dict[int, Decimal] = defaultdict(lambda: ZERO, rows)
    left, ends = moved[BEFORE], []
    for year in years:
        left += moved[year.year_be]
        ends.append(left)
    return tuple(ends)


BEFORE = 0  # in place of a year: all before the first of them


def _year_of(years: Sequence[ReportYear]) -> Case:
    return Case(
        *(When(month__range=(year.first, year.ends_on), then=Value(year.year_be)) for year in years),
        default=Value(BEFORE),
        output_field=IntegerField(),
    )


def _all_days(years: Sequence[ReportYear]) -> tuple[object, object]:
    return years[0].first, years[-1].ends_on
