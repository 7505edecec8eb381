"""The life of a membership: moving, a new name, leaving and coming back."""

import uuid
from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import translation
from PIL import Image

from ledger.checks.members import counts_of_members, members_are_where_their_stays_say
from members.life import (
    House,
    NeverAMember,
    NotHere,
    SameName,
    SamePlace,
    StillAMember,
    WrongReason,
    change_name,
    change_titles,
    leave_fund,
    reenter_member,
    transfer_member,
)
from members.models import CommunityStay, Household, Member, MemberCount, Membership, NameChange
from members.queries import visible_members
from members.verbs import MembershipEnded, WrongDates, end_membership
from office.attachments import FileRefused
from office.models import Attachment
from tests.factories import TODAY, HouseholdFactory, MemberFactory, make_user

NOW = datetime(2020, 11, 1, 3, 0, tzinfo=UTC)
ONE_DAY = timedelta(days=1)
JOINED = date(2015, 1, 1)


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def member(first, second) -> Member:
    """Member no. 101 of the first community, whose kept counts are those of her alone."""
    return counted(MemberFactory(number=101, community=first, household=HouseholdFactory(community=first)))


def counted(member: Member) -> Member:
    MemberCount.objects.filter(community=member.community).update(current=1, cumulative=1)
    return member


def who(**changes: object) -> dict[str, object]:
    return {"by": make_user("registrar"), "today": TODAY, "now": NOW, "request_id": uuid.uuid4()} | changes


def a_photograph() -> bytes:
    paper = BytesIO()
    Image.new("RGB", (40, 30), "white").save(paper, "PNG")
    return paper.getvalue()


def transfer(member: Member, community, on: date = TODAY, **changes: object) -> CommunityStay:
    return transfer_member(member=member, community=community, on=on, **who(**changes))


def leave(member: Member, on: date = date(2020, 10, 15), reason: str = "resigned", **changes: object) -> Membership:
    return leave_fund(member=member, on=on, reason=reason, **who(**changes))


def come_back(member: Member, community, joined_on: date = TODAY, **changes: object) -> Membership:
    return reenter_member(member=member, community=community, joined_on=joined_on, **who(**changes))


def rename(member: Member, changed_on: date = TODAY, **changes: object) -> NameChange:
    name = {"title": "นาง", "first_name": "สมมติ", "family_name": "แต่งใหม่"}
    given = {key: changes.pop(key) for key in name if key in changes}
    return change_name(member=member, changed_on=changed_on, **(name | given), **who(**changes))


def problems() -> list[str]:
    return [problem.rows for check in (counts_of_members, members_are_where_their_stays_say) for problem in check()]


def stays(member: Member) -> list[tuple[int, date, date | None]]:
    return list(member.community_stays.values_list("community__number", "since", "until"))


# --- transfer -----------------------------------------------------------------------------------------------


def test_a_transfer_closes_one_stay_and_opens_the_next(member, second) -> None:
    transfer(member, second, date(2020, 10, 1), house=House("9/1", "3"))
    member.refresh_from_db()
    assert stays(member) == [(1, JOINED, date(2020, 9, 30)), (2, date(2020, 10, 1), None)]
    assert (member.community, member.household.house_number, member.household.community) == (second, "9/1", second)
    assert list(MemberCount.objects.order_by("community").values_list("current", "cumulative")) == [(0, 0), (1, 1)]
    assert problems() == []


def test_without_a_new_house_none_is_known_and_the_old_one_has_no_head(member, second) -> None:
    Household.objects.update(head=member)
    transfer(member, second)
    member.refresh_from_db()
    assert (member.household, Household.objects.get().head) == (None, None)


def test_a_leader_loses_sight_of_her_and_the_new_one_sees_her(member, first, second) -> None:
    old, new = make_user("leader", community=first), make_user("leader", community=second)
    transfer(member, second)
    assert (list(visible_members(old)), list(visible_members(new))) == ([], [member])


def test_a_transfer_on_the_first_day_puts_the_stay_right(member, second) -> None:
    transfer(member, second, JOINED)
    assert stays(member) == [(2, JOINED, None)]
    assert CommunityStay.objects.get().events.get().community_id != second.pk
    assert problems() == []


