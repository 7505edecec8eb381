"""Fund years and months: opening them, and holding them while money is posted."""

import calendar
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.thai_dates import be_year, format_date
from ledger.models import AccountingMonth, FiscalYear
from members.models import Fund


class PeriodClosed(DomainError):
    """The month or year of a posting is closed."""


class BeforeTheFund(DomainError):
    """The date of a posting lies before the fund was founded."""


def fund_year_bounds(day: date, start_month: int) -> tuple[date, date]:
    """First and last day of the fund year that holds `day`."""
    start_year = day.year if day.month >= start_month else day.year - 1
    first = date(start_year, start_month, 1)
    last_month = 12 if start_month == 1 else start_month - 1
    last_year = start_year if start_month == 1 else start_year + 1
    return first, date(last_year, last_month, calendar.monthrange(last_year, last_month)[1])


def open_year(day: date, fund: Fund) -> FiscalYear:
    """The fund year that holds `day`, with its months, made if it is not there yet.

    A fund year is named after the Buddhist year in which it ends. Its months are rows of calendar months. A year made
    later keeps within its neighbours: years of another length stay as they are.
    """
    found = FiscalYear.objects.filter(starts_on__lte=day, ends_on__gte=day).first()
    first, last = (found.starts_on, found.ends_on) if found else _free_bounds(day, fund.fund_year_start_month)
    with transaction.atomic():
        year, _made = FiscalYear.objects.get_or_create(
            year_be=be_year(last), defaults={"starts_on": first, "ends_on": last}
        )
        _make_months(year)
    return year


def _free_bounds(day: date, start_month: int) -> tuple[date, date]:
    first, last = fund_year_bounds(day, start_month)
    before = FiscalYear.objects.filter(ends_on__range=(first, day)).order_by("-ends_on").first()
    behind = FiscalYear.objects.filter(starts_on__range=(day, last)).order_by("starts_on").first()
    return (
        before.ends_on + timedelta(days=1) if before else first,
        behind.starts_on - timedelta(days=1) if behind else last,
    )


def _make_months(year: FiscalYear) -> None:
    days, day = [], year.starts_on
    while day <= year.ends_on:
        days.append(day)
        day = date(day.year + day.month // 12, day.month % 12 + 1, 1)
    months = [AccountingMonth(first_day=day, fiscal_year=year) for day in days]
    AccountingMonth.objects.bulk_create(months, ignore_conflicts=True)


def year_spans(first: date, last: date, start_month: int, taken: Iterable[int] = ()) -> Iterator[tuple[date, date]]:
    """Fund years from `first` until `last` is within, when years begin in `start_month`: (first day, last day) of each.

    The first is short where `first` lies inside such a year. Where the short one would bear the number of a year that
    is `taken` (two years cannot end in one Buddhist year), it is joined to the one behind it: a long year.
    """
    numbers = set(taken)
    day = first
    while day <= last:
        end = fund_year_bounds(day, start_month)[1]
        if be_year(end) in numbers:
            end = fund_year_bounds(end + timedelta(days=1), start_month)[1]
        numbers.add(be_year(end))
        yield day, end
        day = end + timedelta(days=1)


@transaction.atomic
def lay_years_anew(start_month: int) -> list[FiscalYear]:
    """Let the fund years begin in another month: closed years stay, the open ones are laid anew behind them.

    No entry changes and no sum: only which year an open month belongs to.
    """
    # postings hold their year's row FOR SHARE, so this waits for those under way
    years = list(FiscalYear.objects.select_for_update().order_by("starts_on"))
    still_open = [year for year in years if year.closed_at is None]
    if not still_open:
        return []
    closed = [year for year in years if year.closed_at is not None]
    first = max([year.ends_on + timedelta(days=1) for year in closed], default=still_open[0].starts_on)
    spans = list(year_spans(first, still_open[-1].ends_on, start_month, [year.year_be for year in closed]))
    with connection.cursor() as cursor:  # the months point at their year again before the transaction ends
        cursor.execute("DELETE FROM ledger_fiscalyear WHERE closed_at IS NULL")
    laid = FiscalYear.objects.bulk_create(
        [FiscalYear(year_be=be_year(end), starts_on=start, ends_on=end) for start, end in spans]
    )
    for year in laid:
        AccountingMonth.objects.filter(first_day__range=(year.starts_on, year.ends_on)).update(fiscal_year=year)
        _make_months(year)
    return laid


def hold_open_month(day: date, *, is_closing: bool = False) -> None:
    """Lock the month and year of `day` FOR SHARE, so that nobody closes them before this transaction ends.

    `is_closing`: the closing entry of the year, for which only the year has to be open.

    Raises `PeriodClosed` or `BeforeTheFund`. Comes after the lock of a claim or sheet and before that
    of a document sequence (docs/architecture.md, "Verbs and locks").
    """
    row = _read_for_share(day)
    if row is None:
        fund = Fund.objects.get()
        if day < fund.founded_on:
            raise BeforeTheFund(
                _("%(day)s is before the fund was founded (%(founded)s). Correct the date.")
                % {"day": format_date(day), "founded": format_date(fund.founded_on)},
                field="date",
            )
        _refuse_behind_the_opening(day)
        open_year(day, fund)
        row = _read_for_share(day)
    if row is None or (row[1] if is_closing else any(row)):
        raise PeriodClosed(
            _(
                "The accounts of %(day)s are closed. Date the entry in an open month;"
                " a mistake in a closed month is answered by a reversal today."
            )
            % {"day": format_date(day)},
            field="date",
        )


def _refuse_behind_the_opening(day: date) -> None:
    """A year that is not there yet is not made behind the cut-over of a fund that brought its old books along."""
    with connection.cursor() as cursor:  # waits for a locking that is under way
        cursor.execute("SELECT locked_at, cutover_on FROM ledger_opening FOR SHARE")
        row = cursor.fetchone()
    if row is not None and row[0] is not None and day <= row[1]:
        message = _("%(day)s lies in the old books, which end on %(cutover)s. Date the entry after that day.")
        raise BeforeTheFund(message % {"day": format_date(day), "cutover": format_date(row[1])}, field="date")


def _read_for_share(day: date) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT m.closed_at, y.closed_at FROM ledger_accountingmonth m"
            " JOIN ledger_fiscalyear y ON y.year_be = m.fiscal_year_id WHERE m.first_day = %s FOR SHARE",
            [day.replace(day=1)],
        )
        return cursor.fetchone()
