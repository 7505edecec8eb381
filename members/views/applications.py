"""Applications to membership: the list, entering one, its page with the buttons, the form on paper."""

import uuid
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.forms import show_refusal
from bansong_fund.lib.paper_answers import as_pdf, paper_language
from members import applications as verbs
from members.accepting import beneficiaries_of, person_of
from members.application_paper import application_paper, blank_paper, render_application
from members.application_queries import (
    APPLICATION_PAPERS,
    OPEN_STATES,
    LikePeople,
    dues_price,
    find_applications,
    first_dues_state,
    like_people,
    listed,
    older_than,
    papers_of_application,
)
from members.forms.applications import (
    CONSENT_WORDS,
    ApplicationFilterForm,
    ApplicationForm,
    ApplicationPapersForm,
    WithdrawForm,
    initial_of,
)
from members.forms.register import TITLES
from members.identity import id_label
from members.models import Application, ApplicationState, Consent, Relation
from members.queries import of_person, visible_applications, visible_communities, visible_members
from members.regulations import NoRuleInForce
from office.attachments import keep_attachment
from office.interrupted import hold_files
from office.reading import log_reading
from office.roles import Role

ON_A_PAGE = 50
COMPARED = ("first_name", "family_name", "birth_date", "house_number", "phone")


@require_safe
def application_list(request: HttpRequest) -> HttpResponse:
    """GET /members/applications/: newest first, narrowed by name, community and state."""
    form = ApplicationFilterForm(request.GET or None, communities=visible_communities(request.user))
    asked = form.cleaned_data if form.is_valid() else {}
    found = find_applications(
        listed(visible_applications(request.user)),
        text=asked.get("q", ""),
        community=asked.get("community"),
        state=asked.get("state", ""),
    )
    return _list_page(request, form, list(older_than(found, request.GET.get("before", ""))[: ON_A_PAGE + 1]))


def _list_page(request: HttpRequest, form: ApplicationFilterForm, rows: list[Application]) -> HttpResponse:
    communities = list(form["community"].field.choices)  # "all" and each: a leader of one has nothing to choose
    only = communities[1][0].instance if len(communities) == 2 else None
    blank_for = only or (form.cleaned_data.get("community") if form.is_valid() else None)
    context = {
        "form": form,
        "blank_for": blank_for.number if blank_for else "",
        "rows": [(one, first_dues_state(one)) for one in rows[:ON_A_PAGE]],
        "communities": communities,
        "page": {"next_key": rows[ON_A_PAGE - 1].label if len(rows) > ON_A_PAGE else ""},
    }
    return render(request, "members/applications.html", context)


@require_safe
def member_applications(request: HttpRequest, number: int) -> HttpResponse:
    """GET /members/<member no.>/applications/: straight to the application that made her a member, or all of them."""
    member = get_object_or_404(visible_members(request.user), number=number)
    found = listed(visible_applications(request.user)).filter(of_person(member)).order_by("-year_be", "-number")
    rows = list(found[: ON_A_PAGE + 1])
    if len(rows) == 1:
        return redirect("members:application", rows[0].year_be, rows[0].number)
    form = ApplicationFilterForm(communities=visible_communities(request.user))
    return _list_page(request, form, rows)


# --- entering and correcting --------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def apply(request: HttpRequest) -> HttpResponse:
    """GET, POST /members/applications/new/: a person asks to be taken into the fund."""
    given = (request.POST, request.FILES) if request.method == "POST" else ()
    form = ApplicationForm(
        *given,
        communities=visible_communities(request.user),
        today=request.today,
        may_certify=request.user.has_role(Role.LEADER),
        initial=_asked_for(request) | {"applied_on": request.today},
    )
    like: LikePeople | None = None
    if request.method == "POST" and form.is_valid():
        like = _like_somebody(request, form)
        if not like and (application := _enter(request, form)) is not None:
            messages.success(request, _("Application %(number)s is entered.") % {"number": application.label})
            return redirect("members:application", application.year_be, application.number)
    hold_files(request, form)
    return _form_page(request, form, like=like, title=_("New application"))


def _asked_for(request: HttpRequest) -> dict[str, Any]:
    """What a link hands on: the facts of an application that is entered anew."""
    year, _slash, number = request.GET.get("again", "").partition("-")
    if not (year.isdecimal() and number.isdecimal() and len(year) < 5 and len(number) < 9):
        return {}
    application = visible_applications(request.user).filter(year_be=int(year), number=int(number)).first()
    return initial_of(application) | {"knows_rules": False, "notice": False} if application else {}


