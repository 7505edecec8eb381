"""Reversing an entry at its own page: what no paper owns, once, by two persons where the level asks for it."""

import uuid
from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, connection, transaction

from ledger.accounts import account
from ledger.check import check_ledger
from ledger.models import (
    AccountingMonth,
    AccountRole,
    Entry,
    EntryKind,
    RestrictedFund,
    ReversalConfirmation,
    ReversalRequest,
)
from ledger.posting import AlreadyReversed, EntryDraft, LineDraft, post, reverse
from ledger.restricted import FundOverdrawn, fund_balance
from ledger.reversing import (
    OwnedByAPaper,
    SecondPersonNeeded,
    ask_to_reverse,
    confirm_reversal,
    may_be_reversed,
    reverse_entry,
)
from ledger.verbs import NotEnoughMoney
from members.models import Fund
from tests.contributions.conftest import NOW, TODAY, acting, books, make_cast
from tests.contributions.test_money_in import cost, gift, grant, move
from tests.factories import make_user
from tests.pdf_reading import page_texts
from tests.races import at_once

D = Decimal


@pytest.fixture
def who(db) -> SimpleNamespace:
    return with_cash(make_cast(controls="small"))


def with_cash(cast: SimpleNamespace) -> SimpleNamespace:
    gift(cast, "ร้านทดสอบ", "1000.00")
    cast.banked = move(cast, "600.00")
    return cast


def undo(who: SimpleNamespace, **changes: object) -> Entry:
    facts = {"entry": who.banked, "reason": "นับผิด", "second_person": None, **acting(who.treasurer)}
    return reverse_entry(**(facts | changes))


def test_money_that_was_not_banked_is_in_the_box_again(who) -> None:
    reversal = undo(who)
    assert books() == {"1010": D("1000.00"), "4410": D("-1000.00")}
    assert (reversal.date, reversal.reverses, reversal.memo_row.text) == (TODAY, who.banked, "นับผิด")
    assert not may_be_reversed(who.banked)


def test_a_second_click_finds_it_done_and_a_second_time_is_refused(who) -> None:
    click = uuid.uuid4()
    first = undo(who, request_id=click)
    assert undo(who, request_id=click) == first
    with pytest.raises(AlreadyReversed):
        undo(who)
    with pytest.raises(OwnedByAPaper):
        undo(who, entry=first)


def test_what_belongs_to_a_paper_is_answered_there(who) -> None:
    owned = [grant(who, "5000.00").entry, cost(who, "10.00").entry]
    assert [may_be_reversed(entry) for entry in owned] == [False, False]
    for entry in owned:
        with pytest.raises(OwnedByAPaper):
            undo(who, entry=entry)


def test_money_that_has_gone_since_is_not_taken_back(who) -> None:
    cost(who, "500.00", place=who.bank)
    with pytest.raises(NotEnoughMoney):
        undo(who)
    assert Entry.objects.filter(kind="reversal").count() == 0


def test_what_a_restricted_fund_has_spent_is_not_taken_back(who) -> None:
    flood = RestrictedFund.objects.create(code="flood", name_th="กองทุนน้ำท่วม", name_en="Flood fund")
    given, spent = account(AccountRole.GIFT), account(AccountRole.PUBLIC_BENEFIT, "culture")
    with transaction.atomic():
        entries = [
            post(EntryDraft(TODAY, kind, [LineDraft(*line, restricted_fund=flood)], who.treasurer), posted_at=NOW)
            for kind, line in (
                (EntryKind.RECEIPT, (who.cash, given, D("100.00"))),
                (EntryKind.PAYMENT, (spent, who.cash, D("60.00"))),
            )
        ]
    with pytest.raises(FundOverdrawn):
        undo(who, entry=entries[0])
    assert undo(who, entry=entries[1]).kind == EntryKind.REVERSAL


def test_a_reversal_that_brings_an_overdrawn_fund_money_goes_through(who) -> None:
    flood = RestrictedFund.objects.create(code="flood", name_th="กองทุนน้ำท่วม", name_en="Flood fund")
    spent = account(AccountRole.PUBLIC_BENEFIT, "culture")
    with transaction.atomic():  # as it stands in books of before the refusals: nothing came in, 100 went out
        entries = [
            post(
                EntryDraft(
                    TODAY,
                    EntryKind.PAYMENT,
                    [LineDraft(spent, who.cash, D(baht), restricted_fund=flood)],
                    who.treasurer,
                ),
                posted_at=NOW,
            )
            for baht in ("60.00", "40.00")
        ]
    assert undo(who, entry=entries[1]).kind == EntryKind.REVERSAL
    assert fund_balance(flood) == D("-60.00")


def test_an_entry_of_a_closed_month_is_reversed_today(who) -> None:
    early = move(who, "100.00", moved_on=date(2020, 9, 2))
    AccountingMonth.objects.exclude(first_day=TODAY.replace(day=1)).update(closed_at=NOW)
    assert undo(who, entry=early).date == TODAY


