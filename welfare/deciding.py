"""The committee's decisions: many claims at once, under one resolution, each reckoned a second time under lock."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.money import format_baht
from members.models import Meeting, Resolution
from office.models import User
from welfare.controls import OneHand, controls_level, refuse_deciding, refuse_small_meeting
from welfare.eligibility import assess_claim, assess_event
from welfare.events import event_of
from welfare.meetings import write_resolution
from welfare.models import Claim, ClaimState
from welfare.regulations import version_on
from welfare.rules.steps import Assessment
from welfare.steps import NotEntitled, keep_reckoning, lock_claims, needed_reason, take_step, write_step
from welfare.transitions import Action


class SumChanged(DomainError):
    """Facts changed the sum since the claim was submitted or checked."""


class SumNotAllowed(DomainError):
    """Only where the regulation lets the committee set the sum may it differ, and within the ceiling."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What the meeting resolved on one claim. `amount`: another sum, where the committee sets it (baht)."""

    claim_id: int
    approve: bool
    amount: Decimal | None = None
    reason: str = ""


class DecisionsRefused(DomainError):
    """One or more decisions cannot stand; nothing was decided. `by_claim` has a sentence for each claim's key."""

    def __init__(self, by_claim: dict[int, DomainError], labels: dict[int, str]) -> None:
        self.by_claim = by_claim
        told = " ".join(f"{labels[key]}: {refusal}" for key, refusal in by_claim.items())
        super().__init__(_("Nothing was decided yet. %(refusals)s") % {"refusals": told})


def decided_by(request_id: uuid.UUID | None) -> list[Claim] | None:
    """What this request decided before; None where it did not."""
    found = Resolution.objects.filter(request_id=request_id).first() if request_id else None
    return list(found.claims.order_by("submitted_at", "id")) if found else None


def decide_at_meeting(
    *, meeting: Meeting, decisions: Sequence[Decision], request_id: uuid.UUID, by: User, today: date, now: datetime
) -> list[Claim]:
    """Write the meeting's resolution on these claims and decide them under it, all or none.

    The same request decides once. Raises what `decide_claims` and `write_resolution` raise.
    """
    try:
        with transaction.atomic():
            Meeting.objects.select_for_update().get(pk=meeting.pk)  # a second click waits here for the first
            if (found := decided_by(request_id)) is not None:
                return found
            subject = _("Welfare claims: %(count)d decided") % {"count": len(decisions)}
            resolution = write_resolution(
                meeting=meeting, subject=subject, by=by, today=today, now=now, request_id=request_id
            )
            return decide_claims(resolution=resolution, decisions=decisions, by=by, today=today, now=now)
    except DecisionsRefused as refused:
        _reckon_changed_again(refused, by=by, today=today, now=now)
        raise


@transaction.atomic
def decide_claims(
    *, resolution: Resolution, decisions: Sequence[Decision], by: User, today: date, now: datetime
) -> list[Claim]:
    """Approve or reject claims under a resolution, all or none, in the order in which they were submitted.

    Raises `TooFewPresent`, or `DecisionsRefused` with a refusal for each claim that cannot be decided so:
    `NotNow`, `NotYours`, `OwnClaim`, `OneHand`, `SumChanged`, `SumNotAllowed`, `NotEntitled`, `ReasonNeeded`.
    """
    refuse_small_meeting(resolution.meeting)
    level = controls_level()
    wanted = {decision.claim_id: decision for decision in decisions}
    locked = lock_claims(wanted)
    locked.sort(key=lambda claim: (claim.submitted_at is None, claim.submitted_at, claim.pk))
    refusals: dict[int, DomainError] = {}
    for claim in locked:
        try:
            _decide(claim, wanted[claim.pk], resolution, level, by=by, today=today, now=now)
        except DomainError as refusal:
            refusals[claim.pk] = refusal
    if refusals:
        raise DecisionsRefused(refusals, {claim.pk: claim.label for claim in locked})
    return locked