@require_http_methods(["GET", "HEAD", "POST"])
def correct_application(request: HttpRequest, year_be: int, number: int) -> HttpResponse:
    """GET, POST /members/applications/<year>/<number>/correct/: before anybody certified it."""
    application = _visible(request, year_be, number)
    form = ApplicationForm(
        *((request.POST,) if request.method == "POST" else ()),
        communities=visible_communities(request.user),
        today=request.today,
        kept=application,
    )
    like: LikePeople | None = None
    if request.method == "POST" and form.is_valid():
        like = _like_somebody(request, form)
        if not like and _correct(request, form, application):
            messages.success(request, _("Application %(number)s is corrected.") % {"number": application.label})
            return redirect("members:application", year_be, number)
    title = _("Correct application %(number)s") % {"number": application.label}
    return _form_page(request, form, like=like, title=title, application=application)


def _form_page(request: HttpRequest, form: ApplicationForm, **context: Any) -> HttpResponse:
    try:
        price = dues_price(request.today).sentence
    except NoRuleInForce as refusal:
        messages.error(request, str(refusal))
        return redirect("members:applications")
    context |= {"form": form, "titles": TITLES, "price": price, "child_under_age": request.fund.child_under_age}
    return render(request, "members/application_form.html", context)


def _like_somebody(request: HttpRequest, form: ApplicationForm) -> LikePeople | None:
    """People whom the applicant may be; None once somebody has looked and said that it is another person.

    A correction that leaves name, birth and house as they are asks no second time.
    """
    if form.cleaned_data["another_person"]:
        return None
    facts, kept = form.facts(), form.kept
    if kept is not None and all(getattr(facts.person, name) == getattr(kept, name) for name in COMPARED):
        return None
    former = visible_members(request.user).filter(number=facts.former_number).first() if facts.former_number else None
    found = like_people(facts.person, facts.community, request.user, former=former, but=kept.pk if kept else None)
    return found or None


def _enter(request: HttpRequest, form: ApplicationForm) -> Application | None:
    asked = form.cleaned_data
    who = {"by": request.user, "today": request.today, "now": request.now, "request_id": asked["request_id"]}
    try:
        with transaction.atomic():
            facts, certified = form.facts(), asked.get("certified", False)
            application = verbs.enter_application(facts=facts, certified=certified, **who)
            _keep_papers(request, application, form)
            return application
    except DomainError as refusal:
        show_refusal(form, refusal)
        return None


def _correct(request: HttpRequest, form: ApplicationForm, application: Application) -> bool:
    try:
        verbs.correct_application(application=application, facts=form.facts(), by=request.user, today=request.today)
    except DomainError as refusal:
        show_refusal(form, refusal)
        return False
    return True


def _keep_papers(request: HttpRequest, application: Application, form: ApplicationForm | ApplicationPapersForm) -> None:
    for place, file in enumerate(form.cleaned_data["papers"]):
        keep_attachment(
            file,
            owner_kind=APPLICATION_PAPERS,
            owner_id=application.pk,
            purpose="application",
            by=request.user,
            now=request.now,
            request_id=uuid.uuid5(form.cleaned_data["request_id"], f"paper {place}"),
            field="papers",
        )


# --- the page of one ----------------------------------------------------------------------------------------


@require_safe
def application_page(request: HttpRequest, year_be: int, number: int) -> HttpResponse:
    """GET /members/applications/<year>/<number>/: all that was written, its papers, and the buttons."""
    application = _visible(request, year_be, number)
    _log(request, application, "application page")
    return _show(request, application)


def _visible(request: HttpRequest, year_be: int, number: int) -> Application:
    related = ("former_member", "entered_by", "decided_by", "resolution__meeting")
    rows = listed(visible_applications(request.user)).select_related("community", "member", *related)
    return get_object_or_404(rows, year_be=year_be, number=number)


def _log(request: HttpRequest, application: Application, what: str) -> None:
    log_reading(request.user, kind="application", id=application.pk, name=application.full_name, what=what)


