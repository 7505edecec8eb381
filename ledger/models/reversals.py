"""Entries that one person asks to reverse and a second one confirms."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone

from bansong_fund.lib.append_only import AppendOnly
from ledger.models.entries import Entry


class ReversalRequest(AppendOnly):
    """One person asks to reverse an entry that no receipt, voucher or sheet owns; a second person confirms it."""

    request_id = models.UUIDField(unique=True, default=uuid.uuid4)
    entry = models.OneToOneField(Entry, models.PROTECT, related_name="reversal_request")
    reason = models.CharField(max_length=250)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_on = models.DateField()
    asked_at = models.DateTimeField(default=timezone.now)

    class Meta(AppendOnly.Meta):
        pass
