"""The four legs, receipts and payments, of any span."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from bansong_fund.lib.paper_answers import as_pdf, paper_language
from bansong_fund.lib.sheets import XLSX
from bansong_fund.lib.thai_dates import active_language
from ledger.book_papers import BookPaper, book_sheet, render_book
from ledger.spans import SpanChooser
from reports.span_reports import four_legs_paper, receipts_paper, span_money


@require_safe
def statement(request: HttpRequest) -> HttpResponse:
    """GET /statement/?span=fiscal-2563: the four legs, receipts and payments beside the year before."""
    if request.fund is None:
        return redirect("reports:home")
    chooser = SpanChooser(request.GET, request.fund, request.today)
    money = span_money(chooser.span)
    context = {
        "chooser": chooser,
        "tables": [_shown(four_legs_paper(money)), _shown(receipts_paper(money))],
        "files": {form: reverse("reports:statement_file", args=[form]) for form in ("pdf", "xlsx")},
    }
    return render(request, "reports/statement.html", context)


def _shown(paper: BookPaper) -> dict[str, Any]:
    language = active_language()
    return {
        "title": paper.title.in_language(language),
        "head": [column.heading.in_language(language) for column in paper.columns],
        "rows": [(row.cells[0].in_language(language), row.cells[1:], row.is_strong) for row in paper.rows],
    }


@require_safe
def statement_file(request: HttpRequest, form: str) -> HttpResponse:
    """GET /statement/<pdf|xlsx>/: receipts and payments to sign, or as a sheet."""
    if form not in ("pdf", "xlsx") or request.fund is None:
        raise Http404
    span = SpanChooser(request.GET, request.fund, request.today).span
    paper = receipts_paper(span_money(span))
    name = f"receipts-and-payments-{span.value or span.first.isoformat()}"
    if form == "pdf":
        return as_pdf(render_book(paper, request.fund, paper_language(request)), name)
    headers = {"Content-Disposition": f'attachment; filename="{name}.xlsx"'}
    return HttpResponse(book_sheet(paper, request.fund, active_language()), content_type=XLSX, headers=headers)
