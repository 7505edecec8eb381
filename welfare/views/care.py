"""Care: the plan of visits, a person with what was found and what is open, and the forms behind the buttons."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.forms import RequestForm
from ledger.views.acting import acting, carry_out, forms_shown
from members.models import Member
from members.queries import visible_members
from office.models import User
from office.reading import log_reading
from office.roles import Role
from welfare import care as verbs
from welfare.care_queries import (
    care_communities,
    cared_for,
    listed_persons,
    may_follow_up,
    of_member,
    open_follow_ups,
    open_needs,
    open_referrals,
    proposals,
    visible_persons,
    visible_referrals,
    visible_visits,
    where_she_is,
    with_days,
    within,
    words_before,
)
from welfare.forms_care import (
    AnswerForm,
    AssignForm,
    EndForm,
    FollowUpForm,
    NewPersonForm,
    PlaceForm,
    PlanForm,
    ProposalsForm,
    ReferralForm,
    RhythmForm,
    StrangerForm,
    VisitForm,
    person_facts,
)
from welfare.models import CarePerson, CareVisit

ON_A_PAGE = 50
OPEN_SHOWN, OPEN_LISTED = 20, 300
PROPOSED = 100
USUAL_RHYTHM = 30  # days: once a month


@require_safe
def care(request: HttpRequest) -> HttpResponse:
    """GET /care/?community=&after=: who is to be visited, the most urgent first; follow-ups and answers still open."""
    form, persons = narrowed(request)
    start = _start(request)
    found = list(listed_persons(cared_for(persons, request.today))[start : start + ON_A_PAGE + 1])
    ends = {name: list(rows[:OPEN_SHOWN]) for name, rows in open_ends(request, persons).items()}
    context = {
        "persons": found[:ON_A_PAGE],
        "page": {"next_after": start + ON_A_PAGE if len(found) > ON_A_PAGE else None},
        "is_first": start == 0,
        "form": form,
        "communities": list(form["community"].field.choices),
        **ends,
        "today": request.today,
        "month": request.today.strftime("%Y-%m"),
    }
    if any(ends.values()):
        _log_open_ends(request)
    return render(request, "welfare/care.html", context)


@require_safe
def open_list(request: HttpRequest) -> HttpResponse:
    """GET /care/open/?community=: all that is open, first what nobody has taken on, then by who follows it up."""
    form, persons = narrowed(request)
    ends = {name: list(rows[:OPEN_LISTED]) for name, rows in open_ends(request, persons).items()}
    _log_open_ends(request)
    ends["by_user"] = _by_user(ends.pop("follow_ups"), request.user)
    context = {"form": form, "communities": list(form["community"].field.choices), "today": request.today, **ends}
    return render(request, "welfare/care_open.html", context)


def open_ends(request: HttpRequest, persons: QuerySet[CarePerson]) -> dict[str, QuerySet[Any]]:
    """What is open of these people: needs that nobody has taken on, follow-ups promised, referrals not ended."""
    return {
        "needs": open_needs(request.user).filter(person__in=persons),
        "follow_ups": open_follow_ups(request.user).filter(person__in=persons),
        "referrals": open_referrals(request.user).filter(visit__person__in=persons),
    }


def _by_user(visits: list[CareVisit], user: User) -> list[tuple[User, list[CareVisit]]]:
    """One's own first, then by name; within each the nearest day first, as they came."""
    found: dict[User, list[CareVisit]] = {}
    for visit in visits:
        found.setdefault(visit.follow_up_by, []).append(visit)
    return sorted(found.items(), key=lambda one: (one[0] != user, one[0].display_name, one[0].pk))


def _log_open_ends(request: HttpRequest) -> None:
    log_reading(request.user, kind="care", id=0, name=_("Home visits"), what="care open")


def narrowed(request: HttpRequest) -> tuple[PlaceForm, QuerySet[CarePerson]]:
    """The people whose care the user reads about, of the community asked for."""
    form = PlaceForm(request.GET, communities=care_communities(request.user))
    persons, chosen = visible_persons(request.user), form.chosen()
    return form, persons if chosen is None else persons.filter(within([chosen]))


def _start(request: HttpRequest) -> int:
    asked = request.GET.get("after", "")
    return int(asked) if asked.isdecimal() and len(asked) < 7 else 0


