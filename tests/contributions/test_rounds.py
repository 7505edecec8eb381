"""Matching rounds: who is in them, how much each brought, and their pages."""

import io
import uuid
from collections import Counter
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook

from contributions.models import MatchingRound, RoundMember
from contributions.queries import matched_members, with_matches, with_round_numbers, would_be_in
from contributions.round_lists import coming_list, print_round_list
from contributions.rounds import NoCut, NoSum, NotYetCounted, RoundRecorded, TooFewMembers, record_round, shared
from contributions.voids import void_receipt
from ledger.check import check_ledger
from ledger.models import Receipt
from members.models import Member, OpeningFacts
from office.jobs import JobRun
from office.models import Job
from tests.contributions.conftest import NOW, TODAY, acting, books, member_owing
from tests.factories import CommunityFactory, MemberFactory
from tests.pdf_reading import pdfium_text

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


def test_nobody_is_matched_for_a_full_year_that_is_still_to_come_or_with_nothing(who) -> None:
    member_owing(who.community)
    with pytest.raises(NotYetCounted, match="2564"):
        matching(who, cutoff_on=date(2021, 9, 30))
    member_owing(who.community)
    with pytest.raises(NoSum, match=r"0\.01"):
        matching(who, baht_per_member=None, lump=Decimal("0.01"))
    assert not RoundMember.objects.exists()


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


# --- the pages and lists ----------------------------------------------------------------------------------


def client_of(user) -> Client:
    client = Client()
    client.force_login(user)
    client.cookies["django_language"] = "en"
    return client


def test_the_preview_counts_by_community_and_by_matches(who) -> None:
    matched = member_owing(who.community)
    matching(who)
    other = CommunityFactory(number=2)
    member_owing(other)
    MemberFactory(community=other, joined_on=date(2019, 10, 1))
    page = client_of(who.committee).get("/money-in/rounds/next/?cutoff=2020-09-30&baht=300")
    preview = page.context["preview"]
    assert [(place.number, members) for place, members in preview.communities] == [(1, 1), (2, 1)]
    assert (preview.matches, page.context["whole"], matched.number) == ((1, 1, 0), Decimal("600.00"), matched.number)


def test_the_preview_counts_the_members_that_the_round_takes(who) -> None:
    members = [member_owing(who.community) for _ in range(5)]
    matching(who, 1, member_count=3)
    void_receipt(receipt=Receipt.objects.get(), reason="ผิด", by=who.treasurer, second_person=None, today=TODAY, now=NOW)
    matching(who, 2, member_count=2)
    OpeningFacts.objects.create(member=members[4], as_of=date(2015, 1, 1), rounds_matched=2)
    Member.objects.filter(pk=members[1].pk).update(merged_into=members[4])
    left = member_owing(who.community)
    left.memberships.update(ended_on=date(2020, 9, 29), end_reason="moved")
    taken = Counter(member.matches for member in matched_members(CUTOFF, 3))
    assert would_be_in(CUTOFF).matches == tuple(taken[times] for times in range(3)) == (2, 1, 0)


@pytest.mark.parametrize("count", [1, 3])
def test_the_rounds_and_their_lists_ask_as_often_for_one_as_for_three(who, django_assert_num_queries, count) -> None:
    for _ in range(count):
        member_owing(who.community)
    for number in range(1, count + 1):
        matching(who, number)
    client = client_of(who.auditor)
    client.get("/money-in/rounds/")
    # session, user, roles, fund, rounds, their grants, their receipts
    with django_assert_num_queries(7):
        client.get("/money-in/rounds/")
    # session, user, roles, fund, round, grant, receipt, sums of communities, communities, reading log, members
    with django_assert_num_queries(11):
        page = client.get("/money-in/rounds/1/?community=1")
    assert len(page.context["page"].rows) == count


def test_the_list_names_who_is_in_with_how_much_and_no_ids(who) -> None:
    member = member_owing(who.community)
    matching(who)
    client = client_of(who.treasurer)
    book = CalamineWorkbook.from_filelike(io.BytesIO(client.get("/money-in/rounds/1/list.xlsx").content))
    rows = book.get_sheet_by_index(0).to_python()
    assert (rows[3][0], rows[3][1], rows[3][4]) == (float(member.number), member.full_name, 300.0)
    pdf = client.post("/money-in/rounds/1/paper/", {"request_id": uuid.uuid4(), "language": "th"})
    text = pdfium_text(pdf.content)
    assert [word in text for word in (member.full_name, "300.00")] == [True, True]


def test_the_list_of_a_coming_round_holds_those_matched_least(who) -> None:
    first, second = (member_owing(who.community) for _ in range(2))
    matching(who, member_count=1)
    listed = coming_list(CUTOFF, count=1, baht=Decimal("300.00"))
    assert [row.number for row in listed.rows] == [second.number]
    assert [row.number for row in coming_list(CUTOFF).rows] == [first.number, second.number]


@pytest.mark.parametrize(
    "asked",
    ["", "cutoff=0001-01-01", "cutoff=x", "cutoff=2020-09-30&baht=NaN", "cutoff=2020-09-30&baht=1.005"],
)
def test_a_list_that_nobody_can_draw_up_is_not_there(who, asked) -> None:
    assert client_of(who.treasurer).get(f"/money-in/rounds/next/list.xlsx?{asked}").status_code == 404


def test_a_long_list_comes_from_the_worker(who, monkeypatch) -> None:
    monkeypatch.setattr("contributions.views.rounds.AT_ONCE", 1)
    for _ in range(2):
        member_owing(who.community)
    matching(who)
    answer = client_of(who.treasurer).post("/money-in/rounds/1/paper/", {"request_id": uuid.uuid4(), "language": "th"})
    job = Job.objects.get()
    assert (answer.url, job.kind) == (f"/jobs/{job.pk}/", "round-list")
    Job.objects.update(state=Job.State.RUNNING)
    print_round_list(JobRun(job))
    job.refresh_from_db()
    assert job.result_name == "round-1-th.pdf"


def test_the_members_page_says_in_which_rounds_she_was_matched_doubles_too(who) -> None:
    member = member_owing(who.community)
    for number in (1, 2, 3):
        matching(who, number)
    double = member_owing(who.community)
    matching(who, 4)
    void_receipt(
        receipt=Receipt.objects.get(number=2),
        reason="ผิด",
        by=who.treasurer,
        second_person=None,
        today=TODAY,
        now=NOW,
    )
    Member.objects.filter(pk=double.pk).update(merged_into=member)
    assert with_round_numbers(Member.objects.all()).get(pk=member.pk).round_numbers == [1, 3, 4]


def test_the_books_hold_after_a_round(who) -> None:
    member_owing(who.community)
    matching(who, lump=Decimal("99.99"))
    assert check_ledger().problems == ()
