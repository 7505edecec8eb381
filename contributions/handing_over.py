"""Handing a sheet's money over: the treasurer counts it, at the strictest level by note and coin, and takes it in.

A difference is named, booked and stays in sight. At `strict` the collector agrees in the program before it is booked.
"""

import uuid
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.money import ZERO, format_baht
from contributions.models import CollectionSheet
from contributions.queries import money_of_sheet
from contributions.queries.sheets import collects_there
from contributions.sheet_lines import hold_sheet
from contributions.sheet_uploads import forget_uploads
from ledger.accounts import account, collector_account
from ledger.documents import ReasonNeeded
from ledger.models import AccountRole, EntryKind
from ledger.periods import hold_open_month
from ledger.posting import EntryDraft, LineDraft, post
from members.models import Controls, Fund
from office.action_log import log_action
from office.models import ActionLog, User

State = CollectionSheet.State
# Notes and coins of the baht that are in use; the satang coins come over the counter of a shop.
DENOMINATIONS = ("1000", "500", "100", "50", "20", "10", "5", "2", "1", "0.50", "0.25")
MOST_PIECES = 100_000


class OwnSheet(DomainError):
    """Nobody counts her own collection."""


class NotSubmittedYet(DomainError):
    """A sheet that is still being filled in cannot be accepted."""


class DifferenceUnexplained(DomainError):
    """The money counted is not the sheet's, and no reason is given."""


class DoesNotAddUp(DomainError):
    """Notes and coins do not make the sum that is said to be counted, or are missing where they are wanted."""


class NothingCounted(DomainError):
    """There is no count that the collector could agree to."""


class NotHerMoney(DomainError):
    """Only the collector agrees to the count of her money."""


def counted_of(notes_and_coins: Mapping[str, int]) -> Decimal:
    """What notes and coins make together. Raises `DoesNotAddUp` for a piece that is none, or a count below nought."""
    for piece, pieces in notes_and_coins.items():
        if piece not in DENOMINATIONS or not 0 <= pieces <= MOST_PIECES:
            raise DoesNotAddUp(
                _("%(count)s times %(piece)s baht cannot be counted.") % {"count": pieces, "piece": piece}
            )
    return sum((Decimal(piece) * pieces for piece, pieces in notes_and_coins.items()), ZERO)


@transaction.atomic(durable=True)
def accept_sheet(
    *,
    sheet: CollectionSheet,
    counted: Decimal,
    difference_reason: str,
    by: User,
    today: date,
    now: datetime,
    request_id: uuid.UUID,
    notes_and_coins: Mapping[str, int] | None = None,
) -> CollectionSheet:
    """The treasurer counts the money and takes it into the cash box; a difference is named and booked.

    At `strict` the sheet is COUNTED after this and waits for its collector (`agree_to_count`). A sheet that was
    accepted is returned as it is. Receipts voided since the submission are not expected any more. Raises
    `NotSubmittedYet`, `OwnSheet`, `DoesNotAddUp`, `DifferenceUnexplained`, `PeriodClosed`.
    """
    sheet = hold_sheet(sheet)
    if sheet.state == State.ACCEPTED:
        return sheet
    if sheet.state == State.DRAFT:
        message = _("Sheet %(number)s is still being filled in. It can be accepted once the collector submits it.")
        raise NotSubmittedYet(message % {"number": sheet.label})
    controls = Fund.objects.get().controls
    _refuse_own_sheet(sheet, by, controls)
    pieces = {piece: count for piece, count in (notes_and_coins or {}).items() if count}
    _refuse_wrong_pieces(counted, pieces, wanted=controls == Controls.STRICT)
    expected, reason = money_of_sheet(sheet), difference_reason.strip()
    _refuse_unexplained(counted, expected, reason)
    sheet.accepted_by, sheet.counted, sheet.notes_and_coins = by, counted, pieces
    sheet.difference_reason = reason if counted != expected else ""
    if controls == Controls.STRICT:
        sheet.state = State.COUNTED
    else:
        _take_in(sheet, expected, today=today, now=now, request_id=request_id)
    sheet.save()
    return sheet


def _refuse_own_sheet(sheet: CollectionSheet, by: User, controls: str) -> None:
    """With a small committee one person may be both; from `standard` on the counter is another."""
    if sheet.collector_id == by.pk and controls != Controls.SMALL:
        message = _("You collected sheet %(number)s yourself. Another treasurer counts and accepts it.")
        raise OwnSheet(message % {"number": sheet.label})


def refuse_own_money(collector: User, by: User) -> None:
    """The same of cash that stands on no sheet."""
    if collector.pk == by.pk and Fund.objects.get().controls != Controls.SMALL:
        raise OwnSheet(_("You hold this money yourself. Another treasurer counts it and takes it in."))


def _refuse_wrong_pieces(counted: Decimal, pieces: Mapping[str, int], *, wanted: bool) -> None:
    if not pieces and (not wanted or counted == 0):
        return
    total = counted_of(pieces)
    if total != counted:
        message = _("The notes and coins make %(pieces)s baht, the sum says %(counted)s. Count them once more.")
        shown = {"pieces": format_baht(total), "counted": format_baht(counted)}
        raise DoesNotAddUp(message % shown, field="counted")


