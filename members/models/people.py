"""Persons: who a member is, and the people around her."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Func, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bansong_fund.lib.append_only import AppendOnly
from bansong_fund.lib.national_id import LENGTH, decrypt_id, format_masked
from members.models.fund import Community, Household
from members.models.history import before_image


class MemberSequence(models.Model):
    """The last member number given out; its row is locked while a number is taken."""

    last = models.PositiveIntegerField(default=0)


class DatePrecision(models.TextChoices):
    DAY = "day", _("to the day")
    MONTH = "month", _("to the month")
    YEAR = "year", _("to the year")


class IdKind(models.TextChoices):
    CITIZEN = "citizen", _("Thai national ID")
    STATELESS = "stateless", _("Stateless person's number")
    FOREIGNER = "foreigner", _("Registered foreigner's number")
    PASSPORT = "passport", _("Passport")
    NONE = "none", _("No ID")


class Sex(models.TextChoices):
    FEMALE = "f", _("Female")
    MALE = "m", _("Male")


class MaritalStatus(models.TextChoices):
    SINGLE = "single", _("Single")
    MARRIED = "married", _("Married")
    DIVORCED = "divorced", _("Divorced")
    WIDOWED = "widowed", _("Widowed")
    SEPARATED = "separated", _("Separated")


class Person(models.Model):
    """What the register and an application write down of a person alike.

    The ID is kept sealed, with a keyed digest for uniqueness and search and its last four digits for display. Of a
    birth known only to the year, `birth_date` is the day that it is reckoned from (`Fund.year_only_births`) and
    `birth_precision` says so.
    """

    title = models.CharField(_("title"), max_length=40)
    first_name = models.CharField(_("first name"), max_length=100)
    family_name = models.CharField(_("family name"), max_length=100, blank=True)
    nickname = models.CharField(_("nickname"), max_length=60, blank=True)
    sex = models.CharField(_("sex"), max_length=1, choices=Sex.choices)
    birth_date = models.DateField(_("date of birth"), null=True)
    birth_precision = models.CharField(max_length=5, choices=DatePrecision.choices, default=DatePrecision.DAY)
    id_kind = models.CharField(max_length=10, choices=IdKind.choices, default=IdKind.CITIZEN)
    national_id_encrypted = models.TextField(blank=True)
    national_id_digest = models.CharField(max_length=64, null=True)
    national_id_last4 = models.CharField(max_length=4, blank=True)
    id_reason = models.CharField(max_length=200, blank=True, help_text="why a number with a wrong checksum was taken")
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    occupation = models.CharField(_("occupation"), max_length=100, blank=True)
    nationality = models.CharField(_("nationality"), max_length=60, blank=True)
    marital_status = models.CharField(_("marital status"), max_length=10, choices=MaritalStatus.choices, blank=True)
    address = models.CharField(_("living address, if another"), max_length=250, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        """Title, first and family name, as Thai writes them: no space behind the title."""
        return f"{self.title}{self.first_name} {self.family_name}".strip()

    @property
    def masked_id(self) -> str:
        """The ID as pages show it: 1-2345-XXXXX-XX-1; of another number only its last four signs; "" without one."""
        if not self.national_id_encrypted:
            return ""
        number = decrypt_id(self.national_id_encrypted)
        return format_masked(number) if len(number) == LENGTH else f"…{self.national_id_last4}"


class ThaiSortKey(Func):
    function = "thai_sort_key"
    arity = 2


class NameGrams(Func):
    function = "name_grams"
    arity = 3


@before_image("national_id_encrypted", "national_id_digest", "sort_key", "name_grams")
class Member(Person):
    """A person, once, however often she leaves and returns. What people see is `number`, never the key."""

    request_id = models.UUIDField(unique=True, default=uuid.uuid4)
    public_token = models.UUIDField(unique=True, default=uuid.uuid4)
    number = models.PositiveIntegerField(_("member no."), unique=True)
    community = models.ForeignKey(Community, models.PROTECT, related_name="members", db_index=False)
    household = models.ForeignKey(Household, models.PROTECT, related_name="members", null=True)
    died_on = models.DateField(null=True)
    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.PROTECT, related_name="member", null=True)
    merged_into = models.ForeignKey("self", models.PROTECT, related_name="doubles", null=True)
    is_invented = models.BooleanField(default=False)
    registered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)
    registered_at = models.DateTimeField(default=timezone.now)
    sort_key = models.GeneratedField(
        expression=ThaiSortKey(F("first_name"), F("family_name")),
        output_field=models.TextField(db_collation="C"),
        db_persist=True,
    )
    name_grams = models.GeneratedField(
        expression=NameGrams(F("first_name"), F("family_name"), F("nickname")),
        output_field=ArrayField(models.TextField()),
        db_persist=True,
    )

    class Meta:
        indexes = [
            models.Index(fields=["sort_key", "id"]),
            models.Index(fields=["community", "sort_key", "id"]),
            GinIndex(fields=["name_grams"]),
            models.Index(fields=["phone"], condition=Q(phone__gt=""), name="members_by_phone"),
            # reports count every member: without this they read the whole rows, forty times as much
            models.Index(
                fields=["id"],
                include=["birth_date", "community"],
                condition=Q(merged_into=None),
                name="members_to_be_counted",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["national_id_digest"], condition=Q(merged_into=None), name="one_living_row_per_national_id"
            ),
        ]


class NameChange(AppendOnly):
    """A member took another title or name from a day on; `Member` has the names that hold now."""

    request_id = models.UUIDField(unique=True, default=uuid.uuid4)
    member = models.ForeignKey(Member, models.PROTECT, related_name="name_changes")
    changed_on = models.DateField()
    old_title = models.CharField(max_length=40)
    old_first_name = models.CharField(max_length=100)
    old_family_name = models.CharField(max_length=100, blank=True)
    title = models.CharField(max_length=40)
    first_name = models.CharField(max_length=100)
    family_name = models.CharField(max_length=100, blank=True)
    shown_by = models.CharField(max_length=200, blank=True, help_text="the paper that shows it")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta(AppendOnly.Meta):
        ordering = ["changed_on", "id"]


class SettledDouble(models.Model):
    """Two rows that look like one person, and what a registrar found: the same (merged), or two people.

    `first` has the lower key. A verdict that was undone stays as a row, and the pair may be settled again.
    """

    class Verdict(models.TextChoices):
        SAME = "same", _("One person: merged")
        DIFFERENT = "different", _("Two different people")

    request_id = models.UUIDField(unique=True, default=uuid.uuid4)
    first = models.ForeignKey(Member, models.PROTECT, related_name="+")
    second = models.ForeignKey(Member, models.PROTECT, related_name="+")
    verdict = models.CharField(max_length=10, choices=Verdict.choices)
    survivor = models.ForeignKey(Member, models.PROTECT, related_name="+", null=True)
    reason = models.CharField(max_length=200, blank=True)
    paid_through_before = models.DateField(null=True, help_text="the survivor's running membership's, before the merge")
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)
    settled_at = models.DateTimeField(default=timezone.now)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)
    undone_at = models.DateTimeField(null=True)
    undo_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["first", "second"], condition=Q(undone_at=None), name="a_pair_is_settled_once"
            ),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="the_lower_key_comes_first"),
            models.CheckConstraint(
                condition=Q(verdict="same", survivor__isnull=False) | Q(verdict="different", survivor=None),
                name="only_a_merge_has_a_survivor",
            ),
        ]
