"""The cash of an event, counted by three: what is expected, what is refused, how a difference is booked, its sheet."""

import uuid
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import translation

from contributions.costs import pay_cost
from contributions.counting import (
    CountedLater,
    Counter,
    CountersNeeded,
    NothingToCount,
    record_count,
    uncounted_cash,
)
from contributions.gifts import ContributorFacts, record_gift
from contributions.handing_over import DifferenceUnexplained, DoesNotAddUp
from contributions.models import Campaign, CashCount
from contributions.queries.events import event_sums
from contributions.verbs import FutureDate
from contributions.voids import void_receipt, void_voucher
from ledger.check import check_ledger
from ledger.models import Account, AccountRole, Entry, Receipt
from ledger.periods import BeforeTheFund
from ledger.reversing import OwnedByAPaper, ask_to_reverse
from tests.contributions.conftest import NOW, TODAY, acting, books, make_cast
from tests.races import at_once

HELD_ON = date(2020, 10, 24)
THREE = tuple(Counter(f"นางนับเงิน {name}", "กรรมการ") for name in ("หนึ่ง", "สอง", "สาม"))
PIECES = {"1000": 1, "500": 1, "0.25": 2}  # 1,500.50 baht


def event(**changes: object) -> Campaign:
    facts = {"year_be": 2563, "name_th": "ผ้าป่าทดสอบ", "name_en": "Test event", "held_on": HELD_ON, "place": "ศาลาทดสอบ"}
    return Campaign.objects.create(**facts | changes)


def give(who, campaign, amount: str = "1500.50", name: str = "ร้านทดสอบ", **changes) -> Receipt:
    facts = {"campaign": campaign, "received_on": HELD_ON, "place": who.cash, "amount": Decimal(amount)}
    income = Account.objects.get(role=AccountRole.EVENT_INCOME)
    giver = ContributorFacts(name, may_be_named=True)
    return record_gift(contributor=giver, income_account=income, **facts | changes, **acting(who.treasurer))


def spend(who, campaign, amount: str = "200.00", paid_on: date = HELD_ON, **changes):
    cost = Account.objects.get(role=AccountRole.EVENT_COST)
    facts = {"description": "ค่าเต็นท์", "payee": "ร้านเต็นท์ทดสอบ", "paid_on": paid_on, "place": who.cash}
    return pay_cost(
        cost_account=cost, amount=Decimal(amount), campaign=campaign, **facts | changes, **acting(who.treasurer)
    )


def count(who, campaign, counted: str = "1500.50", pieces=PIECES, reason: str = "", **changes) -> CashCount:
    facts = {"counters": THREE, "notes_and_coins": pieces, "counted": Decimal(counted), "counted_on": TODAY}
    facts |= {"campaign": campaign, "difference_reason": reason} | acting(who.treasurer)
    return record_count(**facts | changes)


def void(who, receipt) -> None:
    void_receipt(receipt=receipt, reason="ผิด", by=who.treasurer, second_person=None, today=TODAY, now=NOW)


# --- what is expected -------------------------------------------------------------------------------------


def test_cash_of_the_event_less_its_costs_from_its_day_on_is_expected(who) -> None:
    one = event()
    give(who, None, "5000.00")
    give(who, event(), "70.00")
    give(who, one, "900.00", place=who.bank)
    give(who, one)
    give(who, one, "400.00", received_on=HELD_ON - timedelta(days=9))
    void(who, give(who, one, "33.00"))
    spend(who, one, "200.00")
    spend(who, one, "100.00", paid_on=HELD_ON - timedelta(days=1))
    spend(who, one, "50.00", place=who.bank)
    void_voucher(voucher=spend(who, one, "9.00"), reason="ผิด", by=who.treasurer, today=TODAY, now=NOW)
    assert (uncounted_cash(one), event_sums(one).uncounted) == (Decimal("1700.50"), Decimal("1700.50"))
    count(who, one, "1700.50", {"1000": 1, "500": 1, "100": 2, "0.25": 2})
    give(who, one, "20.00", received_on=TODAY)
    assert (uncounted_cash(one), event_sums(one).uncounted) == (20, 20)


def test_a_count_that_agrees_books_nothing_and_leaves_nothing_to_count(who) -> None:
    one = event()
    give(who, one)
    before = books()
    found = count(who, one)
    assert (found.expected, found.counted, found.entry, found.difference_reason) == (
        found.counted,
        found.counted,
        None,
        "",
    )
    assert (books(), uncounted_cash(one), found.notes_and_coins) == (before, 0, PIECES)
    assert [row["name"] for row in found.counters] == [one.name for one in THREE]
    with pytest.raises(NothingToCount):
        count(who, one, "0.00", {})


