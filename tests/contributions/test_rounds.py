"""Matching rounds: who is in them, how much each brought, and their pages."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from contributions.models import MatchingRound, RoundMember
from contributions.queries import with_matches
from contributions.rounds import NoCut, NoSum, RoundRecorded, TooFewMembers, record_round, shared
from contributions.voids import void_receipt
from ledger.models import Receipt
from members.models import Member
from tests.contributions.conftest import NOW, TODAY, acting, books, member_owing
from tests.factories import MemberFactory

CUTOFF = date(2020, 9, 30)


def matching(who, number: int = 1, **changes) -> Receipt:
    facts = {
        "number": number,
        "cutoff_on": CUTOFF,
        "member_count": None,
        "baht_per_member": Decimal("300.00"),
        "lump": None,
        "received_from": "สถาบันพัฒนาองค์กรชุมชน (องค์การมหาชน)",
        "received_on": TODAY,
        "place": who.bank,
        **acting(who.treasurer),
    }
    return record_round(**(facts | changes))


def in_round(number: int) -> list[int]:
    rows = RoundMember.objects.filter(matching_round__number=number).order_by("member__number")
    return list(rows.values_list("member__number", flat=True))


def test_a_round_counts_running_members_with_a_full_year_at_the_cut_off(who) -> None:
    member = MemberFactory(community=who.community, joined_on=date(2019, 9, 30))
    MemberFactory(community=who.community, joined_on=date(2019, 10, 1))
    left = member_owing(who.community)
    left.memberships.update(ended_on=date(2020, 9, 29), end_reason="moved")
    later = member_owing(who.community)
    later.memberships.update(ended_on=date(2020, 9, 30), end_reason="died")
    receipt = matching(who)
    assert in_round(1) == sorted([member.number, later.number])
    assert (receipt.total, books()["4320"]) == (Decimal("600.00"), Decimal("-600.00"))


def test_nobody_is_matched_more_than_three_times(who) -> None:
    member_owing(who.community)
    for number in (1, 2, 3):
        matching(who, number)
    newer = member_owing(who.community)
    matching(who, 4)
    assert in_round(4) == [newer.number]


def test_matches_of_a_day_leave_later_rounds_out(who) -> None:
    member = member_owing(who.community)
    matching(who)
    day_before = TODAY - timedelta(days=1)
    known = [with_matches(Member.objects.all(), by=day).get(pk=member.pk).matches for day in (day_before, TODAY, None)]
    assert known == [0, 1, 1]


def test_a_round_of_fewer_takes_those_matched_least(who) -> None:
    members = [member_owing(who.community) for _ in range(3)]
    matching(who, 1, member_count=2)
    matching(who, 2, member_count=1)
    assert (in_round(1), in_round(2)) == ([members[0].number, members[1].number], [members[2].number])


def test_more_members_than_can_be_matched_are_refused_with_both_numbers(who) -> None:
    member_owing(who.community)
    with pytest.raises(TooFewMembers, match=r"2 .*1 "):
        matching(who, member_count=2)
    assert Receipt.objects.count() == 0


def test_a_lump_is_shared_to_the_satang() -> None:
    assert shared(Decimal("100.00"), 3) == [Decimal("33.34"), Decimal("33.33"), Decimal("33.33")]


def test_a_lump_is_booked_whole(who) -> None:
    for _ in range(3):
        member_owing(who.community)
    assert matching(who, baht_per_member=None, lump=Decimal("100.00")).total == Decimal("100.00")


def test_a_sum_that_was_cut_is_shared_and_never_more_than_the_members_baht(who) -> None:
    for _ in range(3):
        member_owing(who.community)
    with pytest.raises(NoCut, match=r"900\.00"):
        matching(who, lump=Decimal("900.01"))
    assert matching(who, lump=Decimal("100.00")).total == Decimal("100.00")
    one = MatchingRound.objects.get()
    amounts = list(one.members.order_by("member__number").values_list("amount", flat=True))
    assert (one.baht_per_member, one.lump) == (Decimal("300.00"), Decimal("100.00"))
    assert amounts == [Decimal("33.34"), Decimal("33.33"), Decimal("33.33")]


def test_a_round_needs_a_sum(who) -> None:
    member_owing(who.community)
    with pytest.raises(NoSum):
        matching(who, baht_per_member=None)


def test_a_round_is_recorded_once_and_again_only_after_its_void(who) -> None:
    member = member_owing(who.community)
    receipt = matching(who)
    with pytest.raises(RoundRecorded, match="2563/000001"):
        matching(who)
    void_receipt(receipt=receipt, reason="จำนวนเงินผิด", by=who.treasurer, second_person=None, today=TODAY, now=NOW)
    matching(who, baht_per_member=Decimal("310.00"))
    assert (books()["4320"], in_round(1)) == (Decimal("-310.00"), [member.number])
