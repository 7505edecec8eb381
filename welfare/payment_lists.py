"""Approved claims that are paid together: a list that the bank carries out, or one for the cash box.

Each line is then paid with a voucher of its own, or fails with a reason and its claim is to be paid once more.
"""

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.national_id import decrypt_id, encrypt_id
from bansong_fund.lib.thai_dates import be_year
from contributions.verbs import money_verb, refuse_future
from ledger.documents import next_numbers
from ledger.models import Account, AccountRole, PaymentMeans, PaymentVoucher
from office.models import User
from welfare.controls import controls_level, refuse_paying
from welfare.deliveries import write_steps
from welfare.models import Claim, PaymentList, PaymentListLine
from welfare.on_the_way import refuse_bound
from welfare.paying import (
    NotAPayingAccount,
    Payment,
    Recipient,
    check_payment,
    pay_locked,
    refuse_paid,
    signed_by,
)
from welfare.steps import lock_claims, needed_reason
from welfare.transitions import Action, transition

LIST_SERIES = "payment-list"
FEWEST_DIGITS, MOST_DIGITS = 10, 15  # of an account number at Thai banks
Kind, Outcome = PaymentList.Kind, PaymentListLine.Outcome


class NothingOnTheList(DomainError):
    """A payment list has at least one claim, and what is carried out at least one line."""


class WrongAccountNumber(DomainError):
    """What was written is no account number of a bank."""


class LineSettled(DomainError):
    """Somebody wrote down before what became of this line."""


@dataclass(frozen=True, slots=True)
class ToAccount:
    """Where the bank sends a claim's money: bank, the account's name, its number (digits, hyphens and spaces).

    Without a number, the one of the person's last transfer is meant.
    """

    bank: str
    account_name: str
    account_number: str


@dataclass(frozen=True, slots=True)
class KnownAccount:
    """Where a person's money went last: `last_digits` for the page, the number itself stays sealed; by which list."""

    bank: str
    account_name: str
    last_digits: str
    sealed: str
    list_label: str


def known_accounts(claims: Sequence[Claim]) -> dict[int, KnownAccount]:
    """Of these claims, by key: the account to which the same person received the last transfer, in one query.

    Not where that transfer failed or was taken back: then it is asked anew.
    """
    people = {claim.member.merged_into_id or claim.member_id for claim in claims}
    hers = Q(claim__member__in=people) | Q(claim__member__merged_into__in=people)
    rows = PaymentListLine.objects.filter(hers, payment_list__kind=Kind.BANK).order_by("pk")
    rows = rows.select_related("claim__member", "payment_list", "voucher__void").defer("claim__assessment")
    last = {_whose(row.claim): row for row in rows}
    found = {claim.pk: last[_whose(claim)] for claim in claims if _whose(claim) in last}
    return {key: _known(row) for key, row in found.items() if not _went_wrong(row)}


def _whose(claim: Claim) -> tuple[int, str]:
    return (claim.member.merged_into_id or claim.member_id, claim.recipient_name)


def _went_wrong(row: PaymentListLine) -> bool:
    return row.outcome == Outcome.FAILED or (row.voucher is not None and hasattr(row.voucher, "void"))


def _known(row: PaymentListLine) -> KnownAccount:
    sealed = row.account_number_encrypted
    return KnownAccount(row.bank, row.account_name, last_digits(row), sealed, row.payment_list.label)


def list_of(request_id: uuid.UUID) -> PaymentList | None:
    """The list that this request made before, if it did."""
    return PaymentList.objects.filter(request_id=request_id).first()


