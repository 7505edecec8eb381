"""What an auditor looks at first: one of each sort is made, and exactly it is found."""

import uuid
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.utils import translation

from contributions.receipt_books import give_book, spoil_number
from contributions.sheets import submit_sheet
from contributions.voids import void_voucher
from ledger.models import AccountingMonth, DocumentSequence, Receipt
from ledger.spans import fund_year_span
from members.models import Fund
from reports.audit.exceptions import SORTS, exceptions_of
from reports.audit.rows import ExceptionRow, find, scope_of
from reports.founding import change_fund
from tests.contributions.conftest import NOW, TODAY, acting, make_cast, member_owing
from tests.contributions.test_money_in import cost, gift, move
from tests.contributions.test_sheets import accept, opened, submitted, write
from tests.contributions.test_taking_in import opened_with, take
from tests.contributions.test_voids import void
from tests.factories import BeneficiaryFactory, HouseholdFactory, MemberFactory, make_user
from tests.ledger.conftest import book
from tests.ledger.test_reversing import undo
from tests.welfare.cast import Cast, assemble, event, fill_box, stay
from tests.welfare.test_deliveries import claims_of, handed, settled
from tests.welfare.test_urgent import agree
from welfare.deciding import Decision
from welfare.models import WelfareSettings

D = Decimal


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def who(db) -> SimpleNamespace:
    return make_cast()


@pytest.fixture
def cast(db) -> Cast:
    cast = assemble()
    fill_box()
    return cast


def scope(today: date = TODAY):
    fund = Fund.objects.get()
    return scope_of(fund_year_span(2563, fund, today=today), fund, today=today)


def found(today: date = TODAY) -> dict[str, tuple[int, Decimal]]:
    """What is found of every sort that anything is found of: how many, how many baht."""
    sorts = [one for _group, sorts in exceptions_of(scope(today)) for one in sorts]
    # the factory's members are all alike
    return {one.sort.code: (one.count, one.baht) for one in sorts if one.count and one.sort.code != "doubles"}


def rows(code: str, today: date = TODAY) -> list[ExceptionRow]:
    return list(find(SORTS[code], scope(today)).rows)


def told(code: str, today: date = TODAY) -> list[tuple[str, str]]:
    return [(row.label.en, row.about.en) for row in rows(code, today)]


# --- the books --------------------------------------------------------------------------------------------


def test_voids_and_reversals_say_why_and_by_whom(who) -> None:
    receipt, moved = gift(who, "ร้านทดสอบ"), move(who, "600.00")
    assert found() == {"unreconciled": (1, D("600.00"))}
    Fund.objects.update(controls="small")
    who.banked = moved
    reversal = undo(who)
    void(receipt, who)
    book("12001", "4410", "500.00", on=TODAY)
    voucher = cost(who)
    assert found()["cost-papers"] == (1, D("120.50"))
    void_voucher(voucher=voucher, reason="เขียนผิด", by=who.treasurer, today=TODAY, now=NOW)
    assert found() == {
        "void-receipts": (1, D("1000.00")),
        "void-vouchers": (1, D("120.50")),
        "reversals": (1, D("600.00")),
        "unreconciled": (1, D("500.00")),
    }
    assert told("void-receipts") == [("Receipt 2563/000001", "พิมพ์ผิด · เหรัญญิก สมมติ · by one person")]
    assert told("void-vouchers")[0][0] == "Payment voucher 2563/000001"
    assert told("reversals") == [
        (f"Entry no. {reversal.number}", f"answers entry {moved.number} · เหรัญญิก สมมติ · by one person")
    ]
    addresses = [rows(code)[0].address for code in ("void-receipts", "void-vouchers", "reversals")]
    assert addresses == ["/books/receipts/2563/1/", "/books/vouchers/2563/1/", f"/books/journal/{reversal.number}/"]


def test_what_was_written_late_is_seen_by_either_clock(who) -> None:
    """A demonstration's by the latest day that its books knew, a real fund's by the day of writing."""
    book("1010", "4110", "10.00", on=TODAY)
    assert found() == {}
    late = book("1010", "4110", "20.00", on=date(2020, 9, 10))
    ended = book("1010", "4110", "30.00", on=date(2020, 10, 9))
    expected = {"late-entries": (1, D("20.00")), "ended-months": (1, D("30.00")), "box-cash": (1, D("50.00"))}
    assert found() == expected
    Fund.objects.update(is_demo=False, demo_day=None)
    assert found() == expected
    words = "Money received · written on 1 Nov 2563, 52 days later"
    assert told("late-entries") == [(f"Entry no. {late.number}", words)]
    assert [row.address for row in rows("ended-months")] == [f"/books/journal/{ended.number}/"]


