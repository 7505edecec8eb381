"""A sheet filled in on a computer: read, judged row by row, shown, and written on the sheet only when confirmed.

What each row would do comes from the same verb that writes a line by hand, run and rolled back, so the page never
promises what the writing refuses. Rows hold names and sums, so they go when the sheet's money is taken in, or after
90 days.
"""

import tempfile
import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.money import ZERO
from bansong_fund.lib.readers import ReadFault, is_empty, read_baht, read_count, read_date, read_text, shown
from bansong_fund.lib.sheet_reader import RawRow, UnreadableFile, find_heading, open_sheets, read_rows
from bansong_fund.lib.sheets import Column, sheet_bytes
from bansong_fund.lib.thai_text import normalise
from contributions.models import CollectionLine, CollectionSheet, SheetUpload
from contributions.queries import SheetRow
from contributions.sheet_lines import TakenAtDoor, hold_draft, put_lines
from contributions.sheet_sends import line_facts
from contributions.verbs import money_verb
from ledger.models import ReceiptBook
from members.models import Member
from members.queries import visible_members
from office.models import User

MOST_BYTES = 5 * 1024 * 1024
MOST_ROWS = 3000
MOST_NAMED = 5
KEPT_FOR = timedelta(days=90)

# The columns, each with the headings under which it is found.
COLUMNS: dict[str, tuple[Any, tuple[str, ...]]] = {
    "code": (gettext_lazy("Line code"), ("รหัสบรรทัด", "รหัส", "line code", "code")),
    "member": (gettext_lazy("Member no."), ("เลขที่สมาชิก", "เลขทะเบียนสมาชิก", "เลขทะเบียน", "member no.", "member number")),
    "amount": (gettext_lazy("Paid"), ("ชำระ", "ชำระแล้ว", "จำนวนเงิน", "เงินที่เก็บ", "paid", "amount", "baht")),
    "entry_fee": (gettext_lazy("Entry fee"), ("ค่าธรรมเนียมแรกเข้า", "ค่าสมัคร", "entry fee")),
    "paid_on": (gettext_lazy("Day"), ("วันที่", "วันที่ชำระ", "วันที่เก็บเงิน", "day", "date", "paid on")),
    "book": (gettext_lazy("Book"), ("เล่มที่", "book", "receipt book")),
    "number": (
        gettext_lazy("Paper receipt no."),
        ("เลขที่ใบเสร็จ", "ใบเสร็จเลขที่", "เลขที่ใบเสร็จเล่ม", "paper receipt no.", "receipt no."),
    ),
    "payer_name": (gettext_lazy("Paid by (if not the member)"), ("ผู้ชำระ", "ผู้จ่าย", "paid by", "payer")),
}


class BadFile(DomainError):
    """The file cannot be read as a sheet of this program."""


class RowsRefused(DomainError):
    """Rows of the file are wrong; nothing was written."""


def upload_of(request_id: uuid.UUID) -> SheetUpload | None:
    return SheetUpload.objects.filter(request_id=request_id).first()


def empty_sheet(sheet: CollectionSheet, rows: Iterable[SheetRow]) -> bytes:
    """The sheet as an XLSX file to fill in: line codes, member numbers, names, what is owed; no IDs."""
    heads = [str(COLUMNS[name][0]) for name in ("amount", "entry_fee", "paid_on", "book", "number", "payer_name")]
    return sheet_bytes(
        name=f"{_('Collection sheet')} {sheet.label}",
        columns=[
            Column(str(COLUMNS["code"][0]), "code", 9),
            Column(str(COLUMNS["member"][0]), "count"),
            Column(_("Name")),
            Column(_("House no."), "code"),
            Column(_("Owed"), "baht", 12),
            *(Column(head, kind, 14) for head, kind in zip(heads, FILLED_IN, strict=True)),
        ],
        rows=[_empty_row(row) for row in rows],
    )


FILLED_IN = ("baht", "baht", "date", "code", "count", "text")


def _empty_row(row: SheetRow) -> list[Any]:
    house = row.member.household.house_number if row.member.household else ""
    line = row.line
    facts = line_facts(line) if line else {}
    written = [line.amount or None, line.entry_fee or None, line.paid_on] if line else [None] * 3
    paper = [facts.get(name) or None for name in ("book", "no", "payer")]
    return [row.code_label, row.member.number, row.member.full_name, house, row.owed, *written, *paper]


