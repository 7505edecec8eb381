"""Batches of papers, each in a process of its own as the worker would make it: seconds, pages, memory of all at once.

Memory is the sum over the process and its children of what they hold, what they share counted once (PSS), looked at
five times a second (Linux).
"""

import json
import os
import subprocess
import sys
import tempfile
import time
import uuid
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pikepdf
from django.conf import settings
from django.db.models import Max
from django.utils import timezone

from bansong_fund.bench.measure import Timed
from ledger.models import Receipt, ReceiptCopy
from ledger.receipt_copies import RECEIPTS
from members.models import Fund
from office.job_files import drop_file, result_path
from office.jobs import run_job, start_job
from office.models import Job, User
from reports.batches import MEMBER_STATEMENTS

MOST_MEMBERS = 10_000
MOST_PAPERS, FEW_PAPERS = 4_118, 8
SECONDS_BETWEEN_LOOKS = 0.2


def measure_batches(members: int, say: Callable[[str], None]) -> list[Timed]:
    """Receipts and statements, with one process and with two.

    Nothing in a fund larger than the aims are for; in a smaller one a few papers, to see that it runs.
    """
    if members > MOST_MEMBERS:
        return []
    papers, counts = (MOST_PAPERS, (1, 2)) if members >= MOST_PAPERS else (FEW_PAPERS, (2,))
    return [_measured(kind, papers, count, say) for kind in ("receipts", "statements") for count in counts]


def _measured(kind: str, papers: int, processes: int, say: Callable[[str], None]) -> Timed:
    name = f"batch of {kind}, {processes} process{'es' if processes > 1 else ''}"
    say(name)
    with tempfile.TemporaryDirectory() as folder:
        answer = Path(folder) / "answer.json"
        words = ("bench_batch", f"--kind={kind}", f"--papers={papers}", f"--output={answer}")
        command = [sys.executable, "manage.py", *words]
        environment = os.environ | {"PAPER_PROCESSES": str(processes)}
        with subprocess.Popen(command, cwd=settings.BASE_DIR, env=environment) as process:
            peak = 0.0
            while process.poll() is None:
                peak = max(peak, sum(map(_megabytes, _with_children(process.pid))))
                time.sleep(SECONDS_BETWEEN_LOOKS)
        if process.returncode:
            return Timed(name, is_paper=False, fault="it ended with an error; its words stand above")
        found = json.loads(answer.read_text(encoding="utf-8"))
    return Timed(name, is_paper=False, seconds=[found["seconds"]], peak_megabytes=round(peak), pages=found["pages"])


def _with_children(pid: int) -> Iterator[int]:
    yield pid
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return
    for child in children:
        yield from _with_children(int(child))


def _megabytes(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:  # it has just ended
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("Pss:")), 0.0)


# --- what the process of its own does --------------------------------------------------------------------------


def make_batch(kind: str, papers: int) -> dict[str, float]:
    """Order a batch and carry it out here; seconds from its beginning to its file, and the file's pages."""
    job = _ordered(kind, papers)
    began = time.perf_counter()
    run_job.call(job.pk)
    seconds = time.perf_counter() - began
    job.refresh_from_db()
    if job.state != Job.State.DONE:
        raise RuntimeError(f"the batch ended {job.state}: {job.error}")
    pages = _pages_of(result_path(job.stored_name))
    drop_file(job)
    return {"seconds": seconds, "pages": pages}


def _pages_of(path: Path) -> int:
    """Of a PDF, or of all volumes in a ZIP."""
    if not zipfile.is_zipfile(path):
        with pikepdf.open(path) as document:
            return len(document.pages)
    pages = 0
    with zipfile.ZipFile(path) as packed:
        for name in packed.namelist():
            with packed.open(name) as volume, pikepdf.open(volume) as document:
                pages += len(document.pages)
    return pages


def _ordered(kind: str, papers: int) -> Job:
    treasurer = User.objects.filter(role_grants__revoked_at=None, role_grants__role="treasurer").order_by("pk")[0]
    who = {"by": treasurer, "now": timezone.now()}
    if kind == "statements":
        return start_job(MEMBER_STATEMENTS, _every_statement(papers), **who)
    keys = Receipt.objects.filter(book="", void=None).order_by("-pk").values_list("pk", flat=True)[:papers]
    number = (ReceiptCopy.objects.aggregate(last=Max("number"))["last"] or 0) + 1
    copies = ReceiptCopy.objects.bulk_create(
        ReceiptCopy(request_id=uuid.uuid4(), receipt_id=key, number=number, made_by=treasurer) for key in keys
    )
    asked = {"copies": [copy.pk for copy in copies], "site": "https://fund.example", "paper_language": "th"}
    return start_job(RECEIPTS, asked, **who)


def _every_statement(papers: int) -> dict[str, object]:
    """Of the whole fund, or of its first community where fewer are asked for than the fund has."""
    today = Fund.objects.get().demo_day
    span = {"span": "", "first": today.replace(month=1, day=1).isoformat(), "last": today.isoformat()}
    return {**span, "community": 1 if papers < MOST_PAPERS else None, "paper_language": "th"}
