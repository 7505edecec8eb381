"""Files of other people's spreadsheets: what is in them, and what is refused before it can do harm."""

import io
import zipfile
from datetime import date, datetime
from pathlib import Path

import pytest
import xlsxwriter

from bansong_fund.lib import sheet_files, xlsx_rows
from bansong_fund.lib.sheet_reader import RawRow, UnreadableFile, find_heading, open_sheets, read_rows
from tests.made_sheets import HEADINGS, as_csv, as_ods, as_xlsx, ods_package, register_rows, with_part

pytestmark = pytest.mark.usefixtures("english")


@pytest.fixture
def keep(tmp_path):
    """Write a file's content and return its path."""

    def write(content: bytes) -> Path:
        path = tmp_path / "file"
        path.write_bytes(content)
        return path

    return write


def cells(path: Path, sheet: int = 0) -> list[tuple]:
    return [row.cells for row in read_rows(path, sheet)]


def rows(path: Path, sheet: int = 0) -> dict[int, tuple]:
    return {row.line: row.cells for row in read_rows(path, sheet)}


def refusal(path: Path) -> str:
    with pytest.raises(UnreadableFile) as raised:
        read_whole(path)
    return str(raised.value)


def read_whole(path: Path) -> None:
    for sheet in open_sheets(path, file_name="register.xlsx"):
        list(read_rows(path, sheet.index))


DAMAGED = "The file is damaged: it ends early or is broken inside. Open it where it was made, save it again, and try."
TOO_LARGE = (
    "Unpacked, the file would be larger than any register, so it was not read. "
    "Copy the register alone into a new sheet and save that."
)

# --- what is in a file ------------------------------------------------------------------------------------


@pytest.mark.parametrize("write", [as_xlsx, lambda sheet: as_xlsx(sheet, inline=True), as_ods])
def test_a_register_is_read_as_it_stands(keep, write):
    register = [list(HEADINGS), *register_rows(30)]
    assert cells(keep(write(register))) == [tuple(row) for row in register]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp874", "tis-620", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_csv_is_read_in_the_encoding_and_with_the_separator_that_it_has(keep, encoding, separator):
    path = keep(as_csv([HEADINGS, *register_rows(2)], encoding, separator))
    found = cells(path)
    assert found[0] == HEADINGS
    assert found[1][:4] == ("1", "น.ส.สมชาย แสงทอง", "1000000000017", "7/2/2493")
    assert open_sheets(path, file_name="ทะเบียน.csv")[0].encoding == {"tis-620": "cp874"}.get(encoding, encoding)


def test_excel_may_declare_the_separator_of_a_csv(keep):
    assert rows(keep("sep=;\r\nชื่อ;อายุ, ปี\r\nมาลี;60\r\n".encode())) == {2: ("ชื่อ", "อายุ, ปี"), 3: ("มาลี", "60")}


def test_lines_are_counted_as_the_sheet_program_counts_them(keep):
    assert rows(keep('ชื่อ,ที่อยู่\n\n"มาลี","1/2\nบ้านใน"\nสมชาย,3\n'.encode())) == {
        1: ("ชื่อ", "ที่อยู่"),
        3: ("มาลี", "1/2\nบ้านใน"),
        4: ("สมชาย", "3"),
    }
    sheet = [["ชื่อ"], [None], ["  "], ["มาลี", None, " "]]
    assert rows(keep(as_xlsx(sheet))) == {1: ("ชื่อ",), 4: ("มาลี",)}
    assert rows(keep(as_ods(sheet))) == {1: ("ชื่อ",), 4: ("มาลี",)}


def test_the_sheets_of_a_file_have_their_names(keep):
    for write in (as_xlsx, as_ods):
        path = keep(write([["ก"]], [["ข"]], names=["สมาชิก", "ลาออก"]))
        sheets = open_sheets(path, file_name="x")
        assert [(sheet.index, sheet.name) for sheet in sheets] == [(0, "สมาชิก"), (1, "ลาออก")]
        assert cells(path, 1) == [("ข",)]


