"""Closing a month with its checklist, and a fund year by a resolution. Neither is ever opened again.

With the closing of a year its income and costs go to the accumulated fund, restricted fund by restricted fund.
"""

import calendar
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import F, QuerySet, Sum
from django.utils.translation import gettext as _

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.money import ZERO
from bansong_fund.lib.thai_dates import format_date, format_month
from ledger.accounts import account
from ledger.checklists import FINGERPRINT, OK, Check, checklist
from ledger.models import (
    Account,
    AccountingMonth,
    AccountRole,
    AccountType,
    Entry,
    EntryKind,
    FiscalYear,
    LedgerHead,
    LedgerSum,
    RestrictedFund,
)
from ledger.posting import EntryDraft, LineDraft, post
from members.models import Fund
from office.models import User


class YearClosed(DomainError):
    """The year is closed already, or an earlier one is still open."""


class MonthClosed(DomainError):
    """The month is closed already, still runs, or an earlier one is open."""


class NotExplained(DomainError):
    """Something of the checklist is not in order, and no word says why."""


class ResolutionNeeded(DomainError):
    """The accounts of a year are adopted by a resolution."""


# --- months -----------------------------------------------------------------------------------------------


def last_day(month: AccountingMonth) -> date:
    first = month.first_day
    return first.replace(day=calendar.monthrange(first.year, first.month)[1])


@transaction.atomic(durable=True)
def close_month(
    month: AccountingMonth,
    *,
    counted: Decimal | None,
    notes: Mapping[str, str],
    by: User,
    today: date,
    now: datetime,
) -> AccountingMonth:
    """Close a month: what was found is kept with it, with the number and hash of the last entry by then.

    `counted` is the cash in the box, `notes` explain by code what is not in order. By the same person twice it is
    closed once. Raises `MonthClosed`, `NotExplained`.
    """
    # waits for postings that are under way, which hold the row FOR SHARE
    month = AccountingMonth.objects.select_for_update().get(pk=month.pk)
    if month.closed_at is not None and month.closed_by_id == by.pk:
        return month
    _refuse_month(month, today)
    checks = checklist(month.first_day, last_day(month), counted)
    _refuse_unexplained(checks, notes)
    head = LedgerHead.objects.get()
    sealed = {"check": FINGERPRINT, "state": OK, "note": f"{head.number}:{head.chain_hash}"}
    month.closing_checklist = [*(check.kept(notes.get(check.code, "").strip()) for check in checks), sealed]
    month.closed_at, month.closed_by = now, by
    month.save(update_fields=["closing_checklist", "closed_at", "closed_by"])
    return month


def _refuse_month(month: AccountingMonth, today: date) -> None:
    name = format_month(month.first_day)
    if month.closed_at is not None:
        raise MonthClosed(_("%(month)s is closed already; nothing was changed.") % {"month": name})
    if last_day(month) >= today:
        message = _("%(month)s still runs. It can be closed from the day after %(day)s.")
        raise MonthClosed(message % {"month": name, "day": format_date(last_day(month))})
    earlier = open_months().filter(first_day__lt=month.first_day).order_by("first_day").first()
    if earlier is not None:
        message = _("%(earlier)s is still open. Close the months in their order.")
        raise MonthClosed(message % {"earlier": format_month(earlier.first_day)})


def _refuse_unexplained(checks: Iterable[Check], notes: Mapping[str, str]) -> None:
    missing = [check for check in checks if not check.is_done and not notes.get(check.code, "").strip()]
    if missing:
        message = _("Not in order yet: %(checks)s. Put it in order, or write beside it why the month is closed so.")
        names = "; ".join(check.words for check in missing)
        raise NotExplained(message % {"checks": names}, field=f"note_{missing[0].code.replace('-', '_')}")


def open_months() -> QuerySet[AccountingMonth]:
    """The months that are not closed, from that of the founding on."""
    founded = Fund.objects.values_list("founded_on", flat=True).get()
    return AccountingMonth.objects.filter(
        closed_at=None, fiscal_year__closed_at=None, first_day__gte=founded.replace(day=1)
    )


# --- years ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Carried:
    """What the closing of a year brings to the accumulated fund, of one restricted fund."""

    fund: RestrictedFund
    income: Decimal
    costs: Decimal

    @property
    def result(self) -> Decimal:
        return self.income - self.costs


def what_is_carried(year: FiscalYear) -> list[Carried]:
    """Income, costs and result of a year for each restricted fund that moved, the general one first."""
    rows = (
        _results(year).values_list("restricted_fund", "account__type").annotate(balance=Sum(F("debit") - F("credit")))
    )
    sums = {(fund, kind): balance for fund, kind, balance in rows.order_by()}
    keys = {fund for fund, _kind in sums}
    return [
        Carried(fund, -sums.get((fund.pk, AccountType.INCOME), ZERO), sums.get((fund.pk, AccountType.COST), ZERO))
        for fund in RestrictedFund.objects.filter(pk__in=keys).order_by("id")
    ]


