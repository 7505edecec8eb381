"""Reconciling: the passbook against the books, what explains the difference, and the paper that is signed."""

import uuid
from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bansong_fund.lib.pdf_text import fold_sara_am
from ledger.models import Line, PassbookLine, PassbookTick, Reconciliation
from ledger.passbook import tick_off
from ledger.reconciling import BANK, BOOKS, NotExplained, NotTyped, NotYet, as_signed, compare, reconcile
from tests.contributions.conftest import NOW, TODAY, make_cast
from tests.ledger.conftest import book
from tests.ledger.test_passbook import october, tick, typed, write
from tests.pdf_reading import page_texts, silent_weasyprint  # noqa: F401 - a warning fails its test

D = Decimal
END = october(31)


@pytest.fixture
def who(db) -> SimpleNamespace:
    return make_cast(controls="small")


def sign(who: SimpleNamespace, explanation: str = "", as_of: date = END, **changes: object) -> Reconciliation:
    facts = {"by": who.treasurer, "today": TODAY, "now": NOW, "request_id": uuid.uuid4()}
    return reconcile(who.bank, as_of, explanation=explanation, **(facts | changes))


def october_of(who: SimpleNamespace) -> SimpleNamespace:
    """900 in the books before; 100 found, 365 not yet at the bank, 50 paid and not yet drawn, 1.25 at the bank only."""
    book("12001", "4410", "900.00", on=date(2020, 9, 5))
    found = book("12001", "4410", "100.00", on=october(2))
    book("12001", "4110", "365.00", on=october(30))
    book("5230", "12001", "50.00", on=october(31))
    rows = write(who, typed(1, "0", "0", "900"), typed(2, "0", "100", "1000"), typed(28, "0", "1.25", "1001.25"))
    tick(who, rows[1], found)
    return SimpleNamespace(found=found, rows=rows)


def test_the_difference_is_explained_line_by_line(who) -> None:
    october_of(who)
    found = compare(who.bank, END)
    assert (found.passbook_balance, found.ledger_balance, found.difference) == (D("1001.25"), D("1315"), D("-313.75"))
    assert [(item.day, item.baht) for item in found.of(BOOKS)] == [(october(30), D(365)), (october(31), D(-50))]
    assert [(item.about, item.baht) for item in found.of(BANK)] == [("CSH", D("1.25"))]
    assert found.before == 0


def test_what_comes_later_or_is_ticked_later_does_not_change_a_day(who) -> None:
    october_of(who)
    [row] = write(who, typed(1, "0", "365", "1366.25", month=11))
    tick_off(row, [Line.objects.get(amount=365).pk], by=who.treasurer, now=NOW)
    assert [item.baht for item in compare(who.bank, END).of(BOOKS)] == [D(365), D(-50)]
    assert [item.baht for item in compare(who.bank, TODAY).of(BOOKS)] == [D(-50)]


def test_a_difference_from_before_the_first_line_wants_words(who) -> None:
    book("12001", "4410", "900.00", on=date(2020, 9, 5))
    write(who, typed(1, "0", "0", "880"))
    with pytest.raises(NotExplained):
        sign(who, "  ")
    kept = sign(who, "ค่าธรรมเนียมเดิม 20 บาท")
    assert (kept.explanation, as_signed(kept).before) == ("ค่าธรรมเนียมเดิม 20 บาท", D("-20.00"))


def test_a_kept_reconciliation_stays_as_it_was_signed_and_a_double_click_keeps_one(who) -> None:
    made = october_of(who)
    click = uuid.uuid4()
    kept = sign(who, request_id=click)
    assert sign(who, request_id=click) == kept
    PassbookTick.objects.filter(passbook_line=made.rows[1]).delete()
    kept.refresh_from_db()
    assert [item.baht for item in as_signed(kept).items] == [D("1.25"), D("365.00"), D("-50.00")]
    assert compare(who.bank, END).items != as_signed(kept).items


def test_a_day_without_typed_lines_or_to_come_is_refused(who) -> None:
    with pytest.raises(NotTyped):
        sign(who)
    october_of(who)
    with pytest.raises(NotYet):
        sign(who, as_of=date(2020, 11, 2))
    assert Reconciliation.objects.count() == 0


