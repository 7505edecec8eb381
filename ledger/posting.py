"""The one writer of the books.

`post` and `post_all` run inside the caller's transaction. Locks are taken in one order: claim or
sheet → year and month (`periods.hold_open_month`) → document sequence → ledger head (here, last).
"""

import secrets
import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from django.db import connection
from django.utils.translation import gettext as _

from bansong_fund.lib.errors import DomainError
from ledger import chain
from ledger.models import Account, Entry, EntryKind, EntryMemo, LedgerHead, Line, RestrictedFund
from ledger.periods import hold_open_month
from members.models import Community, Member
from office.models import User


class NotAnAmount(ValueError):
    """A programmer's error: an amount that is not a Decimal above zero with at most two decimals."""


class AlreadyReversed(DomainError):
    """The line was reversed before."""


@dataclass(frozen=True, slots=True)
class LineDraft:
    """One line to post: `amount` baht from `credit` to `debit`."""

    debit: Account
    credit: Account
    amount: Decimal
    community: Community | None = None
    member: Member | None = None
    contributor_number: int | None = None
    restricted_fund: RestrictedFund | None = None  # None: the general fund
    reverses: Line | None = None


@dataclass(frozen=True, slots=True)
class EntryDraft:
    """One entry to post. The same `request_id` posts once, however often it is sent."""

    date: date
    kind: EntryKind
    lines: Sequence[LineDraft]
    posted_by: User | None
    memo: str = ""
    document_kind: str = ""
    document_number: str = ""
    reverses: Entry | None = None
    request_id: uuid.UUID = field(default_factory=uuid.uuid4)


def post(draft: EntryDraft, *, posted_at: datetime) -> Entry:
    """Write one entry, or find the one that the same `request_id` wrote before.

    Raises `PeriodClosed` when its month is closed. The entry returned has `posted_lines`, its lines in order.
    """
    found = Entry.objects.filter(request_id=draft.request_id).first()
    if found is not None:
        found.posted_lines = list(found.lines.order_by("position"))
        return found
    return post_all([draft], posted_at=posted_at)[0]


def post_all(drafts: Sequence[EntryDraft], *, posted_at: datetime) -> list[Entry]:
    """Write entries in the order given, under one lock of the ledger head."""
    if not connection.in_atomic_block:
        raise RuntimeError("post() belongs inside the transaction of a money verb")
    for draft in drafts:
        _check_amounts(draft)
    for day in _one_day_per_month([draft for draft in drafts if draft.kind != EntryKind.CLOSING]):
        hold_open_month(day)
    for draft in drafts:
        if draft.kind == EntryKind.CLOSING:  # the months of a year are closed before the year is
            hold_open_month(draft.date, is_closing=True)
    general = RestrictedFund.objects.get(code="general")
    head = LedgerHead.objects.select_for_update().get()
    entries = [_seal(draft, head, general, posted_at) for draft in drafts]
    Entry.objects.bulk_create(entries, batch_size=2000)
    _write_memos(entries)
    _write_lines(entries)
    _add_to_sums(entries)
    head.save(update_fields=["number", "chain_hash"])
    return entries


def reverse(
    lines: Sequence[Line], *, on: date, by: User | None, memo: str, request_id: uuid.UUID, posted_at: datetime
) -> Entry:
    """Answer lines of one entry by their mirror image, dated `on`, in an open month.

    Raises `AlreadyReversed` when a line was reversed before; the database holds that too.
    """
    original = lines[0].entry
    if Line.objects.filter(reverses__in=lines).exists():
        raise AlreadyReversed(_("Entry %(number)s has been reversed already.") % {"number": original.number})
    mirrored = [
        LineDraft(
            debit=line.credit,
            credit=line.debit,
            amount=line.amount,
            community=line.community,
            member=line.member,
            contributor_number=line.contributor_number,
            restricted_fund=line.restricted_fund,
            reverses=line,
        )
        for line in lines
    ]
    draft = EntryDraft(
        date=on,
        kind=EntryKind.REVERSAL,
        lines=mirrored,
        posted_by=by,
        memo=memo,
        document_kind=original.document_kind,
        document_number=original.document_number,
        reverses=original,
        request_id=request_id,
    )
    return post(draft, posted_at=posted_at)


def _one_day_per_month(drafts: Sequence[EntryDraft]) -> list[date]:
    """The earliest day of each month posted to, in order: the founding day may lie inside a month."""
    days: dict[date, date] = {}
    for draft in drafts:
        month = draft.date.replace(day=1)
        days[month] = min(draft.date, days.get(month, draft.date))
    return [days[month] for month in sorted(days)]


def _check_amounts(draft: EntryDraft) -> None:
    if not draft.lines:
        raise NotAnAmount("an entry needs at least one line")
    for line in draft.lines:
        amount = line.amount
        # numeric(14,2) would round a third decimal in silence
        if not isinstance(amount, Decimal) or not amount.is_finite() or amount <= 0 or amount != round(amount, 2):
            raise NotAnAmount(f"not an amount of baht and satang above zero: {amount!r}")


