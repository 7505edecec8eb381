"""What people expect of a file for Excel, read out of it: each fault as a sentence, so that a test can say "none"."""

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import date
from typing import Any

from lxml import etree
from python_calamine import CalamineWorkbook

from bansong_fund.lib.sheets import LONGEST_NAME

MAIN = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
THAI = re.compile("[\u0e00-\u0e7f]")
AMOUNT = re.compile(r"\(?-?[\d,]+\.\d\d\)?")
DAY = re.compile(r"\d{4}-\d\d-\d\d|\d{1,2}/\d{1,2}/\d{4}|\d{1,2} \S+\.? (25\d\d|20\d\d)")


def faults_of_book(data: bytes) -> list[str]:
    """What a book lacks; empty for a good one."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        book = etree.fromstring(archive.read("xl/workbook.xml"))
        names = [sheet.get("name") for sheet in book.iterfind(".//m:sheet", MAIN)]
        titles = [one.text for one in book.iterfind(".//m:definedName[@name='_xlnm.Print_Titles']", MAIN)]
        pages = [etree.fromstring(archive.read(f"xl/worksheets/sheet{n}.xml")) for n in range(1, len(names) + 1)]
    faults = [] if len(titles) == len(names) else [f"{len(titles)} of {len(names)} sheets repeat their head"]
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
    for place, (name, page) in enumerate(zip(names, pages, strict=True)):
        rows = workbook.get_sheet_by_index(place).to_python(skip_empty_area=False)
        if len(name) > LONGEST_NAME - 3 and any(
            re.match(rf"{re.escape(name)}[\w\u0e31-\u0e4e]", str(row[0])) for row in rows[:4]
        ):
            faults.append(f"“{name}” is cut amid a word")
        faults += [f"{name}: {fault}" for fault in (*_faults_of_print(page), *_faults_of_rows(page, rows))]
    return faults


def _faults_of_print(page: Any) -> Iterator[str]:
    pane, setup = page.find(".//m:pane", MAIN), page.find("m:pageSetup", MAIN)
    if pane is None or pane.get("state") != "frozen":
        yield "its head is not frozen"
    if setup is None or (setup.get("paperSize"), setup.get("fitToHeight")) != ("9", "0"):
        yield "it is not set up for A4, one page wide"
    if page.find(".//m:pageSetUpPr[@fitToPage='1']", MAIN) is None:
        yield "it does not fit to the page"
    if "&P/&N" not in "".join(page.itertext("{*}oddFooter")):
        yield "its pages are not counted"


def _faults_of_rows(page: Any, rows: list[list[Any]]) -> Iterator[str]:
    pane = page.find(".//m:pane", MAIN)
    head = int(pane.get("ySplit", 1)) - 1 if pane is not None else 0
    headings, below = rows[head], rows[head + 1 :]
    if not any(THAI.search(str(cell)) for cell in headings):
        yield f"its headings are not Thai: {headings}"
    if any(str(row[0]) for row in below) and page.find("m:autoFilter", MAIN) is None:
        yield "its rows cannot be filtered"
    widths = _widths(page)
    for row in below:
        for place, cell in enumerate(row):
            if isinstance(cell, str) and (AMOUNT.fullmatch(cell) or DAY.fullmatch(cell)):
                yield f"“{headings[place]}” holds {cell!r} as text"
            elif not isinstance(cell, str) and _letters(cell) > widths.get(place, 8.43):
                yield f"“{headings[place]}” shows #### for {cell!r}"


def _widths(page: Any) -> dict[int, float]:
    return {
        place - 1: float(column.get("width"))
        for column in page.iterfind(".//m:col", MAIN)
        for place in range(int(column.get("min")), int(column.get("max")) + 1)
    }


def _letters(cell: Any) -> int:
    if isinstance(cell, date):
        return len("31 ธ.ค. 2563")
    return len(f"{cell:,.2f}" if isinstance(cell, float) and cell % 1 else f"{cell:,.0f}")
