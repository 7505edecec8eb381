"""What the money verbs of this app share: one receipt per event; what all money verbs share stands in the ledger."""

import uuid
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.money import LIMIT
from bansong_fund.lib.thai_dates import be_year
from ledger.accounts import account
from ledger.documents import PaperDraft, PaperLine, label, next_numbers, write_receipts
from ledger.models import Account, AccountRole, EntryKind, PaymentMeans, Receipt, ReceiptKind, RestrictedFund
from ledger.periods import hold_open_month
from ledger.posting import EntryDraft, LineDraft, post
from ledger.restricted import refuse_closed_fund
from ledger.verbs import (
    AmountNeeded,
    FutureDate,
    NotEnoughMoney,
    money_verb,
    refuse_future,
    refuse_no_amount,
    refuse_overdrawn,
)
from members.models import Member
from office.models import User

__all__ = [
    "AmountNeeded",
    "FutureDate",
    "Income",
    "NotEnoughMoney",
    "TooMuch",
    "cash_or",
    "means_of",
    "money_verb",
    "receipt_of",
    "refuse_future",
    "refuse_no_amount",
    "refuse_overdrawn",
    "refuse_too_much",
    "take_income",
]


class TooMuch(DomainError):
    """A price times a number is more than an amount can be."""


def receipt_of(request_id: uuid.UUID) -> Receipt | None:
    return Receipt.objects.filter(request_id=request_id).first()


def refuse_too_much(amount: Decimal, field: str) -> None:
    """Of an amount that was reckoned: a typed one is refused by its form. Raises `TooMuch`."""
    if amount >= LIMIT:
        message = _("“%(text)s” is too large: the largest amount is 999,999,999,999.99 baht.")
        raise TooMuch(message % {"text": f"{amount:,.2f}"}, field=field)


def cash_or(bank_account: Account | None) -> Account:
    """The bank account given, else the cash box."""
    return bank_account or account(AccountRole.CASH)


def means_of(place: Account) -> PaymentMeans:
    return PaymentMeans.TRANSFER if place.role == AccountRole.BANK else PaymentMeans.CASH


@dataclass(frozen=True, slots=True)
class Income:
    """One receipt to write, with one entry line for each of its lines."""

    date: date
    kind: ReceiptKind
    party_name: str
    account: Account
    lines: list[tuple[LineDraft, PaperLine]]
    entry_kind: EntryKind = EntryKind.RECEIPT
    means_reference: str = ""
    party_address: str = ""
    party_phone: str = ""
    member: Member | None = None
    contributor_number: int | None = None
    restricted_fund: RestrictedFund | None = None  # None: the general fund


def take_income(income: Income, *, by: User, now: datetime, request_id: uuid.UUID) -> Receipt:
    """Post one entry and write its receipt, inside the caller's transaction. The receipt has `posted_lines`."""
    hold_open_month(income.date)
    year_be = be_year(income.date)
    number = next_numbers("receipt", year_be)[0]
    entry = post(
        EntryDraft(
            date=income.date,
            kind=income.entry_kind,
            lines=_lines(income),
            posted_by=by,
            document_kind="receipt",
            document_number=label(year_be, number),
            request_id=request_id,
        ),
        posted_at=now,
    )
    draft = PaperDraft(
        date=income.date,
        party_name=income.party_name,
        account=income.account,
        request_id=request_id,
        lines=[words for _line, words in income.lines],
        means=means_of(income.account),
        means_reference=income.means_reference,
        party_address=income.party_address,
        party_phone=income.party_phone,
        member=income.member,
        contributor_number=income.contributor_number,
        extra={"kind": income.kind},
    )
    return write_receipts([(draft, number, entry, entry.posted_lines)], by=by, issued_at=now)[0]


def _lines(income: Income) -> list[LineDraft]:
    """The lines of an income, all for the restricted fund that it names."""
    lines = [line for line, _words in income.lines]
    if income.restricted_fund is None:
        return lines
    refuse_closed_fund(income.restricted_fund)
    return [replace(line, restricted_fund=income.restricted_fund) for line in lines]
