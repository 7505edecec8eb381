"""The first page, one for each role, and what stands behind its buttons."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from bansong_fund.lib.thai_dates import active_language
from ledger.models import LedgerHead
from ledger.opening_queries import opening_waits
from office.jobs import start_job
from office.models import ActionLog
from office.roles import Role, may_open
from reports.home import desks_of
from reports.jobs import CHECK_BOOKS, record_verdict

ENTRIES_CHECKED_AT_ONCE = 3_000  # some 25,000 lines a second: beyond this the worker checks


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """GET /: what waits for the user, role by role."""
    if request.fund is None:
        if request.user.has_role(Role.ADMINISTRATOR):
            return redirect("reports:first_steps")
        return render(request, "reports/no_fund.html")
    verdict = last_verdict() if request.user.has_role(Role.AUDITOR) else None
    context = {
        "desks": desks_of(request.user, request.today),
        "verdict": verdict,
        "opening_waits": may_open(request.user, "reports:opening") and opening_waits(),
    }
    return render(request, "reports/home.html", context)


def last_verdict() -> ActionLog | None:
    """The last check of the books, as it was written down."""
    return ActionLog.objects.filter(action="books-checked").order_by("-acted_at", "-pk").first()


@require_POST
def check_books(request: HttpRequest) -> HttpResponse:
    """POST /check-books/: prove the books now; a large one is the worker's."""
    head = LedgerHead.objects.first()
    if head is not None and head.number > ENTRIES_CHECKED_AT_ONCE:
        return redirect("office:job", job_id=start_job(CHECK_BOOKS, {}, by=request.user, now=request.now).pk)
    verdict = record_verdict(request.user)
    if verdict.clean:
        messages.success(request, _("The books hold: %(count)s entries checked.") % {"count": f"{verdict.entries:,}"})
    else:
        messages.error(
            request, _("The books do not hold: %(count)s faults were found.") % {"count": len(verdict.problems)}
        )
    return redirect("reports:verdict")


@require_safe
def verdict(request: HttpRequest) -> HttpResponse:
    """GET /check-books/result/: the last verdict in full, with every row that it names."""
    verdict = last_verdict()
    kept = verdict.details.get("problems", []) if verdict else []
    # those kept before they were kept in each language are words in one
    problems = [one[active_language()] if isinstance(one, dict) else one for one in kept]
    return render(request, "reports/verdict.html", {"verdict": verdict, "problems": problems})
