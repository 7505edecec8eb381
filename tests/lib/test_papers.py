from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

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
    render_receipts,
    render_voucher,
)
from tests.pdf_reading import lines, page_texts, pdfium_text, silent_weasyprint  # noqa: F401

FUND = FundHead(
    name=Words("กองทุนสวัสดิการชุมชนทดสอบ", "Test Community Welfare Fund"),
    address=Words("1 หมู่ 1 ตำบลสมมติ", "1 Moo 1, Invented Subdistrict"),
)
DUES = PaperLine(Words("เงินสมทบ ปี 2563", "Contribution 2020"), Decimal("365.00"))
RECEIPT = ReceiptPaper(
    fund=FUND,
    book="2563",
    number="000123",
    issued_on=date(2020, 10, 20),
    received_from="นายกิ้งกือ น้ำผึ้ง (สมมติ)",
    member_number="00417",
    period=Words("ม.ค. – ธ.ค. 2563", "Jan – Dec 2020"),
    lines=(DUES, PaperLine("ค่าธรรมเนียมแรกเข้า", Decimal("20.25"))),
    means=Words("เงินสด", "Cash"),
    collector="นายป๋อง ฝั่งน้ำ (สมมติ)",
    signature=Signature(Words("ผู้รับเงิน", "Receiver"), "นางสาวฟื้น ใจดี (สมมติ)", Words("เหรัญญิก", "Treasurer")),
)
VOUCHER = VoucherPaper(
    fund=FUND,
    number="2563/000045",
    paid_on=date(2020, 2, 29),
    recipient="นางปิ่น ญี่ปุ่น (สมมติ)",
    id_number="1-0099-00000-00-0",
    address="12/3 หมู่ 4 ตำบลสมมติ",
    phone="000-000-0000",
    lines=(PaperLine(Words("นอนโรงพยาบาล 3 คืน", "Hospital, 3 nights"), Decimal("1250.50")),),
    means=Words("เช็คเลขที่ 0012345", "Cheque no. 0012345"),
    payer=Signature(Words("ผู้จ่ายเงิน", "Payer"), "นางสาวฟื้น ใจดี (สมมติ)"),
    claim_number="2563-0089",
    resolution=Words("ครั้งที่ 2/2563 มติที่ 4", "Meeting 2/2563, resolution 4"),
    account="ออมสิน …4521",
    witnesses=("นายผู้ใหญ่ บ้านป่า (สมมติ)",),
)
AGENDA = ListPaper(
    fund=FUND,
    title=Words("ระเบียบวาระการประชุม", "Agenda"),
    columns=(Column(Words("ลำดับ", "No."), 1), Column(Words("เรื่อง", "Case"), 5), Column("บาท", 2, figures=True)),
    rows=(("1", "น้ำท่วม", "1,000.00"), ("2", "ฝั่งป่า", "20.50")),
    totals=("", "รวม", "1,020.50"),
)


def test_a_receipt_is_two_slips_on_one_page_original_and_copy() -> None:
    pages = page_texts(render_receipt(RECEIPT, "en"))
    assert len(pages) == 1
    found = lines(pages[0])
    for text in ("Original", "Copy"):
        assert found.count(text) == 1
    for text in (
        "Test Community Welfare Fund",
        "1 Moo 1, Invented Subdistrict",
        "Book/no. 2563/000123",
        "Received from นายกิ้งกือ น้ำผึ้ง (สมมติ)   Member no. 00417",
        "Period covered Jan – Dec 2020",
        "1 Contribution 2020 365 00",
        "2 ค่าธรรมเนียมแรกเข้า 20 25",
        "Total 385 25",
        "(three hundred and eighty-five baht and twenty-five satang)",
        "Means of payment Cash   Collector นายป๋อง ฝั่งน้ำ (สมมติ)",
        "Signed Receiver",
        "( นางสาวฟื้น ใจดี (สมมติ) )",
        "Treasurer",
    ):
        assert [" ".join(line.split()) for line in found].count(" ".join(text.split())) == 2, text


def test_a_receipt_in_thai_says_the_day_and_the_amount_in_words() -> None:
    text = pdfium_text(render_receipt(RECEIPT, "th"))
    assert text.count("20 ตุลาคม 2563") == 4
    assert text.count("(สามร้อยแปดสิบห้าบาทยี่สิบห้าสตางค์)") == 2
    assert "Contribution 2020" not in text


