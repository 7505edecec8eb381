"""The fund at a glance: members, the four legs, welfare and the balance of a year, in a dozen queries."""

from dataclasses import dataclass
from decimal import Decimal

from bansong_fund.lib.charts import BarChart, GroupedBarChart, LineChart, Pyramid, StackedBarChart
from members.models import Fund
from members.types import MEMBER_TYPES
from reports.charts import (
    ages_chart,
    balance_chart,
    communities_chart,
    legs_over_time,
    members_chart,
    welfare_chart,
)
from reports.figures.communities import exchanges_between
from reports.figures.counts import ages_on
from reports.figures.money import Leg, legs_of, money_at_year_ends
from reports.figures.over_years import legs_of_years
from reports.figures.people import CommunityCount, communities_on
from reports.figures.welfare import WelfareFigures, welfare_figures
from reports.years import ReportYear, year_before, years_up_to

YEARS_DRAWN = 10


@dataclass(frozen=True, slots=True)
class Glance:
    """What the page shows: the figures, and the charts drawn of them."""

    year: ReportYear
    before: ReportYear | None
    communities: tuple[CommunityCount, ...]
    legs: tuple[Leg, ...]
    welfare: WelfareFigures
    balances: list[tuple[int, Decimal]]
    members_chart: BarChart
    ages_chart: Pyramid
    communities_chart: GroupedBarChart
    legs_chart: StackedBarChart | None
    welfare_chart: BarChart
    balance_chart: LineChart

    @property
    def members(self) -> int:
        return sum(row.current for row in self.communities)

    @property
    def types(self) -> list[tuple[object, int]]:
        return [(name, sum(row.by_type[kind] for row in self.communities)) for kind, name in MEMBER_TYPES.items()]

    @property
    def all_legs(self) -> Decimal:
        return sum((leg.this for leg in self.legs), Decimal("0.00"))

    @property
    def money(self) -> Decimal:
        return self.balances[-1][1]


def glance_at(year: ReportYear, language: str, fund: Fund) -> Glance:
    """The year's figures and charts, labelled in `language`."""
    before = year_before(year)
    years = years_up_to(year, YEARS_DRAWN)
    communities = communities_on(year.last, fund)
    legs = legs_of(year, before)
    welfare = welfare_figures(year.first, year.last)
    balances = money_at_year_ends(year)
    return Glance(
        year=year,
        before=before,
        communities=communities,
        legs=legs,
        welfare=welfare,
        balances=balances,
        members_chart=members_chart(communities, language),
        ages_chart=ages_chart(ages_on(year.last), language),
        communities_chart=communities_chart(year.year_be, exchanges_between(year.first, year.ends_on), language),
        legs_chart=legs_over_time([one.year_be for one in years], legs_of_years(years), language),
        welfare_chart=welfare_chart(year.year_be, welfare, language),
        balance_chart=balance_chart(balances, language),
    )
