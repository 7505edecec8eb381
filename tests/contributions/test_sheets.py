"""A collection sheet's way: opened, filled in, submitted, counted and accepted."""

import threading
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connections

from bansong_fund.lib.errors import DomainError
from contributions.dues import NotAMember, TooFarAhead, paid_through_on, record_dues
from contributions.handing_over import DifferenceUnexplained, NotSubmittedYet, OwnSheet, accept_sheet
from contributions.models import CollectionLine, CollectionSheet, DuesPayment
from contributions.queries import sheet_rows, sheet_totals, visible_sheets
from contributions.sheets import (
    NotTheCollector,
    SheetClosed,
    SheetEmpty,
    open_sheet,
    submit_sheet,
    write_line,
)
from contributions.voids import void_receipt
from ledger.accounts import collector_account
from ledger.check import check_ledger
from ledger.models import AccountingMonth, Entry, Receipt
from ledger.periods import PeriodClosed
from members.leaders import end_leadership
from members.models import Member
from members.verbs import end_membership
from office.models import ActionLog
from tests.contributions.conftest import NOW, TODAY, acting, books, make_cast, member_owing, membership
from tests.factories import CommunityFactory, make_user

YEAR = Decimal("365.00")
TAKEN_ON = date(2020, 10, 20)


def opened(who) -> CollectionSheet:
    return open_sheet(community=who.community, **acting(who.leader))


def write(sheet, member, who, amount=YEAR, *, paid_on: date = TAKEN_ON) -> None:
    write_line(sheet=sheet, member=member, amount=amount, paid_on=paid_on, by=who.leader, today=TODAY)


def submitted(who, count: int = 2) -> tuple[CollectionSheet, list[Member]]:
    sheet, members = opened(who), [member_owing(who.community) for _ in range(count)]
    for member in members:
        write(sheet, member, who)
    return submit_sheet(sheet=sheet, **acting(who.leader)), members


def accept(sheet, who, counted: str, reason: str = "", **changes) -> CollectionSheet:
    return accept_sheet(
        sheet=sheet, counted=Decimal(counted), difference_reason=reason, **acting(who.treasurer) | changes
    )


def test_a_community_has_one_open_sheet(who) -> None:
    first, second = opened(who), opened(who)
    assert (first.pk, first.label, first.state) == (second.pk, "2563/0001", "draft")


def test_the_head_of_the_sheet_says_who_is_still_to_pay(who) -> None:
    members = [member_owing(who.community) for _ in range(3)]
    member_owing(who.community, paid_through=date(2020, 12, 31))
    sheet = opened(who)
    write(sheet, members[0], who)
    totals = sheet_totals(sheet_rows(sheet, TODAY))
    assert (totals.members, totals.still_to_pay, totals.paid, totals.cash) == (4, 2, 1, YEAR)


@pytest.mark.parametrize("count", [1, 3])
def test_the_rows_of_a_sheet_are_six_queries(who, django_assert_num_queries, count) -> None:
    for _ in range(count):
        member_owing(who.community)
    sheet = opened(who)
    with django_assert_num_queries(6):
        rows = sheet_rows(sheet, TODAY)
    assert [(row.owed, row.choices) for row in rows] == [(YEAR, [YEAR, YEAR * 2, YEAR * 3])] * count


def test_a_line_can_be_written_anew_and_taken_off(who) -> None:
    member, sheet = member_owing(who.community), opened(who)
    write(sheet, member, who)
    write(sheet, member, who, YEAR * 2)
    assert CollectionLine.objects.get().amount == YEAR * 2
    write(sheet, member, who, None)
    assert CollectionLine.objects.count() == 0


def test_more_than_the_periods_of_three_years_ahead_is_refused_with_the_most_that_can_be_taken(who) -> None:
    with pytest.raises(TooFarAhead, match=r"1,460\.00") as refusal:
        write(opened(who), member_owing(who.community), who, Decimal("1460.01"))
    assert (refusal.value.field, CollectionLine.objects.count()) == ("amount", 0)


def test_the_receipt_says_on_which_day_the_money_was_taken_where_that_is_not_its_own_day(who) -> None:
    sheet, members = opened(who), [member_owing(who.community) for _ in range(2)]
    write(sheet, members[0], who)
    write(sheet, members[1], who, paid_on=TODAY)
    submit_sheet(sheet=sheet, **acting(who.leader))
    early, same = (Receipt.objects.get(member=member) for member in members)
    assert (early.lines.get().text_th, same.lines.get().text_th) == (
        f"เงินสมทบสมาชิก เลขที่ {members[0].number} ประจำงวด 2563 รับเงิน 20 ต.ค. 2563",
        f"เงินสมทบสมาชิก เลขที่ {members[1].number} ประจำงวด 2563",
    )
    assert early.lines.get().text_en.endswith("for 2563, paid on 20 Oct 2563")


