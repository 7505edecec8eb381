"""A meeting accepts or refuses applications to membership: a whole list under one resolution, all or none."""

import uuid
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from bansong_fund.lib.national_id import id_digest, with_check_digit
from ledger.checks.members import counts_of_members
from members.accepting import BeforeItWasWritten
from members.applications import ApplicationClosed, ApplicationFacts, ReasonMissing, enter_application
from members.models import (
    Application,
    CommunityStay,
    Consent,
    EndReason,
    Fund,
    Meeting,
    Member,
    MemberCount,
    Membership,
    Resolution,
)
from members.verbs import IdInUse, NamedBeneficiary, NamedGuardian, PersonFacts
from office.models import User
from tests.factories import HouseholdFactory, MeetingFactory, MemberFactory
from tests.welfare.cast import Cast
from welfare.admissions import Admission, AdmissionsRefused, decide_admissions
from welfare.controls import OneHand, OwnClaim, TooFewPresent
from welfare.transitions import NotYours

AN_ID = with_check_digit("100123456789")
CHILD = NamedBeneficiary("นายลูก ใจดี", "child")


def applied(cast: Cast, *, by: User | None = None, certified: bool = True, **changes: Any) -> Application:
    """An application of the leader's community, certified, with an ID only where one is given."""
    person = {
        "title": "นาง",
        "first_name": "สมัคร",
        "family_name": "ใจดี",
        "sex": "f",
        "birth_date": date(1984, 2, 29),
        "id_kind": "none",
        "house_number": "77/9",
        "nationality": "ไทย",
    }
    person |= {name: changes.pop(name) for name in PersonFacts.__slots__ if name in changes}
    base = {
        "community": cast.home,
        "applied_on": date(2020, 10, 20),
        "beneficiaries": (CHILD,),
        "knows_rules": True,
        "consents": frozenset({"notice", "health"}),
    }
    return enter_application(
        facts=ApplicationFacts(person=PersonFacts(**person), **(base | changes)),
        request_id=uuid.uuid4(),
        certified=certified,
        **cast.by(by or cast.leader),
    )


def decide(cast: Cast, *admissions: Admission, by: User | None = None, **changes: Any) -> list[Application]:
    asked = {"meeting": cast.meeting, "request_id": uuid.uuid4()} | changes
    return decide_admissions(admissions=admissions, **asked, **cast.by(by or cast.registrar))


def accepted(cast: Cast, application: Application, **changes: Any) -> Member:
    return decide(cast, Admission(application.pk, accept=True), **changes)[0].member


# --- accepting ----------------------------------------------------------------------------------------------


def test_one_resolution_accepts_a_list_and_refuses_with_a_reason(cast) -> None:
    first, second, third = (applied(cast) for _ in range(3))
    decide(
        cast,
        Admission(third.pk, accept=True),
        Admission(first.pk, accept=True),
        Admission(second.pk, accept=False, reason="อยู่นอกเขตเทศบาล"),
    )
    rows = list(Application.objects.order_by("number").values_list("state", "member__number", "decision_reason"))
    assert rows == [("accepted", 1, ""), ("refused", None, "อยู่นอกเขตเทศบาล"), ("accepted", 2, "")]
    resolution = Resolution.objects.get()
    assert resolution.applications.count() == 3
    assert [line.split(" ")[0] for line in resolution.text.splitlines()] == ["1/2563", "2/2563", "3/2563"]


def test_tenure_starts_on_the_day_of_the_meeting(cast) -> None:
    membership = accepted(cast, applied(cast)).memberships.get()
    assert (membership.joined_on, membership.paid_through) == (date(2020, 11, 1), date(2020, 10, 31))
    assert membership.accepted_by == Resolution.objects.get()


def test_tenure_starts_on_the_day_on_which_the_first_dues_were_taken(cast) -> None:
    application = applied(cast, first_dues_on=date(2020, 10, 20), first_dues_baht=Decimal(365))
    membership = accepted(cast, application).memberships.get()
    assert (membership.joined_on, membership.paid_through) == (date(2020, 10, 20), date(2020, 10, 19))


def test_dues_taken_after_the_meeting_do_not_put_tenure_off(cast) -> None:
    meeting = MeetingFactory(held_on=date(2020, 10, 25))
    application = applied(cast, first_dues_on=date(2020, 10, 30), first_dues_baht=Decimal(365))
    assert accepted(cast, application, meeting=meeting).memberships.get().joined_on == date(2020, 10, 25)


