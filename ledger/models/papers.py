"""Receipts and vouchers: gap-free numbers, frozen words; paper books; copies; printed fingerprints."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bansong_fund.lib.append_only import AppendOnly
from bansong_fund.lib.money import BahtField
from ledger.models.accounts import Account
from ledger.models.entries import Entry, Line


class DocumentSequence(models.Model):
    """The last number of a gap-free series in a Buddhist year (receipt, voucher, claim, sheet, …)."""

    series = models.CharField(max_length=20)
    year_be = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["series", "year_be"], name="one_sequence_per_series_and_year")]


class PaymentMeans(models.TextChoices):
    CASH = "cash", _("Cash")
    TRANSFER = "transfer", _("Bank transfer")
    CHEQUE = "cheque", _("Cheque")


class ReceiptKind(models.TextChoices):
    DUES = "dues", _("Members' contributions")
    MUNICIPALITY = "municipality", _("Municipality's contribution")
    CODI = "codi", _("Contribution through CODI")
    GIFT = "gift", _("Gift")
    INTEREST = "interest", _("Bank interest")
    ENTRY_FEE = "entry-fee", _("Entry fee")
    OTHER = "other", _("Other income")


class Document(AppendOnly):
    """What receipts and vouchers share: a gap-free number in a Buddhist year, frozen words, one entry."""

    request_id = models.UUIDField(unique=True, default=uuid.uuid4)
    public_token = models.UUIDField(unique=True, default=uuid.uuid4)
    year_be = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    date = models.DateField()
    party_name = models.CharField(max_length=250)
    party_address = models.CharField(max_length=250, blank=True)
    party_phone = models.CharField(max_length=30, blank=True)
    member = models.ForeignKey("members.Member", models.PROTECT, related_name="+", null=True)
    contributor_number = models.PositiveIntegerField(null=True)
    means = models.CharField(max_length=10, choices=PaymentMeans.choices, default=PaymentMeans.CASH)
    means_reference = models.CharField(max_length=100, blank=True)
    account = models.ForeignKey(Account, models.PROTECT, related_name="+")
    total = BahtField()
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="+")
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)
    issued_by_name = models.CharField(max_length=150)
    issued_by_post = models.CharField(max_length=150, blank=True)
    issued_at = models.DateTimeField(default=timezone.now)

    class Meta(AppendOnly.Meta):
        abstract = True

    @property
    def label(self) -> str:
        """Book and number as papers show them: 2563/000123."""
        return f"{self.year_be}/{self.number:06d}"


class ReceiptBook(models.Model):
    """A book of paper receipts with printed numbers, given to a leader until she brings it back."""

    request_id = models.UUIDField(unique=True, default=uuid.uuid4)
    label = models.CharField(max_length=20, unique=True, help_text="the book's number as printed on its cover")
    first_number = models.PositiveIntegerField()
    last_number = models.PositiveIntegerField()
    holder = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="receipt_books")
    given_on = models.DateField()
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    returned_on = models.DateField(null=True)
    returned_to = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)

    class Meta:
        ordering = ["label"]
        constraints = [
            models.CheckConstraint(
                condition=Q(first_number__gt=0) & Q(last_number__gte=F("first_number")), name="a_book_has_numbers"
            ),
        ]

    def __str__(self) -> str:
        return self.label


class SpoiledNumber(AppendOnly):
    """A number of a paper book that was not used for a receipt: written wrongly, torn out, lost, left blank."""

    class Kind(models.TextChoices):
        VOID = "void", _("Written wrongly, both copies kept")
        LOST = "lost", _("Lost")
        BLANK = "blank", _("Left blank")

    request_id = models.UUIDField(unique=True, default=uuid.uuid4)
    book = models.ForeignKey(ReceiptBook, models.PROTECT, related_name="spoiled")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=5, choices=Kind.choices)
    reason = models.CharField(max_length=250)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    written_on = models.DateField()

    class Meta(AppendOnly.Meta):
        constraints = [models.UniqueConstraint(fields=["book", "number"], name="a_number_is_spoiled_once")]


class Receipt(Document):
    """ใบเสร็จรับเงิน: one that the program issues, or (`book`) the program's row of one written in a paper book."""

    kind = models.CharField(max_length=15, choices=ReceiptKind.choices)
    book = models.CharField(max_length=20, blank=True, help_text="label of the paper book; empty: issued here")

    class Meta(Document.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["year_be", "number"],
                condition=Q(book=""),
                include=["total"],  # a year's receipts are added up by this index alone
                name="receipt_numbers_are_unique",
            ),
            models.UniqueConstraint(
                fields=["book", "number"], condition=~Q(book=""), name="paper_receipt_numbers_are_unique"
            ),
            models.CheckConstraint(condition=Q(total__gt=0), name="a_receipt_has_a_total_above_zero"),
        ]
        indexes = [
            models.Index(fields=["member", "-date"]),
            models.Index(fields=["date"]),
            models.Index(fields=["year_be", "number"], name="receipts_by_year_and_number"),  # those of paper books too
        ]

    @property
    def label(self) -> str:
        """2563/000123 of the program's own series; book and printed number of a paper book."""
        return receipt_label(self.year_be, self.number, self.book)

    @property
    def is_paper(self) -> bool:
        """Written by hand in a book: the program refers to it and prints no second receipt."""
        return bool(self.book)

    def get_absolute_url(self) -> str:
        if self.book:
            return reverse("ledger:paper_receipt", args=[self.book, self.number])
        return reverse("ledger:receipt", args=[self.year_be, self.number])


