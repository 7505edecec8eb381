"""Leg 4: contributors, their gifts, and the partners because of whom they give."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from bansong_fund.lib.append_only import AppendOnly
from bansong_fund.lib.money import BahtField
from ledger.models import Account, Receipt
from members.models import Community, before_image


class ContributorKind(models.TextChoices):
    PERSON = "person", _("Person")
    SHOP = "shop", _("Shop")
    COMPANY = "company", _("Company")
    NGO = "ngo", _("Non-governmental organisation")
    AGENCY = "agency", _("Agency")
    TEMPLE = "temple", _("Temple")
    ENTERPRISE = "enterprise", _("Community enterprise")
    SISTER_FUND = "sister-fund", _("Welfare fund or association")
    OTHER = "other", _("Other")


@before_image()
class Partner(models.Model):
    """ภาคีเครือข่าย (the millipede's part 2): who works with the fund, and at what."""

    request_id = models.UUIDField(unique=True, default=uuid.uuid4)
    name_th = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=15, choices=ContributorKind.choices, default=ContributorKind.AGENCY)
    work_th = models.CharField(max_length=250, blank=True, help_text="at what they work together")
    work_en = models.CharField(max_length=250, blank=True)
    contact = models.CharField(max_length=250, blank=True)
    since = models.DateField(null=True)
    until = models.DateField(null=True)

    class Meta:
        ordering = ["name_th"]


class PartnerAgreement(models.Model):
    """What is agreed with a partner, from when until when, on which paper."""

    request_id = models.UUIDField(unique=True, default=uuid.uuid4)
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="agreements")
    subject = models.CharField(max_length=250)
    reference = models.CharField(max_length=100, blank=True)
    agreed_on = models.DateField()
    until = models.DateField(null=True)

    class Meta:
        ordering = ["-agreed_on", "-id"]


class PartnerActivity(models.Model):
    """What was done together: when, where, with how many, and the income that it raised for the people there."""

    request_id = models.UUIDField(unique=True, default=uuid.uuid4)
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="activities")
    community = models.ForeignKey(Community, models.PROTECT, related_name="+", null=True)
    title = models.CharField(max_length=250)
    held_on = models.DateField()
    participants = models.PositiveIntegerField(null=True)
    income_raised = BahtField(null=True, help_text="baht earned by those who took part; not the fund's money")
    note = models.CharField(max_length=250, blank=True)

    class Meta:
        ordering = ["-held_on", "-id"]

    def __str__(self) -> str:
        return self.title


@before_image()
class Contributor(models.Model):
    """ขาที่ 4: who gives to the fund, from inside the subdistrict or outside."""

    request_id = models.UUIDField(unique=True, default=uuid.uuid4)
    number = models.PositiveIntegerField(unique=True)
    kind = models.CharField(max_length=15, choices=ContributorKind.choices)
    name = models.CharField(max_length=200)
    is_local = models.BooleanField(default=True)
    may_be_named = models.BooleanField(default=False)
    consent_on = models.DateField(null=True, help_text="when the consent to be named was given or taken back")
    brought_by = models.ForeignKey(
        "Partner", models.PROTECT, related_name="contributors", null=True, help_text="because of whom it gives"
    )
    note = models.CharField(max_length=250, blank=True)
    phone = models.CharField(max_length=30, blank=True)
    address = models.CharField(max_length=250, blank=True)
    is_invented = models.BooleanField(default=False)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Gift(AppendOnly):
    """A gift of a contributor, booked under one form of leg 4."""

    contributor = models.ForeignKey(Contributor, models.PROTECT, related_name="gifts")
    receipt = models.OneToOneField(Receipt, models.PROTECT, related_name="gift")
    campaign = models.ForeignKey("Campaign", models.PROTECT, related_name="gifts", null=True)
    income_account = models.ForeignKey(Account, models.PROTECT, related_name="+")
    amount = BahtField()
    received_on = models.DateField()
    pledge = models.ForeignKey("Pledge", models.PROTECT, related_name="gifts", null=True)
    activity = models.ForeignKey(PartnerActivity, models.PROTECT, related_name="gifts", null=True)

    class Meta(AppendOnly.Meta):
        indexes = [models.Index(fields=["contributor", "-received_on"])]
