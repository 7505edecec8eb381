"""Money moved between the fund's own places: cash banked, cash drawn, from bank to bank; a collector's old cash."""

import uuid
from datetime import date, datetime
from decimal import Decimal

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.money import format_baht
from contributions.cash_ages import cash_with_me
from contributions.handing_over import refuse_own_money
from contributions.verbs import money_verb, refuse_future, refuse_no_amount, refuse_overdrawn
from ledger.accounts import collector_account
from ledger.models import Account, AccountRole, Entry, EntryKind
from ledger.periods import hold_open_month
from ledger.posting import EntryDraft, LineDraft, post
from office.models import User


class SamePlace(DomainError):
    """The money would stay where it is."""


class MoreThanSheHas(DomainError):
    """The collector does not hold so much besides what stands on her sheets."""


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


@money_verb(entry_of)
def take_from_collector(
    *,
    collector: User,
    target: Account,
    amount: Decimal,
    received_on: date,
    by: User,
    today: date,
    now: datetime,
    request_id: uuid.UUID,
    memo: str = "",
) -> Entry:
    """Take in cash that a collector held when the books were opened; what stands on sheets comes in with them.

    Raises `MoreThanSheHas`, `OwnSheet`, `FutureDate`, `AmountNeeded`, `PeriodClosed`.
    """
    refuse_future(received_on, today)
    refuse_no_amount(amount)
    refuse_own_money(collector, by)
    hold_open_month(received_on)
    entry = post(
        EntryDraft(
            date=received_on,
            kind=EntryKind.TRANSFER,
            lines=[LineDraft(target, collector_account(collector), amount)],
            posted_by=by,
            memo=memo.strip() or taken_words(collector),
            request_id=request_id,
        ),
        posted_at=now,
    )
    # the ledger's head is held now: nothing is handed in, counted or taken beside this
    left = cash_with_me(collector, today).brought
    if left < 0:
        message = _("%(collector)s holds %(amount)s baht besides what stands on her sheets. Write no more than that.")
        shown = {"collector": collector.display_name, "amount": format_baht(left + amount)}
        raise MoreThanSheHas(message % shown, field="amount")
    return entry


def taken_words(collector: User) -> str:
    """What the entry says of itself in the journal."""
    return _("Cash from before the cut-over day, received from %(collector)s") % {"collector": collector.display_name}


def taken_in() -> QuerySet[Entry]:
    """The entries that took cash in from a collector and stand, newest first, with `collector` and `baht`."""
    taken = {"kind": EntryKind.TRANSFER, "document_kind": "", "lines__credit__role": AccountRole.COLLECTOR}
    found = Entry.objects.filter(lines__reversed_by=None, **taken).select_related("posted_by")
    named = {"collector": F("lines__credit__holder__display_name"), "baht": F("lines__amount")}
    return found.annotate(**named).order_by("-number")