def _seal(draft: EntryDraft, head: LedgerHead, general: RestrictedFund, posted_at: datetime) -> Entry:
    """Build the entry and its lines behind the head, and move the head on."""
    salt = secrets.token_hex(16) if draft.memo else ""
    digest = chain.memo_digest(salt, draft.memo) if draft.memo else ""
    head.number += 1
    sealed = chain.SealedEntry(
        head.number,
        draft.date,
        draft.kind,
        draft.document_kind,
        draft.document_number,
        draft.reverses.number if draft.reverses else "",
        digest,
    )
    lines = [_sealed_line(position, line, general) for position, line in enumerate(draft.lines, start=1)]
    head.chain_hash = chain.chain_hash(head.chain_hash, sealed, lines)
    entry = Entry(
        number=head.number,
        date=draft.date,
        kind=draft.kind,
        document_kind=draft.document_kind,
        document_number=draft.document_number,
        memo_digest=digest,
        reverses=draft.reverses,
        posted_by=draft.posted_by,
        posted_at=posted_at,
        request_id=draft.request_id,
        hash_version=chain.HASH_VERSION,
        chain_hash=head.chain_hash,
    )
    entry.posted_memo = (salt, draft.memo)
    entry.posted_lines = [_line(position, line, general) for position, line in enumerate(draft.lines, start=1)]
    return entry


def _sealed_line(position: int, line: LineDraft, general: RestrictedFund) -> chain.SealedLine:
    return chain.SealedLine(
        position,
        line.debit.code,
        line.credit.code,
        line.amount,
        (line.restricted_fund or general).code,
        line.community.number if line.community else "",
        line.member.number if line.member else "",
        "" if line.contributor_number is None else line.contributor_number,
        f"{line.reverses.entry.number}:{line.reverses.position}" if line.reverses else "",
    )


def _line(position: int, line: LineDraft, general: RestrictedFund) -> Line:
    return Line(
        position=position,
        debit=line.debit,
        credit=line.credit,
        amount=line.amount,
        restricted_fund=line.restricted_fund or general,
        community=line.community,
        member=line.member,
        contributor_number=line.contributor_number,
        reverses=line.reverses,
    )


def _write_memos(entries: Iterable[Entry]) -> None:
    memos = [
        EntryMemo(entry=entry, salt=salt, text=text) for entry in entries for salt, text in [entry.posted_memo] if text
    ]
    EntryMemo.objects.bulk_create(memos, batch_size=2000)


def _write_lines(entries: Iterable[Entry]) -> None:
    lines = []
    for entry in entries:
        for line in entry.posted_lines:
            line.entry = entry
            lines.append(line)
    Line.objects.bulk_create(lines, batch_size=5000)


ADD_TO_SUMS = """
    WITH moved AS (
        SELECT * FROM unnest(
            %s::date[], %s::bigint[], %s::bigint[], %s::bigint[], %s::boolean[], %s::numeric[], %s::numeric[])
            AS x (month, account_id, restricted_fund_id, community_id, is_closing, debit, credit)
    ), of_communities AS (
        INSERT INTO ledger_communitysum AS k
               (month, account_id, community_id, restricted_fund_id, is_closing, debit, credit)
        SELECT month, account_id, community_id, restricted_fund_id, is_closing, debit, credit
          FROM moved WHERE community_id IS NOT NULL
        ON CONFLICT ON CONSTRAINT one_kept_sum_of_a_community DO UPDATE
           SET debit = k.debit + EXCLUDED.debit, credit = k.credit + EXCLUDED.credit
    )
    INSERT INTO ledger_ledgersum AS k (month, account_id, restricted_fund_id, is_closing, debit, credit)
    SELECT month, account_id, restricted_fund_id, is_closing, sum(debit), sum(credit)
      FROM moved GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
    ON CONFLICT ON CONSTRAINT one_kept_sum DO UPDATE
       SET debit = k.debit + EXCLUDED.debit, credit = k.credit + EXCLUDED.credit
"""


def _add_to_sums(entries: Iterable[Entry]) -> None:
    sums: dict[tuple, list[Decimal]] = defaultdict(lambda: [Decimal(0), Decimal(0)])
    for entry in entries:
        month, is_closing = entry.date.replace(day=1), entry.kind == EntryKind.CLOSING
        for line in entry.posted_lines:
            about = (line.restricted_fund_id, line.community_id, is_closing)
            sums[month, line.debit_id, *about][0] += line.amount
            sums[month, line.credit_id, *about][1] += line.amount
    # one order for all writers, so that two of them never wait for each other crosswise
    rows = sorted(sums.items(), key=lambda item: (*item[0][:3], item[0][3] or 0, item[0][4]))
    columns = [list(column) for column in zip(*((*key, *value) for key, value in rows), strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(ADD_TO_SUMS, columns)