def test_a_hidden_sheet_is_told_from_the_others(keep):
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        book.add_worksheet("สมาชิก")
        book.add_worksheet("ซ่อน").hide()
    assert [sheet.hidden for sheet in open_sheets(keep(out.getvalue()), file_name="x")] == [False, True]


def test_cells_of_every_kind_have_their_values(keep):
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"default_date_format": "d mmm yyyy"}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, [365, 1100000000008, 0.5, True, "ข้อความ"])
        sheet.write_formula(1, 0, "=A1*2", None, 730)
        sheet.write_formula(1, 1, "=1/0", None, "#DIV/0!")
        sheet.write_formula(1, 2, '="a"', None, "a")
        sheet.write_datetime(2, 0, datetime.fromisoformat("2020-05-01T00:00"))
        sheet.write_datetime(2, 1, datetime.fromisoformat("2020-05-01T14:30"))
        sheet.write_datetime(2, 2, datetime.fromisoformat("2563-05-01T00:00"))
        sheet.write_number(3, 0, 43952, book.add_format({"num_format": "[$-D07041E]d mmmm bbbb"}))
        sheet.write_number(3, 1, 43952, book.add_format({"num_format": '#,##0 "day"'}))
        sheet.write_number(3, 2, 43952, book.add_format({"num_format": 14}))
        sheet.write_rich_string(4, 0, "สม", book.add_format({"bold": True}), "หญิง")
        sheet.write_string(4, 1, "a\x07b")
    assert cells(keep(out.getvalue())) == [
        (365, 1100000000008, 0.5, True, "ข้อความ"),
        (730, "#DIV/0!", "a"),
        (date(2020, 5, 1), datetime.fromisoformat("2020-05-01T14:30"), date(2563, 5, 1)),
        (date(2020, 5, 1), 43952, date(2020, 5, 1)),
        ("สมหญิง", "a\x07b"),
    ]


def test_days_are_reckoned_as_the_sheet_program_does():
    assert xlsx_rows.day_of_serial(1) == date(1900, 1, 1)
    assert xlsx_rows.day_of_serial(59) == date(1900, 2, 28)
    assert xlsx_rows.day_of_serial(61) == date(1900, 3, 1)
    assert xlsx_rows.day_of_serial(42490, starts_1904=True) == date(2020, 5, 1)
    assert xlsx_rows.day_of_serial(2_958_465.9999999) == datetime.fromisoformat("9999-12-31T23:59:59")
    assert [xlsx_rows.day_of_serial(number) for number in (0, 0.5, -1, 2_958_466, 1e300)] == [
        0,
        0.5,
        -1,
        2958466,
        1e300,
    ]


def test_the_columns_of_a_sheet_are_numbered():
    assert [xlsx_rows.column_number(letters) for letters in ("A", "Z", "AA", "AB", "XFD")] == [0, 25, 26, 27, 16383]


def test_ods_cells_of_every_kind_have_their_values(keep):
    special = (
        '<table:table-row><table:table-cell table:number-columns-repeated="2"/>'
        '<table:table-cell office:value-type="string"><office:annotation><text:p>หมายเหตุ</text:p></office:annotation>'
        '<text:p>บ้าน<text:s text:c="2"/>ใน</text:p><text:p>ซอย 1</text:p></table:table-cell>'
        '<table:table-cell office:value-type="float" office:value="0" calcext:value-type="error">'
        "<text:p>#N/A</text:p></table:table-cell></table:table-row>"
        '<table:table-row table:number-rows-repeated="2"><table:table-cell table:number-columns-repeated="2" '
        'office:value-type="float" office:value="365"><text:p>365</text:p></table:table-cell></table:table-row>'
    )
    moment = datetime.fromisoformat("2020-05-01T14:30")
    path = keep(as_ods([[1, 2.5, True, date(2020, 5, 1), moment]], rest=special))
    assert rows(path) == {
        1: (1, 2.5, True, date(2020, 5, 1), moment),
        2: (None, None, "บ้าน  ใน\nซอย 1", "#N/A"),
        3: (365, 365),
        4: (365, 365),
    }


