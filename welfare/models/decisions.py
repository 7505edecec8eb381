"""What stands beside a decision: certificates of the community, approvals, urgent grants, appeals."""

import uuid

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from bansong_fund.lib.append_only import AppendOnly
from bansong_fund.lib.money import BahtField
from ledger.models import PaymentVoucher
from members.models import Resolution
from welfare.models.claims import Claim
from welfare.models.guards import LEVEL_AND_CLAIM, REFUSE_APPROVING, REFUSE_CERTIFYING, REFUSE_GRANTING

USER = settings.AUTH_USER_MODEL


def _guard(name: str, func: str, operation: pgtrigger.Operation = pgtrigger.Insert) -> pgtrigger.Trigger:
    """A trigger that judges the hands of a row beside a claim."""
    return pgtrigger.Trigger(name=name, when=pgtrigger.Before, operation=operation, declare=LEVEL_AND_CLAIM, func=func)


class ClaimCertification(AppendOnly):
    """“True, should be paid”: one person of the community's committee says so of a claim as it was sent in.

    A claim that is sent in anew is certified anew. The level *strict* asks for three, none of whom entered it.
    """

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="certifications")
    submitted_at = models.DateTimeField(help_text="of the claim, as it was when it was certified")
    certified_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    certified_on = models.DateField()
    certified_at = models.DateTimeField(default=timezone.now)

    class Meta(AppendOnly.Meta):
        ordering = ["claim", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["claim", "submitted_at", "certified_by"], name="a_person_certifies_a_claim_once"
            )
        ]
        triggers = [*AppendOnly.Meta.triggers, _guard("refuse_certifying", REFUSE_CERTIFYING)]


class ClaimApproval(AppendOnly):
    """One approval of a claim. Above the ceiling the level *strict* asks for two, by two people."""

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="approvals")
    submitted_at = models.DateTimeField(help_text="of the claim, as it was when it was approved")
    resolution = models.ForeignKey(Resolution, models.PROTECT, related_name="+")
    amount = BahtField()
    approved_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(default=timezone.now)

    class Meta(AppendOnly.Meta):
        ordering = ["claim", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["claim", "submitted_at", "approved_by"], name="a_person_approves_a_claim_once"
            )
        ]
        triggers = [*AppendOnly.Meta.triggers, _guard("refuse_approving", REFUSE_APPROVING)]


class UrgentGrant(models.Model):
    """A death grant that chair and treasurer let be paid at once; the next meeting ratifies it, or does not."""

    request_id = models.UUIDField(unique=True, default=uuid.uuid4)
    claim = models.OneToOneField(Claim, models.PROTECT, related_name="urgent_grant")
    amount = BahtField()
    reason = models.CharField(max_length=500)
    chair = models.ForeignKey(USER, models.PROTECT, related_name="+", null=True)
    chair_agreed_at = models.DateTimeField(null=True)
    treasurer = models.ForeignKey(USER, models.PROTECT, related_name="+", null=True)
    treasurer_agreed_at = models.DateTimeField(null=True)
    resolution = models.ForeignKey(Resolution, models.PROTECT, related_name="urgent_grants", null=True)
    is_ratified = models.BooleanField(null=True)
    ratified_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(chair=None) | Q(treasurer=None) | ~Q(chair=F("treasurer")),
                name="chair_and_treasurer_are_two_people",
            ),
            models.CheckConstraint(
                condition=Q(is_ratified=None, resolution=None) | Q(is_ratified__isnull=False, resolution__isnull=False),
                name="an_urgent_grant_is_ratified_by_a_resolution",
            ),
        ]
        triggers = [_guard("refuse_granting", REFUSE_GRANTING, pgtrigger.Insert | pgtrigger.Update)]


class Appeal(AppendOnly):
    """Somebody asks again after a rejection: why, and against what. Its outcome is the next decision of the claim."""

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="appeals")
    resolution = models.ForeignKey(Resolution, models.PROTECT, related_name="+", null=True)
    rejected_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    rejected_on = models.DateField()
    rejected_reason = models.CharField(max_length=500)
    until = models.DateField(null=True, help_text="the last day on which this appeal could be made")
    reason = models.CharField(max_length=500)
    asked_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    asked_on = models.DateField()
    asked_at = models.DateTimeField(default=timezone.now)

    class Meta(AppendOnly.Meta):
        ordering = ["claim", "id"]


class PaymentReversalRequest(AppendOnly):
    """One person asks to take a payment back; from *standard* on a second one confirms it by her own sign-in."""

    request_id = models.UUIDField(unique=True, default=uuid.uuid4)
    voucher = models.OneToOneField(PaymentVoucher, models.PROTECT, related_name="reversal_request")
    reason = models.CharField(max_length=250)
    asked_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    asked_on = models.DateField()
    asked_at = models.DateTimeField(default=timezone.now)

    class Meta(AppendOnly.Meta):
        pass
