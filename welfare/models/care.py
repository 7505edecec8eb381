"""Care: leaders' visits to elderly, disabled and disadvantaged people, and whom they were referred to."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.models import Community, Member, before_image
from members.persons import survivor_of

USER = settings.AUTH_USER_MODEL


@before_image()
class CarePerson(models.Model):
    """Somebody whom a community looks after, member or not."""

    class Reason(models.TextChoices):
        ELDERLY = "elderly", _("Elderly person")
        DISABLED = "disabled", _("Person with a disability")
        DISADVANTAGED = "disadvantaged", _("Disadvantaged person")
        OTHER = "other", _("Another reason")

    request_id = models.UUIDField(unique=True, default=uuid.uuid4)
    member = models.OneToOneField(Member, models.PROTECT, related_name="care", null=True)
    name = models.CharField(max_length=200, blank=True, help_text="of who is no member")
    address = models.CharField(max_length=250, blank=True)
    phone = models.CharField(max_length=30, blank=True)
    community = models.ForeignKey(Community, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=15, choices=Reason.choices)
    visit_every_days = models.PositiveSmallIntegerField(null=True, help_text="how often she is to be visited")
    since = models.DateField()
    until = models.DateField(null=True)
    ended_reason = models.CharField(max_length=300, blank=True)
    added_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["community", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(member__isnull=False) | ~Q(name=""), name="a_cared_for_person_has_a_name"
            ),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def member_now(self) -> Member | None:
        """The row that stands for her, where she is a member: her own, or the one that a double was merged into."""
        return survivor_of(self.member) if self.member else None

    @property
    def full_name(self) -> str:
        return self.member_now.full_name if self.member else self.name

    @property
    def place(self) -> Community:
        """The community in which she is cared for: a member's own of now."""
        return self.member_now.community if self.member else self.community


@before_image()
class CareVisit(models.Model):
    """One visit: planned for a day, then made; a short note, what is needed, who follows it up. No diagnosis."""

    request_id = models.UUIDField(unique=True, default=uuid.uuid4)
    person = models.ForeignKey(CarePerson, models.PROTECT, related_name="visits")
    visitor = models.ForeignKey(USER, models.PROTECT, related_name="+")
    planned_on = models.DateField(null=True)
    visited_on = models.DateField(null=True)
    is_cancelled = models.BooleanField(default=False)
    note = models.CharField(max_length=1000, blank=True)
    needs = models.CharField(max_length=500, blank=True)
    follow_up_by = models.ForeignKey(USER, models.PROTECT, related_name="+", null=True)
    follow_up_until = models.DateField(null=True)
    followed_up_on = models.DateField(null=True)
    follow_up_outcome = models.CharField(max_length=500, blank=True)
    entered_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["person", "-visited_on", "-planned_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(planned_on__isnull=False) | Q(visited_on__isnull=False), name="a_visit_has_a_day"
            ),
        ]


@before_image()
class Referral(models.Model):
    """A person passed on to whoever can help: when, what was asked, what they answered, how it ended."""

    class To(models.TextChoices):
        MUNICIPALITY = "municipality", _("Municipality")
        HEALTH_STATION = "health-station", _("Health promotion hospital")
        PROVINCIAL_OFFICE = "provincial-office", _("Provincial office of social development")
        HEADMAN = "headman", _("Headman")
        HEALTH_VOLUNTEER = "health-volunteer", _("Health volunteer")
        OTHER = "other", _("Somebody else")

    class Outcome(models.TextChoices):
        HELPED = "helped", _("Help was given")
        PARTLY = "partly", _("Helped in part")
        REFUSED = "refused", _("Refused")
        WITHDRAWN = "withdrawn", _("No longer needed")

    request_id = models.UUIDField(unique=True, default=uuid.uuid4)
    visit = models.ForeignKey(CareVisit, models.PROTECT, related_name="referrals")
    to = models.CharField(max_length=20, choices=To.choices)
    to_name = models.CharField(max_length=150, blank=True)
    asked = models.CharField(max_length=500)
    referred_on = models.DateField()
    referred_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    answered_on = models.DateField(null=True)
    answer = models.CharField(max_length=500, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)
    closed_on = models.DateField(null=True)

    class Meta:
        ordering = ["-referred_on", "-id"]
