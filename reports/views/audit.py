"""What an auditor looks at first, on screen; and the pack that the worker makes of a span."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from bansong_fund.lib.thai_dates import active_language
from ledger.spans import Span, SpanChooser
from office.jobs import start_job
from office.models import Job
from office.reading import log_reading
from reports.audit.exceptions import SORTS, exceptions_of
from reports.audit.pack import AUDIT_PACK, PackOrder
from reports.audit.rows import find, scope_of
from reports.forms_audit import PackForm
from reports.views.home import last_verdict

ROWS_SHOWN = 500
MADE_SHOWN = 5


@require_http_methods(["GET", "HEAD", "POST"])
def audit(request: HttpRequest) -> HttpResponse:
    """GET, POST /reports/audit/?span=fund-2563: every sort of exceptions, its first five; and the pack."""
    if request.fund is None:
        return redirect("reports:home")
    chooser = SpanChooser(request.GET, request.fund, request.today)
    form = PackForm(request.POST or None, initial={"language": active_language()})
    if request.method == "POST" and form.is_valid():
        return redirect("office:job", job_id=_start(request, chooser.span, form).pk)
    made = Job.objects.filter(requested_by=request.user, kind=AUDIT_PACK).order_by("-requested_at")
    context = {
        "chooser": chooser,
        "groups": exceptions_of(scope_of(chooser.span, request.fund, today=request.today)),
        "verdict": last_verdict(),
        "form": form,
        "made": made[:MADE_SHOWN],
    }
    return render(request, "reports/audit.html", context)


def _start(request: HttpRequest, span: Span, form: PackForm) -> Job:
    """The pack names persons: who took it stands in the log of readings."""
    asked = form.cleaned_data
    order = PackOrder(span, asked["form"], asked["language"])
    if not Job.objects.filter(request_id=asked["request_id"]).exists():
        log_reading(request.user, kind="books", id=0, name=order.file_name, what="audit pack")
    return start_job(AUDIT_PACK, order.parameters(), by=request.user, now=request.now, request_id=asked["request_id"])


@require_safe
def audit_list(request: HttpRequest, code: str) -> HttpResponse:
    """GET /reports/audit/<code>/?span=fund-2563: all exceptions of one sort."""
    if request.fund is None or code not in SORTS:
        raise Http404
    chooser = SpanChooser(request.GET, request.fund, request.today)
    found = find(SORTS[code], scope_of(chooser.span, request.fund, today=request.today), ROWS_SHOWN)
    return render(request, "reports/audit_list.html", {"chooser": chooser, "found": found})
