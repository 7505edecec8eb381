"""Files that claim to be spreadsheets: what they are by their content, and a zip that may not do harm.

Nothing here trusts a file's name, a zip's directory or a piece of XML: every size has a limit, document types and with
them all entities are refused, and whatever breaks on the way comes out as `UnreadableFile`.
"""

import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self
from xml.parsers import expat

from django.utils.translation import gettext as _

from bansong_fund.lib.errors import DomainError

CHUNK = 256 * 1024
MOST_PARTS = 5_000
MOST_UNPACKED = 2 * 1024**3
LARGE_PART = 64 * 1024**2
MOST_RATIO = 300  # a register's XML packs to a tenth or twentieth; only what repeats without end packs like this
MOST_LETTERS = 100_000
MOST_DEPTH = 60
MOST_NAMES = 2_000  # of different tags
MOST_LAG = 4 * 1024**2

_DAMAGE = (
    *(zipfile.BadZipFile, zlib.error, expat.ExpatError, struct.error, EOFError, LookupError, ValueError),
    *(RuntimeError, OverflowError, OSError),
)


class UnreadableFile(DomainError):
    """A file from which no rows can be read: what it is, why, and what to do."""


@dataclass(frozen=True, slots=True)
class RawRow:
    """A row as it stands in the sheet: its line as the program counts it, from 1, and its cells from column A."""

    line: int
    cells: tuple[Any, ...]


@contextmanager
def damage_refused() -> Iterator[None]:
    """Turn whatever a broken file makes the libraries raise into `UnreadableFile`."""
    try:
        yield
    except _DAMAGE as error:
        raise damaged() from error


def damaged() -> UnreadableFile:
    return UnreadableFile(
        _("The file is damaged: it ends early or is broken inside. Open it where it was made, save it again, and try.")
    )


def too_large() -> UnreadableFile:
    return UnreadableFile(
        _(
            "Unpacked, the file would be larger than any register, so it was not read. "
            "Copy the register alone into a new sheet and save that."
        )
    )


# --- what a file is ---------------------------------------------------------------------------------------


def kind_of(path: Path) -> str:
    """Return "xlsx", "ods" or "csv" by the file's content; raises UnreadableFile for anything else."""
    with damage_refused(), path.open("rb") as file:
        head = file.read(4096)
    if not head.strip(b"\0\t\r\n "):
        raise UnreadableFile(_("The file is empty. Choose the file that holds the register."))
    if head.startswith(b"PK"):
        return _kind_of_package(path)
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        raise _old_or_locked(path)
    for marks, sentence in _foreign_kinds():
        if head.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(marks):
            raise UnreadableFile(sentence)
    return "csv"


