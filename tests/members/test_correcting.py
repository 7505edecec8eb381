"""Facts put right: what was written down wrongly, with the ID in all its kinds."""

from datetime import date

import pytest
from django.utils import translation

from bansong_fund.lib.national_id import with_check_digit
from members.correcting import Contact, correct_contact, correct_member, number_of
from members.models import Fund, Household, Member
from members.verbs import DoubtfulId, IdInUse, PersonFacts, WrongDates, person_columns
from office.models import ActionLog
from tests.factories import TODAY, HouseholdFactory, MemberFactory, make_user

A_CITIZEN, ANOTHER = with_check_digit("100123456789"), with_check_digit("300987654321")
STATELESS, FOREIGNER = with_check_digit("000123456789"), with_check_digit("700123456789")


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def facts(**changes: object) -> PersonFacts:
    person = {"title": "นาง", "first_name": "สมมติ", "family_name": "ใจดี", "sex": "f", "birth_date": date(1975, 6, 15)}
    return PersonFacts(**(person | {"national_id": A_CITIZEN, "house_number": "12/3"} | changes))


@pytest.fixture
def member(first) -> Member:
    columns = person_columns(facts())
    return MemberFactory(number=101, community=first, household=HouseholdFactory(community=first), **columns)


def correct(member: Member, *, new_number: bool = True, **changes: object) -> tuple[str, ...]:
    by = make_user("registrar")
    changed = correct_member(member=member, facts=facts(**changes), by=by, today=TODAY, new_number=new_number)
    member.refresh_from_db()
    return changed


def test_only_what_changed_is_written_and_named_in_the_log(member) -> None:
    correct(member)
    changed = correct(member, family_name="ใจงาม", phone="0000000009")
    assert changed == ("family_name", "phone")
    line = ActionLog.objects.filter(action="member-corrected").latest("pk")
    assert (line.subject_id, line.details) == (member.pk, {"changed": ["family_name", "phone"]})
    assert member.events.latest("pgh_id").family_name == "ใจดี"


def test_nothing_changed_is_not_logged(member) -> None:
    correct(member)
    before = ActionLog.objects.count()
    assert (correct(member), ActionLog.objects.count()) == ((), before)


@pytest.mark.parametrize(
    ("kind", "number", "kept_kind"),
    [
        ("citizen", ANOTHER, "citizen"),
        ("citizen", STATELESS, "stateless"),
        ("citizen", FOREIGNER, "foreigner"),
        ("stateless", A_CITIZEN, "citizen"),
        ("passport", "AA123456", "passport"),
        ("none", "", "none"),
    ],
)
def test_a_number_says_itself_of_which_kind_it_is(member, kind, number, kept_kind) -> None:
    correct(member, id_kind=kind, national_id=number)
    assert (member.id_kind, number_of(member), member.national_id_last4) == (kept_kind, number, number[-4:])


@pytest.mark.parametrize("number", ["9001234567890", A_CITIZEN[:-1] + str((int(A_CITIZEN[-1]) + 1) % 10)])
def test_an_odd_number_wants_a_reason(member, number) -> None:
    with pytest.raises(DoubtfulId) as refusal:
        correct(member, national_id=number)
    assert refusal.value.field == "national_id"
    correct(member, national_id=number, id_reason="อยู่บนบัตรเช่นนี้")
    assert (number_of(member), member.id_reason) == (number, "อยู่บนบัตรเช่นนี้")


def test_a_number_that_is_not_typed_again_stays(member) -> None:
    correct(member, new_number=False, national_id="", id_kind="citizen")
    assert number_of(member) == A_CITIZEN
    correct(member, new_number=False, national_id="", id_kind="none")
    assert (number_of(member), member.national_id_digest) == ("", None)


@pytest.mark.parametrize(
    ("kept", "asked"), [({"id_kind": "passport", "national_id": "AA123456"}, "citizen"), ({}, "passport")]
)
def test_a_number_that_is_kept_stays_of_its_kind(member, kept, asked) -> None:
    correct(member, **kept)
    with pytest.raises(DoubtfulId, match="Write the new number too"):
        correct(member, id_kind=asked, national_id="", new_number=False)
    assert correct(member, **(kept | {"national_id": "", "new_number": False, "nickname": "น้อย"})) == ("nickname",)


def test_another_s_number_is_refused_and_her_own_is_not(member, first) -> None:
    MemberFactory(number=7, community=first, **person_columns(facts(national_id=ANOTHER, first_name="อีกคน")))
    with pytest.raises(IdInUse, match=r"member no\. 7"):
        correct(member, national_id=ANOTHER)
    correct(member, national_id=A_CITIZEN)


def test_a_passport_that_looks_invented_is_no_invented_number(member) -> None:
    Fund.objects.update(is_demo=False, demo_day=None)
    correct(member, id_kind="passport", national_id="A00123456")
    assert member.masked_id == "…3456"


@pytest.mark.parametrize("born", [date(2015, 1, 2), date(2020, 11, 2)])
def test_nobody_is_born_after_joining_or_today(member, born) -> None:
    with pytest.raises(WrongDates) as refusal:
        correct(member, birth_date=born)
    assert refusal.value.field == "birth_date"


def test_a_birth_known_to_the_year_is_reckoned_as_settled(member) -> None:
    Fund.objects.update(year_only_births="july")
    correct(member, birth_date=date(2015, 1, 1), birth_precision="year")
    assert (member.birth_date, member.birth_precision) == (date(2015, 1, 1), "year")
    correct(member, birth_date=date(1947, 1, 1), birth_precision="year")
    assert member.birth_date == date(1947, 7, 1)


def test_a_house_is_put_right_and_its_lane_is_the_house_s(member) -> None:
    assert "household" in correct(member, house_number="99", moo="4", lane="ซอย 1")
    assert (member.household.house_number, member.household.lane) == ("99", "ซอย 1")
    assert "household" in correct(member, house_number="99", moo="4", lane="ซอย 2")
    assert Household.objects.get(house_number="99").lane == "ซอย 2"
    correct(member, house_number="")
    assert member.household is None


def test_a_leader_puts_right_how_to_reach_her_people(member, first) -> None:
    leader = make_user("leader", community=first)
    contact = Contact("ต้อย", "0000000009", "บ้านลูก")
    assert correct_contact(member=member, contact=contact, by=leader) == ("nickname", "phone", "address")
    member.refresh_from_db()
    assert (member.nickname, member.phone, member.address) == ("ต้อย", "0000000009", "บ้านลูก")
