"""Doubles: which rows look like one person, and how such a pair is settled."""

import uuid
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from members.doubles import PossibleDouble, possible_doubles, possible_doubles_of
from members.likeness import PersonKey, Why, like_key, like_names
from members.models import Member
from members.verbs import PersonFacts, person_columns
from tests.factories import HouseholdFactory, MemberFactory, make_user

BORN = date(1975, 6, 15)
ID, OTHER_ID = "1000000000009", "1000000000017"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("สมศรี ใจดี", "สมสี ใจดี"),  # one letter
        ("ณัฐพล สีดา", "นัฐพล สีดา"),  # ณ น
        ("พงศ์เทพ ใจดี", "พงษ์เทพ ใจดี"),  # ศ ษ
        ("พงศ์เทพ ใจดี", "พงศเทพ ใจดี"),  # the silent mark
        ("แก้ว ใจดี", "เเกว ใจดี"),  # two เ, no tone mark
        ("อำไพ ใจดี", "อ\u0e4dาไพ ใจดี"),  # ำ typed as two
        ("ใหม่ ใจดี", "ไหม ใจดี"),
        ("นายสมชาย ใจดี", "สมชาย ใจดี"),  # a glued title
        ("สมชาย ใจดี", "สมชาย  ใจดี\u200b"),
        ("สมชาย ใจดี", "สมาชย ใจดี"),  # two letters changed places
    ],
)
def test_names_that_two_hands_write_differently_are_like(one: str, other: str) -> None:
    assert like_names(like_key(*one.split(" ", 1)), like_key(*other.split(" ", 1)))


@pytest.mark.parametrize(
    ("one", "other"),
    [("นา ใจดี", "มา ใจดี"), ("สมชาย ใจดี", "สมหญิง ใจดี"), ("สมชาย ใจดี", "สมชาย งามตา"), ("สมชาย ใจดี", "สมชัด ใจดี่ๆ")],
)
def test_other_names_are_not_like(one: str, other: str) -> None:
    assert not like_names(like_key(*one.split()), like_key(*other.split()))


@given(st.text(alphabet="กนณศษสมายเแไใ่้์ำ", min_size=1, max_size=12), st.data())
def test_likeness_has_no_direction(name: str, data) -> None:
    place = data.draw(st.integers(0, len(name) - 1))
    other = name[:place] + name[place + 1 :]
    one, two = like_key(name, "ใจดี"), like_key(other, "ใจดี")
    assert like_names(one, two) == like_names(two, one)


def facts(**changes: object) -> dict[str, object]:
    base = {"title": "นาง", "first_name": "สมศรี", "family_name": "ใจดี", "sex": "f", "birth_date": BORN}
    return person_columns(PersonFacts(**(base | changes)))


def asked(**changes: object) -> list[tuple[int, str]]:
    base = {"first_name": "สมสี", "family_name": "ใจดี", "birth_date": date(1980, 1, 1)}
    return [(one.member.number, one.why) for one in possible_doubles(**(base | changes))]


@pytest.fixture
def member(first):
    house = HouseholdFactory(community=first, house_number="12/3", moo="4")
    return MemberFactory(community=first, household=house, number=7, **facts(national_id=ID, phone="0812345678"))


def test_the_same_id_is_the_same_person_whatever_the_name(member) -> None:
    assert asked(first_name="อื่น", family_name="ไกล", national_id=ID) == [(7, Why.ID)]


def test_a_like_name_and_the_same_birth_is_shown(member) -> None:
    assert asked(birth_date=BORN) == [(7, Why.BIRTH)]


def test_a_birth_known_to_the_year_is_the_same_in_that_year(member) -> None:
    year = {"birth_date": date(1975, 1, 1), "birth_precision": "year"}
    assert asked(first_name="สมศรี", **year) == [(7, Why.BIRTH)]
    assert asked(first_name="สมศรี", birth_date=date(1975, 1, 1)) == []


def test_a_like_name_in_the_same_house_is_shown(member, first, second) -> None:
    house = {"house_number": "12/3", "birth_date": None}
    assert asked(community=first, **house) == [(7, Why.HOUSE)]
    assert asked(community=first, moo="4", **house) == [(7, Why.HOUSE)]
    assert asked(community=first, moo="5", **house) == []
    assert asked(community=second, **house) == []


def test_the_same_first_name_and_phone_is_a_hint(member) -> None:
    assert asked(first_name="สมศรี", family_name="งามตา", phone="0812345678") == [(7, Why.PHONE)]


def test_twins_with_an_id_each_are_two_people(member) -> None:
    assert asked(birth_date=BORN, national_id=OTHER_ID) == []


def test_the_row_that_is_being_changed_is_no_double_of_itself(member) -> None:
    assert asked(birth_date=BORN, except_member=member) == []


def test_who_may_not_see_a_member_is_not_told_of_her(member) -> None:
    assert asked(birth_date=BORN, members=type(member).objects.none()) == []


def test_a_merged_row_stands_for_its_survivor(member) -> None:
    MemberFactory(
        community=member.community, number=8, merged_into=member, **facts(first_name="ลำดวน", family_name="แปลก")
    )
    assert asked(first_name="ลําดวน", family_name="แปลก", birth_date=BORN) == [(7, Why.BIRTH)]


def test_many_rows_are_asked_in_two_queries(member, django_assert_num_queries) -> None:
    key = PersonKey(first_name="สมศรี", family_name="ใจดี", birth_date=BORN)
    other = PersonKey(first_name="ใครเลย", family_name="ไม่รู้", birth_date=BORN)
    with django_assert_num_queries(2):
        assert possible_doubles_of([other, key, other]) == {1: PossibleDouble(member, Why.BIRTH)}


# --- at enrolment ---------------------------------------------------------------------------------------------


def enrolment(community, **changes: str) -> dict[str, str]:
    base = {
        "title": "นาง",
        "first_name": "สมสี",
        "family_name": "ใจดี",
        "sex": "f",
        "birth_date": "15/6/2518",
        "id_kind": "none",
        "community": str(community.pk),
        "joined_on": "1/10/2563",
        "request_id": str(uuid.uuid4()),
    }
    return base | changes


@pytest.fixture
def registrar(client, member):
    client.force_login(make_user("registrar"))
    client.cookies["django_language"] = "en"
    return client


def test_enrolling_a_like_person_shows_who_is_there_and_writes_nothing(registrar, first) -> None:
    page = registrar.post("/members/enrol/", enrolment(first)).content.decode()
    assert "This person may be a member already." in page
    assert 'href="/members/7/"' in page
    assert Member.objects.count() == 1


def test_the_tick_goes_on_and_a_second_click_enrols_once(registrar, first) -> None:
    asked = enrolment(first, another_person="on", doubles_shown="7")
    answers = [registrar.post("/members/enrol/", asked) for _click in range(2)]
    assert ([answer.status_code for answer in answers], Member.objects.count()) == ([302, 302], 2)


def test_a_tick_for_others_than_those_shown_is_asked_again(registrar, first) -> None:
    page = registrar.post("/members/enrol/", enrolment(first, another_person="on", doubles_shown="99"))
    assert page.context["form"]["another_person"].value() in (None, False)
    assert Member.objects.count() == 1


def test_whoever_is_like_nobody_is_enrolled_at_once(registrar, first) -> None:
    assert registrar.post("/members/enrol/", enrolment(first, first_name="ดวงใจ")).status_code == 302
