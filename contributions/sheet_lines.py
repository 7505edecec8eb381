"""What stands on a collection sheet: taken at the door, judged line by line, in no book before the sheet is handed in.

Whoever writes lines locks the sheet first, then the paper books. One line or hundreds cost the same number of queries.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.money import ZERO
from contributions.dues import NotAMember, refuse_not_a_member, shares_of
from contributions.entry_fees import fees_paid, refuse_other_fee
from contributions.models import CollectionLine, CollectionSheet, DoorReceipt
from contributions.periods import DuesRules
from contributions.queries import Paid, SheetRow, dues_rules, entry_fee_due, later_covers
from contributions.receipt_books import hold_books, refuse_spoiled, refuse_used, refuse_wrong_number
from contributions.verbs import refuse_future, refuse_no_amount
from ledger.models import Receipt, ReceiptBook, SpoiledNumber
from members.models import Member, Membership
from office.models import User


class SheetClosed(DomainError):
    """The sheet was submitted; nothing can be written on it any more."""


@dataclass(frozen=True, slots=True)
class TakenAtDoor:
    """What one member paid at the door; `amount` None takes her line off the sheet.

    `book`, `number`: the paper receipt that she got. `payer_name`: who paid, where it was not she herself; lines of
    one payer share one receipt.
    """

    member: Member
    amount: Decimal | None
    paid_on: date
    entry_fee: Decimal = ZERO
    book: ReceiptBook | None = None
    number: int | None = None
    payer_name: str = ""


Written = CollectionLine | DomainError | None  # the line, why it is refused, None where it was taken off


@transaction.atomic(durable=True)
def write_line(
    *,
    sheet: CollectionSheet,
    member: Member,
    amount: Decimal | None,
    paid_on: date,
    by: User,
    today: date,
    entry_fee: Decimal = ZERO,
    book: ReceiptBook | None = None,
    number: int | None = None,
    payer_name: str = "",
) -> CollectionLine | None:
    """Write what a member paid at the door, or take it off the sheet again (`amount` None).

    Typing the same twice changes nothing. Raises `SheetClosed`, `NotAMember`, `TooFarAhead`, `FutureDate`,
    `AmountNeeded`; of the paper receipt `NumberNotInBook`, `BookReturned`, `NotHerBook`, `NumberUsed`.
    """
    taken = TakenAtDoor(member, amount, paid_on, entry_fee, book, number, payer_name.strip())
    (written,) = put_lines(hold_draft(sheet), [taken], by=by, today=today)
    if isinstance(written, DomainError):
        raise written
    return written


def hold_draft(sheet: CollectionSheet) -> CollectionSheet:
    sheet = hold_sheet(sheet)
    if sheet.state != CollectionSheet.State.DRAFT:
        message = _("Sheet %(number)s has been submitted; what stands on it cannot be changed. Open a new sheet.")
        raise SheetClosed(message % {"number": sheet.label})
    return sheet


def hold_sheet(sheet: CollectionSheet) -> CollectionSheet:
    rows = CollectionSheet.objects.select_for_update(of=("self",)).select_related("community", "collector")
    return rows.get(pk=sheet.pk)


def put_lines(sheet: CollectionSheet, taken: Sequence[TakenAtDoor], *, by: User, today: date) -> list[Written]:
    """Write what can be written of `taken` and say of each what became of it, inside the caller's transaction.

    `sheet` is held as a draft (`hold_draft`). A member named twice keeps what stands last.
    """
    door = _Door.read(sheet, taken, by, today)
    answers: list[Written] = []
    for one in taken:
        try:
            answers.append(door.take(one))
        except DomainError as refusal:
            answers.append(refusal)
    door.write()
    return answers


@dataclass(slots=True)
class _Door:
    """All that the judgement needs, read once; what is judged changes it in memory and is written at the end."""

    sheet: CollectionSheet
    holders: set[int | None]
    today: date
    rules: DuesRules
    memberships: dict[int, Membership]
    covers: dict[int, list[Paid]]
    fees_paid: dict[int, Receipt]
    fees_due: dict[int, Decimal]
    lines: dict[int, CollectionLine]
    books: dict[int, ReceiptBook]
    papers: dict[tuple[int, int], DoorReceipt]  # by book and number, on any sheet
    spoiled: dict[tuple[int, int], SpoiledNumber]
    phones: list[DoorReceipt]  # receipts on the phone, on this sheet
    new: list[DoorReceipt] = field(default_factory=list)
    renamed: list[DoorReceipt] = field(default_factory=list)
    off: set[int] = field(default_factory=set)
    changed: dict[int, CollectionLine] = field(default_factory=dict)

    @classmethod
    def read(cls, sheet: CollectionSheet, taken: Sequence[TakenAtDoor], by: User, today: date) -> "_Door":
        wanted = {one.book.pk for one in taken if one.book is not None}
        books = hold_books(wanted) if wanted else {}  # before anything is read of their numbers
        members = {one.member.pk for one in taken}
        rows = Membership.objects.filter(member__in=members).select_related("member", "member__merged_into")
        latest = {row.member_id: row for row in rows.order_by("member_id", "-joined_on").distinct("member_id")}
        here = {one.pk: one for one in sheet.door_receipts.all()}
        lines = {line.member_id: line for line in sheet.lines.select_related("member")}
        for line in lines.values():
            line.door_receipt = here[line.door_receipt_id] if line.door_receipt_id else None
        on_paper = {"book__in": wanted, "number__in": {one.number for one in taken if one.book is not None}}
        elsewhere = (
            DoorReceipt.objects.filter(**on_paper).exclude(sheet=sheet).select_related("sheet") if wanted else []
        )
        spoiled = SpoiledNumber.objects.filter(**on_paper) if wanted else []
        with_fee = [row for row in latest.values() if any(one.entry_fee for one in taken)]
        rules = dues_rules()
        return cls(
            sheet=sheet,
            holders={sheet.collector_id, by.pk},
            today=today,
            rules=rules,
            memberships=latest,
            covers=later_covers(latest.values()),
            fees_paid=fees_paid(with_fee) if with_fee else {},
            fees_due=entry_fee_due(with_fee, rules),
            lines=lines,
            books=books,
            papers={(one.book_id, one.number): one for one in [*here.values(), *elsewhere] if one.book_id},
            spoiled={(one.book_id, one.number): one for one in spoiled},
            phones=[one for one in here.values() if not one.book_id],
        )

    def take(self, one: TakenAtDoor) -> CollectionLine | None:
        key = one.member.pk
        if one.amount is None:
            if self.lines.pop(key, None) is not None:
                self.off.add(key)
            self.changed.pop(key, None)
            return None
        self._judge(one, self.memberships.get(key))
        receipt = self._receipt(one)
        line = self.lines.get(key) or CollectionLine(sheet=self.sheet, member=one.member)
        line.amount, line.entry_fee, line.paid_on = one.amount, one.entry_fee, one.paid_on
        line.door_receipt = receipt
        self.lines[key] = self.changed[key] = line
        return line

    def _judge(self, one: TakenAtDoor, membership: Membership | None) -> None:
        refuse_future(one.paid_on, self.today)
        if membership is None:
            message = _("%(name)s is no member yet: no dues are taken before the admission.")
            raise NotAMember(message % {"name": one.member.full_name}, field="date")
        refuse_not_a_member(membership, one.paid_on)
        if one.entry_fee < 0:
            refuse_no_amount(one.entry_fee, "entry_fee")
        if one.entry_fee:
            refuse_other_fee(membership, one.entry_fee, self.fees_due, self.fees_paid)
        if one.amount or not one.entry_fee:
            refuse_no_amount(one.amount or ZERO)
            shares_of(membership, one.amount or ZERO, self.today, self.rules, self.covers.get(one.member.pk, ()))

    # --- the receipt --------------------------------------------------------------------------------------

    def _receipt(self, one: TakenAtDoor) -> DoorReceipt | None:
        if one.book is not None and one.number is not None:
            return self._paper(one, self.books[one.book.pk], one.number)
        before = self.lines[one.member.pk].door_receipt if one.member.pk in self.lines else None
        if one.payer_name:
            return self._shared(one)
        alone = before is not None and not before.book_id and not before.payer_name
        return before if alone else None

    def _paper(self, one: TakenAtDoor, book: ReceiptBook, number: int) -> DoorReceipt:
        used = self.papers.get((book.pk, number))
        mine = self.lines[one.member.pk].door_receipt if one.member.pk in self.lines else None
        if used is not None and used.sheet_id == self.sheet.pk:
            others = [line for line in self._lines_of(used) if line.member_id != one.member.pk]
            if others and (not one.payer_name or one.payer_name != used.payer_name):
                refuse_used(book, number, used)
            if others or used is mine:
                return self._renamed(used, one.payer_name)
        refuse_wrong_number(book, number, self.holders)
        if used is not None and used.sheet_id != self.sheet.pk:
            refuse_used(book, number, used)
        if spoiled := self.spoiled.get((book.pk, number)):
            refuse_spoiled(book, number, spoiled)
        if used is None:
            used = DoorReceipt(sheet=self.sheet, book=book, number=number, payer_name=one.payer_name)
            self.papers[book.pk, number] = used
            self.new.append(used)
        return self._renamed(used, one.payer_name)

    def _renamed(self, receipt: DoorReceipt, payer_name: str) -> DoorReceipt:
        if receipt.payer_name != payer_name:
            receipt.payer_name = payer_name
            self.renamed.append(receipt)
        return receipt

    def _shared(self, one: TakenAtDoor) -> DoorReceipt:
        """One payer on one day: one receipt on the phone."""
        for receipt in self.phones:
            lines = self._lines_of(receipt)
            if receipt.payer_name == one.payer_name and all(line.paid_on == one.paid_on for line in lines):
                return receipt
        made = DoorReceipt(sheet=self.sheet, payer_name=one.payer_name)
        self.new.append(made)
        self.phones.append(made)
        return made

    def _lines_of(self, receipt: DoorReceipt) -> list[CollectionLine]:
        return [line for line in self.lines.values() if line.door_receipt is receipt]

    # --- writing ------------------------------------------------------------------------------------------

    def write(self) -> None:
        """Lines taken off and written; a paper number that no line bears any more is free again."""
        if self.new:
            DoorReceipt.objects.bulk_create(self.new)
        if self.renamed:
            DoorReceipt.objects.bulk_update(self.renamed, ["payer_name"])
        if self.off:
            CollectionLine.objects.filter(sheet=self.sheet, member__in=self.off - self.changed.keys()).delete()
        if self.changed:
            CollectionLine.objects.bulk_create(
                [_fresh(line) for line in self.changed.values()],
                update_conflicts=True,
                unique_fields=["sheet", "member"],
                update_fields=["amount", "entry_fee", "paid_on", "door_receipt"],
            )
            for line in CollectionLine.objects.filter(sheet=self.sheet, member__in=self.changed):
                written = self.changed[line.member_id]
                written.pk, written.door_receipt_id = line.pk, line.door_receipt_id
        if self.off or self.changed:
            DoorReceipt.objects.filter(sheet=self.sheet, book__isnull=False, lines=None).delete()


def _fresh(line: CollectionLine) -> CollectionLine:
    """The line's words without its key: the member on the sheet is what it is known by."""
    words: dict[str, Any] = {name: getattr(line, name) for name in ("amount", "entry_fee", "paid_on", "door_receipt")}
    return CollectionLine(sheet_id=line.sheet_id, member_id=line.member_id, **words)


