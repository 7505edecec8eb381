"""Interest, running costs, and requests to void a receipt."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from bansong_fund.lib.append_only import AppendOnly
from bansong_fund.lib.money import BahtField
from contributions.models.campaigns import Campaign
from ledger.models import Account, Receipt


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
    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="costs", null=True)
    recorded_at = models.DateTimeField(default=timezone.now)


class VoidRequest(AppendOnly):
    """One person asks to void a receipt whose money was handed over; a second person confirms it."""

    request_id = models.UUIDField(unique=True, default=uuid.uuid4)
    receipt = models.OneToOneField(Receipt, models.PROTECT, related_name="void_request")
    reason = models.CharField(max_length=250)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_on = models.DateField()
    asked_at = models.DateTimeField(default=timezone.now)
