"""Care: who is looked after, visits planned and made, what is followed up, and whom a person was referred to.

Leaders and registrars write; nothing here moves money. A visit's note says how somebody is and what she needs, never
a diagnosis. What is written down stays with its before-images; a visit that was planned in vain is cancelled.
"""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.thai_dates import format_date
from bansong_fund.lib.thai_text import normalise
from members.models import Community, Fund, Member
from office.models import User
from office.roles import Role
from welfare.care_queries import Proposal, may_follow_up, of_member, where_she_is
from welfare.models import CarePerson, CareVisit, Referral
from welfare.transitions import NotYours

WRITES_CARE = (Role.LEADER, Role.REGISTRAR)


class CaredForAlready(DomainError):
    """The member is on the list already."""


class CareEnded(DomainError):
    """Nobody visits a person whose care has ended."""


class WrongCareDay(DomainError):
    """A day lies ahead that should lie behind, or before what it answers."""


class SomethingMissing(DomainError):
    """A name, a community, an answer is missing."""


class NotMadeYet(DomainError):
    """A visit that is only planned has no words to correct."""


class DoneAlready(DomainError):
    """A follow-up or a referral was closed before, with other words."""


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """Why and how often somebody is visited. Name, address and phone are of who is no member."""

    reason: str
    visit_every_days: int | None = None
    name: str = ""
    address: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class VisitFacts:
    """What was found: a short note, what is needed, who follows it up until when."""

    visited_on: date
    note: str = ""
    needs: str = ""
    follow_up_by: User | None = None
    follow_up_until: date | None = None


@transaction.atomic
def add_person(
    *,
    facts: PersonFacts,
    since: date,
    by: User,
    today: date,
    now: datetime,
    request_id: uuid.UUID,
    member: Member | None = None,
    community: Community | None = None,
) -> CarePerson:
    """Look after a member, or somebody of a community who is none. The same request adds once.

    A member whose care had ended is taken up again in her old row. Raises `NotYours`, `CaredForAlready`,
    `SomethingMissing` (a name or a community), `WrongCareDay`.
    """
    Fund.objects.select_for_update().get()  # a second click waits here for the first
    found = CarePerson.objects.filter(request_id=request_id).first()
    if found is not None:
        return found
    _refuse_other_roles(by)
    _refuse_future(since, today, "since")
    place = member.community if member else community
    if member is None and not normalise(facts.name):
        raise SomethingMissing(_("Write the person's name, or the number of a member."), field="name")
    if place is None:
        raise SomethingMissing(_("Choose the community."), field="community")
    rows = CarePerson.objects.filter(of_member(member)) if member else CarePerson.objects.none()
    before = rows.order_by(F("until").desc(nulls_first=True), "id").first()  # one that runs, else the last that ended
    if before is not None and before.until is None:
        message = _("%(name)s is on the list already, since %(day)s.")
        told = {"name": before.full_name, "day": format_date(before.since)}
        raise CaredForAlready(message % told, field="member_number")
    person = before or CarePerson(member=member)
    person.request_id, person.community, person.since = request_id, place, since
    person.until, person.ended_reason, person.added_by, person.added_at = None, "", by, now
    _put_facts(person, facts)
    person.save()
    return person


@transaction.atomic
def add_proposed(
    *,
    chosen: Collection[Proposal],
    visit_every_days: int | None,
    by: User,
    today: date,
    now: datetime,
    request_id: uuid.UUID,
) -> int:
    """Put several members of the register on the list at once; return how many are new there. Raises `NotYours`."""
    Fund.objects.select_for_update().get()
    _refuse_other_roles(by)
    there = set(CarePerson.objects.filter(member__in=[one.member for one in chosen]).values_list("member", flat=True))
    rows = [
        CarePerson(
            request_id=uuid.uuid5(request_id, str(one.member.pk)),
            member=one.member,
            community=one.member.community,
            reason=one.reason,
            visit_every_days=visit_every_days,
            since=today,
            added_by=by,
            added_at=now,
        )
        for one in chosen
        if one.member.pk not in there
    ]
    return len(CarePerson.objects.bulk_create(rows))


