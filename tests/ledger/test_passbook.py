"""Passbooks: lines that follow one another, ticked off against the lines of the ledger."""

import uuid
from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from ledger.models import Account, Entry, EntryKind, Line, PassbookLine, PassbookTick
from ledger.passbook import (
    LinesRefused,
    NothingTyped,
    NotTheLast,
    NotTheSameMoney,
    TypedLine,
    proposals,
    take_back_last_line,
    take_ticks_back,
    tick_off,
    write_passbook_lines,
)
from ledger.passbook_queries import lines_not_found, not_ticked, passbooks, ticked_lines
from ledger.reversing import reverse_entry
from office.models import ActionLog
from tests.contributions.conftest import NOW, TODAY, make_cast
from tests.ledger.conftest import book
from tests.races import at_once

D = Decimal
BANK = "12001"


@pytest.fixture
def who(db) -> SimpleNamespace:
    return make_cast(controls="small")


def typed(day: int, out: str, paid_in: str, balance: str, *, month: int = 10, code: str = "CSH") -> TypedLine:
    return TypedLine(date(2020, month, day), code, D(out), D(paid_in), D(balance))


def write(who: SimpleNamespace, *lines: TypedLine, **changes: object) -> list[PassbookLine]:
    facts = {"by": who.treasurer, "today": TODAY, "now": NOW, "request_id": uuid.uuid4()}
    return write_passbook_lines(changes.pop("account", who.bank), lines, **(facts | changes))


def tick(who: SimpleNamespace, row: PassbookLine, *entries: Entry) -> list[PassbookTick]:
    keys = [line.pk for entry in entries for line in entry.lines.all()]
    return tick_off(row, keys, by=who.treasurer, now=NOW)


def october(day: int) -> date:
    return date(2020, 10, day)


def unticked(who: SimpleNamespace) -> list[PassbookLine]:
    return list(not_ticked(ticked_lines(who.bank)))


def test_lines_stand_one_behind_the_other_and_a_double_click_writes_them_once(who) -> None:
    click = uuid.uuid4()
    lines = [typed(1, "0", "0", "500"), typed(2, "0", "100", "600"), typed(3, "50.25", "0", "549.75")]
    assert write(who, *lines, request_id=click) == write(who, *lines, request_id=click)
    write(who, typed(3, "0", "0.25", "550"))
    assert [(row.position, row.balance) for row in PassbookLine.objects.order_by("position")] == [
        (1, D("500.00")),
        (2, D("600.00")),
        (3, D("549.75")),
        (4, D("550.00")),
    ]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (typed(4, "0", "10", "611"), "600.00 − 0.00 + 10.00 is 610.00, but the line says 611.00."),
        (typed(1, "0", "10", "610"), "is before the line above it"),
        (typed(2, "0", "10", "610", month=11), "is after today"),
        (typed(4, "10", "10", "600"), "takes out or pays in, not both"),
        (typed(4, "-10", "0", "610"), "below zero"),
        (typed(2, "0", "100", "600"), "This line stands already as no. 2."),
    ],
)
def test_a_line_that_cannot_stand_is_named_and_nothing_is_written(who, line, said) -> None:
    write(who, typed(1, "0", "0", "500"), typed(2, "0", "100", "600"))
    with pytest.raises(LinesRefused) as refused, override("en"):
        write(who, typed(3, "0", "0", "600"), line)
    assert (list(refused.value.rows), said in refused.value.rows[1]) == ([1], True)
    assert PassbookLine.objects.count() == 2


def test_the_same_money_in_out_and_in_on_one_day_is_three_lines(who) -> None:
    write(who, typed(1, "0", "0", "0"), typed(2, "0", "9", "9"), typed(2, "9", "0", "0"))
    write(who, typed(2, "0", "9", "9"))
    assert PassbookLine.objects.count() == 4
    with pytest.raises(NothingTyped):
        write(who)


def test_only_the_last_line_is_taken_back_and_only_before_it_is_ticked(who) -> None:
    entry = book(BANK, "4410", "100.00", on=october(2))
    first, second = write(who, typed(1, "0", "0", "0"), typed(2, "0", "100", "100"))
    with pytest.raises(NotTheLast):
        take_back_last_line(who.bank, 1, by=who.treasurer)
    tick(who, second, entry)
    with pytest.raises(NotTheLast):
        take_back_last_line(who.bank, 2, by=who.treasurer)
    take_ticks_back(second)
    take_back_last_line(who.bank, 2, by=who.treasurer)
    take_back_last_line(who.bank, 2, by=who.treasurer)
    assert list(PassbookLine.objects.all()) == [first]
    assert ActionLog.objects.get(action="passbook-line-taken-back").details["balance"] == "100.00"