def test_cells_that_are_merged_downwards_hold_for_every_row(keep):
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        for line in range(5):
            sheet.write(line, 0, f"คน {line}")
        sheet.merge_range("B2:B4", "12/3")
        sheet.merge_range("C1:D1", "กว้าง")
    merged = [("คน 0", None, "กว้าง"), ("คน 1", "12/3"), ("คน 2", "12/3"), ("คน 3", "12/3"), ("คน 4",)]
    assert cells(keep(out.getvalue())) == merged
    ods = (
        "<table:table-row><table:table-cell><text:p>คน 1</text:p></table:table-cell><table:table-cell "
        'table:number-rows-spanned="2"><text:p>12/3</text:p></table:table-cell></table:table-row><table:table-row>'
        "<table:table-cell><text:p>คน 2</text:p></table:table-cell><table:covered-table-cell/></table:table-row>"
    )
    assert cells(keep(as_ods([["คน 0"]], rest=ods))) == [("คน 0",), *merged[1:3]]


def test_a_sheet_of_50_columns_and_a_million_blank_rows_is_read_to_its_last_row(keep):
    blank = b"".join(b'<row r="%d"><c r="A%d" s="1"/><c r="B%d" s="1"/></row>' % (n, n, n) for n in range(2, 1_048_576))
    last = b'<row r="1048576"><c r="A1048576"><v>7</v></c></row></sheetData>'
    wide = as_xlsx([[f"หัว {place}" for place in range(50)]])
    path = keep(with_part(wide, "xl/worksheets/sheet1.xml", lambda xml: xml.replace(b"</sheetData>", blank + last)))
    found = rows(path)
    assert list(found) == [1, 1_048_576]
    assert (len(found[1]), found[1_048_576]) == (50, (7,))


def test_rows_need_no_numbers_and_tags_may_have_a_prefix(keep):
    def renamed(xml: bytes) -> bytes:
        bare = xml.replace(b' r="1"', b"").replace(b' r="2"', b"").replace(b' r="A1"', b"").replace(b' r="B1"', b"")
        tags = bare.replace(b"</", b"</x:").replace(b"<", b"<x:").replace(b"<x:/x:", b"</x:").replace(b"<x:?", b"<?")
        return tags.replace(b"xmlns=", b"xmlns:x=")

    assert cells(keep(with_part(as_xlsx([[1, 2], [3]]), "xl/worksheets/sheet1.xml", renamed))) == [(1, 2), (3,)]


def test_an_empty_sheet_has_no_rows(keep):
    for content in (as_xlsx([]), as_ods([])):
        path = keep(content)
        assert len(open_sheets(path, file_name="x")) == 1
        assert cells(path) == []


# --- what is refused --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "beginning"),
    [
        (b"", "The file is empty."),
        (b"\r\n  \n", "The file is empty."),
        (b"%PDF-1.7 ...", "This is a PDF, not a sheet."),
        (b"\x89PNG\r\n\x1a\n....", "This is a picture, not a sheet."),
        (b"\xff\xd8\xff\xe0....", "This is a picture, not a sheet."),
        (b"Rar!\x1a\x07", "This is a packed file."),
        (b"\x1f\x8b\x08....", "This is a packed file."),
        (b"<html><table>...", "This is a web page or XML that only bears a sheet's name."),
        (b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>', "This is a web page or XML"),
        (b"{\\rtf1", "This is a text document, not a sheet."),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "This is an old Excel file (.xls)."),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"),
            "The file is locked with a password.",
        ),
        (b"\0\1\2\3" * 100, "This is no sheet, or its letters are in an unknown encoding."),
        (b"PK\x03\x04 and no more", DAMAGED),
    ],
)
def test_what_is_no_sheet_is_told_by_its_content_and_what_to_do(keep, content, beginning):
    assert refusal(keep(content)).startswith(beginning)


