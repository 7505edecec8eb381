"""Money out: claims, what stands beside their decisions, lists, deliveries, care, budgets."""

from welfare.models.care import CarePerson, CareVisit, Referral
from welfare.models.claims import Category, Claim, Claimant, ClaimState, ClaimStep
from welfare.models.decisions import Appeal, ClaimApproval, ClaimCertification, PaymentReversalRequest, UrgentGrant
from welfare.models.deliveries import Delivery, DeliveryLine, DeliverySettlement, PaymentList, PaymentListLine
from welfare.models.lists import BenefitList, ListCommunity, ListLine
from welfare.models.settings import Budget, WelfareSettings

__all__ = [
    "Appeal",
    "BenefitList",
    "Budget",
    "CarePerson",
    "CareVisit",
    "Category",
    "Claim",
    "ClaimApproval",
    "ClaimCertification",
    "ClaimState",
    "ClaimStep",
    "Claimant",
    "Delivery",
    "DeliveryLine",
    "DeliverySettlement",
    "ListCommunity",
    "ListLine",
    "PaymentList",
    "PaymentListLine",
    "PaymentReversalRequest",
    "Referral",
    "UrgentGrant",
    "WelfareSettings",
]
