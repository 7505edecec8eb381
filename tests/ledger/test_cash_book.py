"""Account statements, the journal and the cash book: what is brought forward, line by line, carried forward."""

import io
import re
from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest
from python_calamine import CalamineWorkbook

from bansong_fund.lib.pdf_text import fold_sara_am
from ledger import book_orders, statements
from ledger.book_orders import BookOrder, make_book_paper, order_of
from ledger.cash_book import cash_book as read_cash_book
from ledger.models import EntryKind
from ledger.spans import SpanChooser, fund_year_span, month_span
from ledger.statements import key_of, statement
from office.jobs import JobRun
from office.models import Job, ReadingLog
from tests.contributions.conftest import TODAY, make_cast
from tests.ledger.conftest import book
from tests.pdf_reading import page_texts, silent_weasyprint  # noqa: F401 - a warning fails its test

D = Decimal
OCTOBER = date(2020, 10, 1)


@pytest.fixture
def who(db) -> SimpleNamespace:
    """A fund with some days' cash and bank in August, September and October 2563."""
    cast = make_cast()
    book("1010", "4410", "1000.00", on=date(2020, 8, 31))
    book("12001", "1010", "600.25", on=date(2020, 9, 15), kind=EntryKind.TRANSFER, memo="นำฝาก")
    book("1010", "4110", "365.00", on=date(2020, 10, 2))
    book("1010", "4110", "365.00", on=date(2020, 10, 2))
    book("5230", "12001", "50.50", on=date(2020, 10, 20), kind=EntryKind.PAYMENT)
    book("5230", "1010", "20.00", on=date(2020, 10, 31), kind=EntryKind.PAYMENT)
    return cast


@pytest.fixture
def read(client, who):
    client.force_login(who.auditor)
    return lambda path, **query: client.get(f"/books/{path}", query)


def month(day: date = OCTOBER):
    return month_span(day, today=TODAY)


def shown(page) -> list[tuple]:
    return [(row.day.day, row.money_in, row.money_out, row.balance) for row in page.rows]


def test_a_statement_brings_forward_and_carries_forward(who) -> None:
    page = statement(who.cash, month())
    assert (page.brought, page.debits, page.credits, page.carried) == (
        D("399.75"),
        D("730.00"),
        D("20.00"),
        D("1109.75"),
    )
    assert shown(page) == [
        (2, D("365.00"), None, D("764.75")),
        (2, D("365.00"), None, D("1129.75")),
        (31, None, D("20.00"), D("1109.75")),
    ]


def test_days_inside_a_month_bring_forward_what_was_there_the_evening_before(who) -> None:
    span = SpanChooser({"first": "2020-09-15", "last": "2020-10-02"}, who.fund, TODAY).span
    page = statement(who.cash, span)
    assert (page.brought, page.carried, len(page.rows)) == (D("1000.00"), D("1129.75"), 3)


def test_an_income_account_grows_on_its_own_side(who, a) -> None:
    page = statement(a("4110"), fund_year_span(2563, who.fund, today=TODAY))
    assert [row.balance for row in page.rows] == [D("365.00"), D("730.00")]
    assert page.carried == D("730.00")


@pytest.mark.parametrize("rows", [1, 2])
def test_a_statement_goes_on_by_key_with_the_balance_of_the_page_before(who, monkeypatch, rows) -> None:
    whole = shown(statement(who.cash, month()))
    monkeypatch.setattr(statements, "ROWS_ON_A_PAGE", rows)
    pages = [statement(who.cash, month())]
    while pages[-1].next_after:
        pages.append(statement(who.cash, month(), after=key_of(str(pages[-1].next_after))))
    assert [row for page in pages for row in shown(page)] == whole
    assert [page.before_page for page in pages[1:]] == [page.rows[-1].balance for page in pages[:-1]]


@pytest.mark.parametrize("text", ["", "x", "2020-13-40.1.1", "2020-10-01.1", "2020-10-01.9999999999999999.1"])
def test_what_is_no_key_shows_the_first_page(text) -> None:
    assert key_of(text) is None


def test_the_cash_book_has_cash_and_banks_side_by_side(who) -> None:
    found = read_cash_book(month())
    assert [(p.account.code, p.brought, p.money_in, p.money_out, p.carried) for p in found.places] == [
        ("1010", D("399.75"), D("730.00"), D("20.00"), D("1109.75")),
        ("12001", D("600.25"), D("0.00"), D("50.50"), D("549.75")),
    ]
    assert [(row.day.day, row.is_new_day, row.cash_left, row.bank_left) for row in found.rows] == [
        (2, True, D("764.75"), D("600.25")),
        (2, False, D("1129.75"), D("600.25")),
        (20, True, D("1129.75"), D("549.75")),
        (31, True, D("1109.75"), D("549.75")),
    ]
    assert (found.total.carried, found.rows[0].about.en) == (D("1659.50"), "Members' contributions")


def test_cash_banked_is_one_row_out_of_the_box_and_into_the_bank(who) -> None:
    row = read_cash_book(month(date(2020, 9, 1))).rows[0]
    assert (row.about.th, row.cash_out, row.bank_in, row.cash_left, row.bank_left) == (
        "นำฝาก",
        D("600.25"),
        D("600.25"),
        D("399.75"),
        D("600.25"),
    )


