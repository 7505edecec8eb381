"""Money in: dues and collection sheets, grants and matching rounds, contributors and their gifts."""

import uuid

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bansong_fund.lib.append_only import AppendOnly
from bansong_fund.lib.money import BahtField
from ledger.models import Account, Entry, Receipt
from members.models import Community, Member, Membership


class CollectionSheet(models.Model):
    """บัญชีเก็บเงินสมทบ: what a leader collected in her community, handed over to the treasurer."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Being filled in")
        SUBMITTED = "submitted", _("Submitted")
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


class CollectionLine(models.Model):
    """What one member paid at the door, as typed; facts only once the sheet is submitted."""

    sheet = models.ForeignKey(CollectionSheet, models.PROTECT, related_name="lines")
    member = models.ForeignKey(Member, models.PROTECT, related_name="+")
    amount = BahtField()
    paid_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sheet", "member"], name="a_member_stands_once_on_a_sheet"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="a_collected_amount_is_above_zero"),
        ]


class DuesPayment(AppendOnly):
    """Dues that were taken: for a period, on the day the money changed hands. A fact, never recalculated."""

    membership = models.ForeignKey(Membership, models.PROTECT, related_name="dues")
    member = models.ForeignKey(Member, models.PROTECT, related_name="dues")
    receipt = models.ForeignKey(Receipt, models.PROTECT, related_name="dues")
    sheet = models.ForeignKey(CollectionSheet, models.PROTECT, related_name="payments", null=True)
    amount = BahtField()
    covers_from = models.DateField()
    covers_until = models.DateField()  # last day covered, inclusive
    paid_on = models.DateField()
    collected_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)

    class Meta(AppendOnly.Meta):
        indexes = [models.Index(fields=["membership", "paid_on"]), models.Index(fields=["member", "-covers_until"])]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="dues_are_above_zero"),
            models.CheckConstraint(condition=Q(covers_until__gte=F("covers_from")), name="dues_cover_a_period"),
        ]


class DuesCover(models.Model):
    """The hold of a payment on its period. It goes when the receipt is voided; the payment stays."""

    payment = models.OneToOneField(DuesPayment, models.PROTECT, related_name="cover", primary_key=True)
    member = models.ForeignKey(Member, models.PROTECT, related_name="+")
    covers = DateRangeField()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="a_member_pays_no_day_twice",
                # int8range makes the key a range, so gist needs no extension for it
                expressions=[
                    (Func(F("member"), F("member"), models.Value("[]"), function="int8range"), RangeOperators.OVERLAPS),
                    ("covers", RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("This period has been paid already."),
            ),
        ]


class ContributorKind(models.TextChoices):
    PERSON = "person", _("Person")
    SHOP = "shop", _("Shop")
    COMPANY = "company", _("Company")
    NGO = "ngo", _("Non-governmental organisation")
    AGENCY = "agency", _("Agency")
    TEMPLE = "temple", _("Temple")
    ENTERPRISE = "enterprise", _("Community enterprise")
    SISTER_FUND = "sister-fund", _("Welfare fund or association")
    OTHER = "other", _("Other")


class Contributor(models.Model):
    """ขาที่ 4: who gives to the fund, from inside the subdistrict or outside."""

    request_id = models.UUIDField(unique=True, default=uuid.uuid4)
    number = models.PositiveIntegerField(unique=True)
    kind = models.CharField(max_length=15, choices=ContributorKind.choices)
    name = models.CharField(max_length=200)
    is_local = models.BooleanField(default=True)
    may_be_named = models.BooleanField(default=False)
    phone = models.CharField(max_length=30, blank=True)
    address = models.CharField(max_length=250, blank=True)
    is_invented = models.BooleanField(default=False)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Campaign(models.Model):
    """The annual event (ผ้าป่า, walk-run, banquet) that raises money for the fund."""

    year_be = models.PositiveSmallIntegerField()
    name_th = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    held_on = models.DateField()


class Gift(AppendOnly):
    """A gift of a contributor, booked under one form of leg 4."""

    contributor = models.ForeignKey(Contributor, models.PROTECT, related_name="gifts")
    receipt = models.OneToOneField(Receipt, models.PROTECT, related_name="gift")
    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="gifts", null=True)
    income_account = models.ForeignKey(Account, models.PROTECT, related_name="+")
    amount = BahtField()
    received_on = models.DateField()

    class Meta(AppendOnly.Meta):
        indexes = [models.Index(fields=["contributor", "-received_on"])]


class MatchingRound(models.Model):
    """A round of the state's matching through CODI: so many baht for each member in it."""

    # None once its receipt is void: the number can then be given to the round written anew
    number = models.PositiveSmallIntegerField(unique=True, null=True)
    year_be = models.PositiveSmallIntegerField()
    cutoff_on = models.DateField(help_text="30 September: who counts has been a member for a full year on this day")
    baht_per_member = BahtField(null=True)
    member_count = models.PositiveIntegerField()


class RoundMember(AppendOnly):
    """A member matched in a round; nobody is matched more than three times."""

    matching_round = models.ForeignKey(MatchingRound, models.PROTECT, related_name="members")
    member = models.ForeignKey(Member, models.PROTECT, related_name="matched_in")
    amount = BahtField()

    class Meta(AppendOnly.Meta):
        constraints = [
            models.UniqueConstraint(fields=["matching_round", "member"], name="a_member_is_matched_once_in_a_round"),
        ]


class GrantSource(models.TextChoices):
    MUNICIPALITY = "municipality", _("Municipality")
    CODI_START_UP = "codi-start-up", _("CODI start-up grant")
    CODI_MATCHING = "codi-matching", _("CODI matching round")
    OTHER_STATE = "other-state", _("Other state body")


class Grant(AppendOnly):
    """Money of leg 2 or 3 as it was received."""

    source = models.CharField(max_length=15, choices=GrantSource.choices)
    receipt = models.OneToOneField(Receipt, models.PROTECT, related_name="grant")
    matching_round = models.ForeignKey(MatchingRound, models.PROTECT, related_name="grants", null=True)
    amount = BahtField()
    received_on = models.DateField()
    reference = models.CharField(max_length=150, blank=True)


class InterestCredit(AppendOnly):
    """Interest that a bank credited: gross, tax withheld, net."""

    receipt = models.OneToOneField(Receipt, models.PROTECT, related_name="interest")
    bank_account = models.ForeignKey(Account, models.PROTECT, related_name="+")
    gross = BahtField()
    tax = BahtField(default=0)
    credited_on = models.DateField()

    class Meta(AppendOnly.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(gross__gt=0) & Q(tax__gte=0) & Q(tax__lt=F("gross")), name="tax_is_a_part_of_interest"
            ),
        ]


class RunningCost(AppendOnly):
    """A cost of running the fund or of its event, with the paper that shows it."""

    voucher = models.OneToOneField("ledger.PaymentVoucher", models.PROTECT, related_name="cost")
    cost_account = models.ForeignKey(Account, models.PROTECT, related_name="+")
    amount = BahtField()
    paid_on = models.DateField()
    shop_receipt = models.CharField(max_length=100, blank=True)
    recorded_at = models.DateTimeField(default=timezone.now)


class VoidRequest(AppendOnly):
    """One person asks to void a receipt whose money was handed over; a second person confirms it."""

    request_id = models.UUIDField(unique=True, default=uuid.uuid4)
    receipt = models.OneToOneField(Receipt, models.PROTECT, related_name="void_request")
    reason = models.CharField(max_length=250)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_on = models.DateField()
    asked_at = models.DateTimeField(default=timezone.now)
