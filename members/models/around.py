"""Who and what stands around a member: marks, beneficiaries, children, guardians, consents."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.models.history import before_image
from members.models.people import Member


class Group(models.TextChoices):
    DISABLED = "disabled", _("Person with disability")
    DISADVANTAGED = "disadvantaged", _("Disadvantaged")


@before_image()
class GroupFlag(models.Model):
    """A dated mark that a member is disabled or disadvantaged, with what shows it."""

    member = models.ForeignKey(Member, models.PROTECT, related_name="group_flags")
    group = models.CharField(max_length=20, choices=Group.choices)
    since = models.DateField()
    until = models.DateField(null=True)
    shown_by = models.CharField(max_length=200, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)


class Relation(models.TextChoices):
    SPOUSE = "spouse", _("Spouse")
    CHILD = "child", _("Child")
    MOTHER = "mother", _("Mother")
    FATHER = "father", _("Father")
    SIBLING = "sibling", _("Sibling")
    GRANDCHILD = "grandchild", _("Grandchild, nephew or niece")
    RELATIVE = "relative", _("Relative")
    OTHER = "other", _("Other")


@before_image()
class Beneficiary(models.Model):
    """Who receives the funeral grant: a name and a relation; the ID is asked only when it is paid."""

    member = models.ForeignKey(Member, models.PROTECT, related_name="beneficiaries")
    name = models.CharField(max_length=200)
    relation = models.CharField(max_length=20, choices=Relation.choices)
    share_percent = models.PositiveSmallIntegerField(default=100)
    named_on = models.DateField(null=True)
    replaced_on = models.DateField(null=True)
    died_on = models.DateField(null=True)

    class Meta:
        verbose_name_plural = "beneficiaries"


@before_image()
class Child(models.Model):
    """A child of a member, who need not be a member: the subject of birth gifts and scholarships."""

    parent = models.ForeignKey(Member, models.PROTECT, related_name="children")
    name = models.CharField(max_length=200)
    birth_date = models.DateField(null=True)
    member = models.ForeignKey(Member, models.PROTECT, related_name="+", null=True, help_text="where a member herself")

    class Meta:
        verbose_name_plural = "children"


@before_image()
class Guardian(models.Model):
    """ผู้แทนโดยชอบธรรม: who acts for a member who is a minor, from a day, until a day."""

    member = models.ForeignKey(Member, models.PROTECT, related_name="guardians")
    guardian_member = models.ForeignKey(
        Member, models.PROTECT, related_name="wards", null=True, help_text="where the guardian is a member"
    )
    name = models.CharField(max_length=200)
    relation = models.CharField(max_length=20, choices=Relation.choices)
    phone = models.CharField(max_length=30, blank=True)
    since = models.DateField()
    until = models.DateField(null=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="guardianship_ends_after_it_starts"
            ),
        ]


@before_image()
class Consent(models.Model):
    """What a person (a minor's guardian) was told or agreed to, and when she withdrew it (PDPA, sections 19, 20, 23).

    `NOTICE` is no consent: it says that the privacy notice was handed over.
    """

    class Kind(models.TextChoices):
        NOTICE = "notice", _("Privacy notice handed over")
        HEALTH = "health", _("Keeping health and disability papers")
        NAME = "name", _("Showing the name in public")
        PHOTO = "photo", _("Showing photographs")

    member = models.ForeignKey(Member, models.PROTECT, related_name="consents")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    given_on = models.DateField()
    given_by = models.CharField(max_length=200, blank=True, help_text="the guardian's name, for a minor")
    withdrawn_on = models.DateField(null=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["member", "kind"], condition=Q(withdrawn_on=None), name="one_running_consent_of_a_kind"
            ),
        ]