def test_from_standard_on_a_second_person_confirms(db) -> None:
    who = with_cash(make_cast())
    with pytest.raises(SecondPersonNeeded):
        undo(who)
    with pytest.raises(SecondPersonNeeded):
        confirm_reversal(entry=who.banked, by=who.committee, today=TODAY, now=NOW)
    facts = {"entry": who.banked, "reason": "นับผิด"}
    asked = [ask_to_reverse(**facts, **acting(who.treasurer)) for _ in range(2)]
    assert (asked[0], Entry.objects.count()) == (asked[1], 2)
    for same in (who.treasurer, who.auditor):
        with pytest.raises(SecondPersonNeeded):
            confirm_reversal(entry=who.banked, by=same, today=TODAY, now=NOW)
    done = [confirm_reversal(entry=who.banked, by=who.committee, today=TODAY, now=NOW) for _ in range(2)]
    assert (done[0], done[0].posted_by, Entry.objects.count()) == (done[1], who.treasurer, 3)
    kept = ReversalConfirmation.objects.get()
    assert (kept.request, kept.reversal, kept.confirmed_by, kept.confirmed_on) == (
        asked[0],
        done[0],
        who.committee,
        TODAY,
    )


def test_the_database_takes_no_reversal_of_one_person_from_standard_on(db) -> None:
    who = with_cash(make_cast(controls="small"))
    reversal = undo(who)  # with a small committee one person is enough
    asked = ReversalRequest.objects.create(
        entry=who.banked, reason="นับผิด", asked_by=who.treasurer, asked_on=TODAY, asked_at=NOW
    )
    facts = {"request": asked, "reversal": reversal, "confirmed_on": TODAY}
    with pytest.raises(IntegrityError), transaction.atomic():
        ReversalConfirmation.objects.create(**facts, confirmed_by=who.treasurer)
    second = move(who, "10.00")
    connection.check_constraints()
    Fund.objects.update(controls="standard")
    lines = list(second.lines.select_related("entry", "debit", "credit", "restricted_fund"))

    def behind_the_verb() -> None:
        with transaction.atomic():
            reverse(lines, on=TODAY, by=who.treasurer, memo="x", request_id=uuid.uuid4(), posted_at=NOW)
            connection.check_constraints()

    with pytest.raises(IntegrityError, match="without a second person"):
        behind_the_verb()


def test_what_was_asked_for_is_confirmed_also_when_the_level_was_lowered_meanwhile(client, db) -> None:
    who = with_cash(make_cast())
    ask_to_reverse(entry=who.banked, reason="นับผิด", **acting(who.treasurer))
    Fund.objects.update(controls="small")
    for alone in (lambda: undo(who), lambda: confirm_reversal(entry=who.banked, by=who.treasurer, **at_noon())):
        with pytest.raises(SecondPersonNeeded):
            alone()
    client.force_login(who.treasurer)
    form = {"request_id": uuid.uuid4(), "reason": "นับผิด"}
    client.post(f"/books/journal/{who.banked.number}/reverse/", form)
    assert Entry.objects.filter(kind="reversal").count() == 0
    confirm_reversal(entry=who.banked, by=who.committee, **at_noon())
    Fund.objects.update(controls="standard")
    assert check_ledger().problems == ()


def at_noon() -> dict[str, object]:
    return {"today": TODAY, "now": NOW}


def test_eight_confirm_at_once_and_the_entry_is_reversed_once(committed_db) -> None:
    who = with_cash(make_cast())
    ask_to_reverse(entry=who.banked, reason="นับผิด", **acting(who.treasurer))
    others = [make_user("committee", username=f"c{number}") for number in range(7)]
    results = at_once(
        *(
            lambda by=by: confirm_reversal(entry=who.banked, by=by, today=TODAY, now=NOW)
            for by in (who.committee, *others)
        )
    )
    assert [type(result).__name__ for result in results].count("Entry") == 1
    assert {type(result).__name__ for result in results} == {"Entry", "AlreadyReversed"}
    assert books() == {"1010": D("1000.00"), "4410": D("-1000.00")}


def test_the_pages_ask_and_confirm(client, db) -> None:
    who = with_cash(make_cast())
    page = f"/books/journal/{who.banked.number}/"
    client.force_login(who.treasurer)
    assert f"{page}reverse/" in client.get(page).content.decode()
    form = {"request_id": uuid.uuid4(), "reason": "นับผิด"}
    assert client.post(f"{page}reverse/", form)["Location"] == page
    assert f"{page}reverse/confirm/" not in client.get(page).content.decode()
    client.force_login(who.committee)
    assert f"{page}reverse/confirm/" in client.get(page).content.decode()
    assert client.post(f"{page}reverse/confirm/")["Location"] == page
    reversal = Entry.objects.get(kind="reversal")
    assert (reversal.reverses, ReversalRequest.objects.count()) == (who.banked, 1)
    assert "/reverse/" not in client.get(page).content.decode()
    for shown in (page, f"/books/journal/{reversal.number}/"):
        told = client.get(shown).content.decode()
        assert who.treasurer.display_name in told
        assert who.committee.display_name in told
    listed = client.get("/books/voids/").content.decode()
    assert f"{who.treasurer.display_name}, {who.committee.display_name}" in listed
    answer = client.get("/books/voids/pdf/")
    assert who.committee.display_name in " ".join(" ".join(page_texts(answer.content)).split())
    client.force_login(who.auditor)
    assert client.post(f"{page}reverse/", form).status_code == 403


def test_a_reason_is_asked_for_and_what_was_typed_stays(client, who) -> None:
    client.force_login(who.treasurer)
    answer = client.post(f"/books/journal/{who.banked.number}/reverse/", {"request_id": uuid.uuid4(), "reason": " "})
    assert (answer.status_code, list(answer.context["form"].errors)) == (200, ["reason"])
