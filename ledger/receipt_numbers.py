"""The register of all numbers: every receipt of a year in its order, the void ones with their reason, none missing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Count, Max, Min, Q, QuerySet, Sum

from bansong_fund.lib.money import ZERO
from ledger.models import DocumentSequence, Receipt, ReceiptBook, SpoiledNumber
from ledger.registers import PAGE

ALL, VOID = "", "void"
MISSING_SHOWN = 20

# The numbers between the first and the last that no receipt bears. There are none, unless rows were taken away.
MISSING = """
    SELECT n FROM generate_series(1, %s) AS n
    WHERE NOT EXISTS (SELECT 1 FROM ledger_receipt WHERE year_be = %s AND number = n AND book = '')
    ORDER BY n LIMIT %s
"""


@dataclass(frozen=True, slots=True)
class NumbersOfYear:
    """A year's numbers in sum: issued from 1 to `last`, `void` of them, the baht of those in force, what is missing."""

    year_be: int
    last: int
    issued: int
    void: int
    baht: Decimal
    missing: tuple[int, ...]

    @property
    def in_force(self) -> int:
        return self.issued - self.void


@dataclass(frozen=True, slots=True)
class BookCount:
    """A paper book: how many of its numbers were used, how many of those are void, how many spoiled, how many left."""

    book: ReceiptBook
    used: int
    void: int
    spoiled: int
    baht: Decimal

    @property
    def left(self) -> int:
        return self.book.last_number - self.book.first_number + 1 - self.used - self.spoiled


@dataclass(frozen=True, slots=True)
class NumberPage:
    """A page of the register. `next_after` is the number that the next page starts behind, None on the last one."""

    rows: Sequence[Receipt]
    next_after: int | None


def numbers_of_year(year_be: int) -> NumbersOfYear:
    """The sums of a year, in three queries; a fourth names what is missing where anything is."""
    # by the index of the numbers alone, which holds the totals; what is void is taken off by itself
    found = _issued(year_be).aggregate(issued=Count("number"), highest=Max("number"), baht=Sum("total"))
    void = _issued(year_be).filter(void__isnull=False).aggregate(count=Count("number"), baht=Sum("total"))
    taken = DocumentSequence.objects.filter(series="receipt", year_be=year_be).values_list("last", flat=True).first()
    last = max(taken or 0, found["highest"] or 0)
    missing = _missing(year_be, last) if found["issued"] != last else ()
    in_force = (found["baht"] or ZERO) - (void["baht"] or ZERO)
    return NumbersOfYear(year_be, last, found["issued"], void["count"], in_force, missing)


def _missing(year_be: int, last: int) -> tuple[int, ...]:
    with connection.cursor() as cursor:
        cursor.execute(MISSING, [last, year_be, MISSING_SHOWN])
        return tuple(row[0] for row in cursor.fetchall())


def _issued(year_be: int) -> QuerySet[Receipt]:
    return Receipt.objects.filter(year_be=year_be, book="")


def number_rows(year_be: int, which: str = ALL) -> QuerySet[Receipt]:
    """The receipts of a year in the order of their numbers, all or the void ones."""
    rows = _issued(year_be).select_related("void", "void__voided_by", "void__second_person").order_by("number")
    return rows.exclude(void=None) if which == VOID else rows


def number_page(year_be: int, which: str = ALL, after: int = 0) -> NumberPage:
    """Fifty numbers of the register."""
    rows = list(number_rows(year_be, which).filter(number__gt=after)[: PAGE + 1])
    return NumberPage(rows[:PAGE], rows[PAGE - 1].number if len(rows) > PAGE else None)


def paper_books(year_be: int) -> list[BookCount]:
    """The paper books that are out now, or whose numbers were used in the year, in three queries."""
    receipts = Receipt.objects.exclude(book="")
    used = {row["book"]: row for row in _sums_by_book(receipts)}
    in_year = set(receipts.filter(year_be=year_be).order_by().values_list("book", flat=True).distinct())
    books = ReceiptBook.objects.select_related("holder").filter(Q(returned_on=None) | Q(label__in=in_year))
    spoiled = dict(SpoiledNumber.objects.values_list("book").annotate(Count("pk")).order_by())
    nothing = {"used": 0, "voided": 0, "baht": ZERO}
    return [
        BookCount(book, found["used"], found["voided"], spoiled.get(book.pk, 0), found["baht"] or ZERO)
        for book in books
        for found in [used.get(book.label, nothing)]
    ]


def _sums_by_book(receipts: QuerySet[Receipt]) -> QuerySet[Receipt, Any]:
    sums = {"used": Count("pk"), "voided": Count("void"), "baht": Sum("total", filter=Q(void=None))}
    return receipts.order_by().values("book").annotate(**sums)


def years_with_receipts() -> list[int]:
    """The Buddhist years that may have receipts, newest first: all from the first to the last."""
    ends = Receipt.objects.aggregate(first=Min("year_be"), last=Max("year_be"))
    return list(range(ends["last"], ends["first"] - 1, -1)) if ends["first"] else []


def told(rows: QuerySet[Receipt], step: Any) -> Iterator[Receipt]:
    """The rows one by one, without keeping them; `step` hears how many are done."""
    for done, row in enumerate(rows.iterator(chunk_size=500), start=1):
        step(done)
        yield row
