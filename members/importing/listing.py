"""The rows of a run as a page shows them: some at a time, each with what will happen to it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import Q, QuerySet

from bansong_fund.lib.thai_dates import active_language
from members.import_columns import field_label
from members.importing.facts import CHANGE, REFUSAL, WARNING
from members.importing.preview import layouts_of
from members.models import ImportRow, ImportRun

PAGE_SIZE = 50
DOUBLES, WARNINGS = "doubles", "warnings"
FILTERS = (*ImportRow.Outcome.values, DOUBLES, WARNINGS)


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence about a row: the cell and the field that it is about, and the words."""

    cell: str
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class ShownRow:
    row: ImportRow
    sheet: str
    refusals: list[Told] = field(default_factory=list)
    warnings: list[Told] = field(default_factory=list)
    changes: list[Told] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class RowPage:
    rows: list[ShownRow]
    next_after: str  # "sheet-line" behind which the next page starts, "" on the last


def rows_of(run: ImportRun, only: str = "") -> QuerySet[ImportRow]:
    """The run's rows in the file's order; `only`: an outcome, or one of DOUBLES and WARNINGS."""
    rows = ImportRow.objects.filter(run=run).order_by("sheet", "line")
    if only == DOUBLES:
        return rows.filter(possible_double__isnull=False)
    if only == WARNINGS:
        return rows.filter(messages__contains=[{"kind": WARNING}]).exclude(outcome=ImportRow.Outcome.REFUSED)
    return rows.filter(outcome=only) if only else rows


def page_of_rows(run: ImportRun, *, only: str, after: str, benefits: Mapping[str, tuple[str, str]]) -> RowPage:
    """A page of rows behind a place, in one query."""
    rows = rows_of(run, only).select_related("member", "possible_double")
    sheet, _hyphen, line = after.partition("-")
    if sheet.isdecimal() and line.isdecimal() and len(after) < 20:
        rows = rows.filter(Q(sheet=int(sheet), line__gt=int(line)) | Q(sheet__gt=int(sheet)))
    found = list(rows[: PAGE_SIZE + 1])
    names = [layout.name for layout in layouts_of(run)]
    shown = [_shown(row, names, benefits) for row in found[:PAGE_SIZE]]
    last = found[PAGE_SIZE - 1] if len(found) > PAGE_SIZE else None
    return RowPage(shown, f"{last.sheet}-{last.line}" if last else "")


def _shown(row: ImportRow, sheets: Sequence[str], benefits: Mapping[str, tuple[str, str]]) -> ShownRow:
    shown = ShownRow(row, sheets[row.sheet] if row.sheet < len(sheets) else "")
    by_kind = {REFUSAL: shown.refusals, WARNING: shown.warnings, CHANGE: shown.changes}
    language = active_language()
    for message in row.messages:
        told = Told(message.get("cell", ""), field_label(message["column"], benefits), message[language])
        by_kind[message["kind"]].append(told)
    return shown
