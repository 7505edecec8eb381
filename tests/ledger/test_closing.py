"""Closing: a month with its checklist, a year by resolution, in their order, and nothing behind them."""

import re
import uuid
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.utils.translation import override

from bansong_fund.lib.pdf_text import fold_sara_am
from contributions.sheets import submit_sheet
from ledger.accounts import account, collector_account
from ledger.closing import (
    MonthClosed,
    NotExplained,
    ResolutionNeeded,
    YearClosed,
    adopt_year,
    close_month,
)
from ledger.models import AccountingMonth, AccountRole, Entry, Fingerprint, FiscalYear, Reconciliation
from ledger.periods import PeriodClosed, open_year
from ledger.queries import balance
from tests.contributions.conftest import NOW, TODAY, acting, make_cast, member_owing
from tests.contributions.test_money_in import cost, grant
from tests.contributions.test_sheets import accept, opened, submitted, write
from tests.ledger.conftest import book
from tests.pdf_reading import page_texts, silent_weasyprint  # noqa: F401 - a warning fails its test
from tests.races import at_once

D = Decimal
LATER = date(2021, 2, 10)
NOTES = dict.fromkeys(("cash-counted", "reconciled", "advances", "sheets-accepted", "cost-papers"), "ทราบแล้ว")


@pytest.fixture
def who(db) -> SimpleNamespace:
    cast = make_cast()
    type(cast.fund).objects.update(founded_on=date(2020, 9, 1))
    cast.fund.refresh_from_db()
    return cast


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with override("en"):
        yield


def month(number: int, year: int = 2020) -> AccountingMonth:
    return AccountingMonth.objects.get(first_day=date(year, number, 1))


def close(who: SimpleNamespace, number: int, **changes: object) -> AccountingMonth:
    facts = {"counted": D("0.00"), "notes": NOTES, "by": who.treasurer, "today": LATER, "now": NOW}
    return close_month(month(number), **(facts | changes))


def states(closed: AccountingMonth) -> dict[str, tuple[str, str]]:
    return {item["check"]: (item["state"], item["note"]) for item in closed.closing_checklist}


def test_a_month_in_order_closes_without_a_word_and_keeps_what_was_found(who) -> None:
    book("1010", "4110", "365.00", on=date(2020, 9, 5))
    facts = {"passbook_balance": D(0), "ledger_balance": D(0), "made_by": who.treasurer}
    Reconciliation.objects.create(account=who.bank, as_of=date(2020, 9, 30), **facts)
    closed = close(who, 9, counted=D("365.00"), notes={})
    last = Entry.objects.get()
    assert states(closed) == {
        "cash-counted": ("ok", "counted 365.00, by the books 365.00"),
        "sheets-accepted": ("ok", ""),
        "cost-papers": ("ok", ""),
        "reconciled": ("ok", ""),
        "advances": ("ok", ""),
        "fingerprint": ("ok", f"1:{last.chain_hash}"),
    }
    with pytest.raises(PeriodClosed, match="reversal today"):
        book("1010", "4110", "1.00", on=date(2020, 9, 6))


def test_what_is_not_in_order_wants_a_word_each(who) -> None:
    grant(who, "500.00", received_on=date(2020, 9, 2))
    cost(who, "120.00", paid_on=date(2020, 9, 20))
    with pytest.raises(NotExplained) as refused:
        close(who, 9, counted=D("5.00"), notes={"reconciled": "สมุดอยู่ที่ธนาคาร"})
    assert ("cash box" in str(refused.value), "its paper" in str(refused.value), refused.value.field) == (
        True,
        True,
        "note_cash_counted",
    )
    assert month(9).closed_at is None
    closed = close(who, 9, counted=D("5.00"))
    assert states(closed)["cash-counted"] == ("explained", "counted 5.00, by the books 0.00 – ทราบแล้ว")
    assert states(closed)["cost-papers"] == ("explained", "1 costs without a paper – ทราบแล้ว")


def test_a_sheet_that_was_not_accepted_is_named(who) -> None:
    submitted(who)
    closed = [close(who, number) for number in (9, 10, 11)]
    assert [states(one)["sheets-accepted"][0] for one in closed] == ["ok", "ok", "explained"]


