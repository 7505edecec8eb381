"""Meetings, what they resolve, and the versions of the regulation."""

import uuid

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bansong_fund.lib.append_only import AppendOnly

REFUSE_OTHERS_PRESENT = """
    IF NEW.present IS DISTINCT FROM OLD.present
       AND EXISTS (SELECT 1 FROM members_resolution r WHERE r.meeting_id = NEW.id) THEN
        RAISE EXCEPTION 'who was present no longer changes once a meeting resolved' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""


class Meeting(models.Model):
    """A meeting: ครั้งที่ number/year_be. Its resolutions decide claims and accept members."""

    class Kind(models.TextChoices):
        COMMITTEE = "committee", _("Committee meeting")
        GENERAL = "general", _("Annual General Meeting")

    request_id = models.UUIDField(unique=True, default=uuid.uuid4)
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.COMMITTEE)
    number = models.PositiveSmallIntegerField()
    year_be = models.PositiveSmallIntegerField()
    held_on = models.DateField()
    place = models.CharField(max_length=200, blank=True)
    present = models.JSONField(default=list, help_text='names of those present: [{"name": …, "post": …, "user": id}]')
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)

    class Meta:
        ordering = ["-held_on", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "year_be", "number"], name="meeting_numbers_are_unique_in_a_year"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="refuse_others_present",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("present"),
                func=REFUSE_OTHERS_PRESENT,
            )
        ]

    @property
    def label(self) -> str:
        return f"{self.number}/{self.year_be}"


class Resolution(AppendOnly):
    """What a meeting resolved; never changed once written."""

    request_id = models.UUIDField(unique=True, default=uuid.uuid4)
    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="resolutions")
    number = models.PositiveSmallIntegerField()
    subject = models.CharField(max_length=200)
    text = models.TextField(blank=True)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)
    written_at = models.DateTimeField(default=timezone.now)

    class Meta(AppendOnly.Meta):
        ordering = ["meeting", "number"]
        constraints = [models.UniqueConstraint(fields=["meeting", "number"], name="resolutions_number_their_meeting")]

    @property
    def label(self) -> str:
        return f"{self.meeting.label} ({self.number})"


class Regulation(AppendOnly):
    """One version of the fund's regulation, in force from its date until the next version's."""

    name_th = models.CharField(max_length=250)
    name_en = models.CharField(max_length=250)
    reference = models.CharField(max_length=250)
    effective_from = models.DateField(unique=True)
    document = models.JSONField()
    sha256 = models.CharField(max_length=64)
    loaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)
    loaded_at = models.DateTimeField(default=timezone.now)

    class Meta(AppendOnly.Meta):
        ordering = ["effective_from"]
