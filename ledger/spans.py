"""Which days a report is about: a fund year, a calendar year, a fiscal year, a month, or any first and last day.

One chooser for every page of the books: `SpanChooser` reads it from an address, and `Span.query` writes it into the
next one. A fiscal year (ปีงบประมาณ) of the state runs from 1 October to 30 September.
"""

import calendar
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from bansong_fund.lib.snapshots import asked_once
from bansong_fund.lib.thai_dates import be_year, format_date, format_month, format_range, year_bounds
from ledger.forms import FreeDaysForm
from ledger.models import FiscalYear
from ledger.periods import fund_year_bounds
from members.models import Fund

FUND, CALENDAR, FISCAL, MONTH, FREE = "fund", "calendar", "fiscal", "month", "free"
FISCAL_STARTS = 10
MONTHS_OFFERED = 24
NAMED_YEAR = re.compile(r"(fund|calendar|fiscal)-(2[0-9]{3})")
NAMED_MONTH = re.compile(r"month-([12][0-9]{3})-(0[1-9]|1[0-2])")


@dataclass(frozen=True, slots=True)
class Span:
    """From `first` to `last`, both within. `reaches` is today where the span still runs: nothing is booked later.

    A span that runs to today or beyond ends with its month's last day, so that figures come from whole months.
    """

    kind: str
    first: date
    last: date
    reaches: date
    year_be: int = 0

    @property
    def value(self) -> str:
        """What names it in an address: fund-2563, month-2020-10; nothing for free days."""
        if self.kind == MONTH:
            return f"month-{self.first:%Y-%m}"
        return "" if self.kind == FREE else f"{self.kind}-{self.year_be}"

    @property
    def query(self) -> str:
        """What an address carries to ask for it again."""
        if self.kind == FREE:
            return urlencode({"first": self.first.isoformat(), "last": self.reaches.isoformat()})
        return urlencode({"span": self.value})

    @property
    def has_run_out(self) -> bool:
        return self.reaches == self.last

    def name(self, language: str | None = None) -> str:
        """ "Fund year 2563", "October 2563" or the days, in the language given or the active one."""
        if self.kind == MONTH:
            return format_month(self.first, language=language)
        if self.kind == FREE:
            return format_range(self.first, self.reaches, language=language)
        return str(_kind_words(self.kind) % {"year": self.year_be})

    def __str__(self) -> str:
        return self.name()

    @property
    def days(self) -> str:
        """Its days in words, as far as it has run."""
        return format_range(self.first, self.reaches)


def _kind_words(kind: str) -> str:
    words = {
        FUND: _("Fund year %(year)s"),
        CALENDAR: _("Calendar year %(year)s"),
        FISCAL: _("Fiscal year %(year)s (1 October to 30 September)"),
    }
    return words[kind]


def month_end(day: date) -> date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def span_of(kind: str, first: date, last: date, *, today: date, year_be: int = 0) -> Span:
    """A span of these days. One that reaches today counts its last month whole, since nothing is dated after today."""
    reaches = max(first, min(last, today))
    if kind == FREE and last >= today:
        last = month_end(reaches)
    return Span(kind, first, last, reaches, year_be)


def fund_year_span(year_be: int, fund: Fund, *, today: date) -> Span:
    """A fund year as it stands in the books, which may be short or long where its first month was changed."""
    found = FiscalYear.objects.filter(year_be=year_be).first()
    first, last = (found.starts_on, found.ends_on) if found else year_bounds(year_be, fund.fund_year_start_month)
    return span_of(FUND, first, last, today=today, year_be=year_be)


@asked_once
def fund_year_of(day: date, fund: Fund, *, today: date) -> Span:
    """The fund year that holds a day."""
    found = FiscalYear.objects.filter(starts_on__lte=day, ends_on__gte=day).first()
    if found:
        return span_of(FUND, found.starts_on, found.ends_on, today=today, year_be=found.year_be)
    first, last = fund_year_bounds(day, fund.fund_year_start_month)
    return span_of(FUND, first, last, today=today, year_be=be_year(last))


def month_span(day: date, *, today: date) -> Span:
    """The calendar month that holds a day."""
    return span_of(MONTH, day.replace(day=1), month_end(day), today=today, year_be=be_year(day))


def year_earlier(span: Span) -> tuple[date, date]:
    """The same days a year before. A span of whole months stays one, so that both years compare like with like.

    Days of one's own choice end where they reach, though the books are asked for the whole month of today.
    """
    reaches = span.reaches if span.kind == FREE else span.last
    first, last = _year_back(span.first), _year_back(reaches)
    return first, month_end(last) if reaches == month_end(reaches) else last