def test_the_same_request_moves_once(member, first, second) -> None:
    request_id = uuid.uuid4()
    assert transfer(member, second, request_id=request_id) == transfer(member, second, request_id=request_id)
    assert transfer(member, second, JOINED + ONE_DAY, request_id=request_id).since == TODAY
    assert (len(stays(member)), problems()) == (2, [])


@pytest.mark.parametrize(
    ("on", "words"),
    [(JOINED - ONE_DAY, "began on 1 January 2558"), (TODAY + ONE_DAY, "is after today")],
)
def test_a_transfer_lies_between_the_stay_s_first_day_and_today(member, second, on, words) -> None:
    with pytest.raises(WrongDates, match=words) as refusal:
        transfer(member, second, on)
    assert (refusal.value.field, len(stays(member))) == ("on", 1)


def test_nobody_is_moved_to_where_she_is(member, first) -> None:
    with pytest.raises(SamePlace):
        transfer(member, first)


def test_only_a_member_is_moved(member, second) -> None:
    leave(member)
    with pytest.raises(MembershipEnded):
        transfer(member, second)


def test_the_dead_stay_where_they_are(member, second) -> None:
    end_membership(membership=member.memberships.get(), on=TODAY, reason="died", today=TODAY)
    with pytest.raises(NotHere, match="died on 1 November 2563"):
        transfer(member, second)


def test_a_merged_double_is_left_alone(member, first, second) -> None:
    double = MemberFactory(number=102, community=first, merged_into=member)
    with pytest.raises(NotHere, match=r"member no\. 101"):
        transfer(double, second)


# --- names --------------------------------------------------------------------------------------------------


def test_a_new_name_holds_and_the_old_one_stays_in_the_history(member) -> None:
    old = (member.title, member.first_name, member.family_name)
    change = rename(member, date(2020, 10, 1), shown_by="ทะเบียนสมรส")
    member.refresh_from_db()
    assert member.full_name == "นางสมมติ แต่งใหม่"
    assert (change.old_title, change.old_first_name, change.old_family_name) == old
    assert (change.changed_on, change.shown_by) == (date(2020, 10, 1), "ทะเบียนสมรส")


def test_the_same_request_renames_once(member) -> None:
    request_id = uuid.uuid4()
    assert rename(member, request_id=request_id) == rename(member, request_id=request_id)


def test_a_change_that_changes_nothing_is_refused(member) -> None:
    rename(member)
    with pytest.raises(SameName):
        rename(member)


def test_a_name_changes_after_the_last_change_and_not_in_the_future(member) -> None:
    rename(member, date(2020, 10, 1))
    for day in (date(2020, 9, 30), TODAY + ONE_DAY):
        with pytest.raises(WrongDates) as refusal:
            rename(member, day, family_name="อีกชื่อ")
        assert refusal.value.field == "changed_on"
    rename(member, date(2020, 10, 1), family_name="อีกชื่อ")
    assert NameChange.objects.count() == 2


def test_children_s_titles_change_together_and_once(first) -> None:
    grown = {"เด็กชาย": "นาย", "เด็กหญิง": "นางสาว"}
    boy, girl, monk = (MemberFactory(community=first, title=title) for title in ("เด็กชาย", "เด็กหญิง", "สามเณร"))
    facts = {"grown": grown, "by": None, "today": TODAY, "now": NOW, "shown_by": "อายุครบ 15 ปี"}
    assert change_titles(members=[boy, girl, monk], **facts) == 2
    assert change_titles(members=[boy, girl, monk], **facts) == 0
    assert list(Member.objects.order_by("pk").values_list("title", flat=True)) == ["นาย", "นางสาว", "สามเณร"]
    assert list(NameChange.objects.order_by("pk").values_list("old_title", "title", "changed_on")) == [
        ("เด็กชาย", "นาย", TODAY),
        ("เด็กหญิง", "นางสาว", TODAY),
    ]


def test_many_titles_change_in_five_statements(first, django_assert_num_queries) -> None:
    boys = [MemberFactory(community=first, title="เด็กชาย") for _each in range(3)]
    with django_assert_num_queries(5):  # a savepoint around them, counted with its release
        change_titles(members=boys, grown={"เด็กชาย": "นาย"}, by=None, today=TODAY, now=NOW, shown_by="")


# --- leaving ------------------------------------------------------------------------------------------------


