"""Money that runs over several pages: each page says what it carries forward, the next what it brings forward."""

import re
from decimal import Decimal

import pytest

from bansong_fund.lib.papers import Column, FundHead, ListPaper, Words, render_list
from bansong_fund.lib.pdf import bind
from ledger.book_papers import ROWS_OF_A_PART, BookColumn, BookPaper, BookRow, render_book
from tests.factories import make_fund
from tests.papers.structure import faults_of
from tests.pdf_reading import page_texts, silent_weasyprint  # noqa: F401

FUND = FundHead(name=Words("กองทุน", "Fund"))


def sums(pdf: bytes, word: str) -> list[str]:
    """What stands behind a word, page by page; "" on a page without it."""
    found = (re.search(rf"{word} ([\d,.]+)", text) for text in page_texts(pdf))
    return [one[1] if one else "" for one in found]


def register(rows: int, **part: object) -> ListPaper:
    columns = (Column("ที่"), Column("บาท", figures=True))
    cells = tuple((number, "365.00") for number in range(rows))
    return ListPaper(FUND, "ทะเบียน", columns, cells, amounts=(Decimal(365),) * rows, **part)


def test_a_register_of_a_thousand_lines_repeats_its_head_and_carries_its_sum() -> None:
    pdf = render_list(register(1000, totals=("รวม", "365,000.00")))
    pages = page_texts(pdf)
    carried, brought = sums(pdf, "ยอดยกไป"), sums(pdf, "ยอดยกมา")
    assert all("บาท" in text for text in pages)
    assert len(pages) > 20
    assert brought == ["", *carried[:-1]]
    assert (carried[0], carried[-1], brought[-1]) == (f"{365 * lines_on(pages[0]):,}.00", "", carried[-2])


def lines_on(text: str) -> int:
    return text.count("365.00") - text.count("ยอดยกไป") * (",365.00" in text)


@pytest.mark.parametrize(("rows", "said"), [(0, []), (1, []), (3, [])])
def test_a_list_of_one_page_carries_nothing(rows, said) -> None:
    pdf = render_list(register(rows))
    assert (sums(pdf, "ยอดยกไป"), sums(pdf, "ยอดยกมา")) == ([""], [""])


def test_parts_of_a_register_go_on_with_the_sum_of_the_part_before() -> None:
    first, second = register(3, goes_on=True), register(2, brought=Decimal(1095))
    pdf = bind([render_list(first), render_list(second)], title="x")
    assert (sums(pdf, "ยอดยกไป"), sums(pdf, "ยอดยกมา")) == (["1,095.00", ""], ["", "1,095.00"])
    assert faults_of(pdf, language="th") == []


@pytest.mark.django_db
def test_a_book_in_parts_carries_balances_as_they_stand_and_sums_as_they_grow() -> None:
    columns = (
        BookColumn(Words("ที่", "No."), "number"),
        BookColumn(Words("รับ", "In"), "baht", "sum"),
        BookColumn(Words("คงเหลือ", "Left"), "baht", "balance"),
    )
    rows = [BookRow((n, Decimal(2), Decimal(n))) for n in range(ROWS_OF_A_PART + 10)]
    total = BookRow((None, Decimal(820), Decimal(409)), is_strong=True)
    pdf = render_book(BookPaper(Words("สมุด"), Words("ปี"), columns, [*rows, total]), make_fund(), "th")
    carried = sums(pdf, "ยอดยกไป รับ")
    left = sums(pdf, "ยอดยกไป รับ [0-9.,]+ · คงเหลือ")
    assert sums(pdf, "ยอดยกมา รับ") == ["", *carried[:-1]]
    assert [Decimal(one) / 2 - 1 for one in carried[:-1]] == [Decimal(one) for one in left[:-1]]
    assert (carried[-1], left[-1]) == ("", "")