def test_an_odd_amount_at_the_door_pays_the_oldest_years_and_a_part_of_the_next(who) -> None:
    member, sheet = member_owing(who.community, paid_through=date(2018, 12, 31)), opened(who)
    write(sheet, member, who, Decimal("800.00"))
    submit_sheet(sheet=sheet, **acting(who.leader))
    assert list(DuesPayment.objects.order_by("pk").values_list("amount", "covers_until", "is_part")) == [
        (Decimal("730.00"), date(2020, 12, 31), False),
        (Decimal("70.00"), date(2021, 12, 31), True),
    ]
    assert membership(member).paid_through == date(2020, 12, 31)
    assert check_ledger().problems == ()


@pytest.mark.parametrize(("amount", "fee"), [("0", "0"), ("-365.00", "0"), ("365.00", "-20.00")])
def test_what_is_no_amount_is_refused_and_nothing_stands_on_the_sheet(who, amount, fee) -> None:
    facts = {"paid_on": TAKEN_ON, "by": who.leader, "today": TODAY, "entry_fee": Decimal(fee)}
    with pytest.raises(DomainError):
        write_line(sheet=opened(who), member=member_owing(who.community), amount=Decimal(amount), **facts)
    assert CollectionLine.objects.count() == 0


def test_submitting_books_cash_with_the_collector_and_pays_members_up(who) -> None:
    sheet, members = submitted(who)
    collector = sheet.submission_entry.lines.first().debit
    assert books() == {collector.code: Decimal("730.00"), "4110": Decimal("-730.00")}
    assert (collector.holder, sheet.state, sheet.total) == (who.leader, "submitted", Decimal("730.00"))
    assert [(line.member, line.community, line.amount) for line in sheet.submission_entry.lines.all()] == [
        (member, who.community, YEAR) for member in members
    ]
    assert [
        (paid.paid_on, paid.receipt.label, paid.receipt.party_name) for paid in DuesPayment.objects.order_by("pk")
    ] == [
        (TAKEN_ON, "2563/000001", members[0].full_name),
        (TAKEN_ON, "2563/000002", members[1].full_name),
    ]
    assert membership(members[0]).paid_through == date(2020, 12, 31)


def test_the_day_the_leader_took_the_money_counts_for_every_right(who) -> None:
    _sheet, members = submitted(who, 1)
    days = [TAKEN_ON - timedelta(days=1), TAKEN_ON]
    assert [paid_through_on(membership(members[0]), day) for day in days] == [date(2019, 12, 31), date(2020, 12, 31)]


def test_a_second_click_finds_it_done(who) -> None:
    sheet, _members = submitted(who)
    again = submit_sheet(sheet=sheet, **acting(who.leader))
    assert (again.submission_entry_id, Entry.objects.count(), Receipt.objects.count()) == (
        sheet.submission_entry_id,
        1,
        2,
    )


def test_a_submitted_sheet_takes_no_more_lines(who) -> None:
    sheet, members = submitted(who)
    with pytest.raises(SheetClosed, match="2563/0001"):
        write(sheet, members[0], who)


def test_an_empty_sheet_is_not_submitted(who) -> None:
    with pytest.raises(SheetEmpty):
        submit_sheet(sheet=opened(who), **acting(who.leader))


def test_another_leader_does_not_submit_money_that_is_not_with_her(who) -> None:
    sheet = opened(who)
    write(sheet, member_owing(who.community), who)
    with pytest.raises(NotTheCollector):
        submit_sheet(sheet=sheet, **acting(make_user("leader", community=who.community)))


def test_who_leads_next_takes_over_the_sheet_of_one_who_leads_no_more(who) -> None:
    sheet, next_leader = opened(who), make_user("leader", community=who.community)
    write(sheet, member_owing(who.community), who)
    end_leadership(leadership=who.leader.leaderships.get(), until=TODAY, by=who.leader, now=NOW)
    with pytest.raises(NotTheCollector):
        submit_sheet(sheet=sheet, **acting(make_user("leader", community=CommunityFactory(number=2))))
    sheet = submit_sheet(sheet=sheet, **acting(next_leader))
    assert (sheet.collector, collector_account(next_leader).code in books()) == (next_leader, True)
    line = ActionLog.objects.get(action="sheet-taken-over")
    assert line.details == {"sheet": "2563/0001", "collector": "ผู้นำ สมมติ"}


def test_what_was_paid_at_the_office_meanwhile_moves_the_sheet_on_to_the_next_years(who) -> None:
    sheet, member = opened(who), member_owing(who.community)
    write(sheet, member, who, YEAR * 3)
    facts = {"membership": membership(member), "covers_from": [date(2020, 1, 1)], "paid_on": TODAY}
    record_dues(**facts, bank_account=None, **acting(who.treasurer))
    submit_sheet(sheet=sheet, **acting(who.leader))
    # three years were handed over at the door: they are the next three now
    assert membership(member).paid_through == date(2023, 12, 31)


