"""What a strict fund asks beside a decision: three certify a claim, two approve one above the ceiling."""

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from members.models import Controls, Resolution
from office.models import User
from welfare.controls import OneHand, controls_level, refuse_certifying
from welfare.models import Claim, ClaimApproval, ClaimCertification
from welfare.queries import welfare_settings
from welfare.steps import lock_claim, write_step
from welfare.transitions import Action, NotNow, transition


@transaction.atomic
def certify_claim(*, claim: Claim, by: User, today: date, now: datetime) -> Claim:
    """“True, should be paid”: one of the three who say so before the registrar checks. Said once by a person.

    Raises `NotNow` (also where the fund is not strict), `NotYours`, `OwnClaim`, `OneHand`.
    """
    claim = lock_claim(claim)
    transition(claim, Action.CERTIFY, by)
    if controls_level() != Controls.STRICT:
        raise NotNow(_("Claims are certified by three only at the strict level of controls. Check it instead."))
    refuse_certifying(claim, by)
    kept, is_new = ClaimCertification.objects.get_or_create(
        claim=claim,
        submitted_at=claim.submitted_at,
        certified_by=by,
        defaults={"certified_on": today, "certified_at": now},
    )
    if is_new:
        write_step(claim, Action.CERTIFY, by=by, today=today, now=kept.certified_at, from_state=claim.state)
    return claim


def takes_two(amount: Decimal, level: str) -> bool:
    """Whether a sum (baht) takes two approvals: in a strict fund, above the ceiling that the fund set."""
    return level == Controls.STRICT and amount > welfare_settings().two_approvals_above


def is_first_approval(claim: Claim, amount: Decimal, resolution: Resolution, *, by: User, now: datetime) -> bool:
    """Keep this approval of a locked claim; true where it is the first of two, so that the claim waits for another.

    Two people approve the same sum. Raises `OneHand` where she approved it before.
    """
    given = claim.approvals.filter(submitted_at=claim.submitted_at)
    if given.filter(approved_by=by).exists():
        message = _("You gave claim %(number)s its first approval; another committee member gives the second.")
        raise OneHand(message % {"number": claim.label})
    others = given.filter(amount=amount).exists()
    ClaimApproval.objects.create(
        claim=claim,
        submitted_at=claim.submitted_at,
        resolution=resolution,
        amount=amount,
        approved_by=by,
        approved_at=now,
    )
    return not others


def first_approvals(claims: list[Claim]) -> dict[int, ClaimApproval]:
    """Of claims that wait, by key: the first approval that each has as it was sent in last. One query."""
    sent = {claim.pk: claim.submitted_at for claim in claims}
    given = ClaimApproval.objects.filter(claim__in=sent).select_related("approved_by", "resolution__meeting")
    return {one.claim_id: one for one in given.order_by("-id") if one.submitted_at == sent[one.claim_id]}
