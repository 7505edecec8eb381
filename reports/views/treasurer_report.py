"""The treasurer's monthly report: a page, a PDF to sign, a sheet."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.paper_answers import as_pdf, paper_language
from bansong_fund.lib.sheets import XLSX
from bansong_fund.lib.thai_dates import active_language
from ledger.models import Entry
from ledger.spans import Span
from reports.fingerprints import record_printing
from reports.notice_board import month_asked, months_of_board
from reports.table_papers import shown_tables, tables_pdf, tables_sheet
from reports.treasurer_report import month_report


@require_safe
def treasurer_report(request: HttpRequest) -> HttpResponse:
    """GET /month-report/?month=2020-10: every table of the month; where a figure does not tie, the difference alone."""
    if request.fund is None:
        return redirect("reports:home")
    months = months_of_board(request.fund, request.today)
    month = month_asked(request.GET.get("month", ""), months, today=request.today)
    context: dict[str, Any] = {"months": months, "month": month}
    if month is None or not Entry.objects.exists():
        context["refusal"] = _("The books are still empty: there is nothing to report on yet.")
        return render(request, "reports/treasurer_report.html", context)
    try:
        paper = month_report(month, request.fund, today=request.today).paper
    except DomainError as refusal:
        return render(request, "reports/treasurer_report.html", context | {"refusal": refusal}, status=409)
    context |= {
        "paper": paper,
        "tables": shown_tables(paper),
        "files": {form: reverse("reports:month_report_file", args=[form]) for form in ("pdf", "xlsx")},
        "query": f"month={month.first:%Y-%m}",
    }
    return render(request, "reports/treasurer_report.html", context)


@require_safe
def treasurer_report_file(request: HttpRequest, form: str) -> HttpResponse:
    """GET /month-report/<pdf|xlsx>/?month=2020-10&language=both: to sign, its fingerprint recorded; or as a sheet."""
    if form not in ("pdf", "xlsx") or request.fund is None:
        raise Http404
    months = months_of_board(request.fund, request.today)
    month: Span | None = month_asked(request.GET.get("month", ""), months, today=request.today)
    if month is None or not Entry.objects.exists():
        raise Http404
    try:
        paper = month_report(month, request.fund, today=request.today).paper
    except DomainError:
        return redirect(f"{reverse('reports:month_report')}?month={month.first:%Y-%m}")
    name = f"month-report-{month.first:%Y-%m}"
    if form == "pdf":
        pdf = tables_pdf(paper, request.fund, paper_language(request))
        record_printing(paper.seal, paper=f"{name}.pdf", by=request.user, now=request.now)
        return as_pdf(pdf, name)
    headers = {"Content-Disposition": f'attachment; filename="{name}.xlsx"'}
    return HttpResponse(tables_sheet(paper, request.fund, active_language()), content_type=XLSX, headers=headers)
