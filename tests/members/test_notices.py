"""A member is told of her arrears: who may write it down, for which day, and what it holds for."""

import uuid
from datetime import UTC, date, datetime

import pytest
from django.utils import translation

from members.arrears import Stage, arrears_page, memberships_behind
from members.models import ArrearsNotice, EndReason, MemberCount, Membership
from members.notices import NothingToTell, NoticeDay, NoticeNotYours, record_notice
from members.queries import visible_members
from members.regulations import standing_rules
from members.verbs import end_membership
from tests.factories import TODAY, MemberFactory, make_user

NOW = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)
LONG_AGO = date(2018, 12, 31)


@pytest.fixture(autouse=True)
def in_english(first):
    MemberCount.objects.update(current=20, cumulative=20)
    with translation.override("en"):
        yield


def told(member, by, **changes) -> ArrearsNotice:
    facts = {
        "membership": member.memberships.get(),
        "how": "phone",
        "given_on": TODAY,
        "by": by,
        "today": TODAY,
        "now": NOW,
        "request_id": uuid.uuid4(),
    }
    return record_notice(**(facts | changes))


def numbers_at(stage, user) -> list[int]:
    rules = standing_rules(TODAY)
    behind = memberships_behind(visible_members(user), stage, today=TODAY, rules=rules)
    return [row.member.number for row in arrears_page(behind, community=None, after=None, rules=rules).rows]


def test_a_notice_keeps_the_day_the_way_and_the_arrears_it_was_given_for(first) -> None:
    leader = make_user("leader", community=first)
    notice = told(MemberFactory(community=first, paid_through=LONG_AGO), leader, how="line", note=" her son answered ")
    assert (notice.given_on, notice.how, notice.paid_through, notice.note, notice.given_by) == (
        TODAY,
        "line",
        LONG_AGO,
        "her son answered",
        leader,
    )


def test_the_same_request_writes_once(first) -> None:
    member, leader, request_id = (
        MemberFactory(community=first, paid_through=LONG_AGO),
        make_user("leader"),
        uuid.uuid4(),
    )
    assert told(member, leader, request_id=request_id) == told(member, leader, request_id=request_id, how="letter")
    assert ArrearsNotice.objects.count() == 1


@pytest.mark.parametrize("role", ["committee", "treasurer", "auditor", "administrator"])
def test_others_than_leaders_and_registrars_tell_nobody(first, role) -> None:
    with pytest.raises(NoticeNotYours):
        told(MemberFactory(community=first, paid_through=LONG_AGO), make_user(role))


def test_a_notice_lies_neither_ahead_nor_before_the_arrears_began(first) -> None:
    member, registrar = MemberFactory(community=first, paid_through=date(2019, 12, 31)), make_user("registrar")
    with pytest.raises(NoticeDay):
        told(member, registrar, given_on=date(2020, 11, 2))
    with pytest.raises(NothingToTell, match="has paid through 31 December 2562"):
        told(member, registrar, given_on=date(2019, 12, 31))
    assert told(member, registrar, given_on=date(2020, 1, 1)).given_on == date(2020, 1, 1)


def test_nobody_is_told_who_has_paid_or_left(first) -> None:
    registrar = make_user("registrar")
    with pytest.raises(NothingToTell):
        told(MemberFactory(community=first), registrar)
    gone = MemberFactory(community=first, paid_through=LONG_AGO)
    end_membership(membership=gone.memberships.get(), on=TODAY, reason=EndReason.MOVED, today=TODAY)
    with pytest.raises(NothingToTell, match="ended on 1 November 2563"):
        told(gone, registrar)


def test_the_lists_part_by_day(first) -> None:
    """Due to lapse after 365 days, suspended after 90; on 1 November 2563."""
    registrar = make_user("registrar")
    days = {1: date(2019, 11, 1), 2: date(2019, 11, 2), 3: date(2019, 12, 31), 4: date(2020, 1, 1), 5: date(2020, 8, 2)}
    for number, paid in {**days, 6: date(2020, 8, 3), 7: date(2020, 12, 31)}.items():
        MemberFactory(number=number, first_name=f"ก{number}", community=first, paid_through=paid)
    assert {stage: numbers_at(stage, registrar) for stage in Stage} == {
        Stage.TO_TELL: [1],
        Stage.TOLD: [],
        Stage.SOON: [2, 3],
        Stage.SUSPENDED: [2, 3, 4, 5],
    }


def test_who_was_told_leaves_the_list_until_a_payment_ends_the_notice(first) -> None:
    member, registrar = (
        MemberFactory(number=1, community=first, paid_through=date(2017, 12, 31)),
        make_user("registrar"),
    )
    told(member, registrar)
    assert (numbers_at(Stage.TO_TELL, registrar), numbers_at(Stage.TOLD, registrar)) == ([], [1])
    Membership.objects.update(paid_through=LONG_AGO)  # a part of what she owed
    assert (numbers_at(Stage.TO_TELL, registrar), numbers_at(Stage.TOLD, registrar)) == ([1], [])


def test_ended_memberships_merged_doubles_and_other_communities_stand_on_no_list(first, second) -> None:
    leader = make_user("leader", community=first)
    gone = MemberFactory(number=1, community=first, paid_through=LONG_AGO)
    end_membership(membership=gone.memberships.get(), on=TODAY, reason=EndReason.RESIGNED, today=TODAY)
    kept = MemberFactory(number=2, community=first, paid_through=LONG_AGO)
    MemberFactory(number=3, community=first, paid_through=LONG_AGO, merged_into=kept)
    MemberFactory(number=4, community=second, paid_through=LONG_AGO)
    assert numbers_at(Stage.TO_TELL, leader) == [2]


def test_pages_go_by_community_and_name(first, second) -> None:
    registrar, rules = make_user("registrar"), standing_rules(TODAY)
    for number in range(1, 53):
        home = second if number <= 2 else first
        MemberFactory(number=number, first_name=f"ก{number:03d}", community=home, paid_through=LONG_AGO)
    behind = memberships_behind(visible_members(registrar), Stage.TO_TELL, today=TODAY, rules=rules)
    page = arrears_page(behind, community=None, after=None, rules=rules)
    assert (len(page.rows), page.rows[0].member.number, page.next_after) == (50, 3, 52)
    rest = arrears_page(behind, community=None, after=page.rows[-1].member, rules=rules)
    assert ([row.member.number for row in rest.rows], rest.next_after) == ([1, 2], None)
