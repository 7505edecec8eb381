"""The years that a report can be made of, and how far each one reaches."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from bansong_fund.lib.errors import DomainError
from ledger.models import Entry, FiscalYear


class NoSuchYear(DomainError):
    """The books hold nothing of the year that was asked for."""


@dataclass(frozen=True, slots=True)
class ReportYear:
    """A fund year as a report takes it: from its first day to `last`.

    `last` is the year's end, or today where the year still runs. `is_provisional` until the year is closed.
    """

    year_be: int
    first: date
    last: date
    ends_on: date
    is_provisional: bool
    has_run_out: bool

    @property
    def eve(self) -> date:
        """The last day of the year before."""
        return self.first - timedelta(days=1)


def report_year(year_be: int, *, today: date) -> ReportYear:
    """The year, up to `today` where it still runs. Raises `NoSuchYear`, which names the years there are."""
    years = {year.year_be: year for year in report_years(today)}
    if year_be not in years:
        raise NoSuchYear(_no_such_year(year_be, list(years)), field="year")
    return years[year_be]


def year_before(year: ReportYear) -> ReportYear | None:
    """The year before, whole; None where the fund was not there yet."""
    found = FiscalYear.objects.filter(ends_on=year.eve).first()
    return _as_report(found, year.first) if found else None


def years_up_to(year: ReportYear, most: int) -> list[ReportYear]:
    """The year and those before it as far as the books go, `most` in all, the oldest first."""
    earlier = FiscalYear.objects.filter(ends_on__lt=year.first).order_by("-year_be")[: most - 1]
    return [*(_as_report(span, year.first) for span in reversed(earlier)), year]


def report_years(today: date) -> list[ReportYear]:
    """The years that have begun and hold entries, the newest first."""
    entries = Entry.objects.filter(date__range=(OuterRef("starts_on"), OuterRef("ends_on")))
    spans = FiscalYear.objects.filter(Exists(entries), starts_on__lte=today).order_by("-year_be")
    return [_as_report(span, today) for span in spans]


def _as_report(found: FiscalYear, today: date) -> ReportYear:
    return ReportYear(
        year_be=found.year_be,
        first=found.starts_on,
        last=min(found.ends_on, today) if found.starts_on <= today else found.ends_on,
        ends_on=found.ends_on,
        is_provisional=found.closed_at is None,
        has_run_out=found.ends_on <= today,
    )


def _no_such_year(year_be: int, known: list[int]) -> str:
    if not known:
        return _("The books are still empty: there is no year to report on yet.")
    message = _("The books hold nothing of the year %(year)s. There are reports of the years %(first)s to %(last)s.")
    return message % {"year": year_be, "first": known[-1], "last": known[0]}