@transaction.atomic
def change_person(*, person: CarePerson, facts: PersonFacts, by: User) -> CarePerson:
    """Correct why and how often somebody is visited. Raises `NotYours`, `SomethingMissing`."""
    _refuse_other_roles(by)
    person = _locked(person)
    if person.member_id is None and not normalise(facts.name):
        raise SomethingMissing(_("Write the person's name, or the number of a member."), field="name")
    _put_facts(person, facts)
    person.save()
    return person


@transaction.atomic
def end_care(*, person: CarePerson, until: date, reason: str, by: User, today: date) -> CarePerson:
    """Nobody visits her any more, with a reason; what was planned is cancelled, what was open stays open.

    Raises `NotYours`, `WrongCareDay`, `SomethingMissing`.
    """
    _refuse_other_roles(by)
    person = _locked(person)
    if person.until is not None:
        return person
    _refuse_future(until, today, "until")
    if not reason.strip():
        raise SomethingMissing(_("Write why the visits end."), field="reason")
    if until < person.since:
        message = _("Care began on %(day)s. Write a later day.")
        raise WrongCareDay(message % {"day": format_date(person.since)}, field="until")
    person.until, person.ended_reason = until, reason.strip()
    person.save(update_fields=["until", "ended_reason"])
    for visit in _planned(person):
        visit.is_cancelled = True
        visit.save(update_fields=["is_cancelled"])
    return person


# --- visits -----------------------------------------------------------------------------------------------


@transaction.atomic
def plan_visit(
    *, person: CarePerson, planned_on: date, visitor: User, by: User, today: date, now: datetime, request_id: uuid.UUID
) -> CareVisit:
    """Plan a visit for a day to come. The same request plans once.

    Raises `NotYours`, `CareEnded`, `WrongCareDay` for a day that is past, `SomethingMissing` for a stranger.
    """
    person = _locked(person)
    found = CareVisit.objects.filter(request_id=request_id).first()
    if found is not None:
        return found
    _refuse_other_roles(by)
    _refuse_ended(person)
    _refuse_stranger(person, visitor, "visitor")
    if planned_on < today:
        message = _("%(day)s has passed. Plan a day to come, or write the visit down.")
        raise WrongCareDay(message % {"day": format_date(planned_on)}, field="planned_on")
    facts = {"visitor": visitor, "entered_by": by, "entered_at": now, "request_id": request_id}
    return CareVisit.objects.create(person=person, planned_on=planned_on, **facts)


@transaction.atomic
def record_visit(
    *, person: CarePerson, facts: VisitFacts, by: User, today: date, now: datetime, request_id: uuid.UUID
) -> CareVisit:
    """Write down a visit made; it fulfils what was planned first for her, the rest stays planned.

    The same request writes once. Raises `NotYours`, `CareEnded`, `WrongCareDay`, `SomethingMissing` (neither note nor
    need; a follow-up day without a person, or a person of elsewhere).
    """
    person = _locked(person)
    found = CareVisit.objects.filter(request_id=request_id).first()
    if found is not None:
        return found
    _refuse_other_roles(by)
    _refuse_ended(person)
    _check_visit(person, facts, today)
    visit = _planned(person).first() or CareVisit(person=person)
    visit.request_id = request_id  # a planned visit takes the mark of the click that made it
    visit.visitor = visit.entered_by = by
    visit.entered_at = now
    _put_visit(visit, facts)
    visit.save()
    return visit


def may_correct(visit: CareVisit, user: User) -> bool:
    """Who wrote a visit down puts it right, and the registrar."""
    return user.has_role(Role.REGISTRAR) or (visit.entered_by_id == user.pk and user.has_role(*WRITES_CARE))


@transaction.atomic
def correct_visit(*, visit: CareVisit, facts: VisitFacts, by: User, today: date) -> CareVisit:
    """Put right what was written down of a visit; the words before stay as before-image, and the page shows them.

    Raises `NotYours`, `NotMadeYet`, `SomethingMissing`, `WrongCareDay` (also a day after what came of the visit).
    """
    person = _locked(visit.person)
    visit = CareVisit.objects.select_for_update(of=("self",)).select_related("follow_up_by").get(pk=visit.pk)
    if not may_correct(visit, by):
        raise NotYours(_("A visit is corrected by who wrote it down, or by the registrar. Ask one of them."))
    if visit.visited_on is None:
        raise NotMadeYet(_("This visit is only planned. Write it down once it was made."))
    _check_visit(person, facts, today, named=visit.follow_up_by)
    followed = (visit.followed_up_on, *visit.referrals.values_list("referred_on", flat=True))
    for day in filter(None, followed):
        _refuse_before(day, facts.visited_on, "visited_on")
    _put_visit(visit, facts)
    visit.save()  # the same words again leave no before-image
    return visit


