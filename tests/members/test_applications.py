"""Applications to membership: entered, certified, corrected, withdrawn."""

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation

from bansong_fund.lib.national_id import decrypt_id, with_check_digit
from members.applications import (
    ApplicationClosed,
    ApplicationFacts,
    AppliedAlready,
    FormerMemberFound,
    GuardianNeeded,
    NotAFormerMember,
    NotTold,
    NotYourApplication,
    ReasonMissing,
    WrongDues,
    WrongShares,
    certify_application,
    correct_application,
    enter_application,
    withdraw_application,
)
from members.models import Application, ApplicationState, Community, EndReason, Fund, Member, Membership
from members.verbs import IdInUse, NamedBeneficiary, NamedGuardian, PersonFacts, WrongDates
from office.models import User
from tests.factories import TODAY, MemberFactory, make_user

NOW = datetime(2020, 11, 1, 3, 0, tzinfo=UTC)
AN_ID = with_check_digit("100123456789")
CHILD = NamedBeneficiary("นายลูก ใจดี", "child")


def person(**facts: Any) -> PersonFacts:
    base = {
        "title": "นาง",
        "first_name": "สมัคร",
        "family_name": "ใจดี",
        "sex": "f",
        "birth_date": date(1984, 2, 29),
        "national_id": AN_ID,
        "house_number": "12/3",
        "moo": "4",
        "nationality": "ไทย",
    }
    return PersonFacts(**(base | facts))


def facts(community: Community, **changes: Any) -> ApplicationFacts:
    about_person = {name: changes.pop(name) for name in PersonFacts.__slots__ if name in changes}
    base = ApplicationFacts(
        person=person(**about_person),
        community=community,
        applied_on=date(2020, 10, 20),
        beneficiaries=(CHILD,),
        knows_rules=True,
        consents=frozenset({"notice"}),
    )
    return replace(base, **changes)


Enter = Callable[..., Application]


@pytest.fixture
def leader(first) -> User:
    return make_user("leader", community=first)


@pytest.fixture
def enter(first, leader) -> Enter:
    def act(
        *, by: User | None = None, certified: bool = False, request_id: uuid.UUID | None = None, **changes: Any
    ) -> Application:
        with translation.override("en"):
            return enter_application(
                facts=facts(changes.pop("community", first), **changes),
                by=by or leader,
                today=TODAY,
                now=NOW,
                request_id=request_id or uuid.uuid4(),
                certified=certified,
            )

    return act


def gone_member(community: Community, *, ended_on: date = date(2018, 6, 30), **facts: Any) -> Member:
    member = MemberFactory(community=community, paid_through=date(2017, 12, 31), **facts)
    Membership.objects.filter(member=member).update(ended_on=ended_on, end_reason=EndReason.RESIGNED)
    return member


# --- entering -----------------------------------------------------------------------------------------------


def test_an_application_keeps_what_was_written(enter, first) -> None:
    application = enter(
        first_dues_on=date(2020, 10, 21),
        first_dues_baht=Decimal("365"),
        lane="ใจดี 3",
        marital_status="married",
        consents=frozenset({"notice", "photo"}),
    )
    application.refresh_from_db()
    assert (application.label, application.state, application.community) == ("1/2563", "entered", first)
    assert (application.full_name, application.masked_id) == ("นางสมัคร ใจดี", "1-0012-XXXXX-XX-" + AN_ID[-1])
    assert decrypt_id(application.national_id_encrypted) == AN_ID
    assert application.beneficiaries == [{"name": "นายลูก ใจดี", "relation": "child", "share_percent": 100}]
    assert (application.lane, application.marital_status) == ("ใจดี 3", "married")
    assert (application.first_dues_on, application.first_dues_baht) == (date(2020, 10, 21), Decimal("365.00"))
    assert (application.consents, application.knows_rules) == (["notice", "photo"], True)


def test_numbers_run_without_a_gap_and_begin_anew_each_year(enter, first, leader) -> None:
    def label(today: date) -> str:
        return enter_application(
            facts=facts(first, national_id="", id_kind="none"),
            by=leader,
            today=today,
            now=NOW,
            request_id=uuid.uuid4(),
        ).label

    days = [TODAY, TODAY, date(2021, 1, 2), TODAY]
    assert [label(day) for day in days] == ["1/2563", "2/2563", "1/2564", "3/2563"]


def test_a_refused_entry_takes_no_number(enter) -> None:
    with pytest.raises(NotTold):
        enter(knows_rules=False)
    assert enter().label == "1/2563"


def test_the_same_request_enters_once(enter) -> None:
    key = uuid.uuid4()
    assert enter(request_id=key) == enter(request_id=key)
    assert Application.objects.count() == 1


def test_a_leader_enters_for_her_own_community_only(enter, second) -> None:
    with pytest.raises(NotYourApplication) as refused:
        enter(community=second)
    assert refused.value.field == "community"
    assert enter(community=second, by=make_user("registrar")).community == second