@require_safe
def person_page(request: HttpRequest, key: int) -> HttpResponse:
    """GET /care/<key>/: why she is visited, every visit with what was found, what is open, and the buttons."""
    person = _person(request, key)
    _log_page(request, person)
    rows = person.visits.filter(is_cancelled=False).select_related("visitor", "follow_up_by")
    visits = list(rows.prefetch_related("referrals", "claims").order_by("-visited_on", "-id"))
    context = {
        "person": person,
        "planned": sorted((one for one in visits if one.visited_on is None), key=lambda one: one.planned_on),
        "visits": _with_words_before([one for one in visits if one.visited_on is not None], request.user),
        "today": request.today,
    }
    return render(request, "welfare/care_person.html", context)


def _log_page(request: HttpRequest, person: CarePerson) -> None:
    kind, key = ("member", person.member_now.pk) if person.member_id else ("care", person.pk)
    log_reading(request.user, kind=kind, id=key, name=person.full_name, what="care page")


def _with_words_before(visits: list[CareVisit], user: User) -> list[CareVisit]:
    """Each visit with what it said `before`, and whether the user reads that and may put it right.

    What was wrong about somebody is read by who wrote it, the registrar and the auditor; others see that it changed.
    """
    before = words_before(visits)
    reads_all = user.has_role(Role.REGISTRAR, Role.AUDITOR)
    for visit in visits:
        visit.before = before.get(visit.pk, [])
        visit.reads_before = reads_all or visit.entered_by_id == user.pk
        visit.may_correct = verbs.may_correct(visit, user)
    return visits


@forms_shown
def member_care(request: HttpRequest, number: int) -> HttpResponse:
    """GET /members/<number>/care/: her page of care; where she is on no list yet, the form that puts her there."""
    member = get_object_or_404(visible_members(request.user), number=number)
    found = visible_persons(request.user).filter(of_member(member)).order_by(F("until").desc(nulls_first=True)).first()
    if found is not None:
        return redirect("welfare:care_person", found.pk)
    return new_person(request, number) if request.user.has_role(*verbs.WRITES_CARE) else redirect("welfare:care")


@forms_shown
def new_person(request: HttpRequest, number: int | None = None) -> HttpResponse:
    """GET, POST /care/new/: somebody comes onto the list of those who are visited."""
    initial = {"since": request.today, "visit_every_days": USUAL_RHYTHM, "member_number": number}
    communities = care_communities(request.user)
    if len(communities) == 1:
        initial["community"] = communities[0]
    form = NewPersonForm(request.POST or None, communities=communities, today=request.today, initial=initial)

    def act(data: dict[str, Any]) -> CarePerson:
        member = _member(request, data["member_number"])
        facts = person_facts(data)
        place = None if member else data["community"]
        return verbs.add_person(
            facts=facts, since=data["since"], member=member, community=place, **acting(request, form)
        )

    if done := carry_out(request, form, act):
        messages.success(request, _("%(name)s is on the list of visits.") % {"name": done.full_name})
        return redirect("welfare:care_person", done.pk)
    return _form_page(request, form, _("Put somebody on the list"))


def _member(request: HttpRequest, number: int | None) -> Member | None:
    """The member of a number among those whom the user cares for. Raises `SomethingMissing` where there is none."""
    if number is None:
        return None
    known = visible_members(request.user).filter(community__in=care_communities(request.user))
    member = known.select_related("community").filter(number=number).first()
    if member is None:
        message = _("You see no member no. %(number)d. Correct the number, or leave it empty.")
        raise verbs.SomethingMissing(message % {"number": number}, field="member_number")
    return member


@forms_shown
def change_person(request: HttpRequest, key: int) -> HttpResponse:
    """GET, POST /care/<key>/change/: why and how often she is visited; of who is no member, where she is found."""
    person = _person(request, key)
    kind = RhythmForm if person.member_id else StrangerForm
    names = ("reason", "visit_every_days", "name", "address", "phone")
    form = kind(request.POST or None, initial={name: getattr(person, name) for name in names})

    def act(data: dict[str, Any]) -> CarePerson:
        return verbs.change_person(person=person, facts=person_facts(data), by=request.user)

    return _done_or_form(
        request, form, act, title=_("Correct the facts"), said=_("The changes are saved."), person=person
    )


@forms_shown
def end_care(request: HttpRequest, key: int) -> HttpResponse:
    """GET, POST /care/<key>/end/: nobody visits her any more, with a reason."""
    person = _person(request, key)
    form = EndForm(request.POST or None, today=request.today, initial={"until": request.today})

    def act(data: dict[str, Any]) -> CarePerson:
        who = {"by": request.user, "today": request.today}
        return verbs.end_care(person=person, until=data["until"], reason=data["reason"], **who)

    return _done_or_form(request, form, act, title=_("End the visits"), said=_("The visits have ended."), person=person)