def test_the_nearest_line_of_the_same_amount_is_proposed_each_once(who) -> None:
    entries = [book(BANK, "4410", "100.00", on=october(day)) for day in (1, 5, 30)]
    book(BANK, "4410", "77.00", on=october(5))
    write(who, typed(1, "0", "0", "0"), typed(5, "0", "100", "100"), typed(6, "0", "100", "200"))
    write(who, typed(7, "0", "5", "205"))
    found = proposals(who.bank, unticked(who))
    lines = [[line.entry for line in chosen] for chosen in found.values()]
    assert lines == [[entries[1]]]  # the first of October lies before the typed lines, the thirtieth is too far off


def test_a_deposit_of_several_receipts_is_proposed_and_ticked_together(who) -> None:
    entries = [book(BANK, "4410", baht, on=october(4)) for baht in ("365.00", "730.00", "2190.00")]
    book("5230", BANK, "10.00", on=october(4))
    row = write(who, typed(1, "0", "0", "0"), typed(6, "0", "3285", "3285"))[1]
    [chosen] = proposals(who.bank, unticked(who)).values()
    assert {line.entry_id for line in chosen} == {entry.pk for entry in entries}
    assert len(tick(who, row, *entries)) == 3
    assert tick(who, row, *entries) == []
    assert unticked(who) == []


def test_one_line_of_the_books_may_stand_in_the_passbook_in_parts(who) -> None:
    entry = book(BANK, "4410", "1000.00", on=october(2))
    rows = write(who, typed(1, "0", "0", "0"), typed(3, "0", "600", "600"), typed(4, "0", "400", "1000"))
    for row in rows[1:]:
        tick(who, row, entry)
    assert [tick.amount for tick in PassbookTick.objects.order_by("pk")] == [D("600.00"), D("400.00")]
    assert lines_not_found(who.bank) == []


def test_lines_that_are_other_money_are_not_ticked(who) -> None:
    paid_in, paid_out = book(BANK, "4410", "60.00", on=october(2)), book("5230", BANK, "60.00", on=october(2))
    more = book(BANK, "4410", "60.00", on=october(2))
    row = write(who, typed(1, "0", "0", "500"), typed(2, "0", "100", "600"))[1]
    for entries in ([paid_out], [paid_in, paid_out], [paid_in, more]):
        with pytest.raises(NotTheSameMoney):
            tick(who, row, *entries)
    assert PassbookTick.objects.count() == 0


def test_money_from_bank_to_bank_is_ticked_in_both_passbooks(who) -> None:
    facts = {"name_th": "ฝากประจำ", "name_en": "Fixed deposit", "type": who.bank.type, "role": who.bank.role}
    other = Account.objects.create(code="12099", **facts)
    book(BANK, "4410", "900.00", on=october(1))
    entry = book(other.code, BANK, "400.00", on=october(5))
    mine = write(who, typed(2, "0", "0", "900"), typed(5, "400", "0", "500"))[1]
    theirs = write(who, typed(2, "0", "0", "0"), typed(5, "0", "400", "400"), account=other)[1]
    tick(who, mine, entry)
    assert [(glance.account, glance.not_ticked) for glance in passbooks()] == [(who.bank, 0), (other, 1)]
    tick(who, theirs, entry)
    assert (lines_not_found(who.bank), lines_not_found(other)) == ([], [])


def test_what_was_reversed_before_the_bank_saw_it_is_not_looked_for(who) -> None:
    entry = book(BANK, "4410", "90.00", on=october(2))
    write(who, typed(1, "0", "0", "0"))
    assert [line.entry for line in lines_not_found(who.bank)] == [entry]
    facts = {"by": who.treasurer, "today": TODAY, "now": NOW, "request_id": uuid.uuid4()}
    reverse_entry(entry=entry, reason="ผิดบัญชี", second_person=None, **facts)
    assert lines_not_found(who.bank) == []
    assert [line.entry.kind for line in lines_not_found(who.bank, until=october(31))] == [EntryKind.RECEIPT]


def test_eight_tick_the_same_line_at_once_and_it_is_ticked_once(committed_db) -> None:
    who = make_cast()
    entry = book(BANK, "4410", "100.00", on=october(2))
    rows = write(who, typed(1, "0", "0", "0"), *(typed(2, "0", "100", f"{100 * n}") for n in range(1, 9)))
    results = at_once(*(lambda row=row: tick(who, row, entry) for row in rows[1:]))
    assert sorted(len(result) for result in results) == [0] * 7 + [1]
    assert PassbookTick.objects.get().line == Line.objects.get()


# --- the pages --------------------------------------------------------------------------------------------


def form_of(*rows: tuple[str, ...]) -> dict[str, object]:
    names = ("line_on", "code", "taken_out", "paid_in", "balance")
    sent = {}
    for place, row in enumerate(rows):
        sent |= {f"line-{place}-{name}": cell for name, cell in zip(names, row, strict=True)}
    return sent | {"line-TOTAL_FORMS": "10", "line-INITIAL_FORMS": "0", "request_id": str(uuid.uuid4())}


