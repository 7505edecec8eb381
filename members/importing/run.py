"""The way of a file through the house: taken, matched, read, shown, confirmed, written; or dropped on the way.

Each step looks at the run's state under its row's lock, so a second click finds the first one's work. The file goes
when the run ends; a run that nobody confirms is dropped after a week.
"""

import uuid
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _

from bansong_fund.lib.errors import DomainError
from members.importing import vault
from members.importing.layout import Options, SheetLayout, check_options
from members.importing.look import keep_samples, look_into
from members.importing.preview import forget_rows
from members.models import ImportRun
from office.action_log import log_action
from office.jobs import FINISHED, start_job
from office.models import User

State = ImportRun.State
READ, WRITE = "import-read", "import-write"
MEBIBYTE = 1024 * 1024
MOST_BYTES = 128 * MEBIBYTE
KEPT_FOR = timedelta(days=7)
LONGEST_WORK = timedelta(days=1)  # no file is read or written for longer
OPEN_STATES = (State.MATCHING, State.READING, State.SHOWN, State.WRITING)


class FileRefused(DomainError):
    """The file is not taken."""


class NotNow(DomainError):
    """The run is at another step: somebody was quicker, or it has been dropped."""


def take_file(
    file: File, *, by: User | None, today: date, now: datetime, request_id: uuid.UUID | None = None
) -> ImportRun:
    """Keep an old register's file sealed and look into it: its sheets, headings, and what each column may be.

    The same request takes once. Raises `FileRefused` at the field `file`, and `UnreadableFile`.
    """
    drop_old_runs(now)
    found = ImportRun.objects.filter(request_id=request_id).first() if request_id else None
    if found is not None:
        return found
    name = Path(file.name or "").name[:200] or _("file without a name")
    if file.size > MOST_BYTES:
        message = _("%(name)s has %(size).0f MB; at most %(most)d MB are taken. Split the register into several files.")
        shown = {"name": name, "size": file.size / MEBIBYTE, "most": MOST_BYTES // MEBIBYTE}
        raise FileRefused(message % shown, field="file")
    kept = vault.keep(vault.pieces_of(file))
    try:
        with vault.laid_open(kept.stored_name) as path:
            look = look_into(path, name, today=today)
        keep_samples(look.samples, samples_name(kept.stored_name))
        return ImportRun.objects.create(
            request_id=request_id or uuid.uuid4(),
            file_name=name,
            stored_name=kept.stored_name,
            sha256=kept.sha256,
            size=kept.size,
            sheets=[layout.as_json() for layout in look.layouts],
            options=Options(as_of=today).as_json(),
            started_by=by,
            started_at=now,
        )
    except BaseException:
        remove_files(kept.stored_name)
        raise


def start_reading(
    run: ImportRun,
    layouts: Sequence[SheetLayout],
    options: Options,
    *,
    by: User,
    today: date,
    now: datetime,
    request_id: uuid.UUID,
) -> ImportRun:
    """Keep what the columns are, and put the reading into the queue. Raises `ColumnsUnclear`, `NotNow`."""
    check_options(options, today=today)
    with transaction.atomic():
        run = _held(run)
        if run.job is not None and run.job.request_id == request_id:
            return run
        _expect(run, State.MATCHING, State.FAILED)
        run.sheets, run.options = [layout.as_json() for layout in layouts], options.as_json()
        run.state, run.error = State.READING, ""
        run.job = start_job(READ, {"run": run.pk}, by=by, now=now, request_id=request_id)
        run.save(update_fields=["sheets", "options", "state", "error", "job"])
    return run


def confirm(
    run: ImportRun, *, digest: str, leave_out_doubles: bool, by: User, now: datetime, request_id: uuid.UUID
) -> ImportRun:
    """Put the writing of what was shown into the queue. `digest`: of the rows that were seen. Raises `NotNow`."""
    with transaction.atomic():
        run = _held(run)
        if run.job is not None and run.job.request_id == request_id:
            return run
        _expect(run, State.SHOWN)
        if digest != run.outcome_digest:
            raise NotNow(_("These rows were read anew meanwhile. Look at them once more, then confirm."))
        run.state, run.error = State.WRITING, ""
        parameters = {"run": run.pk, "leave_out_doubles": leave_out_doubles}
        run.job = start_job(WRITE, parameters, by=by, now=now, request_id=request_id)
        run.save(update_fields=["state", "error", "job"])
    return run


@transaction.atomic
def match_again(run: ImportRun) -> ImportRun:
    """Back to the page of the columns; what was shown is forgotten. Raises `NotNow`."""
    run = _held(run)
    _expect(run, State.SHOWN, State.FAILED, State.MATCHING)
    forget_rows(run)
    run.state, run.counts, run.outcome_digest, run.error = State.MATCHING, {}, "", ""
    run.save(update_fields=["state", "counts", "outcome_digest", "error"])
    return run


def drop_run(run: ImportRun, *, by: User | None, now: datetime) -> ImportRun:
    """Give the file up: nothing of it was written, and nothing of it stays. Raises `NotNow` while it is worked on."""
    with transaction.atomic():
        run = _held(run)
        if run.state == State.DROPPED:
            return run
        _expect(run, State.MATCHING, State.SHOWN, State.FAILED)
        forget_rows(run)
        run.state, run.finished_at, run.sheets = State.DROPPED, now, []
        run.save(update_fields=["state", "finished_at", "sheets"])
        log_action(by, "import-dropped", subject=run)
    remove_files(run.stored_name)
    return run


def drop_old_runs(now: datetime) -> None:
    """Drop what was not confirmed within a week, and remove the refused rows of runs that ended a week ago.

    What a killed process left behind goes too: the open copy of its file, and the command's run that waits for nobody.
    """
    vault.remove_laid_open(before=now - LONGEST_WORK)
    left = ImportRun.objects.filter(state__in=(State.READING, State.WRITING), job=None)
    left.filter(started_at__lt=now - LONGEST_WORK).update(state=State.MATCHING)
    old = ImportRun.objects.filter(started_at__lt=now - KEPT_FOR, state__in=(State.MATCHING, State.SHOWN, State.FAILED))
    for run in old:
        drop_run(run, by=None, now=now)
    ended = ImportRun.objects.filter(finished_at__lt=now - KEPT_FOR).exclude(stored_name="")
    for run in ended:
        remove_files(run.stored_name)
    ended.update(stored_name="")


def settle_stopped(run: ImportRun) -> ImportRun:
    """A run whose work was cancelled or has failed goes back to the step before it, so that no page waits for ever."""
    if run.state not in (State.READING, State.WRITING):
        return run
    with transaction.atomic():
        run = _held(run)
        if run.job is None or run.job.state not in FINISHED or run.state not in (State.READING, State.WRITING):
            return run
        return to_step_before(run, error=run.job.error)


def to_step_before(run: ImportRun, *, error: str = "") -> ImportRun:
    """From reading back to the columns, from writing back to what was shown; a run that has ended stays so."""
    if run.state not in (State.READING, State.WRITING):
        return run
    run.state = State.MATCHING if run.state == State.READING else State.SHOWN
    run.error = error
    if run.state == State.MATCHING:
        forget_rows(run)
    run.save(update_fields=["state", "error"])
    return run


def remove_files(stored_name: str) -> None:
    """Delete a run's file with all that was made from it."""
    for name in (stored_name, samples_name(stored_name), refused_name(stored_name)):
        if stored_name:
            vault.remove(name)


def remove_whole_file(run: ImportRun) -> None:
    """Delete the file of a run that has ended; its refused rows stay for a week."""
    for name in (run.stored_name, samples_name(run.stored_name)):
        vault.remove(name)


def samples_name(stored_name: str) -> str:
    return f"{stored_name}-samples"


def refused_name(stored_name: str) -> str:
    return f"{stored_name}-refused"


def _held(run: ImportRun) -> ImportRun:
    return ImportRun.objects.select_for_update(of=("self",)).select_related("job").get(pk=run.pk)


def _expect(run: ImportRun, *states: str) -> None:
    if run.state not in states:
        raise NotNow(
            _("This file is at another step now (%(state)s). Nothing was done.") % {"state": run.get_state_display()}
        )
