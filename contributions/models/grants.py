"""Legs 2 and 3: what was asked and promised, what came, and the matching rounds with their members."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bansong_fund.lib.append_only import AppendOnly
from bansong_fund.lib.money import BahtField
from ledger.models import Receipt
from members.models import Member, before_image


class MatchingRound(models.Model):
    """A round of the state's matching through CODI: so many baht for each member in it."""

    # None once its receipt is void: the number can then be given to the round written anew
    number = models.PositiveSmallIntegerField(unique=True, null=True)
    year_be = models.PositiveSmallIntegerField()
    cutoff_on = models.DateField(help_text="30 September: who counts has been a member for a full year on this day")
    baht_per_member = BahtField(null=True)
    member_count = models.PositiveIntegerField()
    lump = BahtField(null=True, help_text="where a sum was given for all, or the sum was cut; shared among the members")


class RoundMember(AppendOnly):
    """A member matched in a round; nobody is matched more than three times."""

    matching_round = models.ForeignKey(MatchingRound, models.PROTECT, related_name="members", db_index=False)
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


@before_image()
class Commitment(models.Model):
    """What the municipality, CODI or another body was asked for and promised: its way from request to report."""

    class State(models.TextChoices):
        REQUESTED = "requested", _("Requested")
        APPROVED = "approved", _("Approved")  # the council's budget, CODI's approval
        AGREED = "agreed", _("Agreement signed")
        RECEIVED = "received", _("Received")
        REPORTED = "reported", _("Reported on")
        REFUSED = "refused", _("Refused or withdrawn")

    request_id = models.UUIDField(unique=True, default=uuid.uuid4)
    source = models.CharField(max_length=15, choices=GrantSource.choices)
    year_be = models.PositiveSmallIntegerField()
    body = models.CharField(max_length=200, help_text="who is asked")
    state = models.CharField(max_length=10, choices=State.choices, default=State.REQUESTED)
    round_number = models.PositiveSmallIntegerField(null=True, help_text="of a matching round of CODI")
    cutoff_on = models.DateField(null=True, help_text="of a matching round: 30 September")
    member_count = models.PositiveIntegerField(null=True)
    baht_per_member = BahtField(null=True)
    requested = BahtField()
    approved = BahtField(null=True)
    report_due_on = models.DateField(null=True)

    class Meta:
        ordering = ["-year_be", "-id"]


class CommitmentStep(AppendOnly):
    """One step of a commitment: on which day, by which paper, with which sum."""

    request_id = models.UUIDField(unique=True, default=uuid.uuid4)
    commitment = models.ForeignKey(Commitment, models.PROTECT, related_name="steps")
    state = models.CharField(max_length=10, choices=Commitment.State.choices)
    happened_on = models.DateField()
    amount = BahtField(null=True)
    reference = models.CharField(max_length=150, blank=True)
    note = models.CharField(max_length=250, blank=True)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    written_at = models.DateTimeField(default=timezone.now)

    class Meta(AppendOnly.Meta):
        ordering = ["happened_on", "id"]


class Grant(AppendOnly):
    """Money of leg 2 or 3 as it was received."""

    source = models.CharField(max_length=15, choices=GrantSource.choices)
    receipt = models.OneToOneField(Receipt, models.PROTECT, related_name="grant")
    matching_round = models.ForeignKey(MatchingRound, models.PROTECT, related_name="grants", null=True)
    amount = BahtField()
    received_on = models.DateField()
    reference = models.CharField(max_length=150, blank=True)
    commitment = models.ForeignKey("Commitment", models.PROTECT, related_name="grants", null=True)