def test_numbers_that_are_missing_are_named(who) -> None:
    gift(who, "ร้านทดสอบ")
    assert found() == {}
    DocumentSequence.objects.filter(series="receipt", year_be=2563).update(last=2)
    facts = {"by": who.treasurer, "today": TODAY}
    lent = give_book(label="12", first_number=101, last_number=150, holder=who.leader, request_id=uuid.uuid4(), **facts)
    assert found() == {"gaps": (1, D(0))}
    spoil_number(book=lent, number=103, kind="lost", reason="ปลิว", request_id=uuid.uuid4(), **facts)
    assert found() == {"gaps": (1, D(0)), "book-gaps": (3, D(0))}
    assert told("gaps") == [("Receipt 2563/000002", "missing")]
    assert told("book-gaps") == [
        ("Book 12 no. 101", "passed over · ผู้นำ สมมติ"),
        ("Book 12 no. 102", "passed over · ผู้นำ สมมติ"),
        ("Book 12 no. 103", "Lost · ปลิว · ผู้นำ สมมติ"),
    ]


def test_months_closed_with_a_word_and_levels_changed_are_seen(who) -> None:
    change_fund(changes={"controls": "small"}, resolution="ครั้งที่ 3/2563", by=who.treasurer)
    kept = [{"check": "reconciled", "state": "explained", "note": "สมุดหาย"}]
    AccountingMonth.objects.filter(first_day=date(2020, 9, 1)).update(
        closed_at=NOW, closed_by=who.treasurer, closing_checklist=kept
    )
    assert found() == {"explained": (1, D(0)), "controls": (1, D(0))}
    assert told("controls")[0][1].startswith("from “Standard” to “Small committee” · ครั้งที่ 3/2563 · เหรัญญิก")
    assert told("explained") == [
        ("September 2563", "Each bank account is reconciled to the last day: สมุดหาย · เหรัญญิก สมมติ")
    ]


# --- cash -------------------------------------------------------------------------------------------------


def test_cash_with_a_collector_is_late_after_a_week_and_a_difference_stays_in_sight(who) -> None:
    sheet, _members = submitted(who)
    late = {"collector-cash": (1, D("730.00"))}
    assert (found(), told("collector-cash")) == (
        late,
        [("Sheet 2563/0001", "12 days with the collector by 1 Nov 2563, not taken in · ผู้นำ สมมติ")],
    )
    accept(sheet, who, "720.00", "เหรียญขาด")
    assert found() == late | {"differences": (1, D("-10.00"))}
    assert told("differences")[0][1] == "short · Sheet 2563/0001 · เหรียญขาด · ผู้นำ สมมติ"
    assert "taken in on 1 Nov 2563" in told("collector-cash")[0][1]
    assert rows("collector-cash")[0].address == "/money-in/sheets/2563/1/"


def test_money_of_a_receipt_made_void_on_the_way_is_with_nobody(who) -> None:
    opened_with(who, "500.00")
    sheet, _members = submitted(who)
    assert found() == {"brought-cash": (1, D("500.00")), "collector-cash": (1, D("730.00"))}
    first, second = Receipt.objects.order_by("number")[:2]
    void(first, who)
    late = {"brought-cash": (1, D("500.00")), "void-receipts": (1, D("365.00")), "collector-cash": (1, D("365.00"))}
    assert found() == late
    accept(sheet, who, "365.00")
    assert found() == late
    void(second, who, second_person=who.committee)  # it lay with her all the same
    assert found() == late | {"void-receipts": (2, D("730.00"))}


def test_cash_taken_this_week_is_not_late_and_who_counts_her_own_is_seen(who) -> None:
    Fund.objects.update(controls="small")
    both = make_user("leader", "treasurer", community=who.community, display_name="คนเดียว สมมติ")
    own = SimpleNamespace(**vars(who) | {"leader": both, "treasurer": both})
    sheet = opened(own)
    write(sheet, member_owing(who.community), own, paid_on=TODAY - timedelta(days=7))
    accept(submit_sheet(sheet=sheet, **acting(both)), own, "365.00")
    assert found() == {"own-counts": (1, D("365.00"))}
    assert told("own-counts") == [("Sheet 2563/0001", "คนเดียว สมมติ counted her own collection")]


def test_cash_from_before_the_books_and_costs_above_their_share_are_seen(who) -> None:
    opened_with(who, "500.00")
    assert found() == {"brought-cash": (1, D("500.00"))}
    take(who, "500.00")
    book("12001", "4410", "1000.00", on=TODAY)
    cost(who, "200.00")
    assert found() == {"cost-papers": (1, D("200.00")), "unreconciled": (1, D("800.00"))}
    cost(who, "0.25")
    assert found()["administration"] == (1, D("0.25"))
    assert told("administration") == [("Fund year 2563", "200.25 baht spent, 200.00 allowed (20 percent)")]