def test_a_receipt_in_both_languages_puts_english_after_thai() -> None:
    text = pdfium_text(render_receipt(RECEIPT, "both"))
    text = " ".join(text.split())
    assert text.count("กองทุนสวัสดิการชุมชนทดสอบ Test Community Welfare Fund") == 2
    assert text.count("เงินสมทบ ปี 2563 Contribution 2020") == 2
    assert text.count("สามร้อยแปดสิบห้าบาทยี่สิบห้าสตางค์") == 2
    assert text.count("three hundred and eighty-five baht and twenty-five satang") == 2


def test_a_receipt_of_many_lines_takes_a_page_for_each_slip() -> None:
    long = replace(RECEIPT, lines=(DUES,) * 12)
    pages = page_texts(render_receipt(long, "en"))
    assert len(pages) == 2
    for page, which in zip(pages, ("Original", "Copy"), strict=True):
        assert lines(page).count(which) == 1
        assert "Total 4,380 00" in lines(page)


def test_a_receipt_whose_texts_are_long_takes_a_page_for_each_slip() -> None:
    item = Words("เงินสมทบของสมาชิกในครัวเรือนและญาติพี่น้องทุกคน " * 6, "Contributions of the household")
    long = replace(RECEIPT, lines=(PaperLine(item, Decimal("1.00")),) * 4)
    assert len(page_texts(render_receipt(long, "both"))) == 2


def test_a_void_receipt_says_so_with_day_and_reason() -> None:
    void = Void("ลงชื่อผู้จ่ายผิด", date(2020, 10, 21), by="ประธาน")
    found = lines(pdfium_text(render_receipt(replace(RECEIPT, void=void), "en")))
    assert found.count("VOID") == 2
    assert found.count("Void 21 October 2563: ลงชื่อผู้จ่ายผิด (ประธาน)") == 2
    assert "VOID" not in lines(pdfium_text(render_receipt(RECEIPT, "en")))


def test_a_receipt_printed_again_is_marked_a_copy() -> None:
    found = lines(pdfium_text(render_receipt(replace(RECEIPT, reprinted_on=date(2020, 10, 21)), "en")))
    assert found.count("COPY") == 2
    assert found.count("Printed again on 21 October 2563") == 2


def test_many_receipts_are_one_paper_in_their_order(monkeypatch) -> None:
    monkeypatch.setattr("bansong_fund.lib.paper_parts.LETTERS_OF_A_PART", 2)
    many = (replace(RECEIPT, number=f"{number:06d}") for number in range(1, 6))
    pages = page_texts(render_receipts(many, "en"))
    assert [page.count(f"2563/{number:06d}") for number, page in enumerate(pages, start=1)] == [2] * 5


def test_a_receipt_of_a_gift_is_no_evidence_for_a_tax_deduction() -> None:
    sentence = "This receipt is not evidence for a tax deduction"
    assert lines(pdfium_text(render_receipt(replace(RECEIPT, gift=True), "en"))).count(sentence) == 2
    assert sentence not in pdfium_text(render_receipt(RECEIPT, "en"))


def test_a_receipt_with_a_code_to_check_it_still_fits_one_page() -> None:
    assert len(page_texts(render_receipt(replace(RECEIPT, qr="https://example.org/r/abc", gift=True), "both"))) == 1


def test_a_name_that_looks_like_markup_is_printed_as_it_is() -> None:
    name = '<img src="file:///etc/passwd"> & น้ำ'
    found = pdfium_text(render_receipt(replace(RECEIPT, received_from=name), "en"))
    assert found.count(name) == 2


