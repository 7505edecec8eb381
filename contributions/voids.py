"""Making receipts and vouchers of this app void: the number stays, the entry is reversed, the covers go."""

import uuid
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from bansong_fund.lib.errors import DomainError
from contributions.commitments import hold_commitments_of, take_money_back
from contributions.dues import hold_memberships, reckon_paid_through, uncover
from contributions.envelopes import hold_envelope_of, take_envelope_out_again
from contributions.events import hold_events_of
from contributions.models import CollectionSheet, DuesPayment, EntryFee, MatchingRound, RunningCost, VoidRequest
from contributions.verbs import money_verb, refuse_overdrawn
from ledger import documents
from ledger.accounts import account
from ledger.documents import ReasonNeeded
from ledger.models import (
    Account,
    AccountRole,
    EntryKind,
    PaymentVoucher,
    PaymentVoucherVoid,
    Receipt,
    ReceiptVoid,
)
from ledger.periods import hold_open_month
from ledger.posting import EntryDraft, LineDraft, post
from ledger.verbs import is_second_person
from ledger.waiting_voids import Waits
from members.models import Controls, Fund
from office.models import User


class SecondPersonNeeded(DomainError):
    """The money was handed over: another person confirms that the receipt becomes void."""


class VoidAtTheClaim(DomainError):
    """The voucher paid a claim, which is undone at the claim."""


def needs_second_person(receipt: Receipt) -> bool:
    """Whether a second person confirms a void: from `standard` on, once the sheet's money was handed over.

    And wherever one was asked for, whatever the level is now: the request has no other answer.
    """
    if VoidRequest.objects.filter(receipt=receipt).exists():
        return True
    if Fund.objects.get().controls == Controls.SMALL:
        return False
    accepted = {"sheet__state": CollectionSheet.State.ACCEPTED}
    return receipt.dues.filter(**accepted).exists() or receipt.entry_fees.filter(**accepted).exists()


def _request(request_id: uuid.UUID) -> VoidRequest | None:
    return VoidRequest.objects.filter(request_id=request_id).first()


@money_verb(_request)
def ask_to_void(
    *, receipt: Receipt, reason: str, by: User, today: date, now: datetime, request_id: uuid.UUID
) -> VoidRequest:
    """The first of the two steps: who asks, and why. Nothing changes in the books. Asked once per receipt."""
    _refuse_no_reason(reason)
    _refuse_void(receipt)
    found = VoidRequest.objects.filter(receipt=receipt).first()
    return found or VoidRequest.objects.create(
        receipt=receipt, reason=reason.strip(), asked_by=by, asked_on=today, asked_at=now, request_id=request_id
    )


def confirm_void(*, receipt: Receipt, by: User, today: date, now: datetime) -> ReceiptVoid:
    """The second step: another treasurer or committee member agrees, and the receipt becomes void.

    Raises `SecondPersonNeeded` when nobody asked, or the same person asked.
    """
    asked = VoidRequest.objects.filter(receipt=receipt).select_related("asked_by").first()
    if asked is None:
        raise SecondPersonNeeded(_("Nobody has asked to void receipt no. %(number)s.") % {"number": receipt.label})
    return void_receipt(receipt=receipt, reason=asked.reason, by=asked.asked_by, second_person=by, today=today, now=now)


def requests_that_wait() -> QuerySet[VoidRequest]:
    """What was asked for and not confirmed yet."""
    return VoidRequest.objects.filter(receipt__void=None).select_related("asked_by", "receipt")


def shown_as_waiting(request: VoidRequest) -> Waits:
    """A request as the list of what waits for a second person shows it."""
    receipt = request.receipt
    return Waits(
        kind_name=_("Receipt"),
        label=receipt.label,
        party_name=receipt.party_name,
        total=receipt.total,
        address=receipt.get_absolute_url(),
        asked_by=request.asked_by,
        asked_on=request.asked_on,
        reason=request.reason,
    )


def void_receipt(
    *, receipt: Receipt, reason: str, by: User, second_person: User | None, today: date, now: datetime
) -> ReceiptVoid:
    """Make a receipt void: its lines are reversed, its dues hold their spans no more, paid-through is set anew.

    A receipt of a sheet that was handed over is paid back out of the cash box, where its money is. Doing the same
    twice changes nothing. Raises `ReasonNeeded`, `AlreadyVoid`, `SecondPersonNeeded`, `NotEnoughMoney`,
    `PeriodClosed`.
    """
    _refuse_no_reason(reason)
    same = ReceiptVoid.objects.filter(receipt=receipt, voided_by=by, reason=reason.strip())
    if done := same.first():
        return done
    try:
        with transaction.atomic(durable=True):
            return _void_receipt(receipt, reason.strip(), by=by, second_person=second_person, today=today, now=now)
    except (IntegrityError, documents.AlreadyVoid):  # voided at the same moment: by a second click, or by another
        if done := same.first():
            return done
        _refuse_void(receipt)
        raise


