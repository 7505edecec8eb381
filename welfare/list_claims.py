"""A list goes in: its lines become claims, checked already; and one resolution of a meeting decides them all."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Self

from django.db import transaction
from django.utils.translation import gettext as _

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.languages import local_name
from bansong_fund.lib.money import ZERO, format_baht
from bansong_fund.lib.thai_dates import be_year, format_date
from ledger.documents import next_numbers
from members.models import Controls, Household, Meeting, Member, Resolution
from office.action_log import log_action
from office.models import User
from office.roles import Role
from welfare.bulk import FundFacts, gather_fund
from welfare.claimants import guardians_on
from welfare.claims import CLAIM_SERIES, ClaimedAlready
from welfare.controls import OneHand, controls_level
from welfare.deciding import Decision, DecisionsRefused, decide_claims
from welfare.events import Event
from welfare.list_proposals import event_of_line
from welfare.lists import benefit_of_list, hold_list, refuse_not_open
from welfare.meetings import write_resolution
from welfare.models import BenefitList, Claim, ClaimState, ClaimStep, ListLine
from welfare.rules.document import BenefitTerms
from welfare.rules.steps import Assessment
from welfare.steps import NotEntitled, ReasonNeeded, keep_reckoning, lock_claims, needed_reason
from welfare.transitions import Action, NotNow, NotYours, transition

LINES_TOLD = 10


class NotConfirmed(DomainError):
    """Communities have not looked through their part, and nobody says why the list goes in all the same."""


class EmptyList(DomainError):
    """Nobody stands on the list."""


class LinesRefused(DomainError):
    """One or more lines cannot become claims, or be decided so; nothing was done. `by_line`: why not, by their keys."""

    def __init__(self, by_line: Mapping[int, DomainError], names: Mapping[int, str], message: str = "") -> None:
        self.by_line = by_line
        told = [f"{names[key]}: {refusal}" for key, refusal in list(by_line.items())[:LINES_TOLD]]
        more = len(by_line) - len(told)
        if more:
            told.append(_("and %(count)d more") % {"count": more})
        message = message or _("The list is not sent in yet. Strike these out, or correct what is wrong: %(refusals)s")
        super().__init__(message % {"refusals": " ".join(told)})

    @classmethod
    def of_claims(cls, by_claim: Mapping[int, DomainError], lines: Mapping[int, ListLine]) -> Self:
        """Of a meeting's decisions, by the keys of the claims."""
        by_line = {lines[key].pk: refusal for key, refusal in by_claim.items()}
        names = {lines[key].pk: lines[key].member.full_name for key in by_claim}
        return cls(by_line, names, _("The list is not decided yet: %(refusals)s"))


@transaction.atomic
def send_list(*, benefit_list: BenefitList, reason: str = "", by: User, today: date, now: datetime) -> BenefitList:
    """Every line that stands becomes a claim, checked already and reckoned anew, all or none.

    A second click does nothing. `reason`: why it goes in though a community has not confirmed its part. Raises
    `NotYours`, `NotNow`, `OneHand` (strict: whoever opened it), `EmptyList`, `NotConfirmed`, `LinesRefused`.
    """
    benefit_list = hold_list(benefit_list)
    if benefit_list.state == BenefitList.State.SENT and benefit_list.sent_by_id == by.pk:
        return benefit_list
    if not by.has_role(Role.REGISTRAR):
        raise NotYours(_("Lists are sent in by the registrar. Ask the registrar."))
    refuse_not_open(benefit_list)
    if controls_level() == Controls.STRICT and by.pk == benefit_list.opened_by_id:
        raise OneHand(
            _("You opened list %(number)s, so another registrar sends it in.") % {"number": benefit_list.label}
        )
    lines = list(benefit_list.lines.filter(struck_by=None).select_related("member", "child").order_by("id"))
    _refuse_unready(benefit_list, lines, reason)
    _hold_people(lines)
    sending = Sending(benefit_list, benefit_of_list(benefit_list), gather_fund(), by, today, now)
    claims = sending.claims_of(lines)
    _write(claims, lines, sending, reason.strip())
    benefit_list.state, benefit_list.sent_by, benefit_list.sent_at = BenefitList.State.SENT, by, now
    benefit_list.save(update_fields=["state", "sent_by", "sent_at"])
    log_action(by, "list-sent", subject=benefit_list, number=benefit_list.label, claims=len(claims), reason=reason)
    return benefit_list


