"""A claim from its entry to the committee's table: entered, submitted, checked, returned, cancelled, appealed."""

import uuid
from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.thai_dates import active_language, be_year, format_date
from ledger.documents import next_numbers
from members.models import Child, Member
from members.queries import named_now, of_person
from office.models import User
from office.roles import Role
from welfare.claimants import claimant_of, papers_of_claimant
from welfare.controls import controls_level, refuse_verifying
from welfare.eligibility import assess_claim, membership_for
from welfare.events import Event, child_key, papers_of
from welfare.models import CareVisit, Category, Claim, ClaimState
from welfare.on_the_way import refuse_bound
from welfare.regulations import Version, version_on
from welfare.rules.document import BenefitTerms
from welfare.rules.spans import count_nights
from welfare.rules.words import labels
from welfare.steps import (
    NotEntitled,
    keep_reckoning,
    lock_claim,
    lock_household,
    lock_member,
    needed_reason,
    take_step,
    write_step,
)
from welfare.transitions import Action, NotNow, NotYours, transition

CLAIM_SERIES = "claim"
MOST_CHILDREN = 5  # of one birth, whatever a regulation pays: more have been born, but a slip of the pen is likelier


class WrongDay(DomainError):
    """A day of the event lies in the future, or its days contradict each other."""


class NotOffered(DomainError):
    """The regulation in force on the day of the event has no such benefit."""


class ClaimedAlready(DomainError):
    """The same member, benefit and day of the event were claimed before."""


class PapersMissing(DomainError):
    """Papers that the regulation asks for are still missing."""


class RecipientNeeded(DomainError):
    """The benefit goes to somebody else than the member, and nobody is named."""


class TooManyChildren(DomainError):
    """So many children are not born at once."""


@transaction.atomic
def enter_claim(
    *,
    member: Member,
    event: Event,
    request_id: uuid.UUID,
    by: User,
    today: date,
    now: datetime,
    care_visit: CareVisit | None = None,
) -> Claim:
    """Write a claim down as a draft under the next claim number. The same request enters once.

    `care_visit`: the visit out of which the claim grew. Raises `NotYours`, `WrongDay`, `NotOffered`, `NoRuleInForce`,
    `RecipientNeeded`, `WrongClaimant`, `ClaimedAlready`, `TooManyChildren`.
    """
    lock_member(member)  # a second click waits here for the first, and finds its claim
    lock_household(member.household_id)  # before the number: who reports a death holds the house first, too
    found = Claim.objects.filter(request_id=request_id).first()
    if found is not None:
        return found
    refuse_other_roles(by)
    check_days(event, today)
    version = version_on(event.event_from)
    benefit = offered_benefit(version, event)
    check_person(member, event, benefit)
    refuse_twice(member, event, benefit)
    year = be_year(today)
    claim = Claim(request_id=request_id, member=member, entered_by=by, entered_at=now, year_be=year)
    claim.care_visit = care_visit
    claim.community, claim.household_id = member.community, member.household_id
    _put_event(claim, event, version, benefit)
    claim.number = next_numbers(CLAIM_SERIES, year)[0]
    claim.save()
    write_step(claim, "enter", by=by, today=today, now=now)
    return claim


@transaction.atomic
def change_claim(*, claim: Claim, event: Event, by: User, today: date, now: datetime) -> Claim:
    """Write other facts into a draft. Raises what `enter_claim` raises, and `NotNow` for a claim on its way."""
    claim = lock_claim(claim)
    refuse_other_roles(by)
    if claim.state != ClaimState.DRAFT:
        message = _("Claim %(number)s is now: %(state)s. Only a draft can be changed; have it returned first.")
        raise NotNow(message % {"number": claim.label, "state": claim.get_state_display()})
    check_days(event, today)
    version = version_on(event.event_from)
    benefit = offered_benefit(version, event)
    lock_member(claim.member)
    check_person(claim.member, event, benefit, other_than=claim)
    refuse_twice(claim.member, event, benefit, other_than=claim)
    _put_event(claim, event, version, benefit)
    claim.save()
    write_step(claim, "change", by=by, today=today, now=now, from_state=claim.state)
    return claim


