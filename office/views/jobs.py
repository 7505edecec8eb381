"""The page of slow work: progress, cancel, the file that came of it. Each user sees their own."""

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from office.jobs import FINISHED, cancel_job, result_path, take_up_stale_jobs
from office.models import Job


def _own(request: HttpRequest, job_id: int) -> Job:
    return get_object_or_404(Job, pk=job_id, requested_by=request.user)


@never_cache
@require_safe
def job(request: HttpRequest, job_id: int) -> HttpResponse:
    """The whole page, or for htmx only the part that changes."""
    take_up_stale_jobs(now=request.now)
    found = _own(request, job_id)
    template = "office/job_state.html" if request.htmx else "office/job.html"
    return render(request, template, {"job": found, "is_finished": found.state in FINISHED})


@require_POST
def cancel(request: HttpRequest, job_id: int) -> HttpResponse:
    cancel_job(_own(request, job_id), now=request.now)
    return redirect("office:job", job_id=job_id)


@never_cache
@require_safe
def result(request: HttpRequest, job_id: int) -> HttpResponseBase:
    found = _own(request, job_id)
    path = result_path(found.stored_name)
    if found.state != Job.State.DONE or not found.stored_name or not path.is_file():
        raise Http404
    return FileResponse(
        path.open("rb"), as_attachment=True, filename=found.result_name, content_type=found.content_type
    )
