"""Other people's spreadsheets, read row by row: XLSX, ODS and CSV, whatever state they are in.

A file is judged by its content, not its name. Everything that can be wrong with it comes out as `UnreadableFile`; what
is wrong with a cell is for `readers` to say. Memory does not grow with the number of rows.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from bansong_fund.lib import csv_rows, ods_rows
from bansong_fund.lib.sheet_files import Package, RawRow, UnreadableFile, kind_of, too_large
from bansong_fund.lib.thai_text import normalise
from bansong_fund.lib.xlsx_rows import Workbook

__all__ = ["Heading", "RawRow", "SheetInfo", "UnreadableFile", "find_heading", "open_sheets", "read_rows"]

MOST_COLUMNS = 300
MOST_CELLS = 40_000_000
HEAD_ROWS = 25  # among so many first rows the heading is looked for


@dataclass(frozen=True, slots=True)
class SheetInfo:
    """A sheet of a file: its place (for `read_rows`), name, kind ("xlsx", "ods", "csv") and a CSV's encoding."""

    index: int
    name: str
    kind: str
    encoding: str = ""
    hidden: bool = False


def open_sheets(path: Path, *, file_name: str) -> list[SheetInfo]:
    """Return the sheets of a file, at least one; a CSV's bears the name of the file. Raises UnreadableFile."""
    kind = kind_of(path)
    if kind == "csv":
        return [SheetInfo(0, Path(file_name).stem[:100], kind, csv_rows.encoding_of(path))]
    with Package(path) as package:
        if kind == "xlsx":
            found = [(name, hidden) for name, _part, hidden in Workbook(package).sheets]
        else:
            found = ods_rows.sheet_names(package)
    if not found:
        raise UnreadableFile(_("The file holds no sheet with rows. Save the register as .xlsx and choose that."))
    return [SheetInfo(place, name[:100], kind, hidden=hidden) for place, (name, hidden) in enumerate(found)]


def read_rows(path: Path, sheet_index: int) -> Iterator[RawRow]:
    """Yield the rows of a sheet that hold anything, each with its own line, lines rising.

    Cells that are merged downwards have their value in every row. Formulas give the value that was last worked out, or
    the error that they show ("#N/A"). Trailing empty cells are cut off. Raises UnreadableFile, also on the way.
    """
    cells = 0
    for row in _filled_rows(path, sheet_index):
        values = _trimmed(row.cells)
        if not values:
            continue
        if len(values) > MOST_COLUMNS:
            raise _too_wide(row.line)
        cells += len(values)
        if cells > MOST_CELLS:
            raise too_large()
        yield RawRow(row.line, values)


def _filled_rows(path: Path, index: int) -> Iterator[RawRow]:
    kind = kind_of(path)
    if kind == "csv":
        yield from csv_rows.rows(path, csv_rows.encoding_of(path))
        return
    with Package(path) as package:
        if kind == "xlsx":
            book = Workbook(package)
            if index < len(book.sheets):
                yield from _filled_down(book.rows(index), book.merges(index))
        else:
            merges: dict[tuple[int, int], int] = {}
            yield from _filled_down(ods_rows.rows(package, index, merges), merges)


def _filled_down(rows: Iterator[RawRow], merges: dict[tuple[int, int], int]) -> Iterator[RawRow]:
    """Give every row the value of the merged cell that reaches down to it."""
    running: dict[int, tuple[Any, int]] = {}
    for row in rows:
        if not merges and not running:
            yield row
            continue
        running = {column: (value, last) for column, (value, last) in running.items() if last >= row.line}
        cells = list(row.cells)
        for column, (value, _last) in running.items():
            cells.extend([None] * (column + 1 - len(cells)))
            cells[column] = value if cells[column] is None else cells[column]
        for column, value in enumerate(row.cells):
            if value is not None and (last := merges.get((row.line, column))):
                running[column] = value, last
        yield RawRow(row.line, tuple(cells))