def zipped(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name.replace("__", "/").replace("_", "."), content)
    return out.getvalue()


def test_other_zips_are_no_sheets(keep):
    assert refusal(keep(zipped(word__document_xml=b"<x/>"))).startswith("There is no sheet in this file.")
    assert refusal(keep(zipped(xl__workbook_bin=b""))).startswith("This is a binary Excel file (.xlsb).")
    assert refusal(keep(zipped(xl__workbook_xml=b"<workbook/>"))).startswith("The file holds no sheet with rows.")


def test_a_password_on_an_ods_or_a_zip_is_named(keep):
    locked = ods_package("", **{"META-INF/manifest.xml": "<manifest:encryption-data/>"})
    assert refusal(keep(locked)).startswith("The file is locked with a password.")
    flagged = bytearray(as_xlsx([[1]]))
    flagged[flagged.rfind(b"PK\x01\x02") + 8] |= 1
    assert refusal(keep(bytes(flagged))).startswith("The file is locked with a password.")


def test_a_zip_bomb_is_refused_by_its_directory_without_being_unpacked(keep):
    size = sheet_files.LARGE_PART + 1
    bomb = with_part(as_xlsx([[1]]), "xl/worksheets/sheet1.xml", lambda _xml: b" " * size)
    assert refusal(keep(bomb)) == TOO_LARGE


def test_a_zip_of_very_many_parts_is_refused(keep):
    assert refusal(keep(zipped(**{f"part{number}_xml": b"" for number in range(5_001)}))) == TOO_LARGE


BOMB = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]><worksheet><sheetData><row r="1"><c t="str"><v>&b;'


@pytest.mark.parametrize(
    "xml",
    [
        BOMB,
        b"<worksheet><sheetData>" + b"<c>" * 100,
        b'<worksheet><sheetData><row r="1"><c r="A1"><v>1</v></c></row>',
        b'<worksheet><sheetData><row r="9"/><row r="2"/></sheetData></worksheet>',
        b'<worksheet><sheetData><row r="1048577"><c><v>1</v></c></row></sheetData></worksheet>',
        b'<worksheet><sheetData><row r="1"><c r="ZZZZ1"><v>1</v></c></row></sheetData></worksheet>',
        b'<worksheet><sheetData><row r="1"><c t="s"><v>77</v></c></row></sheetData></worksheet>',
        b'<worksheet><sheetData><row r="1"><c t="s"><v>-1</v></c></row></sheetData></worksheet>',
        b"<worksheet a='" + b"x" * (sheet_files.MOST_LAG + sheet_files.CHUNK + 1) + b"'/>",
        b'<?xml version="1.0" encoding="x-unknown"?><worksheet/>',
    ],
)
def test_xml_that_lies_or_never_ends_is_damage(keep, xml):
    assert refusal(keep(with_part(as_xlsx([["ก"]]), "xl/worksheets/sheet1.xml", lambda _old: xml))) == DAMAGED


def test_two_cells_in_opposite_corners_cost_nothing_but_a_refusal(keep):
    assert refusal(keep(as_xlsx([["ก", *[None] * 16_382, "ข"]]))) == (
        "Row 1 has something behind column 300, where no register reaches. "
        "Clear it, or copy the register into a new sheet."
    )


def test_an_ods_row_that_repeats_itself_without_end_is_refused(keep):
    endless = (
        '<table:table-row table:number-rows-repeated="1000000"><table:table-cell><text:p>ก</text:p></table:table-cell>'
        "</table:table-row>"
    )
    assert refusal(keep(as_ods([["ก"]], rest=endless))) == TOO_LARGE
    wide = (
        '<table:table-row><table:table-cell table:number-columns-repeated="16384"><text:p>ก</text:p></table:table-cell>'
        "</table:table-row>"
    )
    assert refusal(keep(as_ods([["ก"]], rest=wide))) == TOO_LARGE