def _refuse_unready(benefit_list: BenefitList, lines: Sequence[ListLine], reason: str) -> None:
    if not lines:
        raise EmptyList(_("Nobody stands on list %(number)s; cancel it instead.") % {"number": benefit_list.label})
    missing = benefit_list.communities.filter(confirmed_by=None, community__in={line.community_id for line in lines})
    if not reason.strip() and (parts := list(missing.select_related("community").order_by("community__number"))):
        message = _("Not confirmed yet: %(names)s. Ask their leaders, or say why the list goes in without them.")
        names = ", ".join(local_name(part.community) for part in parts)
        raise NotConfirmed(message % {"names": names}, field="reason")


def _hold_people(lines: Iterable[ListLine]) -> None:
    """Members, then their houses, each in the order of keys: who claims at the same moment waits, or is waited for."""
    lines = list(lines)
    people = Member.objects.filter(pk__in={line.member_id for line in lines}).order_by("pk")
    list(people.select_for_update(no_key=True).values_list("pk", flat=True))
    houses = Household.objects.filter(pk__in={line.member.household_id for line in lines} - {None}).order_by("pk")
    list(houses.select_for_update(no_key=True).values_list("pk", flat=True))


@dataclass(frozen=True, slots=True)
class Sending:
    """One list on its way to the meeting: the benefit, the fund as it is now, and whose hand sends it."""

    benefit_list: BenefitList
    benefit: BenefitTerms
    fund: FundFacts
    by: User
    today: date
    now: datetime

    def claims_of(self, lines: Sequence[ListLine]) -> list[Claim]:
        """A claim for each line, unsaved; numbered already, since the next may name it. Raises `LinesRefused`."""
        claims: list[Claim] = []
        refusals: dict[int, DomainError] = {}
        claimed = self._claimed()
        numbers = next_numbers(CLAIM_SERIES, be_year(self.today), len(lines))
        for line, number in zip(lines, numbers, strict=True):
            event = event_of_line(line, self.benefit_list, self.benefit)
            assessment = self.fund.assess(line.member_id, event)
            if (line.member_id, line.child_id) in claimed:
                refusals[line.pk] = self._claimed_already(claimed[line.member_id, line.child_id])
            elif assessment.outcome == "refused":
                refusals[line.pk] = _refused_beside(assessment, claims)
            else:
                claims.append(self._claim(line, event, assessment, number))
                self.fund.count(claims[-1])
        if refusals:
            raise LinesRefused(refusals, {line.pk: line.member.full_name for line in lines})
        return claims

    def _claimed(self) -> dict[tuple[int, int | None], Claim]:
        """Who claims the same benefit of the same day by herself, by person and child, drafts among them."""
        mine = self.benefit_list
        same = Claim.objects.filter(benefit_code=mine.benefit_code, event_from=mine.event_on)
        same = same.exclude(state__in=(ClaimState.CANCELLED, ClaimState.REJECTED)).defer("assessment")
        return {(self.fund.member(claim.member_id).pk, claim.child_id): claim for claim in same}

    def _claimed_already(self, first: Claim) -> ClaimedAlready:
        message = _("has claim %(number)s for this benefit and this day (%(state)s).")
        return ClaimedAlready(message % {"number": first.label, "state": first.get_state_display()})

    def _claim(self, line: ListLine, event: Event, assessment: Assessment, number: int) -> Claim:
        member, mine = line.member, self.benefit_list
        recipient, relation = self._recipient(line)
        claim = Claim(
            year_be=be_year(self.today),
            number=number,
            member=member,
            membership=self.fund.membership_on(member.pk, mine.event_on),
            community=line.community,
            household_id=member.household_id,
            regulation_id=self.fund.version_on(mine.event_on).pk,
            benefit_code=mine.benefit_code,
            category=mine.category,
            event_from=mine.event_on,
            units=event.units,
            grade=line.grade,
            loss_amount=line.loss_amount,
            proposed_amount=line.proposed_amount,
            child=line.child,
            event_key=mine.event_key,
            evidence_seen=sorted(event.evidence),
            recipient_name=recipient,
            recipient_relation=relation,
            benefit_list=mine,
            restricted_fund=mine.restricted_fund,
            note=line.added_reason,
            received_on=event.received_on,
            state=ClaimState.VERIFIED,
            entered_by=mine.opened_by,
            entered_at=self.now,
            submitted_at=self.now,
            verified_by=self.by,
        )
        keep_reckoning(claim, assessment)
        return claim

    def _recipient(self, line: ListLine) -> tuple[str, str]:
        """The member; her guardian where the regulation says so and the register knows one."""
        known = guardians_on(line.member, self.benefit_list.event_on) if self.benefit.recipient == "guardian" else []
        return (known[0].name, known[0].relation) if known else (line.member.full_name, "")


