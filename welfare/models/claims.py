"""Claims and every step in their life."""

import uuid

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bansong_fund.lib.append_only import AppendOnly
from bansong_fund.lib.money import BahtField
from ledger.models import PaymentVoucher, RestrictedFund
from members.models import Child, Community, Household, Member, Membership, Regulation, Resolution, before_image
from welfare.models.guards import (
    LEVEL,
    REFUSE_A_STEP_ALONE,
    REFUSE_DELETING,
    REFUSE_ONE_HAND,
    REFUSE_OWN_CLAIM,
    REFUSE_REWRITING,
    REWRITING,
)


class Category(models.TextChoices):
    """The nine kinds of welfare, in the order in which the fund lists them."""

    BIRTH = "birth", _("Newborn and childbirth")
    SICKNESS = "sickness", _("Sickness and medical care")
    ELDERLY = "elderly", _("Elderly")
    DEATH = "death", _("Death")
    EDUCATION = "education", _("Education")
    DISADVANTAGED = "disadvantaged", _("Disadvantaged people and people with disabilities")
    CAREER = "career", _("Career development")
    HOUSING = "housing", _("Housing repair")
    DISASTER = "disaster", _("Disaster relief")


class Claimant(models.TextChoices):
    """Who asks for the money."""

    MEMBER = "member", _("The member herself")
    GUARDIAN = "guardian", _("Her guardian")
    PROXY = "proxy", _("Somebody with her power of attorney")
    FAMILY = "family", _("Family of the deceased member")


class ClaimState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted, to be checked")
    VERIFIED = "verified", _("Checked, to be decided")
    APPROVED = "approved", _("Approved, to be paid")
    REJECTED = "rejected", _("Rejected")
    PAID = "paid", _("Paid")
    CANCELLED = "cancelled", _("Cancelled")


BEFORE = pgtrigger.Before


