"""Void papers: the number stays, the money goes back, and after the hand-over a second person agrees."""

from datetime import date
from decimal import Decimal

import pytest

from contributions.models import DuesCover, DuesPayment, VoidRequest
from contributions.verbs import NotEnoughMoney
from contributions.voids import (
    SecondPersonNeeded,
    VoidAtTheClaim,
    ask_to_void,
    confirm_void,
    needs_second_person,
    void_receipt,
    void_voucher,
)
from ledger.check import check_ledger
from ledger.documents import AlreadyVoid, PaperDraft, PaperLine, ReasonNeeded, next_numbers, write_vouchers
from ledger.models import AccountingMonth, Receipt, ReceiptVoid
from ledger.periods import PeriodClosed
from members.models import Fund
from tests.contributions.conftest import NOW, TODAY, acting, books, member_owing, membership
from tests.contributions.test_dues import THIS_YEAR, pay
from tests.contributions.test_money_in import cost, gift, grant, move
from tests.contributions.test_sheets import accept, submitted
from tests.factories import make_user


def void(receipt, who, reason: str = "พิมพ์ผิด", *, by=None, second_person=None) -> ReceiptVoid:
    return void_receipt(
        receipt=receipt, reason=reason, by=by or who.treasurer, second_person=second_person, today=TODAY, now=NOW
    )


def test_a_void_gives_the_money_back_and_the_year_is_owed_again(who) -> None:
    member = member_owing(who.community)
    receipt = pay(member, who, THIS_YEAR)
    void(receipt, who)
    assert (books(), membership(member).paid_through) == ({}, date(2019, 12, 31))
    assert (DuesPayment.objects.count(), DuesCover.objects.count()) == (1, 0)
    assert (receipt.void.reason, receipt.void.voided_by, receipt.label) == ("พิมพ์ผิด", who.treasurer, "2563/000001")
    assert pay(member, who, THIS_YEAR).label == "2563/000002"
    assert check_ledger().problems == ()


def test_a_void_says_why(who) -> None:
    with pytest.raises(ReasonNeeded) as refusal:
        void(gift(who, "ร้านทดสอบ"), who, "  ")
    assert refusal.value.field == "reason"


def test_a_double_click_voids_once_and_a_void_of_a_void_is_refused(who) -> None:
    receipt = gift(who, "ร้านทดสอบ")
    assert void(receipt, who) == void(receipt, who)
    with pytest.raises(AlreadyVoid, match="2563/000001"):
        void(receipt, who, "อีกเหตุผลหนึ่ง")
    assert books() == {}


def test_money_that_was_banked_cannot_be_given_back_from_the_box(who) -> None:
    receipt = gift(who, "ร้านทดสอบ")
    move(who, "1000.00")
    with pytest.raises(NotEnoughMoney):
        void(receipt, who)
    assert ReceiptVoid.objects.count() == 0


def test_a_void_is_dated_today_in_an_open_month(who) -> None:
    receipt, other = (pay(member_owing(who.community), who, THIS_YEAR, paid_on=date(2020, 10, 5)) for _ in range(2))
    AccountingMonth.objects.filter(first_day=date(2020, 10, 1)).update(closed_at=NOW)
    assert void(receipt, who).reversal.date == TODAY
    AccountingMonth.objects.filter(first_day=date(2020, 11, 1)).update(closed_at=NOW)
    with pytest.raises(PeriodClosed):
        void(other, who)


def handed_over(who) -> Receipt:
    sheet, members = submitted(who)
    accept(sheet, who, "730.00")
    return Receipt.objects.get(member=members[0])


def test_after_the_hand_over_one_person_alone_cannot_void(who) -> None:
    receipt = handed_over(who)
    assert needs_second_person(receipt)
    for second in (None, who.treasurer, who.leader, make_user("auditor")):
        with pytest.raises(SecondPersonNeeded, match="2563/000001"):
            void(receipt, who, second_person=second)


def test_after_the_hand_over_one_asks_and_another_confirms(who) -> None:
    receipt = handed_over(who)
    ask_to_void(receipt=receipt, reason="พิมพ์ผิดคน", **acting(who.treasurer))
    with pytest.raises(SecondPersonNeeded):
        confirm_void(receipt=receipt, by=who.treasurer, today=TODAY, now=NOW)
    found = confirm_void(receipt=receipt, by=who.committee, today=TODAY, now=NOW)
    assert (found.voided_by, found.second_person, found.reason) == (who.treasurer, who.committee, "พิมพ์ผิดคน")
    # the box pays it back, and the collector's account stays even
    assert books() == {"1010": Decimal("365.00"), "4110": Decimal("-365.00")}
    assert check_ledger().problems == ()


def test_asking_twice_is_one_request_and_nobody_confirms_what_nobody_asked(who) -> None:
    receipt = handed_over(who)
    with pytest.raises(SecondPersonNeeded):
        confirm_void(receipt=receipt, by=who.committee, today=TODAY, now=NOW)
    asked = [ask_to_void(receipt=receipt, reason="ผิดคน", **acting(who.treasurer)) for _ in range(2)]
    assert (asked[0], VoidRequest.objects.count()) == (asked[1], 1)


def test_a_void_that_was_asked_for_is_confirmed_also_when_the_level_was_lowered_meanwhile(who) -> None:
    receipt = handed_over(who)
    ask_to_void(receipt=receipt, reason="ผิดคน", **acting(who.treasurer))
    Fund.objects.update(controls="small")
    for alone in (lambda: void(receipt, who), lambda: confirm_void(receipt=receipt, by=who.treasurer, **WHEN)):
        with pytest.raises(SecondPersonNeeded):
            alone()
    assert confirm_void(receipt=receipt, by=who.committee, **WHEN).second_person == who.committee
    assert check_ledger().problems == ()


WHEN = {"today": TODAY, "now": NOW}


def test_with_a_small_committee_one_person_voids(who) -> None:
    Fund.objects.update(controls="small")
    void(handed_over(who), who)
    assert books() == {"1010": Decimal("365.00"), "4110": Decimal("-365.00")}


def test_a_void_voucher_puts_the_money_back(who) -> None:
    grant(who, "1000.00")
    voucher = cost(who)
    facts = {"voucher": voucher, "reason": "จ่ายซ้ำ", "by": who.treasurer, "today": TODAY, "now": NOW}
    assert void_voucher(**facts) == void_voucher(**facts)
    assert books() == {who.bank.code: Decimal("1000.00"), "4210": Decimal("-1000.00")}
    with pytest.raises(AlreadyVoid):
        void_voucher(**facts | {"reason": "อื่น"})


def test_the_voucher_of_a_claim_is_undone_at_the_claim(who) -> None:
    grant(who, "1000.00")
    entry = cost(who).entry
    draft = PaperDraft(TODAY, "ผู้รับ สมมติ", who.bank, acting(who.treasurer)["request_id"], [PaperLine("ก", "a")])
    line = move(who, "1.00", source=who.bank, target=who.cash).lines.get()
    number = next_numbers("voucher", 2563)[0]
    voucher = write_vouchers([(draft, number, line.entry, [line])], by=who.treasurer, issued_at=NOW)[0]
    assert voucher.entry != entry
    with pytest.raises(VoidAtTheClaim):
        void_voucher(voucher=voucher, reason="x", by=who.treasurer, today=TODAY, now=NOW)
