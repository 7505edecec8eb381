"""The one query layer of all reports: each figure is asked for here, for screen and paper alike.

`annual_figures(year)` gives everything of a year; `reports.ties` proves that it hangs together.
Amounts are baht (`Decimal`); closings count in no figure of income or cost.
"""

from dataclasses import dataclass

from reports.figures.money import MoneyFigures, money_figures
from reports.figures.people import PeopleFigures, people_figures
from reports.figures.supporters import Supporters, supporters
from reports.figures.welfare import WelfareFigures, welfare_figures
from reports.years import ReportYear, year_before


@dataclass(frozen=True, slots=True)
class AnnualFigures:
    """A year in figures. `before` is the year before, None in the founding year."""

    year: ReportYear
    before: ReportYear | None
    people: PeopleFigures
    money: MoneyFigures
    welfare: WelfareFigures
    welfare_before: WelfareFigures | None
    supporters: Supporters

    @property
    def before_be(self) -> int | None:
        return self.before.year_be if self.before else None


def annual_figures(year: ReportYear) -> AnnualFigures:
    """All figures of a year, in about twenty queries whatever the size of the fund."""
    before = year_before(year)
    return AnnualFigures(
        year=year,
        before=before,
        people=people_figures(year),
        money=money_figures(year, before),
        welfare=welfare_figures(year.first, year.last),
        welfare_before=welfare_figures(before.first, before.last) if before else None,
        supporters=supporters(year.first, year.last),
    )