def _show(request: HttpRequest, application: Application, **given: forms.Form) -> HttpResponse:
    """The page, with the form that was refused just now still filled in."""
    fund, user, is_open = request.fund, request.user, application.state in OPEN_STATES
    certifications = list(application.certifications.select_related("user").order_by("certified_at", "id"))
    handles = verbs.enters_applications(user)
    entered = application.state == ApplicationState.ENTERED
    still_needed = max(0, verbs.certifiers_needed(fund.controls) - len(certifications)) if entered else 0
    has_certified = user.pk in [one.user_id for one in certifications]
    context = {
        "application": application,
        "beneficiaries": [(one, Relation(one.relation).label) for one in beneficiaries_of(application)],
        "consents": [CONSENT_WORDS[kind] for kind in CONSENT_WORDS if kind in application.consents],
        "notice_given": Consent.Kind.NOTICE in application.consents,
        "certifications": certifications,
        "id_label": id_label(application) if application.national_id_encrypted else _("National ID"),
        "still_needed": still_needed,
        "first_dues": first_dues_state(application),
        "papers": papers_of_application(application),
        "like": _like_of(application, request) if is_open else None,
        "may_certify": entered
        and not (has_certified and still_needed)
        and verbs.may_certify(application, user, fund.controls),
        "may_correct": handles and entered and not certifications,
        "may_withdraw": handles and is_open,
        "may_add_papers": handles,
        "may_enter_anew": handles and application.state in (ApplicationState.WITHDRAWN, ApplicationState.REFUSED),
        "withdraw_form": WithdrawForm(),
        "papers_form": ApplicationPapersForm(),
        **given,
    }
    return render(request, "members/application.html", context)


def _like_of(application: Application, request: HttpRequest) -> LikePeople:
    former = application.former_member
    return like_people(person_of(application), application.community, request.user, former=former, but=application.pk)


# --- buttons ------------------------------------------------------------------------------------------------


@require_POST
def certify(request: HttpRequest, year_be: int, number: int) -> HttpResponse:
    """POST /members/applications/<year>/<number>/certify/: somebody who knows the community says that it is so."""
    application = _visible(request, year_be, number)
    return _act(
        request,
        application,
        lambda: verbs.certify_application(application=application, by=request.user, now=request.now),
        _("You certified application %(number)s."),
    )


@require_POST
def withdraw_application(request: HttpRequest, year_be: int, number: int) -> HttpResponse:
    """POST /members/applications/<year>/<number>/withdraw/: with the reason."""
    application = _visible(request, year_be, number)
    form = WithdrawForm(request.POST)
    if not form.is_valid():
        return _show(request, application, withdraw_form=form)
    who = {"reason": form.cleaned_data["reason"], "by": request.user, "today": request.today}
    return _act(
        request,
        application,
        lambda: verbs.withdraw_application(application=application, **who),
        _("Application %(number)s is withdrawn."),
    )


def _act(request: HttpRequest, application: Application, act: Callable[[], Any], done: str) -> HttpResponse:
    try:
        act()
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done % {"number": application.label})
    return redirect("members:application", application.year_be, application.number)


@require_POST
def add_papers(request: HttpRequest, year_be: int, number: int) -> HttpResponse:
    """POST /members/applications/<year>/<number>/papers/: photographs or PDFs that come later."""
    application = _visible(request, year_be, number)
    form = ApplicationPapersForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            with transaction.atomic():
                _keep_papers(request, application, form)
        except DomainError as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, _("The papers are kept."))
            return redirect("members:application", year_be, number)
    return _show(request, application, papers_form=form)


# --- on paper -----------------------------------------------------------------------------------------------


@require_safe
def application_pdf(request: HttpRequest, year_be: int, number: int) -> HttpResponse:
    """GET /members/applications/<year>/<number>.pdf: the fund's application form, filled in."""
    application = _visible(request, year_be, number)
    _log(request, application, "application paper")
    try:
        paper = application_paper(application, request.fund)
    except NoRuleInForce as refusal:
        messages.error(request, str(refusal))
        return redirect("members:application", year_be, number)
    pdf = render_application(paper, paper_language(request))
    return as_pdf(pdf, f"application-{year_be}-{number}")


@require_safe
def blank_application_pdf(request: HttpRequest) -> HttpResponse:
    """GET /members/applications/blank.pdf?community=3: the form to fill in by hand, for a community or for any."""
    asked = request.GET.get("community", "")
    number = int(asked) if asked.isdecimal() and len(asked) < 5 else 0
    community = get_object_or_404(visible_communities(request.user), number=number) if asked else None
    try:
        paper = blank_paper(request.fund, request.today, community)
    except NoRuleInForce as refusal:
        messages.error(request, str(refusal))
        return redirect("members:applications")
    return as_pdf(render_application(paper, paper_language(request)), "application")


@require_safe
def privacy_notice(request: HttpRequest) -> HttpResponse:
    """GET /members/privacy-notice/: what the fund does with personal data, in both languages, to print or read out."""
    return render(request, "members/privacy_notice.html")