@before_image()
class Claim(models.Model):
    """คำขอรับสวัสดิการ: one benefit asked for out of one event. Nights and dates are kept, diagnoses are not."""

    request_id = models.UUIDField(unique=True, default=uuid.uuid4)
    public_token = models.UUIDField(unique=True, default=uuid.uuid4)
    year_be = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    member = models.ForeignKey(Member, models.PROTECT, related_name="claims", db_index=False)
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="claims", null=True)
    community = models.ForeignKey(Community, models.PROTECT, related_name="claims", db_index=False)
    household = models.ForeignKey(Household, models.PROTECT, related_name="claims", null=True)
    regulation = models.ForeignKey(Regulation, models.PROTECT, related_name="claims", null=True)
    benefit_code = models.CharField(max_length=40)
    category = models.CharField(max_length=15, choices=Category.choices)
    # the facts that the leader or registrar entered
    event_from = models.DateField()
    event_until = models.DateField(null=True)
    units = models.PositiveIntegerField(null=True)
    grade = models.CharField(max_length=20, blank=True)
    loss_amount = BahtField(null=True)
    proposed_amount = BahtField(null=True)
    child = models.ForeignKey(Child, models.PROTECT, related_name="claims", null=True)
    event_key = models.CharField(max_length=60, blank=True, help_text="what one flood or storm is called")
    exclusions_affirmed = models.JSONField(default=list)
    evidence_seen = models.JSONField(default=list)
    claimant = models.CharField(max_length=10, choices=Claimant.choices, default=Claimant.MEMBER)
    claimant_name = models.CharField(max_length=200, blank=True, help_text="where it is not the member herself")
    claimant_relation = models.CharField(max_length=20, blank=True)
    recipient_name = models.CharField(max_length=200)
    recipient_relation = models.CharField(max_length=20, blank=True)
    recipient_relative_of = models.CharField(
        max_length=200, blank=True, help_text="whom in the fund the recipient is a relative of, said at entry"
    )
    care_visit = models.ForeignKey("welfare.CareVisit", models.PROTECT, related_name="claims", null=True)
    benefit_list = models.ForeignKey("welfare.BenefitList", models.PROTECT, related_name="claims", null=True)
    restricted_fund = models.ForeignKey(
        RestrictedFund, models.PROTECT, related_name="+", null=True, help_text="none: the general fund"
    )
    note = models.CharField(max_length=500, blank=True)
    received_on = models.DateField(null=True)
    # how it was reckoned
    state = models.CharField(max_length=10, choices=ClaimState.choices, default=ClaimState.DRAFT)
    outcome = models.CharField(max_length=15, blank=True)
    amount = BahtField(null=True)
    assessment = models.JSONField(default=dict)
    # by whose hands
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(default=timezone.now)
    submitted_at = models.DateTimeField(null=True)
    verified_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)
    decided_on = models.DateField(null=True)
    decision_reason = models.CharField(max_length=500, blank=True)
    decision_relative_of = models.CharField(max_length=200, blank=True, help_text="the same, said at the decision")
    appeal_until = models.DateField(null=True, help_text="after a rejection: the last day to ask again")
    urgent = models.BooleanField(default=False, help_text="a death grant ahead of the meeting that ratifies it")
    resolution = models.ForeignKey(Resolution, models.PROTECT, related_name="claims", null=True)
    amount_approved = BahtField(null=True)
    paid_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)
    paid_on = models.DateField(null=True)
    voucher = models.ForeignKey(PaymentVoucher, models.PROTECT, related_name="claims", null=True)

    class Meta:
        ordering = ["-event_from", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["year_be", "number"], name="claim_numbers_are_unique"),
            models.CheckConstraint(
                condition=Q(event_until=None) | Q(event_until__gte=F("event_from")),
                name="an_event_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "paid"])
                | (Q(amount_approved__gt=0, decided_by__isnull=False) & (Q(resolution__isnull=False) | Q(urgent=True))),
                name="an_approved_claim_has_a_resolution",
            ),
            models.CheckConstraint(
                condition=~Q(state="paid") | Q(voucher__isnull=False, paid_by__isnull=False, paid_on__isnull=False),
                name="a_paid_claim_has_a_voucher",
            ),
        ]
        indexes = [
            models.Index(fields=["-event_from", "-id"]),
            models.Index(fields=["state", "received_on", "id"]),
            models.Index(fields=["member", "benefit_code", "event_from"]),
            models.Index(fields=["community", "-event_from"]),
            models.Index(fields=["category", "paid_on"]),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="refuse_one_hand",
                when=BEFORE,
                operation=pgtrigger.Insert
                | pgtrigger.UpdateOf("entered_by_id", "verified_by_id", "decided_by_id", "paid_by_id"),
                declare=LEVEL,
                func=REFUSE_ONE_HAND,
            ),
            pgtrigger.Trigger(
                name="refuse_own_claim",
                when=BEFORE,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("decided_by_id", "paid_by_id"),
                func=REFUSE_OWN_CLAIM,
            ),
            pgtrigger.Trigger(
                name="refuse_a_step_alone",
                when=BEFORE,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("state"),
                declare=LEVEL,
                func=REFUSE_A_STEP_ALONE,
            ),
            pgtrigger.Trigger(
                name="refuse_rewriting",
                when=BEFORE,
                operation=pgtrigger.UpdateOf(*REWRITING),
                func=REFUSE_REWRITING,
            ),
            pgtrigger.Trigger(name="refuse_deleting", when=BEFORE, operation=pgtrigger.Delete, func=REFUSE_DELETING),
        ]

    @property
    def label(self) -> str:
        """Request number as papers show it: 2563/000123."""
        return f"{self.year_be}/{self.number:06d}"

    @property
    def decision_label(self) -> str:
        """The resolution under which it stands; of an urgent grant that no meeting has seen yet, those who agreed."""
        if self.resolution is not None:
            return self.resolution.label
        return gettext("Urgent, before the meeting") if self.urgent else ""


class ClaimStep(AppendOnly):
    """One step in a claim's life: who did what, when, and why."""

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="steps")
    action = models.CharField(max_length=20)
    from_state = models.CharField(max_length=10, blank=True)
    to_state = models.CharField(max_length=10)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)
    reason = models.CharField(max_length=500, blank=True)
    day = models.DateField()
    at = models.DateTimeField(default=timezone.now)

    class Meta(AppendOnly.Meta):
        ordering = ["claim", "id"]
