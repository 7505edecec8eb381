"""Collection sheets (บัญชีเก็บเงินสมทบ), their lines, what was given at the door, what phones and files sent."""

import uuid
from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bansong_fund.lib.append_only import AppendOnly
from bansong_fund.lib.money import BahtField
from ledger.models import Entry, ReceiptBook
from members.models import Community, Member


class CollectionSheet(models.Model):
    """บัญชีเก็บเงินสมทบ: what a leader collected in her community, handed over to the treasurer."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Being filled in")
        SUBMITTED = "submitted", _("Submitted")
        COUNTED = "counted", _("Counted, waiting for the collector")
        ACCEPTED = "accepted", _("Accepted")

    request_id = models.UUIDField(unique=True, default=uuid.uuid4)
    year_be = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    community = models.ForeignKey(Community, models.PROTECT, related_name="sheets")
    collector = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="sheets")
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    opened_on = models.DateField()
    submitted_on = models.DateField(null=True)
    accepted_on = models.DateField(null=True)
    accepted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)
    total = BahtField(default=0)
    counted = BahtField(null=True)
    difference_reason = models.CharField(max_length=250, blank=True)
    # what the treasurer counted by note and coin, {"1000": 3, "0.25": 4}; the level `strict` asks for it
    notes_and_coins = models.JSONField(default=dict)
    # keys of members in the order of their line codes: 001 is the first; whoever comes later goes behind
    line_codes = models.JSONField(default=list)
    collector_agreed_at = models.DateTimeField(null=True, help_text="at `strict` the collector confirms the count")
    submission_entry = models.OneToOneField(Entry, models.PROTECT, related_name="+", null=True)
    acceptance_entry = models.OneToOneField(Entry, models.PROTECT, related_name="+", null=True)

    class Meta:
        ordering = ["-opened_on", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["year_be", "number"], name="sheet_numbers_are_unique"),
            models.UniqueConstraint(
                fields=["community"], condition=Q(state="draft"), name="one_open_sheet_per_community"
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(submitted_on__isnull=False, submission_entry__isnull=False),
                name="a_submitted_sheet_is_posted",
            ),
        ]

    @property
    def label(self) -> str:
        return f"{self.year_be}/{self.number:04d}"


class DoorReceipt(models.Model):
    """What the payer got at the door for one or several lines: a number of a paper book, or a receipt on the phone.

    Without a book it is shown on the phone by its token; the sheet's submission then issues the numbered receipt.
    """

    request_id = models.UUIDField(unique=True, default=uuid.uuid4)
    public_token = models.UUIDField(unique=True, default=uuid.uuid4)
    sheet = models.ForeignKey(CollectionSheet, models.PROTECT, related_name="door_receipts")
    payer_name = models.CharField(max_length=200, blank=True, help_text="who paid, where it was not the one member")
    book = models.ForeignKey(ReceiptBook, models.PROTECT, related_name="door_receipts", null=True)
    number = models.PositiveIntegerField(null=True)
    given_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["book", "number"], name="a_paper_number_is_used_once"),
            models.CheckConstraint(
                condition=Q(book=None, number=None) | Q(book__isnull=False, number__isnull=False),
                name="a_paper_number_has_its_book",
            ),
        ]


class CollectionLine(models.Model):
    """What one member paid at the door, as typed; facts only once the sheet is submitted."""

    sheet = models.ForeignKey(CollectionSheet, models.PROTECT, related_name="lines", db_index=False)
    member = models.ForeignKey(Member, models.PROTECT, related_name="+")
    amount = BahtField()
    entry_fee = BahtField(default=0, help_text="of a new member; not part of `amount`")
    paid_on = models.DateField()
    door_receipt = models.ForeignKey("DoorReceipt", models.PROTECT, related_name="lines", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sheet", "member"], name="a_member_stands_once_on_a_sheet"),
            models.CheckConstraint(
                condition=Q(amount__gte=0, entry_fee__gte=0) & (Q(amount__gt=0) | Q(entry_fee__gt=0)),
                name="a_collected_amount_is_above_zero",
            ),
        ]

    @property
    def baht(self) -> Decimal:
        """All that was taken: dues and entry fee."""
        return Decimal(self.amount) + Decimal(self.entry_fee)


class SheetSend(AppendOnly):
    """What a phone sent of its draft: once, however often the network made it try."""

    request_id = models.UUIDField(unique=True, default=uuid.uuid4)
    sheet = models.ForeignKey(CollectionSheet, models.PROTECT, related_name="sends")
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    sent_at = models.DateTimeField(default=timezone.now)
    answer = models.JSONField(default=dict, help_text="what the phone was told: lines written, lines refused and why")


class SheetUpload(models.Model):
    """A filled-in sheet as a file, read and waiting for its confirmation: nothing is written before that."""

    request_id = models.UUIDField(unique=True, default=uuid.uuid4)
    sheet = models.ForeignKey(CollectionSheet, models.CASCADE, related_name="uploads")
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(default=timezone.now)
    file_name = models.CharField(max_length=200)
    rows = models.JSONField(
        default=list, help_text='[{"line": …, "member": …, "amount": …, "paid_on": …, "faults": […]}]'
    )
    taken_at = models.DateTimeField(null=True)