# --- taking the file --------------------------------------------------------------------------------------


@money_verb(upload_of)
def take_upload(
    *,
    sheet: CollectionSheet,
    file: UploadedFile,
    day: date,
    by: User,
    today: date,
    now: datetime,
    request_id: uuid.UUID,
) -> SheetUpload:
    """Read a filled-in sheet and keep its rows with what each would do; nothing is written on the sheet.

    `day` holds for rows that name none. Raises `BadFile`, `SheetClosed`.
    """
    forget_old_uploads(now)
    if file.size is not None and file.size > MOST_BYTES:
        raise BadFile(_("The file is larger than 5 MB. Choose the sheet alone, without pictures."), field="file")
    sheet = hold_draft(sheet)
    rows = [_read(row) for row in _rows_of_file(file)]
    rows = [row for row in rows if row is not None]
    if not rows:
        message = _("No row of the file says what was paid. Write the sums into the column “%(column)s”.")
        raise BadFile(message % {"column": COLUMNS["amount"][0]}, field="file")
    for row in rows:
        row["paid_on"] = row["paid_on"] or day.isoformat()
    _judge(sheet, rows, by=by, today=today)
    return SheetUpload.objects.create(
        request_id=request_id,
        sheet=sheet,
        uploaded_by=by,
        uploaded_at=now,
        file_name=(file.name or "")[:200],
        rows=rows,
    )


def _rows_of_file(file: UploadedFile) -> list[tuple[int, dict[str, Any]]]:
    """The rows under the headings that we know: line number, cells by column. Of several sheets the first that fits."""
    with tempfile.NamedTemporaryFile(prefix="sheet-") as copy:
        _copy(file, copy)
        try:
            for info in open_sheets(Path(copy.name), file_name=file.name or "sheet"):
                rows: list[RawRow] = []
                for row in read_rows(Path(copy.name), info.index):
                    rows.append(row)
                    if len(rows) > MOST_ROWS:
                        message = _("The file has more than %(most)d rows. A sheet of one community is shorter.")
                        raise BadFile(message % {"most": MOST_ROWS}, field="file")
                if found := _under_headings(rows):
                    return found
        except UnreadableFile as refusal:
            raise BadFile(str(refusal), field="file") from refusal
    message = _(
        "No headings are found: the file needs a column “%(member)s” and a column “%(paid)s”. Download the sheet and"
        " fill that in."
    )
    raise BadFile(message % {"member": COLUMNS["member"][0], "paid": COLUMNS["amount"][0]}, field="file")


def _copy(file: UploadedFile, target: BinaryIO | Any) -> None:
    for piece in file.chunks():
        target.write(piece)
    target.flush()


def _column_of(heading: str) -> str | None:
    plain = normalise(heading).casefold()
    for name, (label, words) in COLUMNS.items():
        if plain in words or plain == str(label).casefold():
            return name
    return None


def _under_headings(rows: Sequence[RawRow]) -> list[tuple[int, dict[str, Any]]]:
    if not rows:
        return []
    heading = find_heading(rows, known=lambda text: _column_of(text) is not None)
    columns = {place: name for place, text in enumerate(heading.texts) if (name := _column_of(text))}
    if "amount" not in columns.values() or not {"member", "code"} & set(columns.values()):
        return []
    return [
        (row.line, {name: row.cells[place] if place < len(row.cells) else None for place, name in columns.items()})
        for row in rows
        if row.line >= heading.first_line
    ]


# --- one row ----------------------------------------------------------------------------------------------


def _read(row: tuple[int, dict[str, Any]]) -> dict[str, Any] | None:
    """A row as it is kept: plain words and numbers, and its faults. None where nothing was paid."""
    line, cells = row
    if is_empty(cells.get("amount")) and is_empty(cells.get("entry_fee")):
        return None
    faults: list[str] = []
    amount, fee = (_cell(cells.get(name), read_baht, faults) for name in ("amount", "entry_fee"))
    return {
        "line": line,
        "code": _cell(cells.get("code"), read_count, faults),
        "member": _cell(cells.get("member"), lambda cell: read_count(cell, 999_999_999), faults),
        "amount": str(amount or ZERO),
        "entry_fee": str(fee or ZERO),
        "paid_on": _cell(cells.get("paid_on"), _read_day, faults),
        "book": _cell(cells.get("book"), _read_book, faults) or "",
        "number": _cell(cells.get("number"), lambda cell: read_count(cell, 9_999_999), faults),
        "payer_name": _cell(cells.get("payer_name"), lambda cell: read_text(cell, 200), faults) or "",
        "faults": faults,
        "unreadable": bool(faults),
        "name": "",
        "does": "",
        "before": "",
    }