def test_what_a_leader_has_taken_and_not_handed_in_is_named_with_its_sum(who) -> None:
    sheet = opened(who)
    for _ in range(2):
        write(sheet, member_owing(who.community), who, paid_on=date(2020, 10, 20))
    september, october = close(who, 9), close(who, 10)
    assert states(september)["sheets-accepted"][0] == "ok"
    said = "1 sheets, 730.00 baht taken and not handed in – ทราบแล้ว"
    assert states(october)["sheets-accepted"] == ("explained", said)


@pytest.mark.parametrize("handed_in", [date(2020, 10, 25), date(2020, 11, 2)])
def test_what_was_with_collectors_on_the_last_day_is_said_without_asking_for_a_word(who, handed_in) -> None:
    sheet = opened(who)
    write(sheet, member_owing(who.community), who, paid_on=date(2020, 10, 20))
    submit_sheet(sheet=sheet, **acting(who.leader) | {"today": handed_in})
    accept(sheet, who, "365.00", today=date(2020, 11, 3))
    notes = {name: words for name, words in NOTES.items() if name != "sheets-accepted"}
    cash = {9: "0.00", 10: "0.00", 11: "365.00"}
    closed = [close(who, number, counted=D(baht), notes=notes) for number, baht in cash.items()]
    said = "365.00 baht were with collectors on the last day"
    assert [states(one)["sheets-accepted"] for one in closed] == [("ok", ""), ("ok", said), ("ok", "")]


def test_months_close_in_their_order_once_and_not_before_they_are_over(who) -> None:
    with pytest.raises(MonthClosed, match="still open"):
        close(who, 10)
    first = close(who, 9)
    assert close(who, 9, counted=D("7.00")).closed_at == first.closed_at
    with pytest.raises(MonthClosed, match="closed already"):
        close(who, 9, by=who.committee)
    with pytest.raises(MonthClosed, match="still runs"):
        close(who, 10, today=date(2020, 10, 31))
    assert close(who, 10, today=date(2020, 11, 1)).closed_at == NOW


def whole_year(who: SimpleNamespace) -> FiscalYear:
    book("1010", "4110", "1000.00", on=date(2020, 9, 5))
    book("5230", "1010", "300.00", on=date(2020, 10, 5), kind="payment")
    for number in (9, 10, 11, 12):
        close(who, number)
    return FiscalYear.objects.get(year_be=2563)


def adopt(who: SimpleNamespace, year: FiscalYear, **changes: object) -> FiscalYear:
    facts = acting(who.treasurer) | {"today": LATER, "resolution_label": "1/2564 (3)"}
    return adopt_year(year, **(facts | changes))


def test_a_year_is_closed_after_its_months_by_the_resolution_that_adopted_it(who) -> None:
    year = whole_year(who)
    with pytest.raises(ResolutionNeeded):
        adopt(who, year, resolution_label=" ")
    with pytest.raises(YearClosed, match="still runs"):
        adopt(who, year, today=date(2020, 12, 31))
    closed = adopt(who, year)
    assert balance(account(AccountRole.ACCUMULATED_FUND)) == D("-700.00")
    assert (closed.resolution_label, [item["note"] for item in closed.closing_checklist]) == (
        "1/2564 (3)",
        ["700.00", f"3:{closed.closing_entry.chain_hash}"],
    )
    assert adopt(who, year).closed_at == closed.closed_at
    with pytest.raises(YearClosed):
        adopt(who, year, by=who.committee)
    assert Entry.objects.filter(kind="closing").count() == 1


def test_a_year_with_an_open_month_stays_open(who) -> None:
    book("1010", "4110", "1000.00", on=date(2020, 9, 5))
    with pytest.raises(MonthClosed, match="September"):
        adopt(who, FiscalYear.objects.get(year_be=2563))


def test_a_year_without_income_and_costs_closes_without_an_entry(who) -> None:
    for number in (9, 10, 11, 12):
        close(who, number)
    year = adopt(who, FiscalYear.objects.get(year_be=2563))
    assert (year.closing_entry, year.closed_at, Entry.objects.count()) == (None, NOW, 0)


