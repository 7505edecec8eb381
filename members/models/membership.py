"""Dated rows of a membership: the stay in the fund, in a community, the notices before a lapse."""

import uuid

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bansong_fund.lib.append_only import AppendOnly
from members.models.fund import Community
from members.models.history import before_image
from members.models.meetings import Resolution
from members.models.people import Member


class EndReason(models.TextChoices):
    DIED = "died", _("Deceased")
    RESIGNED = "resigned", _("Resigned")
    MOVED = "moved", _("Moved away")
    LAPSED = "lapsed", _("Membership terminated")


@before_image()
class Membership(models.Model):
    """One stay of a member in the fund, from the day of joining. A person who returns gets another row."""

    request_id = models.UUIDField(unique=True, default=uuid.uuid4)
    member = models.ForeignKey(Member, models.PROTECT, related_name="memberships")
    joined_on = models.DateField(_("date of joining"))
    ended_on = models.DateField(null=True)
    end_reason = models.CharField(max_length=10, choices=EndReason.choices, blank=True)
    end_note = models.CharField(max_length=200, blank=True)
    # Written by contributions through members.verbs.set_paid_through: the last day that dues cover.
    paid_through = models.DateField()
    accepted_by = models.ForeignKey(Resolution, models.PROTECT, related_name="memberships", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["member"], condition=Q(ended_on=None), name="one_running_membership_per_member"
            ),
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(ended_on__gte=F("joined_on")), name="membership_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=Q(ended_on=None, end_reason="") | (Q(ended_on__isnull=False) & ~Q(end_reason="")),
                name="an_ended_membership_says_why",
            ),
        ]
        indexes = [
            models.Index(fields=["joined_on"]),
            models.Index(fields=["paid_through"], condition=Q(ended_on=None), name="running_by_paid_through"),
            models.Index(fields=["member"], condition=Q(ended_on__isnull=False), name="ended_memberships"),
        ]


@before_image()
class CommunityStay(models.Model):
    """In which community a member is, from a day, until the day before the next stay. `Member.community` is the last.

    A person's stays follow each other without overlapping; the database holds it.
    """

    request_id = models.UUIDField(unique=True, default=uuid.uuid4)
    member = models.ForeignKey(Member, models.PROTECT, related_name="community_stays")
    community = models.ForeignKey(Community, models.PROTECT, related_name="+")
    since = models.DateField()
    until = models.DateField(null=True, help_text="the last day")
    note = models.CharField(max_length=200, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["since"]
        constraints = [
            models.UniqueConstraint(fields=["member"], condition=Q(until=None), name="one_running_stay_per_member"),
            models.CheckConstraint(condition=Q(until=None) | Q(until__gte=F("since")), name="stay_ends_after_start"),
            ExclusionConstraint(
                name="a_member_is_in_one_community_a_day",
                # int8range makes the key a range, so gist needs no extension for it
                expressions=[
                    (Func(F("member"), F("member"), Value("[]"), function="int8range"), RangeOperators.OVERLAPS),
                    (Func(F("since"), F("until"), Value("[]"), function="daterange"), RangeOperators.OVERLAPS),
                ],
            ),
        ]
        indexes = [
            models.Index(fields=["community", "since"]),
            models.Index(fields=["member", "since"], condition=Q(until__isnull=False), name="ended_stays"),
        ]


class ArrearsNotice(AppendOnly):
    """A member was told that she is due to lapse. Holds for the arrears of `paid_through`; a payment ends its force."""

    class How(models.TextChoices):
        IN_PERSON = "in-person", _("Told in person")
        PHONE = "phone", _("By phone")
        LINE = "line", _("By LINE")
        LETTER = "letter", _("By letter")

    request_id = models.UUIDField(unique=True, default=uuid.uuid4)
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="notices")
    given_on = models.DateField()
    how = models.CharField(max_length=10, choices=How.choices)
    paid_through = models.DateField(help_text="as it stood on the day of the notice")
    note = models.CharField(max_length=200, blank=True)
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta(AppendOnly.Meta):
        ordering = ["given_on", "id"]
