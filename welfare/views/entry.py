"""Reporting a claim: the member in one's own list, the kind, the facts; what it comes to while typing."""

import uuid
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.forms import show_refusal
from bansong_fund.lib.thai_dates import parse_thai_date
from members.models import Member
from members.queries import current_members, search_members, visible_members
from members.regulations import NoRuleInForce
from office.attachments import keep_attachment
from office.interrupted import hold_files
from welfare import claims as verbs
from welfare.claim_form import ClaimForm
from welfare.eligibility import assess_event
from welfare.events import CLAIM_PAPERS, papers_of
from welfare.forms import MemberSearchForm
from welfare.models import Claim, ClaimState
from welfare.queries import reason_of_return, visible_claims
from welfare.regulations import version_on
from welfare.rules.document import BenefitTerms
from welfare.views.shown import claim_url, paper_name, shown_reckoning

SHOWN_MEMBERS = 30


@require_safe
def choose_member(request: HttpRequest) -> HttpResponse:
    """GET /claims/new/: whom is it about? The leader's own list, or a search."""
    form = MemberSearchForm(request.GET or None)
    text = form.cleaned_data["q"] if form.is_valid() else ""
    members = visible_members(request.user).select_related("community", "household")
    found = search_members(members, text) if text else current_members(members).order_by("sort_key", "id")
    rows = list(found[: SHOWN_MEMBERS + 1])
    context = {"form": form, "members": rows[:SHOWN_MEMBERS], "more": len(rows) > SHOWN_MEMBERS, "text": text}
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
    return render(request, "welfare/choose_benefit.html", {"member": member, "benefits": benefits})


@require_http_methods(["GET", "HEAD", "POST"])
def report_claim(request: HttpRequest, number: int, code: str) -> HttpResponse:
    """GET, POST /members/<number>/claim/<code>/: the facts of one event; looked at, kept as a draft, or sent."""
    member = get_object_or_404(visible_members(request.user).select_related("community"), number=number)
    benefit = _benefit_or_404(request, code)
    given = (request.POST, request.FILES) if request.method == "POST" else ()
    form = ClaimForm(*given, benefit=benefit, member=member, today=request.today, initial=_asked_for(request))
    context: dict[str, Any] = {"form": form, "member": member, "benefit": benefit}
    if request.method == "POST" and form.is_valid():
        if "look" in request.POST:
            context |= shown_reckoning(assess_event(member, form.event()), form.event())
        elif (claim := _enter(request, form, member)) is not None:
            return redirect(claim_url(claim))
    hold_files(request, form)
    return render(request, "welfare/claim_form.html", context)


@require_POST
def preview(request: HttpRequest, number: int, code: str) -> HttpResponse:
    """POST /members/<number>/claim/<code>/preview/: what it comes to and why, while the facts are typed."""
    member = get_object_or_404(visible_members(request.user), number=number)
    benefit = _benefit_or_404(request, code)
    form = ClaimForm(request.POST, benefit=benefit, member=member, today=request.today)
    form.full_clean()
    missing = [field.label for field in form.fact_fields() if field.name in form.errors]
    context: dict[str, Any] = {"missing": missing}
    if not missing:
        event = form.event()
        context |= shown_reckoning(assess_event(member, event), event)
    return render(request, "welfare/parts/reckoning.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def change_claim(request: HttpRequest, year_be: int, number: int) -> HttpResponse:
    """GET, POST /claims/<year>/<number>/change/: a draft, or a claim that was returned, is corrected."""
    claims = visible_claims(request.user).select_related("member__community", "child")
    claim = get_object_or_404(claims, year_be=year_be, number=number)
    if claim.state != ClaimState.DRAFT:
        messages.info(request, _("Only a draft can be changed; this claim is on its way."))
        return redirect(claim_url(claim))
    benefit = version_on(claim.event_from).benefit(claim.benefit_code) or _benefit_or_404(request, claim.benefit_code)
    given = (request.POST, request.FILES) if request.method == "POST" else ()
    form = ClaimForm(*given, benefit=benefit, member=claim.member, today=request.today, claim=claim)
    context: dict[str, Any] = {"form": form, "member": claim.member, "benefit": benefit, "claim": claim}
    context |= {"returned": reason_of_return(claim), "seen": [paper_name(code) for code in sorted(papers_of(claim))]}
    if request.method == "POST" and form.is_valid():
        if "look" in request.POST:
            context |= shown_reckoning(assess_event(claim.member, form.event()), form.event())
        elif _change(request, form, claim) is not None:
            return redirect(claim_url(claim))
    hold_files(request, form)
    return render(request, "welfare/claim_form.html", context)


def _benefit_or_404(request: HttpRequest, code: str) -> BenefitTerms:
    try:
        benefit = version_on(request.today).benefit(code)
    except NoRuleInForce as refusal:
        raise Http404(str(refusal)) from refusal
    if benefit is None:
        raise Http404
    return benefit


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
    who = {"by": request.user, "today": request.today, "now": request.now}
    request_id = form.cleaned_data["request_id"]
    try:
        with transaction.atomic():
            claim = verbs.enter_claim(member=member, event=form.event(), request_id=request_id, **who)
            return _send(request, form, claim)
    except DomainError as refusal:
        show_refusal(form, refusal)
        return None


def _change(request: HttpRequest, form: ClaimForm, claim: Claim) -> Claim | None:
    who = {"by": request.user, "today": request.today, "now": request.now}
    try:
        with transaction.atomic():
            claim = verbs.change_claim(claim=claim, event=form.event(), **who)
            return _send(request, form, claim)
    except DomainError as refusal:
        show_refusal(form, refusal)
        return None


def _send(request: HttpRequest, form: ClaimForm, claim: Claim) -> Claim:
    """Keep the papers and, unless it is to stay a draft, send the claim in."""
    who = {"by": request.user, "today": request.today, "now": request.now}
    if "draft" not in request.POST and claim.state == ClaimState.DRAFT:
        claim = verbs.submit_claim(claim=claim, **who)
    for place, (code, file) in enumerate(form.papers()):
        key = uuid.uuid5(form.cleaned_data["request_id"], f"paper {place}")
        facts = {"owner_kind": CLAIM_PAPERS, "owner_id": claim.pk, "purpose": code, "request_id": key}
        keep_attachment(file, by=request.user, now=request.now, **facts)
    if claim.state == ClaimState.DRAFT:
        messages.success(request, _("Claim %(number)s is kept as a draft.") % {"number": claim.label})
    else:
        messages.success(request, _("Claim %(number)s is submitted.") % {"number": claim.label})
    return claim