def _void_receipt(
    receipt: Receipt, reason: str, *, by: User, second_person: User | None, today: date, now: datetime
) -> ReceiptVoid:
    payments = list(DuesPayment.objects.filter(receipt=receipt).select_related("sheet", "member"))
    fees = list(EntryFee.objects.filter(receipt=receipt))
    sheet_keys = {paid.sheet_id for paid in (*payments, *fees) if paid.sheet_id}
    sheets = list(CollectionSheet.objects.select_for_update().filter(pk__in=sheet_keys))
    memberships = hold_memberships({paid.membership_id for paid in (*payments, *fees)})
    promised = hold_commitments_of(receipt)
    hold_events_of(receipt)
    envelope = hold_envelope_of(receipt)
    _refuse_void(receipt)
    _refuse_alone(receipt, by, second_person)
    hold_open_month(today)
    void = documents.void_receipt(receipt, reason=reason, by=by, second_person=second_person, on=today, now=now)
    place = receipt.account
    if any(sheet.state == CollectionSheet.State.ACCEPTED for sheet in sheets):
        place = _pay_back_from_cash(receipt, by=by, today=today, now=now)
    refuse_overdrawn(place)
    uncover(payments)
    reckon_paid_through(memberships.values())
    MatchingRound.objects.filter(grants__receipt=receipt).update(number=None)
    take_money_back(promised, receipt, by=by, today=today, now=now)
    take_envelope_out_again(envelope)
    return void


def _pay_back_from_cash(receipt: Receipt, *, by: User, today: date, now: datetime) -> Account:
    """The collector handed the money over, so the box pays it back and her account stays even."""
    cash = account(AccountRole.CASH)
    draft = EntryDraft(
        date=today,
        kind=EntryKind.TRANSFER,
        lines=[LineDraft(receipt.account, cash, receipt.total)],
        posted_by=by,
        document_kind="receipt",
        document_number=receipt.label,
        request_id=uuid.uuid5(receipt.request_id, "paid back"),
    )
    post(draft, posted_at=now)
    return cash


def void_voucher(*, voucher: PaymentVoucher, reason: str, by: User, today: date, now: datetime) -> PaymentVoucherVoid:
    """Make the voucher of a cost void: the money is back in its account. Twice the same changes nothing.

    Raises `ReasonNeeded`, `AlreadyVoid`, `VoidAtTheClaim`, `PeriodClosed`.
    """
    _refuse_no_reason(reason)
    same = PaymentVoucherVoid.objects.filter(voucher=voucher, voided_by=by, reason=reason.strip())
    if done := same.first():
        return done
    if not RunningCost.objects.filter(voucher=voucher).exists():
        message = _("Voucher no. %(number)s paid a claim. Take the payment back at the claim.")
        raise VoidAtTheClaim(message % {"number": voucher.label})
    try:
        with transaction.atomic(durable=True):
            hold_open_month(today)
            return documents.void_voucher(voucher, reason=reason.strip(), by=by, second_person=None, on=today, now=now)
    except (IntegrityError, documents.AlreadyVoid):  # voided at the same moment: by a second click, or by another
        if done := same.first():
            return done
        if PaymentVoucherVoid.objects.filter(voucher=voucher).exists():
            raise _already_void(voucher.label) from None
        raise


def _refuse_no_reason(reason: str) -> None:
    if not reason.strip():
        raise ReasonNeeded(_("Say why this paper becomes void; the reason stays with it."), field="reason")


def _refuse_void(receipt: Receipt) -> None:
    if ReceiptVoid.objects.filter(receipt=receipt).exists():
        raise _already_void(receipt.label)


def _already_void(label: str) -> documents.AlreadyVoid:
    return documents.AlreadyVoid(_("%(number)s is void already; nothing was changed.") % {"number": label})


def _refuse_alone(receipt: Receipt, by: User, second_person: User | None) -> None:
    if not needs_second_person(receipt):
        return
    if not is_second_person(second_person, by):
        message = _(
            "The money of receipt no. %(number)s was handed over, so a second person is needed: another treasurer or"
            " a committee member opens this receipt and confirms."
        )
        raise SecondPersonNeeded(message % {"number": receipt.label})
