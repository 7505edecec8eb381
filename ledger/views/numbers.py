"""The register of all receipt numbers, and what was made void since a meeting."""

from datetime import date

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bansong_fund.lib.forms import RequestForm
from bansong_fund.lib.paper_answers import as_pdf
from bansong_fund.lib.thai_dates import be_year
from ledger.number_papers import (
    AT_ONCE,
    CONTENT_TYPES,
    MOST_ROWS,
    NUMBERS,
    PDF,
    file_name,
    in_sum,
    numbers_file,
    void_list_pdf,
)
from ledger.receipt_numbers import (
    ALL,
    VOID,
    number_page,
    number_rows,
    numbers_of_year,
    paper_books,
    years_with_receipts,
)
from ledger.views.acting import forms_shown
from ledger.views.requests import FundRequest
from ledger.void_list import last_meetings, voids_since
from ledger.waiting_voids import waiting_voids
from office.jobs import start_job
from office.reading import log_reading


@require_safe
def numbers(request: FundRequest) -> HttpResponse:
    """GET /books/receipts/numbers/?year=2563&which=void: every number of a year in its order."""
    years = years_with_receipts()
    year_be, which = _asked(request, years)
    after = request.GET.get("after", "")
    page = number_page(year_be, which, int(after) if after.isdecimal() and len(after) < 10 else 0)
    summary = numbers_of_year(year_be)
    context = {
        "years": years or [year_be],
        "year": year_be,
        "which": which,
        "page": page,
        "is_first": not after,
        "summary": summary,
        "said": in_sum(summary),
        "books": paper_books(year_be),
    }
    return render(request, "ledger/receipt_numbers.html", context)


@forms_shown
def numbers_as_file(request: FundRequest, form: str) -> HttpResponse:
    """GET, POST /books/receipts/numbers/<pdf|xlsx>/: a short register at once, a long one by the worker."""
    if form not in AT_ONCE:
        raise Http404
    year_be, which = _asked(request, years_with_receipts())
    rows = number_rows(year_be, which).order_by().count()
    if rows > AT_ONCE[form]:
        return _by_the_worker(request, year_be, which, form, rows)
    if request.method == "POST":
        return redirect(request.get_full_path())
    name = file_name(year_be, which, form)
    log_reading(request.user, kind="books", id=0, name=name, what="export")
    content = numbers_file(year_be, which, form, request.fund)
    if form == PDF:
        return as_pdf(content, name.removesuffix(".pdf"))
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=CONTENT_TYPES[form], headers=headers)


def _by_the_worker(request: FundRequest, year_be: int, which: str, form: str, rows: int) -> HttpResponse:
    started, refusal = RequestForm(request.POST or None), ""
    if rows > MOST_ROWS[form]:
        message = _("%(count)s rows are too many for one file. Take the sheet, or the void receipts only.")
        refusal = message % {"count": f"{rows:,}"}
    if request.method == "POST" and not refusal and started.is_valid():
        name = file_name(year_be, which, form)
        log_reading(request.user, kind="books", id=0, name=name, what="export")
        job = start_job(
            NUMBERS,
            {"year_be": year_be, "which": which, "form": form},
            by=request.user,
            now=request.now,
            request_id=started.cleaned_data["request_id"],
        )
        return redirect("office:job", job_id=job.pk)
    back = f"{reverse('ledger:numbers')}?year={year_be}"
    context = {"form": started, "rows": f"{rows:,}", "refusal": refusal, "back": back}
    return render(request, "ledger/long_paper.html", context)


def _asked(request: FundRequest, years: list[int]) -> tuple[int, str]:
    """The year and whether the void ones only; whatever else stands there is the newest year, whole."""
    asked = request.GET.get("year", "")
    known = {str(year): year for year in years}
    year_be = known.get(asked) or (years[0] if years else be_year(request.today))
    return year_be, VOID if request.GET.get("which") == VOID else ALL


@require_safe
def voids(request: FundRequest) -> HttpResponse:
    """GET /books/voids/?since=2020-10-05: the papers made void since a meeting, the last one unless told otherwise.

    What waits for a second person stands above them.
    """
    meetings = last_meetings(request.today)
    since = _since(request, [meeting.held_on for meeting in meetings])
    context = {"meetings": meetings, "since": since, "voids": voids_since(since), "waiting": waiting_voids()}
    return render(request, "ledger/voids.html", context)


@require_safe
def voids_pdf(request: FundRequest) -> HttpResponse:
    """GET /books/voids/pdf/: the same to be signed in the meeting."""
    since = _since(request, [meeting.held_on for meeting in last_meetings(request.today)])
    log_reading(request.user, kind="books", id=0, name=f"voids-{since or ''}", what="export")
    return as_pdf(void_list_pdf(voids_since(since), since, request.fund), f"voids-since-{since or 'the-beginning'}")


def _since(request: FundRequest, days: list[date]) -> date | None:
    known = {day.isoformat(): day for day in days}
    return known.get(request.GET.get("since", "")) or (days[0] if days else None)
