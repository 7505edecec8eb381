"""Collection sheets (บัญชีเก็บเงินสมทบ): opened, filled in member by member, submitted.

The day a leader took the money is the day of payment for every right; the day of submission is the ledger's.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.thai_dates import be_year
from contributions.dues import DuesTaken, dues_words, hold_memberships, refuse_not_a_member, write_payments
from contributions.models import CollectionLine, CollectionSheet
from contributions.periods import Period
from contributions.queries import dues_rules, is_left_behind, later_covers
from contributions.sheet_lines import NotWholePeriods, SheetClosed, hold_sheet, whole_periods, write_line
from contributions.verbs import money_verb
from ledger.accounts import account, collector_account
from ledger.documents import PaperDraft, next_numbers, write_receipts
from ledger.models import Account, AccountRole, Entry, EntryKind, Receipt, ReceiptKind
from ledger.periods import hold_open_month
from ledger.posting import EntryDraft, LineDraft, post
from members.models import Community, Leadership, Membership
from office.action_log import log_action
from office.models import User

__all__ = ["NotWholePeriods", "SheetClosed", "open_sheet", "submit_sheet", "write_line"]


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
    lines = list(sheet.lines.select_related("member").order_by("member__sort_key", "member_id"))
    if not lines:
        raise SheetEmpty(_("Nothing stands on this sheet yet. Write down who paid, then submit it."))
    collected = _collected(lines)
    entry, receipts = _post_collection(sheet, collected, by=by, today=today, now=now, request_id=request_id)
    write_payments(
        [
            DuesTaken(one.membership, receipt, one.period, one.line.paid_on, sheet.collector, sheet)
            for one, receipt in zip(collected, receipts, strict=True)
        ]
    )
    sheet.state, sheet.submitted_on = CollectionSheet.State.SUBMITTED, today
    sheet.total, sheet.submission_entry = sum((line.amount for line in lines), Decimal("0.00")), entry
    sheet.save(update_fields=["collector", "state", "submitted_on", "total", "submission_entry"])
    return sheet


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


@dataclass(frozen=True, slots=True)
class Collected:
    """A line of the sheet with its membership, locked, and the span that it pays as things stand now."""

    line: CollectionLine
    membership: Membership
    period: Period


def _collected(lines: Sequence[CollectionLine]) -> list[Collected]:
    latest = Membership.objects.filter(member__in=[line.member_id for line in lines])
    keys = latest.order_by("member_id", "-joined_on").distinct("member_id").values_list("pk", flat=True)
    held = {row.member_id: row for row in hold_memberships(list(keys)).values()}
    rules, covers = dues_rules(), later_covers(held.values())
    found = []
    for line in lines:
        membership = held[line.member_id]
        refuse_not_a_member(membership, line.paid_on)
        periods = whole_periods(membership, line.amount, rules, covers.get(line.member_id, ()))
        found.append(Collected(line, membership, _as_one(periods)))
    return found


def _as_one(periods: Sequence[Period]) -> Period:
    total = sum((period.baht for period in periods), Decimal("0.00"))
    return Period(periods[0].covers_from, periods[-1].covers_until, total)


def _post_collection(
    sheet: CollectionSheet,
    collected: Sequence[Collected],
    *,
    by: User,
    today: date,
    now: datetime,
    request_id: uuid.UUID,
) -> tuple[Entry, list[Receipt]]:
    """One entry with a line a member, and a receipt for each."""
    hold_open_month(today)
    numbers = next_numbers("receipt", be_year(today), len(collected))
    cash, dues = collector_account(sheet.collector), account(AccountRole.DUES)
    entry = post(
        EntryDraft(
            date=today,
            kind=EntryKind.COLLECTION,
            lines=[
                LineDraft(cash, dues, one.line.amount, community=sheet.community, member=one.line.member)
                for one in collected
            ],
            posted_by=by,
            document_kind="sheet",
            document_number=sheet.label,
            request_id=request_id,
        ),
        posted_at=now,
    )
    papers = [
        (_receipt_draft(sheet, one, cash, today), number, entry, [line])
        for one, number, line in zip(collected, numbers, entry.posted_lines, strict=True)
    ]
    return entry, write_receipts(papers, by=by, issued_at=now)


def _receipt_draft(sheet: CollectionSheet, one: Collected, cash: Account, today: date) -> PaperDraft:
    member = one.line.member
    return PaperDraft(
        date=today,
        party_name=member.full_name,
        account=cash,
        request_id=uuid.uuid5(sheet.request_id, str(member.number)),
        lines=[dues_words(member, one.period)],
        member=member,
        extra={"kind": ReceiptKind.DUES},
    )