@money_verb(list_of)
def make_list(
    *,
    claims: Sequence[Claim],
    kind: str,
    account: Account,
    by: User,
    today: date,
    now: datetime,
    request_id: uuid.UUID,
    to_accounts: Mapping[int, ToAccount] | None = None,
) -> PaymentList:
    """Put approved claims on a list that is paid out of `account`: no money moves yet, and nobody pays them singly.

    `to_accounts`: by claim, for a list of the bank. Raises `NothingOnTheList`, `NotNow`, `NotYours`, `PaidAlready`,
    `MoneyElsewhere`, `OwnClaim`, `OneHand`, `NotAPayingAccount`, `WrongAccountNumber`.
    """
    held = lock_claims(claim.pk for claim in claims)
    if not held:
        raise NothingOnTheList(_("Tick at least one claim."), field="claims")
    _refuse_listing(held, account, kind, by=by, today=today)
    known = known_accounts(held) if kind == Kind.BANK else {}
    places = {claim.pk: _place(claim, (to_accounts or {}).get(claim.pk), known.get(claim.pk), kind) for claim in held}
    year = be_year(today)
    made = PaymentList.objects.create(
        request_id=request_id,
        year_be=year,
        number=next_numbers(LIST_SERIES, year)[0],
        kind=kind,
        account=account,
        made_on=today,
        made_by=by,
        made_at=now,
    )
    PaymentListLine.objects.bulk_create(
        [
            PaymentListLine(payment_list=made, claim=claim, amount=claim.amount_approved, **places[claim.pk])
            for claim in held
        ]
    )
    said = _("Payment list %(number)s") % {"number": made.label}
    write_steps(held, "list", said, by=by, today=today, now=now)
    return made


def _refuse_listing(claims: list[Claim], account: Account, kind: str, *, by: User, today: date) -> None:
    level = controls_level()
    if account.role != (AccountRole.BANK if kind == Kind.BANK else AccountRole.CASH):
        message = _("A list for the bank is paid out of a bank account, one for the cash box out of the cash box.")
        raise NotAPayingAccount(message, field="account")
    for claim in claims:
        refuse_paid(claim)
        transition(claim, Action.PAY, by)
        refuse_paying(claim, by, level)
        check_payment(claim, account, today, today)
    refuse_bound(claims)


def _place(claim: Claim, to: ToAccount | None, known: KnownAccount | None, kind: str) -> dict[str, str]:
    """The columns that say where a line's money goes. Raises `WrongAccountNumber`."""
    if kind == Kind.CASH:
        return {}
    if to is not None and known is not None and to == ToAccount(known.bank, known.account_name, ""):
        return {"bank": known.bank, "account_name": known.account_name, "account_number_encrypted": known.sealed}
    digits = (to.account_number if to else "").replace("-", "").replace(" ", "")
    is_number = digits.isascii() and digits.isdecimal() and FEWEST_DIGITS <= len(digits) <= MOST_DIGITS
    if to is None or not is_number or not to.bank.strip() or not to.account_name.strip():
        message = _(
            "Claim %(number)s: write the bank, the name of the account and its number, %(fewest)d to %(most)d digits,"
            " as the passbook shows them."
        )
        told = {"number": claim.label, "fewest": FEWEST_DIGITS, "most": MOST_DIGITS}
        raise WrongAccountNumber(message % told, field=f"number-{claim.pk}")
    sealed = encrypt_id(digits)
    return {"bank": to.bank.strip(), "account_name": to.account_name.strip(), "account_number_encrypted": sealed}


def account_number(line: PaymentListLine) -> str:
    """The whole number, for the bank's own list; "" of the cash box."""
    return decrypt_id(line.account_number_encrypted) if line.account_number_encrypted else ""


def last_digits(line: PaymentListLine) -> str:
    """What pages show of the number: its last four digits."""
    return account_number(line)[-4:]


# --- carrying out -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CarriedOut:
    """How lines were paid: when, and of a list of the cash box who saw it; `national_ids` by line, where asked."""

    paid_on: date
    witness: str = ""
    second_witness: str = ""
    is_thumb_print: bool = False
    national_ids: Mapping[int, str] | None = None


