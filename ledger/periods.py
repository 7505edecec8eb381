"""Fund years and months: opening them, and holding them while money is posted."""

import calendar
from datetime import date
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
    """The fund year that holds `day`, with its twelve months, made if it is not there yet.

    A fund year is named after the Buddhist year in which it ends. Its months are rows of calendar months.
    """
    first, last = fund_year_bounds(day, fund.fund_year_start_month)
    with transaction.atomic():
        year, _made = FiscalYear.objects.get_or_create(
            year_be=be_year(last), defaults={"starts_on": first, "ends_on": last}
        )
        months = [
            AccountingMonth(
                first_day=date(first.year + (first.month - 1 + n) // 12, (first.month - 1 + n) % 12 + 1, 1),
                fiscal_year=year,
            )
            for n in range(12)
        ]
        AccountingMonth.objects.bulk_create(months, ignore_conflicts=True)
    return year


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


def _read_for_share(day: date) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT m.closed_at, y.closed_at FROM ledger_accountingmonth m"
            " JOIN ledger_fiscalyear y ON y.year_be = m.fiscal_year_id WHERE m.first_day = %s FOR SHARE",
            [day.replace(day=1)],
        )
        return cursor.fetchone()