@transaction.atomic
def assign_follow_up(*, visit: CareVisit, to: User, until: date | None, by: User) -> CareVisit:
    """Say who follows up what a visit found, in place of whoever was named before.

    Raises `NotYours`, `SomethingMissing` for somebody of elsewhere, `WrongCareDay`, `DoneAlready`.
    """
    _refuse_other_roles(by)
    person = _locked(visit.person)
    visit = CareVisit.objects.select_for_update().get(pk=visit.pk)
    if visit.followed_up_on is not None:
        raise DoneAlready(_followed_up(visit))
    _refuse_stranger(person, to, "follow_up_by")
    if until is not None:
        _refuse_before(until, visit.visited_on, "follow_up_until")
    visit.follow_up_by, visit.follow_up_until = to, until
    visit.save(update_fields=["follow_up_by", "follow_up_until"])
    return visit


@transaction.atomic
def cancel_plan(*, visit: CareVisit, by: User) -> CareVisit:
    """Take a planned visit off the plan. One that was made stays. Raises `NotYours`, `DoneAlready`."""
    _refuse_other_roles(by)
    visit = CareVisit.objects.select_for_update().get(pk=visit.pk)
    if visit.visited_on is not None:
        raise DoneAlready(_("This visit was made; it stays."))
    visit.is_cancelled = True
    visit.save(update_fields=["is_cancelled"])
    return visit


@transaction.atomic
def follow_up(*, visit: CareVisit, done_on: date, outcome: str, by: User, today: date) -> CareVisit:
    """What came of a follow-up. Twice the same writes once.

    Raises `NotYours`, `WrongCareDay`, `SomethingMissing`, `DoneAlready` where other words stand there.
    """
    _refuse_other_roles(by)
    visit = CareVisit.objects.select_for_update().get(pk=visit.pk)
    outcome = outcome.strip()
    if visit.followed_up_on is not None:
        if (visit.followed_up_on, visit.follow_up_outcome) == (done_on, outcome):
            return visit
        raise DoneAlready(_followed_up(visit))
    _refuse_future(done_on, today, "done_on")
    _refuse_before(done_on, visit.visited_on, "done_on")
    if not outcome:
        raise SomethingMissing(_("Write what came of it."), field="outcome")
    visit.followed_up_on, visit.follow_up_outcome = done_on, outcome
    visit.save(update_fields=["followed_up_on", "follow_up_outcome"])
    return visit


# --- referrals --------------------------------------------------------------------------------------------


@transaction.atomic
def refer(
    *,
    visit: CareVisit,
    to: str,
    asked: str,
    referred_on: date,
    by: User,
    today: date,
    request_id: uuid.UUID,
    to_name: str = "",
) -> Referral:
    """Pass a person on to whoever can help. The same request refers once. Raises `NotYours`, `WrongCareDay`."""
    visit = CareVisit.objects.select_for_update().get(pk=visit.pk)
    found = Referral.objects.filter(request_id=request_id).first()
    if found is not None:
        return found
    _refuse_other_roles(by)
    _refuse_future(referred_on, today, "referred_on")
    _refuse_before(referred_on, visit.visited_on, "referred_on")
    facts = {"to": to, "to_name": to_name.strip(), "asked": asked.strip(), "referred_on": referred_on}
    return Referral.objects.create(visit=visit, referred_by=by, request_id=request_id, **facts)


