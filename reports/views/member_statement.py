"""A member's statement on screen, as a PDF and as a sheet; and those of many members from the worker."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.forms import show_refusal
from bansong_fund.lib.languages import local_name
from bansong_fund.lib.paper_answers import as_pdf, paper_language
from bansong_fund.lib.sheets import XLSX
from ledger.spans import SpanChooser
from members.models import Member
from members.queries import visible_communities, visible_members
from office.jobs import start_job
from office.models import Job
from office.reading import log_reading
from reports.batches import MEMBER_STATEMENTS, kept_span, members_told
from reports.forms_statements import StatementsForm
from reports.member_statement import MemberStatement, statement_book, statement_of, statement_pdf


@require_safe
def member_statement(request: HttpRequest, number: int) -> HttpResponse:
    """GET /member-statements/<number>/?span=fund-2563: what she paid and received, and where to print it."""
    member = _member(request, number)
    if member.number != number:
        return _to_survivor(request, "reports:member_statement", member.number)
    chooser = SpanChooser(request.GET, request.fund, request.today)
    statement = _statement(request, member, chooser)
    return render(request, "reports/member_statement.html", {"statement": statement, "chooser": chooser})


@require_safe
def member_statement_file(request: HttpRequest, number: int, form: str) -> HttpResponse:
    """GET /member-statements/<number>/<pdf|xlsx>/?span=…&language=th|en|both"""
    if form not in ("pdf", "xlsx"):
        raise Http404
    member = _member(request, number)
    if member.number != number:
        return _to_survivor(request, "reports:member_statement_file", member.number, form)
    statement = _statement(request, member, SpanChooser(request.GET, request.fund, request.today))
    name = f"member-statement-{number}"
    if form == "pdf":
        language = paper_language(request)
        return as_pdf(statement_pdf(statement, request.fund, language, today=request.today), f"{name}-{language}")
    headers = {"Content-Disposition": f'attachment; filename="{name}.xlsx"'}
    return HttpResponse(statement_book(statement, request.fund), content_type=XLSX, headers=headers)


def _member(request: HttpRequest, number: int) -> Member:
    """The member of this number, or whom a double of it was merged into; 404 where the user may not see her."""
    members = visible_members(request.user).select_related("community")
    return members.filter(number=number).first() or get_object_or_404(members, doubles__number=number)


def _to_survivor(request: HttpRequest, route: str, *args: object) -> HttpResponse:
    """The same statement under the number that stands."""
    query = request.GET.urlencode()
    return redirect(reverse(route, args=args) + (f"?{query}" if query else ""))


def _statement(request: HttpRequest, member: Member, chooser: SpanChooser) -> MemberStatement:
    log_reading(request.user, kind="member", id=member.pk, name=member.full_name, what="member statement")
    return statement_of(member, chooser.span, today=request.today, fund=request.fund)


@require_http_methods(["GET", "HEAD", "POST"])
def member_statements(request: HttpRequest) -> HttpResponse:
    """GET, POST /member-statements/?span=fund-2563&community=7: those of a community, or of all."""
    chooser = SpanChooser(request.GET, request.fund, request.today)
    communities = visible_communities(request.user).order_by("number")
    asked = {"community": request.GET.get("community"), "language": "th"}
    form = StatementsForm(request.POST or None, communities=communities, initial=asked)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect("office:job", job_id=_ordered(request, form, chooser).pk)
        except DomainError as refusal:
            show_refusal(form, refusal)
    return render(request, "reports/member_statements.html", {"form": form, "chooser": chooser})


def _ordered(request: HttpRequest, form: StatementsForm, chooser: SpanChooser) -> Job:
    community = form.cleaned_data["community"]
    members_told(request.user, community)
    name = local_name(community) if community else _("All communities")
    key = community.pk if community else 0
    log_reading(request.user, kind="community", id=key, name=name, what="member statement")
    return start_job(
        MEMBER_STATEMENTS,
        {
            **kept_span(chooser.span),
            "community": community.number if community else None,
            "paper_language": form.cleaned_data["language"],
        },
        by=request.user,
        now=request.now,
        request_id=form.cleaned_data["request_id"],
    )
