"""Writes an old register of invented people, as large as asked for, to try the import with.

    python tools/invent_register.py register.xlsx 4118 [--communities 17] [--spoil]
    python tools/invent_register.py register.csv 411800

The names are put together from syllables, the ID numbers have the province code 00 that nobody has. `--spoil` makes
one row in fifty wrong in some way that registers are wrong in.
"""

import argparse
import csv
import os
import random
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import xlsxwriter

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bansong_fund.settings")

import django

django.setup()

from bansong_fund.demo import names  # noqa: E402 - its models need the settings

LAST_DAY = date(2020, 11, 1)
FOUNDED_ON = date(2010, 5, 1)
HEADINGS = (
    *("เลขที่สมาชิก", "ชื่อ-สกุล", "เลขบัตรประชาชน", "วัน/เดือน/ปีเกิด", "อายุ", "โทรศัพท์", "อาชีพ", "ชุมชน"),
    *("บ้านเลขที่", "หมู่ที่", "วันที่เข้าเป็นสมาชิก", "ชำระถึง", "ผู้รับผลประโยชน์", "ความสัมพันธ์", "รอบที่ได้รับสมทบ"),
)


def invented_rows(count: int, communities: int, *, spoil: bool, seed: int = 2553) -> Iterator[list[Any]]:
    """Rows under HEADINGS; the same for the same arguments."""
    rng = random.Random(seed)  # noqa: S311 - nothing secret hangs on it
    used: set[int] = set()
    for number in range(1, count + 1):
        row = _person(number, communities, rng, used)
        yield _spoilt(row, number, rng) if spoil and number % 50 == 0 else row


def _person(number: int, communities: int, rng: random.Random, used: set[int]) -> list[Any]:
    sex = rng.choice("fffmm")
    birth = LAST_DAY - timedelta(days=int(365.25 * rng.triangular(1, 95, 50)))
    joined = max(birth, FOUNDED_ON + timedelta(days=rng.randrange((LAST_DAY - FOUNDED_ON).days)))
    title = names.title_for(sex, birth, rng.random() < 0.6)
    return [
        number,
        f"{title}{names.first_name(sex, rng)} {names.family_name(rng)}",
        _national_id(rng, used),
        _thai(birth),
        LAST_DAY.year - birth.year,
        names.phone(rng),
        rng.choice(names.OCCUPATIONS)[0],
        rng.randrange(communities) + 1,
        f"{rng.randrange(1, 400)}/{rng.randrange(1, 20)}",
        rng.randrange(1, 10),
        _thai(joined),
        f"31/12/{max(joined.year, 2019 + rng.randrange(2)) + 543}",
        names.full_name(rng),
        rng.choice(("บุตร", "สามี", "ภรรยา", "มารดา", "พี่สาว", "หลาน")),
        rng.randrange(4),
    ]


def _national_id(rng: random.Random, used: set[int]) -> str:
    body = rng.randrange(10**9)
    while body in used:
        body = rng.randrange(10**9)
    used.add(body)
    twelve = f"{rng.randrange(1, 6)}00{body:09d}"
    return twelve + names.check_digit(twelve)


def _thai(day: date) -> str:
    return f"{day.day}/{day.month}/{day.year + 543}"


def _spoilt(row: list[Any], number: int, rng: random.Random) -> list[Any]:
    place, value = rng.choice(
        (
            (2, f"{row[2][:12]}{(int(row[2][12]) + 1) % 10}"),
            (2, "1.10E+12"),
            (3, "31/2/2520"),
            (7, "ชุมชนที่ไม่มี"),
            (10, "1/1/2550"),
            (10, "1/1/2599"),
            (1, ""),
            (1, f"นายทดสอบ😀{number}"),
        )
    )
    return [*row[:place], value, *row[place + 1 :]]


def write_register(path: Path, rows: Iterator[list[Any]]) -> None:
    """XLSX or CSV, by the name's end."""
    if path.suffix == ".csv":
        with path.open("w", newline="", encoding="utf-8-sig") as file:
            csv.writer(file).writerows([HEADINGS, *rows])
        return
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    sheet = book.add_worksheet("ทะเบียนสมาชิก")
    sheet.write_row(0, 0, HEADINGS)
    for line, row in enumerate(rows, start=1):
        sheet.write_row(line, 0, row)
    book.close()


def main() -> None:
    parser = argparse.ArgumentParser(description="Writes an old register of invented people.")
    parser.add_argument("file", type=Path)
    parser.add_argument("members", type=int)
    parser.add_argument("--communities", type=int, default=17)
    parser.add_argument("--spoil", action="store_true")
    asked = parser.parse_args()
    write_register(asked.file, invented_rows(asked.members, asked.communities, spoil=asked.spoil))


if __name__ == "__main__":
    main()
