"""Slow work: a `Job` row carries progress, heartbeat, cancel and result; the task queue carries only its id.

An app names its work in a module that its `ready()` imports:

    @job_kind("member-cards")
    def member_cards(run: JobRun) -> None:
        for number, card in enumerate(cards, start=1):
            run.step(number, total=len(cards))
        run.finish("cards.pdf", content, "application/pdf")

Papers of many pages are made by `office.batches.batch`. See docs/operations.md for what is kept, and how long.
"""

import logging
import secrets
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import F, QuerySet
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django_tasks import TaskResultStatus, task
from django_tasks_db.models import DBTaskResult

from bansong_fund.lib.errors import DomainError
from office.job_files import KEPT_FOR, ROLES, drop_file, leave, result_path, run_folder, sweep, take_in, told_when_full
from office.models import Job, User

log = logging.getLogger(__name__)

STALE_AFTER = timedelta(seconds=90)
SECONDS_BETWEEN_REPORTS = 1.0
SECONDS_BETWEEN_BEATS = 20.0
TAKEN_UP = "taken up once"  # in `error` of a job whose worker was killed; a second time it fails
FINISHED = (Job.State.DONE, Job.State.FAILED, Job.State.CANCELLED)


class JobCancelled(Exception):
    """Raised inside the work by `JobRun.step` when its user does not want it any more."""


class JobRun:
    """What the work sees of its job: the parameters, a place to report to, and a folder to work in."""

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
        if not _at_work(self.job).filter(cancel_requested=False).update(**news):
            raise JobCancelled

    @contextmanager
    def long_step(self) -> Iterator[None]:
        """Around what may take more than a minute and cannot report meanwhile: a whole report laid out, books checked.

        Without it such work is taken for a killed worker's, begun anew, and given up the second time. Nothing within
        may fork.
        """
        over = threading.Event()
        beating = threading.Thread(target=_beat, args=(self.job, over), daemon=True)
        beating.start()
        try:
            yield
        finally:
            over.set()
            beating.join()

    def folder(self) -> Path:
        """A folder for what is half made; it goes with the run, however that ends. Raises NoRoom."""
        return run_folder(self.job)

    def finish(self, name: str, content: bytes | Path, content_type: str) -> None:
        """Keep the file that the work made, for its user to download: its bytes, or where it lies in `folder()`.

        Raises NoRoom, and JobCancelled where another worker has taken the job up meanwhile.
        """
        stored = secrets.token_urlsafe(24)
        if isinstance(content, bytes):
            path = self.folder() / "result"
            with told_when_full():
                path.write_bytes(content)
            content = path
        take_in(content, stored)
        kept = {"result_name": name, "stored_name": stored, "content_type": content_type}
        if not _at_work(self.job).update(**kept, expires_at=timezone.now() + KEPT_FOR):
            result_path(stored).unlink()
            raise JobCancelled
        self.job.refresh_from_db()


def _at_work(job: Job) -> QuerySet[Job]:
    """The job's row as long as this run of it is the one that counts."""
    return Job.objects.filter(pk=job.pk, state=Job.State.RUNNING, attempt=job.attempt)


def _beat(job: Job, over: threading.Event) -> None:
    """Say again and again, by a connection of its own, that the worker lives."""
    while not over.wait(SECONDS_BETWEEN_BEATS):
        try:
            _at_work(job).update(heartbeat_at=timezone.now())
        except (OperationalError, InterfaceError) as fault:  # the work itself meets it soon enough
            log.warning("no heartbeat of job %s: %s", job.pk, fault)
        finally:
            connection.close()


JOB_KINDS: dict[str, Callable[[JobRun], None]] = {}
JOB_NAMES: dict[str, Promise] = {}


def job_kind(name: str, said: Promise | None = None) -> Callable[[Callable[[JobRun], None]], Callable[[JobRun], None]]:
    """Names a kind of work; `said` is what the page of the work calls it."""

    def named(work: Callable[[JobRun], None]) -> Callable[[JobRun], None]:
        JOB_KINDS[name] = work
        if said is not None:
            JOB_NAMES[name] = said
        return work

    return named


def name_of(job: Job) -> str:
    """What the user asked for, in words; of a kind that has none, the file's name."""
    return str(JOB_NAMES.get(job.kind, "") or job.result_name or _("Work on a file"))


def start_job(
    kind: str, parameters: dict[str, Any], *, by: User, now: datetime, request_id: uuid.UUID | None = None
) -> Job:
    """Put the work into the queue, in the caller's transaction. The same `request_id` starts it once.

    The roles that the user acts in go with it: the work sees no more than they do, and its file is theirs alone.
    """
    if kind not in JOB_KINDS:
        raise KeyError(f"no work is named {kind}")
    take_up_stale_jobs(now=now)
    with transaction.atomic():
        job, is_new = Job.objects.get_or_create(
            request_id=request_id or uuid.uuid4(),
            defaults={
                "kind": kind,
                "parameters": {"language": translation.get_language(), ROLES: sorted(by.roles)} | parameters,
                "requested_by": by,
                "requested_at": now,
            },
        )
        if is_new:
            run_job.enqueue(job.pk)  # in the same transaction: a job without its task would wait for ever
    return job


def cancel_job(job: Job, *, now: datetime) -> None:
    """A waiting job is cancelled at once, a running one at its next step."""
    waiting = Job.objects.filter(pk=job.pk, state=Job.State.WAITING)
    waiting.update(state=Job.State.CANCELLED, error="", finished_at=now)  # `error` may say that it was taken up
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
    if not waiting.update(state=Job.State.RUNNING, heartbeat_at=now, attempt=F("attempt") + 1):
        return
    job = Job.objects.select_related("requested_by").get(pk=job_id)
    job.requested_by.roles &= frozenset(job.parameters.get(ROLES, job.requested_by.roles))
    try:
        state, error = _carried_out(job)
    finally:
        leave(job)
    news = {"state": state, "error": error, "finished_at": timezone.now(), "heartbeat_at": timezone.now()}
    if _at_work(job).update(**news) and state != Job.State.DONE:
        drop_file(job)


def _carried_out(job: Job) -> tuple[Job.State, str]:
    with translation.override(job.parameters.get("language") or settings.LANGUAGE_CODE):
        try:
            with told_when_full():  # sheets are first written where the system keeps what is passing
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


# --- what is done again and again ---------------------------------------------------------------------------------

BETWEEN_ROUNDS = timedelta(minutes=5)
ROUNDS: list[Callable[[], object]] = []  # what apps above have done in each round; quick where there is nothing to do


@task()
def make_the_round() -> None:
    """Files whose time is over go, killed workers' jobs are taken up, the next round is put into the queue.

    Then comes what other apps put into `ROUNDS`; its faults are written down and stop nothing.
    """
    now = timezone.now()
    sweep(now=now)
    take_up_stale_jobs(now=now)
    ours = DBTaskResult.objects.filter(task_path=make_the_round.module_path)
    ours.filter(status=TaskResultStatus.SUCCESSFUL).delete()
    await_the_next_round(now=now)
    for work in ROUNDS:
        try:
            work()
        except Exception:
            log.exception("%s failed in a round; the next one tries again", work.__name__)


def await_the_next_round(*, now: datetime, after: timedelta = BETWEEN_ROUNDS) -> None:
    """One round waits in the queue; a second is not put there."""
    ours = DBTaskResult.objects.filter(task_path=make_the_round.module_path)
    if not ours.filter(status=TaskResultStatus.READY).exists():
        make_the_round.using(run_after=now + after).enqueue()