def receipt_label(year_be: int, number: int, book: str = "") -> str:
    """How a receipt is named, for rows that hold only its columns."""
    return (
        gettext("Book %(book)s no. %(number)s") % {"book": book, "number": number}
        if book
        else f"{year_be}/{number:06d}"
    )


class ReceiptCopy(AppendOnly):
    """A receipt that was handed out as a file or print: 0 is the original, 1 … say COPY. A preview makes none."""

    request_id = models.UUIDField(unique=True, default=uuid.uuid4)
    receipt = models.ForeignKey(Receipt, models.PROTECT, related_name="copies")
    number = models.PositiveSmallIntegerField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    class Meta(AppendOnly.Meta):
        constraints = [models.UniqueConstraint(fields=["receipt", "number"], name="copies_are_numbered")]


class PaymentVoucher(Document):
    """ใบสำคัญจ่าย."""

    resolution_label = models.CharField(max_length=60, blank=True)
    recipient_id_encrypted = models.TextField(blank=True)
    witness_name = models.CharField(max_length=150, blank=True)
    second_witness_name = models.CharField(max_length=150, blank=True)
    is_thumb_print = models.BooleanField(default=False, help_text="signed by a thumb print, before two witnesses")

    class Meta(Document.Meta):
        constraints = [
            models.UniqueConstraint(fields=["year_be", "number"], name="voucher_numbers_are_unique"),
            models.CheckConstraint(condition=Q(total__gt=0), name="a_voucher_has_a_total_above_zero"),
        ]
        indexes = [models.Index(fields=["date"])]


class DocumentLine(AppendOnly):
    """A numbered line of a paper, in both languages, tied to the ledger line that it shows."""

    position = models.PositiveIntegerField()
    text_th = models.CharField(max_length=250)
    text_en = models.CharField(max_length=250)
    amount = BahtField()
    line = models.OneToOneField(Line, models.PROTECT, related_name="+")

    class Meta(AppendOnly.Meta):
        abstract = True


class ReceiptLine(DocumentLine):
    receipt = models.ForeignKey(Receipt, models.PROTECT, related_name="lines", db_index=False)
    covers_from = models.DateField(null=True)
    covers_until = models.DateField(null=True)

    class Meta(DocumentLine.Meta):
        ordering = ["receipt", "position"]
        constraints = [models.UniqueConstraint(fields=["receipt", "position"], name="receipt_lines_are_numbered")]


class PaymentVoucherLine(DocumentLine):
    voucher = models.ForeignKey(PaymentVoucher, models.PROTECT, related_name="lines", db_index=False)
    claim_number = models.CharField(max_length=20, blank=True)

    class Meta(DocumentLine.Meta):
        ordering = ["voucher", "position"]
        constraints = [models.UniqueConstraint(fields=["voucher", "position"], name="voucher_lines_are_numbered")]


class DocumentVoid(AppendOnly):
    """Why and by whom a paper was made void. The number stays; the reversal stands in the books."""

    reason = models.CharField(max_length=250)
    voided_on = models.DateField()
    voided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    second_person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)
    voided_at = models.DateTimeField(default=timezone.now)
    reversal = models.OneToOneField(Entry, models.PROTECT, related_name="+")

    class Meta(AppendOnly.Meta):
        abstract = True


class ReceiptVoid(DocumentVoid):
    receipt = models.OneToOneField(Receipt, models.PROTECT, related_name="void")


class PaymentVoucherVoid(DocumentVoid):
    voucher = models.OneToOneField(PaymentVoucher, models.PROTECT, related_name="void")


class Fingerprint(AppendOnly):
    """A chain hash that was printed, on which paper and when: `check_ledger` proves the chain still holds it."""

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="+")
    chain_hash = models.CharField(max_length=64)
    paper = models.CharField(max_length=60)
    is_provisional = models.BooleanField()
    printed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)
    printed_at = models.DateTimeField(default=timezone.now)
