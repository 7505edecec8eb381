"""Which days a paper is about: a day, a fiscal year, a quarter of one, or a calendar year.

The state's fiscal year runs from 1 October to 30 September, and so do its quarters: the first is October to December.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

from bansong_fund.lib.papers import Words
from bansong_fund.lib.thai_dates import be_year, year_bounds
from contributions.queries import fiscal_year
from ledger.models import AccountingMonth
from ledger.opening_queries import the_opening
from ledger.spans import FISCAL_STARTS, month_end
from members.models import Fund
from reports.words import SpokenDay, in_both

DAY, FISCAL, QUARTER, CALENDAR = "day", "fiscal", "quarter", "calendar"
NAMED = re.compile(r"(fiscal|calendar)-(2[0-9]{3})|quarter-(2[0-9]{3})-([1-4])")


@dataclass(frozen=True, slots=True)
class Period:
    """From `first` to `last`; `reaches` is today where it still runs. `year_be` is the year whose answers hold.

    `value` names it in an address.
    """

    value: str
    words: Words
    first: date
    last: date
    reaches: date
    year_be: int

    @property
    def has_run_out(self) -> bool:
        return self.reaches == self.last

    @property
    def is_provisional(self) -> bool:
        """Whether it still runs, or a month up to its end is not closed: figures since the founding hold them all."""
        months = AccountingMonth.objects.filter(first_day__lte=self.last)
        return not self.has_run_out or months.filter(closed_at=None).exists()


def day_period(day: date) -> Period:
    """As at a day: with the twelve months up to it, and the answers of its fiscal year."""
    words = in_both(_("As at %(day)s"), day=SpokenDay(day))
    return Period(day.isoformat(), words, _year_before(day), day, day, fiscal_year(day))


def _year_before(day: date) -> date:
    """The first of the twelve months that end with `day`."""
    if day == month_end(day):
        return date(day.year - 1 + day.month // 12, day.month % 12 + 1, 1)
    return day.replace(year=day.year - 1) + timedelta(days=1)


def earliest_day(fund: Fund) -> date:
    """The founding, or the last day of the old books: before it the program knows a fund by nothing but sums."""
    return max(fund.founded_on, cutover_day() or fund.founded_on)


def cutover_day() -> date | None:
    """The last day of the old books, where the fund was opened with what it brought along."""
    opening = the_opening()
    return opening.cutover_on if opening and opening.is_locked else None


def fiscal_period(year_be: int, today: date) -> Period:
    return _of_days(f"fiscal-{year_be}", year_bounds(year_be, FISCAL_STARTS), today, year_be)


def calendar_period(year_be: int, today: date) -> Period:
    return _of_days(f"calendar-{year_be}", year_bounds(year_be, 1), today, year_be)


def quarter_period(year_be: int, quarter: int, today: date) -> Period:
    """A quarter of a fiscal year, from 1 (October to December) to 4."""
    start = year_bounds(year_be, FISCAL_STARTS)[0]
    month = (start.month + 3 * (quarter - 1) - 1) % 12 + 1
    first = date(start.year + (quarter > 1), month, 1)
    return _of_days(f"quarter-{year_be}-{quarter}", (first, month_end(first.replace(month=month + 2))), today, year_be)


def _of_days(value: str, days: tuple[date, date], today: date, year_be: int) -> Period:
    first, last = days
    return Period(value, _name(value), first, last, max(first, min(last, today)), year_be)


def _name(value: str) -> Words:
    kind, year, *quarter = value.split("-")
    if quarter:
        return in_both(_("Quarter %(quarter)s of fiscal year %(year)s"), quarter=quarter[0], year=year)
    if kind == FISCAL:
        return in_both(_("Fiscal year %(year)s (1 October to 30 September)"), year=year)
    return in_both(_("Calendar year %(year)s"), year=year)


def periods(kinds: tuple[str, ...], fund: Fund, today: date) -> list[Period]:
    """What can be chosen, the newest first: all that has begun and reaches beyond the old books."""
    found: list[Period] = []
    for kind in kinds:
        found += _all(kind, fund, today)
    cutover = cutover_day()
    reaching = [one for one in found if cutover is None or one.last > cutover]
    return reaching or found[:1]  # the last day of the old books may be the last of the year, and today


def _all(kind: str, fund: Fund, today: date) -> Iterator[Period]:
    if kind == CALENDAR:
        for year in range(be_year(today), be_year(fund.founded_on) - 1, -1):
            yield calendar_period(year, today)
        return
    for year in range(fiscal_year(today), fiscal_year(fund.founded_on) - 1, -1):
        quarters = [quarter_period(year, number, today) for number in (4, 3, 2, 1)]
        wanted = quarters if kind == QUARTER else [fiscal_period(year, today)]
        yield from (one for one in wanted if one.first <= today and one.last >= fund.founded_on)


def period_named(value: str, offered: list[Period]) -> Period | None:
    """The one of those offered that an address names; None for what names none."""
    if not NAMED.fullmatch(value):
        return None
    return next((one for one in offered if one.value == value), None)
