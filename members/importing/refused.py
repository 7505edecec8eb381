"""The refused rows as a sheet: the cells as they came, and a column with the reasons before them."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

from django.utils.translation import gettext as _

from bansong_fund.lib.readers import shown
from bansong_fund.lib.sheet_reader import RawRow, read_rows
from bansong_fund.lib.sheets import Column, Part, write_book
from bansong_fund.lib.thai_dates import active_language
from members.importing import vault
from members.importing.facts import REFUSAL
from members.importing.preview import CHUNK, Step, layouts_of
from members.importing.run import refused_name
from members.models import ImportRow, ImportRun

LONGEST_CELL = 32_000  # of letters; sheet programs hold 32,767


def keep_refused(run: ImportRun, *, step: Step) -> None:
    """Seal the sheets of refused rows beside the run's file, in the active language; without any, remove them.

    Each sheet of the file has its own, under its own name and headings: what is corrected there comes in as it stands.
    `step` is told every few thousand rows that the work goes on.
    """
    if not run.counts.get("refused"):
        vault.remove(refused_name(run.stored_name))
        return
    with TemporaryFile() as target, vault.laid_open(run.stored_name) as path:
        write_book(target, _parts(run, path, step))
        vault.keep(vault.pieces_of(target), stored_name=refused_name(run.stored_name))


def _parts(run: ImportRun, path: Path, step: Step) -> Iterator[Part]:
    for place, layout in enumerate(layouts_of(run)):
        if reasons := _reasons(run, place):
            columns = [Column(_("Line"), "count"), Column(_("Reasons"), width=60), *map(Column, layout.headings)]
            rows = _told(read_rows(path, place), run.counts["rows"], step)
            yield Part(layout.name, columns, _refused(rows, reasons, len(layout.headings)))


def _told(rows: Iterable[RawRow], total: int, step: Step) -> Iterator[RawRow]:
    for count, row in enumerate(rows):
        if count % CHUNK == 0:
            step(total)
        yield row


def _refused(rows: Iterable[RawRow], reasons: dict[int, str], width: int) -> Iterator[Sequence[Any]]:
    for row in rows:
        if row.line in reasons:
            cells = [_as_it_came(cell) for cell in row.cells[:width]]
            yield [row.line, reasons[row.line], *cells, *([None] * (width - len(cells)))]


def _reasons(run: ImportRun, sheet: int) -> dict[int, str]:
    rows = ImportRow.objects.filter(run=run, sheet=sheet, outcome=ImportRow.Outcome.REFUSED).order_by("line")
    lines = rows.values_list("line", "messages").iterator(chunk_size=CHUNK)
    return {line: "\n".join(reasons_of(messages)) for line, messages in lines}


def reasons_of(messages: Sequence[dict[str, str]], language: str | None = None) -> list[str]:
    """Why a row is refused: "C12: …" in the language asked for, else the active one."""
    language = active_language(language)
    return [
        f"{message['cell']}: {message[language]}" if "cell" in message else message[language]
        for message in messages
        if message["kind"] == REFUSAL
    ]


def _as_it_came(cell: Any) -> str | None:
    """A cell as text: a number of thirteen digits stays whole, a formula's look is defused by the sheet's writer."""
    if cell is None:
        return None
    if isinstance(cell, str):
        return cell.encode(errors="replace").decode()[:LONGEST_CELL]
    return cell.isoformat() if isinstance(cell, date) else shown(cell)
