"""A bank's own file in place of typing: its columns matched once, its lines looked through, then written at once.

A line that stands already is left out, and so is one that the file has twice; a file that begins with the newest line
is turned round. Nothing is written before every new line follows from the one before it.
"""

import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.money import ZERO
from bansong_fund.lib.readers import ReadFault, is_empty, read_baht, read_date, read_text
from bansong_fund.lib.sheet_reader import RawRow, UnreadableFile, find_heading, open_sheets, read_rows
from bansong_fund.lib.thai_text import normalise
from ledger.models import Account, BankFileFormat
from ledger.passbook import Known, TypedLine, identity, known_lines, line_faults
from ledger.passbook_queries import last_line
from office.models import User

MOST_BYTES = 5 * 1024 * 1024
MOST_ROWS = 5000
CODE_LENGTH = 20
NEW, STANDS, TWICE, WRONG = "new", "stands", "twice", "wrong"

Columns = dict[str, int]
COLUMN_NAMES: dict[str, Any] = {
    "date": gettext_lazy("Date"),
    "code": gettext_lazy("Code or words"),
    "taken_out": gettext_lazy("Taken out"),
    "paid_in": gettext_lazy("Paid in"),
    "balance": gettext_lazy("Balance"),
}
NEEDED = ("date", "taken_out", "paid_in", "balance")
# the headings under which banks write them
HEADINGS = {
    "date": ("วันที่", "วันที่ทำรายการ", "วันเดือนปี", "date", "transaction date", "tran date"),
    "code": ("รหัส", "รายการ", "คำอธิบาย", "รายละเอียด", "code", "description", "tran code", "details"),
    "taken_out": ("ถอน", "ถอนเงิน", "จำนวนเงินถอน", "เดบิต", "withdrawal", "withdrawals", "debit"),
    "paid_in": ("ฝาก", "ฝากเงิน", "จำนวนเงินฝาก", "เครดิต", "deposit", "deposits", "credit"),
    "balance": ("คงเหลือ", "ยอดคงเหลือ", "ยอดเงินคงเหลือ", "balance", "outstanding balance"),
}


class BadBankFile(DomainError):
    """The file cannot be read."""


@dataclass(frozen=True, slots=True)
class BankFile:
    """A file as it was read: the headings of its columns ("" where none) and the rows under them."""

    heads: tuple[str, ...]
    rows: list[RawRow]


@dataclass(slots=True)
class FileLine:
    """A line of the file: what it says, where it could be read, and what becomes of it."""

    number: int
    line: TypedLine | None
    state: str = NEW
    fault: str = ""


def read_bank_file(file: UploadedFile) -> BankFile:
    """The rows of the first sheet that holds any, with their headings. Raises `BadBankFile`."""
    if file.size is not None and file.size > MOST_BYTES:
        raise BadBankFile(_("The file is larger than 5 MB. Ask the bank for a shorter time."), field="file")
    with tempfile.NamedTemporaryFile(prefix="bank-") as copy:
        for piece in file.chunks():
            copy.write(piece)
        copy.flush()
        try:
            rows = _first_rows(Path(copy.name), file.name or "bank")
        except UnreadableFile as refusal:
            raise BadBankFile(str(refusal), field="file") from refusal
    if not rows:
        raise BadBankFile(_("The file holds no rows. Choose the file with the lines of the passbook."), field="file")
    heading = find_heading(rows, known=lambda text: _column_of(text) is not None)
    if not heading.lines:  # words that we do not know: then by their shape
        heading = find_heading(rows)
    return BankFile(heading.texts, [row for row in rows if row.line >= heading.first_line])


def _first_rows(path: Path, name: str) -> list[RawRow]:
    for info in open_sheets(path, file_name=name):
        rows: list[RawRow] = []
        for row in read_rows(path, info.index):
            rows.append(row)
            if len(rows) > MOST_ROWS:
                message = _("The file has more than %(most)d rows. Ask the bank for a shorter time.")
                raise BadBankFile(message % {"most": MOST_ROWS}, field="file")
        if rows:
            return rows
    return []


def _column_of(heading: str) -> str | None:
    plain = normalise(heading).casefold()
    return next((name for name, words in HEADINGS.items() if plain in words), None)


def columns_for(account: Account, heads: Sequence[str]) -> Columns:
    """Which column holds what: as it was matched for this account, else as the headings say; may lack some."""
    saved = BankFileFormat.objects.filter(account=account).first()
    if saved and all(0 <= place < len(heads) for place in saved.columns.values()):
        return dict(saved.columns)
    found: Columns = {}
    for place, head in enumerate(heads):
        if (name := _column_of(head)) is not None:
            found.setdefault(name, place)
    return found


