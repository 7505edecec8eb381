"""Reading paper receipt books: what became of each number, and which comes next."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from contributions.models import CollectionLine, DoorReceipt
from ledger.models import Receipt, ReceiptBook, SpoiledNumber
from office.models import User
from office.roles import WHOLE_FUND_ROLES


def visible_books(user: User) -> QuerySet[ReceiptBook]:
    """All books for the committee's staff; for a leader those that are, or were last, with her."""
    books = ReceiptBook.objects.select_related("holder", "given_by", "returned_to")
    return books if user.has_role(*WHOLE_FUND_ROLES) else books.filter(holder=user)


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a number: used, void (a receipt made void, or written wrongly), lost, blank, skipped, unused."""

    number: int
    kind: str
    door_receipt: DoorReceipt | None = None
    receipt: Receipt | None = None
    spoiled: SpoiledNumber | None = None
    names: str = ""


def fates_of(book: ReceiptBook) -> list[Fate]:
    """Every number of a book, in four queries. Skipped is an unused one below the last that was used or spoiled."""
    doors = {one.number: one for one in book.door_receipts.select_related("sheet")}
    receipts = {one.number: one for one in Receipt.objects.filter(book=book.label).select_related("void")}
    spoiled = {one.number: one for one in book.spoiled.select_related("written_by")}
    names = _names(doors.values())
    last = max([*doors, *spoiled, 0], key=lambda number: number or 0) or 0
    numbers = range(book.first_number, book.last_number + 1)
    return [
        _used(doors[number], receipts.get(number), names)
        if number in doors
        else _not_used(number, spoiled.get(number), last)
        for number in numbers
    ]


def _used(door: DoorReceipt, receipt: Receipt | None, names: dict[int, str]) -> Fate:
    kind = "void" if receipt is not None and hasattr(receipt, "void") else "used"
    return Fate(door.number or 0, kind, door, receipt, names=door.payer_name or names.get(door.pk, ""))


def _not_used(number: int, spoiled: SpoiledNumber | None, last: int) -> Fate:
    if spoiled is not None:
        return Fate(number, spoiled.kind, spoiled=spoiled)
    return Fate(number, "skipped" if number < last else "unused")


def _names(doors: Iterable[DoorReceipt]) -> dict[int, str]:
    lines = CollectionLine.objects.filter(door_receipt__in=doors).select_related("member").order_by("member__sort_key")
    found: dict[int, str] = {}
    for line in lines:
        before = found.get(line.door_receipt_id or 0)
        found[line.door_receipt_id or 0] = f"{before}, {line.member.full_name}" if before else line.member.full_name
    return found


def skipped_numbers(fates: Iterable[Fate]) -> list[int]:
    return [fate.number for fate in fates if fate.kind == "skipped"]


@dataclass(frozen=True, slots=True)
class BookCounts:
    """A book with how many of its numbers are used, void, lost or blank, skipped and unused, and the next one."""

    book: ReceiptBook
    used: int
    void: int
    spoiled: int
    skipped: int
    unused: int
    next_number: int | None


def count_books(books: Iterable[ReceiptBook]) -> list[BookCounts]:
    """The books with their counts, in three queries however many there are."""
    books = list(books)
    used: dict[int, set[int]] = {book.pk: set() for book in books}
    void: dict[int, set[int]] = {book.pk: set() for book in books}
    spoiled: dict[int, set[int]] = {book.pk: set() for book in books}
    by_label = {book.label: book.pk for book in books}
    _add(used, DoorReceipt.objects.filter(book__in=books).values_list("book_id", "number"))
    papers = Receipt.objects.filter(book__in=by_label, void__isnull=False).values_list("book", "number")
    _add(void, [(by_label[label], number) for label, number in papers])
    for key, number, kind in SpoiledNumber.objects.filter(book__in=books).values_list("book_id", "number", "kind"):
        (void if kind == SpoiledNumber.Kind.VOID else spoiled)[key].add(number)
    return [_counts(book, used[book.pk], void[book.pk], spoiled[book.pk]) for book in books]


def _add(found: dict[int, set[int]], rows: Iterable[tuple[Any, Any]]) -> None:
    for key, number in rows:
        found[key].add(number)


def _counts(book: ReceiptBook, used: set[int], void: set[int], spoiled: set[int]) -> BookCounts:
    gone = used | void | spoiled
    last = max(gone, default=book.first_number - 1)
    skipped = last - book.first_number + 1 - len(gone)
    return BookCounts(
        book,
        len(used - void),
        len(void),
        len(spoiled),
        skipped,
        book.last_number - last,
        last + 1 if last < book.last_number else None,
    )


def books_of(user: User) -> Sequence[BookCounts]:
    """The open paper books of a collector with the next unused number of each, the fullest first."""
    return count_books(ReceiptBook.objects.filter(holder=user, returned_on=None).select_related("holder"))
