"""Cash that a collector held at the cut-over: seen with its age, taken in once and never beyond what is there."""

import uuid
from datetime import date
from decimal import Decimal

import pytest

from contributions.cash_ages import cash_with_collectors
from contributions.handing_over import OwnSheet
from contributions.transfers import MoreThanSheHas, take_from_collector, taken_in
from ledger.accounts import collector_account
from ledger.check import check_ledger
from ledger.models import Entry
from ledger.opening import TotalDraft, lock_opening, save_totals, set_cutover
from ledger.reversing import ask_to_reverse, confirm_reversal
from ledger.verbs import AmountNeeded, FutureDate
from tests.contributions.conftest import NOW, TODAY, acting, books, make_cast
from tests.contributions.test_sheets import YEAR, accept, submitted
from tests.factories import make_user
from tests.ledger.test_opening import CUTOVER, SIGNED, place
from tests.ledger.test_opening import account as coded
from tests.pdf_reading import pdfium_text
from tests.races import at_once

CASH = "/money-in/cash-with-collectors/"


def opened_with(who, baht: str) -> None:
    """The books are opened with so much in the leader's hands, and nothing anywhere else."""
    held = collector_account(who.leader)
    set_cutover(CUTOVER, by=who.treasurer, today=TODAY)
    for code, amount in (("12001", "0"), ("1010", "0"), (held.code, baht)):
        place(code, amount, by=who.treasurer)
    save_totals("income", [TotalDraft(coded("4110"), Decimal(baht))], by=who.treasurer)
    for part in ("welfare", "costs"):
        save_totals(part, [TotalDraft(coded({"welfare": "5120", "costs": "5210"}[part]), Decimal(0))], by=who.treasurer)
    facts = {"resolution": "5/2563", "resolved_on": date(2020, 10, 30), "signed_by": SIGNED}
    lock_opening(**facts, **acting(who.committee))


def take(who, baht: str, **changes) -> Entry:
    facts = {"collector": who.leader, "target": who.cash, "amount": Decimal(baht), "received_on": TODAY}
    return take_from_collector(**facts | acting(who.treasurer) | changes)


def brought() -> list[tuple[Decimal, Decimal, int]]:
    return [(row.brought, row.handed_in, row.age(TODAY)) for row in cash_with_collectors(TODAY)]


def test_old_cash_stands_with_its_age_until_it_is_taken_in(client, who) -> None:
    opened_with(who, "500.00")
    days = (TODAY - CUTOVER).days
    assert brought() == [(Decimal(500), 0, days)]
    sheet, _members = submitted(who)
    assert brought() == [(Decimal(500), YEAR * 2, days)]
    client.force_login(who.treasurer)
    page = client.get(CASH)
    path = f"{CASH}{who.leader.pk}/take/"
    assert (page.context["total"], path in page.content.decode()) == (Decimal(500) + YEAR * 2, True)
    assert client.get(path).context["form"]["amount"].value() == "500.00"
    typed = {"request_id": str(uuid.uuid4()), "amount": "600", "target": who.cash.pk, "date": "1/11/2563"}
    refused = client.post(path, typed).context["form"]
    assert "500.00" in refused.errors["amount"][0]
    assert client.post(path, typed | {"amount": "500"}).url == CASH
    assert brought() == [(0, YEAR * 2, 12)]
    accept(sheet, who, "730.00")
    assert (books()["1010"], client.get(path).status_code) == (Decimal(1230), 404)
    entry = taken_in().get()
    text = pdfium_text(client.get(f"{CASH}taken/{entry.number}/slip/").content)
    assert ("500.00" in text, who.leader.display_name in text) == (True, True)
    ask_to_reverse(entry=entry, reason="นับผิด", **acting(who.treasurer))
    confirm_reversal(entry=entry, by=who.committee, today=TODAY, now=NOW)
    assert (brought()[0][0], taken_in().count(), check_ledger().problems) == (Decimal(500), 0, ())


def test_only_another_treasurer_takes_in_and_only_what_is_there(client, who) -> None:
    opened_with(who, "500.00")
    submitted(who)  # what stands on a sheet comes in with it
    with pytest.raises(MoreThanSheHas, match=r"500\.00"):
        take(who, "500.01")
    with pytest.raises(AmountNeeded):
        take(who, "0")
    with pytest.raises(FutureDate):
        take(who, "1", received_on=date(2020, 11, 2))
    with pytest.raises(OwnSheet):
        take(who, "1", by=who.leader)
    for user in (who.leader, who.committee, who.auditor):
        client.force_login(user)
        assert client.post(f"{CASH}{who.leader.pk}/take/").status_code == 403
    other = make_user("leader")
    client.force_login(who.treasurer)
    assert client.get(f"{CASH}{other.pk}/take/").status_code == 404
    assert brought()[0][0] == Decimal(500)


def test_two_treasurers_at_once_take_no_more_than_there_is(committed_db) -> None:
    who = make_cast()
    opened_with(who, "500.00")
    click = acting(who.treasurer)
    found = at_once(*[lambda: take(who, "300", **click)] * 4, *[lambda: take(who, "300")] * 4)
    done = {one.number for one in found if isinstance(one, Entry)}
    assert (len(done), books()["1010"]) == (1, Decimal(300))
