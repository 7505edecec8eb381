"""Any amount at the office, for one member or for several of one payer: a household, neighbours. One receipt."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from bansong_fund.lib.errors import DomainError
from contributions.allocating import Share
from contributions.dues import (
    DuesTaken,
    NothingChosen,
    dues_words,
    hold_memberships,
    refuse_not_a_member,
    shares_of,
    write_payments,
)
from contributions.queries import dues_rules, later_covers
from contributions.verbs import Income, cash_or, money_verb, receipt_of, refuse_future, refuse_no_amount, take_income
from ledger.accounts import account
from ledger.documents import PaperLine
from ledger.models import Account, AccountRole, Receipt, ReceiptKind
from ledger.posting import LineDraft
from members.models import Membership
from office.models import User

NOTHING = Decimal("0.00")


class PayerNeeded(DomainError):
    """Money for several members, and nobody is named as the payer."""


@dataclass(frozen=True, slots=True)
class PaidFor:
    """What one payer gives for one member, in baht: dues of any amount."""

    membership: Membership
    amount: Decimal


@dataclass(frozen=True, slots=True)
class _Judged:
    membership: Membership
    shares: list[Share]


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
    `NotAMember`, `AmountNeeded`, `TooFarAhead`.
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
        lines=[line for one in judged for line in _lines(one, place)],
    )
    receipt = take_income(income, by=by, now=now, request_id=request_id)
    write_payments([DuesTaken(one.membership, receipt, share, paid_on, by) for one in judged for share in one.shares])
    return receipt


def _judge(paid_for: Sequence[PaidFor], paid_on: date, today: date) -> list[_Judged]:
    held = hold_memberships({one.membership.pk for one in paid_for})
    rules, covers = dues_rules(), later_covers(held.values())
    judged = []
    for one in paid_for:
        membership = held[one.membership.pk]
        try:
            refuse_not_a_member(membership, paid_on)
            refuse_no_amount(one.amount)
            shares = shares_of(membership, one.amount, today, rules, covers.get(membership.member_id, ()))
        except DomainError as refusal:
            refusal.field = f"amount_{membership.member.number}"
            raise
        judged.append(_Judged(membership, shares))
    return judged


def _lines(one: _Judged, place: Account) -> list[tuple[LineDraft, PaperLine]]:
    member, dues = one.membership.member, account(AccountRole.DUES)
    return [
        (LineDraft(place, dues, share.amount, community=member.community, member=member), dues_words(member, share))
        for share in one.shares
    ]
