"""Lists as XLSX and CSV, read back by another library."""

import csv
import gc
import io
import tempfile
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from bansong_fund.lib.sheets import Column, csv_lines, sheet_bytes, write_sheet
from tests.office.test_batches import no_file_larger_than

COLUMNS = [
    Column("ชื่อ"),
    Column("เลขทะเบียน", "code"),
    Column("วันที่ชำระ", "date"),
    Column("จำนวนเงิน", "baht", total=True),
    Column("คืน", "count", total=True),
    Column("ร้อยละ", "percent"),
]
ROWS = [
    ["สมหญิง ใจดี", "000123", date(2020, 5, 1), Decimal("999999999999.99"), 3, Decimal("41.4")],
    ["น้ำฝน ป่าดี", "000124", date(2024, 2, 29), Decimal("-0.10"), None, None],
]


def read_back(data: bytes) -> list[list[object]]:
    return CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()


def part(data: bytes, path: str) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(path).decode()


def test_numbers_and_dates_are_real_and_codes_stay_text():
    data = sheet_bytes(name="สมาชิก", columns=COLUMNS, rows=ROWS, above=["กองทุนตัวอย่าง"])
    assert read_back(data) == [
        ["กองทุนตัวอย่าง", "", "", "", "", ""],
        ["ชื่อ", "เลขทะเบียน", "วันที่ชำระ", "จำนวนเงิน", "คืน", "ร้อยละ"],
        ["สมหญิง ใจดี", "000123", date(2020, 5, 1), 999999999999.99, 3.0, 41.4],
        ["น้ำฝน ป่าดี", "000124", date(2024, 2, 29), -0.1, "", ""],
        ["", "", "", 999999999999.89, 3.0, ""],
    ]


def test_amounts_are_written_digit_by_digit():
    page = part(sheet_bytes(name="1", columns=COLUMNS, rows=ROWS), "xl/worksheets/sheet1.xml")
    assert "<v>999999999999.99</v>" in page
    assert "<v>999999999999.89</v>" in page


def test_dates_are_shown_in_the_buddhist_era():
    with translation.override("th"):
        thai = part(sheet_bytes(name="1", columns=COLUMNS, rows=ROWS), "xl/styles.xml")
    with translation.override("en"):
        english = part(sheet_bytes(name="1", columns=COLUMNS, rows=ROWS), "xl/styles.xml")
    assert 'formatCode="[$-107041E]d mmm yyyy"' in thai
    assert 'formatCode="[$-1070409]d mmm yyyy"' in english


def test_a_day_too_old_for_a_sheet_is_written_as_text():
    with translation.override("th"):
        data = sheet_bytes(name="1", columns=[Column("เกิด", "date")], rows=[[date(1899, 1, 1)], [date(1900, 3, 1)]])
    assert read_back(data) == [["เกิด"], ["1 ม.ค. 2442"], [date(1900, 3, 1)]]


def test_a_moment_counts_as_its_day_in_bangkok():
    rows = [[datetime(2020, 4, 30, 18, 0, tzinfo=UTC)]]
    assert read_back(sheet_bytes(name="1", columns=[Column("วัน", "date")], rows=rows))[1] == [date(2020, 5, 1)]


def test_a_sheet_is_ready_to_print_on_a4_with_a_frozen_head():
    data = sheet_bytes(name="1", columns=COLUMNS, rows=ROWS, above=["กองทุน", "ณ วันที่"], landscape=True)
    page = part(data, "xl/worksheets/sheet1.xml")
    assert '<pane ySplit="3" topLeftCell="A4" activePane="bottomLeft" state="frozen"/>' in page
    assert '<pageSetup paperSize="9" fitToHeight="0" orientation="landscape"/>' in page
    assert '<definedName name="_xlnm.Print_Titles" localSheetId="0">' in part(data, "xl/workbook.xml")


@pytest.mark.parametrize("text", ["=1+1", "+66", "-5", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("x")'])
def test_text_never_runs_as_a_formula(text):
    rows = [[text]]
    data = sheet_bytes(name="1", columns=[Column("ชื่อ")], rows=rows)
    page = part(data, "xl/worksheets/sheet1.xml")
    assert "<f>" not in page
    assert 't="inlineStr"' in page
    assert 'quotePrefix="1"' in part(data, "xl/styles.xml")
    assert list(csv.reader(io.StringIO(csv_text([Column("ชื่อ")], rows), newline=""))) == [["ชื่อ"], ["'" + text]]


def test_a_plain_text_has_no_mark_before_it():
    assert 'quotePrefix="1"' not in part(sheet_bytes(name="1", columns=[Column("ก")], rows=[["ข"]]), "xl/styles.xml")


def test_control_characters_do_not_break_the_file():
    assert read_back(sheet_bytes(name="1", columns=[Column("ก")], rows=[["ก\x01ข\x1f"]])) == [["ก"], ["กข"]]


def test_a_sheet_name_is_cut_to_what_a_sheet_may_be_called():
    data = sheet_bytes(name="รายชื่อ/สมาชิก: [2563] " + "ก" * 40, columns=[Column("ก")], rows=[])
    (name,) = CalamineWorkbook.from_filelike(io.BytesIO(data)).sheet_names
    assert name == "รายชื่อ สมาชิก 2563"


def test_a_row_of_another_length_crashes():
    with pytest.raises(ValueError, match="zip"):
        sheet_bytes(name="1", columns=COLUMNS, rows=[["one"]])


def csv_text(columns: list[Column], rows: list[list[object]]) -> str:
    data = b"".join(csv_lines(columns, rows))
    assert data.startswith(b"\xef\xbb\xbf")
    return data.decode("utf-8-sig")


def test_csv_keeps_amounts_exact_and_dates_beyond_doubt():
    assert csv_text(COLUMNS, ROWS) == (
        "ชื่อ,เลขทะเบียน,วันที่ชำระ,จำนวนเงิน,คืน,ร้อยละ\r\n"
        "สมหญิง ใจดี,000123,2020-05-01,999999999999.99,3,41.4\r\n"
        "น้ำฝน ป่าดี,000124,2024-02-29,-0.10,,\r\n"
    )


@given(
    st.lists(
        st.decimals("-999999999999.99", "999999999999.99", places=2).map(lambda amount: amount + Decimal("0.00")),
        min_size=1,
        max_size=5,
    )
)
def test_every_amount_comes_back_from_both(amounts):
    columns, rows = [Column("บาท", "baht")], [[amount] for amount in amounts]
    cells = read_back(sheet_bytes(name="1", columns=columns, rows=rows))[1:]
    assert [Decimal(repr(cell)) for (cell,) in cells] == amounts
    lines = list(csv.reader(io.StringIO(csv_text(columns, rows), newline="")))[1:]
    assert [Decimal(cell) for (cell,) in lines] == amounts


def test_a_float_is_no_amount():
    with pytest.raises(TypeError):
        sheet_bytes(name="1", columns=[Column("บาท", "baht")], rows=[[1.5]])


def test_a_full_disk_is_told_by_the_systems_own_fault_and_nothing_is_left(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    out = io.BytesIO()
    with no_file_larger_than(3_000), pytest.raises(OSError, match="File too large"):
        write_sheet(out, name="Members", columns=COLUMNS, rows=ROWS * 100)
    gc.collect()  # the library's half file ends while what it writes into is still there
    assert list(tmp_path.iterdir()) == []
