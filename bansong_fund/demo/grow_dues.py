"""Dues of a grown fund: each community's sheets of about 250 members a year, some members at the office."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import cache, partial

from django.db import connection

from bansong_fund.demo.grow_books import Books, Posted, Posting
from bansong_fund.demo.grow_people import Person
from bansong_fund.demo.grow_tables import NULL, Table
from bansong_fund.demo.grow_world import World
from bansong_fund.lib.thai_dates import be_year
from contributions.models import CollectionLine, CollectionSheet, DuesCover, DuesPayment
from contributions.periods import span_words
from ledger.models import AccountRole, EntryKind, ReceiptKind
from office.models import User

Event = tuple[date, Callable[[], None]]

DUES = Decimal("365.00")
ON_A_SHEET = 250
ONE_IN_OFFICE = 33
DAYS_OF_A_DRIVE = 70
SHEET_COLUMNS = (
    *("year_be", "number", "community_id", "collector_id", "opened_on", "submitted_on", "total", "submission_entry_id"),
    *("state", "accepted_on", "accepted_by_id", "counted", "acceptance_entry_id"),
)
PAYMENT_COLUMNS = (
    *("membership_id", "member_id", "receipt_id", "sheet_id", "amount", "covers_from", "covers_until", "paid_on"),
    "collected_by_id",
)
# In the order of the members, so that the proof that nobody pays a day twice finds each one's spans side by side.
COVERS = """
    INSERT INTO contributions_duescover (payment_id, member_id, covers)
    SELECT id, member_id, daterange(covers_from, covers_until, '[]')
      FROM contributions_duespayment ORDER BY member_id, covers_from
"""


@cache
def dues_words(first: date, last: date) -> tuple[str, str]:
    """The words of a receipt's line for a span, with room for the member's number."""
    thai, english = (span_words(first, last, language) for language in ("th", "en"))
    return f"เงินสมทบสมาชิก เลขที่ %d ประจำงวด {thai}", f"Contribution of member no. %d for {english}"


class Dues:
    """Plans a year's events and writes them when their day comes."""

    def __init__(self, world: World, books: Books) -> None:
        self.world, self.books = world, books
        self.cash = world.account(AccountRole.CASH)
        self.income = world.account(AccountRole.DUES)
        self.sheets = Table(CollectionSheet, SHEET_COLUMNS, world.rng)
        self.sheet_lines = Table(CollectionLine, ("sheet_id", "member_id", "amount", "paid_on"), world.rng)
        self.payments = Table(DuesPayment, PAYMENT_COLUMNS, world.rng)
        self.covers = Table(DuesCover, (), world.rng)  # filled from the payments, all at once
        self._sheet_rows: list[tuple[object, ...]] = []  # written at the end, when their acceptance is known
        self._sheet_of: dict[tuple[int, int, int], int] = {}  # year, community, place in the drive: key

    def tables(self) -> Sequence[Table]:
        return (self.sheets, self.sheet_lines, self.payments, self.covers)

    def finish(self) -> None:
        for row in self._sheet_rows:
            self.sheets.add(*row)
        for table in self.tables():
            table.finish()
        with connection.cursor() as cursor:
            cursor.execute(COVERS)

    def events_of(self, year: int, people: Sequence[Person]) -> Iterator[Event]:
        """The year's events: each who pays does so once, on a sheet or at the office."""
        doors: dict[int, list[Person]] = defaultdict(list)
        for person in people:
            if not person.joined.year <= year <= person.last_paid:
                continue
            if person.joined > date(year, 1, 1) or person.number % ONE_IN_OFFICE == 0:
                day = max(date(year, 1, 1) + timedelta(days=self.world.rng.randrange(150)), person.joined)
                yield day, partial(self._pay_at_office, day, person)
            else:
                doors[person.community].append(person)
        for community in range(1, self.world.communities + 1):
            yield from self._drive(year, doors[community])

    def _drive(self, year: int, payers: list[Person]) -> Iterator[Event]:
        count = -(-len(payers) // ON_A_SHEET)
        for place in range(count):
            chunk = payers[place * ON_A_SHEET : (place + 1) * ON_A_SHEET]
            shift = place * DAYS_OF_A_DRIVE // count + self.world.rng.randrange(5)
            day = date(year, 1, 12) + timedelta(days=shift)
            yield day, partial(self._submit, day, year, place, chunk)
            day += timedelta(days=self.world.rng.randrange(2, 8))
            yield day, partial(self._accept, day, year, place, chunk)

    # --- at the office ------------------------------------------------------------------------------------

    def _pay_at_office(self, day: date, person: Person) -> None:
        by = self.world.users["treasurer"]
        number, name = self.books.paper_number("receipt", day)
        line = Posting(self.cash, self.income, DUES, person.community, person.number)
        posted = self.books.post(day, EntryKind.RECEIPT.value, [line], by=by, document=("receipt", name))
        self._write_payment(person, day, number, posted, sheet=0, by=by)

    # --- at the doors -------------------------------------------------------------------------------------

    def _submit(self, day: date, year: int, place: int, payers: list[Person]) -> None:
        community, leader = payers[0].community, self.world.leaders[payers[0].community]
        collector = self.world.accounts[f"leader:{community}"]
        year_be = be_year(day)
        number = self.books.next_number("sheet", year_be)
        lines = [Posting(collector, self.income, DUES, community, one.number) for one in payers]
        posted = self.books.post(
            day, EntryKind.COLLECTION.value, lines, by=leader, document=("sheet", f"{year_be}/{number:04d}")
        )
        self._sheet_rows.append((year_be, number, community, leader.pk, day, day, DUES * len(payers), posted.entry))
        self._sheet_of[year, community, place] = len(self._sheet_rows)
        for offset, person in enumerate(payers):
            receipt = self.books.next_number("receipt", year_be)
            line = Posted(posted.entry, posted.first_line + offset)
            self._write_payment(person, day, receipt, line, sheet=len(self._sheet_rows), by=leader)

    def _accept(self, day: date, year: int, place: int, payers: list[Person]) -> None:
        community, treasurer = payers[0].community, self.world.users["treasurer"]
        sheet = self._sheet_of.pop((year, community, place))
        row = self._sheet_rows[sheet - 1]
        total = DUES * len(payers)
        line = Posting(self.cash, self.world.accounts[f"leader:{community}"], total, community)
        posted = self.books.post(
            day, EntryKind.HAND_OVER.value, [line], by=treasurer, document=("sheet", f"{row[0]}/{row[1]:04d}")
        )
        self._sheet_rows[sheet - 1] = (*row, "accepted", day, treasurer.pk, total, posted.entry)

    # --- both ---------------------------------------------------------------------------------------------

    def _write_payment(self, person: Person, day: date, number: int, posted: Posted, *, sheet: int, by: User) -> None:
        first, last = max(person.joined, date(day.year, 1, 1)), date(day.year, 12, 31)
        thai, english = dues_words(first, last)
        key = person.number
        receipt = self.books.receipt(
            day,
            number,
            ReceiptKind.DUES.value,
            posted,
            party=person.full_name,
            account=self.world.accounts[f"leader:{person.community}"] if sheet else self.cash,
            lines=[(thai % key, english % key, DUES)],
            by=by,
            person=person,
            covers=(first, last),
        )
        paid_on = day
        if sheet:
            paid_on = max(first, day - timedelta(days=number % 9))
            self.sheet_lines.add(sheet, key, DUES, paid_on)
        self.payments.add(key, key, receipt, sheet or NULL, DUES, first, last, paid_on, by.pk)
