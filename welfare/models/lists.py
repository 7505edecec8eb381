"""Benefits by list: who is due, proposed per community, looked through by its leaders, decided by one resolution."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bansong_fund.lib.money import BahtField
from ledger.models import RestrictedFund
from members.models import Child, Community, Member, Regulation, Resolution, before_image
from welfare.models.claims import Category, Claim

USER = settings.AUTH_USER_MODEL


@before_image()
class BenefitList(models.Model):
    """One list of one benefit: of the elderly, of scholars, of a flood. Its lines become claims when it is sent in."""

    class State(models.TextChoices):
        OPEN = "open", _("With the communities")
        SENT = "sent", _("Before the meeting")
        DECIDED = "decided", _("Decided")
        CANCELLED = "cancelled", _("Cancelled")

    request_id = models.UUIDField(unique=True, default=uuid.uuid4)
    year_be = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=150)
    benefit_code = models.CharField(max_length=40)
    category = models.CharField(max_length=15, choices=Category.choices)
    regulation = models.ForeignKey(Regulation, models.PROTECT, related_name="+")
    event_on = models.DateField(help_text="the day by which rights are judged, and in whose year the list counts")
    event_key = models.CharField(max_length=60, blank=True, help_text="what one flood or storm is called")
    restricted_fund = models.ForeignKey(RestrictedFund, models.PROTECT, related_name="+", null=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    resolution = models.ForeignKey(Resolution, models.PROTECT, related_name="benefit_lists", null=True)
    opened_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    opened_on = models.DateField()
    opened_at = models.DateTimeField(default=timezone.now)
    sent_by = models.ForeignKey(USER, models.PROTECT, related_name="+", null=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-year_be", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["year_be", "number"], name="lists_are_numbered"),
            models.CheckConstraint(
                condition=~Q(state="decided") | Q(resolution__isnull=False), name="a_decided_list_has_a_resolution"
            ),
        ]

    @property
    def label(self) -> str:
        """List number as papers show it: 2563/0012."""
        return f"{self.year_be}/{self.number:04d}"


class ListCommunity(models.Model):
    """One community's part of a list, and who of it looked it through."""

    benefit_list = models.ForeignKey(BenefitList, models.PROTECT, related_name="communities")
    community = models.ForeignKey(Community, models.PROTECT, related_name="+")
    confirmed_by = models.ForeignKey(USER, models.PROTECT, related_name="+", null=True)
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["benefit_list", "community"], name="a_community_stands_once_on_a_list")
        ]


@before_image()
class ListLine(models.Model):
    """One person on a list: proposed by the program or added by somebody who says why; struck out likewise."""

    request_id = models.UUIDField(unique=True, default=uuid.uuid4)
    benefit_list = models.ForeignKey(BenefitList, models.PROTECT, related_name="lines")
    community = models.ForeignKey(Community, models.PROTECT, related_name="+")
    member = models.ForeignKey(Member, models.PROTECT, related_name="list_lines")
    child = models.ForeignKey(Child, models.PROTECT, related_name="+", null=True)
    grade = models.CharField(max_length=20, blank=True)
    units = models.PositiveIntegerField(null=True)
    proposed_amount = BahtField(null=True)
    loss_amount = BahtField(null=True)
    # how it was reckoned
    outcome = models.CharField(max_length=15, blank=True)
    amount = BahtField(null=True)
    assessment = models.JSONField(default=dict)
    # who is on it, and why
    added_by = models.ForeignKey(USER, models.PROTECT, related_name="+", null=True, help_text="none: proposed")
    added_reason = models.CharField(max_length=300, blank=True)
    struck_by = models.ForeignKey(USER, models.PROTECT, related_name="+", null=True)
    struck_reason = models.CharField(max_length=300, blank=True)
    claim = models.OneToOneField(Claim, models.PROTECT, related_name="list_line", null=True)

    class Meta:
        ordering = ["benefit_list", "community", "member"]
        constraints = [
            models.UniqueConstraint(
                fields=["benefit_list", "member", "child"],
                name="a_person_stands_once_on_a_list",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(added_by=None) | ~Q(added_reason=""), name="who_adds_to_a_list_says_why"
            ),
            models.CheckConstraint(condition=Q(struck_by=None) | ~Q(struck_reason=""), name="who_strikes_out_says_why"),
            models.CheckConstraint(condition=Q(struck_by=None) | Q(claim=None), name="a_line_struck_out_is_no_claim"),
        ]