def test_a_delivery_is_late_while_no_slip_is_back_and_seen_without_its_photograph(cast) -> None:
    claims = claims_of(cast)
    delivery = handed(cast, claims)
    within, after = TODAY + timedelta(days=7), TODAY + timedelta(days=8)
    boxed = {"box-cash": (1, D("99500.00"))}
    assert (found(), found(within)) == ({}, {})
    assert found(after) == {"advances": (1, D("500.00"))} | boxed
    settled(cast, delivery, *claims)
    assert found() == {"slips": (1, D("500.00"))}
    assert told("slips")[0] == ("Delivery 2563/0001", f"no photograph of the signed slips · {cast.leader}")
    assert [row.address for row in rows("slips")] == ["/deliveries/2563/1/"]


# --- welfare ----------------------------------------------------------------------------------------------


def test_one_hand_is_seen_at_the_level_that_lets_it_through(cast) -> None:
    cast.pay(cast.decided())
    assert found() == {}
    Fund.objects.update(controls="small")
    alone = make_user("leader", "committee", community=cast.home, display_name="คนเดียว สมมติ")
    member = MemberFactory(community=cast.home, household=None, number=102)
    cast.pay(replace(cast, leader=alone, committee=alone).decided(member))
    assert found() == {"one-hand": (1, D("300.00"))}
    assert told("one-hand") == [
        (
            "Claim 2563/000002",
            f"member no. 102 · entered by คนเดียว สมมติ · decided by คนเดียว สมมติ · paid by {cast.treasurer}",
        )
    ]


def test_late_claims_judgements_and_relatives_are_seen_once_granted(cast) -> None:
    late = stay(date(2020, 6, 1), date(2020, 6, 4), received_on=date(2020, 9, 1))
    claim = cast.verified(event=late)
    assert found() == {}
    cast.decide(Decision(claim.pk, approve=True, reason="อยู่โรงพยาบาลต่อ", relative_of="ประธาน"))
    behind = MemberFactory(community=cast.home, household=None, number=102, paid_through=date(2020, 6, 1))
    second = cast.verified(behind)
    cast.decide(Decision(second.pk, approve=True, reason="ลูกจ่ายให้แล้ว"))
    assert found() == {"late-claims": (1, D("300.00")), "relatives": (1, D("300.00")), "judged": (1, D("300.00"))}
    assert told("late-claims") == [
        (f"Claim {claim.label}", "member no. 101 · papers 29 days after the last day · อยู่โรงพยาบาลต่อ")
    ]
    assert told("relatives") == [(f"Claim {claim.label}", "member no. 101 · relative of ประธาน")]
    said = told("judged")[0][1]
    assert (said[:46], said[-14:]) == ("member no. 102 · Rights were suspended on the ", "ลูกจ่ายให้แล้ว")


def test_the_own_house_the_same_receiver_and_the_same_person_twice_are_seen(cast) -> None:
    own = MemberFactory(community=cast.home, household=cast.member.household, user=cast.leader, number=102)
    cast.pay(cast.decided())
    assert (found(), told("own-house")) == (
        {"own-house": (1, D("300.00"))},
        [("Claim 2563/000001", f"member no. 101 · house of {cast.leader}")],
    )
    own.user = None
    own.save()
    assert found() == {}
    cast.pay(cast.decided(event=stay(date(2020, 10, 20), date(2020, 10, 22))))
    twin = {"first_name": "สมหญิงซ้ำ", "family_name": "สมมติสกุล", "birth_date": date(1980, 2, 3)}
    for number in (201, 202):
        MemberFactory(**twin, household=HouseholdFactory(community=cast.home), community=cast.home, number=number)
    assert found() == {"twice-a-day": (2, D("500.00"))}
    assert [about for _label, about in told("twice-a-day")] == [
        "member no. 101 · 2 payments to one receiver on this day"
    ] * 2
    twins = [row for row in told("doubles") if row[0] == "member no. 201"]  # the factory's own may be alike, too
    assert twins == [("member no. 201", "member no. 202 · a like name and the same birth")]


def test_urgent_grants_and_large_sums_are_seen(cast) -> None:
    chair = make_user("committee", username="chair")
    WelfareSettings.objects.create(pk=1, urgent_death_grants=True, chair=chair, two_approvals_above=D("5000.00"))
    claim = cast.verified(event=event("death-grant", date(2020, 10, 25)))
    for user in (chair, cast.treasurer):
        agree(cast, claim, user)
    assert found() == {"urgent": (1, D("8000.00"))}
    assert told("urgent")[0][1] == "member no. 101 · no meeting has ratified it yet"
    other = MemberFactory(community=cast.home, household=None, number=102)
    BeneficiaryFactory(member=other)
    cast.decided(other, event("death-grant", date(2020, 10, 26)))
    cast.decided(MemberFactory(community=cast.home, household=None, number=103))
    assert found() == {"urgent": (1, D("8000.00")), "over-limit": (1, D("8000.00"))}
    assert told("over-limit")[0][1] == f"member no. 102 · one approval, written by {cast.committee}"