def test_a_member_who_died_meanwhile_is_named(who) -> None:
    sheet, member = opened(who), member_owing(who.community)
    write(sheet, member, who)
    end_membership(membership=membership(member), on=date(2020, 10, 10), reason="died", today=TODAY)
    with pytest.raises(NotAMember, match=member.first_name):
        submit_sheet(sheet=sheet, **acting(who.leader))
    assert (books(), CollectionSheet.objects.get().state) == ({}, "draft")


def test_a_closed_month_takes_no_sheet(who) -> None:
    sheet = opened(who)
    write(sheet, member_owing(who.community), who)
    AccountingMonth.objects.filter(first_day=date(2020, 11, 1)).update(closed_at=NOW)
    with pytest.raises(PeriodClosed):
        submit_sheet(sheet=sheet, **acting(who.leader))


def test_accepting_moves_the_cash_to_the_box(who) -> None:
    sheet, _members = submitted(who)
    accepted = accept(sheet, who, "730.00")
    assert (accepted.state, accepted.counted, accepted.accepted_by) == ("accepted", Decimal("730.00"), who.treasurer)
    assert books() == {"1010": Decimal("730.00"), "4110": Decimal("-730.00")}
    assert accepted.acceptance_entry.kind == "hand-over"


@pytest.mark.parametrize(
    ("counted", "over_short"), [("700.00", Decimal("30.00")), ("740.50", Decimal("-10.50")), ("0", Decimal("730.00"))]
)
def test_what_is_over_or_short_is_named_and_booked(who, counted, over_short) -> None:
    sheet, _members = submitted(who)
    accepted = accept(sheet, who, counted, "นับแล้วไม่ตรง")
    assert accepted.difference_reason == "นับแล้วไม่ตรง"
    expected = {"1010": Decimal(counted), "4110": Decimal("-730.00"), "4590": over_short}
    assert books() == {code: amount for code, amount in expected.items() if amount}


def test_a_difference_without_a_reason_is_refused(who) -> None:
    with pytest.raises(DifferenceUnexplained) as refusal:
        accept(submitted(who)[0], who, "700.00")
    assert refusal.value.field == "difference_reason"


def test_a_sheet_that_is_still_open_is_not_accepted(who) -> None:
    with pytest.raises(NotSubmittedYet):
        accept(opened(who), who, "0")


def test_nobody_counts_her_own_collection(who) -> None:
    sheet, _members = submitted(who)
    with pytest.raises(OwnSheet):
        accept(sheet, who, "730.00", by=who.leader)


def test_a_second_acceptance_finds_the_first(who) -> None:
    sheet, _members = submitted(who)
    accept(sheet, who, "730.00")
    again = accept(sheet, who, "1.00", "อย่างอื่น")
    assert (again.counted, Entry.objects.count()) == (Decimal("730.00"), 2)


def test_a_receipt_voided_before_the_hand_over_is_not_expected_any_more(who) -> None:
    sheet, members = submitted(who)
    receipt = Receipt.objects.get(member=members[0])
    void_receipt(receipt=receipt, reason="พิมพ์ผิดคน", by=who.treasurer, second_person=None, today=TODAY, now=NOW)
    accept(sheet, who, "365.00")
    assert books() == {"1010": YEAR, "4110": -YEAR}


def test_leaders_see_the_sheets_of_their_own_communities(who) -> None:
    sheet = opened(who)
    other = make_user("leader", community=CommunityFactory(number=2))
    assert [list(visible_sheets(user)) for user in (who.leader, who.treasurer, other)] == [[sheet], [sheet], []]


def test_two_treasurers_accepting_one_sheet_book_it_once(committed_db) -> None:
    who = make_cast()
    sheet, _members = submitted(who)
    second = make_user("treasurer")
    barrier, found = threading.Barrier(2), []

    def run(by: object) -> None:
        try:
            barrier.wait()
            found.append(accept(sheet, who, "730.00", by=by).acceptance_entry_id)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(by,)) for by in (who.treasurer, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(found), len(set(found)), books()["1010"]) == (2, 1, Decimal("730.00"))
    assert check_ledger().problems == ()


@pytest.mark.parametrize("count", [3, 250])
def test_submitting_takes_as_many_queries_for_250_members_as_for_three(who, django_assert_num_queries, count) -> None:
    sheet = opened(who)
    members = [member_owing(who.community) for _ in range(count)]
    CollectionLine.objects.bulk_create(
        CollectionLine(sheet=sheet, member=member, amount=YEAR, paid_on=TAKEN_ON) for member in members
    )
    with django_assert_num_queries(31):
        submit_sheet(sheet=sheet, **acting(who.leader))
    assert (DuesPayment.objects.count(), books()["4110"]) == (count, -YEAR * count)