def _cell(cell: Any, read: Callable[[Any], Any], faults: list[str]) -> Any:
    try:
        return read(cell)
    except ReadFault as fault:
        faults.append(str(fault))
        return None


def _read_day(cell: Any) -> str | None:
    found = read_date(cell)
    if found is None:
        return None
    day, precision = found
    if precision != "day":
        raise ReadFault(_("“%(text)s” is no whole day. Write day, month and year.") % {"text": shown(cell)})
    return day.isoformat()


def _read_book(cell: Any) -> str | None:
    """A book's number, also where the sheet made a number of it."""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return read_text(str(cell), 20) if isinstance(cell, int) and not isinstance(cell, bool) else read_text(cell, 20)


# --- judging ----------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Known:
    """Whom and what the rows may name: members of the sheet's community, books by their labels."""

    members: dict[int, Member]
    by_code: dict[int, Member]
    books: dict[str, ReceiptBook]
    lines: dict[int, CollectionLine]
    seen: dict[int, int] = field(default_factory=dict)


def _known(sheet: CollectionSheet, by: User) -> _Known:
    members = list(visible_members(by).filter(community=sheet.community, merged_into=None))
    keys = {member.pk: member for member in members}
    lines = sheet.lines.select_related("door_receipt__book")
    return _Known(
        {member.number: member for member in members},
        {place: keys[key] for place, key in enumerate(sheet.line_codes, start=1) if key in keys},
        {book.label.casefold(): book for book in ReceiptBook.objects.filter(holder__in={by.pk, sheet.collector_id})},
        {line.member_id: line for line in lines},
    )


def _judge(sheet: CollectionSheet, rows: list[dict[str, Any]], *, by: User, today: date) -> None:
    """Write into each row what it would do, or why not. The sheet is held; what is tried is rolled back."""
    known = _known(sheet, by)
    tried = [(row, taken) for row in rows if (taken := _as_taken(row, known)) is not None]
    with transaction.atomic():
        answers = put_lines(sheet, [taken for _row, taken in tried], by=by, today=today)
        transaction.set_rollback(True)
    for (row, _taken), answer in zip(tried, answers, strict=True):
        if isinstance(answer, DomainError):
            row["faults"].append(str(answer))


def _as_taken(row: dict[str, Any], known: _Known) -> TakenAtDoor | None:
    """The row as the door knows it; None where it cannot even be tried."""
    if row["unreadable"]:
        return None
    row["faults"] = []
    member = known.members.get(row["member"]) if row["member"] is not None else known.by_code.get(row["code"] or 0)
    if member is None:
        message = _("No member of this community has this number. Compare it with the sheet.")
        row["faults"].append(message)
        return None
    row["name"], row["number_of_member"] = member.full_name, member.number
    if member.pk in known.seen:
        message = _("Member no. %(number)d stands on line %(line)d already. Keep one of the two.")
        row["faults"].append(message % {"number": member.number, "line": known.seen[member.pk]})
        return None
    known.seen[member.pk] = row["line"]
    book = known.books.get(row["book"].casefold()) if row["book"] else None
    if (book is None) != (row["number"] is None):
        row["faults"].append(_book_fault(row, book))
        return None
    line = known.lines.get(member.pk)
    book, number, payer = _receipt_of(row, book, line)
    sums = (Decimal(row["amount"]), date.fromisoformat(row["paid_on"]), Decimal(row["entry_fee"]))
    taken = TakenAtDoor(member, *sums, book, number, payer)
    _say_what_it_does(row, taken, line)
    return taken


