"""`check_ledger`: proves that the books are what they promise to be, and names the rows that are not.

Each check is a function that yields `Problem`s (`ledger.checks`); the list `CHECKS` is the whole promise. Apps above
the ledger add theirs in their `ready()`.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass
from queue import Empty, SimpleQueue

from django.db import connection

from bansong_fund.lib.snapshots import one_moment, same_moment
from ledger import chain
from ledger.checks import accounts, entries, members, papers, passbooks, periods, reconciliations, transfers
from ledger.checks.base import Problem, rows
from ledger.models import LedgerHead


@dataclass(frozen=True, slots=True)
class Verdict:
    """What `check_ledger` found. `fingerprint` is the head of the chain as it is stored."""

    entries: int
    lines: int
    fingerprint: str
    last_number: int
    problems: tuple[Problem, ...]

    @property
    def clean(self) -> bool:
        return not self.problems


WORK_MEM = "64MB"  # of the server for each step of a query, so that millions of rows are sorted in memory
LANES = 2  # one for each of two cores: the server does the work


def check_ledger() -> Verdict:
    """Run every check on one snapshot of the books: what is posted meanwhile is in none of them."""
    with one_moment() as moment:
        head = LedgerHead.objects.first()
        problems = _all_problems(moment)
        count, lines = rows("SELECT (SELECT count(*) FROM ledger_entry), (SELECT count(*) FROM ledger_line)")[0]
    fingerprint, last = (head.chain_hash, head.number) if head else (chain.GENESIS_HASH, 0)
    return Verdict(count, lines, fingerprint, last, problems)


def _all_problems(moment: str | None) -> tuple[Problem, ...]:
    """Of every check, in the order of the list; side by side where other connections can see the moment."""
    waiting: SimpleQueue[int] = SimpleQueue()
    for place in range(len(CHECKS)):
        waiting.put(place)
    told: dict[int, list[Problem]] = {}

    def lane() -> None:
        with nullcontext() if moment is None else same_moment(moment):
            set_work_mem()
            while True:
                try:
                    place = waiting.get_nowait()
                except Empty:
                    return
                told[place] = list(CHECKS[place]())

    if moment is None:
        lane()
    else:
        with ThreadPoolExecutor(LANES) as pool:
            for done in [pool.submit(lane) for _ in range(LANES)]:
                done.result()
    return tuple(problem for place in sorted(told) for problem in told[place])


def set_work_mem() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('work_mem', %s, true)", [WORK_MEM])
        cursor.execute("SET LOCAL max_parallel_workers_per_gather = 0")  # the lanes are as many as the cores


CHECKS: list[Callable[[], Iterator[Problem]]] = [
    # the longest first, so that the others are done beside them
    entries.chain_unbroken,
    papers.papers_say_what_was_posted,
    entries.kept_sums_equal_the_lines,
    papers.entries_have_their_papers,
    accounts.accounts_are_as_charted,
    entries.numbers_without_gaps,
    entries.every_entry_has_lines,
    entries.memos_as_sealed,
    entries.reversals_mirror,
    entries.reversals_are_asked_for,
    entries.fingerprints_stand,
    entries.append_only_in_force,
    papers.papers_without_gaps,
    papers.voids_are_reversed,
    papers.paper_numbers_used_once,
    papers.copies_without_gaps,
    periods.closed_years_stay_closed,
    periods.closed_months_stay_closed,
    periods.closed_years_are_carried,
    periods.years_have_their_months,
    periods.opening_as_it_was_signed,
    transfers.fund_transfers_mirror,
    transfers.nothing_left_between_funds,
    passbooks.balances_follow,
    passbooks.ticks_fit_both_sides,
    reconciliations.reconciliations_hold,
    members.counts_of_members,
    members.members_are_where_their_stays_say,
]
