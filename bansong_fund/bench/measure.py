"""Measures the pages of one database: queries, then time under two visitors, beside the bare page.

A page and the bare page take turns in blocks, so that whatever else the machine does falls on both.
"""

import itertools
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from bansong_fund.bench.client import Answer, Visitor, WrongAnswer, form_of, words_of
from bansong_fund.bench.pages import BARE, PAGES, Page, there_is
from bansong_fund.bench.server import Server
from bansong_fund.bench.visitors import Subjects, sign_in
from bansong_fund.bench.yardsticks import PAPER_ALONE

VISITORS = 2
BLOCKS = 4
WARMING = 3
LEAST_REQUESTS = 6
ALONE = Page("WeasyPrint alone", "treasurer", PAPER_ALONE, is_paper=True)


@dataclass(frozen=True, slots=True)
class Timed:
    """What was seen of one page: seconds of every request, and of those to the page it is held against."""

    name: str
    is_paper: bool
    queries: int | None = None
    seconds: list[float] = field(default_factory=list)
    beside: list[float] = field(default_factory=list)  # the bare page's, or WeasyPrint alone's
    peak_megabytes: float = 0.0
    bytes_sent: int = 0
    fault: str = ""
    aim: float | None = None  # of what is held against so many seconds and no page
    pages: int = 0  # of a batch


class Bench:
    def __init__(self, server: Server, subjects: Subjects, requests: int) -> None:
        self.server, self.subjects, self.requests = server, subjects, requests
        # so few only ask whether it runs at all: every visitor comes once, and nothing takes turns
        self.blocks, self.warming = (BLOCKS, WARMING) if requests >= LEAST_REQUESTS else (1, 1)
        self._cookies = {role: sign_in(role) for role in {page.role for page in (BARE, *PAGES)}}

    def measure_all(self, say: Callable[[str], None]) -> list[Timed]:
        """Every page of the program, the bare page first. A page that cannot be measured says why."""
        found = []
        for page in (BARE, *PAGES):
            if not there_is(page, self.subjects):
                found.append(Timed(page.name, page.is_paper, fault=f"no route {page.view}"))
                continue
            say(page.name)
            try:
                found.append(self.measure(page))
            except (WrongAnswer, OSError) as error:
                found.append(Timed(page.name, page.is_paper, fault=str(error)))
        return found

    def measure(self, page: Page) -> Timed:
        """Warm both workers, count the queries, then time blocks of the page and of what it is held against."""
        addresses = self._addresses(page)
        beside = ALONE if page.is_paper else BARE if page.aim is None else None
        block = max(int(self.requests * page.share), LEAST_REQUESTS) // BLOCKS + 1
        self._block(page, addresses, self.warming * VISITORS)
        if beside is not None:
            self._block(beside, self._addresses(beside), self.warming * VISITORS)
        counted = self._visit(page, self._visitor(page), addresses, count=True)
        seconds, others = [], []
        self.server.forget_peak()
        for _ in range(self.blocks):
            if beside is not None:
                others += self._block(beside, self._addresses(beside), block)
            seconds += self._block(page, addresses, block)
        peak = round(self.server.peak_megabytes(), 1)
        found = Timed(page.name, page.is_paper, counted.queries, seconds, others, peak, len(counted.body))
        return replace(found, aim=page.aim)

    def _visitor(self, page: Page) -> Visitor:
        return Visitor(self.server.port, dict(self._cookies[page.role]))

    def _addresses(self, page: Page) -> Iterator[dict[str, Any]]:
        if page.button is not None:
            return page.button(self.subjects)
        return itertools.repeat(page.address(self.subjects))

    def _block(self, page: Page, addresses: Iterator[dict[str, Any]], count: int) -> list[float]:
        """So many requests by two visitors at once; the seconds of each."""
        work = [list(itertools.islice(addresses, count - count // 2)), list(itertools.islice(addresses, count // 2))]
        if not work[0]:
            raise WrongAnswer(f"{page.name}: nothing is left to be done; grow a larger fund or ask for fewer requests")
        seconds: list[float] = []
        faults: list[Exception] = []

        def visit(todo: list[dict[str, Any]]) -> None:
            visitor = self._visitor(page)
            try:
                seconds.extend(self._visit(page, visitor, iter([address])).seconds for address in todo)
            except (WrongAnswer, OSError) as fault:
                faults.append(fault)

        threads = [threading.Thread(target=visit, args=(todo,)) for todo in work]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if faults:
            raise faults[0]
        return seconds

    def _visit(
        self, page: Page, visitor: Visitor, addresses: Iterator[dict[str, Any]], *, count: bool = False
    ) -> Answer:
        address = next(addresses)
        path = page.path(self.subjects, address)
        if page.button is None:
            answer = visitor.get(path, count=count)
            return _expected(answer, 200, page, path)
        form = _expected(visitor.get(path, compressed=False), 200, page, path)
        fields = form_of(form.body, page.changes(self.subjects, address))
        answer = visitor.post(path, fields, count=count)
        return _expected(answer, 302, page, path)


def _expected(answer: Answer, status: int, page: Page, path: str) -> Answer:
    if answer.status == status:
        return answer
    raise WrongAnswer(f"{page.name}: {path} answered {answer.status} {answer.location}: {words_of(answer.body)}")
