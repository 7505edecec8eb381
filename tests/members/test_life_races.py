"""Two at once: the same button twice, two registrars with one member before them."""

import uuid
from datetime import UTC, date, datetime

import pytest

from ledger.checks.members import counts_of_members, members_are_where_their_stays_say
from members.life import change_name, leave_fund, reenter_member, transfer_member
from members.models import Community, CommunityStay, Member, MemberCount, Membership, NameChange
from members.settings import set_year_only_births
from tests.factories import REGULATION_FILE, TODAY, CommunityFactory, MemberFactory, make_fund, make_user
from tests.races import at_once
from welfare.regulations import load_regulation

NOW = datetime(2020, 11, 1, 3, 0, tzinfo=UTC)


@pytest.fixture
def member(committed_db) -> Member:
    make_fund()
    load_regulation(REGULATION_FILE.read_text(encoding="utf-8"), by=None, now=NOW)
    home = CommunityFactory(number=1)
    CommunityFactory(number=2)
    CommunityFactory(number=3)
    MemberCount.objects.filter(community=home).update(current=1, cumulative=1)
    return MemberFactory(number=101, community=home)


def who(request_id: uuid.UUID | None = None) -> dict[str, object]:
    return {"by": None, "today": TODAY, "now": NOW, "request_id": request_id or uuid.uuid4()}


def problems() -> list[str]:
    return [problem.rows for check in (counts_of_members, members_are_where_their_stays_say) for problem in check()]


def test_a_double_click_transfers_once(member) -> None:
    away, facts = Community.objects.get(number=2), who()
    at_once(*[lambda: transfer_member(member=member, community=away, on=TODAY, **facts)] * 4)
    assert (CommunityStay.objects.count(), problems()) == (2, [])


def test_two_transfers_follow_each_other(member) -> None:
    at_once(
        *[
            lambda place=place: transfer_member(member=member, community=place, on=TODAY, **who())
            for place in Community.objects.filter(number__in=(2, 3))
        ]
    )
    assert problems() == []


def test_a_transfer_and_an_end_leave_the_counts_right(member) -> None:
    away, registrar = Community.objects.get(number=2), make_user("registrar")
    at_once(
        lambda: transfer_member(member=member, community=away, on=TODAY, **who()),
        lambda: leave_fund(member=member, on=TODAY, reason="resigned", **(who() | {"by": registrar})),
    )
    assert problems() == []


def test_two_who_change_places_do_not_wait_for_each_other_for_ever(member) -> None:
    home, away = Community.objects.get(number=1), Community.objects.get(number=2)
    MemberCount.objects.filter(community=away).update(current=1, cumulative=1)
    other = MemberFactory(number=102, community=away)
    for day in (date(2020, 10, 1), date(2020, 10, 2), date(2020, 10, 3)):
        at_once(
            lambda day=day, to=away: transfer_member(member=member, community=to, on=day, **who()),
            lambda day=day, to=home: transfer_member(member=other, community=to, on=day, **who()),
        )
        home, away = away, home
    assert problems() == []


def test_a_double_click_takes_back_once(member) -> None:
    registrar = make_user("registrar")
    leave_fund(member=member, on=date(2020, 10, 1), reason="moved", **(who() | {"by": registrar}))
    facts = {"member": member, "community": member.community, "joined_on": TODAY}
    at_once(*[lambda: reenter_member(**facts, **who())] * 4)
    assert (Membership.objects.count(), problems()) == (2, [])


def test_two_registrars_write_one_new_name(member) -> None:
    name = {"title": "นาง", "first_name": "สมมติ", "family_name": "แต่งใหม่", "changed_on": TODAY}
    at_once(*[lambda: change_name(member=member, **name, **who())] * 4)
    assert NameChange.objects.count() == 1


def test_the_setting_of_births_is_settled_once(member) -> None:
    Member.objects.update(birth_precision="year", birth_date=date(1947, 1, 1))
    moved = at_once(*[lambda: set_year_only_births("july", by=None)] * 3)
    assert sorted(moved) == [0, 0, 1]