def test_closing_and_paying_at_the_same_moment_leave_nothing_behind_the_closing(committed_db) -> None:
    who = make_cast()
    type(who.fund).objects.update(founded_on=date(2020, 9, 1))
    payments = [lambda: book("1010", "4110", "1.00", on=date(2020, 9, 20)) for _ in range(7)]
    results = at_once(lambda: close(who, 9), *payments)
    closed = month(9)
    booked = [result for result in results if isinstance(result, Entry)]
    sealed = int(states(closed)["fingerprint"][1].partition(":")[0])
    expected = re.findall(r"[0-9.,]+", states(closed)["cash-counted"][1])[1]
    assert (sealed, D(expected)) == (len(booked), D(len(booked)))
    assert {type(result).__name__ for result in results} <= {"Entry", "PeriodClosed", "AccountingMonth"}


def test_the_pages_close_a_month_and_print_it(client, who) -> None:
    open_year(LATER, who.fund)
    book("1010", "4110", "365.00", on=date(2020, 9, 5))
    last = book(collector_account(who.leader).code, "4110", "70.25", on=date(2020, 9, 6))
    client.force_login(who.treasurer)
    assert "/books/closing/2020-09/" in client.get("/books/closing/").content.decode()
    sent = {"request_id": uuid.uuid4(), "counted": "360"}
    refused = client.post("/books/closing/2020-09/close/", sent)
    assert (refused.status_code, list(refused.context["form"].errors)) == (200, ["note_cash_counted"])
    assert 'value="360' in refused.content.decode()
    notes = {"note_cash_counted": "ขาด 5 บาท", "note_reconciled": "รอธนาคาร"}
    assert client.post("/books/closing/2020-09/close/", sent | notes)["Location"] == "/books/closing/2020-09/"
    assert "ขาด 5 บาท" in client.get("/books/closing/2020-09/").content.decode()
    text = fold_sara_am("\n".join(page_texts(client.get("/books/closing/2020-09/pdf/?language=both").content)))
    assert [
        word
        for word in ("September 2563", "leaders", "70", "435", "(Treasurer)", last.chain_hash[:20])
        if word not in text
    ] == []
    assert Fingerprint.objects.get().paper == "closing 2020-09"


def test_the_pages_close_a_year_and_print_it(client, who) -> None:
    who.fund.demo_day, who.fund.is_demo = LATER, True
    who.fund.save()
    whole_year(who)
    client.force_login(who.treasurer)
    page = "/books/closing/years/2563/"
    assert [row.result for row in client.get(page).context["carried"]] == [D("700.00")]
    assert client.post(f"{page}close/", {"request_id": uuid.uuid4(), "resolution": ""}).status_code == 200
    sent = {"request_id": uuid.uuid4(), "resolution": "1/2564 (3)"}
    assert client.post(f"{page}close/", sent)["Location"] == page
    text = "\n".join(page_texts(client.get(f"{page}pdf/").content))
    assert ("1/2564 (3)" in text, "700" in text) == (True, True)


def test_a_closed_year_without_a_checklist_shows_its_months_all_the_same(client, who) -> None:
    FiscalYear.objects.update(closed_at=NOW)
    client.force_login(who.auditor)
    assert [
        client.get(f"/books/closing/{path}").status_code for path in ("", "2020-09/", "years/2563/", "2020-09/pdf/")
    ] == [
        200,
        200,
        200,
        404,
    ]


def test_only_the_treasurer_closes_and_only_who_reads_the_books_looks(client, who) -> None:
    member_owing(who.community)
    client.force_login(who.auditor)
    sent = {"request_id": uuid.uuid4(), "counted": "0"}
    answers = [client.post(f"/books/closing/{path}", sent) for path in ("2020-09/close/", "years/2563/close/")]
    assert [answer.status_code for answer in answers] == [403, 403]
    client.force_login(who.leader)
    assert client.get("/books/closing/").status_code == 403


def test_the_list_of_months_asks_for_no_row_alone(client, who, django_assert_num_queries) -> None:
    client.force_login(who.auditor)
    counts = []
    for year in (2563, 2564):
        open_year(date(year - 543, 12, 1), who.fund)
        with django_assert_num_queries(8):
            counts.append(client.get("/books/closing/").status_code)
    assert (counts, TODAY.year) == ([200, 200], 2020)