def test_a_receipt_made_void_after_a_count_is_taken_off_the_next(who) -> None:
    one = event()
    receipt = give(who, one)
    count(who, one)
    void(who, receipt)
    with pytest.raises(NothingToCount, match=r"1,500\.50"):
        count(who, one, "0.00", {})
    give(who, one, "2000.50")
    assert count(who, one, "500.00", {"500": 1}).expected == Decimal("500.00")
    assert check_ledger().problems == ()


def test_what_came_after_the_day_of_the_count_waits_for_the_next(who) -> None:
    one = event()
    give(who, one)
    give(who, one, "20.00", received_on=TODAY)
    assert count(who, one, counted_on=HELD_ON).expected == Decimal("1500.50")
    assert count(who, one, "20.00", {"20": 1}).expected == Decimal("20.00")


# --- differences ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("counted", "pieces", "over"), [("1500.00", {"500": 3}, "-0.50"), ("1600.50", PIECES | {"100": 1}, "100.00")]
)
def test_a_difference_is_named_and_booked_once(who, counted, pieces, over) -> None:
    one = event()
    give(who, one)
    with pytest.raises(DifferenceUnexplained):
        count(who, one, counted, pieces)
    click = {"request_id": uuid.uuid4()}
    found = {count(who, one, counted, pieces, "ทอนเงินผิด", **click).pk for _ in range(2)}
    assert (len(found), books()["1010"], books()["4590"]) == (1, Decimal(counted), -Decimal(over))
    kept = CashCount.objects.get()
    assert (kept.difference_reason, kept.entry.date, uncounted_cash(one)) == ("ทอนเงินผิด", TODAY, 0)
    with pytest.raises(OwnedByAPaper):
        ask_to_reverse(entry=kept.entry, reason="x", **acting(who.treasurer))
    assert check_ledger().problems == ()


def test_a_miscount_is_mended_by_the_next_count_and_both_stay_in_sight(client, who) -> None:
    one = event()
    give(who, one)
    count(who, one, "1000.00", {"1000": 1}, "ขาด")
    count(who, one, "500.50", {"500": 1, "0.50": 1}, "พบในกล่อง")
    assert books() == {"1010": Decimal("1500.50"), "4430": Decimal("-1500.50")}
    client.force_login(who.auditor)
    page = client.get("/money-in/differences/")
    listed = [(row.difference, row.difference_reason) for row in page.context["counts"]]
    assert listed == [(Decimal("500.50"), "พบในกล่อง"), (Decimal("-500.50"), "ขาด")]
    links = [f"/books/journal/{row.entry.number}/" in page.content.decode() for row in page.context["counts"]]
    assert links == [True, True]


def test_a_count_that_the_books_do_not_know_is_found(who) -> None:
    one = event()
    facts = {"counters": [], "notes_and_coins": PIECES, "counted_on": TODAY, "written_by": who.treasurer}
    made = [
        CashCount.objects.create(campaign=one, counted=counted, expected=Decimal("1500.50"), **facts)
        for counted in (Decimal("1500.50"), Decimal("1500.00"))
    ]
    with translation.override("en"):
        assert [problem.rows for problem in check_ledger().problems] == [
            f"count {made[1].pk} of event {one.pk}: counted 1,500.00, expected 1,500.50, its entry none"
        ]


def test_two_counts_at_once_expect_the_same_money_once(committed_db) -> None:
    who = make_cast()
    one = event()
    give(who, one)
    found = at_once(*[lambda: count(who, one)] * 4)
    kept = [row for row in found if isinstance(row, CashCount)]
    assert (len(kept), CashCount.objects.count(), uncounted_cash(one)) == (1, 1, 0)


# --- refusals ---------------------------------------------------------------------------------------------


def test_wrong_counts_are_refused_and_nothing_is_kept(who) -> None:
    one = event()
    give(who, one)
    two = (*THREE[:2], Counter("  นางนับเงิน  หนึ่ง "))
    wrong = [
        (CountersNeeded, {"counters": two}),
        (CountersNeeded, {"counters": THREE[:2]}),
        (DoesNotAddUp, {"counted": Decimal("1500.75")}),
        (DoesNotAddUp, {"notes_and_coins": {"30": 50}}),
        (DoesNotAddUp, {"notes_and_coins": {}}),
        (DoesNotAddUp, {"counted": Decimal(-1), "notes_and_coins": {}}),
        (FutureDate, {"counted_on": TODAY + timedelta(days=1)}),
        (BeforeTheFund, {"counted_on": date(2009, 1, 1), "difference_reason": "x"}),
    ]
    for refusal, changes in wrong:
        with pytest.raises(refusal):
            count(who, one, **changes)
    count(who, one)
    give(who, one, "20.00", received_on=HELD_ON)
    with pytest.raises(CountedLater):
        count(who, one, "20.00", {"20": 1}, counted_on=TODAY - timedelta(days=1))
    assert (CashCount.objects.count(), Entry.objects.count()) == (1, 2)
