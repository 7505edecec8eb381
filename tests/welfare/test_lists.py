"""Benefits by list: proposed, looked through, sent in as claims, decided by one resolution."""

import uuid
from collections import Counter
from datetime import date
from decimal import Decimal

import pytest
from django.utils import translation

from members.models import Child, Fund, Group, GroupFlag, Member, Resolution
from tests.factories import HouseholdFactory, MemberFactory, make_user
from tests.races import at_once
from tests.welfare.cast import event
from welfare.controls import OneHand
from welfare.list_claims import EmptyList, LinesRefused, NotConfirmed, decide_list, send_list, take_list_back
from welfare.lists import (
    ChildNeeded,
    EventNameNeeded,
    NotByList,
    OnListAlready,
    add_line,
    cancel_list,
    confirm_community,
    open_list,
    propose,
    restore_line,
    strike_line,
)
from welfare.models import BenefitList, Claim, ClaimStep, ListLine
from welfare.steps import NotEntitled, ReasonNeeded
from welfare.transitions import NotNow, NotYours

DAY = date(2020, 10, 1)


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def opened(cast, code="elderly-gift", by=None, **facts):
    asked = {"benefit_code": code, "title": "", "event_on": DAY, "request_id": uuid.uuid4()}
    found = open_list(**(asked | facts), **cast.by(by or cast.registrar))
    propose(found)
    return found


def elder(cast, **facts):
    return MemberFactory(**({"community": cast.home, "birth_date": date(1950, 1, 1)} | facts))


def send(cast, benefit_list, by=None, reason="the leader is ill"):
    return send_list(benefit_list=benefit_list, reason=reason, **cast.by(by or cast.registrar))


def decide(cast, benefit_list, rejected=None, request_id=None, **facts):
    return decide_list(
        benefit_list=benefit_list,
        meeting=cast.meeting,
        rejected=rejected or {},
        request_id=request_id or uuid.uuid4(),
        **facts,
        **cast.by(cast.committee),
    )


def names(benefit_list):
    return sorted(line.member.number for line in benefit_list.lines.filter(struck_by=None))


def test_the_program_proposes_who_is_due_in_every_community(cast):
    due, away = elder(cast), elder(cast, community=cast.away)
    elder(cast, died_on=date(2020, 10, 9))
    MemberFactory(community=cast.home, birth_date=date(1980, 1, 1))
    found = opened(cast)
    assert (found.label, found.title, found.state) == ("2563/0001", "Yearly benefit of the elderly", "open")
    assert names(found) == sorted([due.number, away.number])
    assert [part.community_id for part in found.communities.order_by("community__number")] == [
        cast.home.pk,
        cast.away.pk,
    ]
    line = found.lines.get(member=due)
    assert (line.outcome, line.amount, line.community) == ("eligible", Decimal("200.00"), cast.home)


def test_a_list_is_opened_and_proposed_once(cast):
    elder(cast)
    request_id = uuid.uuid4()
    first, second = opened(cast, request_id=request_id), opened(cast, request_id=request_id)
    assert (first.pk, BenefitList.objects.count(), ListLine.objects.count()) == (second.pk, 1, 1)


def test_what_no_list_can_be_opened_for_is_said_at_its_field(cast):
    with pytest.raises(NotByList) as single:
        opened(cast, "hospital-night")
    with pytest.raises(EventNameNeeded) as nameless:
        opened(cast, "disaster-relief")
    with pytest.raises(NotYours):
        open_list(
            benefit_code="elderly-gift", title="", event_on=DAY, request_id=uuid.uuid4(), **cast.by(cast.treasurer)
        )
    assert (single.value.field, nameless.value.field) == ("benefit_code", "event_name")


def test_a_leader_strikes_out_and_puts_back_in_her_community_alone(cast):
    elder(cast), elder(cast, community=cast.away)
    found = opened(cast)
    mine, other = found.lines.get(community=cast.home), found.lines.get(community=cast.away)
    confirm_community(benefit_list=found, community=cast.home, by=cast.leader, now=cast.now)
    with pytest.raises(ReasonNeeded):
        strike_line(line=mine, reason=" ", by=cast.leader)
    strike_line(line=mine, reason="moved to her son", by=cast.leader)
    struck = strike_line(line=mine, reason="sent twice", by=cast.leader)
    assert (struck.struck_by, struck.struck_reason) == (cast.leader, "moved to her son")
    assert found.communities.get(community=cast.home).confirmed_by is None  # she looks at it once more
    assert restore_line(line=mine, by=cast.leader).struck_by is None
    with pytest.raises(NotYours):
        strike_line(line=other, reason="not mine", by=cast.leader)


