"""Spans of time as the fund's regulation counts them: tenure, age, anniversaries and limit years.

All days are Gregorian `date`s. The day of joining (or of birth) is day 0. A span in years ends on
the anniversary; what began on 29 February completes a year on 1 March of a common year.
"""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Literal, NamedTuple

YearKind = Literal["fund", "calendar", "membership"]
YEAR_KINDS: tuple[YearKind, ...] = ("fund", "calendar", "membership")

ONE_DAY = timedelta(days=1)


class LimitYear(NamedTuple):
    """A year that yearly limits count in: its first and its last day, both inside."""

    first: date
    last: date

    def holds(self, day: date) -> bool:
        """Whether the day falls in this year."""
        return self.first <= day <= self.last


class Stretch(NamedTuple):
    """Consecutive nights that lie in one limit year of every kind: the first, and how many."""

    first_night: date
    nights: int


def anniversary(start: date, years: int) -> date:
    """The day on which `years` years since `start` are complete (1 March for a lost 29 February)."""
    try:
        return start.replace(year=start.year + years)
    except ValueError:
        return date(start.year + years, 3, 1)


def completed_years(start: date, day: date) -> int:
    """Whole years between two days by anniversaries, never by the difference of year numbers.

    Below zero where `day` lies before `start`.
    """
    years = day.year - start.year
    return years - 1 if anniversary(start, years) > day else years


def days_since_anniversary(start: date, day: date) -> int:
    """Days from the last anniversary of `start` to `day`: 0 on the anniversary itself."""
    return (day - anniversary(start, completed_years(start, day))).days


def reached_on(start: date, *, days: int | None = None, years: int | None = None) -> date:
    """The first day on which a span of so many days, or of so many years, since `start` is served."""
    if years is not None:
        return anniversary(start, years)
    return start + timedelta(days=days or 0)


def holding_step(starts: Iterable[date], day: date) -> int | None:
    """Which of the half-open steps that begin on `starts` (rising) holds on `day`; None below the first."""
    holding = None
    for index, start in enumerate(starts):
        if start > day:
            break
        holding = index
    return holding


def limit_year(
    day: date, kind: YearKind, *, fund_year_start_month: int = 1, joined_on: date | None = None
) -> LimitYear:
    """The year of this kind in which `day` falls.

    `fund_year_start_month` is 1 to 12. A membership year runs from an anniversary of `joined_on`;
    where nobody joined, the calendar year stands in.
    """
    if kind == "membership" and joined_on is not None:
        served = completed_years(joined_on, day)
        first, following = anniversary(joined_on, served), anniversary(joined_on, served + 1)
        return LimitYear(first, following - ONE_DAY)
    month = fund_year_start_month if kind == "fund" else 1
    year = day.year if day.month >= month else day.year - 1
    return LimitYear(date(year, month, 1), date(year + 1, month, 1) - ONE_DAY)


def count_nights(admission: date, discharge: date) -> int:
    """Nights of a stay: discharge less admission; below zero where the two are reversed."""
    return (discharge - admission).days


def split_nights(
    admission: date, discharge: date, *, fund_year_start_month: int = 1, joined_on: date | None = None
) -> Iterator[Stretch]:
    """Cut a stay at the end of every limit year of any kind; each night belongs to the day it begins on.

    28 December to 3 January is six nights: four in the old calendar year and two in the new.
    """
    night = admission
    while night < discharge:
        years = (
            limit_year(night, kind, fund_year_start_month=fund_year_start_month, joined_on=joined_on)
            for kind in YEAR_KINDS
        )
        following = min(discharge, min(year.last for year in years) + ONE_DAY)
        yield Stretch(night, count_nights(night, following))
        night = following
