"""Enrolment and the end of a membership: what is written, what is refused and why."""

import uuid
from datetime import UTC, date, datetime

import pytest
from django.utils import translation

from bansong_fund.lib.national_id import decrypt_id, with_check_digit
from members.models import EndReason, Fund, Member, MemberCount
from members.verbs import (
    DoubtfulId,
    IdInUse,
    MembershipEnded,
    NamedBeneficiary,
    PersonFacts,
    WrongDates,
    end_membership,
    enrol_member,
)
from tests.factories import make_user

NOW = datetime(2020, 11, 1, 3, 0, tzinfo=UTC)
TODAY = date(2020, 11, 1)
AN_ID = with_check_digit("100123456789")
ANOTHER_ID = with_check_digit("300987654321")


def person(**facts: object) -> PersonFacts:
    return PersonFacts(
        **{
            "title": "นางสาว",
            "first_name": "สมมติ",
            "family_name": "ใจดี",
            "sex": "f",
            "birth_date": date(1990, 2, 1),
            "national_id": AN_ID,
            "house_number": "12/3",
            "moo": "4",
            **facts,
        }
    )


@pytest.fixture
def enrol(first):
    registrar = make_user("registrar")

    def act(*, joined_on: date = TODAY, request_id: uuid.UUID | None = None, **facts: object) -> Member:
        with translation.override("en"):
            return enrol_member(
                person=person(**facts),
                community=first,
                joined_on=joined_on,
                by=registrar,
                today=TODAY,
                now=NOW,
                request_id=request_id or uuid.uuid4(),
                beneficiaries=[NamedBeneficiary("นายผู้รับ ใจดี", "spouse")],
            )

    return act


def test_an_enrolment_gives_number_membership_house_and_beneficiary(enrol, first) -> None:
    member = enrol()
    membership = member.memberships.get()
    assert (member.number, member.full_name, member.household.house_number) == (1, "นางสาวสมมติ ใจดี", "12/3")
    assert (membership.joined_on, membership.paid_through) == (TODAY, date(2020, 10, 31))
    assert member.beneficiaries.get().name == "นายผู้รับ ใจดี"
    assert list(MemberCount.objects.values_list("community__number", "current", "cumulative")) == [(1, 1, 1)]


def test_the_national_id_is_kept_sealed(enrol) -> None:
    member = enrol()
    assert AN_ID not in member.national_id_encrypted
    assert (decrypt_id(member.national_id_encrypted), member.national_id_last4) == (AN_ID, AN_ID[-4:])


def test_the_same_request_enrols_once(enrol) -> None:
    request_id = uuid.uuid4()
    assert enrol(request_id=request_id).pk == enrol(request_id=request_id).pk
    assert Member.objects.count() == 1


def test_members_are_numbered_on(enrol) -> None:
    assert [enrol().number, enrol(national_id=ANOTHER_ID).number] == [1, 2]


def test_a_number_in_use_is_refused_with_its_holder(enrol) -> None:
    enrol()
    with pytest.raises(IdInUse, match=r"belongs to member no\. 1, นางสาวสมมติ ใจดี") as refusal:
        enrol()
    assert refusal.value.field == "national_id"


def test_a_wrong_checksum_is_taken_only_with_a_reason(enrol) -> None:
    wrong = AN_ID[:-1] + str((int(AN_ID[-1]) + 1) % 10)
    with pytest.raises(DoubtfulId) as refusal:
        enrol(national_id=wrong)
    assert refusal.value.field == "national_id"
    assert enrol(national_id=wrong, id_reason="อยู่บนบัตรเช่นนี้").number == 1


def test_an_invented_number_is_refused_in_a_real_fund(enrol) -> None:
    Fund.objects.update(is_demo=False, demo_day=None)
    with pytest.raises(DoubtfulId, match="province code 00"):
        enrol()


@pytest.mark.parametrize(
    ("birth_date", "joined_on", "field"),
    [
        (date(2020, 11, 2), TODAY, "birth_date"),
        (date(1990, 2, 1), date(2020, 11, 2), "joined_on"),
        (date(2015, 1, 2), date(2015, 1, 1), "joined_on"),
        (date(1990, 2, 1), date(2010, 4, 30), "joined_on"),
    ],
)
def test_dates_that_contradict_each_other_are_refused(enrol, birth_date, joined_on, field) -> None:
    with pytest.raises(WrongDates) as refusal:
        enrol(birth_date=birth_date, joined_on=joined_on)
    assert (refusal.value.field, Member.objects.count()) == (field, 0)


def test_a_death_ends_the_membership_and_marks_the_person(enrol) -> None:
    member = enrol(joined_on=date(2019, 1, 1))
    end_membership(membership=member.memberships.get(), on=date(2020, 10, 30), reason=EndReason.DIED, today=TODAY)
    member.refresh_from_db()
    assert (member.died_on, MemberCount.objects.get().current, MemberCount.objects.get().cumulative) == (
        date(2020, 10, 30),
        0,
        1,
    )


def test_a_membership_ends_once(enrol) -> None:
    membership = enrol().memberships.get()
    end_membership(membership=membership, on=TODAY, reason=EndReason.MOVED, today=TODAY)
    with pytest.raises(MembershipEnded):
        end_membership(membership=membership, on=TODAY, reason=EndReason.MOVED, today=TODAY)


def test_a_change_keeps_the_row_as_it_was_without_the_id(enrol) -> None:
    member = enrol()
    member.family_name = "แต่งใหม่"
    member.save(update_fields=["family_name"])
    before = member.events.get()
    assert (before.family_name, hasattr(before, "national_id_encrypted")) == ("ใจดี", False)
