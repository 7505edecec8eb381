"""Rows of a CSV file in whatever encoding and with whatever separator a sheet program wrote it."""

import codecs
import csv
import io
from collections.abc import Iterator
from pathlib import Path

from django.utils.translation import gettext as _

from bansong_fund.lib.sheet_files import CHUNK, RawRow, UnreadableFile, damage_refused

_MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_SEPARATORS = ",;\t|"
_SAMPLE = 64 * 1024
_TEXT_CONTROLS = frozenset(b"\t\n\r\x0b\x0c\x1a\x1b")
_BINARY = frozenset(range(32)) - _TEXT_CONTROLS


def encoding_of(path: Path) -> str:
    """Return "utf-8-sig", "utf-8", "utf-16" or "cp874" (Windows-874, and TIS-620 in it); raises UnreadableFile.

    The whole file is tried: a name in the last line may be the first with a Thai letter.
    """
    with damage_refused(), path.open("rb") as file:
        head = file.read(4)
    marked = [encoding for mark, encoding in _MARKS.items() if head.startswith(mark)]
    reached = 0
    for encoding in marked or ["utf-8", "cp874"]:
        line = _broken_line(path, encoding)
        if line is None:
            return encoding
        reached = max(reached, line)
    raise _unknown_letters(reached)


def _broken_line(path: Path, encoding: str) -> int | None:
    """Return the line on which a file stops being text of an encoding, 0 for what is no text; None if it never does."""
    decoder = codecs.getincrementaldecoder(encoding)()
    line = 1
    with damage_refused(), path.open("rb") as file:
        while chunk := file.read(CHUNK):
            if encoding != "utf-16" and _looks_binary(chunk):
                return 0
            try:
                decoder.decode(chunk)
            except UnicodeDecodeError as error:
                return line + chunk.count(b"\n", 0, error.start)
            line += chunk.count(b"\n")
        try:
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return line
    return None


def _looks_binary(chunk: bytes) -> bool:
    """Say whether a piece holds bytes of no text; a stray control character in a cell is left to its reader."""
    return b"\0" in chunk or sum(chunk.count(number) for number in _BINARY) > len(chunk) // 100 + 2


def _unknown_letters(line: int) -> UnreadableFile:
    if line > 1:
        message = _(
            "Line %(line)d of the file holds letters in no known encoding. "
            "Save the sheet as .xlsx, or as CSV in UTF-8, and choose it again."
        )
        return UnreadableFile(message % {"line": line})
    return UnreadableFile(
        _(
            "This is no sheet, or its letters are in an unknown encoding. "
            "Save it as .xlsx, or as CSV in UTF-8, and choose it again."
        )
    )


def rows(path: Path, encoding: str) -> Iterator[RawRow]:
    """Yield the rows that hold anything; the line is that of the sheet, also where a cell has line breaks."""
    with damage_refused(), path.open(encoding=encoding, newline="") as file:
        separator, sample = _separator(file.read(_SAMPLE))
        file.seek(0)
        reader = csv.reader(file, delimiter=separator, strict=True)
        line = 0
        while True:
            try:
                cells = next(reader, None)
            except csv.Error as error:
                raise _broken_row(line + 1) from error
            if cells is None:
                return
            line += 1
            if any(cells) and not (line == 1 and sample and cells[0].lower().startswith("sep=")):
                yield RawRow(line, tuple(cell or None for cell in cells))


def _broken_row(line: int) -> UnreadableFile:
    message = _(
        "Row %(line)d of the file cannot be read: a quotation mark in it is not closed. "
        "Mend the row, or save the sheet as .xlsx."
    )
    return UnreadableFile(message % {"line": line})


def _separator(sample: str) -> tuple[str, bool]:
    """Return the separator that cuts the most rows of a sample into the same number of cells, and if it was declared.

    Excel may declare it in a first line "sep=;".
    """
    if sample[:4].lower() == "sep=" and sample[4:5] in _SEPARATORS:
        return sample[4], True
    return max(_SEPARATORS, key=lambda separator: _even_rows(sample, separator)), False


def _even_rows(sample: str, separator: str) -> tuple[int, int]:
    counts: dict[int, int] = {}
    try:
        for row in csv.reader(io.StringIO(sample[: sample.rfind("\n") + 1] or sample), delimiter=separator):
            counts[len(row)] = counts.get(len(row), 0) + (len(row) > 1)
    except csv.Error:
        return 0, 0
    return max(((rows, width) for width, rows in counts.items()), default=(0, 0))
