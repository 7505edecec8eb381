"""The register's pages: who sees whom, one search box, and enrolment by form."""

import uuid
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from bansong_fund.lib.national_id import encrypt_id, id_digest, with_check_digit
from members.models import Community, Member
from tests.factories import MemberFactory, make_user

AN_ID = with_check_digit("100123456789")


def client_of(user) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


@pytest.fixture
def registrar(fund) -> Client:
    return client_of(make_user("registrar"))


def numbers(response) -> list[int]:
    return [row.member.number for row in response.context["page"].rows]


def test_the_register_stands_in_thai_dictionary_order(registrar, first) -> None:
    for number, name in enumerate(["ไก่", "กมล", "แก้ว", "เอก", "ขวัญ"], start=1):
        MemberFactory(number=number, first_name=name, community=first)
    assert numbers(registrar.get(reverse("members:list"))) == [2, 3, 1, 5, 4]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("สมห", [1]),
        ("มหญิ", [1]),
        ("สุวรรณ", [2]),
        ("สมหญิง ใจ", [1]),
        ("ต้อย", [2]),
        ("2", [2]),
        ("๒", [2]),
        (AN_ID, [1]),
        ("1-0012-34567-89-" + AN_ID[-1], [1]),
        ("ไม่มีใคร", []),
    ],
)
def test_the_search_box_takes_parts_of_names_numbers_and_ids(registrar, first, asked, found) -> None:
    MemberFactory(
        number=1,
        first_name="สมหญิง",
        family_name="ใจดี",
        community=first,
        national_id_digest=id_digest(AN_ID),
        national_id_encrypted=encrypt_id(AN_ID),
    )
    MemberFactory(number=2, first_name="ประเสริฐ", family_name="สุวรรณสมมติ", nickname="ต้อย", community=first)
    assert numbers(registrar.get(reverse("members:list"), {"q": asked})) == found


def test_standing_narrows_the_register(registrar, first) -> None:
    MemberFactory(number=1, community=first, paid_through=date(2020, 12, 31))
    MemberFactory(number=2, community=first, paid_through=date(2020, 10, 1))
    MemberFactory(number=3, community=first, paid_through=date(2019, 12, 31))
    by_standing = {
        standing: numbers(registrar.get(reverse("members:list"), {"standing": standing}))
        for standing in ("good", "arrears", "suspended", "lapsed")
    }
    assert by_standing == {"good": [1], "arrears": [2], "suspended": [3], "lapsed": []}


def test_a_leader_sees_her_community_and_no_other(first, second) -> None:
    MemberFactory(number=1, community=first)
    MemberFactory(number=2, community=second)
    leader = client_of(make_user("leader", community=first))
    assert numbers(leader.get(reverse("members:list"))) == [1]
    assert numbers(leader.get(reverse("members:list"), {"q": "2"})) == []
    assert numbers(leader.get(reverse("members:list"), {"community": Community.objects.get(number=2).pk})) == [1]


def test_pages_follow_each_other_by_key(registrar, first) -> None:
    for number in range(1, 53):
        MemberFactory(number=number, first_name=f"ก{number:03d}", community=first)
    page = registrar.get(reverse("members:list"))
    after = page.context["page"].next_after
    assert (len(numbers(page)), after) == (50, 50)
    assert numbers(registrar.get(reverse("members:list"), {"after": after})) == [51, 52]


@pytest.mark.parametrize("count", [1, 3])
def test_the_register_asks_the_same_number_of_queries_for_one_row_and_for_three(
    registrar, first, count, django_assert_num_queries
) -> None:
    for number in range(1, count + 1):
        MemberFactory(number=number, community=first)
    registrar.get(reverse("members:list"))
    # session, user, roles, fund, regulation, communities for the filter, members, memberships
    with django_assert_num_queries(9):
        registrar.get(reverse("members:list"))


def enrolment(lives_in: Community, **changes: str) -> dict[str, str]:
    return {
        "request_id": str(uuid.uuid4()),
        "title": "นาง",
        "first_name": "สมมติ",
        "family_name": "ใจดี",
        "sex": "f",
        "birth_date_day": "29",
        "birth_date_month": "2",
        "birth_date_year": "2527",
        "id_kind": "citizen",
        "national_id": AN_ID,
        "community": str(lives_in.pk),
        "house_number": "12/3",
        "joined_on_day": "1",
        "joined_on_month": "11",
        "joined_on_year": "2563",
        **changes,
    }


def test_a_registrar_enrols_a_member(registrar, first) -> None:
    response = registrar.post(reverse("members:enrol"), enrolment(first))
    member = Member.objects.get()
    assert (response.status_code, response["Location"]) == (302, f"/members/{member.number}/")
    assert (member.birth_date, member.memberships.get().joined_on) == (date(1984, 2, 29), date(2020, 11, 1))


def test_a_double_click_enrols_once(registrar, first) -> None:
    form = enrolment(first)
    for _ in range(2):
        registrar.post(reverse("members:enrol"), form)
    assert Member.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"birth_date_day": "30"}, "birth_date"),
        ({"birth_date_year": "27"}, "birth_date"),
        ({"birth_date_year": "1984"}, "birth_date"),
        ({"joined_on_year": "2564"}, "joined_on"),
        ({"joined_on_year": "2020"}, "joined_on"),
        ({"national_id": "1234567890123"}, "national_id"),
        ({"national_id": ""}, "national_id"),
        ({"first_name": "สมมติ😀"}, "first_name"),
        ({"first_name": "ก" * 500}, "first_name"),
        ({"community": "999999"}, "community"),
    ],
)
def test_what_is_wrong_is_said_at_the_field_and_what_was_typed_stays(registrar, first, changes, field) -> None:
    response = registrar.post(reverse("members:enrol"), enrolment(first, **changes))
    assert (response.status_code, list(response.context["form"].errors), Member.objects.count()) == (200, [field], 0)
    assert 'value="ใจดี"' in response.content.decode()


def test_thai_digits_are_digits(registrar, first) -> None:
    registrar.post(reverse("members:enrol"), enrolment(first, birth_date_year="๒๕๒๗", birth_date_day="๒๙"))
    assert Member.objects.get().birth_date == date(1984, 2, 29)


def test_a_community_is_renamed(registrar, first) -> None:
    registrar.post(reverse("members:community", args=[1]), {"name_th": "ชุมชนริมคลอง", "name_en": "Canalside"})
    assert Community.objects.get(number=1).name_th == "ชุมชนริมคลอง"


def test_a_community_is_added_once_under_the_next_number(registrar, second) -> None:
    names = {"name_th": "ชุมชนริมคลอง", "name_en": "Canalside"}
    answers = [registrar.post(reverse("members:new_community"), names) for _click in range(2)]
    assert [answer.status_code for answer in answers] == [302, 200]
    assert list(answers[1].context["form"].errors) == ["name_th"]
    assert Community.objects.filter(name_th="ชุมชนริมคลอง").values_list("number", "member_count__current").get() == (3, 0)


@pytest.mark.parametrize("role", ["leader", "committee", "treasurer", "auditor"])
def test_only_the_registrar_enrols(fund, role) -> None:
    assert client_of(make_user(role)).get(reverse("members:enrol")).status_code == 403
