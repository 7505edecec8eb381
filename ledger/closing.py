"""Closing a fund year: income and costs go to the accumulated fund, and the year takes no more postings."""

import uuid
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import F, Sum
from django.utils.translation import gettext as _

from bansong_fund.lib.errors import DomainError
from ledger.accounts import account
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
from office.models import User


class YearClosed(DomainError):
    """The year is closed already, or an earlier one is still open."""


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
        LedgerSum.objects.filter(
            month__range=(year.starts_on, year.ends_on),
            account__type__in=(AccountType.INCOME, AccountType.COST),
            is_closing=False,
        )
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


def closing_line(result: Account, balance: Decimal, fund_account: Account, fund: RestrictedFund) -> LineDraft:
    if balance > 0:
        return LineDraft(debit=fund_account, credit=result, amount=balance, restricted_fund=fund)
    return LineDraft(debit=result, credit=fund_account, amount=-balance, restricted_fund=fund)