def _trimmed(cells: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return the cells without what is empty behind them; texts of spaces are empty."""
    if any(isinstance(cell, str) and (not cell or cell.isspace()) for cell in cells):
        cells = tuple(None if isinstance(cell, str) and not cell.strip() else cell for cell in cells)
    end = len(cells)
    while end and cells[end - 1] is None:
        end -= 1
    return cells if end == len(cells) else cells[:end]


def _too_wide(line: int) -> UnreadableFile:
    message = _(
        "Row %(line)d has something behind column %(most)d, where no register reaches. "
        "Clear it, or copy the register into a new sheet."
    )
    return UnreadableFile(message % {"line": line, "most": MOST_COLUMNS})


# --- headings ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Heading:
    """The texts over the columns, "" where none; the lines on which they stand; the line of the first row of data.

    Of two heading rows the upper comes first: "ที่อยู่ / บ้านเลขที่". A sheet without headings has no `lines`.
    """

    texts: tuple[str, ...]
    lines: tuple[int, ...]
    first_line: int


def find_heading(rows: Sequence[RawRow], known: Callable[[str], bool] | None = None) -> Heading:
    """Find the headings among the first rows of a sheet (give it 30 or more).

    `known` says of a text whether it is a heading that the caller knows; without it the shape of the rows decides:
    headings are short texts, all different, over rows that have numbers, dates and long digits among them.
    """
    head = rows[:HEAD_ROWS]
    scores = [_heading_score(row, known) for row in head]
    if not head or max(scores) <= 0:
        width = max((len(row.cells) for row in rows), default=0)
        return Heading(("",) * width, (), head[0].line if head else 1)
    place = scores.index(max(scores))
    upper, lower = place, place
    if place + 1 < len(head) and _is_second(head[place], head[place + 1], known):
        lower = place + 1
    elif place and _is_second(head[place - 1], head[place], known):
        upper = place - 1
    texts = _heading_texts(head[upper].cells, head[lower].cells if lower != upper else ())
    width = max(len(texts), *(len(row.cells) for row in rows))
    following = head[lower].line + 1
    first_line = next((row.line for row in rows if row.line >= following), following)
    lines = tuple(row.line for row in head[upper : lower + 1])
    return Heading(texts + ("",) * (width - len(texts)), lines, first_line)


def _heading_score(row: RawRow, known: Callable[[str], bool] | None) -> float:
    texts = [heading_text(cell) for cell in row.cells if cell is not None]
    if len(texts) < 2 or any(not _heads(cell) for cell in row.cells if cell is not None):
        return 0
    if known:
        return sum(known(text) for text in texts) + len(set(texts)) / 1000 if any(map(known, texts)) else 0
    return len(set(texts)) if len(set(texts)) * 2 > len(texts) else 0


def _heads(cell: Any) -> bool:
    """Say whether a cell could be a heading: a short text without a number's or a date's look, or a year."""
    if isinstance(cell, date | float | Decimal | bool):
        return False
    if isinstance(cell, int):
        return 0 <= cell <= 2700  # numbered columns, or a year over its sums
    text = heading_text(cell)
    digits = sum(letter.isdigit() for letter in text)
    return len(text) <= 120 and digits <= 4


def _is_second(upper: RawRow, lower: RawRow, known: Callable[[str], bool] | None) -> bool:
    """Say whether two neighbouring rows are one heading: texts in both, and the upper has gaps or repeats to fill."""
    if lower.line > upper.line + 1 or not all(_heads(cell) for row in (upper, lower) for cell in row.cells if cell):
        return False
    above = {place for place, cell in enumerate(upper.cells) if cell is not None}
    below = {place for place, cell in enumerate(lower.cells) if cell is not None}
    texts = [heading_text(cell) for cell in upper.cells if cell is not None]
    if len(above) < 2 or len(below) < 2 or any(isinstance(lower.cells[place], int) for place in below):
        return False
    if known and not any(known(heading_text(lower.cells[place])) for place in below):
        return False
    return bool(below - above) or len(set(texts)) < len(texts)


def _heading_texts(upper: tuple[Any, ...], lower: tuple[Any, ...]) -> tuple[str, ...]:
    texts, group = [], ""
    for place in range(max(len(upper), len(lower))):
        above = heading_text(upper[place]) if place < len(upper) else ""
        below = heading_text(lower[place]) if place < len(lower) else ""
        group = above or (group if below else "")
        over = above or group
        texts.append(f"{over} / {below}" if over and below and over != below else over or below)
        if above and not below:
            group = ""
    return tuple(texts)


def heading_text(cell: Any) -> str:
    """Return a heading on one line, in one spelling; "" for an empty cell."""
    return "" if cell is None else normalise(str(cell)[:200])
