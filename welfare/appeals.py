"""After a rejection: asking again, until a day that was told with the rejection; others decide."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.thai_dates import format_date
from office.models import User
from welfare.claims import refuse_twice, send_in
from welfare.models import Appeal, Claim, ClaimStep
from welfare.regulations import version_on
from welfare.steps import lock_claim, lock_member, needed_reason
from welfare.transitions import Action, transition

OUTCOMES = (Action.APPROVE, Action.REJECT, Action.GRANT, Action.CANCEL)  # what an appeal can end in


class TooLate(DomainError):
    """The day until which one could ask again is over."""


@transaction.atomic
def appeal_claim(*, claim: Claim, reason: str, by: User, today: date, now: datetime) -> Claim:
    """Ask again after a rejection, with a reason; others than those who rejected it decide.

    What was rejected, by whom and why stays beside the claim. Raises `ReasonNeeded`, `TooLate`, `NotEntitled`,
    `ClaimedAlready`, `NotNow`, `NotYours`.
    """
    claim = lock_claim(claim)
    transition(claim, Action.APPEAL, by)
    reason = needed_reason(reason)
    _refuse_late(claim, today)
    lock_member(claim.member)
    benefit = version_on(claim.event_from).document.benefit(claim.benefit_code)
    refuse_twice(claim.member, claim, benefit, other_than=claim)
    Appeal.objects.create(
        claim=claim,
        resolution=claim.resolution,
        rejected_by=claim.decided_by,
        rejected_on=claim.decided_on,
        rejected_reason=claim.decision_reason,
        until=claim.appeal_until,
        reason=reason[:500],
        asked_by=by,
        asked_on=today,
        asked_at=now,
    )
    return send_in(claim, Action.APPEAL, by=by, today=today, now=now, reason=reason)


def _refuse_late(claim: Claim, today: date) -> None:
    if claim.appeal_until is not None and today > claim.appeal_until:
        message = _("Claim %(number)s could be asked again until %(until)s; today is %(today)s. It stays rejected.")
        days = {"until": format_date(claim.appeal_until), "today": format_date(today)}
        raise TooLate(message % {"number": claim.label, **days})


@dataclass(frozen=True, slots=True)
class AppealTold:
    """An appeal and what came of it: the decision after it, or None while it waits."""

    appeal: Appeal
    outcome: ClaimStep | None


def appeals_of(claim: Claim) -> list[AppealTold]:
    """The appeals of a claim with their outcomes, the first on top. At most two queries."""
    appeals = list(claim.appeals.select_related("rejected_by", "asked_by", "resolution__meeting"))
    if not appeals:
        return []
    decisions = list(claim.steps.filter(action__in=OUTCOMES).select_related("user"))
    return [
        AppealTold(appeal, next((step for step in decisions if step.at > appeal.asked_at), None)) for appeal in appeals
    ]
