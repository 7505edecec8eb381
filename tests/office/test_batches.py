"""Batches of papers on the worker: parts, cancel, a full disk, a killed child; how long a file is kept."""

import os
import resource
import signal
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import psutil
import pytest
from django.db import connection
from django.utils import timezone

from bansong_fund.lib import paper_parts
from bansong_fund.lib.paper_parts import Drawn
from members.leaders import end_leadership
from members.models import Leadership
from office import batches, jobs
from office.batches import batch
from office.job_files import KEPT_AFTER_FETCHING, KEPT_FOR, YOUNG, sweep
from office.jobs import (
    JobRun,
    await_the_next_round,
    cancel_job,
    make_the_round,
    result_path,
    run_job,
    start_job,
    take_up_stale_jobs,
)
from office.models import Job, RoleGrant, User
from tests.factories import CommunityFactory, make_fund, make_user
from tests.members.test_papers import tags
from tests.office.conftest import english_client
from tests.pdf_reading import page_texts

PAPERS = 5


@pytest.fixture
def kinds(monkeypatch) -> dict:
    known: dict = {}
    monkeypatch.setattr(jobs, "JOB_KINDS", known)
    return known


@pytest.fixture
def user(db, settings, tmp_path) -> User:
    settings.FILES_ROOT = tmp_path
    settings.PAPER_PROCESSES = 2
    make_fund()
    return make_user("registrar")


def page(number: int) -> Drawn:
    return Drawn(f"<!DOCTYPE html><html lang='en'><body><h1>Page {number}</h1><p>กำ ผู้ {number}</p></body></html>")


def papers(run: JobRun, count: int = PAPERS) -> None:
    batch(run, map(page, range(1, count + 1)), total=count, name="pages.pdf", title="Pages", language="en")


@pytest.fixture
def each_alone(monkeypatch) -> None:
    """Each paper is a part, so that a few of them are a batch."""
    monkeypatch.setattr(paper_parts, "LETTERS_OF_A_PART", 1)


def done(user: User) -> Job:
    """The job after its run, as this process's worker does it."""
    job = start_job("work", {}, by=user, now=timezone.now())
    run_job.call(job.pk)
    job.refresh_from_db()
    return job


def left_over() -> list[Path]:
    """What lies among the results and is no job's file."""
    named = set(Job.objects.values_list("stored_name", flat=True))
    folder = result_path("x").parent
    return [path for path in folder.iterdir() if path.name not in named] if folder.exists() else []


def test_a_batch_is_laid_out_in_parts_and_bound_in_order_with_its_tags(kinds, user, each_alone) -> None:
    kinds["work"] = papers
    job = done(user)
    assert (job.state, job.done, job.total, job.result_name) == ("done", PAPERS, PAPERS, "pages.pdf")
    pdf = result_path(job.stored_name).read_bytes()
    assert [text.split()[1] for text in page_texts(pdf)] == ["1", "2", "3", "4", "5"]
    assert {"/H1", "/P"} - tags(pdf) == set()
    assert left_over() == []


def test_more_pages_than_a_ream_are_bound_in_volumes(kinds, user, each_alone, monkeypatch) -> None:
    monkeypatch.setattr(batches, "PAGES_OF_A_VOLUME", 2)
    kinds["work"] = papers
    job = done(user)
    assert (job.state, job.result_name, job.content_type) == ("done", "pages.zip", "application/zip")
    with zipfile.ZipFile(result_path(job.stored_name)) as packed:
        found = {name: [text.split()[1] for text in page_texts(packed.read(name))] for name in packed.namelist()}
    assert found == {
        "pages-01-of-03.pdf": ["1", "2"],
        "pages-02-of-03.pdf": ["3", "4"],
        "pages-03-of-03.pdf": ["5"],
    }
    assert left_over() == []


def test_a_cancel_ends_what_is_being_laid_out_and_leaves_nothing(kinds, user, each_alone, monkeypatch) -> None:
    monkeypatch.setattr(jobs, "SECONDS_BETWEEN_REPORTS", 0.0)
    children: list[int] = []

    def work(run: JobRun) -> None:
        def drawn() -> Iterator[Drawn]:
            yield page(1)
            yield page(2)
            children.extend(child.pid for child in batches.forked.active_children())
            cancel_job(run.job, now=timezone.now())
            yield page(3)

        batch(run, drawn(), total=3, name="pages.pdf", title="Pages")

    kinds["work"] = work
    job = done(user)
    assert (job.state, job.stored_name, left_over()) == ("cancelled", "", [])
    assert len(children) >= 1
    assert [pid for pid in children if Path(f"/proc/{pid}").exists()] == []


