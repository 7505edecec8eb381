"""Rows of an XLSX sheet, read as a stream: a register of any length in the memory of a small one.

python-calamine is not used for files from outside: it lays a sheet out whole, and two cells in opposite corners make it
ask for 512 GB and abort the process.
"""

import re
from array import array
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from math import isfinite
from posixpath import dirname, join, normpath
from typing import Any

from bansong_fund.lib.sheet_files import Package, RawRow, XmlScan, damage_refused, damaged, scan_tags, too_large

MOST_ROWS = 1_048_576
MOST_SHARED = 256 * 1024**2
LAST_SERIAL = 2_958_465  # 31 December 9999
MERGES_UP_TO = 64 * 1024**2  # bytes of a sheet; longer ones are not searched for merged cells beforehand
_BUILTIN_DATES = {14, 15, 16, 17, 22, *range(27, 32), *range(34, 37), *range(50, 59), *range(71, 77), 81}
_NOT_A_CODE = re.compile(r'"[^"]*"|\\.|_.|\[[^\]]*\]|[eE][+-]')
_DATE_CODE = re.compile("[dyb]|mmm", re.IGNORECASE)
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_MERGE = re.compile(rb'<(?:\w+:)?mergeCell ref="([A-Z]{1,3})([0-9]{1,7}):[A-Z]{1,3}([0-9]{1,7})"')


