"""The bank's own book: its lines as they stand, ticked off against the ledger; reconciliations; bank files."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from bansong_fund.lib.append_only import AppendOnly
from bansong_fund.lib.money import BahtField
from ledger.models.accounts import Account
from ledger.models.entries import Line


class PassbookLine(models.Model):
    """A line of a passbook as the bank printed it. What the bank took out or paid in, and the balance behind it."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="passbook_lines")
    position = models.PositiveIntegerField(help_text="1, 2, … in the order of the passbook")
    line_on = models.DateField()
    code = models.CharField(max_length=20, blank=True)
    taken_out = BahtField(default=0)
    paid_in = BahtField(default=0)
    balance = BahtField()
    note = models.CharField(max_length=150, blank=True)
    request_id = models.UUIDField(default=uuid.uuid4, db_index=True, help_text="the form or file that brought it")
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    written_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["account", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["account", "position"],
                name="passbook_lines_are_numbered",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.CheckConstraint(
                condition=Q(taken_out=0, paid_in__gt=0) | Q(paid_in=0, taken_out__gt=0) | Q(taken_out=0, paid_in=0),
                name="a_passbook_line_goes_one_way",
            ),
        ]


class PassbookTick(models.Model):
    """A line of the books found in the passbook. One of theirs may show several of ours, and one of ours several."""

    passbook_line = models.ForeignKey(PassbookLine, models.PROTECT, related_name="ticks")
    line = models.ForeignKey(Line, models.PROTECT, related_name="ticks")
    amount = BahtField()
    ticked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    ticked_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["passbook_line", "line"], name="a_line_is_ticked_off_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="a_tick_has_an_amount"),
        ]


class Reconciliation(AppendOnly):
    """กระทบยอด: what passbook and books said on a day, and what explains the difference, as it was signed."""

    request_id = models.UUIDField(unique=True, default=uuid.uuid4)
    account = models.ForeignKey(Account, models.PROTECT, related_name="reconciliations")
    as_of = models.DateField()
    passbook_balance = BahtField()
    ledger_balance = BahtField()
    items = models.JSONField(default=list, help_text='[{"side": "books" | "bank", "date": …, "about": …, "baht": …}]')
    explanation = models.CharField(max_length=500, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    class Meta(AppendOnly.Meta):
        indexes = [models.Index(fields=["account", "-as_of"])]


class BankFileFormat(models.Model):
    """How an account's bank writes its files: which column holds what. Matched once, used for every further file."""

    account = models.OneToOneField(Account, models.PROTECT, related_name="file_format")
    columns = models.JSONField(
        default=dict, help_text='{"date": 0, "code": 1, "taken_out": 2, "paid_in": 3, "balance": 4}'
    )
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    saved_at = models.DateTimeField(default=timezone.now)
