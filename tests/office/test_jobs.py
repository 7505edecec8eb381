"""Slow work: progress, cancel, result, and the worker that was killed."""

import time
import uuid
from datetime import timedelta

import pytest
from django.db import InterfaceError, OperationalError
from django.test import Client
from django.utils import timezone
from django_tasks_db.management.commands import db_worker as library
from django_tasks_db.models import DBTaskResult

from bansong_fund.lib.errors import DomainError
from office import jobs
from office.jobs import TAKEN_UP, JobRun, cancel_job, result_path, run_job, start_job, take_up_stale_jobs
from office.management.commands import db_worker
from office.models import Job, User
from tests.factories import make_fund, make_user
from tests.office.conftest import english_client


@pytest.fixture
def kinds(monkeypatch) -> dict:
    """The kinds of work that a test may start."""
    known: dict = {}
    monkeypatch.setattr(jobs, "JOB_KINDS", known)
    return known


@pytest.fixture
def user(db) -> User:
    make_fund()
    return make_user("registrar")


def _start(user: User, **given: object) -> Job:
    return start_job("work", {"rows": 3}, by=user, now=timezone.now(), **given)


def _run(job: Job) -> Job:
    run_job.call(job.pk)
    job.refresh_from_db()
    return job


def test_work_reports_each_step_and_leaves_a_file(kinds, user) -> None:
    def work(run: JobRun) -> None:
        for number in range(1, run.parameters["rows"] + 1):
            run.step(number, total=run.parameters["rows"])
        run.finish("list.txt", "สามแถว".encode(), "text/plain")

    kinds["work"] = work
    job = _run(_start(user))
    assert (job.state, job.done, job.total, job.error) == ("done", 3, 3, "")
    assert result_path(job.stored_name).read_text() == "สามแถว"
    client = Client()
    client.force_login(user)
    answer = client.get(f"/jobs/{job.pk}/result/")
    assert b"".join(answer.streaming_content).decode() == "สามแถว"
    assert answer["Content-Disposition"] == 'attachment; filename="list.txt"'


def test_the_same_request_starts_the_work_once_and_its_task_is_written_with_it(kinds, user) -> None:
    kinds["work"] = lambda run: None
    request_id = uuid.uuid4()
    assert _start(user, request_id=request_id) == _start(user, request_id=request_id)
    assert DBTaskResult.objects.count() == 1  # nothing is committed yet: a web server killed now leaves both or none


def test_a_refusal_is_shown_and_a_fault_is_told_without_its_insides(kinds, user) -> None:
    def refused(_run: JobRun) -> None:
        raise DomainError("row 3 has no name")

    def broken(_run: JobRun) -> None:
        raise ZeroDivisionError("secret insides")

    kinds["work"] = refused
    assert (_run(job := _start(user)).state, job.error) == ("failed", "row 3 has no name")
    kinds["work"] = broken
    job = _run(_start(user))
    assert job.state == "failed"
    assert "secret insides" not in job.error
    assert job.error != ""


def test_a_running_job_stops_at_its_next_step_when_it_is_cancelled(kinds, user) -> None:
    reached: list[int] = []

    def work(run: JobRun) -> None:
        run.step(1, total=2)
        reached.append(1)
        cancel_job(run.job, now=timezone.now())
        run.step(2, total=2)
        reached.append(2)

    kinds["work"] = work
    job = _run(_start(user))
    assert (job.state, reached) == ("cancelled", [1])


def test_a_job_cancelled_while_it_waits_never_runs(kinds, user) -> None:
    kinds["work"] = lambda run: pytest.fail("it ran")
    job = _start(user)
    cancel_job(job, now=timezone.now())
    assert _run(job).state == "cancelled"


def test_a_job_is_run_by_one_worker_only(kinds, user) -> None:
    runs: list[int] = []
    kinds["work"] = lambda run: runs.append(run.job.pk)
    job = _start(user)
    run_job.call(job.pk)
    run_job.call(job.pk)
    assert runs == [job.pk]


def _left_by_a_killed_worker(user: User) -> Job:
    job = _start(user)
    Job.objects.filter(pk=job.pk).update(state="running", heartbeat_at=timezone.now() - timedelta(minutes=5))
    return job


def test_what_a_killed_worker_left_is_found_by_its_heartbeat_and_done(kinds, user) -> None:
    kinds["work"] = lambda run: None
    job = _left_by_a_killed_worker(user)
    assert take_up_stale_jobs(now=timezone.now()) == [job.pk]
    assert _run(job).state == "done"


