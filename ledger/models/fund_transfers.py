"""Money moved from one restricted fund to another."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from bansong_fund.lib.append_only import AppendOnly
from bansong_fund.lib.money import BahtField
from ledger.models.accounts import RestrictedFund
from ledger.models.entries import Entry


class FundTransfer(AppendOnly):
    """Money moved from one restricted fund to another by a resolution. No bank or box sees it."""

    request_id = models.UUIDField(unique=True, default=uuid.uuid4)
    source = models.ForeignKey(RestrictedFund, models.PROTECT, related_name="+")
    target = models.ForeignKey(RestrictedFund, models.PROTECT, related_name="+")
    amount = BahtField()
    moved_on = models.DateField()
    resolution_label = models.CharField(max_length=60)
    reason = models.CharField(max_length=250, blank=True)
    entry = models.OneToOneField(Entry, models.PROTECT, related_name="+")
    moved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    moved_at = models.DateTimeField(default=timezone.now)

    class Meta(AppendOnly.Meta):
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="a_fund_transfer_is_above_zero"),
            models.CheckConstraint(condition=~Q(source=F("target")), name="money_moves_between_two_restricted_funds"),
        ]
