"""Restricted funds: set aside, moved between, never below nought, each with its statement."""

import uuid
from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.db import transaction

from bansong_fund.lib.pdf_text import fold_sara_am
from contributions.gifts import ContributorFacts, record_gift
from ledger.closing import close_year
from ledger.documents import void_receipt
from ledger.models import Account, Entry, FiscalYear, FundTransfer, Receipt, RestrictedFund
from ledger.queries import trial_balance
from ledger.restricted import (
    FundClosed,
    FundOverdrawn,
    ResolutionNeeded,
    SameFund,
    close_fund,
    fund_balance,
    fund_balances,
    fund_statement,
    move_between_funds,
    set_aside,
)
from ledger.spans import fund_year_span
from ledger.verbs import AmountNeeded
from office.models import ActionLog
from tests.contributions.conftest import NOW, TODAY, acting, make_cast
from tests.contributions.test_money_in import cost, gift
from tests.pdf_reading import page_texts, silent_weasyprint  # noqa: F401 - a warning fails its test
from tests.races import at_once

D = Decimal


@pytest.fixture
def who(db) -> SimpleNamespace:
    return with_funds(make_cast())


def with_funds(cast: SimpleNamespace) -> SimpleNamespace:
    gift(cast, "ร้านทดสอบ", "1000.00")
    cast.general = RestrictedFund.objects.get(code="general")
    names = {"name_th": "กองทุนฉุกเฉิน", "name_en": "Emergency fund", "purpose": "ภัยพิบัติ"}
    cast.emergency = set_aside(**names, resolution_label="3/2563 (2)", by=cast.treasurer)
    return cast


def move(who: SimpleNamespace, amount: str = "400.00", **changes: object) -> FundTransfer:
    facts = {"source": who.general, "target": who.emergency, "amount": D(amount), "moved_on": TODAY}
    return move_between_funds(**(facts | {"resolution_label": "3/2563 (2)"} | acting(who.treasurer) | changes))


def held() -> dict[str, Decimal]:
    return {row.fund.code: row.balance for row in fund_balances()}


def test_money_set_aside_is_no_cost_and_no_bank_sees_it(who) -> None:
    before = trial_balance()
    move(who)
    assert held() == {"general": D("600.00"), "fund-1": D("400.00")}
    assert trial_balance() == before
    assert ActionLog.objects.get(action="fund-set-aside").details == {"resolution": "3/2563 (2)"}


def test_each_fund_keeps_its_own_books_in_balance(who) -> None:
    move(who)
    for fund in (who.general, who.emergency):
        sums = [line.amount for line in FundTransfer.objects.get().entry.lines.filter(restricted_fund=fund)]
        assert sums == [D("400.00")]
    assert FundTransfer.objects.get().entry.document_kind == "fund-transfer"


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"amount": D("1000.01")}, FundOverdrawn),
        ({"amount": D("-1.00")}, AmountNeeded),
        ({"resolution_label": " "}, ResolutionNeeded),
        ({"target": "general"}, SameFund),
    ],
)
def test_what_cannot_be_moved_is_refused_and_leaves_nothing(who, changes, refusal) -> None:
    if changes.get("target"):
        changes = {"target": who.general}
    with pytest.raises(refusal):
        move(who, **changes)
    assert (held()["general"], Entry.objects.count()) == (D("1000.00"), 1)


def test_a_double_click_moves_once_and_sets_aside_once(who) -> None:
    click = uuid.uuid4()
    assert move(who, request_id=click) == move(who, request_id=click)
    assert held()["fund-1"] == D("400.00")
    names = {"name_th": "กองทุนฉุกเฉิน", "name_en": "", "purpose": "ภัยพิบัติ"}
    assert set_aside(**names, resolution_label="3/2563 (2)", by=who.treasurer) == who.emergency


def test_eight_take_the_same_money_at_once_and_the_fund_stays_above_nought(committed_db) -> None:
    who = with_funds(make_cast())
    results = at_once(*(lambda: move(who, "300.00") for _ in range(8)))
    assert sorted(type(result).__name__ for result in results) == ["FundOverdrawn"] * 5 + ["FundTransfer"] * 3
    assert held() == {"general": D("100.00"), "fund-1": D("900.00")}


def test_a_cost_of_a_restricted_fund_lessens_it_and_never_below_nought(who) -> None:
    move(who)
    cost(who, "150.00", restricted_fund=who.emergency, place=who.cash)
    assert held() == {"general": D("600.00"), "fund-1": D("250.00")}
    with pytest.raises(FundOverdrawn):
        cost(who, "250.01", restricted_fund=who.emergency, place=who.cash)
    assert held()["fund-1"] == D("250.00")


