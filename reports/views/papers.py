"""The fund at a glance, and the page of reports."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.forms import show_refusal
from bansong_fund.lib.thai_dates import active_language
from office.jobs import start_job
from office.models import Job
from reports.annual_tables import annual_sheets
from reports.forms import ReportForm
from reports.funders.papers import PAPERS
from reports.glance import glance_at
from reports.jobs import ANNUAL_REPORT
from reports.ties import DoesNotTie
from reports.views.statement import as_sheet
from reports.years import NoSuchYear, report_year, report_years

REPORTS_SHOWN = 10


@require_safe
def glance(request: HttpRequest) -> HttpResponse:
    """GET /glance/?year=2562: charts, and the table behind each."""
    years = {str(year.year_be): year for year in report_years(request.today)}
    if not years:
        return render(request, "reports/glance.html")
    newest = next(iter(years.values()))
    found = glance_at(years.get(request.GET.get("year", ""), newest), active_language(), request.fund)
    return render(request, "reports/glance.html", {"years": list(years.values()), "glance": found})


@require_http_methods(["GET", "HEAD", "POST"])
def reports(request: HttpRequest) -> HttpResponse:
    """GET, POST /reports/: choose a year and a language; the worker makes the PDF."""
    years = [year.year_be for year in report_years(request.today)]
    form = ReportForm(request.POST or None, years=years)
    if request.method == "POST" and form.is_valid():
        job = _start(request, form)
        if job is not None:
            return redirect("office:job", job_id=job.pk)
    made = Job.objects.filter(requested_by=request.user, kind=ANNUAL_REPORT).order_by("-requested_at")
    shown = {"form": form, "years": years, "papers": list(PAPERS.values()), "made": made[:REPORTS_SHOWN]}
    return render(request, "reports/reports.html", shown)


def _start(request: HttpRequest, form: ReportForm) -> Job | None:
    asked = form.cleaned_data
    try:
        year = report_year(asked["year"], today=request.today)
    except DomainError as refusal:
        show_refusal(form, refusal)
        return None
    return start_job(
        ANNUAL_REPORT,
        {"year": year.year_be, "report_language": asked["language"]},
        by=request.user,
        now=request.now,
        request_id=asked["request_id"],
    )


@require_safe
def annual_sheet(request: HttpRequest, year_be: int) -> HttpResponse:
    """GET /reports/2562/annual-report.xlsx: every table of the report, a sheet for each."""
    if request.fund is None:
        raise Http404
    try:
        sheets = annual_sheets(year_be, active_language(), today=request.today)
    except NoSuchYear as refusal:
        raise Http404 from refusal
    except DoesNotTie as refusal:
        messages.error(request, str(refusal))
        return redirect("reports:reports")
    return as_sheet(sheets.content, sheets.name)
