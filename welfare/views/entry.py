"""Reporting a claim: the member in one's own list, the kind, the facts; what it comes to while typing."""

import uuid
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.forms import show_refusal
from bansong_fund.lib.thai_dates import active_language, parse_thai_date
from members.models import Member
from members.queries import current_members, search_members, visible_members
from members.regulations import NoRuleInForce
from office.attachments import keep_attachment
from office.interrupted import hold_files
from office.roles import WHOLE_FUND_ROLES
from welfare import claims as verbs
from welfare.care_queries import of_member, visible_visits
from welfare.claim_form import ClaimForm
from welfare.claim_groups import companions_of, enter_claims, reckon_together
from welfare.claim_people import keep_consent
from welfare.events import CLAIM_PAPERS, Event, papers_of
from welfare.forms import MemberSearchForm
from welfare.models import CarePerson, CareVisit, Category, Claim, ClaimState
from welfare.queries import reason_of_return, visible_claims
from welfare.regulations import Version, version_on
from welfare.rules.document import BenefitTerms
from welfare.views.claim_drafts import draft_owner, draft_settings
from welfare.views.shown import claim_url, paper_name, shown_reckoning

SHOWN_MEMBERS, SHOWN_OF_HER_OWN = 30, 300  # of the whole fund one searches; a leader looks through her own list


@require_safe
def choose_member(request: HttpRequest) -> HttpResponse:
    """GET /claims/new/: whom is it about? The leader's own list, or a search."""
    form = MemberSearchForm(request.GET or None)
    text = form.cleaned_data["q"] if form.is_valid() else ""
    members = visible_members(request.user).select_related("community", "household")
    found = search_members(members, text) if text else current_members(members).order_by("sort_key", "id")
    most = SHOWN_MEMBERS if request.user.has_role(*WHOLE_FUND_ROLES) else SHOWN_OF_HER_OWN
    rows = list(found[: most + 1])
    context = {"form": form, "members": rows[:most], "more": len(rows) > most, "text": text}
    context["draft"] = draft_settings(request)
    return render(request, "welfare/choose_member.html", context)


