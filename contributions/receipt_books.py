"""Paper receipt books: given to a leader, brought back, every number used, spoiled or unused accounted for."""

import re
import uuid
from collections.abc import Collection, Iterable, Sequence
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.thai_dates import format_date
from bansong_fund.lib.thai_text import arabic_digits, normalise
from contributions.models import DoorReceipt
from contributions.queries.receipt_books import fates_of, skipped_numbers
from contributions.verbs import money_verb
from ledger.documents import ReasonNeeded
from ledger.models import ReceiptBook, SpoiledNumber
from office.action_log import log_action
from office.models import User
from office.roles import Role

MOST_NUMBERS = 1000  # a printed book has 50 or 100
LABEL = re.compile(r"[^/\\?#%\s]+(?: [^/\\?#%\s]+)*")


class BookKnown(DomainError):
    """A book with this number on its cover is written down already."""


class NotABook(DomainError):
    """The cover's number or the first and last number cannot be those of a book."""


class NotALeader(DomainError):
    """Books are given to those who collect."""


class BookReturned(DomainError):
    """The book was brought back; nothing is written out of it."""


class BookWithHolder(DomainError):
    """The book is with somebody, who brings it back first."""


class NotHerBook(DomainError):
    """The book was given to somebody else."""


class NumberNotInBook(DomainError):
    """The book has no such number."""


class NumberUsed(DomainError):
    """The number stands on another receipt, or was written down as spoiled."""


class NumbersUnexplained(DomainError):
    """Numbers below the last used one are neither used nor explained."""


class NumbersNotHandedIn(DomainError):
    """Receipts out of the book stand on a sheet that is still being filled in."""


def book_of(request_id: uuid.UUID) -> ReceiptBook | None:
    return ReceiptBook.objects.filter(request_id=request_id).first()


@money_verb(book_of)
def give_book(
    *, label: str, first_number: int, last_number: int, holder: User, by: User, today: date, request_id: uuid.UUID
) -> ReceiptBook:
    """Write down a new book and who has it now. Raises `NotABook`, `BookKnown`, `NotALeader`."""
    label = arabic_digits(normalise(label))
    if len(label) > 20 or not LABEL.fullmatch(label):
        message = _("Write the book's number as it is printed on the cover: at most 20 letters and digits, no slash.")
        raise NotABook(message, field="label")
    if first_number < 1 or not 0 <= last_number - first_number < MOST_NUMBERS:
        message = _(
            "%(first)d to %(last)d are not the numbers of a book: the last is above the first, at most %(most)d."
        )
        shown = {"first": first_number, "last": last_number, "most": MOST_NUMBERS}
        raise NotABook(message % shown, field="last_number")
    _refuse_no_leader(holder)
    known = ReceiptBook.objects.filter(label__iexact=label).select_related("holder").first()
    if known is not None:
        message = _("Book %(label)s (%(first)d–%(last)d) is written down already. Look whether the cover says another.")
        shown = {"label": known.label, "first": known.first_number, "last": known.last_number}
        raise BookKnown(message % shown, field="label")
    book = ReceiptBook.objects.create(
        request_id=request_id,
        label=label,
        first_number=first_number,
        last_number=last_number,
        holder=holder,
        given_on=today,
        given_by=by,
    )
    _log(by, "book-given", book, first_number)
    return book


def _refuse_no_leader(holder: User) -> None:
    if not holder.is_active or not holder.has_role(Role.LEADER):
        message = _("%(name)s is no community leader. Receipt books are given to those who collect.")
        raise NotALeader(message % {"name": holder.display_name}, field="holder")


def _log(by: User, action: str, book: ReceiptBook, first: int) -> None:
    told = {"book": book.label, "numbers": f"{first}–{book.last_number}", "holder": book.holder.display_name}
    log_action(by, action, subject=book, **told)


def hold_books(keys: Iterable[int]) -> dict[int, ReceiptBook]:
    """Lock books in one order, behind the sheet."""
    rows = ReceiptBook.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk")
    return {row.pk: row for row in rows.select_related("holder")}


# --- a number ---------------------------------------------------------------------------------------------


def refuse_wrong_number(book: ReceiptBook, number: int, holders: Collection[int | None]) -> None:
    """The number is the book's, and the book with one of these users. Raises what is not so."""
    if not book.first_number <= number <= book.last_number:
        message = _("Book %(label)s has the numbers %(first)d to %(last)d; %(number)d is none of them.")
        shown = {"label": book.label, "first": book.first_number, "last": book.last_number, "number": number}
        raise NumberNotInBook(message % shown, field="number")
    if book.returned_on is not None:
        message = _("Book %(label)s was brought back on %(day)s. Take a number of a book that is with the collector.")
        shown = {"label": book.label, "day": format_date(book.returned_on)}
        raise BookReturned(message % shown, field="number")
    if book.holder_id not in holders:
        message = _("Book %(label)s is with %(name)s. Take a number of the collector's own book.")
        raise NotHerBook(message % {"label": book.label, "name": book.holder.display_name}, field="number")


