"""What if: a year's claims under another version of the regulation, reckoned by the worker."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from bansong_fund.lib.thai_dates import active_language
from ledger.models import FiscalYear
from members.models import Regulation
from office.jobs import start_job
from office.models import Job
from office.reading import log_reading
from welfare.forms_replay import ReplayForm
from welfare.jobs import WHAT_IF
from welfare.queries import visible_claims
from welfare.replay import CHANGE_NAMES, Change

MADE_SHOWN = 10


@require_http_methods(["GET", "HEAD", "POST"])
def what_if(request: HttpRequest) -> HttpResponse:
    """GET, POST /what-if/: choose a year and another version; the worker judges the year's claims by it."""
    numbers = years_to_judge(request.today)
    versions = Regulation.objects.defer("document").order_by("-effective_from")
    form = ReplayForm(request.POST or None, request.FILES or None, years=numbers, versions=versions)
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        parameters = {"year": asked["year"], "document": asked["document"].to_json()}
        who = {"by": request.user, "now": request.now, "request_id": asked["request_id"]}
        return redirect("office:job", job_id=start_job(WHAT_IF, parameters, **who).pk)
    made = Job.objects.filter(requested_by=request.user, kind=WHAT_IF).defer("parameters").order_by("-requested_at")
    return render(request, "welfare/replay_form.html", {"form": form, "years": numbers, "made": made[:MADE_SHOWN]})


def years_to_judge(today: date) -> list[int]:
    """The fund years of the books that have begun, the latest first."""
    years = FiscalYear.objects.filter(starts_on__lte=today).order_by("-year_be")
    return list(years.values_list("year_be", flat=True))


@require_safe
def what_if_result(request: HttpRequest, job_id: int) -> HttpResponse:
    """GET /what-if/<job>/: totals by benefit, and the claims that would change most, for whoever asked."""
    job = get_object_or_404(Job, pk=job_id, kind=WHAT_IF, requested_by=request.user)
    summary = job.parameters.get("summary")
    if summary is None:
        return redirect("office:job", job_id=job.pk)
    log_reading(request.user, kind="claims", id=0, name=_("What if"), what="what if")
    context = {"job": job, "summary": summary, "changed": _changed(request, summary["changed"])}
    return render(request, "welfare/replay.html", context | _in_words(summary))


def _in_words(summary: dict[str, Any]) -> dict[str, Any]:
    language = active_language()
    return {
        "regulation": summary[f"regulation_{language}"],
        "benefits": [(each[language], each) for each in summary["benefits"]],
        "counts": [(CHANGE_NAMES[Change(each["change"])], each) for each in summary.get("counts", [])],
        "is_same": not summary["changed_count"],
        "is_open": Decimal(summary["total"]["open_up_to"]) > 0,
    }


def _changed(request: HttpRequest, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows with their claims, in one query; a claim that the user may no longer see is left out."""
    language = active_language()
    claims = visible_claims(request.user).filter(pk__in=[row["claim"] for row in rows]).select_related("member")
    found = {claim.pk: claim for claim in claims.defer("assessment")}
    return [
        row
        | {
            "claim": found[row["claim"]],
            "benefit": row["benefit"][language],
            "why": " ".join(row["why"][language]),
            "change": CHANGE_NAMES[Change(row["change"])],
        }
        for row in rows
        if row["claim"] in found
    ]
