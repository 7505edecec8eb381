"""The slow work of an import, for the worker: reading a file through, and writing what was confirmed."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from django.db import connections, transaction
from django.utils import timezone

from bansong_fund.lib.errors import DomainError
from members.clock import today_of
from members.importing import run as runs
from members.importing.carry_out import RegisterMoved, carry_out
from members.importing.preview import preview
from members.importing.refused import keep_refused
from members.models import Fund, ImportRun
from office.jobs import JobRun, job_kind

State = ImportRun.State
MOST_TRIES = 3


@job_kind(runs.READ)
def read_import(job: JobRun) -> None:
    """Read the run's file through and show what would happen. Stopped or refused, it is back at its columns."""
    run = ImportRun.objects.get(pk=job.parameters["run"])
    if run.state != State.READING:
        return
    with _back_where_it_was(run):
        show(run, step=job.step)


@job_kind(runs.WRITE)
def write_import(job: JobRun) -> None:
    """Write what was confirmed. Where the register has moved on, nothing is written and the rows are shown anew."""
    run = ImportRun.objects.select_related("started_by").get(pk=job.parameters["run"])
    if run.state != State.WRITING:
        return
    with _back_where_it_was(run), _beside_the_transaction(job, total=run.counts["rows"]) as step:
        _write(run, job, step)


def show(run: ImportRun, *, step: Callable[[int], None]) -> None:
    """Read the file and put the run before the registrar's eyes."""
    preview(run, today=today_of(Fund.objects.first()), step=step)
    keep_refused(run, step=step)
    run.state = State.SHOWN
    run.save(update_fields=["state"])


def _write(run: ImportRun, job: JobRun, step: Callable[[int], None]) -> None:
    for _try in range(MOST_TRIES):
        shown = run.outcome_digest
        try:
            write(run, leave_out_doubles=job.parameters["leave_out_doubles"], by=job.job.requested_by, step=step)
        except RegisterMoved as moved:
            preview(run, today=today_of(Fund.objects.first()), step=step)
            if run.outcome_digest == shown:
                continue  # what moved does not touch these rows
            keep_refused(run, step=step)
            run.state, run.error = State.SHOWN, str(moved)
            run.save(update_fields=["state", "error"])
            raise
        return


def write(run: ImportRun, *, leave_out_doubles: bool, by: object, step: Callable[[int], None]) -> None:
    """Write the run and end it: the register and the run's own state in one transaction; then its file goes."""
    now = timezone.now()
    with transaction.atomic():
        today = today_of(Fund.objects.first())
        run.counts = carry_out(run, leave_out_doubles=leave_out_doubles, by=by, today=today, now=now, step=step)
        run.state, run.finished_at, run.error = State.DONE, now, ""
        run.save(update_fields=["counts", "state", "finished_at", "error"])
    if leave_out_doubles:  # they have joined the refused rows
        keep_refused(run, step=step)
    runs.remove_whole_file(run)


@contextmanager
def _back_where_it_was(run: ImportRun) -> Iterator[None]:
    """Whatever stops the work, the run goes back to the step before it, where the registrar can go on."""
    try:
        yield
    except RegisterMoved:
        raise
    except BaseException as error:
        runs.to_step_before(run, error=str(error) if isinstance(error, DomainError) else "")
        raise


@contextmanager
def _beside_the_transaction(job: JobRun, *, total: int) -> Iterator[Callable[[int], None]]:
    """A step that reports through a connection of its own: the transaction that writes the register hides what it
    writes until its end, and the page would see no progress and no heartbeat."""

    def report(done: int) -> None:
        reporter.submit(job.step, done, total).result()

    with ThreadPoolExecutor(max_workers=1) as reporter:
        try:
            yield report
        finally:
            reporter.submit(connections.close_all).result()
