"""The treasurer's monthly report of the demonstration: every figure from the lines, or no report at all."""

import io
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from python_calamine import CalamineWorkbook

from bansong_fund.lib.pdf_text import fold_sara_am
from ledger.book_papers import BookPaper
from ledger.models import Account, Fingerprint, LedgerSum
from ledger.spans import month_span
from members.models import Fund
from office.models import User
from reports.ties import DoesNotTie
from reports.treasurer_report import MonthReport, month_report
from tests.papers.structure import faults_of
from tests.pdf_reading import pdfium_text, silent_weasyprint  # noqa: F401 - a warning fails its test

pytestmark = pytest.mark.usefixtures("demo_fund")

D = Decimal
TODAY = date(2020, 11, 1)
MOVED = """
    SELECT x.code, sum(x.amount) FROM ledger_line l JOIN ledger_entry e ON e.id = l.entry_id AND e.kind <> 'closing'
      JOIN ledger_account d ON d.id = l.debit_id JOIN ledger_account c ON c.id = l.credit_id
      CROSS JOIN LATERAL (VALUES (d.code, l.amount), (c.code, -l.amount)) AS x (code, amount)
     WHERE e.date BETWEEN %s AND %s GROUP BY 1
"""


def moved(first: date, last: date) -> dict[str, Decimal]:
    """Debits less credits of each account, from its lines."""
    with connection.cursor() as cursor:
        cursor.execute(MOVED, [first, last])
        return dict(cursor.fetchall())


@pytest.fixture
def october() -> MonthReport:
    return month_report(month_span(date(2020, 10, 1), today=TODAY), Fund.objects.get(), today=TODAY)


@pytest.fixture
def treasurer() -> Client:
    client = Client()
    client.cookies["django_language"] = "en"
    client.force_login(User.objects.get(username="treasurer"))
    return client


def cells(paper: MonthReport, title: str) -> dict[str, tuple]:
    """The cells of a table by the English of its first one."""
    table: BookPaper = next(one for one in paper.paper.tables if one.title.en == title)
    return {row.cells[0].en: row.cells[1:] for row in table.rows}


def test_every_amount_is_the_sum_of_its_lines(october) -> None:
    month, year = (moved(first, date(2020, 10, 31)) for first in (date(2020, 10, 1), date(2020, 1, 1)))
    ever = moved(date(2010, 1, 1), date(2020, 10, 31))
    code_of = {one.name_en: one.code for one in Account.objects.all()}
    places = cells(october, "Where the money is")
    for name in ("Savings account", "Fixed deposit account"):
        assert places[name][3] == ever[code_of[name]]
    money = sum(ever.get(one.code, D(0)) for one in Account.objects.filter(type="asset"))
    assert places["Total"][3] == money == D("14328280.76")
    for title, of_month, of_year in (("Welfare by kind", 1, 3), ("Running costs against their limit", 0, 1)):
        rows = {code_of[name]: row for name, row in cells(october, title).items() if name in code_of}
        assert len(rows) > 3
        assert {code: (row[of_month], row[of_year]) for code, row in rows.items()} == {
            code: (month.get(code, D(0)), year.get(code, D(0))) for code in rows
        }
    spent = sum(year.get(one.code, D(0)) for one in Account.objects.filter(role="administration"))
    costs = cells(october, "Running costs against their limit")
    income = -sum(year.get(one.code, D(0)) for one in Account.objects.filter(type="income"))
    assert (costs["Running costs"][1], costs["Still free"][1]) == (spent, income / 5 - spent)
    receipts = cells(october, "Statement of receipts and payments")
    assert receipts["Money carried forward"][0] == money


def test_a_figure_that_does_not_tie_stops_the_report_and_is_named(treasurer) -> None:
    kept = LedgerSum.objects.get(account__code="5120", month=date(2020, 10, 1))
    LedgerSum.objects.filter(pk=kept.pk).update(debit=kept.debit + D("0.01"))
    with pytest.raises(DoesNotTie) as stopped:
        month_report(month_span(date(2020, 10, 1), today=TODAY), Fund.objects.get(), today=TODAY)
    assert {abs(one.shown - one.found) for one in stopped.value.differences} == {D("0.01")}
    page = treasurer.get("/month-report/?month=2020-10")
    assert (page.status_code, "a difference of 0.01" in page.content.decode()) == (409, True)
    assert treasurer.get("/month-report/pdf/?month=2020-10").status_code == 302


def test_the_page_the_paper_and_the_sheet_say_the_same(treasurer, django_assert_max_num_queries) -> None:
    with django_assert_max_num_queries(55):  # one for each of the month's figures and its proof, whatever the size
        page = treasurer.get("/month-report/?month=2020-10").content.decode()
    pdf = treasurer.get("/month-report/pdf/?month=2020-10&language=both").content
    text = fold_sara_am(pdfium_text(pdf))
    assert faults_of(pdf, language="th") == []
    book = CalamineWorkbook.from_filelike(io.BytesIO(treasurer.get("/month-report/xlsx/?month=2020-10").content))
    rows = book.get_sheet_by_name("Where the money is").to_python()
    assert ("14,328,280.76" in page, "14,328,280" in text, rows[-1][4]) == (True, True, 14328280.76)
    assert (page.count("Provisional"), rows[2][0], "Provisional" in text) == (1, "Provisional", True)
    assert (len(book.sheet_names), "(Treasurer)" in text) == (10, True)
    assert ("October 2562" in text, "1–31 Oct" in text) == (True, False)  # the month a year before by its name
    sealed = Fingerprint.objects.get(paper="month-report-2020-10.pdf")
    assert (sealed.is_provisional, sealed.chain_hash[:8] in text) == (True, True)


def test_a_closed_month_is_not_provisional_and_carries_the_hash_of_its_closing(treasurer) -> None:
    answer = treasurer.get("/month-report/?month=2019-12")
    paper = answer.context["paper"]
    assert (paper.is_provisional, paper.seal.is_provisional, paper.seal.entry.document_number) == (False, False, "2562")


def test_leaders_get_no_report_of_the_fund(client) -> None:
    client.force_login(User.objects.get(username="leader1"))
    assert [client.get(f"/month-report/{end}").status_code for end in ("", "pdf/", "xlsx/")] == [403, 403, 403]
