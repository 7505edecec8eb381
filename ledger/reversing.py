"""Reversing an entry that no paper owns, for example cash that was banked in the books and not at the bank.

A receipt, a voucher, a sheet, an opening and a transfer between restricted funds each have an answer of their own.
The reversal is dated today, in an open month, whatever became of the month of the entry.
"""

import uuid
from datetime import date, datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from bansong_fund.lib.errors import DomainError
from ledger.documents import ReasonNeeded
from ledger.models import (
    AccountType,
    Entry,
    EntryKind,
    LedgerHead,
    Line,
    ReversalConfirmation,
    ReversalRequest,
)
from ledger.periods import hold_open_month
from ledger.posting import AlreadyReversed, reverse
from ledger.restricted import funds_taken_from, refuse_fund_overdrawn
from ledger.verbs import is_second_person, money_verb, refuse_overdrawn
from members.models import Controls, Fund
from office.models import User


class OwnedByAPaper(DomainError):
    """The entry belongs to a paper or an act that is undone in its own place."""


class SecondPersonNeeded(DomainError):
    """Another person confirms a reversal."""


def needs_second_person(entry: Entry) -> bool:
    """Whether a second person confirms a reversal: from the level `standard` on, and wherever one was asked for.

    What was asked for stays so when the level is lowered: the request has no other answer, and stands for ever.
    """
    if Fund.objects.values_list("controls", flat=True).get() != Controls.SMALL:
        return True
    return ReversalRequest.objects.filter(entry=entry).exists()


def may_be_reversed(entry: Entry) -> bool:
    """Whether an entry is reversed at its own page, and was not yet."""
    return _owner(entry) == "" and not Line.objects.filter(entry=entry, reversed_by__isnull=False).exists()


def confirmation_of(entry: Entry) -> ReversalConfirmation | None:
    """Who asked and who agreed, of a reversal or of the entry that it answered."""
    found = ReversalConfirmation.objects.filter(Q(reversal=entry) | Q(request__entry=entry))
    return found.select_related("confirmed_by", "request__asked_by").first()


def _owner(entry: Entry) -> str:
    """What an entry belongs to, in words; empty where it stands alone."""
    owners = {
        "receipt": _("a receipt: make the receipt void"),
        "voucher": _("a payment voucher: make the voucher void, or take the payment back at its claim"),
        "sheet": _("a collection sheet: make its receipts void"),
        "count": _("a counting sheet: count the cash once more, and what differs is booked"),
        "delivery": _("a delivery of welfare money: write there that the money is back"),
        "fund-transfer": _("a transfer between restricted funds: move the money back"),
    }
    kinds = {
        EntryKind.OPENING: _("the opening of the books, which is locked"),
        EntryKind.CLOSING: _("the closing of a year, which is never opened again"),
        EntryKind.REVERSAL: _("a reversal: record anew what was reversed wrongly"),
    }
    if entry.kind in kinds:
        return str(kinds[EntryKind(entry.kind)])
    return owners.get(entry.document_kind, entry.document_kind)


def _refuse(entry: Entry, reason: str) -> None:
    if not reason.strip():
        raise ReasonNeeded(_("Say why the entry is reversed; the reason stays with it."), field="reason")
    if owner := _owner(entry):
        message = _("Entry %(number)s belongs to %(owner)s.")
        raise OwnedByAPaper(message % {"number": entry.number, "owner": owner})
    if Line.objects.filter(reverses__entry=entry).exists():
        raise AlreadyReversed(_("Entry %(number)s has been reversed already.") % {"number": entry.number})


def _request(request_id: uuid.UUID) -> ReversalRequest | None:
    return ReversalRequest.objects.filter(request_id=request_id).first()


def _entry(request_id: uuid.UUID) -> Entry | None:
    return Entry.objects.filter(request_id=request_id).first()


@money_verb(_request)
def ask_to_reverse(
    *, entry: Entry, reason: str, by: User, today: date, now: datetime, request_id: uuid.UUID
) -> ReversalRequest:
    """The first of two steps: who asks, and why. Nothing changes in the books. Asked once for an entry.

    Raises `ReasonNeeded`, `OwnedByAPaper`, `AlreadyReversed`.
    """
    _refuse(entry, reason)
    found = ReversalRequest.objects.filter(entry=entry).first()
    return found or ReversalRequest.objects.create(
        entry=entry, reason=reason.strip(), asked_by=by, asked_on=today, asked_at=now, request_id=request_id
    )


def confirm_reversal(*, entry: Entry, by: User, today: date, now: datetime) -> Entry:
    """The second step: another treasurer or committee member agrees; the reversal is posted and her name kept with it.

    Confirmed twice by the same person it is posted once. Raises `SecondPersonNeeded` and what `reverse_entry` does.
    """
    asked = ReversalRequest.objects.filter(entry=entry).select_related("asked_by").first()
    if asked is None:
        raise SecondPersonNeeded(_("Nobody has asked to reverse entry %(number)s.") % {"number": entry.number})
    facts = {"entry": entry, "reason": asked.reason, "by": asked.asked_by, "second_person": by}
    request_id = uuid.uuid5(asked.request_id, f"confirmed {by.pk}")
    done: Entry = reverse_entry(**facts, today=today, now=now, request_id=request_id)
    return done


@money_verb(_entry)
def reverse_entry(
    *,
    entry: Entry,
    reason: str,
    by: User,
    second_person: User | None,
    today: date,
    now: datetime,
    request_id: uuid.UUID,
) -> Entry:
    """Answer an entry by its mirror image, dated today. Returns the reversal; its `confirmation` names who agreed.

    Raises `ReasonNeeded`, `OwnedByAPaper`, `AlreadyReversed`, `SecondPersonNeeded`, `NotEnoughMoney`,
    `FundOverdrawn`, `PeriodClosed`.
    """
    _refuse_alone(entry, by, second_person)
    hold_open_month(today)
    LedgerHead.objects.select_for_update().get()  # two at once come one after the other, and the second is told
    _refuse(entry, reason)
    lines = list(entry.lines.select_related("entry", "debit", "credit", "community", "member", "restricted_fund"))
    done = reverse(lines, on=today, by=by, memo=reason.strip(), request_id=request_id, posted_at=now)
    refuse_overdrawn(*{line.debit for line in lines if line.debit.type == AccountType.ASSET})
    for fund in funds_taken_from(lines):
        refuse_fund_overdrawn(fund, field="reason")
    _keep_second_person(done, second_person, today=today, now=now)
    return done


def _keep_second_person(reversal: Entry, second_person: User | None, *, today: date, now: datetime) -> None:
    asked = ReversalRequest.objects.filter(entry=reversal.reverses).first()
    if asked is not None and second_person is not None:
        ReversalConfirmation.objects.create(
            request=asked, reversal=reversal, confirmed_by=second_person, confirmed_on=today, confirmed_at=now
        )


def _refuse_alone(entry: Entry, by: User, second_person: User | None) -> None:
    if not needs_second_person(entry):
        return
    if not is_second_person(second_person, by) or not ReversalRequest.objects.filter(entry=entry, asked_by=by).exists():
        message = _(
            "A second person is needed to reverse entry %(number)s: another treasurer or a committee member opens it"
            " and confirms."
        )
        raise SecondPersonNeeded(message % {"number": entry.number})
