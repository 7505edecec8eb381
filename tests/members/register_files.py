"""Files of old registers, for tests: sheets of invented people as XLSX and CSV, and a run through the import."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from bansong_fund.lib.national_id import with_check_digit
from members.importing.jobs import show, write
from members.importing.layout import Options, SheetLayout
from members.importing.run import take_file
from members.models import ImportRow, ImportRun
from office.models import User
from tests.factories import TODAY

HEADINGS = (
    *("เลขที่สมาชิก", "คำนำหน้า", "ชื่อ", "นามสกุล", "เลขบัตรประชาชน", "วันเกิด", "ชุมชน", "บ้านเลขที่", "หมู่ที่"),
    *("โทรศัพท์", "วันที่เข้าเป็นสมาชิก", "ชำระถึง"),
)


def invented_id(number: int) -> str:
    return with_check_digit(f"100{number:09d}")


def person(number: int, /, **changes: Any) -> list[Any]:
    """A row under HEADINGS: member `number`, an invented woman of community 1."""
    cells = {
        "number": number,
        "title": "นาง",
        "first_name": f"ทดสอบ{number}",
        "family_name": "สมมติสกุล",
        "national_id": invented_id(number),
        "birth_date": "15/6/2518",
        "community": "1",
        "house_number": f"{number}/1",
        "moo": 4,
        "phone": "0001234567",
        "joined_on": "1/1/2558",
        "paid_through": "31/12/2563",
    }
    return list((cells | changes).values())


def as_csv(rows: Iterable[Sequence[Any]], headings: Sequence[str] = HEADINGS, encoding: str = "utf-8") -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([headings, *rows])
    return text.getvalue().encode(encoding)


def as_xlsx(*sheets: tuple[str, Sequence[Sequence[Any]]]) -> bytes:
    """A workbook of sheets: name, rows with the headings among them. Dates become cells that show days."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "default_date_format": "d/m/yyyy"})
    for name, rows in sheets:
        sheet = book.add_worksheet(name)
        for line, row in enumerate(rows):
            for column, cell in enumerate(row):
                if isinstance(cell, date):
                    sheet.write_datetime(line, column, cell)
                elif cell is not None:
                    sheet.write(line, column, cell)
    book.close()
    return out.getvalue()


def taken(content: bytes, *, by: User | None = None, name: str = "register.csv", today: date = TODAY) -> ImportRun:
    return take_file(SimpleUploadedFile(name, content), by=by, today=today, now=timezone.now())


def no_step(_done: int, _total: int | None = None) -> None:
    pass


def shown(content: bytes, *, name: str = "register.csv", id_reason: str = "", **sheet: Any) -> ImportRun:
    """A run that is read and shown. `sheet`: what is said of its first sheet, say joined_on=date(2015, 1, 1)."""
    run = taken(content, name=name)
    layouts = [SheetLayout.of_json(kept) for kept in run.sheets]
    for field, value in sheet.items():
        setattr(layouts[0], field, value)
    run.sheets = [layout.as_json() for layout in layouts]
    run.options = Options(as_of=TODAY, id_reason=id_reason).as_json()
    run.state = ImportRun.State.READING
    run.save()
    show(run, step=no_step)
    return run


def imported(content: bytes, *, leave_out_doubles: bool = False, **said: Any) -> ImportRun:
    """A run that is written."""
    run = shown(content, **said)
    run.state = ImportRun.State.WRITING
    write(run, leave_out_doubles=leave_out_doubles, by=None, step=no_step)
    return run


def outcomes(run: ImportRun) -> dict[str, int]:
    return {name: run.counts[name] for name in ImportRow.Outcome.values}


def reasons(run: ImportRun, kind: str = "refusal") -> list[tuple[int, str, str]]:
    """Line, column and English sentence of each message of a kind."""
    rows = run.rows.order_by("sheet", "line")
    return [
        (row.line, message["column"], message["en"])
        for row in rows
        for message in row.messages
        if message["kind"] == kind
    ]