def adopt_year(
    year: FiscalYear, *, resolution_label: str, by: User, today: date, now: datetime, request_id: uuid.UUID
) -> FiscalYear:
    """Close a fund year by the resolution that adopted its accounts, once all its months are closed.

    The same `request_id` closes once. Raises `YearClosed`, `MonthClosed`, `ResolutionNeeded`.
    """
    with transaction.atomic(durable=True):
        year = FiscalYear.objects.select_for_update().get(pk=year.pk)
        if year.closed_at is not None and year.closed_by_id == by.pk and year.resolution_label == resolution_label:
            return year
        _refuse_year(year, resolution_label, today)
        carried = [
            {"check": f"carried-{row.fund.code}", "state": OK, "note": str(row.result)} for row in what_is_carried(year)
        ]
        if closing_lines(year):
            close_year(year, by=by, now=now, request_id=request_id)
        year = FiscalYear.objects.select_related("closing_entry").get(pk=year.pk)
        head = LedgerHead.objects.get()
        sealed = {"check": FINGERPRINT, "state": OK, "note": f"{head.number}:{head.chain_hash}"}
        year.closed_at, year.closed_by = now, by
        year.closing_checklist, year.resolution_label = [*carried, sealed], resolution_label.strip()
        year.save(update_fields=["closed_at", "closed_by", "closing_checklist", "resolution_label"])
        return year


def _refuse_year(year: FiscalYear, resolution_label: str, today: date) -> None:
    if year.closed_at is not None:
        raise YearClosed(_("The year %(year)s is closed already.") % {"year": year.year_be})
    if year.ends_on >= today:
        message = _("The year %(year)s still runs. It can be closed from the day after %(day)s.")
        raise YearClosed(message % {"year": year.year_be, "day": format_date(year.ends_on)})
    if FiscalYear.objects.filter(year_be__lt=year.year_be, closed_at=None).exists():
        raise YearClosed(_("An earlier year is still open. Close the years in their order."))
    still_open = open_months().filter(fiscal_year=year).order_by("first_day").first()
    if still_open is not None:
        message = _("%(month)s is still open. Close the year's months first.")
        raise MonthClosed(message % {"month": format_month(still_open.first_day)})
    if not resolution_label.strip():
        message = _("Write the resolution that adopted the accounts, its meeting and number, for example 1/2564 (3).")
        raise ResolutionNeeded(message, field="resolution")


@transaction.atomic
def close_year(year: FiscalYear, *, by: User | None, now: datetime, request_id: uuid.UUID | None = None) -> Entry:
    """Close a fund year: one closing entry per year on its last day, restricted fund by restricted fund.

    Raises `YearClosed`. A year without income and costs is refused too: there is nothing to close.
    """
    year = FiscalYear.objects.select_for_update().get(pk=year.pk)
    if year.closed_at is not None:
        raise YearClosed(_("The year %(year)s is closed already.") % {"year": year.year_be})
    if FiscalYear.objects.filter(year_be__lt=year.year_be, closed_at=None).exists():
        raise YearClosed(_("An earlier year is still open. Close the years in their order."))
    lines = closing_lines(year)
    if not lines:
        raise YearClosed(
            _("The year %(year)s has no income and no costs; there is nothing to close.") % {"year": year.year_be}
        )
    entry = post(
        EntryDraft(
            date=year.ends_on,
            kind=EntryKind.CLOSING,
            lines=lines,
            posted_by=by,
            document_kind="closing",
            document_number=str(year.year_be),
            request_id=request_id or uuid.uuid4(),
        ),
        posted_at=now,
    )
    AccountingMonth.objects.filter(fiscal_year=year, closed_at=None).update(closed_at=now, closed_by=by)
    year.closed_at, year.closed_by, year.closing_entry = now, by, entry
    year.save(update_fields=["closed_at", "closed_by", "closing_entry"])
    return entry


def closing_lines(year: FiscalYear) -> list[LineDraft]:
    """Each income and cost account's result of the year against the accumulated fund, per restricted fund."""
    LedgerHead.objects.select_for_update().get()  # no posting slips in between the sums and the entry
    rows = (
        _results(year)
        .values("account", "restricted_fund")
        .annotate(balance=Sum(F("debit") - F("credit")))
        .order_by("restricted_fund__code", "account__code")
    )
    accounts = Account.objects.in_bulk()
    funds = RestrictedFund.objects.in_bulk()
    fund_account = account(AccountRole.ACCUMULATED_FUND)
    return [
        closing_line(accounts[row["account"]], row["balance"], fund_account, funds[row["restricted_fund"]])
        for row in rows
        if row["balance"]
    ]


def _results(year: FiscalYear) -> QuerySet[LedgerSum]:
    """The kept sums of a year's income and costs."""
    return LedgerSum.objects.filter(
        month__range=(year.starts_on, year.ends_on),
        account__type__in=(AccountType.INCOME, AccountType.COST),
        is_closing=False,
    )


def closing_line(result: Account, balance: Decimal, fund_account: Account, fund: RestrictedFund) -> LineDraft:
    if balance > 0:
        return LineDraft(debit=fund_account, credit=result, amount=balance, restricted_fund=fund)
    return LineDraft(debit=result, credit=fund_account, amount=-balance, restricted_fund=fund)