def test_what_stood_on_the_application_stands_in_the_register(cast) -> None:
    application = applied(
        cast,
        national_id=AN_ID,
        id_kind="citizen",
        birth_date=date(2008, 5, 1),
        lane="ใจดี 3",
        road="สายเอก",
        marital_status="single",
        guardian=NamedGuardian("นางแม่ ใจดี", "mother", "0812345678"),
        beneficiaries=(NamedBeneficiary("นางแม่ ใจดี", "mother", 60), NamedBeneficiary("นายพ่อ ใจดี", "father", 40)),
        consents=frozenset({"notice", "photo"}),
    )
    member = accepted(cast, application)
    assert (member.national_id_digest, member.nationality, member.marital_status) == (
        id_digest(AN_ID),
        "ไทย",
        "single",
    )
    house = member.household
    assert (house.community, house.house_number, house.lane, house.road) == (cast.home, "77/9", "ใจดี 3", "สายเอก")
    assert list(member.beneficiaries.order_by("id").values_list("name", "share_percent")) == [
        ("นางแม่ ใจดี", 60),
        ("นายพ่อ ใจดี", 40),
    ]
    guardian = member.guardians.get()
    assert (guardian.name, guardian.relation, guardian.since) == ("นางแม่ ใจดี", "mother", date(2020, 11, 1))
    given = list(Consent.objects.order_by("kind").values_list("kind", "given_by", "given_on"))
    assert given == [
        ("notice", "นางแม่ ใจดี", date(2020, 10, 20)),
        ("photo", "นางแม่ ใจดี", date(2020, 10, 20)),
    ]


def test_the_kept_counts_follow(cast) -> None:
    before = list(MemberCount.objects.order_by("community__number").values_list("current", "cumulative"))
    accepted(cast, applied(cast))
    after = list(MemberCount.objects.order_by("community__number").values_list("current", "cumulative"))
    assert after == [(before[0][0] + 1, before[0][1] + 1), before[1]]


# --- all or none --------------------------------------------------------------------------------------------


def test_where_one_cannot_be_accepted_nobody_is_and_each_has_its_sentence(cast) -> None:
    good = applied(cast)
    taken = applied(cast, national_id=AN_ID, id_kind="citizen")
    open_one = applied(cast, certified=False)
    unexplained = applied(cast)
    MemberFactory(community=cast.away, number=500, national_id_digest=id_digest(AN_ID))
    with pytest.raises(AdmissionsRefused) as refused:
        decide(
            cast,
            Admission(good.pk, accept=True),
            Admission(taken.pk, accept=True),
            Admission(open_one.pk, accept=True),
            Admission(unexplained.pk, accept=False),
        )
    kinds = {key: type(refusal) for key, refusal in refused.value.by_application.items()}
    assert kinds == {taken.pk: IdInUse, open_one.pk: ApplicationClosed, unexplained.pk: ReasonMissing}
    assert (Resolution.objects.count(), Member.objects.filter(first_name="สมัคร").count()) == (0, 0)


def test_the_same_request_decides_once(cast) -> None:
    application, key = applied(cast), uuid.uuid4()
    for _ in range(2):
        decide(cast, Admission(application.pk, accept=True), request_id=key)
    assert (Resolution.objects.count(), Member.objects.filter(first_name="สมัคร").count()) == (1, 1)


def test_what_a_meeting_decided_another_does_not_decide_again(cast) -> None:
    application = applied(cast)
    accepted(cast, application)
    with pytest.raises(AdmissionsRefused):
        decide(cast, Admission(application.pk, accept=False, reason="ไม่รับ"), meeting=MeetingFactory())


def test_a_meeting_held_before_the_application_does_not_decide_it(cast) -> None:
    application, earlier = applied(cast), MeetingFactory(held_on=date(2020, 10, 1))
    with pytest.raises(AdmissionsRefused) as refused:
        decide(cast, Admission(application.pk, accept=True), meeting=earlier)
    assert isinstance(refused.value.by_application[application.pk], BeforeItWasWritten)


