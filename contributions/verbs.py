"""What all money verbs of this app share: once per request, one receipt per event, no account below zero."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import wraps
from typing import Any, TypeVar

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.languages import local_name
from bansong_fund.lib.money import format_baht
from bansong_fund.lib.thai_dates import be_year, format_date
from ledger.accounts import account
from ledger.documents import PaperDraft, PaperLine, label, next_numbers, write_receipts
from ledger.models import Account, AccountRole, EntryKind, PaymentMeans, Receipt, ReceiptKind
from ledger.periods import hold_open_month
from ledger.posting import EntryDraft, LineDraft, post
from ledger.queries import balance
from members.models import Member
from office.models import User

Done = TypeVar("Done")


class FutureDate(DomainError):
    """Money cannot have changed hands after today."""


class NotEnoughMoney(DomainError):
    """The account does not hold what is to be taken out of it."""


class AmountNeeded(DomainError):
    """An amount that must be above zero is not."""


def money_verb(
    find: Callable[[uuid.UUID], Done | None],
) -> Callable[[Callable[..., Done]], Callable[..., Done]]:
    """One durable transaction, carried out once for each `request_id`: a second call returns the first's result.

    Two at the same moment meet at the unique `request_id`, or the second is refused what the first one took; the
    loser is rolled back and finds the winner's row.
    """

    def decorate(verb: Callable[..., Done]) -> Callable[..., Done]:
        @wraps(verb)
        def run(*, request_id: uuid.UUID, **facts: Any) -> Done:
            done = find(request_id)
            if done is not None:
                return done
            try:
                with transaction.atomic(durable=True):
                    return verb(request_id=request_id, **facts)
            except (IntegrityError, DomainError):
                done = find(request_id)
                if done is None:
                    raise
                return done

        return run

    return decorate


def receipt_of(request_id: uuid.UUID) -> Receipt | None:
    return Receipt.objects.filter(request_id=request_id).first()


def refuse_future(day: date, today: date) -> None:
    if day > today:
        message = _("%(day)s is after today, %(today)s. Write the day on which the money changed hands.")
        raise FutureDate(message % {"day": format_date(day), "today": format_date(today)}, field="date")


def refuse_no_amount(amount: Decimal, field: str = "amount") -> None:
    if amount <= 0:
        message = _("The amount is %(amount)s baht. Write an amount above zero.")
        raise AmountNeeded(message % {"amount": format_baht(amount)}, field=field)


def refuse_overdrawn(*accounts: Account) -> None:
    """Call after posting: the ledger's head is held then, so no other payment can come in between."""
    for held in accounts:
        left = balance(held)
        if left < 0:
            message = _(
                "%(account)s does not hold enough: %(missing)s baht are missing. Choose another account, or first"
                " move money there."
            )
            raise NotEnoughMoney(
                message % {"account": local_name(held), "missing": format_baht(-left)}, field="account"
            )


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


def take_income(income: Income, *, by: User, now: datetime, request_id: uuid.UUID) -> Receipt:
    """Post one entry and write its receipt, inside the caller's transaction. The receipt has `posted_lines`."""
    hold_open_month(income.date)
    year_be = be_year(income.date)
    number = next_numbers("receipt", year_be)[0]
    entry = post(
        EntryDraft(
            date=income.date,
            kind=income.entry_kind,
            lines=[line for line, _words in income.lines],
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