def test_a_job_whose_task_was_taken_by_a_killed_worker_before_it_began_is_done(kinds, user) -> None:
    kinds["work"] = lambda run: None
    lost, queued = _start(user), _start(user)
    Job.objects.update(requested_at=timezone.now() - timedelta(minutes=5))
    DBTaskResult.objects.filter(args_kwargs__args=[lost.pk]).update(status="RUNNING")
    assert [take_up_stale_jobs(now=timezone.now()) for _ in range(2)] == [[lost.pk], []]
    assert (_run(lost).state, _run(queued).state) == ("done", "done")


def test_work_that_lost_the_database_has_not_failed_and_is_taken_up(kinds, user) -> None:
    def cut_off(_run: JobRun) -> None:
        raise OperationalError("server closed the connection unexpectedly")

    kinds["work"] = cut_off
    job = _start(user)
    with pytest.raises(OperationalError):
        run_job.call(job.pk)
    assert take_up_stale_jobs(now=timezone.now() + timedelta(minutes=5)) == [job.pk]


def test_the_worker_waits_for_a_database_that_is_away(db, monkeypatch) -> None:
    met: list[Exception] = [OperationalError("is starting up"), InterfaceError("the connection is closed")]

    def worker(_self: object, **_options: object) -> None:
        if met:
            raise met.pop()

    monkeypatch.setattr(library.Command, "handle", worker)
    monkeypatch.setattr(db_worker, "wait_for_database", lambda: None)
    assert db_worker.Command().handle() is None
    assert met == []


def test_a_job_whose_heart_beats_is_left_alone(kinds, user) -> None:
    kinds["work"] = lambda run: None
    job = _start(user)
    Job.objects.filter(pk=job.pk).update(state="running", heartbeat_at=timezone.now() - timedelta(seconds=30))
    assert take_up_stale_jobs(now=timezone.now()) == []


def test_work_that_cannot_report_for_minutes_is_not_taken_for_a_killed_workers(
    committed_db, kinds, monkeypatch, settings, tmp_path
) -> None:
    settings.FILES_ROOT = tmp_path
    monkeypatch.setattr(jobs, "SECONDS_BETWEEN_BEATS", 0.01)
    taken_up = []

    def work(run: JobRun) -> None:
        long_ago = timezone.now() - timedelta(minutes=5)
        Job.objects.update(heartbeat_at=long_ago)
        with run.long_step():
            deadline = time.monotonic() + 10
            while Job.objects.get().heartbeat_at == long_ago and time.monotonic() < deadline:
                time.sleep(0.01)
            taken_up.extend(take_up_stale_jobs(now=timezone.now()))
        run.finish("report.txt", b"whole", "text/plain")

    make_fund()
    kinds["work"] = work
    job = _run(_start(make_user("registrar")))
    assert (taken_up, job.state, job.attempt) == ([], "done", 1)


def test_cancelled_work_that_was_taken_up_shows_no_inner_word(kinds, user) -> None:
    kinds["work"] = lambda run: None
    job = _left_by_a_killed_worker(user)
    take_up_stale_jobs(now=timezone.now())
    cancel_job(job, now=timezone.now())
    job.refresh_from_db()
    assert (job.state, job.error) == ("cancelled", "")


def test_a_job_that_kills_its_worker_twice_is_given_up(kinds, user) -> None:
    kinds["work"] = lambda run: None
    job = _left_by_a_killed_worker(user)
    Job.objects.filter(pk=job.pk).update(error=TAKEN_UP)
    assert take_up_stale_jobs(now=timezone.now()) == []
    job.refresh_from_db()
    assert job.state == "failed"


def test_the_page_polls_while_the_work_runs_and_stops_at_its_end(kinds, user) -> None:
    kinds["work"] = lambda run: None
    job = _start(user)
    client = english_client(user)
    waiting = client.get(f"/jobs/{job.pk}/").content.decode()
    assert 'hx-trigger="every 1s"' in waiting
    _run(job)
    part = client.get(f"/jobs/{job.pk}/", headers={"hx-request": "true"}).content.decode()
    assert part.startswith('<div id="job"')
    assert "hx-trigger" not in part


def test_nobody_sees_the_job_of_another(kinds, user) -> None:
    kinds["work"] = lambda run: None
    job = _start(user)
    client = english_client(make_user("administrator"))
    codes = [client.get(f"/jobs/{job.pk}/").status_code, client.get(f"/jobs/{job.pk}/result/").status_code]
    assert [*codes, client.post(f"/jobs/{job.pk}/cancel/").status_code] == [404, 404, 404]
