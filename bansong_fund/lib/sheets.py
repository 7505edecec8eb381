"""Lists as XLSX and CSV: real numbers and real dates, and no cell that a sheet program would run.

Dates in XLSX are shown in the Buddhist era by the cell's format; in CSV they are ISO ("2020-05-01"), because a
sheet program reads the year 2563 of a CSV as Gregorian.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO
from unicodedata import category

import xlsxwriter
from django.utils.timezone import is_aware, localtime
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from bansong_fund.lib.money import exact_baht
from bansong_fund.lib.thai_dates import active_language, format_date

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"

A4 = 9
FONT = {"font_name": "TH Sarabun New", "font_size": 14}
NUMBER_FORMATS = {"baht": "#,##0.00;(#,##0.00)", "count": "#,##0", "percent": '0.0"%"'}
# The calendar 07 of the locale code is the Buddhist one.
DATE_FORMATS = {"th": "[$-107041E]d mmm yyyy", "en": "[$-1070409]d mmm yyyy"}
WIDTHS = {"text": 24, "code": 14, "baht": 16, "count": 10, "percent": 10, "date": 14}
NARROWEST, WIDEST = 8, 60  # letters of a column of text; what is longer is broken into lines
ROWS_MEASURED = 500
LONGEST_NAME = 31  # of a sheet
FIRST_SAFE_DAY = date(1900, 3, 1)  # sheet programs believe in 29 February 1900

_RUNNABLE = ("=", "+", "-", "@", "\t", "\r", "\n")
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


@dataclass(frozen=True)
class Column:
    """A heading, and what stands under it: text, code (text kept as it is), baht, count, percent or date.

    `width` is in letters, the least; a column is as wide as what the first rows hold. `total` puts the sum of the
    column under the list.
    """

    heading: str
    kind: str = "text"
    width: float | None = None
    total: bool = False


@dataclass(frozen=True)
class Part:
    """One list of a book that holds several: its sheet's name, its columns, its rows, the lines over its head."""

    name: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Any]]
    above: Sequence[str] = ()
    landscape: bool = False


def write_sheet(
    out: BinaryIO,
    *,
    name: str,
    columns: Sequence[Column],
    rows: Iterable[Sequence[Any]],
    above: Sequence[str] = (),
    landscape: bool = False,
) -> int:
    """Write one list as an XLSX file with a frozen head, ready to print on A4; return the number of rows.

    `above` are lines over the head: the fund's name, what the list holds, the day it was made.
    """
    with _new_book(out) as book:
        sheet = book.add_worksheet(_sheet_name(name))
        count = _write_list(_Writer(book, sheet, columns), rows, above)
        _print_on_a4(sheet, len(above), len(columns), landscape=landscape)
    return count


def write_book(out: BinaryIO, parts: Iterable[Part]) -> None:
    """Write lists into one XLSX file, each on a sheet of its own with a frozen head, one after another."""
    with _new_book(out) as book:
        for part in parts:
            sheet = book.add_worksheet(_free_name(book, part.name))
            _write_list(_Writer(book, sheet, part.columns), part.rows, part.above)
            _print_on_a4(sheet, len(part.above), len(part.columns), landscape=part.landscape)


@contextmanager
def _new_book(out: BinaryIO) -> Iterator[xlsxwriter.Workbook]:
    """A book, closed at the end. What it lays aside meanwhile goes with its folder, also where the disk is full.

    Raises the system's own OSError then.
    """
    with TemporaryDirectory(prefix="sheet-") as folder:
        try:
            book = xlsxwriter.Workbook(out, {"constant_memory": True, "tmpdir": folder})
            try:
                yield book
            finally:
                book.close()  # also when a row crashes: the book holds an open file
        except FileCreateError as fault:
            raise fault.args[0] from fault


def _write_list(writer: "_Writer", rows: Iterable[Sequence[Any]], above: Sequence[str]) -> int:
    head_row = len(above)
    for place, line in enumerate(above):
        writer.sheet.write_string(place, 0, _written(line), writer.style(bold=True))
    writer.head(head_row)
    count = 0
    for count, row in enumerate(rows, start=1):
        writer.row(head_row + count, row)
    writer.totals(head_row, count)
    writer.finish(head_row, count)
    return count


