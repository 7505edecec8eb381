"""People: the fund, its communities, households, members and memberships, meetings and regulations."""

import uuid

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Func, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bansong_fund.lib.append_only import AppendOnly
from bansong_fund.lib.national_id import LENGTH, decrypt_id, format_masked


def before_image(*exclude: str) -> object:
    """Keep the row as it was before each change or deletion (who and why come from the request's context)."""
    return pghistory.track(
        pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent(row=pghistory.Old), exclude=list(exclude)
    )


class Controls(models.TextChoices):
    """How many hands a baht passes through; see docs/architecture.md, "Controls"."""

    SMALL = "small", _("Small committee")
    STANDARD = "standard", _("Standard")
    STRICT = "strict", _("Strict")


@before_image()
class Fund(models.Model):
    """The one fund of this database."""

    name_th = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    area_th = models.CharField(max_length=200, blank=True)
    area_en = models.CharField(max_length=200, blank=True)
    address = models.TextField(blank=True)
    phone = models.CharField(max_length=30, blank=True)
    tax_id = models.CharField(max_length=13, blank=True)
    founded_on = models.DateField()
    population = models.PositiveIntegerField(null=True)
    founders = models.JSONField(default=list, help_text='[{"th": …, "en": …}]')
    promoters = models.JSONField(default=list, help_text='[{"th": …, "en": …}]')
    partners = models.JSONField(default=list, help_text='[{"th": …, "en": …, "work_th": …, "work_en": …}]')
    controls = models.CharField(max_length=10, choices=Controls.choices, default=Controls.SMALL)
    fund_year_start_month = models.PositiveSmallIntegerField(default=1)
    is_demo = models.BooleanField(default=False)
    demo_day = models.DateField(
        null=True, help_text="the day on which a demonstration fund lives; real funds have none"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="one_fund_per_database"),
            models.CheckConstraint(condition=Q(is_demo=True) | Q(demo_day=None), name="only_a_demonstration_has_a_day"),
            models.CheckConstraint(
                condition=Q(fund_year_start_month__range=(1, 12)), name="fund_year_starts_in_a_month"
            ),
        ]

    def __str__(self) -> str:
        return self.name_th


class Community(models.Model):
    """ชุมชน: a municipal community, the unit of collecting and leading."""

    number = models.PositiveSmallIntegerField(unique=True)
    name_th = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120)

    class Meta:
        ordering = ["number"]
        verbose_name_plural = "communities"

    def __str__(self) -> str:
        return self.name_th


class Household(models.Model):
    """A house by its registration: house number and village number (moo) within a community."""

    community = models.ForeignKey(Community, models.PROTECT, related_name="households")
    house_number = models.CharField(max_length=30)
    moo = models.CharField(max_length=10, blank=True)
    head = models.ForeignKey("Member", models.PROTECT, related_name="+", null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["community", "house_number", "moo"], name="one_household_per_house"),
        ]

    def __str__(self) -> str:
        return self.house_number


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


class ThaiSortKey(Func):
    function = "thai_sort_key"
    arity = 2


class NameGrams(Func):
    function = "name_grams"
    arity = 3


@before_image("national_id_encrypted", "national_id_digest", "sort_key", "name_grams")
class Member(models.Model):
    """A person, once, however often she leaves and returns. What people see is `number`, never the key."""

    request_id = models.UUIDField(unique=True, default=uuid.uuid4)
    public_token = models.UUIDField(unique=True, default=uuid.uuid4)
    number = models.PositiveIntegerField(_("member no."), unique=True)
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
    community = models.ForeignKey(Community, models.PROTECT, related_name="members")
    household = models.ForeignKey(Household, models.PROTECT, related_name="members", null=True)
    address = models.CharField(_("living address, if another"), max_length=250, blank=True)
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
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["national_id_digest"], condition=Q(merged_into=None), name="one_living_row_per_national_id"
            ),
        ]

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
    accepted_by = models.ForeignKey("Resolution", models.PROTECT, related_name="memberships", null=True)

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
        ]


class Group(models.TextChoices):
    DISABLED = "disabled", _("Person with disability")
    DISADVANTAGED = "disadvantaged", _("Disadvantaged")


