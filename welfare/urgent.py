"""Urgent death grants: chair and treasurer let one be paid at once, and the next meeting ratifies it or does not.

A setting of the fund, off by default (กองทุนช่วยค่าจัดการศพทันที แล้วแจ้งที่ประชุม).
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from bansong_fund.lib.errors import DomainError
from members.models import Controls, Meeting, Resolution
from office.models import User
from office.roles import Role
from welfare.controls import OneHand, controls_level, refuse_hands, refuse_own, refuse_small_meeting
from welfare.deciding import SumChanged
from welfare.eligibility import assess_claim
from welfare.meetings import write_resolution
from welfare.models import Category, Claim, ClaimState, UrgentGrant, WelfareSettings
from welfare.queries import welfare_settings
from welfare.regulations import hold_versions
from welfare.rules.steps import Assessment
from welfare.steps import NotEntitled, lock_claim, lock_claims, needed_reason, take_step, write_step
from welfare.transitions import Action, NotYours, transition


class NotUrgent(DomainError):
    """This claim waits for the meeting: the setting is off, it is no death grant, or it needs a judgement."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the meeting says of one urgent grant."""

    grant_id: int
    ratify: bool
    reason: str = ""


def may_agree(claim: Claim, user: User, settings: WelfareSettings) -> bool:
    """Whether the page offers this user the button: the chair, or a treasurer who is not the chair."""
    if claim.state != ClaimState.VERIFIED or claim.category != Category.DEATH or not settings.urgent_death_grants:
        return False
    return user.pk == settings.chair_id or user.has_role(Role.TREASURER)


@transaction.atomic
def agree_urgently(
    *, claim: Claim, reason: str, by: User, today: date, now: datetime, request_id: uuid.UUID
) -> UrgentGrant:
    """Chair or treasurer agrees to a death grant ahead of the meeting; when both have, the claim is approved.

    Agreed twice by one person it is said once. What was agreed before the claim was sent in anew, or for another sum,
    counts no more. Raises `NotUrgent`, `NotNow`, `NotYours`, `OwnClaim`, `OneHand`, `SumChanged`, `NotEntitled`,
    `ReasonNeeded`.
    """
    hold_versions()
    claim = lock_claim(claim)
    grant = UrgentGrant.objects.filter(claim=claim).first()
    if grant is not None and claim.urgent and by.pk in (grant.chair_id, grant.treasurer_id):
        return grant
    transition(claim, Action.GRANT, by)
    settings = welfare_settings()
    _refuse_not_urgent(claim, settings)
    is_chair = by.pk == settings.chair_id
    if not is_chair and not by.has_role(Role.TREASURER):
        raise NotYours(_("An urgent grant is agreed to by the chair and by a treasurer. Ask them."))
    refuse_hands(claim, Action.GRANT, by, controls_level())
    amount = _clear_sum(claim).amount
    grant = _fresh(grant or UrgentGrant(claim=claim, request_id=request_id), claim)
    if grant.chair_id is None and grant.treasurer_id is None:
        grant.reason = needed_reason(reason)[:500]
    grant.amount = amount
    if is_chair:
        grant.chair, grant.chair_agreed_at = by, grant.chair_agreed_at or now
    else:
        grant.treasurer, grant.treasurer_agreed_at = by, grant.treasurer_agreed_at or now
    grant.save()
    return _go_on(claim, grant, by=by, today=today, now=now)


def _go_on(claim: Claim, grant: UrgentGrant, *, by: User, today: date, now: datetime) -> UrgentGrant:
    """Approve where both have agreed; else write down who did."""
    who = {"by": by, "today": today, "now": now, "reason": grant.reason}
    if grant.chair is None or grant.treasurer is None:
        if not claim.steps.filter(action="agree", user=by, at__gte=claim.submitted_at).exists():
            write_step(claim, "agree", from_state=claim.state, **who)
        return grant
    claim.urgent, claim.decided_by, claim.decided_on = True, grant.chair, today
    claim.amount_approved, claim.decision_reason = grant.amount, grant.reason
    saved = ("urgent", "decided_by", "decided_on", "amount_approved", "decision_reason")
    take_step(claim, Action.GRANT, saved=saved, **who)
    return grant


def _fresh(grant: UrgentGrant, claim: Claim) -> UrgentGrant:
    """Without what was agreed before the claim was sent in as it is now, or for another sum."""
    agreed = [at for at in (grant.chair_agreed_at, grant.treasurer_agreed_at) if at is not None]
    if any(at < claim.submitted_at for at in agreed) or (agreed and grant.amount != claim.amount):
        grant.chair = grant.treasurer = grant.chair_agreed_at = grant.treasurer_agreed_at = None
    return grant


