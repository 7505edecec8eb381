"""The papers of the annual general meeting: choose the language and the attendance sheet; the worker makes one PDF."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from bansong_fund.lib.thai_dates import active_language
from ledger.book_papers import book_sheet
from ledger.views.acting import carry_out, forms_shown
from members.year_texts import year_words
from office.jobs import start_job
from office.models import Job
from office.reading import log_reading
from reports.assembly import NAMES, agenda_items, meeting_on
from reports.assembly_jobs import ASSEMBLY_PACK
from reports.forms_year_texts import AssemblyForm
from reports.views.statement import as_sheet
from reports.views.year_texts import of_a_year
from reports.year_tables import attendance_table
from reports.years import report_year, report_years


@forms_shown
@of_a_year
def assembly(request: HttpRequest, year_be: int) -> HttpResponse:
    """GET, POST /reports/<year>/assembly/"""
    form = AssemblyForm(request.POST or None)
    if job := carry_out(request, form, lambda typed: _start(request, year_be, typed)):
        return redirect("office:job", job.pk)
    context = {
        "form": form,
        "year_be": year_be,
        "years": [one.year_be for one in report_years(request.today)],
        "meeting": meeting_on(report_year(year_be, today=request.today)),
        "items": agenda_items(year_words(year_be)["agenda"], year_be),
    }
    return render(request, "reports/assembly.html", context)


@require_safe
@of_a_year
def attendance_sheet(request: HttpRequest, year_be: int) -> HttpResponse:
    """GET /reports/<year>/assembly/attendance.xlsx: every member, to sort and to print in one's own way."""
    _log(request)
    table = attendance_table(meeting_on(report_year(year_be, today=request.today)))
    return as_sheet(book_sheet(table, request.fund, active_language()), f"attendance-{year_be}.xlsx")


def _log(request: HttpRequest) -> None:
    fund = request.fund
    log_reading(request.user, kind="fund", id=fund.pk, name=fund.name_th, what="attendance sheet")


def _start(request: HttpRequest, year_be: int, typed: dict[str, Any]) -> Job:
    asked = {"year": year_be, "paper_language": typed["language"]}
    asked |= {"attendance": typed["attendance"], "lines": typed["lines"] or 0}
    if typed["attendance"] == NAMES:
        _log(request)
    return start_job(ASSEMBLY_PACK, asked, by=request.user, now=request.now, request_id=typed["request_id"])