class GroupFlag(models.Model):
    """A dated mark that a member is disabled or disadvantaged, with what shows it."""

    member = models.ForeignKey(Member, models.PROTECT, related_name="group_flags")
    group = models.CharField(max_length=20, choices=Group.choices)
    since = models.DateField()
    until = models.DateField(null=True)
    shown_by = models.CharField(max_length=200, blank=True)


class Relation(models.TextChoices):
    SPOUSE = "spouse", _("Spouse")
    CHILD = "child", _("Child")
    MOTHER = "mother", _("Mother")
    FATHER = "father", _("Father")
    SIBLING = "sibling", _("Sibling")
    GRANDCHILD = "grandchild", _("Grandchild, nephew or niece")
    RELATIVE = "relative", _("Relative")
    OTHER = "other", _("Other")


class Beneficiary(models.Model):
    """Who receives the funeral grant: a name and a relation; the ID is asked only when it is paid."""

    member = models.ForeignKey(Member, models.PROTECT, related_name="beneficiaries")
    name = models.CharField(max_length=200)
    relation = models.CharField(max_length=20, choices=Relation.choices)
    share_percent = models.PositiveSmallIntegerField(default=100)
    named_on = models.DateField(null=True)
    replaced_on = models.DateField(null=True)

    class Meta:
        verbose_name_plural = "beneficiaries"


class Child(models.Model):
    """A child of a member, who need not be a member: the subject of birth gifts and scholarships."""

    parent = models.ForeignKey(Member, models.PROTECT, related_name="children")
    name = models.CharField(max_length=200)
    birth_date = models.DateField(null=True)

    class Meta:
        verbose_name_plural = "children"


class Leadership(models.Model):
    """A user leads a community from a day, until a day. It decides which members a leader sees."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="leaderships")
    community = models.ForeignKey(Community, models.PROTECT, related_name="leaderships")
    since = models.DateField()
    until = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "community"], condition=Q(until=None), name="one_running_leadership"
            ),
        ]


class Meeting(models.Model):
    """A meeting: ครั้งที่ number/year_be. Its resolutions decide claims and accept members."""

    class Kind(models.TextChoices):
        COMMITTEE = "committee", _("Committee meeting")
        GENERAL = "general", _("Annual General Meeting")

    request_id = models.UUIDField(unique=True, default=uuid.uuid4)
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.COMMITTEE)
    number = models.PositiveSmallIntegerField()
    year_be = models.PositiveSmallIntegerField()
    held_on = models.DateField()
    place = models.CharField(max_length=200, blank=True)
    present = models.JSONField(default=list, help_text='names of those present: [{"name": …, "post": …, "user": id}]')
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)

    class Meta:
        ordering = ["-held_on", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "year_be", "number"], name="meeting_numbers_are_unique_in_a_year"),
        ]

    @property
    def label(self) -> str:
        return f"{self.number}/{self.year_be}"


class Resolution(models.Model):
    """What a meeting resolved; never changed once written."""

    request_id = models.UUIDField(unique=True, default=uuid.uuid4)
    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="resolutions")
    number = models.PositiveSmallIntegerField()
    subject = models.CharField(max_length=200)
    text = models.TextField(blank=True)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)
    written_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["meeting", "number"]
        constraints = [models.UniqueConstraint(fields=["meeting", "number"], name="resolutions_number_their_meeting")]

    @property
    def label(self) -> str:
        return f"{self.meeting.label} ({self.number})"


class Regulation(AppendOnly):
    """One version of the fund's regulation, in force from its date until the next version's."""

    name_th = models.CharField(max_length=250)
    name_en = models.CharField(max_length=250)
    reference = models.CharField(max_length=250)
    effective_from = models.DateField(unique=True)
    document = models.JSONField()
    sha256 = models.CharField(max_length=64)
    loaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)
    loaded_at = models.DateTimeField(default=timezone.now)

    class Meta(AppendOnly.Meta):
        ordering = ["effective_from"]


class MemberCount(models.Model):
    """Kept counts per community, written by the members' verbs and proved by `check_ledger`."""

    community = models.OneToOneField(Community, models.PROTECT, related_name="member_count")
    current = models.PositiveIntegerField(default=0)
    cumulative = models.PositiveIntegerField(default=0)
