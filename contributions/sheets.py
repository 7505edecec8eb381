"""Collection sheets (บัญชีเก็บเงินสมทบ): opened, filled in member by member, submitted.

The day a leader took the money is the day of payment for every right; the day of submission is the ledger's.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from itertools import islice

from django.db import transaction
from django.utils.translation import gettext as _

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.thai_dates import be_year, format_date
from contributions.allocating import Share, in_runs
from contributions.door import receipt_key
from contributions.dues import DuesTaken, dues_words, hold_memberships, refuse_not_a_member, shares_of, write_payments
from contributions.entry_fees import fee_words, fees_paid, refuse_other_fee
from contributions.models import CollectionLine, CollectionSheet, EntryFee
from contributions.queries import dues_rules, entry_fee_due, is_left_behind, later_covers
from contributions.sheet_lines import (
    SheetClosed,
    by_receipt,
    hold_sheet,
    write_line,
)
from contributions.verbs import money_verb
from ledger.accounts import account, collector_account
from ledger.documents import PaperDraft, PaperLine, next_numbers, write_receipts
from ledger.models import Account, AccountRole, Entry, EntryKind, Receipt, ReceiptKind
from ledger.periods import hold_open_month
from ledger.posting import EntryDraft, LineDraft, post
from members.models import Community, Leadership, Membership
from office.action_log import log_action
from office.models import User

__all__ = ["SheetClosed", "open_sheet", "submit_sheet", "write_line"]


class SheetEmpty(DomainError):
    """Nothing stands on the sheet."""


class NotTheCollector(DomainError):
    """Only she who collected submits: the money is with her."""


def sheet_of(request_id: uuid.UUID) -> CollectionSheet | None:
    return CollectionSheet.objects.filter(request_id=request_id).first()


@money_verb(sheet_of)
def open_sheet(*, community: Community, by: User, today: date, now: datetime, request_id: uuid.UUID) -> CollectionSheet:
    """Open a community's sheet, with the next number; finds the one that is being filled in already."""
    Community.objects.select_for_update().get(pk=community.pk)
    found = CollectionSheet.objects.filter(community=community, state=CollectionSheet.State.DRAFT).first()
    if found is not None:
        return found
    year_be = be_year(today)
    return CollectionSheet.objects.create(
        request_id=request_id,
        year_be=year_be,
        number=next_numbers("sheet", year_be)[0],
        community=community,
        collector=by,
        opened_on=today,
    )


# --- submitting -------------------------------------------------------------------------------------------


@transaction.atomic(durable=True)
def submit_sheet(
    *, sheet: CollectionSheet, by: User, today: date, now: datetime, request_id: uuid.UUID
) -> CollectionSheet:
    """Freeze the sheet, book its money as cash with the collector, give each member a receipt, move paid-through.

    Of a collector who leads there no more (she died, or gave it up) the leader of now takes the sheet and its money
    over. A sheet that was submitted is returned as it is. Raises `NotTheCollector`, `SheetEmpty`, `PeriodClosed`, and
    for a line what `write_line` raises: a member may have paid at the office, or died, since it was typed.
    """
    sheet = hold_sheet(sheet)
    if sheet.state != CollectionSheet.State.DRAFT:
        return sheet
    _take_over(sheet, by)
    lines = list(sheet.lines.select_related("member", "door_receipt__book").order_by("member__sort_key", "member_id"))
    if not lines:
        raise SheetEmpty(_("Nothing stands on this sheet yet. Write down who paid, then submit it."))
    collected = _collected(lines, today)
    entry, receipts = _post_collection(sheet, collected, by=by, today=today, now=now, request_id=request_id)
    _write_what_was_paid(sheet, collected, receipts)
    sheet.state, sheet.submitted_on = CollectionSheet.State.SUBMITTED, today
    sheet.total, sheet.submission_entry = sum((one.line.baht for one in collected), Decimal("0.00")), entry
    sheet.save(update_fields=["collector", "state", "submitted_on", "total", "submission_entry"])
    return sheet


@dataclass(frozen=True, slots=True)
class Collected:
    """A line of the sheet with its membership, locked, and what its dues pay as things stand now."""

    line: CollectionLine
    membership: Membership
    shares: list[Share]


def _write_what_was_paid(sheet: CollectionSheet, collected: Sequence[Collected], receipts: dict[int, Receipt]) -> None:
    """Dues and entry fees as facts; `receipts` by the keys of the lines."""
    write_payments(
        [
            DuesTaken(one.membership, receipts[one.line.pk], share, one.line.paid_on, sheet.collector, sheet)
            for one in collected
            for share in one.shares
        ]
    )
    fees = [
        EntryFee(
            membership=one.membership,
            receipt=receipts[one.line.pk],
            sheet=sheet,
            amount=one.line.entry_fee,
            paid_on=one.line.paid_on,
        )
        for one in collected
        if one.line.entry_fee
    ]
    if fees:
        EntryFee.objects.bulk_create(fees)


def _take_over(sheet: CollectionSheet, by: User) -> None:
    """Let `by` be the sheet's collector, where the money can be with her. Raises `NotTheCollector`."""
    if by.pk == sheet.collector_id:
        return
    leading = Leadership.objects.filter(community=sheet.community_id, until=None)
    if not is_left_behind(sheet) or not leading.filter(user=by).exists():
        message = _("Sheet %(number)s is %(collector)s's: the money is with her or him, who has to submit it.")
        raise NotTheCollector(message % {"number": sheet.label, "collector": sheet.collector.display_name})
    told = {"sheet": sheet.label, "collector": sheet.collector.display_name}
    log_action(by, "sheet-taken-over", subject=sheet.community, **told)
    sheet.collector = by