# --- visits -----------------------------------------------------------------------------------------------


@forms_shown
def new_visit(request: HttpRequest, key: int) -> HttpResponse:
    """GET, POST /care/<key>/visit/: a visit made, in under a minute."""
    person = _person(request, key)
    given = {"users": may_follow_up(person.place), "today": request.today}
    form = VisitForm(request.POST or None, initial={"visited_on": request.today}, **given)

    def act(data: dict[str, Any]) -> CareVisit:
        return verbs.record_visit(person=person, facts=form.facts(), **acting(request, form))

    return _done_or_form(request, form, act, title=_("A visit"), said=_("The visit is written down."), person=person)


@forms_shown
def plan_visit(request: HttpRequest, key: int) -> HttpResponse:
    """GET, POST /care/<key>/plan/: a visit on a day to come."""
    person = _person(request, key)
    initial = {"planned_on": request.today, "visitor": request.user.pk}
    form = PlanForm(request.POST or None, users=may_follow_up(person.place), today=request.today, initial=initial)

    def act(data: dict[str, Any]) -> CareVisit:
        facts = {name: data[name] for name in ("planned_on", "visitor")}
        return verbs.plan_visit(person=person, **facts, **acting(request, form))

    return _done_or_form(request, form, act, title=_("Plan a visit"), said=_("The visit is planned."), person=person)


@forms_shown
def correct_visit(request: HttpRequest, key: int) -> HttpResponse:
    """GET, POST /care/visits/<key>/correct/: what was written down, put right by who wrote it or the registrar."""
    visit = _visit(request, key)
    if not verbs.may_correct(visit, request.user):
        messages.error(request, _("A visit is corrected by who wrote it down, or by the registrar. Ask one of them."))
        return redirect("welfare:care_person", visit.person_id)
    names = ("visited_on", "note", "needs", "follow_up_by", "follow_up_until")
    able = Q(pk__in=may_follow_up(visit.person.place).values("pk"))
    users = User.objects.filter(able | Q(pk=visit.follow_up_by_id)).order_by("display_name", "id")
    initial = {name: getattr(visit, name) for name in names}
    form = VisitForm(request.POST or None, users=users, today=request.today, initial=initial)

    def act(data: dict[str, Any]) -> CareVisit:
        return verbs.correct_visit(visit=visit, facts=form.facts(), by=request.user, today=request.today)

    said = _("The visit is corrected; what stood there before is kept.")
    return _done_or_form(request, form, act, title=_("Correct a visit"), said=said, person=visit.person, visit=visit)


@forms_shown
def assign_follow_up(request: HttpRequest, key: int) -> HttpResponse:
    """GET, POST /care/visits/<key>/assign/: who follows up what was found."""
    visit = _visit(request, key)
    initial = {"follow_up_by": visit.follow_up_by_id or request.user.pk, "follow_up_until": visit.follow_up_until}
    users = may_follow_up(visit.person.place)
    form = AssignForm(request.POST or None, users=users, today=request.today, initial=initial)

    def act(data: dict[str, Any]) -> CareVisit:
        facts = {"to": data["follow_up_by"], "until": data["follow_up_until"]}
        return verbs.assign_follow_up(visit=visit, **facts, by=request.user)

    said = _("It is written down who follows this up.")
    return _done_or_form(request, form, act, title=_("Who follows it up"), said=said, person=visit.person, visit=visit)


@require_POST
def cancel_plan(request: HttpRequest, key: int) -> HttpResponse:
    """POST /care/visits/<key>/cancel/: a planned visit comes off the plan."""
    visit = _visit(request, key)
    try:
        verbs.cancel_plan(visit=visit, by=request.user)
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The visit is off the plan."))
    return redirect("welfare:care_person", visit.person_id)


@forms_shown
def follow_up(request: HttpRequest, key: int) -> HttpResponse:
    """GET, POST /care/visits/<key>/follow-up/: what came of it."""
    visit = _visit(request, key)
    form = FollowUpForm(request.POST or None, today=request.today, initial={"done_on": request.today})

    def act(data: dict[str, Any]) -> CareVisit:
        facts = {name: data[name] for name in ("done_on", "outcome")}
        return verbs.follow_up(visit=visit, **facts, by=request.user, today=request.today)

    said = _("What came of it is written down.")
    return _done_or_form(request, form, act, title=_("Follow-up"), said=said, person=visit.person, visit=visit)


