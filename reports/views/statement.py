"""The figures of any span of days: a page, a PDF, a sheet for each table; receipts and payments to sign."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from bansong_fund.lib.paper_answers import as_pdf, paper_language
from bansong_fund.lib.sheets import XLSX
from bansong_fund.lib.thai_dates import active_language
from ledger.book_papers import render_book
from ledger.spans import Span, SpanChooser
from reports.span_figures import span_figures, span_paper
from reports.span_reports import receipts_paper, span_money
from reports.table_papers import TablesPaper, shown_tables, tables_pdf, tables_sheet
from reports.ties import DoesNotTie

# the tables of the page, some at a time: on a phone all of them are forty screens long
PARTS = {"money": slice(0, 3), "founding": slice(3, 5), "welfare": slice(5, 8), "members": slice(8, None)}
PART_NAMES = {
    "money": _("Statements"),
    "founding": _("Since founding, and bank accounts"),
    "welfare": _("Welfare"),
    "members": _("Members"),
}


@require_safe
def statement(request: HttpRequest) -> HttpResponse:
    """GET /reports/span/?span=fiscal-2563&part=welfare: its tables; where one does not tie, the differences alone."""
    if request.fund is None:
        return redirect("reports:home")
    chooser = SpanChooser(request.GET, request.fund, request.today)
    context: dict[str, Any] = {
        "chooser": chooser,
        "files": {form: reverse("reports:statement_file", args=[form]) for form in ("pdf", "xlsx", "sign")},
    }
    try:
        paper = _paper(request, chooser.span)
    except DoesNotTie as refusal:
        return render(request, "reports/statement.html", context | {"refusal": refusal}, status=409)
    part = request.GET.get("part", "")
    part = part if part in PARTS else "money"
    context |= {
        "paper": paper,
        "tables": shown_tables(paper)[PARTS[part]],
        "parts": [(code, name, code == part) for code, name in PART_NAMES.items()],
        "kept": [("part", part)],
    }
    return render(request, "reports/statement.html", context)


def _paper(request: HttpRequest, span: Span) -> TablesPaper:
    return span_paper(span_figures(span, request.fund), made_on=request.today)


@require_safe
def statement_file(request: HttpRequest, form: str) -> HttpResponse:
    """GET /reports/span/<pdf|xlsx|sign>/: all tables printed or as sheets; receipts and payments alone to sign."""
    if form not in ("pdf", "xlsx", "sign") or request.fund is None:
        raise Http404
    span = SpanChooser(request.GET, request.fund, request.today).span
    days, fund = span.value or f"{span.first.isoformat()}-{span.reaches.isoformat()}", request.fund
    if form == "sign":
        paper = receipts_paper(span_money(span))
        return as_pdf(render_book(paper, fund, paper_language(request)), f"receipts-and-payments-{days}")
    try:
        figures = _paper(request, span)
    except DoesNotTie:
        return redirect(f"{reverse('reports:statement')}?{span.query}")
    if form == "pdf":
        return as_pdf(tables_pdf(figures, fund, paper_language(request)), f"figures-{days}")
    return as_sheet(tables_sheet(figures, fund, active_language()), f"figures-{days}.xlsx")


def as_sheet(content: bytes, name: str) -> HttpResponse:
    """An XLSX file to keep."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return HttpResponse(content, content_type=XLSX, headers=headers)
