"""The register of a fund that exists: how it is brought in, and the facts that it brings."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bansong_fund.lib.money import BahtField
from members.models.history import before_image
from members.models.people import Member


class ImportRun(models.Model):
    """One file of members on its way in: read, matched, shown, then written whole or not at all.

    The file lies in private storage under `stored_name`, sealed, and goes when the run has ended.
    """

    class State(models.TextChoices):
        MATCHING = "matching", _("Columns to be matched")
        READING = "reading", _("Being read")
        SHOWN = "shown", _("To be confirmed")
        WRITING = "writing", _("Being written")
        DONE = "done", _("Written")
        FAILED = "failed", _("Failed")
        DROPPED = "dropped", _("Dropped")

    request_id = models.UUIDField(unique=True, default=uuid.uuid4)
    file_name = models.CharField(max_length=200)
    stored_name = models.CharField(max_length=80, blank=True)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.MATCHING)
    sheets = models.JSONField(default=list, help_text="per sheet: its name, heading rows, and which column is what")
    options = models.JSONField(default=dict, help_text="what was said of the whole file; see members.importing.layout")
    counts = models.JSONField(default=dict, help_text='{"new": …, "changed": …, "same": …, "refused": …}')
    outcome_digest = models.CharField(max_length=64, blank=True, help_text="of all rows as shown; confirmed as seen")
    error = models.TextField(blank=True)
    job = models.ForeignKey("office.Job", models.PROTECT, related_name="+", null=True)
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)
    started_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.file_name


class ImportRow(models.Model):
    """What will happen, or happened, to one row of the file. Its cells stay in the file."""

    class Outcome(models.TextChoices):
        NEW = "new", _("New")
        CHANGED = "changed", _("Changed")
        SAME = "same", _("Same")
        REFUSED = "refused", _("Refused")

    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="rows")
    sheet = models.PositiveSmallIntegerField()
    line = models.PositiveIntegerField()
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    name = models.CharField(max_length=300, blank=True)
    messages = models.JSONField(default=list, help_text='[{"kind": …, "column": …, "th": …, "en": …}]')
    member = models.ForeignKey(Member, models.PROTECT, related_name="+", null=True)
    possible_double = models.ForeignKey(Member, models.PROTECT, related_name="+", null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "sheet", "line"], name="one_outcome_per_row")]
        indexes = [models.Index(fields=["run", "outcome", "sheet", "line"])]


@before_image()
class OpeningFacts(models.Model):
    """What the fund's books before this program knew of a member, as of a day."""

    member = models.OneToOneField(Member, models.PROTECT, related_name="opening_facts")
    as_of = models.DateField()
    rounds_matched = models.PositiveSmallIntegerField(default=0)


@before_image()
class OpeningDrawn(models.Model):
    """What a member had drawn of a benefit before this program: in the limit's year of `as_of`, and in life."""

    member = models.ForeignKey(Member, models.PROTECT, related_name="opening_drawn")
    benefit_code = models.CharField(max_length=40)
    as_of = models.DateField()
    year_times = models.PositiveSmallIntegerField(default=0)
    year_units = models.PositiveSmallIntegerField(default=0, help_text="nights, where the benefit counts them")
    year_baht = BahtField(default=0)
    life_times = models.PositiveSmallIntegerField(default=0)
    life_baht = BahtField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "benefit_code"], name="one_opening_sum_per_member_and_benefit"),
        ]