def _collected(lines: Sequence[CollectionLine], today: date) -> list[Collected]:
    latest = Membership.objects.filter(member__in=[line.member_id for line in lines])
    keys = latest.order_by("member_id", "-joined_on").distinct("member_id").values_list("pk", flat=True)
    held = {row.member_id: row for row in hold_memberships(list(keys)).values()}
    rules, covers = dues_rules(), later_covers(held.values())
    with_fee = [held[line.member_id] for line in lines if line.entry_fee]
    fees, due = fees_paid(with_fee) if with_fee else {}, entry_fee_due(with_fee, rules)
    found = []
    for line in lines:
        membership = held[line.member_id]
        refuse_not_a_member(membership, line.paid_on)
        if line.entry_fee:
            refuse_other_fee(membership, line.entry_fee, due, fees)
        paid = covers.get(line.member_id, ())
        shares = in_runs(shares_of(membership, line.amount, today, rules, paid)) if line.amount else []
        found.append(Collected(line, membership, shares))
    return found


def _post_collection(
    sheet: CollectionSheet,
    collected: Sequence[Collected],
    *,
    by: User,
    today: date,
    now: datetime,
    request_id: uuid.UUID,
) -> tuple[Entry, dict[int, Receipt]]:
    """One entry with a line for each sum, and a receipt for each payer; the receipts by the keys of the lines."""
    hold_open_month(today)
    groups = _groups(collected)
    issued = sum(not _on_paper(group) for group in groups)
    own_numbers = iter(next_numbers("receipt", be_year(today), issued) if issued else ())
    cash = collector_account(sheet.collector)
    incomes = account(AccountRole.DUES), account(AccountRole.ENTRY_FEE)
    sums = [[part for one in group for part in _sums(sheet, one, today, cash, incomes)] for group in groups]
    entry = post(
        EntryDraft(
            date=today,
            kind=EntryKind.COLLECTION,
            lines=[line for group in sums for line, _words in group],
            posted_by=by,
            document_kind="sheet",
            document_number=sheet.label,
            request_id=request_id,
        ),
        posted_at=now,
    )
    posted = iter(entry.posted_lines)
    papers = [
        (
            _receipt_draft(sheet, group, cash, today, [words for _line, words in lines]),
            (_on_paper(group) and group[0].line.door_receipt.number) or next(own_numbers),
            entry,
            list(islice(posted, len(lines))),
        )
        for group, lines in zip(groups, sums, strict=True)
    ]
    receipts = write_receipts(papers, by=by, issued_at=now)
    return entry, {one.line.pk: receipt for group, receipt in zip(groups, receipts, strict=True) for one in group}


def _groups(collected: Sequence[Collected]) -> list[list[Collected]]:
    """Lines of one door receipt together, each other line alone, in the order of the first of each."""
    by_line = {one.line.pk: one for one in collected}
    return [[by_line[line.pk] for line in lines] for lines in by_receipt([one.line for one in collected])]


def _on_paper(group: Sequence[Collected]) -> bool:
    """Whether the payer has a number out of a paper book: then the program issues no second receipt."""
    door = group[0].line.door_receipt
    return door is not None and door.book_id is not None


def _sums(
    sheet: CollectionSheet, one: Collected, today: date, cash: Account, incomes: tuple[Account, Account]
) -> list[tuple[LineDraft, PaperLine]]:
    """What one member paid, sum by sum, as it is posted and as the receipt says it; `incomes`: of dues, of fees.

    The receipt bears the day of the ledger; the day on which the money was taken stands in its lines.
    """
    (dues, fees), member, taken_on = incomes, one.line.member, one.line.paid_on
    found = [(dues, share.amount, dues_words(member, share)) for share in one.shares]
    if one.line.entry_fee:
        found.append((fees, one.line.entry_fee, fee_words(member)))
    return [
        (LineDraft(cash, income, baht, community=sheet.community, member=member), _with_day(words, taken_on, today))
        for income, baht, words in found
    ]


def _with_day(words: PaperLine, taken_on: date, today: date) -> PaperLine:
    if taken_on == today:
        return words
    th, en = (format_date(taken_on, "short", language) for language in ("th", "en"))
    return replace(words, text_th=f"{words.text_th} รับเงิน {th}", text_en=f"{words.text_en}, paid on {en}")


def _receipt_draft(
    sheet: CollectionSheet, group: Sequence[Collected], cash: Account, today: date, words: list[PaperLine]
) -> PaperDraft:
    """The receipt of one payer. What was given at the door is found again by its request id."""
    first, door = group[0].line.member, group[0].line.door_receipt
    payer = door.payer_name if door is not None else ""
    book = door.book.label if door is not None and door.book is not None else ""
    kind = ReceiptKind.DUES if any(one.shares for one in group) else ReceiptKind.ENTRY_FEE
    return PaperDraft(
        date=today,
        party_name=payer or first.full_name,
        account=cash,
        request_id=receipt_key(door) if door is not None else uuid.uuid5(sheet.request_id, str(first.number)),
        lines=words,
        member=first if len(group) == 1 else None,
        extra={"kind": kind, "book": book},
    )
