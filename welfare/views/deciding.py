"""Beside the decisions: certificates, urgent grants, what is weighed, papers of a meeting, the settings."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.forms import show_refusal
from bansong_fund.lib.paper_answers import as_pdf
from bansong_fund.lib.thai_dates import active_language
from members.models import Controls, Meeting, Resolution
from members.regulations import NoRuleInForce
from office.reading import log_reading
from office.roles import WHOLE_FUND_ROLES, Role
from welfare.appeals import appeals_of
from welfare.certifying import certify_claim, first_approvals
from welfare.controls import certifiers_of
from welfare.forms_deciding import RatifyForm, WelfareSettingsForm, WhyForm
from welfare.meeting_cases import history_of, left_beside
from welfare.meeting_papers import agenda_pdf, minutes_pdf
from welfare.models import Category, Claim, ClaimState, UrgentGrant
from welfare.queries import visible_claims, welfare_settings
from welfare.settings import change_settings
from welfare.transitions import TRANSITIONS, Action
from welfare.urgent import agree_urgently, grants_to_ratify, may_agree, ratify_grants
from welfare.views.shown import claim_url, name_benefits

LANGUAGES = ("th", "en", "both")
RESOLUTIONS_TO_CHOOSE = 20


def _claim(request: HttpRequest, year_be: int, number: int) -> Claim:
    claims = visible_claims(request.user).select_related("member__merged_into", "community", "regulation")
    return get_object_or_404(claims, year_be=year_be, number=number)


@require_POST
def certify(request: HttpRequest, year_be: int, number: int) -> HttpResponse:
    """POST /claims/<year>/<number>/certify/: true, should be paid."""
    claim = _claim(request, year_be, number)
    try:
        certify_claim(claim=claim, by=request.user, today=request.today, now=request.now)
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("You certified claim %(number)s.") % {"number": claim.label})
    return redirect(claim_url(claim))


@require_POST
def agree(request: HttpRequest, year_be: int, number: int) -> HttpResponse:
    """POST /claims/<year>/<number>/urgent/: chair or treasurer agrees to a death grant ahead of the meeting."""
    claim = _claim(request, year_be, number)
    form = WhyForm(request.POST)
    asked = form.cleaned_data if form.is_valid() else {"reason": "", "request_id": uuid.uuid4()}
    try:
        grant = agree_urgently(claim=claim, **asked, by=request.user, today=request.today, now=request.now)
    except DomainError as refusal:
        messages.error(request, str(refusal))
        return redirect(claim_url(claim))
    if grant.chair_id and grant.treasurer_id:
        messages.success(
            request, _("Chair and treasurer agreed: claim %(number)s can be paid.") % {"number": claim.label}
        )
    else:
        messages.success(request, _("You agreed. It can be paid when the other of chair and treasurer agrees too."))
    return redirect(claim_url(claim))


@require_safe
def beside(request: HttpRequest, year_be: int, number: int) -> HttpResponse:
    """GET /claims/<year>/<number>/beside/: the member's other claims and what is left to her, in a decision's fold."""
    claim = _claim(request, year_be, number)
    log_reading(request.user, kind="claim", id=claim.pk, name=claim.member.full_name, what="claim page")
    try:
        left = [one.sentence(active_language()) for one in left_beside(claim)]
    except NoRuleInForce as refusal:
        left = [str(refusal)]
    context = {"claim": claim, "history": name_benefits(history_of(claim)), "left": left}
    return render(request, "welfare/parts/beside.html", context)


@require_POST
def ratify(request: HttpRequest, kind: str, year_be: int, number: int) -> HttpResponse:
    """POST /meetings/<kind>/<year>/<number>/ratify/: what the meeting says of urgent grants."""
    meeting = get_object_or_404(Meeting, kind=kind, year_be=year_be, number=number)
    form = RatifyForm(request.POST, grants=list(grants_to_ratify()))
    if not form.is_valid() or not (form.verdicts() or _ratified_before(form)):
        messages.error(request, _("Nothing was resolved: say of each urgent grant whether it is ratified."))
        return redirect("welfare:meeting", kind, year_be, number)
    who = {"by": request.user, "today": request.today, "now": request.now}
    try:
        ratify_grants(meeting=meeting, verdicts=form.verdicts(), request_id=form.cleaned_data["request_id"], **who)
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The resolution on urgent grants is written."))
    return redirect("welfare:meeting", kind, year_be, number)


def _ratified_before(form: RatifyForm) -> bool:
    """A second click: its grants wait no more, so that its form would seem empty."""
    return Resolution.objects.filter(request_id=form.cleaned_data["request_id"]).exists()


@never_cache
@require_safe
def agenda(request: HttpRequest, kind: str, year_be: int, number: int, language: str) -> HttpResponse:
    """GET /meetings/<kind>/<year>/<number>/agenda/<th|en|both>.pdf?page=2: to project or print, a hundred claims."""
    meeting = _of_paper(request, kind, year_be, number, language)
    page = request.GET.get("page")
    pdf = agenda_pdf(meeting, request.fund, by=request.user, language=language, page=page)
    return as_pdf(pdf, f"agenda-{year_be}-{number}")


@never_cache
@require_safe
def minutes(request: HttpRequest, kind: str, year_be: int, number: int, language: str) -> HttpResponse:
    """GET /meetings/<kind>/<year>/<number>/minutes/<th|en|both>.pdf: the annex to the minutes."""
    meeting = _of_paper(request, kind, year_be, number, language)
    return as_pdf(minutes_pdf(meeting, request.fund, language=language), f"minutes-{year_be}-{number}")


def _of_paper(request: HttpRequest, kind: str, year_be: int, number: int, language: str) -> Meeting:
    if language not in LANGUAGES:
        raise Http404
    meetings = Meeting.objects.select_related("recorded_by")
    meeting = get_object_or_404(meetings, kind=kind, year_be=year_be, number=number)
    log_reading(request.user, kind="meeting", id=meeting.pk, name=meeting.label, what="meeting paper")
    return meeting


@require_http_methods(["GET", "HEAD", "POST"])
def settings_page(request: HttpRequest) -> HttpResponse:
    """GET, POST /welfare-settings/: the few settings of deciding and paying, changed under a resolution."""
    settings = welfare_settings()
    latest = Resolution.objects.select_related("meeting").order_by("-meeting__held_on", "-pk")
    resolutions = list(latest.filter(meeting__held_on__lte=request.today)[:RESOLUTIONS_TO_CHOOSE])
    form = WelfareSettingsForm(request.POST or None, settings=settings, resolutions=resolutions)
    changes = request.user.has_role(Role.COMMITTEE)
    if request.method == "POST" and form.is_valid():
        try:
            change_settings(wanted=form.wanted(), resolution=form.cleaned_data["resolution"], by=request.user)
        except DomainError as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, _("The settings are kept."))
            return redirect("welfare:settings")
    context = {"form": form, "settings": settings, "may_change": changes, "has_resolutions": bool(resolutions)}
    return render(request, "welfare/settings.html", context)


def decision_shown(request: HttpRequest, claim: Claim) -> dict[str, Any]:
    """What a claim's page shows beside its decision: certificates, urgent grant, appeals, and these buttons."""
    user, is_death = request.user, claim.category == Category.DEATH
    certified = claim.state == ClaimState.SUBMITTED and claim.benefit_list_id is None
    is_strict, verified = request.fund.controls == Controls.STRICT, claim.state == ClaimState.VERIFIED
    certified = certified and is_strict
    certifiers = certifiers_of(claim) if certified else []
    keeps_certificates = user.has_role(*TRANSITIONS[ClaimState.SUBMITTED, Action.CERTIFY].roles)
    mine = user.pk in (claim.entered_by_id, *(one.pk for one in certifiers))
    return {
        "asks_certificates": certified,
        "certifiers": certifiers,
        "may_certify": certified and keeps_certificates and not mine,
        "grant": UrgentGrant.objects.filter(claim=claim).select_related("chair", "treasurer").first()
        if is_death
        else None,
        "may_agree": is_death and verified and may_agree(claim, user, welfare_settings()),
        "why_form": WhyForm(),
        "appeals": appeals_of(claim),
        "first_approval": first_approvals([claim]).get(claim.pk) if is_strict and verified else None,
        "is_weighed": verified and user.has_role(*WHOLE_FUND_ROLES),
    }