def test_who_resigns_leaves_with_day_reason_and_letter(member) -> None:
    letter = SimpleUploadedFile("ลาออก.png", a_photograph())
    ended = leave(member, note="ย้ายไปอยู่กับลูก", letter=letter)
    assert (ended.ended_on, ended.end_reason, ended.end_note) == (date(2020, 10, 15), "resigned", "ย้ายไปอยู่กับลูก")
    paper = Attachment.objects.get()
    assert (paper.owner_kind, paper.owner_id, paper.purpose) == ("member", member.pk, "resignation")
    assert problems() == []


def test_a_second_click_finds_her_gone(member) -> None:
    request_id = uuid.uuid4()
    for _click in range(2):
        leave(member, request_id=request_id)
    assert MemberCount.objects.get(community=member.community).current == 0


def test_who_has_left_does_not_leave_again(member) -> None:
    leave(member)
    with pytest.raises(MembershipEnded):
        leave(member, reason="moved")


@pytest.mark.parametrize("on", [JOINED - ONE_DAY, TODAY + ONE_DAY])
def test_one_leaves_between_joining_and_today(member, on) -> None:
    with pytest.raises(WrongDates):
        leave(member, on)


def test_a_death_has_its_own_page(member) -> None:
    with pytest.raises(WrongReason):
        leave(member, reason="died")


def test_a_refused_letter_ends_nothing(member) -> None:
    with pytest.raises(FileRefused), transaction.atomic():
        leave(member, letter=SimpleUploadedFile("ลาออก.pdf", b"MZ a program"))
    assert (member.memberships.get().ended_on, problems()) == (None, [])


# --- coming back --------------------------------------------------------------------------------------------


def test_who_comes_back_keeps_her_number_and_starts_anew(member, first) -> None:
    leave(member)
    again = come_back(member, first)
    assert (again.joined_on, again.paid_through, member.memberships.count()) == (TODAY, TODAY - ONE_DAY, 2)
    assert list(MemberCount.objects.filter(community=first).values_list("current", "cumulative")) == [(1, 1)]
    assert (stays(member), problems()) == ([(1, JOINED, None)], [])


def test_who_comes_back_elsewhere_begins_a_stay_there(member, second) -> None:
    leave(member)
    come_back(member, second, house=House("9/1"))
    member.refresh_from_db()
    assert stays(member) == [(1, JOINED, TODAY - ONE_DAY), (2, TODAY, None)]
    assert (member.household.house_number, problems()) == ("9/1", [])


def test_a_move_written_down_after_the_day_of_leaving_is_no_hindrance(member, first, second) -> None:
    transfer(member, second, date(2020, 10, 20))
    leave(member, date(2020, 10, 5))
    come_back(member, first, date(2020, 10, 8))
    assert (stays(member), problems()) == ([(1, JOINED, date(2020, 10, 19)), (1, date(2020, 10, 20), None)], [])


def test_the_same_request_takes_back_once(member, first) -> None:
    leave(member)
    request_id = uuid.uuid4()
    assert come_back(member, first, request_id=request_id) == come_back(member, first, request_id=request_id)
    assert problems() == []


def test_who_lapsed_may_come_back(member, first) -> None:
    end_membership(membership=member.memberships.get(), on=date(2020, 6, 30), reason="lapsed", today=TODAY)
    assert come_back(member, first, date(2020, 7, 1)).joined_on == date(2020, 7, 1)


@pytest.mark.parametrize(
    ("joined_on", "words"),
    [(date(2020, 10, 15), "ended on 15 October 2563"), (TODAY + ONE_DAY, "is after today")],
)
def test_one_comes_back_after_the_end_and_by_today(member, first, joined_on, words) -> None:
    leave(member)
    with pytest.raises(WrongDates, match=words) as refusal:
        come_back(member, first, joined_on)
    assert refusal.value.field == "joined_on"


def test_a_member_cannot_come_back(member, first) -> None:
    with pytest.raises(StillAMember):
        come_back(member, first)


def test_the_dead_do_not_come_back(member, first) -> None:
    end_membership(membership=member.memberships.get(), on=TODAY, reason="died", today=TODAY)
    with pytest.raises(NotHere):
        come_back(member, first)


def test_who_never_was_a_member_applies(first) -> None:
    with pytest.raises(NeverAMember):
        come_back(MemberFactory(community=first, joined_on=None), first)
