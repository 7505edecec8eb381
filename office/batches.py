"""Papers of many pages on the worker: cut into parts, laid out in child processes, bound into one file.

The worker draws the HTML, for which it needs the database; each part of it is laid out by a child of its own, which
ends with its part and gives all its memory back. So memory is bounded by the part, not by the batch; the worker keeps
reporting while a part takes long, and a cancel ends at once what is being laid out.
"""

import gc
import logging
import multiprocessing
import os
import signal
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from multiprocessing import connection
from multiprocessing.context import ForkProcess
from pathlib import Path
from typing import Self

import pikepdf
from django.conf import settings
from django.utils.translation import gettext as _

from bansong_fund.embedded_postgres import die_with_parent
from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.paper_parts import Drawn, parts_of
from bansong_fund.lib.pdf import PAPER_STYLESHEETS, Language, bind_into, render_together
from office.job_files import NoRoom, told_when_full
from office.jobs import SECONDS_BETWEEN_REPORTS, JobRun

log = logging.getLogger(__name__)
PDF, ZIP = "application/pdf", "application/zip"
PAGES_OF_A_VOLUME = 500
POLITE = 10  # pages that people wait for come first
FAILED, NO_ROOM = 1, 28

forked = multiprocessing.get_context("fork")


class PartNotLaidOut(DomainError):
    """The machine ended a child: for want of memory, as a rule."""


def batch(
    run: JobRun,
    papers: Iterable[Drawn],
    *,
    total: int,
    name: str,
    title: str,
    language: Language = "th",
    stylesheets: tuple[str, ...] = PAPER_STYLESHEETS,
    pictures: Mapping[str, bytes] | None = None,
    page_numbers: Callable[[int], bytes] | None = None,
) -> None:
    """Lay the papers out, bind them in their order and keep the file as `name`; `total` of them are reported.

    More than 500 pages are bound in several volumes, in a ZIP.

    `papers` is asked for the next one when there is room for it; at least one. `page_numbers` are drawn where there
    are several papers, which are then one volume. The rest as in `pdf.render_together` and `pdf.bind`. Raises NoRoom,
    PartNotLaidOut, JobCancelled.
    """
    lay_out = partial(render_together, title=title, language=language, stylesheets=stylesheets, pictures=pictures)
    run.step(0, total=total)
    with Crew(run) as crew:
        files, count = _laid_out(crew, papers, lay_out)
        bind = partial(_bind, title=title, language=language, page_numbers=page_numbers if count > 1 else None)
        volumes = [files] if page_numbers else list(_volumes(files))
        bound = _bound(crew, volumes, name, bind)
        if len(bound) > 1:
            packed = run.folder() / "volumes.zip"
            crew.begin(partial(_pack, bound, packed))
            crew.await_all()
    if len(bound) > 1:
        run.finish(f"{name.removesuffix('.pdf')}.zip", packed, ZIP)
    else:
        run.finish(name, bound[0], PDF)
    run.step(total, total=total)


def _laid_out(crew: "Crew", papers: Iterable[Drawn], lay_out: Callable[..., bytes]) -> tuple[list[Path], int]:
    """The parts as files, in their order, and of how many papers they are."""
    files, count = [], 0
    for place, part in enumerate(parts_of(papers)):
        files.append(crew.run.folder() / f"{place:05d}.pdf")
        html = [paper.html for paper in part]
        crew.begin(partial(_write, partial(lay_out, html), files[-1]), count=sum(paper.count for paper in part))
        count += len(html)
    crew.await_all()
    return files, count


def _bound(crew: "Crew", volumes: Sequence[list[Path]], name: str, bind: "partial[None]") -> list[Path]:
    """Each volume as one file. What is but one part stays as it is."""
    bound = [crew.run.folder() / _volume_name(name, place, len(volumes)) for place in range(1, len(volumes) + 1)]
    for path, parts in zip(bound, volumes, strict=True):
        if len(parts) > 1 or bind.keywords["page_numbers"]:
            crew.begin(partial(bind, parts, path))
        else:
            parts[0].rename(path)
    crew.await_all()
    return bound


def _volumes(files: list[Path]) -> Iterator[list[Path]]:
    """The parts in volumes of at most a ream: a bound paper is held in memory with all its tags, 0.3 MB a page."""
    volume: list[Path] = []
    pages = 0
    for file in files:
        with pikepdf.open(file) as part:
            more = len(part.pages)
        if volume and pages + more > PAGES_OF_A_VOLUME:
            yield volume
            volume, pages = [], 0
        volume.append(file)
        pages += more
    yield volume


def _volume_name(name: str, place: int, volumes: int) -> str:
    """receipts-2-of-9.pdf; the only volume has no number."""
    return f"{name.removesuffix('.pdf')}-{place:02d}-of-{volumes:02d}.pdf" if volumes > 1 else "bound.pdf"


def _pack(volumes: list[Path], path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as packed:
        for volume in volumes:
            packed.write(volume, volume.name)


def _write(lay_out: Callable[[], bytes], path: Path) -> None:
    path.write_bytes(lay_out())


def _bind(
    files: list[Path], bound: Path, *, title: str, language: Language, page_numbers: Callable[[int], bytes] | None
) -> None:
    with bound.open("wb") as out:
        bind_into(out, files, title=title, language=language, page_numbers=page_numbers)


# --- children -----------------------------------------------------------------------------------------------------


@dataclass
class Crew:
    """The children of a run, at most `settings.PAPER_PROCESSES` at once. None outlives it, whatever happens."""

    run: JobRun
    done: int = 0
    _children: dict[ForkProcess, int] = field(default_factory=dict)  # and what each reports when it has ended

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        for child in self._children:
            child.kill()
        for child in self._children:
            child.join()

    def begin(self, work: Callable[[], None], *, count: int = 0) -> None:
        """Have a child do the work, as soon as there is room for one more."""
        self._await(settings.PAPER_PROCESSES - 1)
        child = forked.Process(target=_in_child, args=(work, os.getpid()), daemon=True)
        child.start()
        self._children[child] = count

    def await_all(self) -> None:
        self._await(0)

    def _await(self, most: int) -> None:
        """Report until at most so many children are at work. Raises for a child that failed."""
        while len(self._children) > most:
            connection.wait([child.sentinel for child in self._children], SECONDS_BETWEEN_REPORTS)
            for child in [child for child in self._children if child.exitcode is not None]:
                self.done += self._children.pop(child)
                _refuse_failure(child.exitcode)
            self.run.step(self.done)


def _refuse_failure(code: int | None) -> None:
    if code == NO_ROOM:
        raise NoRoom
    if code is not None and code < 0:
        message = _(
            "The machine ended the laying out of pages, most likely for want of memory. Try again when it has less to"
            " do, or ask for less at once."
        )
        raise PartNotLaidOut(message)
    if code:
        raise RuntimeError("a child could not do its part; its own words stand in the log above")


def _in_child(work: Callable[[], None], parent: int) -> None:
    """Do the work and end, by the code that says how. A stop is the worker's to answer; its death is ours too."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    if (bind_life := die_with_parent(signal.SIGKILL)) is not None:
        bind_life()
    if os.getppid() != parent:
        os._exit(FAILED)
    os.nice(POLITE)
    gc.disable()  # all that laying out makes lives until its end, and the worker's objects stay shared
    try:
        with told_when_full():
            work()
    except NoRoom:
        os._exit(NO_ROOM)
    except BaseException:
        log.exception("a part was not done")
        os._exit(FAILED)
    os._exit(0)
