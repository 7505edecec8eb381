"""The pages of slow work: progress, cancel, the file that came of it. Each user sees their own."""

from datetime import timedelta

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from office.job_files import fetched, is_of_her_roles, may_fetch
from office.jobs import FINISHED, cancel_job, name_of, result_path, take_up_stale_jobs
from office.models import Job

LISTED = 50
LISTED_FOR = timedelta(days=30)


def _own(request: HttpRequest, job_id: int) -> Job:
    return get_object_or_404(Job, pk=job_id, requested_by=request.user)


@never_cache
@require_safe
def jobs(request: HttpRequest) -> HttpResponse:
    """GET /jobs/: what the user asked for of late, with the files that still wait for her."""
    found = Job.objects.filter(requested_by=request.user, requested_at__gt=request.now - LISTED_FOR)
    listed = found.order_by("-requested_at", "-pk")[:LISTED]
    rows = [(one, name_of(one), may_fetch(one, request.user, now=request.now)) for one in listed]
    return render(request, "office/jobs.html", {"rows": rows})


@never_cache
@require_safe
def job(request: HttpRequest, job_id: int) -> HttpResponse:
    """The whole page, or for htmx only the part that changes."""
    take_up_stale_jobs(now=request.now)
    found = _own(request, job_id)
    template = "office/job_state.html" if request.htmx else "office/job.html"
    context = {
        "job": found,
        "name": name_of(found),
        "is_finished": found.state in FINISHED,
        "is_there": may_fetch(found, request.user, now=request.now),
        "is_of_her_roles": is_of_her_roles(found, request.user),
    }
    return render(request, template, context)


@require_POST
def cancel(request: HttpRequest, job_id: int) -> HttpResponse:
    cancel_job(_own(request, job_id), now=request.now)
    return redirect("office:job", job_id=job_id)


@never_cache
@require_safe
def result(request: HttpRequest, job_id: int) -> HttpResponseBase:
    """The file; from the first download on it is kept for a day. Where it is gone, the job's page says so."""
    found = _own(request, job_id)
    if not may_fetch(found, request.user, now=request.now):
        return redirect("office:job", job_id=job_id)
    file = result_path(found.stored_name).open("rb")
    if request.method == "GET":
        fetched(found, now=request.now)
    return FileResponse(file, as_attachment=True, filename=found.result_name, content_type=found.content_type)