def _decide(
    claim: Claim, decision: Decision, resolution: Resolution, level: str, *, by: User, today: date, now: datetime
) -> None:
    refuse_deciding(claim, by, level)
    _refuse_the_same_again(claim, by)
    if claim.state == ClaimState.VERIFIED and decision.approve:
        claim.amount_approved, kept = _approved_sum(claim, decision)
    else:
        claim.amount_approved, kept = None, ()
    if not decision.approve:
        needed_reason(decision.reason)
    claim.resolution, claim.decided_by, claim.decided_on = resolution, by, resolution.meeting.held_on
    claim.decision_reason = decision.reason.strip()
    saved = ("resolution", "decided_by", "decided_on", "decision_reason", "amount_approved", *kept)
    action = Action.APPROVE if decision.approve else Action.REJECT
    take_step(claim, action, by=by, today=today, now=now, reason=claim.decision_reason, saved=saved)


def _refuse_the_same_again(claim: Claim, by: User) -> None:
    """After an appeal others decide than those who rejected it."""
    if claim.steps.filter(action=Action.REJECT, user=by).exists():
        message = _("You rejected claim %(number)s before; its appeal is decided by another committee member.")
        raise OneHand(message % {"number": claim.label})


def _approved_sum(claim: Claim, decision: Decision) -> tuple[Decimal, tuple[str, ...]]:
    """The sum that is approved, after the second reckoning, and the columns that keep this reckoning."""
    assessment = assess_claim(claim)
    if assessment.outcome == "refused":
        raise NotEntitled(assessment)
    if assessment.amount != claim.amount:
        raise SumChanged(_sum_changed(claim, assessment))
    if decision.amount is not None and decision.amount != assessment.amount:
        assessment = _with_another_sum(claim, decision.amount)
    if assessment.amount <= 0:
        message = _("Write the sum that the meeting resolved for claim %(number)s.")
        raise SumNotAllowed(message % {"number": claim.label}, field="amount")
    if assessment.outcome == "needs_decision" or assessment.amount != claim.amount:
        needed_reason(decision.reason)
    return assessment.amount, keep_reckoning(claim, assessment)


def _with_another_sum(claim: Claim, amount: Decimal) -> Assessment:
    """Reckon with the sum that the meeting set: only where the regulation leaves it open, within all limits."""
    benefit = version_on(claim.event_from).document.benefit(claim.benefit_code)
    if benefit.pays.up_to is None:
        message = _("The regulation fixes the sum of claim %(number)s at %(sum)s baht; the meeting cannot change it.")
        raise SumNotAllowed(message % {"number": claim.label, "sum": format_baht(claim.amount)}, field="amount")
    assessment = assess_event(claim.member, replace(event_of(claim), proposed_amount=amount), before=claim)
    if assessment.outcome == "refused":
        raise NotEntitled(assessment)
    if assessment.amount != amount:
        message = _("For claim %(number)s at most %(most)s baht may be given, not %(sum)s.")
        told = {"number": claim.label, "most": format_baht(assessment.amount), "sum": format_baht(amount)}
        raise SumNotAllowed(message % told, field="amount")
    return assessment


def _sum_changed(claim: Claim, assessment: Assessment) -> str:
    message = _("The sum changed from %(before)s to %(after)s baht, since facts changed: look again, then decide.")
    return message % {"before": format_baht(claim.amount), "after": format_baht(assessment.amount)}


def _reckon_changed_again(refused: DecisionsRefused, *, by: User, today: date, now: datetime) -> None:
    """Keep the new reckoning of claims whose sum changed, so that whoever looks again sees it."""
    changed = [key for key, refusal in refused.by_claim.items() if isinstance(refusal, SumChanged)]
    with transaction.atomic():
        for claim in lock_claims(changed):
            if claim.state != ClaimState.VERIFIED:
                continue
            claim.save(update_fields=keep_reckoning(claim, assess_claim(claim)))
            reason = str(refused.by_claim[claim.pk])
            write_step(claim, "reckon", by=by, today=today, now=now, reason=reason, from_state=claim.state)