@transaction.atomic
def submit_claim(*, claim: Claim, by: User, today: date, now: datetime) -> Claim:
    """Send a draft in, with its reckoning kept as it is now.

    Raises `NotEntitled` with every reason where the regulation refuses; a claim that needs the committee's
    judgement goes on. Raises `ClaimedAlready`, `NotNow`, `NotYours`.
    """
    claim = lock_claim(claim)
    if claim.state == ClaimState.SUBMITTED:
        return claim
    transition(claim, Action.SUBMIT, by)  # before the reckoning, which would count the claim beside itself
    lock_member(claim.member)
    lock_household(claim.household_id)
    benefit = version_on(claim.event_from).document.benefit(claim.benefit_code)
    refuse_twice(claim.member, claim, benefit, other_than=claim)
    return send_in(claim, Action.SUBMIT, by=by, today=today, now=now)


def send_in(claim: Claim, action: Action, *, by: User, today: date, now: datetime, reason: str = "") -> Claim:
    """Reckon a locked claim and put it before the registrar, as on the first day. Raises `NotEntitled`."""
    claim.submitted_at = None  # what was submitted up to now comes before it
    assessment = assess_claim(claim)
    if assessment.outcome == "refused":
        raise NotEntitled(assessment)
    claim.submitted_at = now
    claim.membership = membership_for(claim.member, claim.event_from)
    kept = keep_reckoning(claim, assessment)
    claim.verified_by = claim.decided_by = claim.resolution = None
    claim.decided_on = claim.amount_approved = claim.appeal_until = None
    claim.decision_reason = ""
    cleared = ("verified_by", "decided_by", "resolution", "decided_on", "amount_approved", "decision_reason")
    saved = ("submitted_at", "membership", "appeal_until", *kept, *cleared)
    return take_step(claim, action, by=by, today=today, now=now, reason=reason, saved=saved)


@transaction.atomic
def verify_claim(*, claim: Claim, papers_seen: Collection[str] = (), by: User, today: date, now: datetime) -> Claim:
    """The registrar has compared facts and papers. `papers_seen`: codes of those she has held in her hand.

    Raises `PapersMissing`, `NotEntitled` (facts changed since), `OneHand` (strict), `NotNow`, `NotYours`.
    """
    claim = lock_claim(claim)
    if claim.state == ClaimState.VERIFIED and claim.verified_by_id == by.pk:
        return claim
    transition(claim, Action.VERIFY, by)
    refuse_verifying(claim, by, controls_level())
    claim.evidence_seen = sorted(papers_of(claim) | set(papers_seen))
    assessment = assess_claim(claim)
    if assessment.outcome == "refused":
        raise NotEntitled(assessment)
    missing = [tuple(step.figures["papers"]) for step in assessment.evidence_missing]
    missing += [papers for papers in papers_of_claimant(claim) if not set(papers) & set(claim.evidence_seen)]
    if missing:
        raise PapersMissing(_missing_papers(missing), field="papers_seen")
    claim.verified_by = by
    saved = ("evidence_seen", "verified_by", *keep_reckoning(claim, assessment))
    return take_step(claim, Action.VERIFY, by=by, today=today, now=now, saved=saved)


def _missing_papers(missing: Collection[tuple[str, ...]]) -> str:
    language = active_language(get_language())
    named = [labels("paper", papers, language) for papers in missing]
    message = _("Still missing: %(papers)s. Tick off what you have seen, or return the claim and say what to bring.")
    return message % {"papers": ", ".join(named)}


@transaction.atomic
def return_claim(*, claim: Claim, reason: str, by: User, today: date, now: datetime) -> Claim:
    """Give a claim back to be corrected, and say what is wrong. Raises `ReasonNeeded`, `NotNow`, `NotYours`."""
    claim = lock_claim(claim)
    reason = needed_reason(reason)
    return take_step(claim, Action.RETURN, by=by, today=today, now=now, reason=reason)


