"""How approved money reaches people: carried by a leader, or paid by a list for the bank or the cash box."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bansong_fund.lib.append_only import AppendOnly
from bansong_fund.lib.money import BahtField
from ledger.models import Account, Entry, PaymentVoucher
from members.models import Community
from welfare.models.claims import Claim
from welfare.models.lists import BenefitList

USER = settings.AUTH_USER_MODEL


class Delivery(AppendOnly):
    """เงินทดรองจ่าย: money of approved claims, given to a person who carries it to those who receive it.

    It is an advance with her, aged from `handed_on`, until each line is settled: the signed slip is back, or the money.
    """

    request_id = models.UUIDField(unique=True, default=uuid.uuid4)
    year_be = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    carrier = models.ForeignKey(USER, models.PROTECT, related_name="+")
    benefit_list = models.ForeignKey(BenefitList, models.PROTECT, related_name="deliveries", null=True)
    community = models.ForeignKey(Community, models.PROTECT, related_name="+", null=True)
    account = models.ForeignKey(Account, models.PROTECT, related_name="+", help_text="cash box or bank it came out of")
    total = BahtField()
    handed_on = models.DateField()
    entry = models.OneToOneField(Entry, models.PROTECT, related_name="+")
    handed_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    handed_at = models.DateTimeField(default=timezone.now)

    class Meta(AppendOnly.Meta):
        ordering = ["-year_be", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["year_be", "number"], name="deliveries_are_numbered"),
            models.CheckConstraint(condition=Q(total__gt=0), name="a_delivery_has_a_total_above_zero"),
        ]

    @property
    def label(self) -> str:
        """Number as papers show it: 2563/0012."""
        return f"{self.year_be}/{self.number:04d}"


class DeliverySettlement(AppendOnly):
    """Some or all lines of a delivery at an end: paid with their vouchers, and the rest of the money back."""

    request_id = models.UUIDField(unique=True, default=uuid.uuid4)
    delivery = models.ForeignKey(Delivery, models.PROTECT, related_name="settlements")
    settled_on = models.DateField()
    returned = BahtField(help_text="money that came back, baht")
    returned_to = models.ForeignKey(Account, models.PROTECT, related_name="+", null=True)
    return_entry = models.OneToOneField(Entry, models.PROTECT, related_name="+", null=True)
    settled_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    settled_at = models.DateTimeField(default=timezone.now)

    class Meta(AppendOnly.Meta):
        ordering = ["delivery", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(returned=0, returned_to=None, return_entry=None)
                | Q(returned__gt=0, returned_to__isnull=False, return_entry__isnull=False),
                name="money_that_came_back_is_booked",
            )
        ]


class DeliveryLine(models.Model):
    """One claim's money on its way."""

    class Outcome(models.TextChoices):
        DELIVERED = "delivered", _("Delivered, the signed slip is back")
        RETURNED = "returned", _("Not delivered, the money is back")

    delivery = models.ForeignKey(Delivery, models.PROTECT, related_name="lines")
    claim = models.ForeignKey(Claim, models.PROTECT, related_name="delivery_lines")
    amount = BahtField()
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    settlement = models.ForeignKey(DeliverySettlement, models.PROTECT, related_name="lines", null=True)
    voucher = models.ForeignKey(PaymentVoucher, models.PROTECT, related_name="+", null=True)

    class Meta:
        ordering = ["delivery", "id"]
        constraints = [
            models.UniqueConstraint(fields=["claim"], condition=Q(settlement=None), name="a_claim_is_on_its_way_once"),
            models.CheckConstraint(
                condition=Q(outcome="", settlement=None, voucher=None)
                | Q(outcome="delivered", settlement__isnull=False, voucher__isnull=False)
                | Q(outcome="returned", settlement__isnull=False, voucher=None),
                name="a_settled_line_is_paid_or_back",
            ),
        ]


class PaymentList(models.Model):
    """Approved claims that are paid together: a list that the bank carries out, or one for the cash box."""

    class Kind(models.TextChoices):
        BANK = "bank", _("Transfers by the bank")
        CASH = "cash", _("Paid at the cash box")

    request_id = models.UUIDField(unique=True, default=uuid.uuid4)
    year_be = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=5, choices=Kind.choices)
    account = models.ForeignKey(Account, models.PROTECT, related_name="+")
    made_on = models.DateField()
    made_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-year_be", "-number"]
        constraints = [models.UniqueConstraint(fields=["year_be", "number"], name="payment_lists_are_numbered")]

    @property
    def label(self) -> str:
        """Number as papers show it: 2563/0012."""
        return f"{self.year_be}/{self.number:04d}"


class PaymentListLine(models.Model):
    """One claim on a payment list: to whose account; then paid, or taken off with the reason (a failed transfer)."""

    class Outcome(models.TextChoices):
        PAID = "paid", _("Paid")
        FAILED = "failed", _("Not paid, back on the list of claims to pay")

    payment_list = models.ForeignKey(PaymentList, models.PROTECT, related_name="lines")
    claim = models.ForeignKey(Claim, models.PROTECT, related_name="payment_list_lines")
    amount = BahtField()
    bank = models.CharField(max_length=100, blank=True)
    account_name = models.CharField(max_length=200, blank=True)
    account_number_encrypted = models.TextField(blank=True)
    outcome = models.CharField(max_length=6, choices=Outcome.choices, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    settled_on = models.DateField(null=True)
    settled_by = models.ForeignKey(USER, models.PROTECT, related_name="+", null=True)
    voucher = models.ForeignKey(PaymentVoucher, models.PROTECT, related_name="+", null=True)

    class Meta:
        ordering = ["payment_list", "id"]
        constraints = [
            models.UniqueConstraint(fields=["claim"], condition=Q(outcome=""), name="a_claim_is_on_one_payment_list"),
            models.CheckConstraint(
                condition=Q(outcome="", voucher=None)
                | Q(outcome="paid", voucher__isnull=False)
                | (Q(outcome="failed", voucher=None) & ~Q(reason="")),
                name="a_line_of_a_payment_list_is_paid_or_failed",
            ),
        ]
