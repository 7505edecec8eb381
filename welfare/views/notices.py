"""The notice to a member of what became of her claim: to copy, share or print."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from bansong_fund.lib.paper_answers import as_pdf, paper_language
from bansong_fund.lib.thai_dates import active_language
from office.reading import log_reading
from welfare.models import Claim
from welfare.notices_to_members import NothingToTell, Notice, notice_to_member, render_notice
from welfare.queries import visible_claims
from welfare.views.shown import claim_url


def _claim(request: HttpRequest, year_be: int, number: int) -> Claim:
    found = visible_claims(request.user).select_related("member", "voucher", "regulation")
    return get_object_or_404(found, year_be=year_be, number=number)


def _told(request: HttpRequest, claim: Claim) -> Notice | None:
    """What the member is told, its reading logged; None, and said so, where there is nothing to tell yet."""
    try:
        told = notice_to_member(claim, request.fund)
    except NothingToTell as refusal:
        messages.warning(request, str(refusal))
        return None
    log_reading(request.user, kind="claim", id=claim.pk, name=claim.member.full_name, what="notice of claim")
    return told


@require_safe
def notice(request: HttpRequest, year_be: int, number: int) -> HttpResponse:
    """GET /claims/<year>/<number>/notice/: what the member is told, to copy or share."""
    claim = _claim(request, year_be, number)
    told = _told(request, claim)
    if told is None:
        return redirect(claim_url(claim))
    language = active_language()
    context = {"claim": claim, "heading": told.heading.in_language(language), "text": told.text(language)}
    return render(request, "welfare/notice.html", context)


@require_safe
def notice_pdf(request: HttpRequest, year_be: int, number: int) -> HttpResponse:
    """GET /claims/<year>/<number>/notice.pdf: the same on half a sheet of paper."""
    claim = _claim(request, year_be, number)
    told = _told(request, claim)
    if told is None:
        return redirect(claim_url(claim))
    return as_pdf(render_notice(told, paper_language(request)), f"notice-{claim.year_be}-{claim.number:06d}")
