"""Several benefits out of one event: twins and their mother's nights, reckoned and entered together, all or none."""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.thai_dates import active_language
from members.models import Member
from members.regulations import NoRuleInForce
from office.models import User
from welfare.claims import enter_claim, submit_claim
from welfare.eligibility import assess_on, gather_background
from welfare.events import Event
from welfare.models import CareVisit, Claim, ClaimState
from welfare.regulations import Version, version_on
from welfare.rules.assess import no_rule_in_force
from welfare.rules.document import BenefitTerms
from welfare.rules.facts import PriorClaim
from welfare.rules.steps import Assessment

MOST_TOGETHER = 20  # claims of one form: children of one birth, and what else the event gives


class RefusedTogether(DomainError):
    """One of the claims of an event cannot be entered, so none was; its benefit is named."""


@transaction.atomic
def enter_claims(
    *,
    member: Member,
    events: Sequence[Event],
    request_id: uuid.UUID,
    send: bool,
    by: User,
    today: date,
    now: datetime,
    care_visit: CareVisit | None = None,
) -> list[Claim]:
    """Enter the claims of one event, and with `send` submit them: all or none. The same request enters once.

    The first is refused by what `enter_claim` and `submit_claim` raise, the others by `RefusedTogether`.
    """
    claims = []
    for place, event in enumerate(events):
        key = _key(request_id, place)
        try:
            who = {"by": by, "today": today, "now": now}
            claim = enter_claim(member=member, event=event, request_id=key, care_visit=care_visit, **who)
            if send and claim.state == ClaimState.DRAFT:
                claim = submit_claim(claim=claim, **who)
        except DomainError as refusal:
            if place == 0:
                raise
            named = {"benefit": _name_of(event), "why": str(refusal)}
            raise RefusedTogether(_("%(benefit)s: %(why)s Nothing was entered.") % named) from refusal
        claims.append(claim)
    return claims


def _key(request_id: uuid.UUID, place: int) -> uuid.UUID:
    """The request id of each claim of a form: the first has the form's own, the others one derived from it."""
    return uuid.uuid5(request_id, f"claim {place}") if place else request_id


def entered_together(claim: Claim, visible: QuerySet[Claim]) -> list[Claim]:
    """The other claims that came from the same form, of those that are visible; in one query."""
    same = visible.filter(member=claim.member_id, entered_at=claim.entered_at)
    rows = list(same.select_related("child", "regulation").order_by("number"))
    for first in rows:
        keys = {_key(first.request_id, place) for place in range(MOST_TOGETHER)}
        if claim.request_id in keys:
            return [one for one in rows if one.request_id in keys and one.pk != claim.pk]
    return []


def _name_of(event: Event) -> str:
    benefit = version_on(event.event_from).benefit(event.benefit_code)
    return benefit.name.in_language(active_language(get_language())) if benefit else event.benefit_code


def reckon_together(member: Member, events: Sequence[Event]) -> list[Assessment]:
    """What each event of a form comes to, where those before it on the form are submitted before it."""
    found: list[Assessment] = []
    earlier: list[PriorClaim] = []
    for event in events:
        child = event.children[0].key if event.children else ""
        try:
            background = gather_background(member, event.event_from, child=child)
        except NoRuleInForce:
            found.append(no_rule_in_force(event.event_from))
            continue
        assessment = assess_on(replace(background, prior=background.prior + tuple(earlier)), event)
        found.append(assessment)
        if assessment.outcome != "refused":
            earlier.append(_as_prior(background.member, event, assessment))
    return found


def _as_prior(member: Member, event: Event, assessment: Assessment) -> PriorClaim:
    return PriorClaim(
        number=_("this form"),
        benefit_code=event.benefit_code,
        event_from=event.event_from,
        event_until=event.event_until,
        amount=assessment.amount,
        units=assessment.units_paid or event.units or 1,
        parts=assessment.parts,
        member_key=str(member.pk),
        household_key=str(member.household_id or ""),
        child_keys=tuple(child.key for child in event.children if child.key),
        event_key=event.event_key,
    )


def companions_of(benefit: BenefitTerms, version: Version) -> list[BenefitTerms]:
    """What else the same event may give: others of its kind, and the last nights of a member who died in hospital."""
    return list(_companions(benefit, version))


def _companions(benefit: BenefitTerms, version: Version) -> Iterator[BenefitTerms]:
    for other in version.document.benefits:
        last_nights = benefit.category == "death" and other.category == "sickness" and other.unit == "night"
        if other.code != benefit.code and (other.category == benefit.category or last_nights):
            yield other