def _refuse_unexplained(counted: Decimal, expected: Decimal, difference_reason: str) -> None:
    if counted != expected and not difference_reason:
        message = _("%(counted)s baht were counted, the sheet says %(expected)s. Say where the difference comes from.")
        raise DifferenceUnexplained(
            message % {"counted": format_baht(counted), "expected": format_baht(expected)}, field="difference_reason"
        )


def _take_in(sheet: CollectionSheet, expected: Decimal, *, today: date, now: datetime, request_id: uuid.UUID) -> None:
    """Book the count of the sheet; the entry is the treasurer's, who has the money now."""
    lines = _hand_over_lines(sheet, sheet.counted or ZERO, expected)
    hold_open_month(today)
    if lines:
        sheet.acceptance_entry = post(
            EntryDraft(
                date=today,
                kind=EntryKind.HAND_OVER,
                lines=lines,
                posted_by=sheet.accepted_by,
                memo=sheet.difference_reason,
                document_kind="sheet",
                document_number=sheet.label,
                request_id=request_id,
            ),
            posted_at=now,
        )
    sheet.state, sheet.accepted_on = State.ACCEPTED, today
    forget_uploads(sheet)


def _hand_over_lines(sheet: CollectionSheet, counted: Decimal, expected: Decimal) -> list[LineDraft]:
    """What was counted goes from the collector to the cash box; what is over or short stands in a line of its own."""
    cash, over_short = account(AccountRole.CASH), account(AccountRole.CASH_OVER_SHORT)
    collector = collector_account(sheet.collector)
    drafts = [
        (cash, collector, min(counted, expected)),
        (cash, over_short, counted - expected),
        (over_short, collector, expected - counted),
    ]
    return [
        LineDraft(debit, credit, amount, community=sheet.community) for debit, credit, amount in drafts if amount > 0
    ]


# --- both sides confirm -----------------------------------------------------------------------------------


@transaction.atomic(durable=True)
def agree_to_count(
    *, sheet: CollectionSheet, counted: Decimal, by: User, today: date, now: datetime, request_id: uuid.UUID
) -> CollectionSheet:
    """The collector agrees that `counted` was counted, and the money is booked into the cash box.

    Where she collects there no more, the leader of now answers for her. A sheet that was accepted is returned as it
    is. Raises `NothingCounted` also where another sum was counted meanwhile, `NotHerMoney`, `DifferenceUnexplained`
    where a receipt was made void since the count, `PeriodClosed`.
    """
    sheet = hold_sheet(sheet)
    if sheet.state == State.ACCEPTED:
        return sheet
    _refuse_nothing_counted(sheet, counted)
    _refuse_not_hers(sheet, by)
    expected = money_of_sheet(sheet)
    _refuse_unexplained(sheet.counted or ZERO, expected, sheet.difference_reason)
    sheet.collector_agreed_at = now
    _take_in(sheet, expected, today=today, now=now, request_id=request_id)
    sheet.save()
    return sheet


@transaction.atomic(durable=True)
def refuse_count(
    *, sheet: CollectionSheet, counted: Decimal, reason: str, by: User, request_id: uuid.UUID
) -> CollectionSheet:
    """The collector does not agree: the sheet waits for another count, and why stands in the log and at the count.

    Once for each `request_id`. Raises `NothingCounted`, `NotHerMoney`, `ReasonNeeded`.
    """
    sheet = hold_sheet(sheet)
    if ActionLog.objects.filter(action="count-refused", user=by, details__request_id=str(request_id)).exists():
        return sheet
    _refuse_nothing_counted(sheet, counted)
    _refuse_not_hers(sheet, by)
    if not reason.strip():
        raise ReasonNeeded(_("Say what you counted yourself, or what is wrong."), field="reason")
    told = {"sheet": sheet.label, "counted": format_baht(counted), "reason": reason.strip()}
    log_action(by, "count-refused", subject=sheet.community, **told, request_id=str(request_id))
    sheet.state, sheet.accepted_by, sheet.counted = State.SUBMITTED, None, None
    sheet.notes_and_coins, sheet.difference_reason = {}, ""
    sheet.save()
    return sheet


def _refuse_nothing_counted(sheet: CollectionSheet, counted: Decimal) -> None:
    if sheet.state != State.COUNTED or sheet.counted != counted:
        message = _("The count of sheet %(number)s has changed meanwhile. Look at what was counted now.")
        raise NothingCounted(message % {"number": sheet.label})


def _refuse_not_hers(sheet: CollectionSheet, by: User) -> None:
    if by.pk == sheet.collector_id:
        return
    if by.pk == sheet.accepted_by_id or collects_there(sheet.collector, sheet) or not collects_there(by, sheet):
        message = _("%(collector)s collected this money and agrees to the count, nobody else.")
        raise NotHerMoney(message % {"collector": sheet.collector.display_name})
