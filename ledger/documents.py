"""Receipts and vouchers: gap-free numbers, frozen words, each line tied to the ledger line it shows.

These are building blocks for the money verbs of `contributions` and `welfare`; they run inside the
caller's transaction.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.thai_dates import be_year
from ledger.models import (
    Account,
    Document,
    Entry,
    Line,
    PaymentMeans,
    PaymentVoucher,
    PaymentVoucherLine,
    PaymentVoucherVoid,
    Receipt,
    ReceiptLine,
    ReceiptVoid,
)
from ledger.posting import AlreadyReversed, reverse
from ledger.restricted import funds_taken_from, refuse_fund_overdrawn
from members.models import Member
from office.models import User


class AlreadyVoid(DomainError):
    """The paper was made void before."""


class ReasonNeeded(DomainError):
    """A void or correction says why."""


# One statement in place of three: the row is made or moved on, and stays locked until the transaction ends.
TAKE_NUMBERS = """
    INSERT INTO ledger_documentsequence (series, year_be, last) VALUES (%s, %s, %s)
    ON CONFLICT ON CONSTRAINT one_sequence_per_series_and_year
    DO UPDATE SET last = ledger_documentsequence.last + EXCLUDED.last RETURNING last
"""


def next_numbers(series: str, year_be: int, count: int = 1) -> range:
    """Take the next `count` numbers of a series under its row's lock: gap-free, as the transaction is."""
    if not connection.in_atomic_block:
        raise RuntimeError("next_numbers() belongs inside the transaction of a money verb")
    with connection.cursor() as cursor:
        cursor.execute(TAKE_NUMBERS, [series, year_be, count])
        last: int = cursor.fetchone()[0]
    return range(last - count + 1, last + 1)


def label(year_be: int, number: int) -> str:
    """Book and number as papers and entries name them: 2563/000123."""
    return f"{year_be}/{number:06d}"


@dataclass(frozen=True, slots=True)
class PaperLine:
    """A line of a paper: words in both languages; the amount comes from the ledger line."""

    text_th: str
    text_en: str
    extra: dict[str, Any] | None = None  # covers_from/covers_until of a receipt, claim_number of a voucher


@dataclass(frozen=True, slots=True)
class PaperDraft:
    """What a receipt or voucher says besides its number, entry and lines."""

    date: date
    party_name: str
    account: Account
    request_id: uuid.UUID
    lines: Sequence[PaperLine]
    means: PaymentMeans = PaymentMeans.CASH
    means_reference: str = ""
    party_address: str = ""
    party_phone: str = ""
    member: Member | None = None
    contributor_number: int | None = None
    extra: dict[str, Any] | None = None  # kind of a receipt; resolution_label, witness_name … of a voucher


DraftedPaper = tuple[PaperDraft, int, Entry, Sequence[Line]]  # the draft, its number, its entry, that entry's lines


def write_receipts(drafts: Sequence[DraftedPaper], *, by: User | None, issued_at: datetime) -> list[Receipt]:
    """Write receipts in bulk; their numbers were taken before posting."""
    receipts: list[Receipt] = _write(Receipt, ReceiptLine, "receipt", drafts, by=by, issued_at=issued_at)
    return receipts


def write_vouchers(drafts: Sequence[DraftedPaper], *, by: User | None, issued_at: datetime) -> list[PaymentVoucher]:
    """Write vouchers in bulk; their numbers were taken before posting."""
    vouchers: list[PaymentVoucher] = _write(
        PaymentVoucher, PaymentVoucherLine, "voucher", drafts, by=by, issued_at=issued_at
    )
    return vouchers


def _write(
    model: Any, line_model: Any, name: str, drafts: Sequence[DraftedPaper], *, by: User | None, issued_at: datetime
) -> Any:
    papers = [_document(model, *draft, by=by, issued_at=issued_at) for draft in drafts]
    model.objects.bulk_create(papers, batch_size=2000)
    rows = [
        line_model(**{name: paper}, **values)
        for paper, (draft, _number, _entry, lines) in zip(papers, drafts, strict=True)
        for values in _line_values(draft, lines)
    ]
    line_model.objects.bulk_create(rows, batch_size=5000)
    return papers


def _document(
    model: type[Document],
    draft: PaperDraft,
    number: int,
    entry: Entry,
    lines: Sequence[Line],
    *,
    by: User | None,
    issued_at: datetime,
) -> Any:
    return model(
        request_id=draft.request_id,
        year_be=be_year(draft.date),
        number=number,
        date=draft.date,
        party_name=draft.party_name,
        party_address=draft.party_address,
        party_phone=draft.party_phone,
        member=draft.member,
        contributor_number=draft.contributor_number,
        means=draft.means,
        means_reference=draft.means_reference,
        account=draft.account,
        total=sum((line.amount for line in lines), Decimal(0)),
        entry=entry,
        issued_by=by,
        issued_by_name=by.display_name if by else "",
        issued_by_post=by.post if by else "",
        issued_at=issued_at,
        **(draft.extra or {}),
    )


def _line_values(draft: PaperDraft, lines: Sequence[Line]) -> list[dict[str, Any]]:
    return [
        {
            "position": position,
            "text_th": words.text_th,
            "text_en": words.text_en,
            "amount": line.amount,
            "line": line,
            **(words.extra or {}),
        }
        for position, (words, line) in enumerate(zip(draft.lines, lines, strict=True), start=1)
    ]


def void_receipt(
    receipt: Receipt, *, reason: str, by: User, second_person: User | None, on: date, now: datetime
) -> ReceiptVoid:
    """Make a receipt void: its number stays, its ledger lines are reversed. Raises `AlreadyVoid`."""
    void: ReceiptVoid = _void(
        receipt, ReceiptVoid, "receipt", reason=reason, by=by, second_person=second_person, on=on, now=now
    )
    return void


def void_voucher(
    voucher: PaymentVoucher, *, reason: str, by: User, second_person: User | None, on: date, now: datetime
) -> PaymentVoucherVoid:
    """Make a voucher void: its number stays, its ledger lines are reversed. Raises `AlreadyVoid`."""
    void: PaymentVoucherVoid = _void(
        voucher, PaymentVoucherVoid, "voucher", reason=reason, by=by, second_person=second_person, on=on, now=now
    )
    return void


def _void(
    document: Any,
    void_model: Any,
    name: str,
    *,
    reason: str,
    by: User,
    second_person: User | None,
    on: date,
    now: datetime,
) -> Any:
    if not reason.strip():
        raise ReasonNeeded(_("Say why this paper becomes void; the reason stays with it."), field="reason")
    already_void = AlreadyVoid(_("%(number)s is void already; nothing was changed.") % {"number": document.label})
    if void_model.objects.filter(**{name: document}).exists():
        raise already_void
    lines = list(
        Line.objects.filter(pk__in=document.lines.values("line_id"))
        .select_related("entry", "debit", "credit", "community", "member", "restricted_fund")
        .order_by("position")
    )
    request_id = uuid.uuid5(document.request_id, "void")
    try:
        entry = reverse(lines, on=on, by=by, memo=reason, request_id=request_id, posted_at=now)
    except AlreadyReversed as late:  # voided by another between the look above and this one
        raise already_void from late
    for fund in funds_taken_from(lines):
        refuse_fund_overdrawn(fund, field="reason")
    return void_model.objects.create(
        **{name: document},
        reason=reason,
        voided_on=on,
        voided_by=by,
        second_person=second_person,
        voided_at=now,
        reversal=entry,
    )
