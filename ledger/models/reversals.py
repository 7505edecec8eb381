"""Entries that one person asks to reverse and a second one confirms."""

import uuid

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils import timezone

from bansong_fund.lib.append_only import AppendOnly, append_only_triggers
from ledger.models.entries import Entry

ANOTHER_PERSON_CONFIRMS = """
    IF NOT EXISTS (
        SELECT 1 FROM ledger_reversalrequest q JOIN ledger_entry e ON e.reverses_id = q.entry_id
         WHERE q.id = NEW.request_id AND e.id = NEW.reversal_id AND q.asked_by_id <> NEW.confirmed_by_id) THEN
        RAISE EXCEPTION 'a reversal is confirmed by another person than asked for it' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""


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


class ReversalConfirmation(AppendOnly):
    """The second person of a reversal: who agreed to what another one had asked for, and when.

    From the level `standard` on the database takes no reversal without it, but that of a void paper (see `Entry`).
    """

    request = models.OneToOneField(ReversalRequest, models.PROTECT, related_name="confirmation")
    reversal = models.OneToOneField(Entry, models.PROTECT, related_name="confirmation")
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    confirmed_on = models.DateField()
    confirmed_at = models.DateTimeField(default=timezone.now)

    class Meta(AppendOnly.Meta):
        triggers = [
            *append_only_triggers(),
            pgtrigger.Trigger(
                name="another_person_confirms",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=ANOTHER_PERSON_CONFIRMS,
            ),
        ]