def test_a_meeting_of_two_decides_nothing(cast) -> None:
    Meeting.objects.update(present=[{"name": "หนึ่ง"}, {"name": "สอง"}])
    cast.meeting.refresh_from_db()
    with pytest.raises(TooFewPresent):
        decide(cast, Admission(applied(cast).pk, accept=True))


# --- whose hands --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("level", "decides"), [("small", True), ("standard", False), ("strict", False)])
def test_above_small_who_entered_does_not_decide(cast, level, decides) -> None:
    Fund.objects.update(controls=level)
    application = applied(cast, by=cast.registrar, certified=False)
    Application.objects.update(state="certified")
    if decides:
        assert accepted(cast, application).number == 1
        return
    with pytest.raises(AdmissionsRefused) as refused:
        accepted(cast, application)
    assert isinstance(refused.value.by_application[application.pk], OneHand)
    assert accepted(cast, application, by=cast.committee).number == 1


@pytest.mark.parametrize("merged", [False, True])  # her login may hang at a row that was merged into hers since
@pytest.mark.parametrize("level", ["small", "standard", "strict"])
def test_nobody_decides_for_her_own_house_at_any_level(cast, level, merged) -> None:
    Fund.objects.update(controls=level)
    house = HouseholdFactory(community=cast.home, house_number="77/9")
    mine = MemberFactory(community=cast.home, household=house, number=500, user=None if merged else cast.registrar)
    if merged:
        MemberFactory(community=cast.home, household=None, number=501, user=cast.registrar, merged_into=mine)
    application = applied(cast, certified=False)
    Application.objects.update(state="certified")
    with pytest.raises(AdmissionsRefused) as refused:
        accepted(cast, application)
    assert isinstance(refused.value.by_application[application.pk], OwnClaim)


def test_a_treasurer_writes_no_resolution(cast) -> None:
    with pytest.raises(NotYours):
        decide(cast, Admission(applied(cast).pk, accept=True), by=cast.treasurer)


# --- coming back --------------------------------------------------------------------------------------------


def gone(cast: Cast, **facts: Any) -> Member:
    member = MemberFactory(
        community=cast.away, number=300, first_name="สมัคร", family_name="เก่าแก่", title="นางสาว", **facts
    )
    Membership.objects.filter(member=member).update(ended_on=date(2018, 6, 30), end_reason=EndReason.RESIGNED)
    MemberCount.objects.filter(community=cast.away).update(current=0, cumulative=1)
    MemberCount.objects.filter(community=cast.home).update(current=1, cumulative=1)
    return member


def test_a_former_member_keeps_her_number_and_begins_afresh(cast) -> None:
    member = gone(cast, national_id_digest=id_digest(AN_ID), national_id_encrypted="x", phone="0812345678")
    old = member.beneficiaries.create(name="นายเก่า", relation="spouse")
    application = applied(cast, national_id=AN_ID, id_kind="citizen", former_number=300)
    back = accepted(cast, application)
    assert (back.pk, back.number, back.full_name, back.phone) == (member.pk, 300, "นางสมัคร ใจดี", "0812345678")
    assert list(back.memberships.order_by("joined_on").values_list("joined_on", "ended_on")) == [
        (date(2015, 1, 1), date(2018, 6, 30)),
        (date(2020, 11, 1), None),
    ]
    assert (back.community, back.household.house_number) == (cast.home, "77/9")
    assert CommunityStay.objects.get(member=back, until=None).community == cast.home
    change = back.name_changes.get()
    assert (change.old_family_name, change.family_name, change.shown_by[-6:]) == ("เก่าแก่", "ใจดี", "1/2563")
    old.refresh_from_db()
    assert old.replaced_on == date(2020, 11, 1)
    assert list(back.beneficiaries.filter(replaced_on=None).values_list("name", flat=True)) == ["นายลูก ใจดี"]
    assert list(counts_of_members()) == []


def test_who_came_back_meanwhile_does_not_come_back_twice(cast) -> None:
    member = gone(cast, national_id_digest=id_digest(AN_ID), national_id_encrypted="x")
    application = applied(cast, national_id=AN_ID, id_kind="citizen", former_number=300)
    Membership.objects.create(member=member, joined_on=date(2020, 1, 1), paid_through=date(2020, 12, 31))
    with pytest.raises(AdmissionsRefused):
        accepted(cast, application)
    assert member.memberships.count() == 2