@transaction.atomic
def give_line_codes(sheet: CollectionSheet, rows: Sequence[SheetRow]) -> list[SheetRow]:
    """Give each row without one the next line code of the sheet, in the rows' order, and return the rows with codes.

    A code stays with its member as long as the sheet is filled in: a paper printed before somebody joined can still be
    typed by its codes. On a sheet that was handed in nothing is written any more.
    """
    codes = sheet.line_codes
    if any(row.member.pk not in codes for row in rows):
        sheet = hold_sheet(sheet)
        codes = [*sheet.line_codes, *(row.member.pk for row in rows if row.member.pk not in sheet.line_codes)]
        if sheet.state == CollectionSheet.State.DRAFT:
            sheet.line_codes = codes
            sheet.save(update_fields=["line_codes"])
    places = {key: place for place, key in enumerate(codes, start=1)}
    return [replace(row, code=places[row.member.pk]) for row in rows]


def by_receipt(lines: Iterable[CollectionLine]) -> list[list[CollectionLine]]:
    """Lines as receipts show them: those of one door receipt together, each other one alone; the order is kept."""
    together: dict[tuple[str, int], list[CollectionLine]] = {}
    for line in lines:
        key = ("door", line.door_receipt_id) if line.door_receipt_id else ("line", line.pk)
        together.setdefault(key, []).append(line)
    return list(together.values())
