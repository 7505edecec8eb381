"""The papers that go out of a fund that was opened with what it brought along: since the founding, and untold money."""

from datetime import date
from decimal import Decimal

import pytest

from ledger.models import AccountRole, Opening, OpeningTotal
from ledger.spans import named_span
from reports.figures import annual_figures
from reports.funders.form_paper import FormPaper
from reports.funders.periods import day_period, fiscal_period, periods
from reports.span_reports import receipts_paper, span_money
from reports.ties import prove
from reports.years import report_year
from tests.factories import make_user
from tests.ledger.test_opening import lock, type_all
from tests.reports.conftest import TODAY, Books, client_of
from tests.reports.test_funders import both_sides, drawn, fact, rows

D = Decimal
R = AccountRole
STATEMENT = [
    "Money brought forward",
    "Taken over when the books were opened",
    "All receipts",
    "All payments",
    "Money carried forward",
]


def opened(*, with_totals: bool) -> None:
    """1,000 on the bank and 50 in the box on 31 December 2562; 1,500 had come in and 450 gone out, if anybody told."""
    treasurer = make_user("treasurer")
    type_all(treasurer)
    if not with_totals:
        OpeningTotal.objects.update(amount=0, persons=None, times=None)
        Opening.objects.update(note="สมุดบัญชีเดิมสูญหาย")
    lock(make_user("committee"))


def test_old_totals_stand_in_the_figures_since_the_founding(fund) -> None:
    opened(with_totals=True)
    Books(fund, make_user("treasurer")).receive(R.DUES, "365.00", date(2020, 2, 1))
    paper = drawn("codi-status", day_period(TODAY))
    said = rows(paper, "Money received since the founding, by source")
    assert said["Members' contributions"] == (D("900.00"), D("365.00"), D("1265.00"))
    assert said["Total"] == (D("1500.00"), D("365.00"), D("1865.00"))
    assert both_sides(paper) == (D("1865.00"), D("1865.00"))
    assert [row[-1] for row in rows(paper, "Matching rounds").values()] == [D("300.00"), D("300.00"), D("600.00")]
    assert rows(paper, "Welfare by the kinds of CODI's form")["sickness"][:3] == (3, 4, D("400.00"))
    assert (fact(paper, "Left over"), "31 December 2562" in paper.remark.en) == (D("1415.00"), True)


def test_a_fund_whose_founding_nobody_told_says_so(fund) -> None:
    """Years before the books are not offered; what was there is told as money of unknown source."""
    opened(with_totals=False)
    paper = drawn("codi-status", day_period(TODAY))
    province = drawn("province", fiscal_period(2563, TODAY))
    for one in (paper, drawn("codi-proposal", fiscal_period(2563, TODAY)), province):
        assert sum("opened with 1,050.00 baht" in note for note in notes_of(one)) == 1, one.code
    assert both_sides(paper) == (D("1050.00"), D("1050.00"))
    client = client_of(make_user("auditor"))
    offered = client.get("/funders/municipality/").context["asked"].offered
    assert [period.value for period in offered] == ["fiscal-2564", "fiscal-2563"]
    assert client.get("/funders/codi-status/", {"day": "2019-06-01"}).context["asked"].period.last == TODAY


def notes_of(paper: FormPaper) -> list[str]:
    return [block.note.en for part in paper.sections for block in part.blocks if block.note]


@pytest.mark.parametrize(("told", "said"), [("1450.00", "50.00 baht more"), ("1600.00", "100.00 baht less")])
def test_old_totals_that_leave_another_sum_than_was_there_are_told(fund, told, said) -> None:
    type_all(make_user("treasurer"))
    dues = OpeningTotal.objects.filter(account__role=R.DUES)
    dues.update(amount=dues.get().amount + D(told) - D("1500.00"))
    Opening.objects.update(note="สมุดบัญชีเดิมสูญหาย")
    lock(make_user("committee"))
    paper = drawn("codi-status", day_period(TODAY))
    assert [said in note for note in notes_of(paper) if "old totals leave" in note] == [True]


def test_on_the_last_day_of_the_old_books_there_is_a_year_to_choose(fund) -> None:
    opened(with_totals=True)
    assert [one.value for one in periods(("calendar",), fund, date(2019, 12, 31))] == ["calendar-2562"]


def test_what_the_books_took_over_is_no_receipt_of_the_year(fund) -> None:
    """1,050 was there on 31 December 2562; the year after took in 365. Every statement says 365 came in."""
    opened(with_totals=True)
    Books(fund, make_user("treasurer")).receive(R.DUES, "365.00", date(2020, 2, 1))
    year = annual_figures(report_year(2562, today=TODAY))
    prove(year)
    assert (year.money.receipts.this, year.money.change.this, year.money.opening.this) == (D(0), D(0), D("1050.00"))
    fiscal = named_span("fiscal-2563", fund, today=TODAY)
    of_span = {row.cells[0].en: row.cells[1] for row in receipts_paper(span_money(fiscal)).rows}
    of_paper = {
        what: row[0]
        for what, row in rows(drawn("municipality", fiscal_period(2563, TODAY)), "Receipts and payments").items()
    }
    for said in (of_span, of_paper):
        assert [said[what] for what in STATEMENT] == [D(0), D("1050.00"), D("365.00"), D(0), D("1415.00")]
        assert list(said)[:2] == STATEMENT[:2]
