"""Cells of other people's spreadsheets: every spelling of names, days and numbers, and what is no such thing."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bansong_fund.lib import readers, thai_dates
from bansong_fund.lib.national_id import format_full, with_check_digit
from bansong_fund.lib.readers import ReadFault
from bansong_fund.lib.thai_text import thai_digits
from bansong_fund.lib.titles import sex_of_title, split_name

FIRST_OF_MAY = date(2020, 5, 1), "day"

pytestmark = pytest.mark.usefixtures("english")


def fault(read, cell, *more) -> str:
    with pytest.raises(ReadFault) as raised:
        read(cell, *more)
    return str(raised.value)


# --- titles and names -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("น.ส.สมหญิง ใจดี", ("นางสาว", "สมหญิง", "ใจดี")),
        ("น.ส. สมหญิง  ใจดี", ("นางสาว", "สมหญิง", "ใจดี")),
        ("นส.สมหญิง ใจดี", ("นางสาว", "สมหญิง", "ใจดี")),
        ("นส สมหญิง ใจดี", ("นางสาว", "สมหญิง", "ใจดี")),
        ("น. ส. สมหญิง ใจดี", ("นางสาว", "สมหญิง", "ใจดี")),
        ("นางสาวสมหญิง ใจดี", ("นางสาว", "สมหญิง", "ใจดี")),
        ("นางสาว สมหญิง ใจดี", ("นางสาว", "สมหญิง", "ใจดี")),
        ("นางสมหญิง ใจดี", ("นาง", "สมหญิง", "ใจดี")),
        ("นายเอก ใจดี", ("นาย", "เอก", "ใจดี")),
        ("ด.ช.ก้อง ใจดี", ("เด็กชาย", "ก้อง", "ใจดี")),
        ("ด.ญ. แก้ว ใจดี", ("เด็กหญิง", "แก้ว", "ใจดี")),
        ("เด็กชายก้อง ใจดี", ("เด็กชาย", "ก้อง", "ใจดี")),
        ("พระสมชาย ฐิตธมฺโม", ("พระ", "สมชาย", "ฐิตธมฺโม")),
        ("พระมหาสมชาย ใจดี", ("พระมหา", "สมชาย", "ใจดี")),
        ("แม่ชีสมหญิง ใจดี", ("แม่ชี", "สมหญิง", "ใจดี")),
        ("ว่าที่ ร.ต.สมชาย ใจดี", ("ว่าที่ร้อยตรี", "สมชาย", "ใจดี")),
        ("ว่าที่ร้อยตรีสมชาย ใจดี", ("ว่าที่ร้อยตรี", "สมชาย", "ใจดี")),
        ("ว่าที่ ร.ต.หญิง สมศรี ใจดี", ("ว่าที่ร้อยตรีหญิง", "สมศรี", "ใจดี")),
        ("ร.ต.(ญ) สมศรี ใจดี", ("ร้อยตรีหญิง", "สมศรี", "ใจดี")),
        ("ร.ต.อ.สมชาย ใจดี", ("ร้อยตำรวจเอก", "สมชาย", "ใจดี")),
        ("ร.ต.อนันต์ ใจดี", ("ร้อยตรี", "อนันต์", "ใจดี")),
        ("พ.ต.ท.ดร.สมชาย ใจดี", ("พันตำรวจโท ดร.", "สมชาย", "ใจดี")),
        ("ดาบตำรวจสมชาย ใจดี", ("ดาบตำรวจ", "สมชาย", "ใจดี")),
        ("นพ.สมชาย ใจดี", ("นายแพทย์", "สมชาย", "ใจดี")),
        ("Mr. John Smith", ("Mr", "John", "Smith")),
        ("MISS Somying Jaidee", ("Miss", "Somying", "Jaidee")),
        ("สมชาย ณ อยุธยา", ("", "สมชาย", "ณ อยุธยา")),
        ("สมหญิง", ("", "สมหญิง", "")),
        ("", ("", "", "")),
    ],
)
def test_a_name_is_split_into_title_first_and_family_name(text, parts):
    assert split_name(text) == parts


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("นายิกา ใจดี", ("", "นายิกา", "ใจดี")),  # no name begins with a vowel sign
        ("นายก ใจดี", ("", "นายก", "ใจดี")),  # nor has one letter
        ("นา ใจดี", ("", "นา", "ใจดี")),
        ("นางสาวิตรี แก้วดี", ("นาง", "สาวิตรี", "แก้วดี")),
        ("นางสาวรรณ์ แก้วดี", ("นาง", "สาวรรณ์", "แก้วดี")),  # nor begins with รร
        ("นางลักษณ์ ใจดี", ("นาง", "ลักษณ์", "ใจดี")),
        ("นายนายก ใจดี", ("นาย", "นายก", "ใจดี")),
        ("จอ ใจดี", ("", "จอ", "ใจดี")),  # not จ.อ.
        ("มิสเตอร์ ใจดี", ("", "มิสเตอร์", "ใจดี")),
        ("Mistletoe Smith", ("", "Mistletoe", "Smith")),
        ("นาย", ("", "นาย", "")),
        ("น.ส.", ("", "น.ส.", "")),
    ],
)
def test_what_only_looks_like_a_title_stays_in_the_name(text, parts):
    assert split_name(text) == parts


def test_the_order_of_first_and_family_name_is_never_changed():
    assert split_name("ใจดี สมหญิง") == ("", "ใจดี", "สมหญิง")
    assert split_name("นางใจดี สมหญิง") == ("นาง", "ใจดี", "สมหญิง")


def test_a_title_that_only_this_fund_knows_is_found_before_a_space():
    assert split_name("หลวงพ่อ สมชาย ใจดี", ["หลวงพ่อ"]) == ("หลวงพ่อ", "สมชาย", "ใจดี")


@pytest.mark.parametrize(
    ("typed", "title"),
    [("น.ส.", "นางสาว"), ("นส", "นางสาว"), ("ด.ช.", "เด็กชาย"), ("ว่าที่ ร.ต.", "ว่าที่ร้อยตรี"), ("นาง", "นาง"), ("ป้า", "ป้า")],
)
def test_a_title_in_its_own_column_is_written_out(typed, title):
    assert readers.read_title(typed) == title


def test_the_sex_is_read_or_told_by_the_title():
    assert [readers.read_sex(cell) for cell in ("ชาย", "ช.", "M", 1, "๑")] == ["m"] * 5
    assert [readers.read_sex(cell) for cell in ("หญิง", "ญ", "female", 2.0)] == ["f"] * 4
    assert readers.read_sex(None, "นางสาว") == "f"
    assert readers.read_sex("", "ว่าที่ร้อยตรีหญิง") == "f"
    assert readers.read_sex("-", "พระครู") == "m"
    assert sex_of_title("จ่าสิบเอก") == "m"
    assert readers.read_sex(None, "ดร.") is None
    assert fault(readers.read_sex, "x") == "“x” is not a sex. Write ชาย or หญิง."


def test_a_name_has_one_spelling():
    assert readers.read_name("  สม\u200bหญิง\u00a0") == "สมหญิง"
    assert readers.read_name("น\u0e4d\u0e49า") == readers.read_name("น้ำ")
    assert readers.read_name("เเก้ว") == "แก้ว"
    assert readers.read_name("-") is None


@pytest.mark.parametrize(
    ("cell", "sentence"),
    [
        ("สม😀หญิง", "A name has letters only. Take out: 😀"),
        ("สม\x07หญิง", "“สมหญิง” holds an invisible control character (code 7). Type it anew."),
        ("ก" * 500, "A name has at most 100 letters, and this one has 500. Shorten it."),
        ("ก" * 5000, "This cell has 5000 letters. Shorten it."),
        ("\ud800", "“” holds a broken character. Type it anew."),
        ("123", "“123” has no letter in it. Write the name."),
        (123, "“123” is not a name. Write it in letters."),
        ("#REF!", "The cell shows #REF!: its formula has no result. Write the value itself."),
    ],
)
def test_what_is_no_name_is_refused_with_the_reason(cell, sentence):
    assert fault(readers.read_name, cell) == sentence


# --- days -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "cell",
    [
        *("1/5/2563", "01-05-2563", "1.5.2563", "1-5-63", "1/5/63", "๑/๕/๒๕๖๓", "1/5/2020", "2020-05-01", "2563-05-01"),
        *("1 พ.ค. 2563", "1 พค. 63", "1-พ.ค.-63", "๑ พฤษภาคม ๒๕๖๓", "วันที่ 1 เดือน พฤษภาคม พ.ศ. 2563", "1 May 2020"),
        *(
            "1 พฤษภาคม พ.ศ.๒๕๖๓",
            "1พ.ค.2563",
            "01052563",
            "25630501",
            "20200501",
            "1/5/2563 0:00:00",
            "2020-05-01T08:30",
        ),
        *(
            date(2020, 5, 1),
            date(2563, 5, 1),
            datetime.fromisoformat("2020-05-01T08:30"),
            43952,
            43952.0,
            43952.354,
            "43952",
            1052563,
        ),
        *(Decimal(43952), "1 พ.ค. ค.ศ. 2020", " 1 / 5 / 2563 "),
    ],
)
def test_the_first_of_may_2563_is_read_however_it_is_written(cell):
    assert readers.read_date(cell) == FIRST_OF_MAY


@pytest.mark.parametrize(
    ("cell", "day", "precision"),
    [
        (2490, date(1947, 1, 1), "year"),
        (1947, date(1947, 1, 1), "year"),
        ("พ.ศ. ๒๔๙๐", date(1947, 1, 1), "year"),
        ("2490", date(1947, 1, 1), "year"),
        ("00/00/2490", date(1947, 1, 1), "year"),
        ("-/-/2490", date(1947, 1, 1), "year"),
        ("xx/xx/2490", date(1947, 1, 1), "year"),
        ("พ.ค. 2490", date(1947, 5, 1), "month"),
        ("พฤษภาคม 2490", date(1947, 5, 1), "month"),
        ("5/2490", date(1947, 5, 1), "month"),
        ("00/05/2490", date(1947, 5, 1), "month"),
        ("29/2/2567", date(2024, 2, 29), "day"),
        (date(2564, 2, 28), date(2021, 2, 28), "day"),
    ],
)
def test_a_day_may_be_known_to_the_month_or_the_year(cell, day, precision):
    assert readers.read_date(cell) == (day, precision)


@pytest.mark.parametrize("cell", [None, "", " ", "-", "–", "ไม่ทราบ", "."])
def test_an_empty_cell_is_no_day(cell):
    assert readers.read_date(cell) is None


@pytest.mark.parametrize(
    ("cell", "sentence"),
    [
        ("30/2/2563", "There is no 30 February 2563: that month has 29 days."),
        ("29/2/2566", "There is no 29 February 2566: that month has 28 days."),
        (date(2564, 2, 29), "There is no 29 February 2564: that month has 28 days."),
        ("5/13/2020", "“5/13/2020” has no month 13: the day stands first, then the month. Write 13/5/2020."),
        ("13/13/2563", "There is no month 13. Write a month from 1 to 12."),
        ("1-May-20", "Two digits do not tell the year here. Write it with four, for example 2020 or 2563."),
        ("1/5/256", "“1/5/256” has the year 256. Write a year like 2563 or 2020."),
        ("ก่อนปีใหม่", "“ก่อนปีใหม่” is not a date. Write day, month and year, for example 1/5/2563 or 1 May 2563."),
        (0.5, "“0.5” is not a date. Write day, month and year, for example 1/5/2563 or 1 May 2563."),
        ("#N/A", "The cell shows #N/A: its formula has no result. Write the value itself."),
    ],
)
def test_what_is_no_day_is_refused_with_the_reason(cell, sentence):
    assert fault(readers.read_date, cell) == sentence


ANY_DAY = st.dates(date(1900, 3, 1), date(2099, 12, 31))


@given(ANY_DAY, st.booleans())
def test_every_day_comes_back_from_every_way_to_write_it(day, in_thai):
    year_be, known = day.year + 543, (day, "day")
    month, short = (names["th"][day.month - 1] for names in (thai_dates.MONTHS, thai_dates.SHORT_MONTHS))
    for text in (
        *(f"{day.day}/{day.month}/{year_be}", f"{day:%d-%m}-{year_be}", f"{day.day}/{day.month}/{day.year}"),
        *(
            f"{day.day} {month} {year_be}",
            f"{day.day} {short} {year_be}",
            f"{day.day}{short}{year_be}",
            day.isoformat(),
        ),
        *(f"วันที่ {day.day} เดือน {month} พ.ศ. {year_be}", f"{day:%d%m}{year_be}", f"{year_be}-{day:%m-%d}"),
        thai_dates.format_date(day, "short", "en"),
    ):
        assert readers.read_date(thai_digits(text) if in_thai else text) == known
    assert readers.read_date(datetime.combine(day, datetime.min.time())) == known
    if day >= date(1908, 1, 1):  # smaller numbers are taken for years
        assert readers.read_date((day - date(1899, 12, 30)).days) == known


@given(ANY_DAY)
def test_two_digits_of_a_year_are_of_the_years_2500_to_2599(day):
    day = day.replace(year=1957 + day.year % 100) if (day.month, day.day) != (2, 29) else day + timedelta(days=1)
    if 2500 <= day.year + 543 <= 2599:
        assert readers.read_date(f"{day.day}/{day.month}/{(day.year + 543) % 100:02d}") == (day, "day")


# --- IDs and phones ---------------------------------------------------------------------------------------

SHE = "1100000000008"
LOST = "has lost the digits of the number. Set the column's format to Text in the sheet, and type the number anew."


@pytest.mark.parametrize(
    "cell",
    [
        *(SHE, int(SHE), float(SHE), Decimal(SHE), "1-1000-00000-00-8", "1 1000 00000 00 8", "๑๑๐๐๐๐๐๐๐๐๐๐๘"),
        *(f"'{SHE}", f"{SHE}'", f" {SHE}\u00a0", f"{SHE}.0", "1‑1000‑00000‑00‑8", "1_1000_00000_00_8"),
    ],
)
def test_an_id_is_read_out_of_whatever_a_sheet_made_of_it(cell):
    assert readers.read_national_id(cell) == SHE


@pytest.mark.parametrize(
    ("cell", "sentence"),
    [
        ("1.10E+12", f"“1.10E+12” {LOST}"),
        ("1,10E+12", f"“1,10E+12” {LOST}"),
        (1100000000000, f"“1100000000000” {LOST}"),
        ("12345", "A national ID number has 13 digits, and this one has 5. Compare with the card."),
        (11000000000081, "A national ID number has 13 digits, and this one has 14. Compare with the card."),
        ("จำไม่ได้", "“จำไม่ได้” is not an ID number. Write its 13 digits, or leave the cell empty."),
        (date(2020, 5, 1), "“1 May 2563” is not an ID number. Write its 13 digits, or leave the cell empty."),
    ],
)
def test_what_is_no_id_is_refused_with_the_reason(cell, sentence):
    assert fault(readers.read_national_id, cell) == sentence


def test_a_leading_zero_that_a_sheet_dropped_is_put_back_where_the_check_digit_fits():
    number, warnings = with_check_digit("000123456789"[:12]), []
    assert readers.read_national_id(int(number[1:].zfill(12)) if number[1] != "0" else number[1:], warnings) == number
    assert warnings == ["The ID had 12 digits; the 0 before them, which a sheet drops, was put back."]
    assert fault(readers.read_national_id, 110000000009).startswith("A national ID number has 13 digits")


def test_a_passport_and_a_wrong_check_digit_are_left_to_the_import():
    assert readers.read_national_id("aa 1234567") == "AA1234567"
    assert readers.read_national_id(123456789, passport=True) == "123456789"
    assert readers.read_national_id("1100000000009") == "1100000000009"
    assert readers.read_national_id("ไม่มี") is None


@given(
    st.integers(0, 10**12 - 1), st.sampled_from(["text", "dashes", "thai", "spaces", "apostrophe", "number", "float"])
)
def test_every_id_comes_back_from_every_way_to_write_it(number, how):
    digits = with_check_digit(f"{number:012d}")
    ways = {
        "text": digits,
        "dashes": format_full(digits),
        "thai": thai_digits(digits),
        "spaces": format_full(digits).replace("-", " "),
        "apostrophe": f"'{digits}",
        "number": int(digits) if digits[0] != "0" or digits[1] != "0" else digits,
        "float": float(digits) if digits[0] != "0" or digits[1] != "0" else digits,
    }
    assert readers.read_national_id(ways[how]) == digits


def test_a_phone_gets_its_zero_back_and_of_several_the_first_is_taken():
    assert [readers.read_phone(cell) for cell in ("081-234-5678", 812345678, "๐๘๑-๒๓๔๕๖๗๘", 812345678.0)] == [
        "0812345678"
    ] * 4
    assert readers.read_phone(77123456) == "077123456"
    assert readers.read_phone("+66 81 234 5678") == "0812345678"
    warnings: list[str] = []
    assert readers.read_phone("081-2345678, 089-1234567", warnings) == "0812345678"
    assert warnings == ["Several phone numbers stand here; the first was taken: 081-234-5678."]
    assert fault(readers.read_phone, "ไม่แน่ใจ").startswith("“ไม่แน่ใจ” is not a phone number.")


# --- texts, amounts, counts -------------------------------------------------------------------------------


def test_a_house_number_that_a_sheet_took_for_a_date_is_told_from_one():
    assert readers.read_text("12/3", 30) == "12/3"
    assert readers.read_text(12.0, 30) == "12"
    assert fault(readers.read_text, date(2020, 3, 12), 30) == (
        "The sheet has turned this into a date (12 Mar 2563). Set the column's format to Text and type it anew."
    )
    assert fault(readers.read_text, "ก" * 31, 30) == f"“{'ก' * 31}” has 31 letters; at most 30 fit here. Shorten it."


def test_amounts_are_exact_and_a_sheets_binary_fractions_are_not_held_against_it():
    assert [readers.read_baht(cell) for cell in (365, "1,200.50", 1200.5, 0.1 + 0.2, "๓๖๕ บาท", None)] == [
        *map(Decimal, ("365.00", "1200.50", "1200.50", "0.30", "365.00")),
        None,
    ]
    assert fault(readers.read_baht, 0.125).startswith("“0.125” has more than two decimal places.")
    assert fault(readers.read_baht, -5) == "-5.00 baht is below zero. Write an amount without a minus sign."
    assert fault(readers.read_baht, 1e300) == "“1E+300” is not an amount in baht."


def test_counts_and_ticks_are_read():
    assert [readers.read_count(cell) for cell in (3, 3.0, "3 ครั้ง", "๓", "-")] == [3, 3, 3, 3, None]
    assert fault(readers.read_count, 2.5) == "“2.5” is not a whole number from 0 to 32767."
    assert [readers.read_yes_no(cell) for cell in ("/", "มี", "ใช่", 1, True)] == [True] * 5
    assert [readers.read_yes_no(cell) for cell in ("ไม่มี", "ไม่ใช่", 0, False)] == [False] * 4
    assert readers.read_yes_no("-") is None
    assert fault(readers.read_yes_no, "x") == "“x” is neither yes nor no. Write ใช่ or ไม่ใช่."


# --- whatever stands there --------------------------------------------------------------------------------

THAI = st.text(st.characters(min_codepoint=0xE00, max_codepoint=0xE5B), max_size=12)
DATE_LIKE = st.text("0123456789๐๙/-. :พศคมTxEe+'#", max_size=14)
ANYTHING = st.one_of(
    *(st.none(), st.booleans(), st.text(), THAI, DATE_LIKE, st.characters(categories=["Cs", "Cc", "Co"])),
    *(st.integers(), st.integers(-3000, 400_000), st.floats(), st.decimals(), st.dates(), st.datetimes()),
)
READERS = (
    *(readers.read_name, readers.read_title, readers.read_date, readers.read_national_id, readers.read_phone),
    *(readers.read_sex, readers.read_baht, readers.read_count, readers.read_yes_no),
    lambda cell: readers.read_text(cell, 20),
    lambda cell: readers.read_national_id(cell, passport=True),
)


@given(ANYTHING)
def test_no_cell_makes_a_reader_crash_and_every_fault_can_be_written_down(cell):
    for read in READERS:
        try:
            read(cell)
        except ReadFault as refusal:
            str(refusal).encode()


@given(
    st.one_of(st.text(), THAI, st.tuples(st.sampled_from(["นาย", "นาง", "น.ส.", "ร.ต.", "Mr. "]), THAI).map("".join))
)
def test_no_letter_of_a_name_is_lost_but_its_title(text):
    title, first, family = split_name(text)
    rest = f"{first} {family}".strip()
    assert readers.normalise(text).endswith(rest)
    assert title or readers.normalise(text) == rest
