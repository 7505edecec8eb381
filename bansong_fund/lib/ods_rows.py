"""Rows of an ODS sheet, read as a stream."""

from collections.abc import Iterator
from typing import Any

from bansong_fund.lib.sheet_files import Package, RawRow, XmlScan, local_attributes, scan_tags, too_large
from bansong_fund.lib.xlsx_rows import MOST_ROWS, day_of_text, number_of

CONTENT = "content.xml"
MOST_COPIES = 1_000  # of one row or cell that is not empty


def sheet_names(package: Package) -> list[tuple[str, bool]]:
    """Return the names of the sheets; whether one is hidden stands in its style, which is not looked up."""
    names: list[tuple[str, bool]] = []

    def meet(tag: str, attributes: dict[str, str]) -> None:
        if tag == "table":
            names.append((attributes.get("name", ""), False))

    scan_tags(package, CONTENT, meet)
    return names


def rows(package: Package, index: int, merges: dict[tuple[int, int], int]) -> Iterator[RawRow]:
    """Yield the rows of a sheet that hold anything, and note in `merges` the cells that are merged downwards."""
    reader = _Rows(index, merges)
    for chunk in package.chunks(CONTENT):
        reader.feed(chunk)
        yield from reader.taken()
        if reader.past:
            return
    reader.feed(b"", last=True)
    yield from reader.taken()


class _Rows(XmlScan):
    """Meets the cells of one sheet. Notes beside cells (annotations) are left out."""

    def __init__(self, index: int, merges: dict[tuple[int, int], int]) -> None:
        super().__init__()
        self._index, self._merges = index, merges
        self._sheet, self._inside, self.past = -1, 0, False
        self._done: list[RawRow] = []
        self._line = 0
        self._copies = 1
        self._cells: dict[int, Any] = {}
        self._column, self._aside = 0, 0
        self._cell: dict[str, str] | None = None
        self._paragraphs: list[str] = []

    def taken(self) -> list[RawRow]:
        done, self._done = self._done, []
        return done

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "table":
            self._sheet += self._inside == 0
            self._inside += 1
        elif self._sheet != self._index or self._inside != 1:
            return
        elif tag in {"table-cell", "covered-table-cell"}:
            self._cell, self._paragraphs = local_attributes(attributes), []
        elif tag == "table-row":
            self._copies = _times(local_attributes(attributes), "number-rows-repeated")
            self._cells, self._column = {}, 0
        elif tag == "annotation":
            self._aside += 1
        elif self._cell is not None and not self._aside:
            self._text_tag(tag, attributes)

    def _text_tag(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "p":
            self.text = []
        elif self.text is not None and tag in {"s", "tab", "line-break"}:
            self.text.append(" " * min(_times(local_attributes(attributes), "c"), 100))

    def end(self, tag: str) -> None:
        if tag == "table":
            self._inside -= 1
            self.past = self._sheet >= self._index and self._inside == 0
        elif self._sheet != self._index or self._inside != 1:
            return
        elif tag == "annotation":
            self._aside -= 1
        elif tag == "p" and self.text is not None and not self._aside:
            self._paragraphs.append("".join(self.text))
            self.text = None
        elif tag in {"table-cell", "covered-table-cell"} and self._cell is not None:
            self._end_cell(self._cell)
        elif tag == "table-row":
            self._end_row()

    def _end_cell(self, cell: dict[str, str]) -> None:
        value, copies = _value(cell, "\n".join(self._paragraphs)), _times(cell, "number-columns-repeated")
        if value is not None:
            if copies > MOST_COPIES:
                raise too_large()
            for column in range(self._column, self._column + copies):
                self._cells[column] = value
            if (height := _times(cell, "number-rows-spanned")) > 1:
                self._merges[self._line + 1, self._column] = self._line + height
        self._column += copies
        self._cell = None

    def _end_row(self) -> None:
        if self._cells:
            if self._copies > MOST_COPIES:
                raise too_large()
            cells = tuple(self._cells.get(column) for column in range(max(self._cells) + 1))
            self._done.extend(RawRow(self._line + copy, cells) for copy in range(1, self._copies + 1))
        self._line = min(self._line + self._copies, MOST_ROWS)


def _times(attributes: dict[str, str], name: str) -> int:
    text = attributes.get(name, "1")
    return max(int(text), 1) if len(text) < 9 else MOST_ROWS


def _value(cell: dict[str, str], text: str) -> Any:
    """Return what a cell holds; of a formula that failed, the error that it shows."""
    kind = "error" if text.startswith(("#", "Err:")) else cell.get("value-type", "")
    if kind in {"float", "percentage", "currency"} and "value" in cell:
        return number_of(cell["value"])
    if kind == "date" and "date-value" in cell:
        return day_of_text(cell["date-value"])
    if kind == "boolean":
        return cell.get("boolean-value") == "true"
    return text or cell.get("string-value") or None