@contextmanager
def no_file_larger_than(count: int) -> Iterator[None]:
    """The system refuses to write more bytes into a file, in this process and its children: a disk that is full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (count, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize(
    ("at_most", "work"),
    [
        pytest.param(2_000, papers, id="a part"),
        pytest.param(28_000, papers, id="the bound file"),
        pytest.param(2_000, lambda run: (run.folder() / "x").write_bytes(b"x" * 3_000), id="a file of its own"),
        pytest.param(2_000, lambda run: run.finish("list.txt", b"x" * 3_000, "text/plain"), id="bytes"),
    ],
)
def test_a_disk_that_is_full_fails_the_job_in_words_and_leaves_nothing(kinds, user, each_alone, at_most, work) -> None:
    kinds["work"] = work
    with no_file_larger_than(at_most):
        job = done(user)
    assert (job.state, job.stored_name, left_over()) == ("failed", "", [])
    assert "ดิสก์เต็ม" in job.error or "disk is full" in job.error
    assert done(user).state == "done"  # other work goes on


def test_a_child_that_the_machine_ends_fails_the_job_in_words(kinds, user, monkeypatch) -> None:
    monkeypatch.setattr(batches, "_write", lambda *_given: os.kill(os.getpid(), signal.SIGKILL))
    kinds["work"] = papers
    job = done(user)
    assert (job.state, job.stored_name, left_over()) == ("failed", "", [])
    assert "memory" in job.error or "หน่วยความจำ" in job.error


def test_a_killed_worker_takes_its_children_along_and_its_batch_is_made_anew(
    committed_db, kinds, settings, tmp_path, monkeypatch
) -> None:
    """A real SIGKILL amid the parts: no child goes on, no half file is there, the next worker makes the whole."""
    settings.FILES_ROOT, settings.PAPER_PROCESSES = tmp_path, 2
    monkeypatch.setattr(paper_parts, "LETTERS_OF_A_PART", 1)
    make_fund()
    kinds["work"] = lambda run: papers(run, 8)
    job = start_job("work", {}, by=make_user("registrar"), now=timezone.now())
    worker = batches.forked.Process(target=_as_a_worker, args=(job.pk,))
    worker.start()
    parts = tmp_path / "results" / f"job-{job.pk}-1"
    _wait_for(lambda: len(list(parts.glob("*.pdf"))) >= 2)
    children = psutil.Process(worker.pid).children()
    worker.kill()
    worker.join()
    assert len(children) >= 1
    _wait_for(lambda: not any(child.is_running() and child.status() != "zombie" for child in children))
    assert Job.objects.get().stored_name == ""
    assert take_up_stale_jobs(now=timezone.now() + timedelta(minutes=5)) == [job.pk]
    run_job.call(job.pk)
    job.refresh_from_db()
    assert (job.state, job.done, job.attempt) == ("done", 8, 2)
    assert len(page_texts(result_path(job.stored_name).read_bytes())) == 8
    sweep(now=timezone.now())
    assert left_over() == []


def _as_a_worker(job_id: int) -> None:
    connection.connection = None  # the test's own, which this process must not use
    run_job.call(job_id)


def _wait_for(is_so: Callable[[], object]) -> None:
    deadline = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_run_that_was_thought_dead_does_not_speak_for_the_one_after_it(kinds, user) -> None:
    def work(run: JobRun) -> None:
        Job.objects.update(attempt=run.job.attempt + 1)  # meanwhile another worker has taken it up
        run.finish("list.txt", b"old", "text/plain")

    kinds["work"] = work
    job = done(user)
    assert (job.state, job.stored_name, left_over()) == ("running", "", [])


# --- how long a file is kept ----------------------------------------------------------------------------------------


@pytest.fixture
def made(kinds, user) -> Job:
    kinds["work"] = lambda run: run.finish("list.txt", b"three rows", "text/plain")
    return done(user)


def test_a_file_waits_a_week_for_who_asked_and_a_day_once_it_was_fetched(made, user) -> None:
    assert made.expires_at - made.finished_at == pytest.approx(KEPT_FOR, abs=timedelta(seconds=5))
    client, before = english_client(user), timezone.now()
    assert "kept for you until" in client.get(f"/jobs/{made.pk}/").content.decode()
    assert b"".join(client.get(f"/jobs/{made.pk}/result/").streaming_content) == b"three rows"
    made.refresh_from_db()
    assert made.expires_at - before == pytest.approx(KEPT_AFTER_FETCHING, abs=timedelta(seconds=5))
    assert b"".join(client.get(f"/jobs/{made.pk}/result/").streaming_content) == b"three rows"
    assert "list.txt" in client.get("/jobs/").content.decode()


def test_a_file_whose_time_is_over_is_fetched_by_nobody_and_swept_away(made, user) -> None:
    path = result_path(made.stored_name)
    sweep(now=timezone.now() + KEPT_FOR - timedelta(minutes=1))
    assert path.exists()
    Job.objects.update(expires_at=timezone.now())
    client = english_client(user)
    assert client.get(f"/jobs/{made.pk}/result/")["Location"] == f"/jobs/{made.pk}/"  # whose page says it
    sweep(now=timezone.now())
    assert not path.exists()
    assert "not kept any more" in client.get(f"/jobs/{made.pk}/").content.decode()
    assert "not kept any more" in client.get("/jobs/").content.decode()


def test_only_who_asked_sees_and_fetches_the_file(made) -> None:
    other = english_client(make_user("administrator"))
    assert [other.get(f"/jobs/{made.pk}/{part}").status_code for part in ("", "result/")] == [404, 404]
    assert "list.txt" not in other.get("/jobs/").content.decode()


def test_a_file_is_not_handed_out_in_other_roles_than_it_was_ordered_in(made, user) -> None:
    """The role was taken back; or on her phone, where who is registrar and leader acts as a leader alone."""
    user.role_grants.update(revoked_at=timezone.now())
    RoleGrant.objects.create(user=user, role="leader")
    client = english_client(user)
    assert client.get(f"/jobs/{made.pk}/result/")["Location"] == f"/jobs/{made.pk}/"
    assert "not handed out here" in client.get(f"/jobs/{made.pk}/").content.decode()
    user.role_grants.update(revoked_at=None)
    assert b"".join(client.get(f"/jobs/{made.pk}/result/").streaming_content) == b"three rows"


def test_the_work_sees_what_its_user_saw_when_she_ordered_it(kinds, user) -> None:
    """Ordered on the phone of a leader who is registrar, too: the worker must not make it as a registrar."""
    RoleGrant.objects.create(user=user, role="leader")
    user.roles = frozenset({"leader"})  # as PhoneMiddleware has it
    seen: list[frozenset] = []
    kinds["work"] = lambda run: seen.append(run.job.requested_by.roles)
    done(user)
    assert seen == [{"leader"}]


def test_whoever_leads_a_community_no_more_has_no_file_of_it(made, user) -> None:
    running = Job.objects.create(kind="work", state="running", requested_by=user)
    leadership = Leadership.objects.create(user=user, community=CommunityFactory(), since=made.requested_at)
    today = timezone.localdate()
    end_leadership(leadership=leadership, until=today, by=make_user("administrator"), now=timezone.now())
    assert "not kept any more" in english_client(user).get(f"/jobs/{made.pk}/").content.decode()
    running.refresh_from_db()
    assert running.cancel_requested
    sweep(now=timezone.now() + YOUNG)
    assert not result_path(made.stored_name).exists()


def test_the_sweep_takes_what_no_job_names_and_leaves_what_is_at_work(made) -> None:
    folder, old = result_path("x").parent, timezone.now().timestamp() - 7200
    for name in ("orphan", "young"):
        (folder / name).write_bytes(b"half")
    os.utime(folder / "orphan", (old, old))
    at_work = Job.objects.create(kind="work", state="running", attempt=2, requested_by=made.requested_by)
    for name in (f"job-{at_work.pk}-1", f"job-{at_work.pk}-2", f"job-{made.pk}-1", "job-x-y"):
        (folder / name).mkdir()
    sweep(now=timezone.now())
    found = {path.name for path in folder.iterdir()}
    assert found == {made.stored_name, "young", f"job-{at_work.pk}-2", "job-x-y"}


def test_the_worker_makes_its_round_again_and_again_one_at_a_time(user) -> None:
    now = timezone.now()
    for _ in range(2):
        await_the_next_round(now=now)
    assert jobs.DBTaskResult.objects.count() == 1
    make_the_round.call()
    assert jobs.DBTaskResult.objects.count() == 1