def test_a_voucher_says_who_got_what_for_what_and_by_which_resolution() -> None:
    pages = page_texts(render_voucher(VOUCHER, "en"))
    assert len(pages) == 1
    assert lines(pages[0])[:-1] == [
        "Test Community Welfare Fund",
        "1 Moo 1, Invented Subdistrict",
        "Payment voucher",
        "Voucher no. 2563/000045",
        "Date 29 February 2563",
        "I, the receiver นางปิ่น ญี่ปุ่น (สมมติ)",
        "National ID number 1-0099-00000-00-0",
        "Address 12/3 หมู่ 4 ตำบลสมมติ",
        "Phone 000-000-0000",
        "Received from Test Community Welfare Fund",
        "Welfare claim no. 2563-0089",
        "Resolution Meeting 2/2563, resolution 4",
        "Paid from account ออมสิน …4521",
        "Means of payment Cheque no. 0012345",
        "No. Item Baht Satang",
        "1 Hospital, 3 nights 1,250 50",
        "Total 1,250 50",
        "(one thousand, two hundred and fifty baht and fifty satang)",
        "Signed Receiver",
        "( นางปิ่น ญี่ปุ่น (สมมติ) )",
        "Date",
        "Signed Payer",
        "( นางสาวฟื้น ใจดี (สมมติ) )",
        "Date",
        "Signed Witness",
        "( นายผู้ใหญ่ บ้านป่า (สมมติ) )",
        "Date",
    ]
    assert lines(pages[0])[-1] == "Page 1/1"


def test_beside_a_thumb_print_stand_two_witnesses() -> None:
    found = lines(pdfium_text(render_voucher(replace(VOUCHER, thumb_print=True), "en")))
    assert found.count("Signed Witness") == 2
    assert found.count("Signed Receiver") == 0
    assert VOUCHER.witness_places == ("นายผู้ใหญ่ บ้านป่า (สมมติ)",)
    assert replace(VOUCHER, thumb_print=True).witness_places == ("นายผู้ใหญ่ บ้านป่า (สมมติ)", "")
    assert replace(VOUCHER, witnesses=("ก", "ข")).witness_places == ("ก", "ข")


def test_the_receivers_of_a_voucher_with_an_annex_sign_there() -> None:
    found = lines(pdfium_text(render_voucher(replace(VOUCHER, annexed=True, thumb_print=True), "en")))
    assert [line for line in found if "Receiver" in line or "Thumb print" in line] == []
    assert "annexed sheet." in " ".join(found)
    assert found.count("Signed Witness") == 2


def test_a_voucher_of_ten_lines_in_both_languages_stays_on_one_page() -> None:
    full = replace(VOUCHER, lines=VOUCHER.lines * 10)
    assert full.total == Decimal("12505.00")
    assert len(page_texts(render_voucher(full, "both"))) == 1


def test_a_list_repeats_its_head_and_numbers_its_pages() -> None:
    rows = tuple((str(number), "น้ำ", "1.00") for number in range(1, 101))
    pages = page_texts(render_list(replace(AGENDA, rows=rows), "en"))
    assert len(pages) == 3
    for number, page in enumerate(pages, start=1):
        assert "No. Case บาท" in lines(page)
        assert f"Page {number}/3" in lines(page)
    assert sum(page.count("น้ำ 1.00") for page in pages) == 100
    assert "รวม 1,020.50" in lines(pages[2])


def test_an_empty_list_says_that_there_is_nothing() -> None:
    assert "Nothing to list" in lines(pdfium_text(render_list(replace(AGENDA, rows=(), totals=()), "en")))


def test_a_row_of_the_wrong_length_is_a_programmers_error() -> None:
    with pytest.raises(ValueError, match="zip"):
        render_list(replace(AGENDA, rows=(("1", "น้ำ"),)), "th")


def test_papers_of_the_demonstration_carry_its_banner_on_every_page() -> None:
    banner = "Demonstration data – most persons and amounts are invented"
    rows = (("1", "น้ำ", "1.00"),) * 60
    shown = replace(AGENDA, fund=replace(FUND, demonstration=True), rows=rows)
    assert [lines(page).count(banner) for page in page_texts(render_list(shown, "en"))] == [1, 1]
    assert banner not in pdfium_text(render_list(AGENDA, "en"))


def test_words_without_english_fall_back_to_thai() -> None:
    assert Words("น้ำ").in_language("en") == "น้ำ"
    assert Words("น้ำ", "Water").in_language("en") == "Water"
    assert Words("น้ำ", "Water").in_language("both") == "น้ำ"


@pytest.mark.parametrize(
    ("shares", "widths"),
    [
        ((1, 1, 1), [35, 35, 30]),
        ((3, 3, 7, 3, 8), [15, 10, 30, 10, 35]),
        ((1, 1, 1, 40), [5, 5, 5, 85]),
    ],
)
def test_the_columns_of_a_list_fill_the_page_and_no_more(shares, widths) -> None:
    columns = tuple(Column("", share) for share in shares)
    assert replace(AGENDA, columns=columns).widths == widths
    assert sum(widths) == 100