def test_an_opening_on_the_first_typed_day_lies_before_it(who) -> None:
    book("12001", "3010", "500.00", on=october(1), kind="opening")
    write(who, typed(1, "0", "25", "525"))
    found = compare(who.bank, END)
    assert (found.of(BOOKS), [item.baht for item in found.of(BANK)], found.before) == ([], [D(25)], D(0))


MOVES = st.lists(st.tuples(st.integers(2, 31), st.sampled_from([-3, -1, 1, 2, 5])), max_size=6)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(bank=MOVES, books=MOVES, ticks=st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=8))
def test_whatever_is_ticked_the_rest_explains_the_difference(who, bank, books, ticks) -> None:
    """passbook = books + bank only − books only + what was different before: here 7 baht, whatever was ticked."""
    start = transaction.savepoint()
    book("12001", "4410", "1000.00", on=date(2020, 9, 1))
    lines = [typed(1, "0", "0", "1007")]
    for day, baht in sorted(bank):
        after = str(lines[-1].balance + baht)
        lines.append(typed(day, str(max(-baht, 0)), str(max(baht, 0)), after))
    rows = write(who, *lines)[1:]
    entries = [
        book(*(("12001", "4410") if baht > 0 else ("5230", "12001")), str(abs(baht)), on=october(day))
        for day, baht in books
    ]
    for row, entry in ticks:
        if row < len(rows) and entry < len(entries):
            tick_if_same_way(who, rows[row], entries[entry])
    for day in (1, 10, 20, 31):
        assert compare(who.bank, october(day)).before == 7, day
    transaction.savepoint_rollback(start)


def tick_if_same_way(who: SimpleNamespace, row: PassbookLine, entry) -> None:
    into_bank = entry.lines.get().debit_id == who.bank.pk
    if into_bank == (row.paid_in > 0):
        tick(who, row, entry)


# --- the pages and the paper ------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["th", "en", "both"])
def test_a_day_is_kept_on_the_page_and_printed_to_sign(client, who, language) -> None:
    october_of(who)
    client.force_login(who.treasurer)
    page = client.get("/books/passbooks/12001/reconcile/").content.decode()
    assert ("1,001.25" in page, "1,315.00" in page, "(50.00)" in page) == (True, True, True)
    sent = {"request_id": uuid.uuid4(), "explanation": ""}
    answers = [client.post("/books/passbooks/12001/reconcile/keep/?as_of=2020-10-31", sent) for _ in range(2)]
    kept = Reconciliation.objects.get()
    assert {answer["Location"] for answer in answers} == {f"/books/passbooks/12001/reconciliations/{kept.pk}/"}
    client.force_login(who.auditor)
    assert client.get(answers[0]["Location"]).status_code == 200
    pdf = client.get(f"{answers[0]['Location']}pdf/?language={language}").content
    text = fold_sara_am(" ".join("\n".join(page_texts(pdf)).split()))
    words = {"th": ["งบกระทบยอดเงินฝากธนาคาร"], "en": ["Bank reconciliation"]}
    words["both"] = words["th"] + words["en"]
    figures = ["1,001", "365", "(50", "1,315"]
    assert [word for word in words[language] + figures if fold_sara_am(word) not in text] == []


def test_the_page_asks_for_words_and_says_what_is_missing(client, who) -> None:
    client.force_login(who.treasurer)
    assert "31 ตุลาคม 2563" in client.get("/books/passbooks/12001/reconcile/").context["refusal"]
    write(who, typed(1, "0", "0", "20"))
    path = "/books/passbooks/12001/reconcile/keep/?as_of=2020-10-31"
    refused = client.post(path, {"request_id": uuid.uuid4(), "explanation": ""})
    assert list(refused.context["form"].errors) == ["explanation"]
    assert client.post(path, {"request_id": uuid.uuid4(), "explanation": "ดอกเบี้ยเดิม"}).status_code == 302
    for nonsense in ("x", "2020-99-99", "31/12/2599"):
        assert client.get("/books/passbooks/12001/reconcile/", {"as_of": nonsense}).status_code == 200
