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
from reports.figures.money import Leg, legs_beside, money_at_year_ends
from reports.figures.over_years import legs_of_years
from reports.figures.people import CommunityCount, communities_on
from reports.figures.welfare import WelfareFigures, welfare_figures
from reports.years import ReportYear, years_up_to

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
    years = years_up_to(year, YEARS_DRAWN)
    before = years[-2] if len(years) > 1 else None
    communities = communities_on(year.last, fund)
    over = legs_of_years(years)
    nothing = dict.fromkeys(over, Decimal("0.00"))
    legs = legs_beside(
        {leg: amounts[-1] for leg, amounts in over.items()},
        {leg: amounts[-2] for leg, amounts in over.items()} if before else nothing,
    )
    welfare = welfare_figures(year.first, year.last)
    balances = money_at_year_ends(year)
    exchanges = exchanges_between(year.first, year.ends_on)
    return Glance(
        year=year,
        before=before,
        communities=communities,
        legs=legs,
        welfare=welfare,
        balances=balances,
        members_chart=members_chart(communities, language),
        ages_chart=ages_chart(ages_on(year.last), language),
        communities_chart=communities_chart(
            year.year_be, [(row.community, exchanges[row.community.pk]) for row in communities], language
        ),
        legs_chart=legs_over_time([one.year_be for one in years], over, language),
        welfare_chart=welfare_chart(year.year_be, welfare, language),
        balance_chart=balance_chart(balances, language),
    )
