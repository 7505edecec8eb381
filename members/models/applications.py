"""Applications to membership: entered, certified, then accepted or refused by a resolution."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bansong_fund.lib.append_only import AppendOnly
from bansong_fund.lib.money import BahtField
from members.models.around import Relation
from members.models.fund import Community
from members.models.history import before_image
from members.models.meetings import Resolution
from members.models.people import Member, Person


class PayInterval(models.TextChoices):
    YEAR = "year", _("Once a year")
    HALF_YEAR = "half-year", _("Every half year")
    QUARTER = "quarter", _("Every quarter")
    MONTH = "month", _("Every month")


class ApplicationState(models.TextChoices):
    ENTERED = "entered", _("Entered, to be certified")
    CERTIFIED = "certified", _("Certified, to be decided")
    ACCEPTED = "accepted", _("Accepted")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn")


@before_image("national_id_encrypted", "national_id_digest")
class Application(Person):
    """ใบสมัครสมาชิก: a person asks to be taken into the fund, or back into it (`former_member`)."""

    request_id = models.UUIDField(unique=True, default=uuid.uuid4)
    year_be = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    community = models.ForeignKey(Community, models.PROTECT, related_name="applications")
    house_number = models.CharField(max_length=30, blank=True)
    moo = models.CharField(max_length=10, blank=True)
    lane = models.CharField(max_length=60, blank=True)
    road = models.CharField(max_length=60, blank=True)
    applied_on = models.DateField()
    # tenure starts on the day on which the first dues were taken, if the application is accepted later
    first_dues_on = models.DateField(null=True)
    first_dues_baht = BahtField(null=True)
    pay_every = models.CharField(max_length=10, choices=PayInterval.choices, default=PayInterval.YEAR)
    beneficiaries = models.JSONField(default=list, help_text='[{"name": …, "relation": …, "share_percent": …}]')
    guardian_name = models.CharField(max_length=200, blank=True)
    guardian_relation = models.CharField(max_length=20, choices=Relation.choices, blank=True)
    guardian_phone = models.CharField(max_length=30, blank=True)
    knows_rules = models.BooleanField(default=False, help_text="knows the rules, and that nothing is paid back")
    consents = models.JSONField(default=list, help_text="kinds of Consent that were given with the application")
    former_member = models.ForeignKey(Member, models.PROTECT, related_name="reentries", null=True)
    state = models.CharField(max_length=10, choices=ApplicationState.choices, default=ApplicationState.ENTERED)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(default=timezone.now)
    resolution = models.ForeignKey(Resolution, models.PROTECT, related_name="applications", null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)
    decided_on = models.DateField(null=True)
    decision_reason = models.CharField(max_length=500, blank=True)
    member = models.ForeignKey(Member, models.PROTECT, related_name="applications", null=True)

    class Meta:
        ordering = ["-year_be", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["year_be", "number"], name="application_numbers_are_unique"),
            models.CheckConstraint(
                condition=~Q(state__in=["accepted", "refused"]) | Q(resolution__isnull=False),
                name="an_application_is_decided_by_a_resolution",
            ),
            models.CheckConstraint(
                condition=Q(state="accepted", member__isnull=False) | (~Q(state="accepted") & Q(member=None)),
                name="an_accepted_application_has_its_member",
            ),
        ]
        indexes = [models.Index(fields=["state", "community"])]

    @property
    def label(self) -> str:
        return f"{self.number}/{self.year_be}"


class Certification(AppendOnly):
    """Somebody who knows the applicant's community certifies her; at the level `strict` three do."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="certifications")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    certified_at = models.DateTimeField(default=timezone.now)

    class Meta(AppendOnly.Meta):
        constraints = [
            models.UniqueConstraint(fields=["application", "user"], name="a_user_certifies_an_application_once"),
        ]
