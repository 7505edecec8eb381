"""Money moved between the fund's own places: cash banked, cash drawn, from one bank account to another."""

import uuid
from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from bansong_fund.lib.errors import DomainError
from contributions.verbs import money_verb, refuse_future, refuse_no_amount, refuse_overdrawn
from ledger.models import Account, Entry, EntryKind
from ledger.periods import hold_open_month
from ledger.posting import EntryDraft, LineDraft, post
from office.models import User


class SamePlace(DomainError):
    """The money would stay where it is."""


def entry_of(request_id: uuid.UUID) -> Entry | None:
    return Entry.objects.filter(request_id=request_id).first()


@money_verb(entry_of)
def move_money(
    *,
    source: Account,
    target: Account,
    amount: Decimal,
    moved_on: date,
    by: User,
    today: date,
    now: datetime,
    request_id: uuid.UUID,
    memo: str = "",
) -> Entry:
    """Book money that was moved, for example cash that was banked: neither income nor cost.

    Raises `NotEnoughMoney`, `SamePlace`, `FutureDate`, `AmountNeeded`, `PeriodClosed`.
    """
    refuse_future(moved_on, today)
    refuse_no_amount(amount)
    if source.pk == target.pk:
        raise SamePlace(_("Choose two different places: where the money was, and where it is now."), field="target")
    hold_open_month(moved_on)
    entry = post(
        EntryDraft(
            date=moved_on,
            kind=EntryKind.TRANSFER,
            lines=[LineDraft(target, source, amount)],
            posted_by=by,
            memo=memo,
            request_id=request_id,
        ),
        posted_at=now,
    )
    refuse_overdrawn(source)
    return entry