@pytest.mark.parametrize("role", ["committee", "treasurer", "auditor"])
def test_other_roles_enter_nothing(enter, role) -> None:
    with pytest.raises(NotYourApplication):
        enter(by=make_user(role))


@pytest.mark.parametrize(
    ("changes", "refusal", "field"),
    [
        ({"applied_on": date(2020, 11, 2)}, WrongDates, "applied_on"),
        ({"applied_on": date(2010, 4, 30)}, WrongDates, "applied_on"),
        ({"birth_date": date(2021, 1, 1)}, WrongDates, "birth_date"),
        ({"birth_date": None}, WrongDates, "birth_date"),
        ({"first_dues_on": date(2020, 11, 2), "first_dues_baht": Decimal(365)}, WrongDates, "first_dues_on"),
        ({"first_dues_on": date(2020, 10, 20)}, WrongDues, "first_dues_baht"),
        ({"first_dues_baht": Decimal(365)}, WrongDues, "first_dues_on"),
        ({"first_dues_on": date(2020, 10, 20), "first_dues_baht": Decimal(100)}, WrongDues, "first_dues_baht"),
        ({"beneficiaries": ()}, WrongShares, "beneficiary_name_1"),
        ({"beneficiaries": (CHILD, CHILD)}, WrongShares, "beneficiary_share_1"),
        ({"beneficiaries": (NamedBeneficiary("นายลูก ใจดี", ""),)}, WrongShares, "beneficiary_relation_1"),
        ({"beneficiaries": (NamedBeneficiary("นายลูก ใจดี", "child", 99),)}, WrongShares, "beneficiary_share_1"),
        ({"knows_rules": False}, NotTold, "knows_rules"),
        ({"consents": frozenset({"photo"})}, NotTold, "notice"),
        ({"birth_date": date(2010, 1, 1)}, GuardianNeeded, "guardian_name"),
        (
            {"birth_date": date(2010, 1, 1), "guardian": NamedGuardian("นางแม่ ใจดี", "")},
            GuardianNeeded,
            "guardian_relation",
        ),
        ({"former_number": 77}, NotAFormerMember, "former_number"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(enter, changes, refusal, field) -> None:
    with pytest.raises(refusal) as refused:
        enter(**changes)
    assert refused.value.field == field
    assert Application.objects.count() == 0


def test_three_may_share_the_funeral_grant(enter) -> None:
    named = tuple(NamedBeneficiary(f"นายลูก{n} ใจดี", "child", share) for n, share in enumerate((34, 33, 33)))
    assert [one["share_percent"] for one in enter(beneficiaries=named).beneficiaries] == [34, 33, 33]


def test_a_child_applies_with_her_guardian_and_a_person_of_nineteen_may_without(enter) -> None:
    mother = NamedGuardian("นางแม่ ใจดี", "mother", "0812345678")
    child = enter(birth_date=date(2012, 1, 1), guardian=mother)
    assert (child.guardian_name, child.guardian_relation, child.guardian_phone) == (
        "นางแม่ ใจดี",
        "mother",
        "0812345678",
    )
    grown = enter(birth_date=date(2001, 11, 1), national_id="", id_kind="none")
    assert grown.guardian_name == ""


def test_a_birth_known_only_to_the_year_is_kept_as_such(enter) -> None:
    Fund.objects.update(year_only_births="july")
    application = enter(birth_date=date(1950, 1, 1), birth_precision="year")
    assert (application.birth_date, application.birth_precision) == (date(1950, 7, 1), "year")


def test_a_members_id_is_refused_with_her_name(enter, first) -> None:
    from bansong_fund.lib.national_id import id_digest

    MemberFactory(number=12, community=first, national_id_digest=id_digest(AN_ID))
    with pytest.raises(IdInUse, match="12"):
        enter()


def test_a_leader_learns_no_name_of_another_community_by_an_id(enter, second) -> None:
    from bansong_fund.lib.national_id import id_digest

    theirs = MemberFactory(number=12, first_name="ลับ", community=second, national_id_digest=id_digest(AN_ID))
    with pytest.raises(IdInUse) as refused:
        enter()
    Membership.objects.filter(member=theirs).update(ended_on=date(2018, 6, 30), end_reason=EndReason.RESIGNED)
    with pytest.raises(FormerMemberFound) as found:
        enter()
    for told in (str(refused.value), str(found.value)):
        assert ("12" in told, "ลับ" in told, "another community" in told) == (False, False, True)
    assert enter(former_number=12).former_member == theirs
    with pytest.raises(FormerMemberFound, match="ลับ"):
        enter(by=make_user("registrar"))


def test_who_applied_already_does_not_apply_twice(enter) -> None:
    first = enter()
    with pytest.raises(AppliedAlready, match="1/2563"):
        enter()
    withdraw_application(application=first, reason="เขียนผิด", by=first.entered_by, today=TODAY)
    assert enter().label == "2/2563"


def test_a_former_member_is_recognised_by_her_id_and_comes_back_by_her_number(enter, first) -> None:
    from bansong_fund.lib.national_id import id_digest

    gone = gone_member(first, number=12, national_id_digest=id_digest(AN_ID))
    with pytest.raises(FormerMemberFound, match="12") as offered:
        enter()
    assert offered.value.field == "former_number"
    assert enter(former_number=12).former_member == gone


def test_nobody_comes_back_under_a_strangers_number_or_before_she_left(enter, first, second) -> None:
    gone_member(first, number=12, first_name="อื่น")
    gone_member(second, number=13, first_name="สมัคร")
    gone_member(first, number=14, first_name="สมัคร", ended_on=date(2020, 10, 25))
    MemberFactory(community=first, number=15, first_name="สมัคร")
    for number in (12, 13, 15):
        with pytest.raises(NotAFormerMember):
            enter(former_number=number)
    with pytest.raises(WrongDates):
        enter(former_number=14)


# --- certifying ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("level", ["small", "standard"])
def test_the_leaders_tick_certifies(enter, leader, level) -> None:
    Fund.objects.update(controls=level)
    assert enter(certified=True).state == ApplicationState.CERTIFIED
    later = enter(national_id="", id_kind="none")
    assert certify_application(application=later, by=leader, now=NOW).state == ApplicationState.CERTIFIED


def test_where_a_leader_leads_nobody_else_certifies(enter) -> None:
    application = enter()
    for role in ("registrar", "committee", "treasurer"):
        with pytest.raises(NotYourApplication):
            certify_application(application=application, by=make_user(role), now=NOW)


def test_where_nobody_leads_the_registrar_certifies(enter, second) -> None:
    registrar = make_user("registrar")
    application = enter(community=second, by=registrar)
    assert certify_application(application=application, by=registrar, now=NOW).state == ApplicationState.CERTIFIED


def test_a_leader_of_another_community_does_not_certify(enter, second) -> None:
    with pytest.raises(NotYourApplication):
        certify_application(application=enter(), by=make_user("leader", community=second), now=NOW)


def test_who_certified_at_strict_certifies_again_once_one_is_enough(enter, leader) -> None:
    Fund.objects.update(controls="strict")
    application = enter(certified=True)
    assert certify_application(application=application, by=leader, now=NOW).state == ApplicationState.ENTERED
    Fund.objects.update(controls="standard")
    assert certify_application(application=application, by=leader, now=NOW).state == ApplicationState.CERTIFIED
    assert application.certifications.count() == 1


def test_strict_takes_three_different_certifiers(enter, leader) -> None:
    Fund.objects.update(controls="strict")
    application = enter(certified=True)
    registrar, committee = make_user("registrar"), make_user("committee")
    states = [
        certify_application(application=application, by=user, now=NOW).state
        for user in (leader, registrar, registrar, committee)
    ]
    assert states == ["entered", "entered", "entered", "certified"]
    assert application.certifications.count() == 3


# --- correcting and withdrawing -----------------------------------------------------------------------------


def test_an_application_is_corrected_until_somebody_certifies_it(enter, leader, first) -> None:
    application = enter()
    corrected = correct_application(
        application=application, facts=facts(first, first_name="สมใจ"), by=leader, today=TODAY
    )
    assert (corrected.first_name, corrected.label) == ("สมใจ", "1/2563")
    certify_application(application=application, by=leader, now=NOW)
    with pytest.raises(ApplicationClosed):
        correct_application(application=application, facts=facts(first), by=leader, today=TODAY)


def test_a_correction_checks_like_an_entry_and_changes_nothing_where_it_refuses(enter, leader, first) -> None:
    application = enter()
    with pytest.raises(WrongShares):
        correct_application(application=application, facts=facts(first, beneficiaries=()), by=leader, today=TODAY)
    application.refresh_from_db()
    assert len(application.beneficiaries) == 1


def test_a_withdrawal_says_why_and_ends_it(enter, leader) -> None:
    application = enter(certified=True)
    with pytest.raises(ReasonMissing):
        withdraw_application(application=application, reason=" ", by=leader, today=TODAY)
    done = withdraw_application(application=application, reason="ย้ายไปอยู่ที่อื่น", by=leader, today=TODAY)
    assert (done.state, done.decision_reason, done.decided_on) == ("withdrawn", "ย้ายไปอยู่ที่อื่น", TODAY)
    again = withdraw_application(application=application, reason="อีกครั้ง", by=leader, today=TODAY)
    assert again.decision_reason == "ย้ายไปอยู่ที่อื่น"
    with pytest.raises(ApplicationClosed):
        certify_application(application=application, by=make_user("leader", community=done.community), now=NOW)


def test_a_leader_of_another_community_neither_corrects_nor_withdraws(enter, first, second) -> None:
    other, application = make_user("leader", community=second), enter()
    with pytest.raises(NotYourApplication):
        withdraw_application(application=application, reason="ไม่ใช่ของฉัน", by=other, today=TODAY)
    with pytest.raises(NotYourApplication):
        correct_application(application=application, facts=facts(first), by=other, today=TODAY)