class Workbook:
    """The parts of an XLSX package: its sheets, and what their cells refer to."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self.path = self._main_part()
        self.parts = self._relations(self.path)
        self.sheets: list[tuple[str, str, bool]] = []  # name, part, whether it is hidden
        self.starts_1904 = False
        scan_tags(package, self.path, self._meet)

    def _main_part(self) -> str:
        for kind, part in self._relations("").values():
            if kind == "officeDocument" and part in self.package.names:
                return part
        return "xl/workbook.xml"

    def _relations(self, part: str) -> dict[str, tuple[str, str]]:
        """Return, by id, the kind and the full name of the parts that a part refers to."""
        folder, _slash, name = part.rpartition("/")
        path = join(folder, "_rels", f"{name}.rels")
        found: dict[str, tuple[str, str]] = {}

        def meet(tag: str, attributes: dict[str, str]) -> None:
            if tag == "Relationship":
                target = attributes.get("Target", "")
                full = target.lstrip("/") if target.startswith("/") else normpath(join(dirname(part), target))
                found[attributes.get("Id", "")] = attributes.get("Type", "").rpartition("/")[2], full

        if path in self.package.names:
            scan_tags(self.package, path, meet)
        return found

    def _meet(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "workbookPr":
            self.starts_1904 = attributes.get("date1904", "0") in {"1", "true"}
        elif tag == "sheet":
            kind, part = self.parts.get(attributes.get("id", ""), ("", ""))
            if kind == "worksheet" and part in self.package.names:
                self.sheets.append((attributes.get("name", ""), part, attributes.get("state", "visible") != "visible"))

    def _part(self, kind: str) -> str:
        return next((part for each, part in self.parts.values() if each == kind and part in self.package.names), "")

    def rows(self, index: int) -> Iterator[RawRow]:
        """Yield the rows that hold anything."""
        part = self.sheets[index][1]
        reader = _Rows(SharedStrings(self.package, self._part("sharedStrings")), self._date_styles(), self.starts_1904)
        for block, blank_rows in _blocks(self.package.chunks(part)):
            if blank_rows:
                reader.skip(blank_rows)
            else:
                reader.feed(block)
                yield from reader.taken()
        reader.feed(b"", last=True)
        yield from reader.taken()

    def _date_styles(self) -> frozenset[str]:
        """Return the numbers, as cells write them, of the styles that show a number as a day."""
        part = self._part("styles")
        if not part:
            return frozenset()
        styles = _Styles()
        styles.feed_all(self.package.chunks(part))
        return frozenset(str(place) for place, number in enumerate(styles.formats) if styles.is_date(number))

    def merges(self, index: int) -> dict[tuple[int, int], int]:
        """Return, by line and column of their first cell, the last line of cells that are merged downwards."""
        part, found, overlap = self.sheets[index][1], {}, b""
        if self.package.size(part) > MERGES_UP_TO:
            return {}
        for chunk in self.package.chunks(part):
            for letters, first, last in _MERGE.findall(overlap + chunk):
                if int(last) > int(first):
                    found[int(first), column_number(letters.decode())] = int(last)
            overlap = chunk[-60:]
        return found


def _blocks(chunks: Iterator[bytes]) -> Iterator[tuple[bytes, int]]:
    """Cut a sheet between its rows; of a block without any value give only the number of its rows.

    So a million formatted but empty rows cost no more than unpacking them.
    """
    held = b""
    for chunk in chunks:
        held += chunk
        cut = held.rfind(b"<row ")
        if cut > 0:
            block, held = held[:cut], held[cut:]
            blank = block.startswith(b"<row ") and b"<v" not in block and b"<is" not in block
            yield (b"", block.count(b"<row ")) if blank else (block, 0)
        elif cut < 0:
            yield held, 0
            held = b""
    yield held, 0


class SharedStrings:
    """The table of texts, read as far as it is asked for and kept packed: 2,000,000 texts in their own bytes."""

    def __init__(self, package: Package, part: str) -> None:
        self._chunks = package.chunks(part) if part else iter(())
        self._texts = bytearray()
        self._ends = array("Q", [0])
        self._scan = _Strings(self._keep)
        self._complete = False

    def _keep(self, text: str) -> None:
        self._texts += text.encode("utf-8", "surrogatepass")
        self._ends.append(len(self._texts))
        if len(self._texts) > MOST_SHARED:
            raise too_large()

    def __getitem__(self, place: int) -> str:
        if place < 0:
            raise damaged()
        while place >= len(self._ends) - 1:
            self._read_on()
        return self._texts[self._ends[place] : self._ends[place + 1]].decode("utf-8", "surrogatepass")

    def _read_on(self) -> None:
        if self._complete:
            raise damaged()
        chunk = next(self._chunks, b"")
        self._complete = not chunk
        self._scan.feed(chunk, last=self._complete)


class _Strings(XmlScan):
    """Meets the texts of the table one after the other; readings aids (rPh) are left out."""

    def __init__(self, keep: Any) -> None:
        super().__init__()
        self._keep = keep
        self._parts: list[str] = []
        self._aside = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "si":
            self._parts = []
        elif tag == "rPh":
            self._aside += 1
        elif tag == "t":
            self.text = []

    def end(self, tag: str) -> None:
        if tag == "t" and self.text is not None:
            if not self._aside:
                self._parts.extend(self.text)
            self.text = None
        elif tag == "rPh":
            self._aside -= 1
        elif tag == "si":
            self._keep(unescaped("".join(self._parts)))


class _Styles(XmlScan):
    """Collects the number formats of the cell styles."""

    def __init__(self) -> None:
        super().__init__()
        self.codes: dict[str, str] = {}
        self.formats: list[str] = []
        self._in_cells = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "numFmt":
            self.codes[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif tag == "cellXfs":
            self._in_cells = True
        elif tag == "xf" and self._in_cells:
            self.formats.append(attributes.get("numFmtId", "0"))

    def end(self, tag: str) -> None:
        if tag == "cellXfs":
            self._in_cells = False

    def is_date(self, number: str) -> bool:
        if number in self.codes:
            return bool(_DATE_CODE.search(_NOT_A_CODE.sub("", self.codes[number])))
        return number.isascii() and number.isdigit() and len(number) < 5 and int(number) in _BUILTIN_DATES


class _Rows(XmlScan):
    """Meets the cells of a sheet and gathers them into rows."""

    def __init__(self, strings: SharedStrings, date_styles: frozenset[str], starts_1904: bool) -> None:
        super().__init__()
        self._strings, self._date_styles, self._starts_1904 = strings, date_styles, starts_1904
        self._columns: dict[str, int] = {}
        self._done: list[RawRow] = []
        self._line = 0
        self._cells: list[Any] = []
        self._column, self._kind, self._aside = 0, "n", 0
        self._style: str | None = None
        self._parts: list[str] | None = None

    def skip(self, rows: int) -> None:
        self._line += rows

    def taken(self) -> list[RawRow]:
        done, self._done = self._done, []
        return done

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "c":
            get = attributes.get
            self._kind, self._style, self._parts = get("t", "n"), get("s"), None
            if reference := get("r"):
                letters = reference.rstrip("0123456789")
                column = self._columns.get(letters)
                self._column = self._new_column(letters) if column is None else column
        elif tag in {"v", "t"}:
            self.text = []
        elif tag == "row":
            self._begin(attributes.get("r"))
        elif tag == "rPh":
            self._aside += 1

    def end(self, tag: str) -> None:
        if tag in {"v", "t"}:
            if self.text and not self._aside:
                self._parts = self.text if self._parts is None else self._parts + self.text
            self.text = None
        elif tag == "c":
            if self._parts is not None:
                self._put(self._value(self._parts[0] if len(self._parts) == 1 else "".join(self._parts)))
            self._column += 1
        elif tag == "row":
            if self._cells:
                self._done.append(RawRow(self._line, tuple(self._cells)))
            self._cells = []
        elif tag == "rPh":
            self._aside -= 1

    def _begin(self, number: str | None) -> None:
        line = int(number) if number else self._line + 1
        if not self._line < line <= MOST_ROWS:
            raise damaged()
        self._line, self._cells, self._column = line, [], 0

    def _new_column(self, letters: str) -> int:
        self._columns[letters] = column = column_number(letters)
        return column

    def _put(self, value: Any) -> None:
        missing = self._column - len(self._cells)
        if missing == 0:
            self._cells.append(value)
        elif missing > 0:
            self._cells += [*[None] * missing, value]
        else:
            self._cells[self._column] = value

    def _value(self, text: str) -> Any:
        kind = self._kind
        if kind == "s":
            return self._strings[int(text)]
        if kind == "n":
            number = number_of(text)
            if self._style in self._date_styles and not isinstance(number, str):
                return day_of_serial(number, self._starts_1904)
            return number
        if kind == "b":
            return text == "1"
        return day_of_text(text) if kind == "d" else unescaped(text)


def column_number(letters: str) -> int:
    """Return the place of a column, from 0: "A" -> 0, "AB" -> 27."""
    number = 0
    if not 1 <= len(letters) <= 3 or not letters.isascii() or not letters.isalpha():
        raise damaged()
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number - 1


def number_of(text: str) -> int | float | str:
    """Return the number that a text writes, whole where it has no fraction; the text itself where it is none."""
    try:
        number = float(text)
    except ValueError:
        return text
    if not isfinite(number):
        return text
    return int(number) if number.is_integer() and abs(number) < 2**53 else number


def day_of_serial(serial: float, starts_1904: bool = False) -> Any:
    """Return the day or moment that a sheet's number shows; the number itself where it is none."""
    days = serial + 1462 if starts_1904 else serial
    if not 1 <= days < LAST_SERIAL + 1:
        return serial
    whole = int(days)
    first = date(1899, 12, 31) if whole < 60 else date(1899, 12, 30)
    day = first + timedelta(days=whole)
    seconds = round((days - whole) * 86_400)
    if seconds == 0:
        return day
    return datetime.combine(day, datetime.min.time()) + timedelta(seconds=min(seconds, 86_399))


def day_of_text(text: str) -> Any:
    """Return the day or moment of an ISO text; the text itself where it is none."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    return moment.date() if moment.time() == datetime.min.time() else moment.replace(tzinfo=None)


def unescaped(text: str) -> str:
    """Return a text with the letters that XLSX writes as _x000D_."""
    if "_x" not in text:
        return text
    with damage_refused():
        units = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
        return units.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
