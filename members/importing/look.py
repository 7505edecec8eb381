"""The first look into a file: which sheets there are, where their headings stand, and what each column may be."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path

from bansong_fund.lib.national_id import LENGTH, format_masked
from bansong_fund.lib.readers import shown
from bansong_fund.lib.sheet_reader import RawRow, SheetInfo, find_heading, open_sheets, read_rows
from bansong_fund.lib.thai_text import arabic_digits
from members.import_columns import is_heading, match_columns
from members.importing import vault
from members.importing.layout import SheetLayout
from members.importing.places import bare_name, known_names
from members.importing.rows import benefit_names
from members.models import Community

FIRST_ROWS = 60
SAMPLES = 3
MOST_SHEETS = 60


@dataclass(frozen=True, slots=True)
class Look:
    """What was seen: a proposal for each sheet, and by sheet and column some values, IDs among them masked."""

    layouts: list[SheetLayout]
    samples: list[list[list[str]]]


def look_into(path: Path, file_name: str, *, today: date) -> Look:
    """Look at the first rows of each sheet. Raises `UnreadableFile`."""
    called = known_names(Community.objects.all())
    numbers = dict(Community.objects.values_list("pk", "number"))
    benefits = benefit_names(today)
    layouts, samples = [], []
    for sheet in open_sheets(path, file_name=file_name)[:MOST_SHEETS]:
        rows = list(islice(read_rows(path, sheet.index), FIRST_ROWS))
        community = numbers.get(called.get(bare_name(sheet.name), 0))
        layouts.append(_layout(sheet, rows, benefits, community))
        samples.append(_samples(rows, layouts[-1]))
    return Look(layouts, samples)


def _layout(
    sheet: SheetInfo, rows: list[RawRow], benefits: Mapping[str, tuple[str, str]], community: int | None
) -> SheetLayout:
    heading = find_heading(rows, is_heading)
    fields = match_columns(heading.texts, benefits)
    columns = {place: field for place, field in enumerate(fields) if field}
    named = {"first_name", "full_name"} & set(fields)
    return SheetLayout(
        name=sheet.name,
        first_line=heading.first_line,
        headings=list(heading.texts),
        columns=columns,
        left_out=sheet.hidden or not rows or not named,
        community=None if "community" in fields else community,
    )


def _samples(rows: Iterable[RawRow], layout: SheetLayout) -> list[list[str]]:
    """By column: its first values that are all different."""
    found: list[list[str]] = [[] for _heading in layout.headings]
    for row in rows:
        if row.line < layout.first_line:
            continue
        for values, cell in zip(found, row.cells, strict=False):
            value = "" if cell is None else _masked(shown(cell))
            if value and value not in values and len(values) < SAMPLES:
                values.append(value)
    return found


def _masked(text: str) -> str:
    digits = "".join(letter for letter in arabic_digits(text) if letter.isdecimal())
    return format_masked(digits) if len(digits) == LENGTH else text


def keep_samples(samples: list[list[list[str]]], name: str) -> None:
    """Seal them: they are cells of people."""
    vault.keep([json.dumps(samples, ensure_ascii=False).encode()], stored_name=name)


def kept_samples(name: str) -> list[list[list[str]]]:
    """What `keep_samples` sealed; nothing where it has gone."""
    if not vault.is_kept(name):
        return []
    return json.loads(b"".join(vault.unsealed(name)))
