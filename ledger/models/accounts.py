"""The chart: accounts by type and role, and the funds that are set aside."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class AccountType(models.TextChoices):
    ASSET = "asset", _("Asset")  # สินทรัพย์
    FUND = "fund", _("Accumulated fund")  # เงินกองทุนสะสม
    INCOME = "income", _("Income")  # รายรับ
    COST = "cost", _("Cost")  # รายจ่าย


class AccountRole(models.TextChoices):
    """What an account is for. Verbs look accounts up by role, never by name."""

    CASH = "cash", _("Cash on hand")
    BANK = "bank", _("Bank account")
    COLLECTOR = "collector", _("Cash with a collector")
    ADVANCE = "advance", _("Advance with a leader")
    TAX_WITHHELD = "tax-withheld", _("Tax withheld on interest")
    BETWEEN_FUNDS = "between-funds", _("Money between restricted funds")
    ACCUMULATED_FUND = "accumulated-fund", _("Accumulated fund")
    DUES = "dues", _("Members' contributions")
    MUNICIPALITY = "municipality", _("Municipality's contribution")
    CODI_START_UP = "codi-start-up", _("CODI start-up grant")
    CODI_MATCHING = "codi-matching", _("CODI matching rounds")
    OTHER_STATE = "other-state", _("Other state bodies")
    GIFT = "gift", _("Gifts")
    SISTER_FUNDS = "sister-funds", _("Contributions of sister funds")
    EVENT_INCOME = "event-income", _("Income of the annual event")
    ENTERPRISE_SHARE = "enterprise-share", _("Shares paid by enterprises")
    ENTRY_FEE = "entry-fee", _("Entry fees")
    INTEREST = "interest", _("Bank interest")
    CASH_OVER_SHORT = "cash-over-short", _("Cash over or short")
    BENEFIT = "benefit", _("Welfare benefit")
    ADMINISTRATION = "administration", _("Administrative expense")
    EVENT_COST = "event-cost", _("Cost of the annual event")
    PUBLIC_BENEFIT = "public-benefit", _("Public benefit and solidarity")


class Account(models.Model):
    """One account of the chart. `category` tells benefits (by kind) and administration (by kind) apart."""

    code = models.CharField(max_length=10, unique=True)
    name_th = models.CharField(max_length=150)
    name_en = models.CharField(max_length=150)
    type = models.CharField(max_length=10, choices=AccountType.choices)
    role = models.CharField(max_length=20, choices=AccountRole.choices)
    category = models.CharField(max_length=30, blank=True)
    leg = models.PositiveSmallIntegerField(null=True)
    holder = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)
    bank_th = models.CharField(max_length=100, blank=True)
    bank_en = models.CharField(max_length=100, blank=True)
    branch_th = models.CharField(max_length=100, blank=True)
    branch_en = models.CharField(max_length=100, blank=True)
    last_digits = models.CharField(max_length=4, blank=True)
    is_open = models.BooleanField(default=True)

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(condition=Q(leg=None) | Q(leg__range=(1, 4)), name="legs_are_one_to_four"),
            models.UniqueConstraint(
                fields=["role", "holder"], condition=Q(holder__isnull=False), name="one_account_per_role_and_holder"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name_th}"


class RestrictedFund(models.Model):
    """A part of the fund's money set aside for a purpose; `general` is the part that is not."""

    code = models.SlugField(max_length=20, unique=True)
    name_th = models.CharField(max_length=150)
    name_en = models.CharField(max_length=150)
    purpose = models.CharField(max_length=250, blank=True)
    resolution_label = models.CharField(max_length=60, blank=True, help_text="the resolution that set it aside")
    is_open = models.BooleanField(default=True)

    class Meta:
        ordering = ["id"]

    @property
    def is_general(self) -> bool:
        return self.code == "general"
