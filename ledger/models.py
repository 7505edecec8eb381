"""The books: accounts, entries of lines, kept sums, years and months, receipts and vouchers.

Each line names one debit and one credit account and an amount above zero, so an unbalanced entry
cannot be written. Rows are append-only; a mistake is answered by a reversal. `ledger.posting.post`
is the one writer of entries.
"""

import uuid

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bansong_fund.lib.append_only import AppendOnly, append_only_triggers
from bansong_fund.lib.money import BahtField


class AccountType(models.TextChoices):
    ASSET = "asset", _("Asset")  # สินทรัพย์
    FUND = "fund", _("Accumulated fund")  # เงินกองทุนสะสม
    INCOME = "income", _("Income")  # รายรับ
    COST = "cost", _("Cost")  # รายจ่าย


class AccountRole(models.TextChoices):
    """What an account is for. Verbs look accounts up by role, never by name."""

    CASH = "cash", _("Cash on hand")
    BANK = "bank", _("Bank account")
    COLLECTOR = "collector", _("Cash with a collector")
    ADVANCE = "advance", _("Advance with a leader")
    TAX_WITHHELD = "tax-withheld", _("Tax withheld on interest")
    ACCUMULATED_FUND = "accumulated-fund", _("Accumulated fund")
    DUES = "dues", _("Members' contributions")
    MUNICIPALITY = "municipality", _("Municipality's contribution")
    CODI_START_UP = "codi-start-up", _("CODI start-up grant")
    CODI_MATCHING = "codi-matching", _("CODI matching rounds")
    OTHER_STATE = "other-state", _("Other state bodies")
    GIFT = "gift", _("Gifts")
    SISTER_FUNDS = "sister-funds", _("Contributions of sister funds")
    EVENT_INCOME = "event-income", _("Income of the annual event")
    ENTERPRISE_SHARE = "enterprise-share", _("Shares paid by enterprises")
    ENTRY_FEE = "entry-fee", _("Entry fees")
    INTEREST = "interest", _("Bank interest")
    CASH_OVER_SHORT = "cash-over-short", _("Cash over or short")
    BENEFIT = "benefit", _("Welfare benefit")
    ADMINISTRATION = "administration", _("Administrative expense")
    EVENT_COST = "event-cost", _("Cost of the annual event")
    PUBLIC_BENEFIT = "public-benefit", _("Public benefit and solidarity")


class Account(models.Model):
    """One account of the chart. `category` tells benefits (by kind) and administration (by kind) apart."""

    code = models.CharField(max_length=10, unique=True)
    name_th = models.CharField(max_length=150)
    name_en = models.CharField(max_length=150)
    type = models.CharField(max_length=10, choices=AccountType.choices)
    role = models.CharField(max_length=20, choices=AccountRole.choices)
    category = models.CharField(max_length=30, blank=True)
    leg = models.PositiveSmallIntegerField(null=True)
    holder = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)
    bank_th = models.CharField(max_length=100, blank=True)
    bank_en = models.CharField(max_length=100, blank=True)
    branch_th = models.CharField(max_length=100, blank=True)
    branch_en = models.CharField(max_length=100, blank=True)
    last_digits = models.CharField(max_length=4, blank=True)
    is_open = models.BooleanField(default=True)

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(condition=Q(leg=None) | Q(leg__range=(1, 4)), name="legs_are_one_to_four"),
            models.UniqueConstraint(
                fields=["role", "holder"], condition=Q(holder__isnull=False), name="one_account_per_role_and_holder"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name_th}"


class RestrictedFund(models.Model):
    """A part of the fund's money set aside for a purpose; `general` is the part that is not."""

    code = models.SlugField(max_length=20, unique=True)
    name_th = models.CharField(max_length=150)
    name_en = models.CharField(max_length=150)


class FiscalYear(models.Model):
    """A fund year by its Buddhist number. Closed once, by a closing entry; never opened again."""

    year_be = models.PositiveSmallIntegerField(primary_key=True)
    starts_on = models.DateField(unique=True)
    ends_on = models.DateField(unique=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)
    closing_entry = models.OneToOneField("Entry", models.PROTECT, related_name="+", null=True)

    class Meta:
        ordering = ["year_be"]


class AccountingMonth(models.Model):
    """A calendar month of a fund year; a closed one takes no postings."""

    first_day = models.DateField(primary_key=True)
    fiscal_year = models.ForeignKey(FiscalYear, models.PROTECT, related_name="months")
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)


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
        ]


class EntryMemo(models.Model):
    """The words to an entry, apart from it: a person's name in them can be erased and the chain still holds."""

    entry = models.OneToOneField(Entry, models.PROTECT, related_name="memo_row", primary_key=True)
    salt = models.CharField(max_length=32)
    text = models.CharField(max_length=500)


class Line(AppendOnly):
    """One amount from one credit account to one debit account, with what it is about."""

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="lines")
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


class LedgerSum(models.Model):
    """Kept sums: what pages show. Written by `post()`; proved by `check_ledger`; made anew by `rebuild_sums`.

    Entries of kind `closing` are kept apart (`is_closing`), since no income or cost figure counts them.
    """

    month = models.DateField()
    account = models.ForeignKey(Account, models.PROTECT, related_name="sums")
    community = models.ForeignKey("members.Community", models.PROTECT, related_name="+", null=True)
    restricted_fund = models.ForeignKey(RestrictedFund, models.PROTECT, related_name="+")
    is_closing = models.BooleanField(default=False)
    debit = BahtField(default=0)
    credit = BahtField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["month", "account", "community", "restricted_fund", "is_closing"],
                nulls_distinct=False,
                name="one_kept_sum",
            ),
        ]


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


class Receipt(Document):
    """ใบเสร็จรับเงิน."""

    kind = models.CharField(max_length=15, choices=ReceiptKind.choices)

    class Meta(Document.Meta):
        constraints = [
            models.UniqueConstraint(fields=["year_be", "number"], name="receipt_numbers_are_unique"),
            models.CheckConstraint(condition=Q(total__gt=0), name="a_receipt_has_a_total_above_zero"),
        ]
        indexes = [models.Index(fields=["member", "-date"]), models.Index(fields=["date"])]


class PaymentVoucher(Document):
    """ใบสำคัญจ่าย."""

    resolution_label = models.CharField(max_length=60, blank=True)
    recipient_id_encrypted = models.TextField(blank=True)
    witness_name = models.CharField(max_length=150, blank=True)

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
    receipt = models.ForeignKey(Receipt, models.PROTECT, related_name="lines")
    covers_from = models.DateField(null=True)
    covers_until = models.DateField(null=True)

    class Meta(DocumentLine.Meta):
        ordering = ["receipt", "position"]
        constraints = [models.UniqueConstraint(fields=["receipt", "position"], name="receipt_lines_are_numbered")]


class PaymentVoucherLine(DocumentLine):
    voucher = models.ForeignKey(PaymentVoucher, models.PROTECT, related_name="lines")
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
