"""Taking a payment back: from standard on one person asks, and a second confirms by her own sign-in."""

import uuid
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from bansong_fund.lib.errors import DomainError
from contributions.verbs import money_verb
from ledger.documents import void_voucher
from ledger.models import PaymentVoucher, PaymentVoucherVoid
from ledger.periods import hold_open_month
from ledger.verbs import is_second_person
from ledger.waiting_voids import Waits
from members.models import Controls
from office.models import User
from welfare.controls import OneHand, controls_level
from welfare.models import Claim, ClaimState, DeliveryLine, PaymentReversalRequest
from welfare.steps import lock_claims, needed_reason, take_step
from welfare.transitions import Action, transition


class NothingPaid(DomainError):
    """The voucher paid no claim, or is void already."""


def needs_second_person(voucher: PaymentVoucher) -> bool:
    """Whether a second person confirms: from `standard` on, and wherever one was asked for already."""
    return controls_level() != Controls.SMALL or PaymentReversalRequest.objects.filter(voucher=voucher).exists()


def _request(request_id: uuid.UUID) -> PaymentReversalRequest | None:
    return PaymentReversalRequest.objects.filter(request_id=request_id).first()


@money_verb(_request)
def ask_to_reverse_payment(
    *, voucher: PaymentVoucher, reason: str, by: User, today: date, now: datetime, request_id: uuid.UUID
) -> PaymentReversalRequest:
    """The first of the two steps: who asks, and why. Nothing changes in the books. Asked once for a voucher.

    Raises `ReasonNeeded`, `NothingPaid`, `NotYours`.
    """
    reason = needed_reason(reason)
    _hold_claims(voucher, by)
    found = PaymentReversalRequest.objects.filter(voucher=voucher).first()
    return found or PaymentReversalRequest.objects.create(
        voucher=voucher, reason=reason[:250], asked_by=by, asked_on=today, asked_at=now, request_id=request_id
    )


def confirm_payment_reversal(*, voucher: PaymentVoucher, by: User, today: date, now: datetime) -> PaymentVoucherVoid:
    """The second step: another treasurer or committee member agrees, and the voucher becomes void.

    Confirmed twice it is undone once. Raises `OneHand` where nobody asked or the same person did.
    """
    asked = PaymentReversalRequest.objects.filter(voucher=voucher).select_related("asked_by").first()
    if asked is None:
        raise OneHand(_("Nobody has asked to take the payment of voucher %(number)s back.") % {"number": voucher.label})
    who = {"by": asked.asked_by, "second_person": by}
    return reverse_payment(voucher=voucher, reason=asked.reason, **who, today=today, now=now)


def reverse_payment(
    *, voucher: PaymentVoucher, reason: str, by: User, today: date, now: datetime, second_person: User | None = None
) -> PaymentVoucherVoid:
    """Make a voucher void: its number stays, the entry is reversed today, its claims are approved again, all of them.

    Money that a leader had delivered is on its way with her again. Called twice, the second finds the void. Raises
    `ReasonNeeded`, `OneHand`, `NothingPaid`, `NotYours`, `PeriodClosed`.
    """
    with transaction.atomic(durable=True):
        # a second click waits here for the first; vouchers are append-only, so that their claims are what is locked
        list(Claim.objects.select_for_update().filter(voucher=voucher).order_by("pk").values_list("pk", flat=True))
        if done := PaymentVoucherVoid.objects.filter(voucher=voucher).first():
            return done
        reason = needed_reason(reason)
        held = _hold_claims(voucher, by)
        _refuse_one_person(voucher, by, second_person)
        hold_open_month(today)
        void = void_voucher(voucher, reason=reason, by=by, second_person=second_person, on=today, now=now)
        DeliveryLine.objects.filter(voucher=voucher).update(outcome="", settlement=None, voucher=None)
        told = _("Voucher %(number)s: %(reason)s") % {"number": voucher.label, "reason": reason}
        for claim in held:
            claim.voucher = claim.paid_by = claim.paid_on = None
            saved = ("voucher", "paid_by", "paid_on")
            take_step(claim, Action.REVERSE, by=by, today=today, now=now, reason=told, saved=saved)
        return void


def _hold_claims(voucher: PaymentVoucher, by: User) -> list[Claim]:
    """The claims that the voucher paid, locked. Raises `NothingPaid`, `NotYours`."""
    held = lock_claims(Claim.objects.filter(voucher=voucher).values_list("pk", flat=True))
    held = [claim for claim in held if claim.state == ClaimState.PAID and claim.voucher_id == voucher.pk]
    if not held:
        message = _("Voucher %(number)s pays no claim any more; nothing was changed.")
        raise NothingPaid(message % {"number": voucher.label})
    for claim in held:
        transition(claim, Action.REVERSE, by)
    return held


def _refuse_one_person(voucher: PaymentVoucher, by: User, second_person: User | None) -> None:
    if not needs_second_person(voucher):
        return
    if (
        not is_second_person(second_person, by)
        or not PaymentReversalRequest.objects.filter(voucher=voucher, asked_by=by).exists()
    ):
        message = _(
            "The money of voucher %(number)s was handed over, so a second person is needed: another treasurer or a"
            " committee member opens this voucher and confirms."
        )
        raise OneHand(message % {"number": voucher.label})


def requests_that_wait() -> QuerySet[PaymentReversalRequest]:
    """What was asked for and not confirmed yet."""
    return PaymentReversalRequest.objects.filter(voucher__void=None).select_related("asked_by", "voucher")


def shown_as_waiting(request: PaymentReversalRequest) -> Waits:
    """A request as the list of what waits for a second person shows it."""
    voucher = request.voucher
    return Waits(
        kind_name=_("Payment voucher"),
        label=voucher.label,
        party_name=voucher.party_name,
        total=voucher.total,
        address=reverse("welfare:voucher", args=[voucher.year_be, voucher.number]),
        asked_by=request.asked_by,
        asked_on=request.asked_on,
        reason=request.reason,
    )