def _receipt_of(
    row: dict[str, Any], book: ReceiptBook | None, line: CollectionLine | None
) -> tuple[ReceiptBook | None, int | None, str]:
    """Book, number and payer of a row. Empty cells leave what stands on the line: the paper is in the member's hand."""
    stands = line.door_receipt if line is not None else None
    payer = row["payer_name"] or (stands.payer_name if stands is not None else "")
    if book is None and stands is not None:
        return stands.book, stands.number, payer
    return book, row["number"], payer


def _book_fault(row: dict[str, Any], book: ReceiptBook | None) -> str:
    if book is not None:
        return _("The number of the paper receipt is missing. Write it, or take the book out.")
    if row["book"]:
        return _("The collector has no book %(label)s. Write the number on the cover.") % {"label": row["book"]}
    return _("The book of the paper receipt is missing. Write the number on its cover.")


def _say_what_it_does(row: dict[str, Any], taken: TakenAtDoor, line: CollectionLine | None) -> None:
    if line is None:
        row["does"], row["before"] = "new", ""
        return
    paper = (line.door_receipt.book_id, line.door_receipt.number) if line.door_receipt else (None, None)
    wanted = (taken.book.pk if taken.book else None, taken.number)
    same = (line.amount, line.entry_fee, line.paid_on, paper) == (taken.amount, taken.entry_fee, taken.paid_on, wanted)
    row["does"], row["before"] = "same" if same else "changes", str(line.baht)


# --- confirming -------------------------------------------------------------------------------------------


def confirm_upload(*, upload: SheetUpload, by: User, today: date, now: datetime) -> SheetUpload:
    """Write all rows on the sheet, or none. A file that was taken in is returned as it is.

    Rows are judged once more: where one is refused now, the upload keeps the reason. Raises `RowsRefused`,
    `SheetClosed`.
    """
    try:
        return _confirm(upload, by=by, today=today, now=now)
    except RowsRefused:
        judge_again(upload=upload, by=by, today=today)
        raise


@transaction.atomic(durable=True)
def _confirm(upload: SheetUpload, *, by: User, today: date, now: datetime) -> SheetUpload:
    taken_already = SheetUpload.objects.get(pk=upload.pk).taken_at is not None
    if taken_already:
        return upload
    sheet = hold_draft(upload.sheet)
    upload = SheetUpload.objects.select_for_update().get(pk=upload.pk)
    if upload.taken_at is not None:
        return upload
    known = _known(sheet, by)
    tried = [(row, _as_taken(row, known)) for row in upload.rows]
    good = [(row, taken) for row, taken in tried if taken is not None]
    answers = put_lines(sheet, [taken for _row, taken in good], by=by, today=today)
    refused = {row["line"] for (row, _taken), one in zip(good, answers, strict=True) if isinstance(one, DomainError)}
    _refuse_rows(sorted(refused | {row["line"] for row, taken in tried if taken is None}))
    upload.taken_at, upload.rows = now, [row for row, _taken in tried]
    upload.save(update_fields=["taken_at", "rows"])
    return upload


def _refuse_rows(lines: Sequence[int]) -> None:
    if lines:
        message = _(
            "Nothing was written: %(count)d rows are wrong, on lines %(lines)s. Put them right and upload again."
        )
        named = ", ".join(str(line) for line in lines[:MOST_NAMED]) + ("…" if len(lines) > MOST_NAMED else "")
        raise RowsRefused(message % {"count": len(lines), "lines": named})


@transaction.atomic(durable=True)
def judge_again(*, upload: SheetUpload, by: User, today: date) -> SheetUpload:
    """Keep with the rows what each would do as things stand now."""
    sheet = hold_draft(upload.sheet)
    upload = SheetUpload.objects.select_for_update().get(pk=upload.pk)
    _judge(sheet, upload.rows, by=by, today=today)
    upload.save(update_fields=["rows"])
    return upload


# --- clearing away ----------------------------------------------------------------------------------------


def forget_uploads(sheet: CollectionSheet) -> None:
    """The sheet's money was taken in: what its lines say is a fact now, and the files are of no use any more."""
    SheetUpload.objects.filter(sheet=sheet).delete()


def forget_old_uploads(now: datetime) -> None:
    """Clear away what lies for 90 days, of every sheet; called with each new file."""
    SheetUpload.objects.filter(uploaded_at__lt=now - KEPT_FOR).delete()
