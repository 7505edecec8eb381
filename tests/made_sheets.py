"""Register files as funds keep them, made anew for tests: XLSX, ODS and CSV of invented members."""

import csv
import io
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from xml.sax.saxutils import quoteattr

import xlsxwriter

from bansong_fund.lib.national_id import with_check_digit

HEADINGS = (
    *("เลขที่สมาชิก", "ชื่อ-สกุล", "เลขประจำตัวประชาชน", "วันเกิด", "เพศ", "ชุมชน", "บ้านเลขที่", "หมู่ที่"),
    *("โทรศัพท์", "วันที่เข้าเป็นสมาชิก", "ชำระถึง", "ผู้รับผลประโยชน์", "ความสัมพันธ์"),
)
FIRST_NAMES = ("สมหญิง", "สมชาย", "มาลี", "ประเสริฐ", "วันเพ็ญ", "สุรชัย", "อำนวย", "จินดา", "ไพศาล", "แก้วตา")
FAMILY_NAMES = ("ใจดี", "แสงทอง", "ศรีสุข", "คงแก้ว", "รักไทย", "บุญมี", "ชูช่วย")


def register_rows(count: int, first: int = 1) -> list[list[Any]]:
    """Return rows under HEADINGS, all of them good: member `first` and those after her."""
    return [_row(number) for number in range(first, first + count)]


def _row(number: int) -> list[Any]:
    female = number % 2 == 1
    name = f"{FIRST_NAMES[number % 10]} {FAMILY_NAMES[number % 7]}"
    return [
        number,
        f"{'น.ส.' if female else 'นาย'}{name}",
        with_check_digit(f"100{number:09d}"),
        date(1950, 1, 1) + timedelta(days=number * 37 % 18_000),
        "หญิง" if female else "ชาย",
        f"ชุมชนที่ {number % 3 + 1}",
        f"{number % 90 + 1}/{number % 5 + 1}",
        number % 9 + 1,
        f"000{number:07d}",
        date(2010, 5, 1) + timedelta(days=number * 11 % 3_000),
        "31/12/2563",
        f"ทายาท {FAMILY_NAMES[number % 7]}",
        "บุตร",
    ]


def as_xlsx(*sheets: Sequence[Sequence[Any]], inline: bool = False, names: Sequence[str] = ()) -> bytes:
    """Return an XLSX file with these sheets; `inline` writes texts into the cells, not into a table of texts."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"constant_memory": inline, "strings_to_formulas": False}) as book:
        day = book.add_format({"num_format": "[$-107041E]d mmm yyyy"})
        for place, rows in enumerate(sheets):
            sheet = book.add_worksheet(names[place] if names else f"แผ่น {place + 1}")
            for line, cells in enumerate(rows):
                for column, cell in enumerate(cells):
                    if isinstance(cell, date):
                        moment = cell if isinstance(cell, datetime) else datetime.combine(cell, datetime.min.time())
                        sheet.write_datetime(line, column, moment, day)
                    elif cell is not None:
                        sheet.write(line, column, cell)
    return out.getvalue()


def as_csv(rows: Iterable[Sequence[Any]], encoding: str = "utf-8-sig", separator: str = ",") -> bytes:
    """Return a CSV file; days are written as Thai sheets show them: 1/5/2563."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=separator)
    for row in rows:
        writer.writerow([_csv_text(cell) for cell in row])
    return out.getvalue().encode(encoding)


def _csv_text(cell: Any) -> str:
    return f"{cell.day}/{cell.month}/{cell.year + 543}" if isinstance(cell, date) else "" if cell is None else str(cell)


# --- ODS --------------------------------------------------------------------------------------------------

_EMPTY_ROWS = (
    '<table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="16384"/>'
    "</table:table-row>"
)
MIMETYPE = "application/vnd.oasis.opendocument.spreadsheet"
_ODS_NAMES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in (("office", "office"), ("table", "table"), ("text", "text"), ("calcext", "calcext"))
)


def as_ods(*sheets: Sequence[Sequence[Any]], names: Sequence[str] = (), rest: str = "") -> bytes:
    """Return an ODS file as LibreOffice writes it, a million empty rows behind each sheet; `rest` is XML of rows."""
    body = "".join(
        f"<table:table table:name={quoteattr(names[place] if names else f'แผ่น {place + 1}')}>"
        f"{''.join(map(_ods_row, rows))}{rest}"
        f"{_EMPTY_ROWS}</table:table>"
        for place, rows in enumerate(sheets)
    )
    return ods_package(f"<office:body><office:spreadsheet>{body}</office:spreadsheet></office:body>")


def ods_package(body: str, **parts: str) -> bytes:
    content = f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {_ODS_NAMES}>{body}'
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("mimetype", MIMETYPE, zipfile.ZIP_STORED)
        package.writestr("content.xml", f"{content}</office:document-content>")
        for name, text in parts.items():
            package.writestr(name, text)
    return out.getvalue()


def _ods_row(cells: Sequence[Any]) -> str:
    return f"<table:table-row>{''.join(map(_ods_cell, cells))}</table:table-row>"


def _ods_cell(cell: Any) -> str:
    if cell is None:
        return "<table:table-cell/>"
    if isinstance(cell, bool):
        value = f'office:value-type="boolean" office:boolean-value="{str(cell).lower()}"'
    elif isinstance(cell, int | float):
        value = f'office:value-type="float" office:value="{cell}"'
    elif isinstance(cell, date):
        value = f'office:value-type="date" office:date-value="{cell.isoformat()}"'
    else:
        value = 'office:value-type="string"'
    text = str(cell).replace("&", "&amp;").replace("<", "&lt;")
    return f"<table:table-cell {value}><text:p>{text}</text:p></table:table-cell>"


# --- zips -------------------------------------------------------------------------------------------------


def with_part(package: bytes, name: str, change: Any) -> bytes:
    """Return a zip in which one part is `change(its bytes)`; None takes it out."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            content = old.read(part)
            if part.filename == name:
                content = change(content)
            if content is not None:
                new.writestr(part.filename, content)
    return out.getvalue()