def test_who_is_added_is_reckoned_and_said_why(cast):
    young = MemberFactory(community=cast.home, birth_date=date(1980, 1, 1))
    house = MemberFactory(community=cast.home, household=HouseholdFactory(community=cast.home))
    found, flood = opened(cast), opened(cast, "disaster-relief", event_name="น้ำท่วมตุลาคม 2563")
    who = {"by": cast.leader, "reason": "wall fell in"}
    with pytest.raises(NotEntitled):
        add_line(benefit_list=found, member=young, request_id=uuid.uuid4(), **who)
    line = add_line(benefit_list=flood, member=house, request_id=uuid.uuid4(), grade="major", **who)
    assert (line.amount, line.added_by, line.added_reason) == (Decimal("1500.00"), cast.leader, "wall fell in")
    with pytest.raises(OnListAlready):
        add_line(benefit_list=flood, member=house, request_id=uuid.uuid4(), grade="minor", **who)


def test_a_scholarship_names_its_child(cast):
    mother = MemberFactory(community=cast.home)
    child = Child.objects.create(parent=mother, name="เด็กหญิงทดสอบ", birth_date=date(2010, 5, 5))
    found = opened(cast, "scholarship")
    assert list(found.lines.values_list("member", "child")) == [(mother.pk, child.pk)]
    with pytest.raises(ChildNeeded):
        add_line(benefit_list=found, member=mother, request_id=uuid.uuid4(), reason="second", by=cast.leader)
    born = {"child_name": "เด็กชายทดสอบ", "child_birth_date": date(2012, 1, 1)}
    line = add_line(benefit_list=found, member=mother, request_id=uuid.uuid4(), reason="second", by=cast.leader, **born)
    assert (line.child.parent, line.child.name) == (mother, "เด็กชายทดสอบ")
    with pytest.raises(LinesRefused) as refused:  # one scholarship a year: the second of the two is told
        send(cast, found)
    assert list(refused.value.by_line) == [line.pk]


def test_lines_become_checked_claims_that_one_resolution_decides(cast):
    members = [elder(cast), elder(cast, community=cast.away)]
    found = opened(cast)
    for part in found.communities.all():
        confirm_community(benefit_list=found, community=part.community, by=cast.registrar, now=cast.now)
    send(cast, found, reason="")
    claims = list(Claim.objects.order_by("number"))
    assert [(one.member, one.state, one.amount, one.entered_by, one.verified_by) for one in claims] == [
        (member, "verified", Decimal("200.00"), cast.registrar, cast.registrar) for member in members
    ]
    assert list(ClaimStep.objects.filter(claim=claims[0]).values_list("action", flat=True)) == [
        "enter",
        "submit",
        "verify",
    ]
    request_id = uuid.uuid4()
    decide(cast, found, request_id=request_id)
    decided = decide(cast, found, request_id=request_id)
    resolution = Resolution.objects.get()
    assert (decided.state, decided.resolution) == ("decided", resolution)
    assert resolution.subject == (
        "List 2563/0001, Yearly benefit of the elderly, as of 1 Oct 2563: 2 people, together 400.00 baht"
    )
    assert set(Claim.objects.values_list("state", "amount_approved", "resolution")) == {
        ("approved", Decimal("200.00"), resolution.pk)
    }


def test_the_meeting_rejects_a_line_with_a_reason_and_approves_the_others(cast):
    first, second = elder(cast), elder(cast)
    found = opened(cast)
    send(cast, found)
    with pytest.raises(ReasonNeeded):
        decide(cast, found, {found.lines.get(member=first).pk: ""})
    decide(cast, found, {found.lines.get(member=first).pk: "lives abroad"})
    states = {claim.member: (claim.state, claim.decision_reason) for claim in Claim.objects.all()}
    assert states == {first: ("rejected", "lives abroad"), second: ("approved", "")}


def test_a_community_that_did_not_confirm_is_named_unless_somebody_says_why(cast):
    elder(cast)
    found = opened(cast)
    with pytest.raises(NotConfirmed) as refused:
        send(cast, found, reason="")
    assert (refused.value.field, cast.home.name_en in str(refused.value)) == ("reason", True)
    assert (send(cast, found).state, Claim.objects.count()) == ("sent", 1)