def test_a_cell_with_a_novel_in_it_is_refused(keep):
    novel = "ก" * (sheet_files.MOST_LETTERS + 1)
    assert refusal(keep(as_ods([[novel]]))) == "A cell holds more than 100000 letters. Take it out and save again."


def test_a_csv_with_an_open_quotation_mark_names_the_row(keep):
    assert refusal(keep('ชื่อ,ที่อยู่\nมาลี,"บ้านใน\nสมชาย,3\n'.encode())).startswith("Row 2 of the file cannot be read:")


def test_a_csv_with_a_broken_letter_names_the_row(keep):
    path = keep("ชื่อ,อายุ\nมาลี,60\nสม".encode() + b"\xff\xff" + "ชาย,61\n".encode())
    assert refusal(path).startswith("Line 3 of the file holds letters in no known encoding.")


def test_a_file_cut_short_is_damaged(keep):
    content = as_xlsx([list(HEADINGS), *register_rows(50)])
    assert refusal(keep(content[: len(content) // 2])) == DAMAGED


# --- headings ---------------------------------------------------------------------------------------------


def numbered(*lines: list) -> list[RawRow]:
    return [RawRow(line, tuple(cells)) for line, cells in enumerate(lines, start=1) if any(cells)]


def test_one_row_of_headings_is_found_under_titles_and_blank_rows():
    heading = find_heading(numbered(["ทะเบียนสมาชิก"], [], ["ข้อมูล ณ วันที่ 1 พ.ย. 2563"], list(HEADINGS), *register_rows(3)))
    assert (heading.texts, heading.lines, heading.first_line) == (HEADINGS, (4,), 5)


def test_two_rows_of_headings_over_50_columns_are_put_together():
    upper = ["ลำดับ", "ชื่อ-สกุล", "ที่อยู่", None, None, "วันเกิด", "ผู้รับผลประโยชน์", None]
    lower = [None, None, "บ้านเลขที่", "หมู่ที่", "ชุมชน", None, "ชื่อ", "ความสัมพันธ์"]
    years = [str(year) for year in range(2553, 2595)]
    upper += ["เงินสมทบรายปี", *[None] * 41]
    data = [1, "นางมาลี ใจดี", "1/2", 3, "บ้านใน", date(1960, 1, 1), "สมชาย", "บุตร", *[365] * 42]
    heading = find_heading(numbered(["ทะเบียน"], upper, lower + years, data, data))
    assert heading.texts[:8] == (
        *("ลำดับ", "ชื่อ-สกุล", "ที่อยู่ / บ้านเลขที่", "ที่อยู่ / หมู่ที่", "ที่อยู่ / ชุมชน", "วันเกิด"),
        *("ผู้รับผลประโยชน์ / ชื่อ", "ผู้รับผลประโยชน์ / ความสัมพันธ์"),
    )
    assert heading.texts[8:] == tuple(f"เงินสมทบรายปี / {year}" for year in years)
    assert (heading.lines, heading.first_line, len(heading.texts)) == ((2, 3), 4, 50)


def test_texts_all_over_the_sheet_do_not_hide_the_headings_that_are_known():
    data = [["มาลี ใจดี", "บ้านใน", "หญิง", "เกษตรกร"], ["สมชาย คงแก้ว", "ตลาด", "ชาย", "ค้าขาย"]]
    rows_ = numbered(["ชื่อ-สกุล", "ชุมชน", "เพศ", "หมายเหตุ"], *data)
    heading = find_heading(rows_, {"ชื่อ-สกุล", "ชุมชน", "เพศ"}.__contains__)
    assert (heading.lines, heading.first_line) == ((1,), 2)


def test_a_sheet_without_headings_begins_with_its_first_row():
    assert find_heading(numbered(*register_rows(3))).texts == ("",) * 13
    assert find_heading(numbered(*register_rows(3))).first_line == 1
    assert find_heading([]).texts == ()
