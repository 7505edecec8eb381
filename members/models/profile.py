"""What the fund's papers ask for and no other table knows: who sits on the committee, and answers given once."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from bansong_fund.lib.append_only import AppendOnly
from members.models.history import before_image


class SeatKind(models.TextChoices):
    """Where somebody on the committee comes from, as section 8 of CODI's status form counts them."""

    MEMBER = "member", _("Members")
    LOCAL_GOVERNMENT = "local-government", _("Local government")
    HEADMAN = "headman", _("Kamnan and village headmen")
    MONK = "monk", _("Monks and religious leaders")
    EXPERT = "expert", _("Experts and others")


@before_image()
class CommitteeSeat(models.Model):
    """A person on the committee from a day until a day, with the posts that papers name; `place` orders the list."""

    kind = models.CharField(max_length=20, choices=SeatKind.choices, default=SeatKind.MEMBER)
    name = models.CharField(max_length=150)
    name_en = models.CharField(max_length=150, blank=True)
    post_th = models.CharField(max_length=120)
    post_en = models.CharField(max_length=120, blank=True)
    community_post = models.CharField(max_length=120, blank=True)
    phone = models.CharField(max_length=30, blank=True)
    member = models.ForeignKey("Member", models.PROTECT, related_name="committee_seats", null=True, blank=True)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    place = models.PositiveSmallIntegerField(default=0)
    request_id = models.UUIDField(unique=True, default=uuid.uuid4)

    class Meta:
        ordering = ["place", "since", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(until=None) | Q(until__gte=F("since")), name="seat_ends_after_it_began"),
        ]

    def __str__(self) -> str:
        return self.name


class PaperAnswer(AppendOnly):
    """What somebody answered to a question that the data cannot answer; the newest of a question and year holds.

    `year_be` 0 is an answer for good (how the records are kept), else it is of that year (the chair's message).
    """

    question = models.CharField(max_length=60)
    year_be = models.PositiveSmallIntegerField(default=0)
    text_th = models.TextField(blank=True)
    text_en = models.TextField(blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    answered_at = models.DateTimeField()
    request_id = models.UUIDField(default=uuid.uuid4)

    class Meta(AppendOnly.Meta):
        constraints = [
            models.UniqueConstraint(fields=["request_id", "question"], name="one_answer_per_request"),
        ]
        indexes = [models.Index(fields=["year_be", "question", "-id"])]
