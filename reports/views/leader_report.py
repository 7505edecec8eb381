"""The leader's report of her community: a page for the phone, a PDF, a sheet."""

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from bansong_fund.lib.paper_answers import as_pdf, paper_language
from bansong_fund.lib.sheets import XLSX
from bansong_fund.lib.thai_dates import active_language
from ledger.spans import SpanChooser
from members.models import Community
from members.queries import visible_communities
from reports.leader_report import leader_report, named_spans
from reports.table_papers import shown_tables, tables_pdf, tables_sheet


def _asked(request: HttpRequest) -> tuple[Community, list[Community], SpanChooser]:
    """The community asked for, those that the user may see, the span. What she may not see is not there."""
    seen = list(visible_communities(request.user).order_by("number"))
    number = request.GET.get("community", "")
    found = next((one for one in seen if str(one.number) == number), None)
    if not number and seen:
        found = seen[0]
    if found is None:
        raise Http404
    default = named_spans(request.fund, request.today)[0][1]
    return found, seen, SpanChooser(request.GET, request.fund, request.today, default=default)


@require_safe
def community_report(request: HttpRequest) -> HttpResponse:
    """GET /community-report/?community=4&span=month-2020-10: members, dues, sheets, claims, next steps."""
    if request.fund is None:
        return redirect("reports:home")
    found, seen, chooser = _asked(request)
    paper, steps = leader_report(found, chooser.span, today=request.today)
    context: dict[str, Any] = {
        "community": found,
        "communities": seen,
        "chooser": chooser,
        "paper": paper,
        "kept": [("community", found.number)],
        "quick": [(words, f"{span.query}&community={found.number}") for words, span in _quick(request)],
        "steps": steps,
        "tables": shown_tables(paper)[:-1],  # the next steps stand over them, with their links
        "files": {form: reverse("reports:community_report_file", args=[form]) for form in ("pdf", "xlsx")},
        "query": f"{chooser.span.query}&{urlencode({'community': found.number})}",
    }
    return render(request, "reports/community_report.html", context)


def _quick(request: HttpRequest) -> list[Any]:
    return named_spans(request.fund, request.today)


@require_safe
def community_report_file(request: HttpRequest, form: str) -> HttpResponse:
    """GET /community-report/<pdf|xlsx>/?community=4&span=month-2020-10&language=both"""
    if form not in ("pdf", "xlsx") or request.fund is None:
        raise Http404
    found, _seen, chooser = _asked(request)
    paper, _steps = leader_report(found, chooser.span, today=request.today)
    name = f"community-{found.number}-{chooser.span.value or chooser.span.first.isoformat()}"
    if form == "pdf":
        return as_pdf(tables_pdf(paper, request.fund, paper_language(request)), name)
    headers = {"Content-Disposition": f'attachment; filename="{name}.xlsx"'}
    return HttpResponse(tables_sheet(paper, request.fund, active_language()), content_type=XLSX, headers=headers)