class _Writer:
    """Writes one list into one sheet, row after row (the sheet keeps no earlier row in memory)."""

    def __init__(self, book: xlsxwriter.Workbook, sheet: Worksheet, columns: Sequence[Column]) -> None:
        self.book, self.sheet, self.columns = book, sheet, columns
        self.styles: dict[tuple[tuple[str, Any], ...], Format] = {}
        self.sums = [Decimal(0) for _column in columns]
        self.longest = [0 for _column in columns]
        self.measured = 0

    def style(self, **properties: Any) -> Format:
        key = tuple(sorted(properties.items()))
        if key not in self.styles:
            self.styles[key] = self.book.add_format({**FONT, **properties})
        return self.styles[key]

    def head(self, row: int) -> None:
        style = self.style(bold=True, text_wrap=True, valign="vcenter", align="center", border=1, bg_color="#E6E6E6")
        for place, column in enumerate(self.columns):
            self.sheet.write_string(row, place, _written(column.heading), style)

    def row(self, row: int, values: Sequence[Any]) -> None:
        if self.measured < ROWS_MEASURED:
            self.measured += 1
            self.longest = [max(longest, _letters(value)) for longest, value in zip(self.longest, values, strict=True)]
        for place, (column, value) in enumerate(zip(self.columns, values, strict=True)):
            if value is None or value == "":
                self.sheet.write_blank(row, place, None, self.style(border=1))
            else:
                self.cell(row, place, column.kind, value)
                self.sums[place] += value if column.total else 0

    def cell(self, row: int, place: int, kind: str, value: Any, **properties: Any) -> None:
        if kind in NUMBER_FORMATS:
            style = self.style(num_format=NUMBER_FORMATS[kind], border=1, **properties)
            self.sheet.write_number(row, place, _number(kind, value), style)
        elif kind == "date" and _day(value) >= FIRST_SAFE_DAY:
            style = self.style(num_format=DATE_FORMATS[active_language()], border=1, align="right", **properties)
            self.sheet.write_datetime(row, place, datetime.combine(_day(value), datetime.min.time()), style)
        else:
            text = format_date(_day(value), "short") if kind == "date" else _written(value)
            if kind == "text" and len(text) > WIDEST:
                properties |= {"text_wrap": True, "valign": "top"}
            style = self.style(border=1, quote_prefix=text.startswith(_RUNNABLE), **properties)
            self.sheet.write_string(row, place, text, style)

    def totals(self, head_row: int, count: int) -> None:
        for place, column in enumerate(self.columns):
            if column.total:
                self.cell(head_row + count + 1, place, column.kind, self.sums[place], bold=True, top=6)

    def finish(self, head_row: int, count: int) -> None:
        """Lay the widths, which are known now, and let the rows be narrowed by their columns."""
        for place, column in enumerate(self.columns):
            self.sheet.set_column(place, place, self._width(column, self.longest[place]))
        if count:
            self.sheet.autofilter(head_row, 0, head_row + count, len(self.columns) - 1)

    def _width(self, column: Column, longest: int) -> float:
        if column.kind not in ("text", "code") or not self.measured:
            return column.width or WIDTHS[column.kind]
        heading = max((_letters(word) for word in _written(column.heading).split()), default=0)
        return max(column.width or NARROWEST, min(max(longest, heading) + 2, WIDEST))


def _letters(value: Any) -> int:
    """How many letters stand side by side: Thai vowels and tones above and below take no room."""
    return sum(category(letter) != "Mn" for letter in _written(value)) if isinstance(value, str) else 0


def _number(kind: str, value: Decimal | int) -> Decimal | int:
    return exact_baht(value) if kind == "baht" else value


def _day(value: date | datetime) -> date:
    if not isinstance(value, datetime):
        return value
    return localtime(value).date() if is_aware(value) else value.date()


def _written(value: Any) -> str:
    return _UNWRITABLE.sub("", str(value))


def _sheet_name(name: str) -> str:
    """What a sheet program takes on a tab: 31 letters, without some of them; a longer name ends with a word."""
    plain = " ".join(re.sub(r"[\[\]:*?/\\]", " ", _written(name)).split()).strip(" '")
    if len(plain) > LONGEST_NAME:
        cut = plain[: LONGEST_NAME + 1].rpartition(" ")[0]
        plain = (cut if len(cut) > LONGEST_NAME // 2 else plain[:LONGEST_NAME]).rstrip(" ,'(")
    return plain or "1"


def _free_name(book: xlsxwriter.Workbook, name: str) -> str:
    """A name that no sheet of the book has; sheet programs take "A" and "a" for one."""
    taken = {str(sheet.name).lower() for sheet in book.worksheets()}
    wanted = free = _sheet_name(name)
    count = 1
    while free.lower() in taken:
        count += 1
        free = f"{wanted[:27]} {count}"
    return free


def _print_on_a4(sheet: Worksheet, head_row: int, columns: int, *, landscape: bool) -> None:
    sheet.freeze_panes(head_row + 1, 0)
    sheet.set_paper(A4)
    if landscape:
        sheet.set_landscape()
    sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.6)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(head_row)
    sheet.set_footer("&L&A&R&P/&N")
    sheet.ignore_errors({"number_stored_as_text": f"A1:{xlsxwriter.utility.xl_col_to_name(columns - 1)}1048576"})


def sheet_bytes(**sheet: Any) -> bytes:
    """Return the XLSX file that `write_sheet` would write."""
    out = io.BytesIO()
    write_sheet(out, **sheet)
    return out.getvalue()


def csv_lines(columns: Sequence[Column], rows: Iterable[Sequence[Any]]) -> Iterable[bytes]:
    """Yield a CSV file line by line, UTF-8 with the mark by which sheet programs know it.

    Text that a sheet program would run as a formula gets an apostrophe before it.
    """
    yield "\ufeff".encode()
    yield _csv_line([str(column.heading) for column in columns])
    for row in rows:
        yield _csv_line([_csv_cell(column.kind, value) for column, value in zip(columns, row, strict=True)])


def _csv_cell(kind: str, value: Any) -> str:
    if value is None or value == "":
        return ""
    if kind == "date":
        return _day(value).isoformat()
    if kind in NUMBER_FORMATS:
        return str(_number(kind, value))
    text = _written(value)
    return f"'{text}" if text.startswith(_RUNNABLE) else text


def _csv_line(cells: Sequence[str]) -> bytes:
    line = io.StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue().encode()
