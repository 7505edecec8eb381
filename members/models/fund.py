"""The fund itself, its communities, and the houses in them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from members.models.history import before_image


class Controls(models.TextChoices):
    """How many hands a baht passes through; see docs/architecture.md, "Controls"."""

    SMALL = "small", _("Small committee")
    STANDARD = "standard", _("Standard")
    STRICT = "strict", _("Strict")


class YearOnlyBirths(models.TextChoices):
    """From which day a birth is reckoned of which only the year is known."""

    JANUARY = "january", _("1 January of the year")
    JULY = "july", _("1 July of the year")


class AdministrationBase(models.TextChoices):
    """Of what the share for running the fund is reckoned."""

    INCOME = "income", _("All income of the year")
    FOUR_LEGS = "four-legs", _("The four legs, without interest and entry fees")
    DUES = "dues", _("Members' contributions")


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
    # what the committee may settle about members; see docs/members.md
    lapse_notice_days = models.PositiveSmallIntegerField(default=30)
    year_only_births = models.CharField(max_length=10, choices=YearOnlyBirths.choices, default=YearOnlyBirths.JANUARY)
    child_under_age = models.PositiveSmallIntegerField(default=18)
    elderly_from_age = models.PositiveSmallIntegerField(default=60)
    # what running the fund may cost: a share of what came in, or of the members' contributions alone
    administration_percent = models.PositiveSmallIntegerField(default=20)
    administration_base = models.CharField(
        max_length=15, choices=AdministrationBase.choices, default=AdministrationBase.INCOME
    )
    promptpay_id = models.CharField(
        max_length=15, blank=True, help_text="13 digits where it is not the fund's tax number; never a person's phone"
    )
    # how the fund's papers look, and what of them stands open
    thai_digits = models.BooleanField(default=False, help_text="letters and certificates are written with ๑ ๒ ๓")
    notice_board_is_public = models.BooleanField(default=False, help_text="the notice board stands open without login")
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


@before_image()
class Household(models.Model):
    """A house by its registration: house number and village number (moo) within a community."""

    community = models.ForeignKey(Community, models.PROTECT, related_name="households")
    house_number = models.CharField(max_length=30)
    moo = models.CharField(max_length=10, blank=True)
    lane = models.CharField(_("lane (Soi)"), max_length=60, blank=True)
    road = models.CharField(_("road"), max_length=60, blank=True)
    head = models.ForeignKey("Member", models.PROTECT, related_name="+", null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["community", "house_number", "moo"], name="one_household_per_house"),
        ]

    def __str__(self) -> str:
        return self.house_number


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


class MemberCount(models.Model):
    """Kept counts per community, written by the members' verbs and proved by `check_ledger`."""

    community = models.OneToOneField(Community, models.PROTECT, related_name="member_count")
    current = models.PositiveIntegerField(default=0)
    cumulative = models.PositiveIntegerField(default=0)