@transaction.atomic
def cancel_claim(*, claim: Claim, reason: str, by: User, today: date, now: datetime) -> Claim:
    """End a claim before it is paid; its number stays. Raises `ReasonNeeded`, `NotNow`, `NotYours`,
    `MoneyElsewhere` where its money is on its way.
    """
    claim = lock_claim(claim)
    reason = needed_reason(reason)
    refuse_bound([claim])
    return take_step(claim, Action.CANCEL, by=by, today=today, now=now, reason=reason)


# --- what is checked before a claim is written down --------------------------------------------------------


def refuse_other_roles(by: User) -> None:
    """Leaders and registrars enter claims. Raises `NotYours`."""
    if not by.has_role(Role.LEADER, Role.REGISTRAR):
        raise NotYours(_("Claims are entered by community leaders and registrars. Ask one of them."))


def check_days(event: Event, today: date) -> None:
    """Raises `WrongDay` at its field: a day after today, discharge before admission, papers before the event's end."""
    for field in ("event_from", "event_until", "received_on"):
        day = getattr(event, field)
        if day is not None and day > today:
            message = _("%(day)s is after today, %(today)s. Write an earlier day.")
            raise WrongDay(message % {"day": format_date(day), "today": format_date(today)}, field=field)
    if event.event_until is not None and event.event_until < event.event_from:
        message = _("The last day, %(until)s, is before the first, %(since)s. Correct one of them.")
        days = {"until": format_date(event.event_until), "since": format_date(event.event_from)}
        raise WrongDay(message % days, field="event_until")
    if event.received_on < (event.event_until or event.event_from):
        message = _("The papers were received on %(day)s, before the event ended on %(end)s. Correct one of them.")
        days = {"day": format_date(event.received_on), "end": format_date(event.event_until or event.event_from)}
        raise WrongDay(message % days, field="received_on")


def check_person(member: Member, event: Event, benefit: BenefitTerms, *, other_than: Claim | None = None) -> None:
    """Raises `WrongDay` for a stay that outlasts the member and for a day of death that is not the register's,
    `TooManyChildren` for more than a birth can bring."""
    ends = event.event_until or event.event_from
    died_on = member.died_on
    if died_on is not None and ends > died_on and benefit.subject == "member" and benefit.category != Category.DEATH:
        field = "event_from" if event.event_from > died_on else "event_until"
        message = _("%(name)s died on %(died)s; nothing that happened on %(day)s is hers. Correct the day.")
        told = {"name": member.full_name, "died": format_date(died_on), "day": format_date(ends)}
        raise WrongDay(message % told, field=field)
    if died_on is not None and event.event_from != died_on and is_own_death(benefit):
        message = _(
            "By the register %(name)s died on %(died)s. Write that day, or have the register put right first:"
            " the grant goes by it."
        )
        told = {"name": member.full_name, "died": format_date(died_on)}
        raise WrongDay(message % told, field="event_from")
    children = event.units or 1 if benefit.unit == "child" else 0
    if children and benefit.category == Category.BIRTH:
        others = _same_event(member, event).exclude(pk=other_than.pk if other_than else None)
        _refuse_many_children(children + sum(one.units or 1 for one in others))


def is_own_death(benefit: BenefitTerms) -> bool:
    """Whether it is given for the death of the member herself, and so not for that of a parent or a child."""
    return benefit.category == Category.DEATH and benefit.subject == "member" and benefit.recipient == "beneficiary"


def _refuse_many_children(children: int) -> None:
    if children > MOST_CHILDREN:
        message = _(
            "%(count)d children of one birth cannot be entered, those claimed already among them: %(most)d is the most,"
            " whatever the regulation pays. Look at the birth certificates again."
        )
        raise TooManyChildren(message % {"count": children, "most": MOST_CHILDREN}, field="units")


