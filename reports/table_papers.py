"""A report of several tables, each described once: shown on a page, printed, and written into one XLSX.

The tables are those of the books (`BookPaper`); a report adds its head, whether it is provisional, the fingerprint
that it carries and who signs it.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from bansong_fund.lib.languages import local_name
from bansong_fund.lib.money import format_baht
from bansong_fund.lib.papers import Signature, Words, draw_paper
from bansong_fund.lib.pdf import PAPER_STYLESHEETS, Language, render_pdf
from bansong_fund.lib.sheets import Column, Part, write_book
from bansong_fund.lib.thai_dates import active_language, format_date
from ledger.book_papers import SHEET_KINDS, BookPaper
from members.fund_head import fund_head
from members.models import Fund
from reports.fingerprints import Seal
from reports.sheet_names import sheet_name
from reports.words import SpokenDay, in_both

STYLESHEETS = (*PAPER_STYLESHEETS, "pdf/books.css", "pdf/board.css")
KINDS = SHEET_KINDS | {"percent": "percent"}
PROVISIONAL = _("Provisional")


@dataclass(frozen=True, slots=True)
class TablesPaper:
    """A report: its head, its tables in their order, and what stands under them. `made_on` is the fund's day."""

    title: Words
    subtitle: Words
    tables: tuple[BookPaper, ...]
    made_on: date
    is_provisional: bool = False
    seal: Seal | None = None
    signatures: tuple[Signature, ...] = ()

    @property
    def name(self) -> Words:
        return Words(f"{self.title.th} {self.subtitle.th}", f"{self.title.en} {self.subtitle.en}")


def shown_tables(paper: TablesPaper) -> list[dict[str, Any]]:
    """The tables for a page, in the active language: rows of (kind, heading, text), and whether a row is strong."""
    language = active_language()
    return [
        {
            "title": table.title.in_language(language),
            "note": table.note.in_language(language) if table.note else "",
            "head": [(column.kind, column.heading.in_language(language)) for column in table.columns],
            "rows": [(row.is_strong, _shown_cells(table, row.cells, language)) for row in table.rows],
        }
        for table in paper.tables
    ]


def _shown_cells(table: BookPaper, cells: Sequence[Any], language: str) -> list[tuple[str, str, str]]:
    return [
        (column.kind, column.heading.in_language(language), shown(column.kind, cell, language))
        for column, cell in zip(table.columns, cells, strict=True)
    ]


def shown(kind: str, cell: Any, language: str) -> str:
    """A cell as a page and a paper write it: amounts with brackets below zero, days in the Buddhist era."""
    if cell is None or cell == "":
        return ""
    if isinstance(cell, Words):
        return cell.in_language(language)
    if kind == "baht":
        return format_baht(cell, brackets=True)
    if kind == "percent":
        return f"{cell:.1f}%"
    if isinstance(cell, date):
        return format_date(cell, "short", language)
    return f"{cell:,}" if kind == "number" and isinstance(cell, int) else str(cell)


def tables_pdf(paper: TablesPaper, fund: Fund, language: Language) -> bytes:
    """The PDF, of one part: these reports are a few pages long."""
    title = paper.name.in_language("en" if language == "en" else "th")
    tables = [printed(table, language) for table in paper.tables]
    context = {"paper": paper, "paper_title": title, "tables": tables, "made_on": SpokenDay(paper.made_on)}
    html = draw_paper("pdf/tables.html", context, fund_head(fund), language)
    return render_pdf(html, title=title, language=language, stylesheets=STYLESHEETS)


def printed(table: BookPaper, language: Language) -> tuple[BookPaper, list[tuple[bool, list[Any]]]]:
    """A table with its rows as a paper's template takes them: whether each is strong, and its cells."""
    digits = "en" if language == "en" else "th"
    return table, [(row.is_strong, list(_cells(table, row.cells, digits))) for row in table.rows]


def _cells(table: BookPaper, cells: Sequence[Any], language: str) -> Any:
    """(kind, what is printed) of each cell: `Words` and amounts are left to the template."""
    for column, cell in zip(table.columns, cells, strict=True):
        kept = isinstance(cell, Words) or (column.kind == "baht" and cell is not None and cell != "")
        yield column.kind, cell if kept else shown(column.kind, cell, language)


def tables_sheet(paper: TablesPaper, fund: Fund, language: str) -> bytes:
    """The XLSX in one language, a sheet for each table; what is provisional says so over every head."""
    language = "en" if language == "en" else "th"
    out = io.BytesIO()
    with override(language):
        above = [local_name(fund), paper.name.in_language(language)]
        above += [in_both(PROVISIONAL).in_language(language)] if paper.is_provisional else []
        write_book(out, (_part(table, above, language) for table in paper.tables))
    return out.getvalue()


def _part(table: BookPaper, above: list[str], language: str) -> Part:
    title = table.title.in_language(language)
    return Part(
        name=sheet_name(table.title, language),
        columns=[
            Column(column.heading.in_language(language), KINDS[column.kind], 40 if column.kind == "text" else None)
            for column in table.columns
        ],
        rows=([_sheet_cell(cell, language) for cell in row.cells] for row in table.rows),
        above=[*above, title],
        landscape=len(table.columns) > 5,
    )


def _sheet_cell(cell: Any, language: str) -> Any:
    return cell.in_language(language) if isinstance(cell, Words) else cell
