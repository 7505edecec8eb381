"""What was made void since a meeting: the committee sees it at the next one, at every level of controls."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _

from ledger.models import DocumentVoid, PaymentVoucher, PaymentVoucherVoid, Receipt, ReceiptVoid
from members.models import Meeting

MEETINGS_TO_CHOOSE = 12
MOST_VOIDS = 500


@dataclass(frozen=True, slots=True)
class VoidPaper:
    """A paper made void: what it is, its number, of whom, how many baht, where it stands, and its void."""

    kind_name: str
    label: str
    party_name: str
    total: Decimal
    address: str
    void: DocumentVoid


def last_meetings(today: date) -> list[Meeting]:
    """The meetings held before today, newest first: what a meeting of today looks back to."""
    return list(Meeting.objects.filter(held_on__lt=today).order_by("-held_on", "-pk")[:MEETINGS_TO_CHOOSE])


def voids_since(since: date | None) -> list[VoidPaper]:
    """Receipts and vouchers made void on that day or later, the oldest void first, in two queries.

    A void of the meeting's own day stands in the list of the next one: better twice than never.
    """
    span = {"voided_on__gte": since} if since else {}
    receipts = ReceiptVoid.objects.filter(**span).select_related("receipt", "voided_by", "second_person")
    vouchers = PaymentVoucherVoid.objects.filter(**span).select_related("voucher", "voided_by", "second_person")
    found = [_row(_("Receipt"), void.receipt, void) for void in receipts.order_by("-pk")[:MOST_VOIDS]]
    found += [_row(_("Payment voucher"), void.voucher, void) for void in vouchers.order_by("-pk")[:MOST_VOIDS]]
    return sorted(found, key=lambda row: (row.void.voided_on, row.void.voided_at))


def _row(kind_name: str, paper: Receipt | PaymentVoucher, void: DocumentVoid) -> VoidPaper:
    if isinstance(paper, Receipt):
        address = paper.get_absolute_url()
    else:
        address = reverse("ledger:voucher", args=[paper.year_be, paper.number])
    return VoidPaper(kind_name, paper.label, paper.party_name, paper.total, address, void)