def _refuse_not_urgent(claim: Claim, settings: WelfareSettings) -> None:
    if not settings.urgent_death_grants:
        message = _("The fund pays no death grants ahead of the meeting. The committee can turn the setting on.")
    elif claim.category != Category.DEATH:
        message = _("Only a death grant is paid ahead of the meeting; claim %(number)s waits for it.")
    else:
        return
    raise NotUrgent(message % {"number": claim.label})


def _clear_sum(claim: Claim) -> Assessment:
    """The second reckoning. Raises `NotEntitled`, `SumChanged`, and `NotUrgent` where the committee has to judge."""
    assessment = assess_claim(claim)
    if assessment.outcome == "refused":
        raise NotEntitled(assessment)
    if assessment.amount != claim.amount:
        raise SumChanged(_("The sum changed since the claim was checked. Return it, and have it checked anew."))
    if assessment.outcome != "eligible":
        message = _("Claim %(number)s needs the committee's judgement, so it waits for the meeting.")
        raise NotUrgent(message % {"number": claim.label})
    return assessment


# --- the next meeting ------------------------------------------------------------------------------------------


def grants_to_ratify() -> QuerySet[UrgentGrant]:
    """Urgent grants that no meeting has seen yet, the oldest first."""
    granted = UrgentGrant.objects.filter(claim__urgent=True, is_ratified=None)
    people = ("claim__member", "claim__community", "claim__regulation", "claim__voucher", "chair", "treasurer")
    return granted.select_related(*people).order_by("claim__decided_on", "id")


def grants_not_ratified() -> QuerySet[UrgentGrant]:
    """What a meeting did not ratify: the auditor looks at these first."""
    refused = UrgentGrant.objects.filter(is_ratified=False)
    return refused.select_related("claim__member", "claim__voucher", "resolution__meeting").order_by("-id")


@transaction.atomic
def ratify_grants(
    *, meeting: Meeting, verdicts: Sequence[Verdict], request_id: uuid.UUID, by: User, today: date, now: datetime
) -> Resolution:
    """Write the meeting's resolution on urgent grants: ratified, or not and why. One not ratified and not paid ends.

    The same request writes once. Raises `TooFewPresent`, `MeetingDay`, `NotYours`, `OwnClaim`, `OneHand`,
    `ReasonNeeded`, `NotUrgent` where nothing is left to ratify.
    """
    Meeting.objects.select_for_update().get(pk=meeting.pk)
    if found := Resolution.objects.filter(request_id=request_id).first():
        return found
    if not by.has_role(Role.COMMITTEE):
        raise NotYours(_("The committee ratifies urgent grants. Ask one of its members."))
    refuse_small_meeting(meeting)
    wanted = {verdict.grant_id: verdict for verdict in verdicts}
    keys = grants_to_ratify().filter(pk__in=wanted).values_list("claim", flat=True)
    claims = {claim.pk: claim for claim in lock_claims(keys)}
    grants = list(UrgentGrant.objects.filter(pk__in=wanted, claim__in=claims, is_ratified=None).order_by("pk"))
    if not grants or len(grants) != len(wanted):
        raise NotUrgent(_("Some of these grants were ratified before, or not. Open the meeting again."))
    subject = _("Urgent death grants: %(count)d before the meeting") % {"count": len(grants)}
    resolution = write_resolution(meeting=meeting, subject=subject, by=by, today=today, now=now, request_id=request_id)
    for grant in grants:
        _ratify(grant, claims[grant.claim_id], wanted[grant.pk], resolution, by=by, today=today, now=now)
    return resolution


def _ratify(
    grant: UrgentGrant,
    claim: Claim,
    verdict: Verdict,
    resolution: Resolution,
    *,
    by: User,
    today: date,
    now: datetime,
) -> None:
    refuse_own(claim, by)
    if controls_level() != Controls.SMALL and by.pk in (grant.chair_id, grant.treasurer_id, claim.entered_by_id):
        message = _("You had a hand in the urgent grant of claim %(number)s, so another committee member ratifies it.")
        raise OneHand(message % {"number": claim.label})
    grant.is_ratified, grant.resolution = verdict.ratify, resolution
    grant.ratified_reason = verdict.reason.strip()[:500] if verdict.ratify else needed_reason(verdict.reason)[:500]
    grant.save(update_fields=["is_ratified", "resolution", "ratified_reason"])
    who = {"by": by, "today": today, "now": now, "reason": grant.ratified_reason}
    claim.resolution = resolution
    if not verdict.ratify and claim.state == ClaimState.APPROVED and not _is_on_its_way(claim):
        take_step(claim, Action.CANCEL, saved=("resolution",), **who)
        return
    claim.save(update_fields=["resolution"])
    write_step(claim, "ratify" if verdict.ratify else "refuse_ratify", from_state=claim.state, **who)


def _is_on_its_way(claim: Claim) -> bool:
    return claim.delivery_lines.filter(settlement=None).exists() or claim.payment_list_lines.filter(outcome="").exists()