def _refused_beside(assessment: Assessment, made: Iterable[Claim]) -> DomainError:
    """Why a line is refused; a claim of this list that stands in its way is told by name, its number may yet change."""
    told = str(NotEntitled(assessment))
    for claim in made:
        if claim.label in told:
            told = told.replace(claim.label, _("(%(name)s, on this list)") % {"name": claim.member.full_name})
    return DomainError(told)


def _write(claims: Sequence[Claim], lines: Sequence[ListLine], sending: Sending, reason: str) -> None:
    """Write the claims down with their steps."""
    Claim.objects.bulk_create(claims, batch_size=500)
    said = _("List %(number)s") % {"number": sending.benefit_list.label}
    said = f"{said}: {reason}"[:500] if reason else said
    opener = sending.benefit_list.opened_by
    path = (
        ("enter", "", ClaimState.DRAFT, opener),
        (Action.SUBMIT, ClaimState.DRAFT, ClaimState.SUBMITTED, sending.by),
        (Action.VERIFY, ClaimState.SUBMITTED, ClaimState.VERIFIED, sending.by),
    )
    steps = [
        ClaimStep(
            claim=claim,
            action=action,
            from_state=old,
            to_state=new,
            user=who,
            reason=said,
            day=sending.today,
            at=sending.now,
        )
        for claim in claims
        for action, old, new, who in path
    ]
    ClaimStep.objects.bulk_create(steps, batch_size=1000)
    for line, claim in zip(lines, claims, strict=True):
        line.claim, line.outcome, line.amount = claim, claim.outcome, claim.amount
        line.assessment = claim.assessment
    ListLine.objects.bulk_update(lines, ["claim", "outcome", "amount", "assessment"], batch_size=500)


@transaction.atomic
def take_list_back(*, benefit_list: BenefitList, reason: str, by: User, today: date, now: datetime) -> BenefitList:
    """Who sent a list in takes it back whole before it is decided: its claims end, the communities have it again.

    What they confirmed stays confirmed. Taken back twice, the second finds it done. Raises `ReasonNeeded`, `NotNow`,
    `NotYours`.
    """
    benefit_list = hold_list(benefit_list)
    label = {"number": benefit_list.label}
    if benefit_list.state == BenefitList.State.OPEN:
        return benefit_list
    if benefit_list.state != BenefitList.State.SENT:
        told = {**label, "state": benefit_list.get_state_display()}
        raise NotNow(_("List %(number)s is now: %(state)s. Only a list before the meeting is taken back.") % told)
    if by.pk != benefit_list.sent_by_id:
        told = {**label, "name": benefit_list.sent_by.display_name}
        raise NotYours(_("%(name)s sent list %(number)s in, and takes it back.") % told)
    why = needed_reason(reason)
    said = _("List %(number)s was taken back: %(reason)s") % {**label, "reason": why}
    claims = _end_claims(benefit_list, said[:500], by=by, today=today, now=now)
    benefit_list.lines.update(claim=None)
    benefit_list.state, benefit_list.sent_by, benefit_list.sent_at = BenefitList.State.OPEN, None, None
    benefit_list.save(update_fields=["state", "sent_by", "sent_at"])
    log_action(by, "list-taken-back", subject=benefit_list, number=benefit_list.label, claims=len(claims), reason=why)
    return benefit_list