def _foreign_kinds() -> list[tuple[tuple[bytes, ...], str]]:
    pictures = (b"\x89png", b"\xff\xd8\xff", b"gif8", b"bm\x36", b"ii*\0", b"mm\0*", b"riff")
    packed = (b"rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"bzh", b"\xfd7zxz")
    pages = (b"<!doctype", b"<html", b"<table", b"<?xml", b"<meta", b"<head", b"mime-version:")
    save_as = _("Open it in Excel or LibreOffice and save it as .xlsx.")
    return [
        ((b"%pdf",), _("This is a PDF, not a sheet. Ask for the sheet that it was printed from.")),
        (pictures, _("This is a picture, not a sheet. Choose a file saved as .xlsx, .ods or .csv.")),
        (packed, _("This is a packed file. Unpack it first, then choose the sheet inside.")),
        (pages, _("This is a web page or XML that only bears a sheet's name.") + " " + save_as),
        ((b"{\\rtf",), _("This is a text document, not a sheet. Choose a file saved as .xlsx, .ods or .csv.")),
    ]


def _old_or_locked(path: Path) -> UnreadableFile:
    """Tell the old binary format of Excel from the envelope in which a password locks an .xlsx."""
    locked, overlap = "EncryptedPackage".encode("utf-16-le"), b""
    with damage_refused(), path.open("rb") as file:
        while chunk := file.read(CHUNK):
            if locked in overlap + chunk:
                return _locked()
            overlap = chunk[-len(locked) :]
    return UnreadableFile(_("This is an old Excel file (.xls). Open it in Excel or LibreOffice and save it as .xlsx."))


def _locked() -> UnreadableFile:
    return UnreadableFile(
        _("The file is locked with a password. Open it, take the password off, save it, and choose it again.")
    )


def _kind_of_package(path: Path) -> str:
    with Package(path) as package:
        names = package.names
        if "xl/workbook.bin" in names:
            raise UnreadableFile(_("This is a binary Excel file (.xlsb). Open it in Excel and save it as .xlsx."))
        if "mimetype" in names and b"opendocument.spreadsheet" in package.whole("mimetype", 200):
            if "META-INF/manifest.xml" in names and b"encryption-data" in package.whole("META-INF/manifest.xml"):
                raise _locked()
            return "ods"
        if any(name.lower().endswith("workbook.xml") for name in names):
            return "xlsx"
    raise UnreadableFile(
        _("There is no sheet in this file. Choose a file saved as .xlsx, .ods or .csv; unpack a .zip first.")
    )


# --- a zip ------------------------------------------------------------------------------------------------


class Package:
    """A zip whose parts are read in pieces, none larger than it says and all together within a limit."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("rb")  # a zip would leave it open for a part that is read half
        try:
            with damage_refused():
                self._zip = zipfile.ZipFile(self._file)
            self._parts = {part.filename: part for part in self._zip.infolist()}
            self._check()
        except UnreadableFile:
            self._file.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._file.close()

    @property
    def names(self) -> frozenset[str]:
        return frozenset(self._parts)

    def size(self, name: str) -> int:
        return self._parts[name].file_size if name in self._parts else 0

    def _check(self) -> None:
        parts = self._zip.infolist()
        if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
            raise too_large()
        for part in parts:
            if part.flag_bits & 0x1:
                raise _locked()
            if part.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
                raise damaged()
            if part.file_size > LARGE_PART and part.file_size > MOST_RATIO * part.compress_size:
                raise too_large()

    def chunks(self, name: str) -> Iterator[bytes]:
        """Yield a part piece by piece; a missing part is damage."""
        with damage_refused(), self._zip.open(self._parts[name]) as part:
            while chunk := part.read(CHUNK):
                yield chunk

    def whole(self, name: str, most: int = LARGE_PART) -> bytes:
        """Return a small part, or the first `most` bytes of it."""
        with damage_refused(), self._zip.open(self._parts[name]) as part:
            return part.read(most)


# --- XML --------------------------------------------------------------------------------------------------


class XmlScan:
    """Feeds XML to two methods, `start(tag, attributes)` and `end(tag)`, tags without their prefix.

    `text` collects what stands between tags while it is a list. Refuses document types (and so all entities), depth,
    endless texts and endless tags.
    """

    def __init__(self) -> None:
        self.text: list[str] | None = None
        self._letters = self._depth = self._fed = 0
        self._local: dict[str, str] = {}
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._characters
        self._parser.StartDoctypeDeclHandler = self._doctype

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Meet an opening tag."""

    def end(self, tag: str) -> None:
        """Meet a closing tag."""

    def feed(self, chunk: bytes, *, last: bool = False) -> None:
        with damage_refused():
            self._parser.Parse(chunk, last)
        self._fed += len(chunk)
        if self._fed - self._parser.CurrentByteIndex > MOST_LAG:
            raise damaged()

    def feed_all(self, chunks: Iterator[bytes]) -> None:
        for chunk in chunks:
            self.feed(chunk)
        self.feed(b"", last=True)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > MOST_DEPTH:
            raise damaged()
        self.start(self._local.get(name) or self._local_name(name), attributes)

    def _end(self, name: str) -> None:
        self._depth -= 1
        self.end(self._local[name])

    def _local_name(self, name: str) -> str:
        if len(self._local) >= MOST_NAMES:
            raise damaged()
        self._local[name] = local = name.rpartition(":")[2]
        return local

    def _characters(self, text: str) -> None:
        if self.text is not None:
            self.text.append(text)
            self._letters = self._letters + len(text) if len(self.text) > 1 else len(text)
            if self._letters > MOST_LETTERS:
                raise UnreadableFile(
                    _("A cell holds more than %(most)d letters. Take it out and save again.") % {"most": MOST_LETTERS}
                )

    def _doctype(self, *_declaration: object) -> None:
        raise damaged()


def local_attributes(attributes: dict[str, str]) -> dict[str, str]:
    """Return attributes under their names without prefixes."""
    return {name.rpartition(":")[2]: value for name, value in attributes.items()}


def scan_tags(package: Package, name: str, meet: Callable[[str, dict[str, str]], None]) -> None:
    """Call `meet(tag, attributes)` for every opening tag of a small part."""
    scan = XmlScan()
    scan.start = lambda tag, attributes: meet(tag, local_attributes(attributes))  # type: ignore[method-assign]
    scan.feed_all(package.chunks(name))
