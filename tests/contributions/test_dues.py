"""Dues at the office: what is owed, what is taken, what is refused."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from contributions.dues import (
    NotAMember,
    NothingChosen,
    OlderPeriodFirst,
    PaidAlready,
    dues_owed,
    paid_through_of,
    paid_through_on,
    record_dues,
)
from contributions.models import DuesCover, DuesPayment
from contributions.queries import dues_rules, later_covers, unpaid_periods
from contributions.verbs import FutureDate
from contributions.voids import void_receipt
from ledger.models import AccountingMonth, Entry, Receipt
from ledger.periods import PeriodClosed
from members.models import Member, Membership
from members.verbs import end_membership
from tests.contributions.conftest import NOW, TODAY, acting, books, member_owing, membership

THIS_YEAR = date(2020, 1, 1)


def pay(member: Member, who, *days: date, **changes: object) -> Receipt:
    facts = {
        "membership": changes.get("membership") or membership(member),
        "covers_from": list(days),
        "paid_on": TODAY,
        "bank_account": None,
        **acting(who.treasurer),
    }
    return record_dues(**(facts | changes))


def owed(member: Member, today: date = TODAY) -> list[tuple[date, date, Decimal]]:
    return [(p.covers_from, p.covers_until, p.baht) for p in dues_owed(membership(member), today)]


def test_who_is_paid_up_owes_nothing(who) -> None:
    assert owed(member_owing(who.community, paid_through=date(2020, 12, 31))) == []


def test_two_years_behind_are_two_periods_owed(who) -> None:
    assert owed(member_owing(who.community, paid_through=date(2018, 12, 31))) == [
        (date(2019, 1, 1), date(2019, 12, 31), Decimal("365.00")),
        (date(2020, 1, 1), date(2020, 12, 31), Decimal("365.00")),
    ]


def test_who_joined_this_october_owes_the_next_year_at_once(who) -> None:
    member = member_owing(who.community, joined_on=date(2020, 10, 5), paid_through=date(2020, 10, 4))
    assert owed(member) == [(date(2020, 10, 5), date(2021, 12, 31), Decimal("365.00"))]


def test_dues_in_cash_are_a_receipt_an_entry_and_a_year_of_rights(who) -> None:
    member = member_owing(who.community)
    receipt = pay(member, who, THIS_YEAR)
    assert books() == {"1010": Decimal("365.00"), "4110": Decimal("-365.00")}
    assert (receipt.label, receipt.total, receipt.party_name, receipt.member) == (
        "2563/000001",
        Decimal("365.00"),
        member.full_name,
        member,
    )
    line = Entry.objects.get().lines.get()
    assert (line.member, line.community, receipt.entry.kind, receipt.entry.document_number) == (
        member,
        who.community,
        "receipt",
        "2563/000001",
    )
    assert membership(member).paid_through == date(2020, 12, 31)
    assert owed(member) == []


def test_several_years_by_transfer_are_a_line_each(who) -> None:
    member = member_owing(who.community, paid_through=date(2018, 12, 31))
    receipt = pay(member, who, date(2019, 1, 1), THIS_YEAR, date(2021, 1, 1), bank_account=who.bank)
    assert [(line.text_en, line.amount, line.covers_until) for line in receipt.lines.all()] == [
        (f"Contribution of member no. {member.number} for {2562 + n}", Decimal("365.00"), date(2019 + n, 12, 31))
        for n in range(3)
    ]
    assert (receipt.means, books()[who.bank.code]) == ("transfer", Decimal("1095.00"))
    assert membership(member).paid_through == date(2021, 12, 31)


def test_somebody_else_may_pay(who) -> None:
    assert pay(member_owing(who.community), who, THIS_YEAR, payer_name="นางผู้จ่าย สมมติ").party_name == "นางผู้จ่าย สมมติ"


def test_a_double_click_takes_the_money_once(who) -> None:
    member, request = member_owing(who.community), acting(who.treasurer)
    first, second = (pay(member, who, THIS_YEAR, **request) for _ in range(2))
    assert (first.pk, Receipt.objects.count(), DuesPayment.objects.count()) == (second.pk, 1, 1)


def test_a_year_paid_already_names_its_receipt(who) -> None:
    member = member_owing(who.community)
    pay(member, who, THIS_YEAR)
    with pytest.raises(PaidAlready, match="2563/000001") as refusal:
        pay(member, who, THIS_YEAR)
    assert refusal.value.field == "periods"
    assert Receipt.objects.count() == 1


def test_an_older_year_comes_first(who) -> None:
    with pytest.raises(OlderPeriodFirst, match="2562"):
        pay(member_owing(who.community, paid_through=date(2018, 12, 31)), who, THIS_YEAR)


def test_nothing_ticked_is_said(who) -> None:
    with pytest.raises(NothingChosen):
        pay(member_owing(who.community), who)


def test_money_for_the_dead_goes_back_to_the_family(who) -> None:
    member = member_owing(who.community)
    end_membership(membership=membership(member), on=date(2020, 10, 1), reason="died", today=TODAY)
    with pytest.raises(NotAMember, match="1 ตุลาคม 2563"):
        pay(member, who, THIS_YEAR)
    assert books() == {}


def test_money_for_one_who_left_is_refused(who) -> None:
    member = member_owing(who.community)
    end_membership(membership=membership(member), on=date(2020, 10, 1), reason="resigned", today=TODAY)
    with pytest.raises(NotAMember):
        pay(member, who, THIS_YEAR)


def test_money_before_joining_is_refused(who) -> None:
    member = member_owing(who.community, joined_on=date(2020, 6, 1), paid_through=date(2020, 5, 31))
    with pytest.raises(NotAMember):
        pay(member, who, date(2020, 6, 1), paid_on=date(2020, 5, 30))


def test_tomorrow_is_refused(who) -> None:
    with pytest.raises(FutureDate):
        pay(member_owing(who.community), who, THIS_YEAR, paid_on=TODAY + timedelta(days=1))


def test_a_closed_month_takes_no_dues(who) -> None:
    AccountingMonth.objects.filter(first_day=date(2020, 10, 1)).update(closed_at=NOW)
    member = member_owing(who.community)
    with pytest.raises(PeriodClosed):
        pay(member, who, THIS_YEAR, paid_on=date(2020, 10, 31))
    assert (Receipt.objects.count(), DuesCover.objects.count(), membership(member).paid_through) == (
        0,
        0,
        date(2019, 12, 31),
    )


def test_standing_on_a_day_knows_only_what_was_paid_by_then(who) -> None:
    member = member_owing(who.community)
    pay(member, who, THIS_YEAR, paid_on=date(2020, 3, 10))
    pay(member, who, date(2021, 1, 1), paid_on=date(2020, 10, 10))
    days = [date(2020, 3, 9), date(2020, 3, 10), date(2020, 10, 9), date(2020, 10, 10)]
    assert [paid_through_on(membership(member), day) for day in days] == [
        date(2019, 12, 31),
        date(2020, 12, 31),
        date(2020, 12, 31),
        date(2021, 12, 31),
    ]


def test_without_payments_here_the_register_says_how_far_was_paid(who) -> None:
    member = member_owing(who.community, paid_through=date(2017, 12, 31))
    assert paid_through_on(membership(member), TODAY) == date(2017, 12, 31)


def test_many_members_are_one_query(who, django_assert_num_queries) -> None:
    members = [member_owing(who.community) for _ in range(3)]
    pay(members[0], who, THIS_YEAR)
    memberships = [membership(member) for member in members]
    with django_assert_num_queries(1):
        found = paid_through_of(memberships, TODAY)
    assert [found[one.pk] for one in memberships] == [date(2020, 12, 31), date(2019, 12, 31), date(2019, 12, 31)]


def test_a_void_in_the_middle_leaves_its_year_to_pay_and_the_later_one_paid(who) -> None:
    member = member_owing(who.community)
    first = pay(member, who, THIS_YEAR)
    pay(member, who, date(2021, 1, 1))
    void_receipt(receipt=first, reason="พิมพ์ผิดคน", by=who.treasurer, second_person=None, today=TODAY, now=NOW)
    assert membership(member).paid_through == date(2019, 12, 31)
    assert owed(member, date(2021, 6, 1)) == [(THIS_YEAR, date(2020, 12, 31), Decimal("365.00"))]
    pay(member, who, THIS_YEAR)
    assert membership(member).paid_through == date(2021, 12, 31)
    assert books() == {"1010": Decimal("730.00"), "4110": Decimal("-730.00")}


def test_who_comes_back_within_a_paid_year_pays_from_the_next_one(who) -> None:
    member = member_owing(who.community)
    pay(member, who, THIS_YEAR)
    end_membership(membership=membership(member), on=date(2020, 3, 31), reason="moved", today=TODAY)
    again = Membership.objects.create(member=member, joined_on=date(2020, 8, 1), paid_through=date(2020, 7, 31))
    coming = unpaid_periods(again, dues_rules(), later_covers([again])[member.pk])
    assert [period.covers_from for period in coming[:2]] == [date(2021, 1, 1), date(2022, 1, 1)]
    pay(member, who, date(2021, 1, 1), membership=again)
    again.refresh_from_db()
    assert again.paid_through == date(2021, 12, 31)
