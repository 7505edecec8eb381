"""What was made void or reversed since a meeting: the committee sees it at the next one, at every level of controls."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Sum
from django.urls import reverse
from django.utils.translation import gettext as _

from ledger.models import (
    DocumentVoid,
    Entry,
    EntryKind,
    PaymentVoucher,
    PaymentVoucherVoid,
    Receipt,
    ReceiptVoid,
)
from members.models import Meeting
from office.models import User

MEETINGS_TO_CHOOSE = 12
MOST_VOIDS = 500


@dataclass(frozen=True, slots=True)
class Undone:
    """An entry that no paper owns, reversed: told in the words of a void."""

    reason: str
    voided_on: date
    voided_at: datetime
    voided_by: User | None
    second_person: User | None


@dataclass(frozen=True, slots=True)
class VoidPaper:
    """A paper made void, or an entry reversed: what it is, its number, of whom, how many baht, where it stands."""

    kind_name: str
    label: str
    party_name: str
    total: Decimal
    address: str
    void: DocumentVoid | Undone


def last_meetings(today: date) -> list[Meeting]:
    """The meetings held before today, newest first: what a meeting of today looks back to."""
    return list(Meeting.objects.filter(held_on__lt=today).order_by("-held_on", "-pk")[:MEETINGS_TO_CHOOSE])


def voids_since(since: date | None) -> list[VoidPaper]:
    """Receipts and vouchers made void, entries reversed, on that day or later, the oldest first, in three queries.

    A void of the meeting's own day stands in the list of the next one: better twice than never.
    """
    span = {"voided_on__gte": since} if since else {}
    receipts = ReceiptVoid.objects.filter(**span).select_related("receipt", "voided_by", "second_person")
    vouchers = PaymentVoucherVoid.objects.filter(**span).select_related("voucher", "voided_by", "second_person")
    found = [_row(_("Receipt"), void.receipt, void) for void in receipts.order_by("-pk")[:MOST_VOIDS]]
    found += [_row(_("Payment voucher"), void.voucher, void) for void in vouchers.order_by("-pk")[:MOST_VOIDS]]
    found += [_reversed(entry) for entry in _reversals(since)]
    return sorted(found, key=lambda row: (row.void.voided_on, row.void.voided_at))


def _reversals(since: date | None) -> list[Entry]:
    """The reversals that are not the void of a paper, the newest first, with their `baht`."""
    rows = Entry.objects.filter(kind=EntryKind.REVERSAL, **({"date__gte": since} if since else {}))
    rows = rows.exclude(pk__in=ReceiptVoid.objects.values("reversal"))
    rows = rows.exclude(pk__in=PaymentVoucherVoid.objects.values("reversal"))
    rows = rows.select_related("reverses__memo_row", "memo_row", "posted_by", "confirmation__confirmed_by")
    return list(rows.annotate(baht=Sum("lines__amount")).order_by("-number")[:MOST_VOIDS])


def _reversed(reversal: Entry) -> VoidPaper:
    answered = reversal.reverses
    second = getattr(reversal, "confirmation", None)
    undone = Undone(
        _memo_of(reversal),
        reversal.date,
        reversal.posted_at,
        reversal.posted_by,
        second.confirmed_by if second else None,
    )
    number = answered.number if answered else reversal.number
    about = _memo_of(answered) if answered else ""
    baht = reversal.baht  # type: ignore[attr-defined]  # annotated above
    return VoidPaper(_("Entry no."), str(number), about, baht, reverse("ledger:entry", args=[number]), undone)


def _memo_of(entry: Entry) -> str:
    row = getattr(entry, "memo_row", None)
    return row.text if row else ""


def _row(kind_name: str, paper: Receipt | PaymentVoucher, void: DocumentVoid) -> VoidPaper:
    if isinstance(paper, Receipt):
        address = paper.get_absolute_url()
    else:
        address = reverse("ledger:voucher", args=[paper.year_be, paper.number])
    return VoidPaper(kind_name, paper.label, paper.party_name, paper.total, address, void)