def offered_benefit(version: Version, event: Event) -> BenefitTerms:
    """The benefit in the version in force on the day of the event. Raises `NotOffered`."""
    benefit = version.benefit(event.benefit_code)
    if benefit is None:
        name = version.document.name.in_language(active_language(get_language()))
        message = _("%(regulation)s, in force on %(day)s, does not have this benefit. Check the day of the event.")
        raise NotOffered(message % {"regulation": name, "day": format_date(event.event_from)}, field="event_from")
    return benefit


def refuse_twice(
    member: Member, event: Event | Claim, benefit: BenefitTerms, *, other_than: Claim | None = None
) -> None:
    """Raises `ClaimedAlready` with the first one's number: same person, benefit and day of the event (and child)."""
    same = _same_event(member, event)
    if other_than is not None:
        same = same.exclude(pk=other_than.pk)
    about_child = benefit.once_per == "child" or benefit.subject == "child"
    mine = _child_of(event) if about_child else ""
    for first in same.select_related("child").order_by("id"):
        if not about_child or not mine or mine == (_child_of(first) or mine):
            message = _(
                "%(name)s already has claim %(number)s for this benefit and this day (%(state)s)."
                " Open that one instead of entering it twice."
            )
            told = {"name": member.full_name, "number": first.label, "state": first.get_state_display()}
            raise ClaimedAlready(message % told)


def _same_event(member: Member, event: Event | Claim) -> QuerySet[Claim]:
    """What the person claims, and was not refused, of the same benefit and day."""
    same = Claim.objects.filter(of_person(member), benefit_code=event.benefit_code, event_from=event.event_from)
    return same.exclude(state__in=(ClaimState.CANCELLED, ClaimState.REJECTED))


def _child_of(event: Event | Claim) -> str:
    if isinstance(event, Event):
        return child_key(event.child_name, event.child_birth_date)
    return child_key(event.child.name, event.child.birth_date) if event.child else ""


def _put_event(claim: Claim, event: Event, version: Version, benefit: BenefitTerms) -> None:
    claim.regulation_id, claim.benefit_code, claim.category = version.pk, benefit.code, benefit.category
    claim.event_from, claim.event_until = event.event_from, event.event_until
    stays = benefit.unit == "night" and event.event_until is not None
    claim.units = count_nights(event.event_from, event.event_until) if stays else event.units
    claim.grade, claim.event_key, claim.note = event.grade, event.event_key, event.note
    claim.loss_amount, claim.proposed_amount = event.loss_amount, event.proposed_amount
    claim.exclusions_affirmed = sorted(event.exclusions_affirmed)
    claim.evidence_seen = sorted(event.evidence)
    claim.received_on = event.received_on
    claim.child = _child_row(claim.member, event)
    recipient = _recipient(claim.member, event, benefit)
    claim.recipient_name, claim.recipient_relation = recipient
    claim.recipient_relative_of = event.recipient_relative_of
    asks = claimant_of(claim.member, event, benefit.category, recipient)
    claim.claimant, claim.claimant_name, claim.claimant_relation = asks


def _child_row(member: Member, event: Event) -> Child | None:
    if not event.child_name:
        return None
    return Child.objects.get_or_create(parent=member, name=event.child_name, birth_date=event.child_birth_date)[0]


def _recipient(member: Member, event: Event, benefit: BenefitTerms) -> tuple[str, str]:
    """Who receives the money: as entered, else the named beneficiary, else the member herself while she lives."""
    if event.recipient_name:
        return event.recipient_name, event.recipient_relation
    if benefit.recipient == "beneficiary" or member.died_on is not None:
        named = named_now(member).order_by("-named_on", "-share_percent", "-id").first()
        if named is not None:
            return named.name, named.relation
    elif benefit.recipient == "member":
        return member.full_name, ""
    message = _("Write the name of the person who receives the money and how she is related to the member.")
    raise RecipientNeeded(message, field="recipient_name")
