"""A member's passbook page as a paper."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from members.queries import visible_members
from members.views.papers import LANGUAGES, pdf_answer
from office.reading import log_reading
from welfare.passbook import passbook_of, passbook_pdf


@require_safe
def passbook(request: HttpRequest, number: int, language: str) -> HttpResponse:
    """GET /members/<number>/passbook/<th|en|both>.pdf: dues by year, benefits drawn, what is left of each."""
    if language not in LANGUAGES:
        raise Http404
    members = visible_members(request.user).select_related("community", "household")
    member = get_object_or_404(members, number=number)
    log_reading(request.user, kind="member", id=member.pk, name=member.full_name, what="passbook")
    page = passbook_of(member, today=request.today, fund=request.fund)
    return pdf_answer(passbook_pdf(page, request.fund, language), f"passbook-{number}-{language}.pdf")