def test_a_statement_tells_what_moved_a_fund_and_survives_the_closing(who) -> None:
    move(who)
    cost(who, "150.00", restricted_fund=who.emergency, place=who.cash)
    span = fund_year_span(2563, who.fund, today=TODAY)
    found = fund_statement(who.emergency, span)
    assert [(one.code, amount) for one, amount in found.rows] == [("3010", D("400.00")), ("5230", D("-150.00"))]
    close_year(FiscalYear.objects.get(year_be=2563), by=who.treasurer, now=NOW)
    assert fund_statement(who.emergency, span).carried == fund_balance(who.emergency) == D("250.00")
    following = fund_year_span(2564, who.fund, today=date(2021, 1, 5))
    assert fund_statement(who.emergency, following).brought == D("250.00")


def test_only_an_empty_fund_ends_and_takes_no_money_then(who) -> None:
    move(who)
    with pytest.raises(FundClosed):
        close_fund(who.emergency, resolution_label="4/2563 (1)", by=who.treasurer)
    move(who, source=who.emergency, target=who.general)
    assert not close_fund(who.emergency, resolution_label="4/2563 (1)", by=who.treasurer).is_open
    who.emergency.refresh_from_db()
    with pytest.raises(FundClosed):
        move(who)
    with pytest.raises(FundClosed):
        close_fund(who.general, resolution_label="4/2563 (1)", by=who.treasurer)


def test_the_pages_set_aside_move_and_print(client, who) -> None:
    client.force_login(who.treasurer)
    sent = {"request_id": uuid.uuid4(), "name_th": "กองทุนอาคาร", "purpose": "ซ่อมอาคาร", "resolution": "5/2563 (1)"}
    assert client.post("/books/funds/new/", sent)["Location"] == "/books/funds/"
    building = RestrictedFund.objects.get(name_th="กองทุนอาคาร")
    sent = {"request_id": uuid.uuid4(), "source": who.general.pk, "target": building.pk, "amount": "5000"}
    sent |= {"date": "1/11/2563", "resolution": "5/2563 (1)"}
    refused = client.post("/books/funds/transfer/", sent)
    assert (refused.status_code, list(refused.context["form"].errors)) == (200, ["amount"])
    assert client.post("/books/funds/transfer/", sent | {"amount": "500"})["Location"] == "/books/funds/"
    text = fold_sara_am("\n".join(page_texts(client.get(f"/books/funds/{building.code}/pdf/?language=both").content)))
    assert ("500" in text, "Carried forward" in text) == (True, True)
    client.force_login(who.auditor)
    assert client.get("/books/funds/new/").status_code == 403


@pytest.mark.parametrize("transfers", [1, 3])
def test_the_list_of_funds_asks_for_no_row_alone(client, who, django_assert_num_queries, transfers) -> None:
    for _ in range(transfers):
        move(who, "10.00")
    client.force_login(who.auditor)
    with django_assert_num_queries(7):
        client.get("/books/funds/")


def test_gifts_and_grants_may_be_for_a_restricted_fund_alone(client, who) -> None:
    client.force_login(who.treasurer)
    sent = {"request_id": uuid.uuid4(), "received_from": "เทศบาล", "amount": "900", "date": "1/11/2563"}
    sent |= {"account": who.bank.pk, "restricted_fund": who.emergency.pk}
    assert client.post("/money-in/grants/municipality/", sent).status_code == 302
    sent = {"request_id": uuid.uuid4(), "name": "ร้านสมมติ", "kind": "shop", "amount": "70", "date": "1/11/2563"}
    sent |= {"account": who.cash.pk, "income": Account.objects.get(code="4410").pk}
    assert client.post("/money-in/gift/", sent | {"restricted_fund": who.emergency.pk}).status_code == 302
    assert held() == {"general": D("1000.00"), "fund-1": D("970.00")}


def test_a_gift_that_its_fund_has_spent_is_not_made_void(who) -> None:
    receipt = gift_for(who, "300.00")
    cost(who, "200.00", restricted_fund=who.emergency, place=who.cash)
    with pytest.raises(FundOverdrawn), transaction.atomic():
        void_receipt(receipt, reason="ผิดคน", by=who.treasurer, second_person=None, on=TODAY, now=NOW)


def gift_for(who: SimpleNamespace, baht: str) -> Receipt:
    return record_gift(
        contributor=ContributorFacts(name="ร้านสมมติ"),
        income_account=Account.objects.get(code="4410"),
        amount=D(baht),
        received_on=TODAY,
        place=who.cash,
        restricted_fund=who.emergency,
        **acting(who.treasurer),
    )