@forms_shown
def refer(request: HttpRequest, key: int) -> HttpResponse:
    """GET, POST /care/visits/<key>/refer/: passed on to whoever can help."""
    visit = _visit(request, key)
    initial = {"referred_on": request.today, "asked": visit.needs}
    form = ReferralForm(request.POST or None, today=request.today, initial=initial)

    def act(data: dict[str, Any]) -> Any:
        facts = {name: data[name] for name in ("to", "to_name", "asked", "referred_on", "request_id")}
        return verbs.refer(visit=visit, **facts, by=request.user, today=request.today)

    said = _("The referral is written down.")
    return _done_or_form(
        request, form, act, title=_("Refer to somebody who can help"), said=said, person=visit.person, visit=visit
    )


@forms_shown
def answer(request: HttpRequest, key: int) -> HttpResponse:
    """GET, POST /care/referrals/<key>/answer/: what they answered, and how it ended."""
    related = where_she_is("visit__person__")
    referral = get_object_or_404(visible_referrals(request.user).select_related(*related), pk=key)
    initial = {"answered_on": request.today, "answer": referral.answer}
    form = AnswerForm(request.POST or None, today=request.today, initial=initial)

    def act(data: dict[str, Any]) -> Any:
        facts = {name: data[name] for name in ("answered_on", "answer", "outcome")}
        return verbs.answer_referral(referral=referral, **facts, by=request.user, today=request.today)

    visit = referral.visit
    said = _("The answer is written down.")
    return _done_or_form(
        request, form, act, title=_("Answer to the referral"), said=said, person=visit.person, visit=visit
    )


# --- from the register ------------------------------------------------------------------------------------


@forms_shown
def proposed(request: HttpRequest) -> HttpResponse:
    """GET, POST /care/proposals/?community=: whom nobody visits yet; those ticked come onto the list."""
    place = PlaceForm(request.GET, communities=care_communities(request.user))
    chosen = place.chosen()
    communities = care_communities(request.user).filter(pk=chosen.pk) if chosen else care_communities(request.user)
    rows = proposals(communities, today=request.today, most=PROPOSED)
    numbers = [one.member.number for one in rows]
    form = ProposalsForm(request.POST or None, numbers=numbers, initial={"visit_every_days": USUAL_RHYTHM})

    def act(data: dict[str, Any]) -> Any:
        picked = [one for one in rows if one.member.number in data["chosen"]]
        rhythm = data["visit_every_days"]
        return verbs.add_proposed(chosen=picked, visit_every_days=rhythm, **acting(request, form))

    done = carry_out(request, form, act)
    if done is not None:
        messages.success(request, _("%(count)d members are new on the list of visits.") % {"count": done})
        return redirect("welfare:care")
    context = {"rows": rows, "form": form, "place": place, "most": PROPOSED, "is_full": len(rows) == PROPOSED}
    context["communities"] = list(place["community"].field.choices)
    return render(request, "welfare/care_proposals.html", context)


# --- what they share --------------------------------------------------------------------------------------


def _person(request: HttpRequest, key: int) -> CarePerson:
    related = (*where_she_is(), "member__household", "member__merged_into__household", "added_by")
    return get_object_or_404(with_days(visible_persons(request.user)).select_related(*related), pk=key)


def _visit(request: HttpRequest, key: int) -> CareVisit:
    related = where_she_is("person__")
    return get_object_or_404(visible_visits(request.user).select_related(*related), pk=key)


def _done_or_form(
    request: HttpRequest,
    form: RequestForm,
    act: Callable[[dict[str, Any]], Any],
    *,
    title: str,
    said: str,
    person: CarePerson,
    visit: CareVisit | None = None,
) -> HttpResponse:
    """The person's page once it is carried out, else the form with what was typed."""
    if carry_out(request, form, act):
        messages.success(request, said)
        return redirect("welfare:care_person", person.pk)
    return _form_page(request, form, title, person, visit)


def _form_page(
    request: HttpRequest,
    form: RequestForm,
    title: str,
    person: CarePerson | None = None,
    visit: CareVisit | None = None,
) -> HttpResponse:
    if person is not None and visit is not None and request.method == "GET":
        _log_page(request, person)  # the form shows what the visit found
    context = {"form": form, "title": title, "person": person, "visit": visit}
    return render(request, "welfare/care_form.html", context)
