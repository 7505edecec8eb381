"""The four legs, receipts and payments of any span, beside the same days a year before."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest

from bansong_fund.lib.pdf_text import fold_sara_am
from ledger.closing import close_year
from ledger.models import FiscalYear
from ledger.spans import SpanChooser
from reports.span_reports import receipts_paper, span_money
from tests.contributions.conftest import NOW, TODAY, make_cast
from tests.ledger.conftest import book
from tests.pdf_reading import page_texts, silent_weasyprint  # noqa: F401 - a warning fails its test

D = Decimal


@pytest.fixture
def who(db) -> SimpleNamespace:
    cast = make_cast()
    book("1010", "4110", "365.00", on=date(2019, 10, 15))
    book("12001", "4210", "5000.00", on=date(2019, 12, 31))
    close_year(FiscalYear.objects.get(year_be=2562), by=None, now=NOW)
    book("1010", "4110", "730.00", on=date(2020, 2, 10))
    book("5120", "1010", "300.00", on=date(2020, 3, 5), kind="payment")
    book("12001", "4520", "12.34", on=date(2020, 10, 1))
    return cast


def rows(who: SimpleNamespace, **asked: str) -> dict[str, tuple[Decimal, Decimal]]:
    paper = receipts_paper(span_money(SpanChooser(asked, who.fund, TODAY).span))
    return {row.cells[0].en: row.cells[1:] for row in paper.rows}


@pytest.mark.parametrize(
    ("asked", "brought", "receipts", "payments", "carried"),
    [
        ({"span": "fund-2563"}, "5365.00", "742.34", "300.00", "5807.34"),
        ({"span": "fiscal-2563"}, "0.00", "6095.00", "300.00", "5795.00"),
        ({"span": "fiscal-2564"}, "5795.00", "12.34", "0.00", "5807.34"),
        ({"span": "month-2020-03"}, "6095.00", "0.00", "300.00", "5795.00"),
        ({"first": "2020-02-10", "last": "2020-03-04"}, "5365.00", "730.00", "0.00", "6095.00"),
        ({"first": "2020-02-11", "last": "2020-03-05"}, "6095.00", "0.00", "300.00", "5795.00"),
    ],
)
def test_every_span_ties_from_brought_to_carried_forward(who, asked, brought, receipts, payments, carried) -> None:  # noqa: PLR0917
    found = rows(who, **asked)
    names = ("Money brought forward", "All receipts", "All payments", "Money carried forward")
    assert [found[name][0] for name in names] == [D(brought), D(receipts), D(payments), D(carried)]


def test_the_year_before_stands_beside_it_and_closings_count_nowhere(who) -> None:
    found = rows(who, span="fund-2563")
    assert found["The four legs"] == (D("730.00"), D("5365.00"))
    assert found["Money carried forward"] == (D("5807.34"), D("5365.00"))


def test_the_page_the_sheet_and_the_paper_say_the_same(client, who, django_assert_max_num_queries) -> None:
    client.force_login(who.auditor)
    with django_assert_max_num_queries(32):
        page = client.get("/reports/span/?span=fund-2563").content.decode()
    assert page.count("5,807.34") == 4, "carried forward, money left over, assets, accumulated fund"
    text = fold_sara_am("".join(page_texts(client.get("/reports/span/pdf/?span=fund-2563&language=both").content)))
    assert ("5,807" in text, "(Treasurer)" in text) == (True, True)
    assert client.get("/reports/span/xlsx/?span=fund-2563")["Content-Disposition"].endswith('fund-2563.xlsx"')
    client.force_login(who.leader)
    assert client.get("/reports/span/").status_code == 403