def test_lines_are_copied_on_the_page_and_what_was_typed_stays_beside_its_fault(client, who) -> None:
    client.force_login(who.treasurer)
    sent = form_of(("1/10/2563", "B/F", "", "", "500"), ("2/10/2563", "<b>X</b>", "", "100", "601"))
    page = client.post("/books/passbooks/12001/lines/", sent).content.decode()
    for stays in ("500.00 − 0.00 + 100.00", "&lt;b&gt;X&lt;/b&gt;", 'value="601"'):
        assert stays in page
    assert PassbookLine.objects.count() == 0
    sent["line-1-balance"] = "๖๐๐"
    for _ in range(2):
        assert client.post("/books/passbooks/12001/lines/", sent)["Location"] == "/books/passbooks/12001/"
    assert [row.balance for row in PassbookLine.objects.order_by("position")] == [D("500.00"), D("600.00")]


def test_the_proposals_are_ticked_with_one_button_and_unticked_again(client, who) -> None:
    entry = book(BANK, "4410", "100.00", on=october(2))
    _first, row = write(who, typed(1, "0", "0", "0"), typed(3, "0", "100", "100"))
    client.force_login(who.treasurer)
    page = client.get("/books/passbooks/12001/tick/").content.decode()
    pair = f"{row.pk}:{entry.lines.get().pk}"
    assert f'value="{pair}"' in page
    for tampered in ("x:y", f"{row.pk}:", "1:2;3"):
        sent = {"tick": tampered, "request_id": uuid.uuid4()}
        assert client.post("/books/passbooks/12001/tick/", sent).status_code == 200
    assert client.post("/books/passbooks/12001/tick/", {"tick": pair, "request_id": uuid.uuid4()}).status_code == 302
    assert (PassbookTick.objects.get().line.entry, unticked(who)) == (entry, [])
    client.post("/books/passbooks/12001/lines/2/untick/")
    assert unticked(who) == [row]
    sent = {"lines": entry.lines.get().pk, "request_id": uuid.uuid4()}
    assert client.post("/books/passbooks/12001/lines/2/tick/", sent).status_code == 302
    assert unticked(who) == []
    assert "พบแล้ว" in client.get("/books/passbooks/12001/").content.decode()


def test_only_the_treasurer_writes_and_no_other_account_is_a_passbook(client, who) -> None:
    write(who, typed(1, "0", "0", "0"))
    client.force_login(who.auditor)
    found = [client.get(f"/books/passbooks/{path}").status_code for path in ("", "12001/", "12001/lines/1/", "1010/")]
    assert found == [200, 200, 200, 404]
    refused = [
        client.get("/books/passbooks/12001/lines/"),
        client.post("/books/passbooks/12001/tick/"),
        client.post("/books/passbooks/12001/lines/1/take-back/"),
        client.post("/books/passbooks/12001/reconcile/keep/"),
        client.get("/books/passbooks/12001/file/"),
    ]
    assert {answer.status_code for answer in refused} == {403}
    client.force_login(who.leader)
    assert client.get("/books/passbooks/").status_code == 403


@pytest.mark.parametrize("count", [1, 3])
def test_no_page_asks_for_a_row_alone(client, who, count) -> None:
    rows = write(who, typed(1, "0", "0", "0"), *(typed(2, "0", "9", str(9 * n)) for n in range(1, 2 * count + 1)))
    for row in rows[1 : count + 1]:
        tick(who, row, book(BANK, "4410", "9.00", on=october(2)))
    for _ in range(count):
        book(BANK, "4410", "9.00", on=october(2))
    client.force_login(who.treasurer)
    asked = {}
    for path in ("", "12001/", "12001/tick/", "12001/lines/2/", "12001/reconcile/"):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"/books/passbooks/{path}").status_code == 200
        asked[path] = len(queries)
    assert asked == {"": 8, "12001/": 8, "12001/tick/": 10, "12001/lines/2/": 7, "12001/reconcile/": 12}


def test_damaged_addresses_and_forms_are_answered_and_write_nothing(client, who) -> None:
    write(who, typed(1, "0", "0", "0"))
    client.force_login(who.treasurer)
    huge = "9" * 40
    paths = (f"12001/lines/{huge}/", f"12001/?before={huge}", f"12001/reconciliations/{huge}/", "12001/lines/0/")
    assert [client.get(f"/books/passbooks/{path}").status_code for path in paths] == [404, 200, 404, 404]
    click = {"request_id": uuid.uuid4()}
    sent = [{}, click, click | {"line-TOTAL_FORMS": "x"}, form_of(("x", "y" * 99, "-5", "1.234", ""))]
    answers = [client.post("/books/passbooks/12001/lines/", fields).status_code for fields in sent]
    answers += [client.post("/books/passbooks/12001/lines/1/tick/", click | {"lines": huge}).status_code]
    answers += [client.post("/books/passbooks/12001/tick/", click | {"tick": f"{10**17}:{10**17}"}).status_code]
    assert answers == [200, 200, 200, 200, 200, 302]
    assert (PassbookLine.objects.count(), PassbookTick.objects.count()) == (1, 0)
