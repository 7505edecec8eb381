"""The refused rows as a sheet: the cells as they came, and a column with the reasons before them."""

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

from django.utils.translation import gettext as _

from bansong_fund.lib.readers import shown
from bansong_fund.lib.sheet_reader import read_rows
from bansong_fund.lib.sheets import Column, write_sheet
from bansong_fund.lib.thai_dates import active_language
from members.importing import vault
from members.importing.facts import REFUSAL
from members.importing.preview import CHUNK, Step, layouts_of
from members.importing.run import refused_name
from members.models import ImportRow, ImportRun


def keep_refused(run: ImportRun, *, step: Step) -> None:
    """Seal the sheet of refused rows beside the run's file, in the active language; without any, remove it.

    `step` is told every few thousand rows that the work goes on.
    """
    if not run.counts.get("refused"):
        vault.remove(refused_name(run.stored_name))
        return
    width = max(len(layout.headings) for layout in layouts_of(run))
    with TemporaryFile() as target, vault.laid_open(run.stored_name) as path:
        write_sheet(
            target,
            name=_("Refused rows"),
            columns=[
                Column(_("Sheet of the file")),
                Column(_("Line"), "count"),
                Column(_("Reasons"), width=60),
                *(Column(heading) for heading in _headings(run, width)),
            ],
            rows=_refused(run, path, width, step),
        )
        vault.keep(vault.pieces_of(target), stored_name=refused_name(run.stored_name))


def _headings(run: ImportRun, width: int) -> list[str]:
    """The headings of the widest sheet."""
    widest = max((layout.headings for layout in layouts_of(run)), key=len)
    return [*widest, *([""] * (width - len(widest)))]


def _refused(run: ImportRun, path: Path, width: int, step: Step) -> Iterator[Sequence[Any]]:
    for place, layout in enumerate(layouts_of(run)):
        reasons = _reasons(run, place)
        if not reasons:
            continue
        for count, row in enumerate(read_rows(path, place)):
            if count % CHUNK == 0:
                step(run.counts["rows"])
            if row.line in reasons:
                cells = [_as_it_came(cell) for cell in row.cells[:width]]
                yield [layout.name, row.line, reasons[row.line], *cells, *([None] * (width - len(cells)))]


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
    return cell.isoformat() if isinstance(cell, date) else shown(cell)
