"""Entries and their lines, the head of the chain, kept sums."""

import uuid

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from bansong_fund.lib.append_only import AppendOnly, append_only_triggers
from bansong_fund.lib.money import BahtField
from ledger.models.accounts import Account, RestrictedFund

# A plain read of the month would lose the race against a closing that is under way; FOR SHARE waits for it.
REFUSE_CLOSED_PERIOD = """
    SELECT m.closed_at, y.closed_at INTO month_closed, year_closed
      FROM ledger_accountingmonth m JOIN ledger_fiscalyear y ON y.year_be = m.fiscal_year_id
     WHERE m.first_day = date_trunc('month', NEW.date)::date
       FOR SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no accounting month holds %', NEW.date USING ERRCODE = 'check_violation';
    END IF;
    IF year_closed IS NOT NULL OR (month_closed IS NOT NULL AND NEW.kind <> 'closing') THEN
        RAISE EXCEPTION 'the accounting period of % is closed', NEW.date USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""

# Looked at when all is written: the void or the confirmation comes behind the entry. See docs, "Controls".
REFUSE_REVERSAL_ALONE = """
    IF (SELECT f.controls FROM members_fund f LIMIT 1) <> 'small'
       AND NOT EXISTS (SELECT 1 FROM ledger_receiptvoid v WHERE v.reversal_id = NEW.id)
       AND NOT EXISTS (SELECT 1 FROM ledger_paymentvouchervoid v WHERE v.reversal_id = NEW.id)
       AND NOT EXISTS (SELECT 1 FROM ledger_reversalconfirmation c WHERE c.reversal_id = NEW.id) THEN
        RAISE EXCEPTION 'entry % reverses without a void and without a second person', NEW.number
              USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
"""


class EntryKind(models.TextChoices):
    OPENING = "opening", _("Opening balance")
    RECEIPT = "receipt", _("Money received")
    COLLECTION = "collection", _("Collection sheet submitted")
    HAND_OVER = "hand-over", _("Collection handed over")
    PAYMENT = "payment", _("Money paid")
    TRANSFER = "transfer", _("Transfer between accounts")
    INTEREST = "interest", _("Bank interest")
    REVERSAL = "reversal", _("Reversal")
    CLOSING = "closing", _("Closing of the year")


class Entry(AppendOnly):
    """One event in the books. `number` runs without gaps; `chain_hash` seals it to all before it."""

    number = models.PositiveBigIntegerField(unique=True)
    date = models.DateField()
    kind = models.CharField(max_length=12, choices=EntryKind.choices)
    document_kind = models.CharField(max_length=20, blank=True)
    document_number = models.CharField(max_length=20, blank=True)
    memo_digest = models.CharField(max_length=64, blank=True)
    reverses = models.ForeignKey("self", models.PROTECT, related_name="reversals", null=True)
    posted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)
    posted_at = models.DateTimeField()
    request_id = models.UUIDField(unique=True, default=uuid.uuid4)
    hash_version = models.PositiveSmallIntegerField(default=1)
    chain_hash = models.CharField(max_length=64)

    # what `ledger.posting` hands on with an entry that it has just written
    posted_lines: "list[Line]"
    posted_memo: tuple[str, str]

    class Meta(AppendOnly.Meta):
        ordering = ["number"]
        indexes = [
            models.Index(fields=["date", "number"]),
            models.Index(fields=["document_kind", "document_number"]),
        ]
        triggers = [
            *append_only_triggers(),
            pgtrigger.Trigger(
                name="refuse_closed_period",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                declare=[("month_closed", "timestamptz"), ("year_closed", "timestamptz")],
                func=REFUSE_CLOSED_PERIOD,
            ),
            pgtrigger.Trigger(
                name="refuse_reversal_alone",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                timing=pgtrigger.Deferred,
                condition=pgtrigger.Q(new__kind="reversal"),
                func=REFUSE_REVERSAL_ALONE,
            ),
        ]


class EntryMemo(models.Model):
    """The words to an entry, apart from it: a person's name in them can be erased and the chain still holds."""

    entry = models.OneToOneField(Entry, models.PROTECT, related_name="memo_row", primary_key=True)
    salt = models.CharField(max_length=32)
    text = models.CharField(max_length=500)


class Line(AppendOnly):
    """One amount from one credit account to one debit account, with what it is about."""

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="lines", db_index=False)
    position = models.PositiveIntegerField()
    debit = models.ForeignKey(Account, models.PROTECT, related_name="debit_lines")
    credit = models.ForeignKey(Account, models.PROTECT, related_name="credit_lines")
    amount = BahtField()
    restricted_fund = models.ForeignKey(RestrictedFund, models.PROTECT, related_name="+")
    community = models.ForeignKey("members.Community", models.PROTECT, related_name="+", null=True)
    member = models.ForeignKey("members.Member", models.PROTECT, related_name="lines", null=True)
    contributor_number = models.PositiveIntegerField(null=True)
    reverses = models.OneToOneField("self", models.PROTECT, related_name="reversed_by", null=True)

    class Meta(AppendOnly.Meta):
        ordering = ["entry", "position"]
        constraints = [
            models.UniqueConstraint(fields=["entry", "position"], name="positions_are_unique_in_an_entry"),
            models.CheckConstraint(
                condition=Q(amount__gt=0),
                name="a_line_has_an_amount_above_zero",
                violation_error_message=_("An amount must be above zero."),
            ),
            models.CheckConstraint(condition=~Q(debit=F("credit")), name="a_line_moves_between_two_accounts"),
        ]


class LedgerHead(models.Model):
    """The last number and hash of the chain. Its row is the last lock that a posting takes."""

    number = models.PositiveBigIntegerField(default=0)
    chain_hash = models.CharField(max_length=64)


class KeptSum(models.Model):
    """What was debited to an account and credited to it in a month, of one restricted fund.

    Entries of kind `closing` are kept apart (`is_closing`), since no income or cost figure counts them.
    """

    month = models.DateField()
    account = models.ForeignKey(Account, models.PROTECT, related_name="+")
    restricted_fund = models.ForeignKey(RestrictedFund, models.PROTECT, related_name="+")
    is_closing = models.BooleanField(default=False)
    debit = BahtField(default=0)
    credit = BahtField(default=0)

    class Meta:
        abstract = True


class LedgerSum(KeptSum):
    """Kept sums: what pages show. Written by `post()`; proved by `check_ledger`; made anew by `rebuild_sums`."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="sums")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["month", "account", "restricted_fund", "is_closing"], name="one_kept_sum"),
        ]


class CommunitySum(KeptSum):
    """Kept sums of the lines that name a community, apart from the others: a fund may have many communities."""

    community = models.ForeignKey("members.Community", models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["month", "account", "community", "restricted_fund", "is_closing"],
                name="one_kept_sum_of_a_community",
            ),
        ]