def test_one_line_that_the_regulation_refuses_by_now_sends_nothing_in(cast):
    """Two of one house after one flood: told when the second is added, and where they moved together since."""
    house = HouseholdFactory(community=cast.home)
    flood = opened(cast, "disaster-relief", event_name="flood")
    first, second = (MemberFactory(community=cast.home, household=house) for _each in range(2))
    adding = {"benefit_list": flood, "grade": "minor", "reason": "water in", "by": cast.leader}
    line = add_line(member=first, request_id=uuid.uuid4(), **adding)
    with pytest.raises(OnListAlready, match=f"{first.full_name} stands on this list for the same house"):
        add_line(member=second, request_id=uuid.uuid4(), **adding)
    strike_line(line=line, reason="her son asks", by=cast.leader)
    add_line(member=second, request_id=uuid.uuid4(), **adding)
    with pytest.raises(OnListAlready):
        restore_line(line=line, by=cast.leader)
    Member.objects.filter(pk=second.pk).update(household=None)
    restore_line(line=line, by=cast.leader)
    Member.objects.filter(pk=second.pk).update(household=house)
    with pytest.raises(LinesRefused, match=rf"\({first.full_name}, on this list\)") as refused:
        send(cast, flood)
    assert list(refused.value.by_line) == [flood.lines.get(member=second).pk]
    assert Claim.objects.count() == 0


def test_who_claims_the_same_by_herself_is_told_with_its_number(cast):
    member = elder(cast)
    found = opened(cast)
    claim = cast.drafted(member, event("elderly-gift", DAY))
    with pytest.raises(LinesRefused) as refused:
        send(cast, found)
    assert f"has claim {claim.label} for this benefit and this day (Draft)." in str(refused.value)


def test_a_strict_fund_has_another_registrar_send_it_in(cast):
    Fund.objects.update(controls="strict")
    elder(cast)
    found = opened(cast)
    with pytest.raises(OneHand):
        send(cast, found)
    assert send(cast, found, by=make_user("registrar")).state == "sent"


def test_who_opened_a_list_does_not_decide_it(cast):
    elder(cast)
    found = opened(cast, by=cast.committee)
    send(cast, found)
    with pytest.raises(LinesRefused):
        decide(cast, found)
    found.refresh_from_db()
    assert (found.state, Resolution.objects.count()) == ("sent", 0)


def test_who_sent_a_list_in_takes_it_back_whole_until_it_is_decided(cast):
    member, other = elder(cast), elder(cast)
    found = opened(cast)
    send(cast, found)
    back = {"benefit_list": found, "reason": "a name is missing"}
    with pytest.raises(NotYours, match="sent list 2563/0001 in, and takes it back"):
        take_list_back(**back, **cast.by(make_user("registrar")))
    with pytest.raises(ReasonNeeded):
        take_list_back(**(back | {"reason": " "}), **cast.by(cast.registrar))
    for _each in range(2):
        assert take_list_back(**back, **cast.by(cast.registrar)).state == "open"
    told = ("cancel", "verified", "cancelled", "List 2563/0001 was taken back: a name is missing")
    steps = ClaimStep.objects.filter(to_state="cancelled")
    assert list(steps.values_list("action", "from_state", "to_state", "reason")) == [told, told]
    strike_line(line=found.lines.get(member=other), reason="moved away", by=cast.leader)
    send(cast, found)
    decide(cast, found)
    with pytest.raises(NotNow):
        take_list_back(**back, **cast.by(cast.registrar))
    assert list(Claim.objects.order_by("number").values_list("member", "number", "state")) == [
        (member.pk, 1, "cancelled"),
        (other.pk, 2, "cancelled"),
        (member.pk, 3, "approved"),
    ]


def test_an_empty_list_is_cancelled_with_a_reason(cast):
    found = opened(cast)
    with pytest.raises(EmptyList):
        send(cast, found)
    with pytest.raises(ReasonNeeded):
        cancel_list(benefit_list=found, reason="", by=cast.registrar)
    assert cancel_list(benefit_list=found, reason="nobody is due", by=cast.registrar).state == "cancelled"
    with pytest.raises(NotNow):
        send(cast, found)


def test_groups_are_due_by_their_marks(cast):
    marked = MemberFactory(community=cast.home)
    GroupFlag.objects.create(member=marked, group=Group.DISABLED, since=date(2015, 1, 1))
    assert names(opened(cast, "disadvantaged-aid")) == [marked.number]


def test_eight_meetings_decide_a_list_at_once_and_one_of_them_does(committed_cast):
    cast = committed_cast
    elder(cast), elder(cast)
    found = opened(cast)
    send(cast, found)
    came_to = at_once(*[lambda: decide(cast, found)] * 8)
    told = Counter(type(one).__name__ for one in came_to)
    assert told == {"BenefitList": 1, "NotNow": 7}
    assert (Resolution.objects.count(), ClaimStep.objects.filter(action="approve").count()) == (1, 2)


def test_eight_clicks_send_a_list_in_once(committed_cast):
    cast = committed_cast
    elder(cast)
    found = opened(cast)
    came_to = at_once(*[lambda: send(cast, found)] * 8)
    assert {one.state for one in came_to} == {"sent"}
    assert (Claim.objects.count(), ClaimStep.objects.count()) == (1, 3)