def refuse_spoiled(book: ReceiptBook, number: int, spoiled: SpoiledNumber) -> None:
    message = _("No. %(number)d of book %(label)s was written down as not used: %(kind)s (%(reason)s). Take another.")
    shown = {"number": number, "label": book.label, "kind": spoiled.get_kind_display(), "reason": spoiled.reason}
    raise NumberUsed(message % shown, field="number")


def refuse_used(book: ReceiptBook, number: int, used: DoorReceipt) -> None:
    """Names the sheet and the members of the receipt that bears the number."""
    names = ", ".join(line.member.full_name for line in used.lines.select_related("member")) or used.payer_name
    message = _(
        "No. %(number)d of book %(label)s is used already: sheet %(sheet)s, %(names)s. Look at the counterfoil. Where"
        " one receipt was written for several, write the same payer for each."
    )
    shown = {"number": number, "label": book.label, "sheet": used.sheet.label, "names": names}
    raise NumberUsed(message % shown, field="number")


def _spoiled(request_id: uuid.UUID) -> SpoiledNumber | None:
    return SpoiledNumber.objects.filter(request_id=request_id).first()


@money_verb(_spoiled)
def spoil_number(
    *, book: ReceiptBook, number: int, kind: str, reason: str, by: User, today: date, request_id: uuid.UUID
) -> SpoiledNumber:
    """Write down what became of a number that is on no receipt. It stays so: the paper is not mended.

    Raises `NumberNotInBook`, `NumberUsed`, `ReasonNeeded`.
    """
    book = hold_books([book.pk])[book.pk]
    if not book.first_number <= number <= book.last_number:
        refuse_wrong_number(book, number, [book.holder_id])
    if not reason.strip():
        raise ReasonNeeded(_("Say what happened to the number; the reason stays with the book."), field="reason")
    if known := SpoiledNumber.objects.filter(book=book, number=number).first():
        refuse_spoiled(book, number, known)
    if used := DoorReceipt.objects.filter(book=book, number=number).select_related("sheet").first():
        refuse_used(book, number, used)
    return SpoiledNumber.objects.create(
        request_id=request_id,
        book=book,
        number=number,
        kind=SpoiledNumber.Kind(kind),
        reason=reason.strip(),
        written_by=by,
        written_on=today,
    )


# --- brought back, and on to the next ---------------------------------------------------------------------


@transaction.atomic(durable=True)
def return_book(*, book: ReceiptBook, by: User, today: date) -> ReceiptBook:
    """The holder brings the book back: full, or half used. A book that was brought back is returned as it is.

    Raises `NumbersUnexplained` where a number below the last used one is skipped, `NumbersNotHandedIn` where a
    receipt out of it stands on a sheet that is still being filled in.
    """
    book = hold_books([book.pk])[book.pk]
    if book.returned_on is not None:
        return book
    _refuse_on_drafts(book)
    skipped = skipped_numbers(fates_of(book))
    if skipped:
        message = _(
            "What became of these numbers of book %(label)s? %(numbers)s. Write each down: void, lost or blank."
        )
        raise NumbersUnexplained(message % {"label": book.label, "numbers": spans(skipped)})
    book.returned_on, book.returned_to = today, by
    book.save(update_fields=["returned_on", "returned_to"])
    _log(by, "book-returned", book, book.first_number)
    return book


def _refuse_on_drafts(book: ReceiptBook) -> None:
    on_drafts = DoorReceipt.objects.filter(book=book, sheet__state="draft").select_related("sheet").order_by("number")
    if found := list(on_drafts):
        message = _("No. %(numbers)s of book %(label)s stand on sheet %(sheet)s, which is to be handed in first.")
        shown = {
            "numbers": spans([one.number or 0 for one in found]),
            "label": book.label,
            "sheet": found[0].sheet.label,
        }
        raise NumbersNotHandedIn(message % shown)


@transaction.atomic(durable=True)
def give_on(*, book: ReceiptBook, holder: User, by: User, today: date) -> ReceiptBook:
    """Give a half-used book that was brought back to a leader, with the numbers that are left.

    Raises `BookWithHolder`, `NotALeader`, `NumberUsed` where none is left.
    """
    book = hold_books([book.pk])[book.pk]
    if book.returned_on is None:
        if book.holder_id == holder.pk:
            return book
        message = _("Book %(label)s is with %(name)s, who brings it back first.")
        raise BookWithHolder(message % {"label": book.label, "name": book.holder.display_name})
    _refuse_no_leader(holder)
    left = [fate.number for fate in fates_of(book) if fate.kind == "unused"]
    if not left:
        raise NumberUsed(_("Book %(label)s has no number left. Give out a new book.") % {"label": book.label})
    book.holder, book.given_on, book.given_by = holder, today, by
    book.returned_on = book.returned_to = None
    book.save(update_fields=["holder", "given_on", "given_by", "returned_on", "returned_to"])
    _log(by, "book-given", book, left[0])
    return book


def spans(numbers: Sequence[int]) -> str:
    """Numbers as people write them: [3, 4, 5, 9] -> "3–5, 9"."""
    found: list[list[int]] = []
    for number in sorted(numbers):
        if found and number == found[-1][1] + 1:
            found[-1][1] = number
        else:
            found.append([number, number])
    return ", ".join(f"{first}" if first == last else f"{first}–{last}" for first, last in found)