@transaction.atomic
def answer_referral(
    *, referral: Referral, answered_on: date, answer: str, outcome: str, by: User, today: date
) -> Referral:
    """What they answered, and how it ended; without an outcome the referral stays open for the next answer.

    Raises `NotYours`, `WrongCareDay`, `DoneAlready` where it has ended.
    """
    _refuse_other_roles(by)
    referral = Referral.objects.select_for_update().get(pk=referral.pk)
    asked = (answered_on, answer.strip(), outcome)
    if referral.closed_on is not None:
        if (referral.answered_on, referral.answer, referral.outcome) == asked:
            return referral
        told = {"day": format_date(referral.closed_on), "outcome": referral.get_outcome_display()}
        raise DoneAlready(_("This referral ended on %(day)s: %(outcome)s.") % told)
    _refuse_future(answered_on, today, "answered_on")
    _refuse_before(answered_on, referral.referred_on, "answered_on")
    referral.answered_on, referral.answer, referral.outcome = asked
    referral.closed_on = answered_on if outcome else None
    referral.save(update_fields=["answered_on", "answer", "outcome", "closed_on"])
    return referral


# --- what is checked --------------------------------------------------------------------------------------


def _locked(person: CarePerson) -> CarePerson:
    return CarePerson.objects.select_for_update(of=("self",)).select_related(*where_she_is()).get(pk=person.pk)


def _planned(person: CarePerson) -> QuerySet[CareVisit]:
    return person.visits.filter(visited_on=None, is_cancelled=False).order_by("planned_on", "id")


def _put_facts(person: CarePerson, facts: PersonFacts) -> None:
    person.reason, person.visit_every_days = facts.reason, facts.visit_every_days
    if person.member_id is None:  # of a member the register knows all this
        person.name, person.address, person.phone = normalise(facts.name), facts.address.strip(), facts.phone


def _put_visit(visit: CareVisit, facts: VisitFacts) -> None:
    visit.visited_on, visit.note, visit.needs = facts.visited_on, facts.note.strip(), facts.needs.strip()
    visit.follow_up_by, visit.follow_up_until = facts.follow_up_by, facts.follow_up_until


def _followed_up(visit: CareVisit) -> str:
    message = _("This was followed up on %(day)s: %(outcome)s.")
    return message % {"day": format_date(visit.followed_up_on), "outcome": visit.follow_up_outcome}


def _check_visit(person: CarePerson, facts: VisitFacts, today: date, *, named: User | None = None) -> None:
    """`named`: who follows up as it stands; she may stay so, though she may lead elsewhere by now."""
    _refuse_future(facts.visited_on, today, "visited_on")
    died_on = person.member_now.died_on if person.member else None
    if died_on and facts.visited_on > died_on:
        message = _("%(name)s died on %(day)s. Correct the day of the visit.")
        told = {"name": person.full_name, "day": format_date(died_on)}
        raise WrongCareDay(message % told, field="visited_on")
    if not facts.note.strip() and not facts.needs.strip():
        raise SomethingMissing(_("Write a few words: how she is, or what she needs."), field="note")
    if facts.follow_up_until is not None:
        if facts.follow_up_by is None:
            raise SomethingMissing(_("Say who follows it up."), field="follow_up_by")
        _refuse_before(facts.follow_up_until, facts.visited_on, "follow_up_until")
    if facts.follow_up_by is not None and facts.follow_up_by != named:
        _refuse_stranger(person, facts.follow_up_by, "follow_up_by")


def _refuse_other_roles(by: User) -> None:
    if not by.has_role(*WRITES_CARE):
        raise NotYours(_("Home visits are written down by community leaders and registrars. Ask one of them."))


def _refuse_stranger(person: CarePerson, user: User, field: str) -> None:
    """Who cannot see the person cannot follow anything up."""
    if not may_follow_up(person.place).filter(pk=user.pk).exists():
        message = _("%(user)s does not lead this community. Choose one of its leaders, or a registrar.")
        raise SomethingMissing(message % {"user": user.display_name}, field=field)


def _refuse_ended(person: CarePerson) -> None:
    if person.until is not None:
        message = _("The visits to %(name)s ended on %(day)s. Take up care again first.")
        raise CareEnded(message % {"name": person.full_name, "day": format_date(person.until)})


def _refuse_future(day: date, today: date, field: str) -> None:
    if day > today:
        message = _("%(day)s is after today, %(today)s. Write an earlier day.")
        raise WrongCareDay(message % {"day": format_date(day), "today": format_date(today)}, field=field)


def _refuse_before(day: date, earliest: date | None, field: str) -> None:
    if earliest is not None and day < earliest:
        message = _("%(day)s lies before %(first)s. Correct one of them.")
        raise WrongCareDay(message % {"day": format_date(day), "first": format_date(earliest)}, field=field)