def carry_out_lines(
    *,
    payment_list: PaymentList,
    lines: Collection[int],
    done: CarriedOut,
    by: User,
    today: date,
    now: datetime,
    request_id: uuid.UUID,
) -> list[PaymentVoucher]:
    """Lines (their keys) of a list were paid: a voucher and an entry for each, all or none.

    Sent twice, the second finds the first's vouchers. Raises `NothingOnTheList`, `LineSettled` and what `pay_claim`
    does.
    """
    with transaction.atomic(durable=True):
        rows = _hold_lines(payment_list, lines)
        if rows and all(row.outcome == Outcome.PAID for row in rows):
            return [row.voucher for row in rows if row.voucher is not None]
        _refuse_settled(rows)
        refuse_future(done.paid_on, today)
        held = {claim.pk: claim for claim in lock_claims(row.claim_id for row in rows)}
        for row in rows:
            payment = _payment(payment_list, row, held[row.claim_id], done)
            key = uuid.uuid5(request_id, f"line {row.pk}")
            row.voucher = pay_locked(held[row.claim_id], payment, by=by, today=today, now=now, request_id=key)
            _settle(row, Outcome.PAID, by=by, on=done.paid_on)
        return [row.voucher for row in rows if row.voucher is not None]


def fail_line(
    *, payment_list: PaymentList, line: int, reason: str, by: User, today: date, now: datetime
) -> PaymentListLine:
    """A transfer failed, or a line is taken off before: its claim is back among those to pay, with the reason.

    Sent twice, the second finds it done. Raises `ReasonNeeded`, `LineSettled`, `NotYours`.
    """
    with transaction.atomic(durable=True):
        row = _hold_lines(payment_list, [line])[0]
        if row.outcome == Outcome.FAILED:
            return row
        _refuse_settled([row])
        row.reason = needed_reason(reason)[:300]
        claim = lock_claims([row.claim_id])[0]
        transition(claim, Action.PAY, by)
        _settle(row, Outcome.FAILED, by=by, on=today)
        write_steps([claim], "unlist", row.reason, by=by, today=today, now=now)
        return row


def _hold_lines(payment_list: PaymentList, lines: Collection[int]) -> list[PaymentListLine]:
    """The lines as they are once their claims are locked: whoever settles a line locks its claim first."""
    mine = PaymentListLine.objects.filter(payment_list=payment_list, pk__in=lines)
    lock_claims(mine.values_list("claim_id", flat=True))
    rows = list(mine.select_related("voucher").order_by("claim_id"))
    if not rows or len(rows) != len(set(lines)):
        raise NothingOnTheList(_("Tick at least one line of this list."), field="lines")
    return rows


def _refuse_settled(rows: list[PaymentListLine]) -> None:
    for row in rows:
        if row.outcome:
            message = _("Claim %(number)s: it is written down already what became of it (%(outcome)s). Look again.")
            raise LineSettled(message % {"number": row.claim.label, "outcome": row.get_outcome_display()})


def _payment(payment_list: PaymentList, row: PaymentListLine, claim: Claim, done: CarriedOut) -> Payment:
    is_bank = payment_list.kind == Kind.BANK
    recipient = Recipient(claim.recipient_name, (done.national_ids or {}).get(row.pk, ""))
    reference = f"{row.bank} xxx-{last_digits(row)} {row.account_name}"[:100] if is_bank else ""
    signed: dict[str, Any] = {}
    if not is_bank:
        signed = signed_by(done.witness, done.second_witness, is_thumb_print=done.is_thumb_print)
    means = PaymentMeans.TRANSFER if is_bank else PaymentMeans.CASH
    return Payment(payment_list.account, done.paid_on, recipient, means, reference, signed)


def _settle(row: PaymentListLine, outcome: str, *, by: User, on: date) -> None:
    row.outcome, row.settled_by, row.settled_on = outcome, by, on
    row.save(update_fields=["outcome", "reason", "voucher", "settled_by", "settled_on"])
