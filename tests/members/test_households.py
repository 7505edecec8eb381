"""Households: who lives in a house, its head, and a member's move to another one."""

import uuid
from datetime import UTC, date, datetime

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from members.households import (
    HeadOrReason,
    HouseKnown,
    NotOfThisHouse,
    change_house,
    choose_head,
    find_households,
    move_house,
    visible_households,
)
from members.life import House, NotHere
from members.models import Household
from office.models import ActionLog
from tests.factories import HouseholdFactory, MemberFactory, make_user

NOW = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def client_of(user) -> Client:
    client = Client()
    client.cookies["django_language"] = "en"
    client.force_login(user)
    return client


@pytest.fixture
def house(first) -> Household:
    return HouseholdFactory(community=first, house_number="12/3", moo="4")


def chosen(house, head, **changes):
    return choose_head(**({"household": house, "head": head, "by": make_user("registrar"), "now": NOW} | changes))


def test_one_who_lives_there_becomes_the_head_and_it_is_logged(house, first) -> None:
    member = MemberFactory(number=7, community=first, household=house)
    assert chosen(house, member).head == member
    chosen(house, member)  # a second click
    assert [(row.action, row.subject_name, row.details) for row in ActionLog.objects.all()] == [
        ("head-chosen", "12/3", {"head": 7})
    ]


def test_a_head_lives_in_the_house_and_is_alive(house, first) -> None:
    for other in (MemberFactory(community=first), MemberFactory(household=house, died_on=date(2020, 1, 1))):
        with pytest.raises(NotOfThisHouse, match="does not live in this house"):
            chosen(house, other)


def test_a_house_without_a_head_says_why(house) -> None:
    with pytest.raises(HeadOrReason):
        chosen(house, None, reason="  ")
    assert chosen(house, None, reason="only children are left").head is None
    assert ActionLog.objects.get().details == {"reason": "only children are left"}


def test_a_member_moves_into_a_new_house_and_is_head_of_the_old_one_no_more(house, first) -> None:
    member = MemberFactory(community=first, household=house)
    chosen(house, member)
    moved = move_house(member=member, house=House("99", "4", "", "ถนนสมมติ"))
    house.refresh_from_db()
    assert (str(moved.household), moved.household.road, moved.household.community, house.head) == (
        "99",
        "ถนนสมมติ",
        first,
        None,
    )
    assert move_house(member=member, house=House("99", "4")).household == moved.household
    assert Household.objects.count() == 2


def test_the_dead_do_not_move(first) -> None:
    with pytest.raises(NotHere):
        move_house(member=MemberFactory(community=first, died_on=date(2020, 1, 1)), house=House("1"))


def test_an_address_is_put_right_but_no_two_houses_are_merged(house, first, second) -> None:
    HouseholdFactory(community=first, house_number="13", moo="4")
    HouseholdFactory(community=second, house_number="14", moo="4")
    with pytest.raises(HouseKnown, match="House 13 is another house"):
        change_house(household=house, house=House("13", "4"))
    assert change_house(household=house, house=House("14", "4", "ซอย 2")).lane == "ซอย 2"


def test_houses_stand_in_the_order_of_their_numbers_page_by_page(first, second) -> None:
    user = make_user("registrar")
    for number in ("10", "9/2", "9/10", "ท้ายสวน", "100"):
        HouseholdFactory(community=first, house_number=number)
    HouseholdFactory(community=second, house_number="1")
    page = find_households(visible_households(user), text="", community=None, after=None)
    numbers = [one.house_number for one in page.rows]
    assert numbers == ["9/10", "9/2", "10", "100", "ท้ายสวน", "1"]
    after = find_households(visible_households(user), text="", community=None, after=page.rows[2])
    assert [one.house_number for one in after.rows] == numbers[3:]
    found = find_households(visible_households(user), text=" ๑๐", community=first, after=None)
    assert [one.house_number for one in found.rows] == ["10", "100"]


def test_a_leader_sees_the_houses_of_her_community_only(house, first, second) -> None:
    other = HouseholdFactory(community=second)
    leader = client_of(make_user("leader", community=first))
    assert [one.pk for one in leader.get(reverse("members:households")).context["page"].rows] == [house.pk]
    assert leader.get(reverse("members:household", args=[other.pk])).status_code == 404
    assert leader.post(reverse("members:household_head", args=[other.pk])).status_code == 404
    assert leader.get(reverse("members:change_house", args=[house.pk])).status_code == 403


def test_the_page_of_a_house_parts_members_from_former_ones(house, first) -> None:
    now, left = MemberFactory(community=first, household=house), MemberFactory(community=first, household=house)
    left.memberships.update(ended_on=date(2020, 5, 1), end_reason="resigned")
    MemberFactory(community=first, household=house, died_on=date(2020, 5, 1))
    page = client_of(make_user("registrar")).get(reverse("members:household", args=[house.pk]))
    assert (page.context["people"], page.context["former"]) == ([now], [left])


def test_the_head_is_chosen_on_the_page(house, first) -> None:
    member = MemberFactory(community=first, household=house)
    leader = client_of(make_user("leader", community=first))
    address = reverse("members:household_head", args=[house.pk])
    answer = leader.post(address, {"request_id": str(uuid.uuid4()), "head": "", "reason": ""})
    assert (answer.status_code, list(answer.context["form"].errors)) == (200, ["reason"])
    leader.post(address, {"request_id": str(uuid.uuid4()), "head": str(member.pk)})
    house.refresh_from_db()
    assert house.head == member


def test_a_registrar_moves_a_member_and_rights_an_address(house, first) -> None:
    member = MemberFactory(number=7, community=first, household=house)
    registrar = client_of(make_user("registrar"))
    form = {"request_id": str(uuid.uuid4()), "house_number": "๑๔ / ๑", "moo": "๔"}
    answer = registrar.post(reverse("members:move_house", args=[7]), form)
    member.refresh_from_db()
    assert (answer.status_code, str(member.household), member.household.moo) == (302, "14/1", "4")
    nothing = {"request_id": str(uuid.uuid4()), "house_number": "\u200b"}
    answer = registrar.post(reverse("members:move_house", args=[7]), nothing)
    assert (answer.status_code, list(answer.context["form"].errors)) == (200, ["house_number"])
    answer = registrar.post(reverse("members:change_house", args=[house.pk]), form)
    assert (answer.status_code, list(answer.context["form"].errors)) == (200, ["house_number"])


@pytest.mark.parametrize("count", [1, 3])
def test_the_lists_ask_the_same_number_of_queries(first, count, django_assert_num_queries) -> None:
    for _ in range(count):
        MemberFactory(community=first, household=HouseholdFactory(community=first))
    registrar = client_of(make_user("registrar"))
    registrar.get(reverse("members:households"))
    # session, user, roles, fund; communities for the filter (counted and read); houses, the people in them
    with django_assert_num_queries(8):
        registrar.get(reverse("members:households"))


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_of_a_house_asks_the_same_number_of_queries(house, first, count, django_assert_num_queries) -> None:
    for _ in range(count):
        MemberFactory(community=first, household=house)
    registrar = client_of(make_user("registrar"))
    address = reverse("members:household", args=[house.pk])
    registrar.get(address)
    # session, user, roles, fund; the house, the log, people, their memberships, the choice of a head
    with django_assert_num_queries(9):
        registrar.get(address)