def test_the_cash_book_goes_on_by_key(who) -> None:
    first = read_cash_book(month(), rows=1)
    second = read_cash_book(month(), after=first.next_after, rows=2)
    assert [(row.cash_left, row.is_new_day) for row in second.rows] == [(D("1129.75"), False), (D("1129.75"), True)]
    assert second.cash_before == first.rows[-1].cash_left
    assert read_cash_book(month(), after=second.next_after, rows=2).next_after is None


def test_months_join_without_a_satang_lost(who) -> None:
    months = [read_cash_book(month(date(2020, number, 1))) for number in (8, 9, 10)]
    assert [m.total.carried for m in months[:-1]] == [m.total.brought for m in months[1:]]
    year = read_cash_book(fund_year_span(2563, who.fund, today=TODAY))
    assert (year.total.brought, year.total.carried) == (D("0.00"), months[-1].total.carried)


def test_the_page_opens_at_the_month_of_the_last_entry(read) -> None:
    assert read("cash-book/").context["chooser"].span.first == OCTOBER
    assert read("cash-book/", span="month-2020-09").context["book"].total.carried == D("1000.00")


PAPERS = ["cash-book/pdf/", "accounts/1010/pdf/", "journal/file/pdf/", "trial-balance/pdf/"]


@pytest.mark.parametrize("path", PAPERS)
def test_each_paper_prints_its_sums_and_the_places_to_sign(read, path) -> None:
    texts = page_texts(read(path, span="fund-2563", language="both").content)
    text = fold_sara_am("\n".join(texts))
    total = {"cash-book/pdf/": "549", "accounts/1010/pdf/": "1,109", "journal/file/pdf/": "2,400"}.get(path, "1,730")
    assert (len(texts), total in text) == (1, True)
    assert [word for word in ("(Treasurer)", "Auditor", "Chair") if word not in text] == []


def test_the_sheet_of_a_statement_holds_numbers_and_days(read) -> None:
    answer = read("accounts/1010/xlsx/", span="month-2020-10")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert rows[4][0] == date(2020, 10, 1)
    assert [(row[3], row[4], row[5]) for row in rows[4:]] == [
        ("", "", 399.75),
        (365.0, "", 764.75),
        (365.0, "", 1129.75),
        ("", 20.0, 1109.75),
        (730.0, 20.0, 1109.75),
    ]
    assert answer["Content-Disposition"] == 'attachment; filename="statement-1010-month-2020-10.xlsx"'
    assert list(ReadingLog.objects.values_list("what", "subject_name")) == [
        ("export", "statement-1010-month-2020-10.xlsx")
    ]


def test_a_long_paper_is_offered_and_made_by_the_worker(client, who, read, monkeypatch) -> None:
    monkeypatch.setitem(book_orders.AT_ONCE, "pdf", 2)
    page = read("cash-book/pdf/", span="fund-2563")
    assert (page.status_code, page.context["rows"], Job.objects.count()) == (200, "6", 0)
    facts = {"request_id": page.context["form"]["request_id"].value()}
    address = "/books/cash-book/pdf/?span=fund-2563"
    jobs = {client.post(address, facts)["Location"] for _ in range(2)}
    assert (len(jobs), Job.objects.count()) == (1, 1)
    Job.objects.update(state=Job.State.RUNNING)
    run = JobRun(Job.objects.get())
    make_book_paper(run)
    assert run.job.result_name == "cash-book-fund-2563.pdf"


@pytest.mark.parametrize("asked", [{"span": "fiscal-2563"}, {"first": "2020-02-03", "last": "2020-10-05"}])
def test_an_order_is_read_again_as_it_was_given(who, asked) -> None:
    span = SpanChooser(asked, who.fund, TODAY).span
    order = BookOrder("statement", span, "pdf", "th", who.cash)
    assert order_of(order.parameters(), who.fund, TODAY) == order


def test_a_paper_of_several_parts_is_one_file(who, monkeypatch) -> None:
    monkeypatch.setattr("ledger.book_papers.ROWS_OF_A_PART", 3)
    order = BookOrder("cash-book", month(), "pdf", "th")
    texts = page_texts(order.content(who.fund, TODAY))
    assert (len(texts), sum("ผู้ตรวจสอบ" in fold_sara_am(text) for text in texts)) == (2, 1)
    assert [re.findall(r"\d+/\d+\s*$", text) for text in texts] == [["1/2"], ["2/2"]]  # counted through the parts


def test_too_many_rows_are_refused_with_what_to_do(read, monkeypatch) -> None:
    monkeypatch.setitem(book_orders.AT_ONCE, "pdf", 2)
    monkeypatch.setitem(book_orders.MOST_ROWS, "pdf", 3)
    assert "6" in read("journal/file/pdf/", span="fund-2563").context["refusal"]


@pytest.mark.parametrize("path", ["accounts/9999/pdf/", "accounts/1010/docx/", "cash-book/html/"])
def test_a_paper_that_there_is_not_is_not_found(read, path) -> None:
    assert read(path).status_code == 404


def test_only_who_reads_the_books_opens_them(client, who) -> None:
    client.force_login(who.leader)
    assert [client.get(f"/books/{path}").status_code for path in ("cash-book/", *PAPERS)] == [403] * 5
