"""What papers look like: pages against approved pictures, and what is left of them after a photocopy."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache
from itertools import combinations
from pathlib import Path

import pytest
from django.template.loader import render_to_string

from bansong_fund.lib import charts
from bansong_fund.lib.papers import (
    Column,
    FundHead,
    ListPaper,
    PaperLine,
    ReceiptPaper,
    Signature,
    Void,
    VoucherPaper,
    Words,
    render_list,
    render_receipt,
    render_voucher,
)
from bansong_fund.lib.pdf import render_pdf
from contributions.certificates import Certificate, certificates_pdf
from contributions.papers import HandOverSlip, SlipLine, render_slip
from ledger.book_papers import BookColumn, BookPaper, BookRow, render_book
from members.cards import Card, card_pdf
from members.models import Fund
from tests.papers.pictures import approve_if_asked, difference, ink, page_picture, photocopy
from tests.pdf_reading import silent_weasyprint  # noqa: F401
from welfare.list_papers import Sheet, SheetRow, SheetsPaper, render_sheets
from welfare.notices_to_members import Notice, render_notice
from welfare.slips import Slip, Slips, render_slips

ROOT = Path(__file__).resolve().parents[2]
DAY = date(2020, 11, 1)
HEAD = FundHead(Words("กองทุนสวัสดิการชุมชนตัวอย่าง", "Sample Welfare Fund"), "๑ หมู่ ๑", Words("ตำบลตัวอย่าง", "Sample"))
FUND = Fund(name_th="กองทุนสวัสดิการชุมชนตัวอย่าง", name_en="Sample Welfare Fund", area_th="ตำบลตัวอย่าง", area_en="Sample")
NAMES = ("นางกิ่งกาญจน์ ปิ่นน้ำผึ้ง", "นายที่รัก ผู้ปู่ย่า", "เด็กหญิงฝน กิ้งกือ")
CASH, SIGN = Words("เงินสด", "cash"), Signature(Words("เหรัญญิก", "Treasurer"), NAMES[1])


def receipt(**more: object) -> bytes:
    lines = (PaperLine(Words("เงินสมทบปี 2563", "Contribution 2563"), Decimal("365.00")),)
    paper = ReceiptPaper(HEAD, "2563", "000001", DAY, NAMES[0], lines, CASH, signature=SIGN, qr="https://example.org/")
    return render_receipt(replace(paper, **more), "both")


@cache
def voucher() -> bytes:
    lines = (PaperLine(Words("ค่ารักษาพยาบาล 3 คืน", "Hospital, 3 nights"), Decimal("900.00")),)
    return render_voucher(VoucherPaper(HEAD, "2563/000007", DAY, NAMES[0], lines, CASH, SIGN, thumb_print=True), "th")


@cache
def register() -> bytes:
    columns = (Column("ที่", figures=True), Column("ชื่อ", 6), Column("บาท", 2, figures=True))
    rows = tuple((number, NAMES[number % 3], "365.00") for number in range(1, 61))
    return render_list(ListPaper(HEAD, "ทะเบียน", columns, rows, amounts=(Decimal(365),) * 60), "th")


def book() -> bytes:
    columns = (
        BookColumn(Words("วันที่", "Date"), "date"),
        BookColumn(Words("รายการ", "About")),
        BookColumn(Words("จำนวนเงิน", "Amount"), "baht", "sum"),
    )
    rows = [BookRow((DAY, NAMES[number % 3], Decimal("1250.50"))) for number in range(50)]
    return render_book(BookPaper(Words("สมุดรายวัน", "Journal"), Words("2563"), columns, rows), FUND, "both")


@cache
def certificate() -> bytes:
    return certificates_pdf([Certificate(NAMES[0], Words("งานปี 2563", "Event"), "วัดป่า", DAY)], FUND, "both")


def notice() -> bytes:
    return render_notice(Notice(HEAD, "2563/1", Words("อนุมัติแล้ว", "Granted"), (Words(f"{NAMES[0]} รับ 900 บาท"),)))


def benefit_list() -> bytes:
    rows = tuple(SheetRow(name, number, "0009", "", Decimal("500")) for number, name in enumerate(NAMES, 1))
    sheet = Sheet(Words("ชุมชนบ้านป่า", "Ban Pa"), rows)
    paper = SheetsPaper(HEAD, "2563/1", "ผ้าห่ม", Words("กันหนาว"), DAY, "หนาว", "1/2563", DAY, True, False, (sheet,))
    return render_sheets(paper, "th")


def slip() -> bytes:
    one = Slip("1", "2563/1", NAMES[0], NAMES[0], "1", Words("คลอดบุตร", "Birth"), Decimal("500"), "1/2563", NAMES[1])
    return render_slips(Slips(HEAD, (one, one)), "both")


def hand_over() -> bytes:
    lines = (SlipLine("2563/1", Words("ชุมชนบ้านป่า", "Ban Pa"), 20, Decimal("7300")),)
    pieces = (("1000", 7, Decimal(7000)), ("100", 3, Decimal(300)))
    return render_slip(HandOverSlip(HEAD, NAMES[1], lines, pieces, counted=Decimal("7300"), day=DAY), "th")


def card() -> bytes:
    return card_pdf(Card(417, NAMES[0], Words("ชุมชนบ้านป่า", "Ban Pa"), DAY), FUND, "both")


@cache
def all_charts() -> bytes:
    years = [(str(2554 + n), [Decimal(100 + n), Decimal(40), Decimal(30 * n), Decimal(25)]) for n in range(10)]
    legs = ("ขาที่ 1", "ขาที่ 2", "ขาที่ 3", "ขาที่ 4")
    bands = [(f"{5 * n}–{5 * n + 4}", 30 + n, 90 - 3 * n) for n in reversed(range(18))]
    places = [(f"ชุมชนบ้านป่าผึ้งน้ำเย็นหมู่ที่ {n} ริมคลองใหญ่", [Decimal(90 * n), Decimal(50 * n)]) for n in range(1, 18)]
    drawn = (
        charts.stacked_bar_chart("สี่ขา", years, head=("ปี", *legs), total="รวม"),
        charts.stacked_share("สี่ขา", list(zip(legs, years[9][1], strict=True)), head=("ขา", "บาท", "ร้อยละ")),
        charts.pyramid("อายุ", bands, head=("อายุ", "หญิง", "ชาย")),
        charts.grouped_bar_chart("ชุมชน", places, head=("ชุมชน", "จ่ายเข้า", "ได้รับ")),
        charts.line_chart("คงเหลือ", [(year, [sum(legs)]) for year, legs in years], head=("ปี", "บาท")),
    )
    html = "".join(render_to_string(chart.template, {"chart": chart}) for chart in drawn)
    body = f'<html lang="th"><body class="paper report"><h1>แผนภูมิ</h1>{html}</body></html>'
    return render_pdf(body, title="x", stylesheets=("pdf/paper.css", "css/charts.css", "pdf/report.css"))


PAGES: dict[str, tuple[Callable[[], bytes], int]] = {
    "receipt": (receipt, 0),
    "void-receipt": (lambda: receipt(void=Void("พิมพ์ผิด", DAY), copy_number=1), 0),
    "voucher": (voucher, 0),
    "register-page-2": (register, 1),
    "book": (book, 0),
    "certificate": (certificate, 0),
    "notice": (notice, 0),
    "benefit-list": (benefit_list, 0),
    "slip": (slip, 0),
    "hand-over": (hand_over, 0),
    "card": (card, 0),
    "charts": (all_charts, 0),
    "charts-page-2": (all_charts, 1),
}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_looks_as_it_was_approved(name) -> None:
    draw, page = PAGES[name]
    picture = page_picture(draw(), page)
    approve_if_asked(name, picture)
    assert difference(name, picture) == ""


def test_a_moved_line_and_another_word_are_seen() -> None:
    name = Words("กองทุนสวัสดิการชุมชนตัวอย่าง", "Sample Welfare Fund")
    moved = FundHead(name, "๑ หมู่ ๑ ถนนที่ยาวกว่าเดิม จึงต้องใช้หลายบรรทัด " * 3, HEAD.area)
    assert difference("receipt", page_picture(receipt(fund=moved))) != ""
    assert difference("card", page_picture(receipt())) == "(414, 585) in place of (169, 107)"


# --- after a photocopy --------------------------------------------------------------------------------------


def test_the_tones_of_charts_stay_apart_in_black_and_white() -> None:
    inks = {}
    for name, tone in {
        "dark": charts.DARK,
        "striped": charts.STRIPED,
        "light": charts.LIGHT,
        "hatched": charts.HATCHED,
    }.items():
        bar = render_to_string("charts/bar.svg", {"rects": tone.rects(0, charts.WIDTH)})
        style = "svg { display: block; width: 100mm; height: 8mm } @page { size: 100mm 8mm; margin: 0 }"
        html = f'<html lang="th"><head><style>{style}</style></head><body>{bar}</body></html>'
        inks[name] = ink(photocopy(render_pdf(html, title="x", stylesheets=())))
    assert {pair: abs(inks[pair[0]] - inks[pair[1]]) > 0.1 for pair in combinations(inks, 2)} == dict.fromkeys(
        combinations(inks, 2), True
    ), inks


@pytest.mark.parametrize("draw", [receipt, voucher, register, certificate, all_charts])
def test_what_is_printed_survives_the_copier(draw) -> None:
    pdf = draw()
    crisp = page_picture(pdf, 0, 150).point(lambda grey: 255 * (grey > 200)).convert("1")
    assert ink(photocopy(pdf)) > 0.6 * ink(crisp)


def test_no_words_are_printed_in_pale_grey() -> None:
    """But for the mark across a void paper, which lies behind the words."""
    pale = []
    for path in [*(ROOT / "static" / "pdf").glob("*.css"), ROOT / "static" / "css" / "charts.css"]:
        for rule in re.findall(r"([^{}]+)\{([^{}]*)\}", path.read_text()):
            colours = re.findall(r"(?<![-\w])color: #([0-9a-f]{3,6})\b", rule[1])
            pale += [(path.name, rule[0].split("*/")[-1].strip(), one) for one in colours if _grey(one) > 96]
    assert pale == [("paper.css", ".mark", "8c8c8c")]


def _grey(colour: str) -> int:
    whole = colour if len(colour) == 6 else "".join(2 * letter for letter in colour)
    return sum(int(whole[place : place + 2], 16) for place in (0, 2, 4)) // 3
