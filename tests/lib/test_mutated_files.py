"""Damaged and hostile files: rows or `UnreadableFile`, nothing else, and cells or `ReadFault`."""

import os
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from bansong_fund.lib import readers
from bansong_fund.lib.sheet_reader import UnreadableFile, find_heading, open_sheets, read_rows
from members.import_columns import is_heading, match_columns
from tests.made_sheets import HEADINGS, as_csv, as_ods, as_xlsx, register_rows
from tests.mutations import mutated

KINDS = ("xlsx", "ods", "csv", "inline")
ALL = int(os.environ.get("FUND_MUTATIONS", "10000"))
MOST_ROWS = 5_000


@lru_cache
def register(kind: str) -> bytes:
    rows = [["ทะเบียนสมาชิก"], list(HEADINGS), *register_rows(12)]
    if kind == "csv":
        return as_csv(rows[1:])
    return as_ods(rows, rows) if kind == "ods" else as_xlsx(rows, rows, inline=kind == "inline")


READERS = (
    *(readers.read_name, readers.read_title, readers.read_date, readers.read_national_id, readers.read_phone),
    *(readers.read_sex, readers.read_baht, readers.read_count, readers.read_yes_no),
    lambda cell: readers.read_text(cell, 30),
)


def read_all(path: Path, kind: str) -> int:
    """Read all sheets of a file with every reader; return the rows. What a file may do is refused or harmless."""
    count = 0
    try:
        for sheet in open_sheets(path, file_name=f"register.{kind}"):
            rows, last = [], 0
            for row in read_rows(path, sheet.index):
                assert row.line > last
                last = row.line
                rows.append(row)
                read_cells(row.cells)
                if len(rows) > MOST_ROWS:
                    break
            match_columns(find_heading(rows, is_heading).texts, {})
            count += len(rows)
    except UnreadableFile as refusal:
        str(refusal).encode()
    return count


def read_cells(cells: tuple[Any, ...]) -> None:
    for place, cell in enumerate(cells):
        try:
            READERS[place % len(READERS)](cell)
        except readers.ReadFault as fault:
            str(fault).encode()


def try_mutations(seeds: range, folder: Path) -> int:
    path, rows = folder / "register", 0
    for seed in seeds:
        kind = KINDS[seed % len(KINDS)]
        content = mutated(seed, register(kind), kind if kind in {"ods", "csv"} else "xlsx")
        path.write_bytes(content)
        try:
            rows += read_all(path, kind)
        except BaseException:
            print(f"seed {seed}, kind {kind}")
            raise
    return rows


@pytest.mark.parametrize("kind", KINDS)
def test_the_file_that_is_damaged_is_good_before(kind, tmp_path):
    path = tmp_path / "register"
    path.write_bytes(register(kind))
    assert read_all(path, kind) == {"csv": 13, "ods": 28, "xlsx": 28, "inline": 28}[kind]


def test_200_mutated_files_give_rows_or_a_refusal(tmp_path):
    assert try_mutations(range(200), tmp_path) > 200  # many a damage leaves rows to read


@pytest.mark.faults
def test_10_000_mutated_files_give_rows_or_a_refusal(tmp_path):
    assert try_mutations(range(1_000, 1_000 + ALL), tmp_path) > 0
