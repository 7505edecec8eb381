"""Slow work: a `Job` row carries progress, heartbeat, cancel and result; the task queue carries only its id.

An app names its work in a module that its `ready()` imports:

    @job_kind("member-cards")
    def member_cards(run: JobRun) -> None:
        for number, card in enumerate(cards, start=1):
            run.step(number, total=len(cards))
        run.finish("cards.pdf", content, "application/pdf")
"""

import logging
import secrets
import time
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django_tasks import TaskResultStatus, task
from django_tasks_db.models import DBTaskResult

from bansong_fund.lib.errors import DomainError
from office.models import Job, User

log = logging.getLogger(__name__)

STALE_AFTER = timedelta(seconds=90)
SECONDS_BETWEEN_REPORTS = 1.0
TAKEN_UP = "taken up once"  # in `error` of a job whose worker was killed; a second time it fails
FINISHED = (Job.State.DONE, Job.State.FAILED, Job.State.CANCELLED)


class JobCancelled(Exception):
    """Raised inside the work by `JobRun.step` when its user does not want it any more."""


class JobRun:
    """What the work sees of its job: the parameters, and a place to report to."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.parameters: dict[str, Any] = job.parameters
        self._reported_at = 0.0

    def step(self, done: int, total: int | None = None) -> None:
        """Report progress, written at most once a second; call it at least every minute. Raises JobCancelled."""
        passed = time.monotonic()
        if passed - self._reported_at < SECONDS_BETWEEN_REPORTS and done != total:
            return
        self._reported_at = passed
        now = timezone.now()
        news: dict[str, Any] = {"done": done, "heartbeat_at": now} | ({"total": total} if total is not None else {})
        still_ours = Job.objects.filter(pk=self.job.pk, state=Job.State.RUNNING, cancel_requested=False)
        if not still_ours.update(**news):
            raise JobCancelled

    def finish(self, name: str, content: bytes, content_type: str) -> None:
        """Keep the file that the work made; its user downloads it from the job's page."""
        stored = secrets.token_urlsafe(24)
        path = result_path(stored)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.write_bytes(content)
        path.chmod(settings.FILE_UPLOAD_PERMISSIONS)
        self.job.result_name, self.job.stored_name, self.job.content_type = name, stored, content_type
        self.job.save(update_fields=["result_name", "stored_name", "content_type"])


JOB_KINDS: dict[str, Callable[[JobRun], None]] = {}


def job_kind(name: str) -> Callable[[Callable[[JobRun], None]], Callable[[JobRun], None]]:
    def named(work: Callable[[JobRun], None]) -> Callable[[JobRun], None]:
        JOB_KINDS[name] = work
        return work

    return named


def start_job(
    kind: str, parameters: dict[str, Any], *, by: User, now: datetime, request_id: uuid.UUID | None = None
) -> Job:
    """Put the work into the queue, in the caller's transaction. The same `request_id` starts it once."""
    if kind not in JOB_KINDS:
        raise KeyError(f"no work is named {kind}")
    take_up_stale_jobs(now=now)
    with transaction.atomic():
        job, is_new = Job.objects.get_or_create(
            request_id=request_id or uuid.uuid4(),
            defaults={
                "kind": kind,
                "parameters": {"language": translation.get_language()} | parameters,
                "requested_by": by,
                "requested_at": now,
            },
        )
        if is_new:
            run_job.enqueue(job.pk)  # in the same transaction: a job without its task would wait for ever
    return job


def cancel_job(job: Job, *, now: datetime) -> None:
    """A waiting job is cancelled at once, a running one at its next step."""
    Job.objects.filter(pk=job.pk, state=Job.State.WAITING).update(state=Job.State.CANCELLED, finished_at=now)
    Job.objects.filter(pk=job.pk, state=Job.State.RUNNING).update(cancel_requested=True)


@transaction.atomic
def take_up_stale_jobs(*, now: datetime) -> list[int]:
    """Start anew what a killed worker left behind, and give up what was left behind twice. Returns the new starts."""
    stale = Job.objects.filter(state=Job.State.RUNNING, heartbeat_at__lt=now - STALE_AFTER)
    Job.objects.filter(pk__in=stale.filter(error=TAKEN_UP)).update(
        state=Job.State.FAILED,
        error=_("The work was stopped twice before its end. Tell the administrator."),
        finished_at=now,
    )
    started = _without_task(now)
    for job_id in stale.exclude(error=TAKEN_UP).values_list("pk", flat=True):
        if stale.filter(pk=job_id).update(state=Job.State.WAITING, error=TAKEN_UP, done=0):
            started.append(job_id)
    for job_id in started:
        run_job.enqueue(job_id)
    return started


def _without_task(now: datetime) -> list[int]:
    """Jobs that wait and stand in no queue: their worker was killed between taking the task and beginning the work."""
    waiting = Job.objects.filter(state=Job.State.WAITING, requested_at__lt=now - STALE_AFTER)
    keys = set(waiting.values_list("pk", flat=True))
    if not keys:
        return []
    queued = DBTaskResult.objects.filter(status=TaskResultStatus.READY, task_path=run_job.module_path)
    return sorted(keys - {words["args"][0] for words in queued.values_list("args_kwargs", flat=True)})


@task()
def run_job(job_id: int) -> None:
    """What the worker does. A job that another worker has, or that was cancelled, is left alone."""
    now = timezone.now()
    waiting = Job.objects.filter(pk=job_id, state=Job.State.WAITING)
    if not waiting.update(state=Job.State.RUNNING, heartbeat_at=now):
        return
    job = Job.objects.get(pk=job_id)
    state, error = _carried_out(job)
    Job.objects.filter(pk=job_id, state=Job.State.RUNNING).update(
        state=state, error=error, finished_at=timezone.now(), heartbeat_at=timezone.now()
    )


def _carried_out(job: Job) -> tuple[Job.State, str]:
    with translation.override(job.parameters.get("language") or settings.LANGUAGE_CODE):
        try:
            JOB_KINDS[job.kind](JobRun(job))
        except JobCancelled:
            return Job.State.CANCELLED, ""
        except DomainError as refusal:
            return Job.State.FAILED, str(refusal)
        except (OperationalError, InterfaceError):  # no fault of the work: it is taken up as a killed worker's is
            raise
        except Exception:
            log.exception("job %s (%s) failed", job.pk, job.kind)
            return Job.State.FAILED, _("The program broke while it worked. The fault is written down; try again.")
    return Job.State.DONE, ""


def result_path(stored_name: str) -> Path:
    """Where the file that a job made lies."""
    return Path(settings.FILES_ROOT) / "results" / stored_name