def _end_claims(benefit_list: BenefitList, reason: str, *, by: User, today: date, now: datetime) -> list[Claim]:
    """Cancel the claims of a list that are not at an end yet, each with its step; raises what `transition` does."""
    at_end = (ClaimState.CANCELLED, ClaimState.REJECTED)
    claims = lock_claims(benefit_list.claims.exclude(state__in=at_end).values_list("pk", flat=True))
    ends = [transition(claim, Action.CANCEL, by).to_state for claim in claims]
    steps = [
        ClaimStep(
            claim=claim,
            action=Action.CANCEL,
            from_state=claim.state,
            to_state=end,
            user=by,
            reason=reason,
            day=today,
            at=now,
        )
        for claim, end in zip(claims, ends, strict=True)
    ]
    Claim.objects.filter(pk__in=[claim.pk for claim in claims]).update(state=ClaimState.CANCELLED)
    ClaimStep.objects.bulk_create(steps, batch_size=1000)
    return claims


# --- deciding ---------------------------------------------------------------------------------------------------


@transaction.atomic
def decide_list(
    *,
    benefit_list: BenefitList,
    meeting: Meeting,
    rejected: Mapping[int, str],
    request_id: uuid.UUID,
    by: User,
    today: date,
    now: datetime,
    reason: str = "",
) -> BenefitList:
    """One resolution of a meeting decides the whole list; `rejected`: the lines (keys) that it refuses, and why.

    `reason` stands with the claims that the regulation leaves to the committee. The same request decides once.
    Raises `NotNow`, `ReasonNeeded`, and what `write_resolution` and `decide_claims` raise.
    """
    Meeting.objects.select_for_update().get(pk=meeting.pk)  # a second click waits here for the first
    benefit_list = hold_list(benefit_list)
    if Resolution.objects.filter(request_id=request_id, benefit_lists=benefit_list).exists():
        return benefit_list
    if benefit_list.state != BenefitList.State.SENT:
        message = _("List %(number)s is now: %(state)s. Only a list before the meeting is decided.")
        raise NotNow(message % {"number": benefit_list.label, "state": benefit_list.get_state_display()})
    claims = list(
        benefit_list.claims.filter(state=ClaimState.VERIFIED).select_related("list_line__child", "list_line__member")
    )
    lines = {claim.pk: claim.list_line for claim in claims}
    decisions = [_decision(claim, rejected, reason) for claim in claims]
    _refuse_without_reason(claims, decisions)
    resolution = write_resolution(
        meeting=meeting,
        subject=_subject(benefit_list, claims, decisions),
        by=by,
        today=today,
        now=now,
        request_id=request_id,
    )
    fund, benefit = gather_fund(), benefit_of_list(benefit_list)

    def assess(claim: Claim) -> Assessment:
        return fund.assess(claim.member_id, event_of_line(lines[claim.pk], benefit_list, benefit), before=claim)

    try:
        decide_claims(resolution=resolution, decisions=decisions, by=by, today=today, now=now, assess=assess)
    except DecisionsRefused as refused:
        raise LinesRefused.of_claims(refused.by_claim, lines) from refused
    benefit_list.state, benefit_list.resolution = BenefitList.State.DECIDED, resolution
    benefit_list.save(update_fields=["state", "resolution"])
    return benefit_list


def _decision(claim: Claim, rejected: Mapping[int, str], reason: str) -> Decision:
    line = claim.list_line
    if line.pk in rejected:
        return Decision(claim.pk, approve=False, reason=needed_reason(rejected[line.pk]))
    why = reason.strip() or line.added_reason
    return Decision(claim.pk, approve=True, reason=why if claim.outcome == "needs_decision" else "")


def _refuse_without_reason(claims: Sequence[Claim], decisions: Sequence[Decision]) -> None:
    approved = {decision.claim_id for decision in decisions if decision.approve and not decision.reason}
    left = sum(1 for claim in claims if claim.outcome == "needs_decision" and claim.pk in approved)
    if left:
        message = _("The regulation leaves %(count)d people of this list to the committee. Say why they are approved.")
        raise ReasonNeeded(message % {"count": left}, field="reason")


def _subject(benefit_list: BenefitList, claims: Sequence[Claim], decisions: Sequence[Decision]) -> str:
    granted = {decision.claim_id for decision in decisions if decision.approve}
    total = sum((claim.amount or ZERO for claim in claims if claim.pk in granted), ZERO)
    message = _("List %(number)s, %(title)s, as of %(day)s: %(count)d people, together %(total)s baht")
    told = {
        "number": benefit_list.label,
        "title": benefit_list.title,
        "day": format_date(benefit_list.event_on, "short"),
    }
    return message % {**told, "count": len(granted), "total": format_baht(total)}
