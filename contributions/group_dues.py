"""Any amount at the office and a newcomer's entry fee, for one member or several of one payer, on one receipt."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.money import ZERO, format_baht
from contributions.allocating import Share
from contributions.dues import (
    DuesTaken,
    NothingChosen,
    OtherSum,
    hold_memberships,
    income_lines,
    refuse_not_a_member,
    shares_of,
    write_payments,
)
from contributions.entry_fees import fees_paid, refuse_other_fee
from contributions.models import EntryFee
from contributions.periods import Period
from contributions.queries import dues_rules, entry_fee_due, later_covers, owed_of, unpaid_periods
from contributions.verbs import Income, cash_or, money_verb, receipt_of, refuse_future, refuse_no_amount, take_income
from ledger.models import Account, Receipt, ReceiptKind
from members.models import Membership
from office.models import User


class PayerNeeded(DomainError):
    """Money for several members, and nobody is named as the payer."""


@dataclass(frozen=True, slots=True)
class PaidFor:
    """What one payer gives for one member, in baht: dues of any amount, and a new member's entry fee.

    `owed_shown`: what the page said that she owes, None where it said nothing.
    """

    membership: Membership
    amount: Decimal
    entry_fee: Decimal = ZERO
    owed_shown: Decimal | None = None


@dataclass(frozen=True, slots=True)
class _Judged:
    membership: Membership
    shares: list[Share]
    entry_fee: Decimal


@money_verb(receipt_of)
def record_group_dues(
    *,
    paid_for: Sequence[PaidFor],
    payer_name: str,
    paid_on: date,
    bank_account: Account | None,
    by: User,
    today: date,
    now: datetime,
    request_id: uuid.UUID,
    reference: str = "",
) -> Receipt:
    """Take dues of any amount for one or several members: the oldest periods of each first, then a part of the next.

    One receipt in the payer's name and one entry, with a line a member and period; all or nothing. Raises
    `NothingChosen`, `PayerNeeded`, `FutureDate`, `PeriodClosed`; for a member, with the field `amount_<number>`,
    `NotAMember`, `AmountNeeded`, `OtherSum`, `TooFarAhead`, `EntryFeePaid`, `NotTheFeeDue`.
    """
    refuse_future(paid_on, today)
    if not paid_for:
        raise NothingChosen(_("Nobody is chosen. Tick who is paid for."))
    if len(paid_for) > 1 and not payer_name.strip():
        raise PayerNeeded(_("Write who pays: the receipt is in that name."), field="payer_name")
    judged = _judge(paid_for, paid_on, today)
    place = cash_or(bank_account)
    alone = judged[0].membership.member if len(judged) == 1 else None
    income = Income(
        date=paid_on,
        kind=ReceiptKind.DUES,
        party_name=payer_name.strip() or judged[0].membership.member.full_name,
        account=place,
        means_reference=reference,
        member=alone,
        lines=[
            line for one in judged for line in income_lines(one.membership.member, place, one.shares, one.entry_fee)
        ],
    )
    receipt = take_income(income, by=by, now=now, request_id=request_id)
    write_payments([DuesTaken(one.membership, receipt, share, paid_on, by) for one in judged for share in one.shares])
    EntryFee.objects.bulk_create(
        [
            EntryFee(membership=one.membership, receipt=receipt, amount=one.entry_fee, paid_on=paid_on)
            for one in judged
            if one.entry_fee
        ]
    )
    return receipt


def _judge(paid_for: Sequence[PaidFor], paid_on: date, today: date) -> list[_Judged]:
    held = hold_memberships({one.membership.pk for one in paid_for})
    rules, covers = dues_rules(), later_covers(held.values())
    with_fee = [held[one.membership.pk] for one in paid_for if one.entry_fee]
    fees, due = fees_paid(with_fee) if with_fee else {}, entry_fee_due(with_fee, rules)
    judged = []
    for one in paid_for:
        membership = held[one.membership.pk]
        try:
            refuse_not_a_member(membership, paid_on)
            refuse_no_amount(one.amount)
            if one.entry_fee:
                refuse_other_fee(membership, one.entry_fee, due, fees)
            paid = covers.get(membership.member_id, ())
            _refuse_other_debt(one, owed_of(unpaid_periods(membership, rules, paid), membership, today))
            shares = shares_of(membership, one.amount, today, rules, paid)
        except DomainError as refusal:
            refusal.field = f"amount_{membership.member.number}"
            raise
        judged.append(_Judged(membership, shares, one.entry_fee))
    return judged


def _refuse_other_debt(one: PaidFor, owed: Sequence[Period]) -> None:
    """Somebody else took her dues since the page was opened: the same money would pay the next period unseen."""
    now = sum((period.baht for period in owed), ZERO)
    if one.owed_shown is None or one.owed_shown == now:
        return
    message = _(
        "Something was paid or changed meanwhile: %(name)s owes %(now)s baht now, not %(shown)s. Nothing was written."
        " Correct the amount, or press once more."
    )
    baht = {"now": format_baht(now), "shown": format_baht(one.owed_shown)}
    raise OtherSum(message % {"name": one.membership.member.full_name, **baht})
