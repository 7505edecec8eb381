"""The committee's decisions: many claims at once, under one resolution, each reckoned a second time under lock."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.money import format_baht
from bansong_fund.lib.thai_dates import format_date
from members.models import Meeting, Resolution
from office.models import User
from welfare.certifying import is_first_approval, takes_two
from welfare.controls import controls_level, refuse_deciding, refuse_small_meeting
from welfare.eligibility import assess_claim, assess_event
from welfare.events import event_of
from welfare.meetings import MeetingDay, write_resolution
from welfare.models import Claim, ClaimState
from welfare.queries import welfare_settings
from welfare.regulations import hold_versions, version_on
from welfare.rules.steps import Assessment
from welfare.steps import NotEntitled, keep_reckoning, lock_claims, needed_reason, take_step, write_step
from welfare.transitions import Action, transition


class SumChanged(DomainError):
    """Facts changed the sum, or what there is to weigh, since the claim was submitted or checked."""


class SumNotAllowed(DomainError):
    """Only where the regulation lets the committee set the sum may it differ, and within the ceiling."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What the meeting resolved on one claim. `amount`: another sum, where the committee sets it (baht).

    `seen`: the sum that the meeting had before its eyes, where a page tells; `relative_of`: of whom in the fund the
    recipient is a relative, as somebody said at the meeting.
    """

    claim_id: int
    approve: bool
    amount: Decimal | None = None
    reason: str = ""
    seen: Decimal | None = None
    relative_of: str = ""


class DecisionsRefused(DomainError):
    """One or more decisions cannot stand; nothing was decided. `by_claim` has a sentence for each claim's key."""

    def __init__(self, by_claim: dict[int, DomainError], labels: dict[int, str]) -> None:
        self.by_claim = by_claim
        told = " ".join(f"{labels[key]}: {refusal}" for key, refusal in by_claim.items())
        super().__init__(_("Nothing was decided yet. %(refusals)s") % {"refusals": told})


def decided_by(request_id: uuid.UUID | None) -> list[Claim] | None:
    """What this request decided before; None where it did not."""
    found = Resolution.objects.filter(request_id=request_id).first() if request_id else None
    if found is None:
        return None
    approved_once = Q(approvals__resolution=found)  # those that still wait for a second approval
    return list(Claim.objects.filter(Q(resolution=found) | approved_once).distinct().order_by("submitted_at", "id"))


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
    *,
    resolution: Resolution,
    decisions: Sequence[Decision],
    by: User,
    today: date,
    now: datetime,
    assess: Callable[[Claim], Assessment] = assess_claim,
) -> list[Claim]:
    """Approve or reject claims under a resolution, all or none, in the order in which they were submitted.

    `assess`: how each is reckoned, where the caller has the facts of many at hand.
    In a strict fund a sum above the ceiling stays VERIFIED until a second person approves it too.
    Raises `TooFewPresent`, or `DecisionsRefused` with a refusal for each claim that cannot be decided so:
    `NotNow`, `NotYours`, `OwnClaim`, `OneHand`, `MeetingDay`, `SumChanged`, `SumNotAllowed`, `NotEntitled`,
    `ReasonNeeded`.
    """
    refuse_small_meeting(resolution.meeting)
    hold_versions()
    level = controls_level()
    wanted = {decision.claim_id: decision for decision in decisions}
    locked = lock_claims(wanted)
    locked.sort(key=lambda claim: (claim.submitted_at is None, claim.submitted_at, claim.pk))
    refusals: dict[int, DomainError] = {}
    for claim in locked:
        try:
            _decide(claim, wanted[claim.pk], resolution, level, assess, by=by, today=today, now=now)
        except DomainError as refusal:
            refusals[claim.pk] = refusal
    if refusals:
        raise DecisionsRefused(refusals, {claim.pk: claim.label for claim in locked})
    return locked


def _decide(
    claim: Claim,
    decision: Decision,
    resolution: Resolution,
    level: str,
    assess: Callable[[Claim], Assessment],
    *,
    by: User,
    today: date,
    now: datetime,
) -> None:
    refuse_deciding(claim, by, level)
    _refuse_earlier_meeting(claim, resolution.meeting)
    action = Action.APPROVE if decision.approve else Action.REJECT
    transition(claim, action, by)
    claim.decision_relative_of = decision.relative_of.strip()[:200]
    who = {"by": by, "today": today, "now": now, "reason": decision.reason.strip()}
    if decision.approve:
        claim.amount_approved, kept = _approved_sum(claim, decision, assess)
        two = takes_two(claim.amount_approved, level)
        if two and is_first_approval(claim, claim.amount_approved, resolution, by=by, now=now):
            claim.save(update_fields=["decision_relative_of"])
            write_step(claim, "approve_first", from_state=claim.state, **who)
            return
    else:
        needed_reason(decision.reason)
        claim.amount_approved, kept = None, ("appeal_until",)
        claim.appeal_until = today + timedelta(days=welfare_settings().appeal_days)
    claim.resolution, claim.decided_by, claim.decided_on = resolution, by, resolution.meeting.held_on
    claim.decision_reason = decision.reason.strip()
    saved = ("resolution", "decided_by", "decided_on", "decision_reason", "decision_relative_of", "amount_approved")
    take_step(claim, action, saved=(*saved, *kept), **who)


def _refuse_earlier_meeting(claim: Claim, meeting: Meeting) -> None:
    """Minutes may be typed days later, but no meeting decides on papers that had not come yet."""
    if claim.received_on is not None and meeting.held_on < claim.received_on:
        message = _(
            "Meeting %(meeting)s was held on %(day)s, before the papers of claim %(number)s came on %(received)s."
            " Decide it at a later meeting."
        )
        days = {"day": format_date(meeting.held_on), "received": format_date(claim.received_on)}
        raise MeetingDay(message % {"meeting": meeting.label, "number": claim.label, **days})


def _approved_sum(
    claim: Claim, decision: Decision, assess: Callable[[Claim], Assessment]
) -> tuple[Decimal, tuple[str, ...]]:
    """The sum that is approved, after the second reckoning, and the columns that keep this reckoning."""
    assessment = assess(claim)
    if assessment.outcome == "refused":
        raise NotEntitled(assessment)
    if assessment.amount != claim.amount:
        raise SumChanged(_sum_changed(claim.amount, assessment.amount))
    if assessment.outcome != claim.outcome:
        raise SumChanged(_("Facts changed what there is to weigh: look again, then decide."))
    if decision.seen is not None and decision.seen != claim.amount:  # somebody reckoned again behind this page
        raise SumChanged(_sum_changed(decision.seen, claim.amount))
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


def _sum_changed(before: Decimal | None, after: Decimal) -> str:
    message = _("The sum changed from %(before)s to %(after)s baht, since facts changed: look again, then decide.")
    return message % {"before": format_baht(before or 0), "after": format_baht(after)}


def _reckon_changed_again(refused: DecisionsRefused, *, by: User, today: date, now: datetime) -> None:
    """Keep the new reckoning of claims whose facts changed, so that whoever looks again sees it."""
    changed = [key for key, refusal in refused.by_claim.items() if isinstance(refusal, SumChanged)]
    with transaction.atomic():
        for claim in lock_claims(changed):
            assessment = assess_claim(claim)
            same = (assessment.amount, assessment.outcome) == (claim.amount, claim.outcome)
            if claim.state != ClaimState.VERIFIED or same:
                continue
            claim.save(update_fields=keep_reckoning(claim, assessment))
            reason = str(refused.by_claim[claim.pk])
            write_step(claim, "reckon", by=by, today=today, now=now, reason=reason, from_state=claim.state)