@require_safe
def choose_benefit(request: HttpRequest, number: int) -> HttpResponse:
    """GET /members/<number>/claim/: which kind of welfare?"""
    member = get_object_or_404(visible_members(request.user).select_related("community"), number=number)
    try:
        benefits = version_on(request.today).document.benefits
    except NoRuleInForce as refusal:
        messages.error(request, str(refusal))
        benefits = ()
    context = {"member": member, "benefits": benefits, "visit": _visit_asked(request)}
    return render(request, "welfare/choose_benefit.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def report_claim(request: HttpRequest, number: int, code: str) -> HttpResponse:
    """GET, POST /members/<number>/claim/<code>/: the facts of one event; looked at, kept as drafts, or sent.

    A phone that sends what it kept (claim-draft.js) names the user, and is answered with the claim's address.
    """
    member = get_object_or_404(visible_members(request.user).select_related("community"), number=number)
    version, benefit = _benefit_or_404(request, code)
    if benefit.category == Category.DEATH and benefit.subject == "member" and member.died_on is None:
        messages.info(request, _("The register says that this member lives. Report the death here; the claim follows."))
        return redirect("welfare:death", number)
    form = _form_of(request, member, version, benefit)
    context: dict[str, Any] = {"form": form, "member": member, "benefit": benefit}
    context |= {"draft": draft_settings(request), "visit": _visit_asked(request)}
    if "who" in request.POST and request.POST["who"] != draft_owner(request):
        return JsonResponse({}, status=409)
    if request.method == "POST" and form.is_valid():
        if "look" in request.POST:
            context |= _reckonings(member, form.events())
        elif (claim := _enter(request, form, member)) is not None:
            return JsonResponse({"claim": claim_url(claim)}) if "who" in request.POST else redirect(claim_url(claim))
    if not form.too_many_files:
        hold_files(request, form)
    return render(request, "welfare/claim_form.html", context)


def _form_of(request: HttpRequest, member: Member, version: Version, benefit: BenefitTerms) -> ClaimForm:
    given = (request.POST, request.FILES) if request.method == "POST" else ()
    companions = companions_of(benefit, version)
    facts = {"benefit": benefit, "member": member, "today": request.today, "companions": companions}
    return ClaimForm(*given, **facts, initial=_asked_for(request))


@require_POST
def preview(request: HttpRequest, number: int, code: str) -> HttpResponse:
    """POST /members/<number>/claim/<code>/preview/: what it comes to and why, while the facts are typed."""
    member = get_object_or_404(visible_members(request.user), number=number)
    version, benefit = _benefit_or_404(request, code)
    form = _form_of(request, member, version, benefit)
    form.full_clean()
    missing = [field.label for field in form.fact_fields() if field.name in form.errors]
    context: dict[str, Any] = {"missing": missing} if missing else _reckonings(member, form.events())
    return render(request, "welfare/parts/reckonings.html", context)


def _reckonings(member: Member, events: list[Event]) -> dict[str, Any]:
    """What the claims of a form come to, each with its benefit's name where there are several."""
    found = reckon_together(member, events)
    language = active_language()
    shown = []
    for event, assessment in zip(events, found, strict=True):
        benefit = version_on(event.event_from).benefit(event.benefit_code) if len(events) > 1 else None
        name = benefit.name.in_language(language) if benefit else ""
        told = " · ".join(filter(None, (name, event.child_name)))
        shown.append(shown_reckoning(assessment, event) | {"name": told if len(events) > 1 else ""})
    total = sum((one.amount for one in found if one.outcome != "refused"), Decimal(0))
    return {"reckonings": shown, "total": total if len(events) > 1 else None}


@require_http_methods(["GET", "HEAD", "POST"])
def change_claim(request: HttpRequest, year_be: int, number: int) -> HttpResponse:
    """GET, POST /claims/<year>/<number>/change/: a draft, or a claim that was returned, is corrected."""
    claims = visible_claims(request.user).select_related("member__community", "child")
    claim = get_object_or_404(claims, year_be=year_be, number=number)
    if claim.state != ClaimState.DRAFT:
        messages.info(request, _("Only a draft can be changed; this claim is on its way."))
        return redirect(claim_url(claim))
    benefit = version_on(claim.event_from).benefit(claim.benefit_code)
    if benefit is None:
        _version, benefit = _benefit_or_404(request, claim.benefit_code)
    given = (request.POST, request.FILES) if request.method == "POST" else ()
    form = ClaimForm(*given, benefit=benefit, member=claim.member, today=request.today, claim=claim)
    context: dict[str, Any] = {"form": form, "member": claim.member, "benefit": benefit, "claim": claim}
    context |= {"returned": reason_of_return(claim), "seen": [paper_name(code) for code in sorted(papers_of(claim))]}
    if request.method == "POST" and form.is_valid():
        if "look" in request.POST:
            context |= _reckonings(claim.member, form.events())
        elif _change(request, form, claim) is not None:
            return redirect(claim_url(claim))
    hold_files(request, form)
    return render(request, "welfare/claim_form.html", context)


def _benefit_or_404(request: HttpRequest, code: str) -> tuple[Version, BenefitTerms]:
    try:
        version = version_on(request.today)
    except NoRuleInForce as refusal:
        raise Http404(str(refusal)) from refusal
    benefit = version.benefit(code)
    if benefit is None:
        raise Http404
    return version, benefit


def _asked_for(request: HttpRequest) -> dict[str, Any]:
    """Days that a link hands on, from one claim of an event to another."""
    given = {}
    for name in ("event_from", "event_until", "received_on"):
        try:
            given[name] = parse_thai_date(request.GET.get(name, ""))
        except DomainError:
            continue
    return given


def _enter(request: HttpRequest, form: ClaimForm, member: Member) -> Claim | None:
    """Enter every claim of the form, or none; gives the first."""
    facts = {"member": member, "events": form.events(), "request_id": form.cleaned_data["request_id"]}
    facts |= {"send": "draft" not in request.POST, "care_visit": _visit_of(request, member)}
    try:
        with transaction.atomic():
            claims = enter_claims(**facts, by=request.user, today=request.today, now=request.now)
            _keep_papers(request, form, claims)
    except DomainError as refusal:
        show_refusal(form, refusal)
        return None
    _tell(request, claims)
    return claims[0]


def _change(request: HttpRequest, form: ClaimForm, claim: Claim) -> Claim | None:
    who = {"by": request.user, "today": request.today, "now": request.now}
    try:
        with transaction.atomic():
            claim = verbs.change_claim(claim=claim, event=form.event(), **who)
            if "draft" not in request.POST:
                claim = verbs.submit_claim(claim=claim, **who)
            _keep_papers(request, form, [claim])
    except DomainError as refusal:
        show_refusal(form, refusal)
        return None
    _tell(request, [claim])
    return claim


def _visit_asked(request: HttpRequest) -> str:
    """The key of the visit, out of the link or the form; "" where there is none."""
    key = (request.POST or request.GET).get("visit", "")
    return key if key.isascii() and key.isdecimal() and len(key) < 12 else ""


def _visit_of(request: HttpRequest, member: Member) -> CareVisit | None:
    """The visit that the form was opened from, if it was one to this member."""
    key = _visit_asked(request)
    of_her = CarePerson.objects.filter(of_member(member))
    return visible_visits(request.user).filter(pk=key, person__in=of_her).first() if key else None


def _keep_papers(request: HttpRequest, form: ClaimForm, claims: list[Claim]) -> None:
    """The files of each claim, and the consent that was given for those on health."""
    for at, claim in enumerate(claims):
        for place, (code, file) in enumerate(form.papers(at)):
            key = uuid.uuid5(form.cleaned_data["request_id"], f"paper {place}" if at == 0 else f"paper {at} {place}")
            facts = {"owner_kind": CLAIM_PAPERS, "owner_id": claim.pk, "purpose": code, "request_id": key}
            keep_attachment(file, by=request.user, now=request.now, **facts)
    if form.consents:
        who = {"by": request.user, "today": request.today, "now": request.now}
        keep_consent(claims[0], given_on=claims[0].received_on, **who)


def _tell(request: HttpRequest, claims: list[Claim]) -> None:
    numbers = {"number": ", ".join(claim.label for claim in claims)}
    if claims[0].state == ClaimState.DRAFT:
        messages.success(request, _("Claim %(number)s is kept as a draft.") % numbers)
    else:
        messages.success(request, _("Claim %(number)s is submitted.") % numbers)
