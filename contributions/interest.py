"""Interest that a bank credited: gross, tax withheld, net."""

import uuid
from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.money import format_baht
from contributions.models import InterestCredit
from contributions.verbs import Income, money_verb, receipt_of, refuse_future, refuse_no_amount, take_income
from ledger.accounts import account
from ledger.documents import PaperLine
from ledger.models import Account, AccountRole, EntryKind, Receipt, ReceiptKind
from ledger.posting import LineDraft
from office.models import User


class TaxTooHigh(DomainError):
    """The tax withheld is not a part of the interest."""


@money_verb(receipt_of)
def record_interest(
    *,
    bank_account: Account,
    gross: Decimal,
    tax: Decimal,
    credited_on: date,
    by: User,
    today: date,
    now: datetime,
    request_id: uuid.UUID,
) -> Receipt:
    """Interest of a passbook: the net goes to the bank account, the tax to what the bank withheld.

    Raises `TaxTooHigh`, `FutureDate`, `AmountNeeded`, `PeriodClosed`.
    """
    refuse_future(credited_on, today)
    refuse_no_amount(gross, "gross")
    if not 0 <= tax < gross:
        message = _("The tax withheld, %(tax)s baht, must be less than the interest, %(gross)s baht.")
        raise TaxTooHigh(message % {"tax": format_baht(tax), "gross": format_baht(gross)}, field="tax")
    income = Income(
        date=credited_on,
        kind=ReceiptKind.INTEREST,
        entry_kind=EntryKind.INTEREST,
        party_name=f"{bank_account.bank_th} {bank_account.branch_th}".strip(),
        account=bank_account,
        lines=_lines(bank_account, gross, tax),
    )
    receipt = take_income(income, by=by, now=now, request_id=request_id)
    InterestCredit.objects.create(
        receipt=receipt, bank_account=bank_account, gross=gross, tax=tax, credited_on=credited_on
    )
    return receipt


def _lines(bank_account: Account, gross: Decimal, tax: Decimal) -> list[tuple[LineDraft, PaperLine]]:
    interest = account(AccountRole.INTEREST)
    net = LineDraft(bank_account, interest, gross - tax)
    lines = [(net, PaperLine("ดอกเบี้ยเงินฝากสุทธิ", "Bank interest, net"))]
    if tax:
        withheld = LineDraft(account(AccountRole.TAX_WITHHELD), interest, tax)
        lines.append((withheld, PaperLine("ภาษีดอกเบี้ยถูกหัก ณ ที่จ่าย", "Tax withheld on interest")))
    return lines