def _year_back(day: date) -> date:
    return day.replace(year=day.year - 1, day=28) if (day.month, day.day) == (2, 29) else day.replace(year=day.year - 1)


class SpanChooser:
    """The chooser over a report: what is asked for by the address, what else can be chosen, what was wrong.

    Nothing asked, or nothing sensible: the fund year of today, or the `default` given.
    """

    def __init__(self, asked: Mapping[str, Any], fund: Fund, today: date, *, default: Span | None = None) -> None:
        self.fund, self.today = fund, today
        self.has_days = any(name.partition("_")[0] in ("first", "last") and asked[name] for name in asked)
        self.form = FreeDaysForm(asked if self.has_days else None, today=today)
        self.span = self._asked(asked) or default or fund_year_of(today, fund, today=today)
        if not self.has_days:
            days = {"first": self.span.first, "last": self.span.reaches}
            self.form = FreeDaysForm(today=today, initial=days)

    def _asked(self, asked: Mapping[str, Any]) -> Span | None:
        if self.has_days:
            if not self.form.is_valid():
                return None
            days = self.form.cleaned_data
            return span_of(FREE, days["first"], days["last"], today=self.today)
        return named_span(str(asked.get("span", "")), self.fund, today=self.today)

    def groups(self) -> Iterator[tuple[str, list[tuple[str, str]]]]:
        """What can be chosen by name, in groups of (value, words); years since the founding, the newest first."""
        yield _("Fund years"), [(span.value, str(span)) for span in self._fund_years()]
        if self.fund.fund_year_start_month != 1:
            yield _("Calendar years"), list(self._years(CALENDAR, 1))
        if self.fund.fund_year_start_month != FISCAL_STARTS:
            yield _("Fiscal years"), list(self._years(FISCAL, FISCAL_STARTS))
        yield _("Months"), list(self._months())

    def _fund_years(self) -> Iterator[Span]:
        kept = {year.year_be: year for year in FiscalYear.objects.filter(starts_on__lte=self.today)}
        newest = be_year(fund_year_bounds(self.today, self.fund.fund_year_start_month)[1])
        oldest = be_year(fund_year_bounds(self.fund.founded_on, self.fund.fund_year_start_month)[1])
        for year in sorted({*kept, *range(oldest, newest + 1)}, reverse=True):
            bounds = (
                (kept[year].starts_on, kept[year].ends_on)
                if year in kept
                else year_bounds(year, self.fund.fund_year_start_month)
            )
            yield span_of(FUND, *bounds, today=self.today, year_be=year)

    def _years(self, kind: str, start_month: int) -> Iterator[tuple[str, str]]:
        newest = be_year(fund_year_bounds(self.today, start_month)[1])
        oldest = be_year(fund_year_bounds(self.fund.founded_on, start_month)[1])
        for year in range(newest, oldest - 1, -1):
            yield f"{kind}-{year}", str(_kind_words(kind) % {"year": year})

    def _months(self) -> Iterator[tuple[str, str]]:
        """The last two years' months, and the one on the page where it is older."""
        day, oldest = self.today.replace(day=1), self.fund.founded_on.replace(day=1)
        months: list[date] = []
        while day >= oldest and len(months) < MONTHS_OFFERED:
            months.append(day)
            day = (day - timedelta(days=1)).replace(day=1)
        if self.span.kind == MONTH and self.span.first not in months:
            months.append(self.span.first)
        for first in months:
            yield f"month-{first:%Y-%m}", format_month(first)


def named_span(value: str, fund: Fund, *, today: date) -> Span | None:
    """The span that an address names; None for what names none."""
    if found := NAMED_MONTH.fullmatch(value):
        return month_span(date(int(found[1]), int(found[2]), 1), today=today)
    found = NAMED_YEAR.fullmatch(value)
    if found is None:
        return None
    kind, year_be = found[1], int(found[2])
    if kind == FUND:
        return fund_year_span(year_be, fund, today=today)
    bounds = year_bounds(year_be, 1 if kind == CALENDAR else FISCAL_STARTS)
    return span_of(kind, *bounds, today=today, year_be=year_be)


def spoken(span: Span) -> str:
    """What stands under a report's title: "for the year ended …", or from when to when."""
    if span.kind in (FUND, CALENDAR, FISCAL) and span.has_run_out:
        return _("For the year ended %(day)s") % {"day": format_date(span.last)}
    return _("From %(first)s to %(last)s") % {"first": format_date(span.first), "last": format_date(span.reaches)}
