"""The files that slow work leaves for whoever asked for it: written whole or not at all, kept for some days, then gone.

A run works in a folder of its own beside the results. What is finished is forced to the disk and takes its name in
one step, and only then its job names it; so a file that a job names is whole, and whatever a killed worker or a full
disk leaves is in no job's hands and is swept away.
"""

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from bansong_fund.lib.errors import DomainError
from office.models import Job, User

KEPT_FOR = timedelta(days=7)
KEPT_AFTER_FETCHING = timedelta(days=1)  # a printer jams, a phone loses the file
YOUNG = timedelta(hours=1)  # between taking its name and being named by its job a file is a moment old
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
RUN_FOLDER = "job-{}-{}"
ROLES = "roles"  # among a job's parameters: those in which its user ordered it


class NoRoom(DomainError):
    """The disk has no room for the file."""

    def __init__(self) -> None:
        message = _(
            "The disk is full, and the file was not written. Nothing half made is left. Tell the administrator, who"
            " makes room; then order it again."
        )
        super().__init__(message)


def result_path(stored_name: str) -> Path:
    """Where the file that a job made lies."""
    return _folder() / stored_name


def _folder() -> Path:
    return Path(settings.FILES_ROOT) / "results"


def run_folder(job: Job) -> Path:
    """The folder of this run, made when it is not there; `leave` removes it."""
    with told_when_full():
        _folder().mkdir(parents=True, exist_ok=True, mode=0o700)
        path = _folder() / RUN_FOLDER.format(job.pk, job.attempt)
        path.mkdir(exist_ok=True, mode=0o700)
    return path


def leave(job: Job) -> None:
    """The run is over: what it did not finish goes."""
    shutil.rmtree(_folder() / RUN_FOLDER.format(job.pk, job.attempt), ignore_errors=True)


@contextmanager
def told_when_full() -> Iterator[None]:
    """Turns the system's word for a full disk into `NoRoom`."""
    try:
        yield
    except OSError as fault:
        if fault.errno in FULL:
            raise NoRoom from fault
        raise


def take_in(path: Path, stored_name: str) -> None:
    """A finished file of a run's folder becomes a result: on the disk for good, then under its name."""
    with told_when_full():
        with path.open("rb+") as file:
            os.fsync(file.fileno())
        path.chmod(settings.FILE_UPLOAD_PERMISSIONS)
        path.rename(result_path(stored_name))
        folder = os.open(_folder(), os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def fetched(job: Job, *, now: datetime) -> None:
    """The first download: the file is kept for a day more."""
    once = Job.objects.filter(pk=job.pk, fetched_at=None)
    once.update(fetched_at=now, expires_at=min(job.expires_at or now + KEPT_FOR, now + KEPT_AFTER_FETCHING))


def is_of_her_roles(job: Job, user: User) -> bool:
    """Whether a user acts in all roles in which she ordered a job. One may be taken; a phone knows a leader only."""
    return user.roles.issuperset(job.parameters.get(ROLES, ()))


def may_fetch(job: Job, user: User, *, now: datetime) -> bool:
    """Whether the job's file is there, its time is not over, and its user still has the roles for it."""
    if not is_of_her_roles(job, user):
        return False
    is_kept = job.state == Job.State.DONE and job.stored_name and (job.expires_at is None or job.expires_at > now)
    return bool(is_kept) and result_path(job.stored_name).is_file()


def take_back_files(user: User) -> None:
    """She is to see less from now on: what she was given before goes, at the next round, and what is at work ends."""
    Job.objects.filter(requested_by=user, state=Job.State.RUNNING).update(cancel_requested=True)
    Job.objects.filter(requested_by=user, state=Job.State.DONE).exclude(stored_name="").update(stored_name="")


# --- sweeping -----------------------------------------------------------------------------------------------------


def drop_file(job: Job) -> None:
    """The job lets go of its file, then the file goes."""
    path = result_path(job.stored_name)
    if job.stored_name and Job.objects.filter(pk=job.pk, stored_name=job.stored_name).update(stored_name=""):
        path.unlink(missing_ok=True)


def sweep(*, now: datetime) -> None:
    """Remove files whose time is over, and whatever lies there without a job that names it."""
    for job in _done_with(now):
        drop_file(job)
    if _folder().is_dir():
        for path in list(_folder().iterdir()):
            if path.is_dir():
                _sweep_folder(path)
            elif _is_old(path, now) and not Job.objects.filter(stored_name=path.name).exists():
                path.unlink(missing_ok=True)


def _done_with(now: datetime) -> QuerySet[Job]:
    over = Q(expires_at__lt=now) | Q(expires_at=None, finished_at__lt=now - KEPT_FOR)
    return Job.objects.exclude(stored_name="").filter(over | Q(state__in=(Job.State.FAILED, Job.State.CANCELLED)))


def _sweep_folder(path: Path) -> None:
    """A run's folder stays while its run is at work."""
    _job, key, attempt = f"{path.name}--".split("-")[:3]
    if key.isdecimal() and attempt.isdecimal():
        if Job.objects.filter(pk=key, attempt=attempt, state=Job.State.RUNNING).exists():
            return
        shutil.rmtree(path, ignore_errors=True)


def _is_old(path: Path, now: datetime) -> bool:
    try:
        return path.stat().st_mtime < (now - YOUNG).timestamp()
    except FileNotFoundError:
        return False