def are_complete(columns: Columns) -> bool:
    return all(name in columns for name in NEEDED)


def save_columns(account: Account, columns: Columns, *, by: User, now: datetime) -> None:
    """Keep how this account's bank writes its files."""
    facts = {"columns": columns, "saved_by": by, "saved_at": now}
    BankFileFormat.objects.update_or_create(account=account, defaults=facts)


def look_through(account: Account, file: BankFile, columns: Columns, *, today: date) -> list[FileLine]:
    """Every line of the file, oldest first, with what would become of it."""
    found = [line for row in file.rows if (line := _line_of(row, columns)) is not None]
    if _begins_with_newest([row.line for row in found if row.line]):
        found.reverse()
    known = known_lines(account, [row.line for row in found if row.line])
    _leave_out(found, known)
    new = [row for row in found if row.state == NEW]
    faults = line_faults(new_lines(found), last_line(account), known=known, today=today)
    for place, fault in faults.items():
        new[place].state, new[place].fault = WRONG, fault
    return found


def new_lines(found: Iterable[FileLine]) -> list[TypedLine]:
    return [row.line for row in found if row.state == NEW and row.line is not None]


def _leave_out(rows: Sequence[FileLine], known: Known) -> None:
    """Mark what stands already at the beginning, and what the file says again where it cannot follow."""
    is_beginning = True
    before: TypedLine | None = None
    seen = set()
    for row in rows:
        if row.line is None:
            continue
        is_beginning = is_beginning and identity(row.line) in known
        if is_beginning:
            row.state = STANDS
        elif before is not None and identity(row.line) in seen and not _follows(row.line, before):
            row.state = TWICE
            continue
        seen.add(identity(row.line))
        before = row.line


def _follows(line: TypedLine, before: TypedLine) -> bool:
    """Whether a line moves money, to a balance that comes from the line before it."""
    moved = line.paid_in - line.taken_out
    return moved != 0 and line.line_on >= before.line_on and before.balance + moved == line.balance


def _begins_with_newest(lines: Sequence[TypedLine]) -> bool:
    """Whether a file runs from the newest to the oldest: by its days, and within one day by its balances."""
    if len(lines) < 2:
        return False
    if lines[0].line_on != lines[-1].line_on:
        return lines[0].line_on > lines[-1].line_on
    return _breaks(lines[::-1]) < _breaks(lines)


def _breaks(lines: Sequence[TypedLine]) -> int:
    return sum(not _follows(line, before) for before, line in pairwise(lines))


# --- one row ----------------------------------------------------------------------------------------------


def _line_of(row: RawRow, columns: Columns) -> FileLine | None:
    """A row as a line; None for one without a day and without money moved, as banks put below and above."""
    cells = {name: row.cells[place] if place < len(row.cells) else None for name, place in columns.items()}
    if is_empty(cells["date"]) and (is_empty(cells["balance"]) or _moves_nothing(cells)):
        return None
    try:
        return FileLine(row.line, _typed(cells, is_one_column=columns["taken_out"] == columns["paid_in"]))
    except ReadFault as refusal:
        return FileLine(row.line, None, WRONG, str(refusal))


def _moves_nothing(cells: dict[str, Any]) -> bool:
    return is_empty(cells["taken_out"]) and is_empty(cells["paid_in"])


def _typed(cells: dict[str, Any], *, is_one_column: bool) -> TypedLine:
    day = read_date(cells["date"])
    if day is None or day[1] != "day":
        raise ReadFault(_("The day is missing, or only its month or year stands there."))
    balance = _signed(cells["balance"])
    if balance is None:
        raise ReadFault(_("The balance is missing."))
    if is_one_column:
        moved = _signed(cells["paid_in"]) or ZERO
        taken_out, paid_in = max(-moved, ZERO), max(moved, ZERO)
    else:  # some banks put a minus before what they took out
        taken_out, paid_in = abs(_signed(cells["taken_out"]) or ZERO), read_baht(cells["paid_in"]) or ZERO
    words = read_text(cells.get("code"), 150) or ""
    code, note = (words, "") if len(words) <= CODE_LENGTH else ("", words)
    return TypedLine(day[0], code, taken_out, paid_in, balance, note)


def _signed(cell: Any) -> Decimal | None:
    """An amount with its sign: -500, "-500.00", "(500.00)"."""
    if isinstance(cell, str):
        text = normalise(cell)
        if text.startswith("-") and not is_empty(text):
            return -(read_baht(text[1:]) or ZERO)
        if text.startswith("(") and text.endswith(")"):
            return -(read_baht(text[1:-1]) or ZERO)
    elif isinstance(cell, int | float | Decimal) and not isinstance(cell, bool) and cell < 0:
        return -(read_baht(-cell) or ZERO)
    return read_baht(cell)
