"""What the fund set for its welfare beside the regulation: budgets, and the few settings of deciding and paying."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone

from bansong_fund.lib.append_only import AppendOnly
from bansong_fund.lib.money import BahtField
from members.models import Resolution, before_image
from welfare.models.claims import Category

USER = settings.AUTH_USER_MODEL


class Budget(AppendOnly):
    """What the fund means to spend on a kind of welfare in a fund year. The latest row of a kind and year counts."""

    request_id = models.UUIDField(default=uuid.uuid4)
    year_start = models.DateField(help_text="first day of the fund year")
    category = models.CharField(max_length=15, choices=Category.choices)
    baht = BahtField()
    resolution = models.ForeignKey(Resolution, models.PROTECT, related_name="+")
    set_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    set_at = models.DateTimeField(default=timezone.now)

    class Meta(AppendOnly.Meta):
        ordering = ["year_start", "category", "id"]
        indexes = [models.Index(fields=["year_start", "category", "-id"])]


@before_image()
class WelfareSettings(models.Model):
    """One row. Each change stands under a resolution of the committee."""

    appeal_days = models.PositiveSmallIntegerField(default=30, help_text="so long after a rejection one may ask again")
    urgent_death_grants = models.BooleanField(default=False)
    chair = models.ForeignKey(USER, models.PROTECT, related_name="+", null=True)
    two_approvals_above = BahtField(default=5000, help_text="at the level strict")
    delivery_due_days = models.PositiveSmallIntegerField(default=7, help_text="money on its way longer is overdue")
    resolution = models.ForeignKey(Resolution, models.PROTECT, related_name="+", null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="one_row_of_welfare_settings")]
