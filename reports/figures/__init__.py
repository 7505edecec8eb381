"""The one query layer of all reports: each figure is asked for here, for screen and paper alike.

`annual_figures(year)` gives everything of a year; `reports.ties` proves that it hangs together.
Amounts are baht (`Decimal`); closings count in no figure of income or cost.
"""

from dataclasses import dataclass

from bansong_fund.lib.snapshots import one_moment
from reports.figures.communities import CommunityMoney, community_money
from reports.figures.money import MoneyFigures, money_figures
from reports.figures.over_years import YEARS_SIDE_BY_SIDE, OverYears, side_by_side
from reports.figures.passbooks import BankRow, bank_rows
from reports.figures.people import PeopleFigures, people_figures
from reports.figures.remembered import welfare_of_years
from reports.figures.sources import SourcesAndUses, sources_and_uses
from reports.figures.supporters import Supporters, supporters
from reports.figures.welfare import WelfareFigures
from reports.years import ReportYear, year_before, years_up_to


@dataclass(frozen=True, slots=True)
class AnnualFigures:
    """A year in figures. `before` is the year before, None in the founding year."""

    year: ReportYear
    before: ReportYear | None
    people: PeopleFigures
    money: MoneyFigures
    welfare: WelfareFigures
    welfare_before: WelfareFigures | None
    over: OverYears
    communities: CommunityMoney
    sources: SourcesAndUses
    banks: tuple[BankRow, ...]
    supporters: Supporters

    @property
    def before_be(self) -> int | None:
        return self.before.year_be if self.before else None


def annual_figures(year: ReportYear) -> AnnualFigures:
    """All figures of a year, in some thirty queries whatever the size of the fund, from one moment of the books.

    Memberships are read once, the lines of welfare once for every year that is not closed; all other money is kept
    sums.
    """
    with one_moment():
        return _figures_of(year)


def _figures_of(year: ReportYear) -> AnnualFigures:
    before = year_before(year)
    years = years_up_to(year, YEARS_SIDE_BY_SIDE)
    welfare = welfare_of_years([(one.first, one.ends_on) for one in years])
    money = money_figures(year, before)
    booked = [(row.account, row.this, row.since_founding) for row in money.rows]
    return AnnualFigures(
        year=year,
        before=before,
        people=people_figures(year),
        money=money,
        welfare=welfare[-1],
        welfare_before=welfare[-2] if before else None,
        over=side_by_side(years, welfare),
        communities=community_money(year.first, year.ends_on, booked),
        sources=sources_and_uses(year.ends_on),
        banks=bank_rows(year.last, [(row.account, row.balance) for row in money.rows]),
        supporters=supporters(year.first, year.last),
    )
