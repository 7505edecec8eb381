"""Letters and certificates in Thai digits, where the fund wishes so; its books and receipts never."""

from decimal import Decimal

import pytest

from bansong_fund.lib.paper_tags import in_thai_digits
from bansong_fund.lib.papers import Column, FundHead, ListPaper, Words, render_list
from contributions.certificates import Certificate, certificates_pdf
from members.fund_head import fund_head
from tests.factories import TODAY, make_fund
from tests.pdf_reading import pdfium_text, silent_weasyprint  # noqa: F401
from welfare.notices_to_members import Notice, render_notice


@pytest.fixture
def fund(db):
    fund = make_fund()
    fund.thai_digits = True
    return fund


def test_a_certificate_and_a_notice_are_written_in_thai_digits(fund) -> None:
    certificate = Certificate("ร้าน 7 พี่น้อง", Words("งานปี 2563", "Event 2563"), "", TODAY)
    text = pdfium_text(certificates_pdf([certificate], fund, "both"))
    assert [wanted in text for wanted in ("งานปี ๒๕๖๓", "Event 2563", "๑ พฤศจิกายน ๒๕๖๓", "ร้าน ๗ พี่น้อง")] == [True] * 4
    notice = Notice(fund_head(fund), "2563/1", Words("อนุมัติ"), (Words("รับ 1,250.50 บาท", "Receive 1,250.50 baht"),))
    assert "๑,๒๕๐.๕๐ บาท" in pdfium_text(render_notice(notice, "th"))
    assert "1,250.50 baht" in pdfium_text(render_notice(notice, "en"))


def test_without_the_switch_and_in_lists_digits_stay() -> None:
    wished = FundHead(Words("กองทุน"), thai_digits=True)
    paper = ListPaper(wished, "บัญชี 2563", (Column("บาท", figures=True),), (("365.00",),), amounts=(Decimal(365),))
    assert "2563" in pdfium_text(render_list(paper))
    notice = Notice(FundHead(Words("กองทุน")), "1", Words("อนุมัติ"), (Words("รับ 50 บาท"),))
    assert "รับ 50 บาท" in pdfium_text(render_notice(notice))


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        ('<p class="col-1" id="a2">12</p>', '<p class="col-1" id="a2">๑๒</p>'),
        (
            '3 <span class="beneath" lang="en">3 <b>4</b></span> 5',
            '๓ <span class="beneath" lang="en">3 <b>4</b></span> ๕',
        ),
        ("&#x27;9&#39;", "&#x27;๙&#39;"),
        ('<svg viewBox="0 0 9 9"><title>1</title></svg>2', '<svg viewBox="0 0 9 9"><title>1</title></svg>๒'),
    ],
)
def test_only_thai_words_change(html, shown) -> None:
    assert in_thai_digits(html) == shown
