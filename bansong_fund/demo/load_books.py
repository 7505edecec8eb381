"""Writes the plan's money into the books, year by year in the order of its days, and closes the years.

A `Posting` is one entry with its papers, drafted by `load_money` and `load_payments`; the books are
written by the ledger's own building blocks, in bulk.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum
from itertools import groupby

from bansong_fund.demo.load_world import World, fixed_id
from bansong_fund.lib.thai_dates import be_year
from ledger.closing import close_year
from ledger.documents import PaperDraft, label, next_numbers, write_receipts, write_vouchers
from ledger.models import Document, Entry, EntryKind, FiscalYear, Line
from ledger.posting import EntryDraft, LineDraft, post_all
from office.models import User

RECEIPT, VOUCHER, SHEET = "receipt", "voucher", "sheet"
WRITERS = {RECEIPT: write_receipts, VOUCHER: write_vouchers}


class Order(IntEnum):
    """What comes first on a day: no place is ever below nought."""

    RECEIPT = 0
    HAND_OVER = 1
    WITHDRAWAL = 2
    PAYMENT = 3
    BANKING = 4


@dataclass(slots=True)
class Posting:
    """One entry to be, with the papers it goes by: one for all its lines, or one for each line.

    `number` is the document's number where it is known before (a sheet's); receipts and vouchers get
    theirs as they are posted. `entry` and `papers_written` are there afterwards.
    """

    name: str
    day: date
    order: Order
    kind: EntryKind
    by: User
    lines: Sequence[LineDraft]
    document: str = ""
    number: str = ""
    series: str = ""  # which papers are written: receipts or vouchers
    papers: Sequence[PaperDraft] = ()
    entry: Entry | None = None
    numbers: Sequence[int] = ()
    papers_written: list[Document] = field(default_factory=list)

    def draft(self) -> EntryDraft:
        number = self.number
        if self.document in WRITERS:
            number = label(be_year(self.day), self.numbers[0])
        return EntryDraft(
            date=self.day,
            kind=self.kind,
            lines=self.lines,
            posted_by=self.by,
            document_kind=self.document,
            document_number=number,
            request_id=fixed_id("entry", self.name),
        )

    def paper_rows(self) -> Iterator[tuple[PaperDraft, int, Entry, Sequence[Line]]]:
        lines = self.entry.posted_lines
        shares = [lines] if len(self.papers) == 1 else [[line] for line in lines]
        for paper, number, share in zip(self.papers, self.numbers, shares, strict=True):
            yield paper, number, self.entry, share


def write_books(world: World, postings: list[Posting]) -> None:
    """Post everything in the order of days and close each year but that of the plan's today, which is open."""
    postings.sort(key=lambda one: (one.day, one.order))
    for year, of_year in groupby(postings, key=lambda one: one.day.year):
        _write_year(world, year, list(of_year))
        if year < world.plan.today.year:
            closing = FiscalYear.objects.get(year_be=year + 543)
            close_year(closing, by=world.users["treasurer"], now=world.now, request_id=fixed_id("closing", year))


def _write_year(world: World, year: int, postings: list[Posting]) -> None:
    for series in WRITERS:
        mine = [one for one in postings if one.series == series]
        numbers = iter(next_numbers(series, year + 543, sum(len(one.papers) for one in mine)))
        for one in mine:
            one.numbers = [next(numbers) for _paper in one.papers]
    entries = post_all([one.draft() for one in postings], posted_at=world.now)
    for one, entry in zip(postings, entries, strict=True):
        one.entry = entry
    for series in WRITERS:
        _write_papers(world, series, [one for one in postings if one.series == series])


def _write_papers(world: World, series: str, postings: list[Posting]) -> None:
    by_hand: dict[str, list[Posting]] = defaultdict(list)
    for one in postings:
        by_hand[one.by.username].append(one)
    for username, mine in by_hand.items():
        rows = [row for one in mine for row in one.paper_rows()]
        papers = iter(WRITERS[series](rows, by=world.users[username], issued_at=world.now))
        for one in mine:
            one.papers_written = [next(papers) for _paper in one.papers]
