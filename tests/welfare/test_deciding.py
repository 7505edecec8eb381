"""The committee's decisions under a meeting's resolution."""

import uuid
from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction
from django.utils import translation

from contributions.models import DuesPayment
from members.models import Fund, Resolution
from tests.factories import HouseholdFactory, MeetingFactory, MemberFactory, make_user
from tests.welfare.cast import event, every_paper, stay
from welfare.appeals import appeal_claim
from welfare.claims import cancel_claim, verify_claim
from welfare.controls import OneHand, OwnClaim, TooFewPresent
from welfare.deciding import Decision, DecisionsRefused, SumChanged, SumNotAllowed, decide_at_meeting
from welfare.meetings import MeetingDay
from welfare.models import Claim
from welfare.steps import ReasonNeeded
from welfare.transitions import NotNow, NotYours


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def refusal_of(cast, claim: Claim, by=None, **decision):
    with pytest.raises(DecisionsRefused) as refused:
        cast.decide(Decision(claim.pk, **({"approve": True} | decision)), by=by)
    return refused.value.by_claim[claim.pk]


def test_many_claims_are_decided_under_one_resolution(cast):
    nights, gift = cast.verified(), cast.verified(event=event("elderly-gift"), member=old_member(cast))
    cast.decide(Decision(nights.pk, approve=True), Decision(gift.pk, approve=False, reason="already given in April"))
    nights.refresh_from_db()
    gift.refresh_from_db()
    resolution = Resolution.objects.get()
    assert (nights.state, nights.amount_approved, nights.resolution) == ("approved", Decimal("300.00"), resolution)
    assert (gift.state, gift.amount_approved, gift.resolution) == ("rejected", None, resolution)
    assert (nights.decided_by, nights.decided_on) == (cast.committee, cast.meeting.held_on)
    assert gift.decision_reason == "already given in April"
    assert resolution.meeting == cast.meeting


def old_member(cast):
    return MemberFactory(community=cast.home, birth_date=date(1950, 1, 1))


def test_the_same_request_decides_once(cast):
    claim = cast.verified()
    request_id = uuid.uuid4()
    facts = {"meeting": cast.meeting, "decisions": [Decision(claim.pk, approve=True)], "request_id": request_id}
    decide_at_meeting(**facts, **cast.by(cast.committee))
    again = decide_at_meeting(**facts, **cast.by(cast.committee))
    assert [one.pk for one in again] == [claim.pk]
    assert claim.steps.filter(action="approve").count() == Resolution.objects.count() == 1


def test_a_claim_is_decided_once(cast):
    claim = cast.decided()
    refusal = refusal_of(cast, claim)
    assert (type(refusal), str(refusal)) == (
        NotNow,
        f"Claim {claim.label} is now: Approved, to be paid. This step is no longer possible; look at its history.",
    )


def test_one_refusal_leaves_all_undecided_and_no_resolution(cast):
    first, second = cast.verified(), cast.verified(event=stay(date(2020, 9, 1), date(2020, 9, 2)))
    cancel_claim(claim=second, reason="entered by mistake", **cast.by(cast.registrar))
    with pytest.raises(DecisionsRefused) as refused:
        cast.decide(Decision(first.pk, approve=True), Decision(second.pk, approve=True))
    first.refresh_from_db()
    assert list(refused.value.by_claim) == [second.pk]
    assert (first.state, Resolution.objects.count()) == ("verified", 0)


def test_a_rejection_says_why(cast):
    assert isinstance(refusal_of(cast, cast.verified(), approve=False), ReasonNeeded)


def test_what_needs_the_committees_judgement_is_approved_with_a_reason(cast):
    late = cast.verified(event=stay(date(2020, 7, 1), date(2020, 7, 3), received_on=date(2020, 10, 1)))
    assert isinstance(refusal_of(cast, late), ReasonNeeded)
    cast.decide(Decision(late.pk, approve=True, reason="the hospital kept the certificate"))
    late.refresh_from_db()
    assert (late.state, late.decision_reason) == ("approved", "the hospital kept the certificate")


def test_facts_that_changed_the_sum_since_are_told_and_kept_for_a_second_look(cast):
    claim = cast.verified(event=event("death-grant"))
    membership = cast.member.memberships.get()
    membership.joined_on = date(2018, 1, 1)
    membership.save()
    refusal = refusal_of(cast, claim)
    assert (type(refusal), str(refusal)) == (
        SumChanged,
        "The sum changed from 8,000.00 to 6,000.00 baht, since facts changed: look again, then decide.",
    )
    claim.refresh_from_db()
    assert (claim.state, claim.amount) == ("verified", Decimal("6000.00"))
    cast.decide(Decision(claim.pk, approve=True))
    claim.refresh_from_db()
    assert (claim.state, claim.amount_approved) == ("approved", Decimal("6000.00"))


def test_a_later_payment_of_dues_changes_no_decided_standing(cast):
    assert DuesPayment.objects.count() == 0
    assert cast.decided().amount_approved == Decimal("300.00")


def test_the_meeting_sets_the_sum_where_the_regulation_leaves_it_open(cast):
    claim = cast.verified(event=event("career-grant"))
    assert (claim.outcome, claim.amount) == ("needs_decision", Decimal("0.00"))
    assert isinstance(refusal_of(cast, claim), SumNotAllowed)
    assert isinstance(refusal_of(cast, claim, amount=Decimal("3000.00")), ReasonNeeded)
    cast.decide(Decision(claim.pk, approve=True, amount=Decimal("3000.00"), reason="a sewing machine"))
    claim.refresh_from_db()
    assert (claim.state, claim.amount_approved) == ("approved", Decimal("3000.00"))


def test_a_sum_above_the_ceiling_is_refused_with_the_most_that_may_be_given(cast):
    claim = cast.verified(event=event("career-grant", proposed_amount=Decimal("2000.00")))
    refusal = refusal_of(cast, claim, amount=Decimal("6000.00"), reason="needed")
    assert str(refusal) == f"For claim {claim.label} at most 5,000.00 baht may be given, not 6,000.00."


def test_a_sum_that_the_regulation_fixes_is_not_changed(cast):
    claim = cast.verified()
    refusal = refusal_of(cast, claim, amount=Decimal("500.00"), reason="generous")
    assert str(refusal) == (
        f"The regulation fixes the sum of claim {claim.label} at 300.00 baht; the meeting cannot change it."
    )


def test_a_decision_takes_three_present(cast):
    claim = cast.verified()
    cast.meeting = MeetingFactory(present=[{"name": "หนึ่ง", "post": ""}, {"name": "สอง", "post": ""}])
    with pytest.raises(TooFewPresent, match="names 2 present; a decision takes at least 3"):
        cast.decide(Decision(claim.pk, approve=True))


def test_a_meeting_that_lies_ahead_resolves_nothing(cast):
    claim = cast.verified()
    cast.meeting = MeetingFactory(held_on=date(2020, 11, 5))
    with pytest.raises(MeetingDay, match="planned for 5 November 2563"):
        cast.decide(Decision(claim.pk, approve=True))


def test_nobody_decides_for_herself(cast):
    claim = cast.verified()
    cast.member.user = cast.committee
    cast.member.save()
    assert isinstance(refusal_of(cast, claim), OwnClaim)


@pytest.mark.parametrize("controls", ["small", "standard", "strict"])
def test_nobody_decides_for_her_household_at_any_level(cast, controls):
    Fund.objects.update(controls=controls)
    claim = cast.verified()
    MemberFactory(community=cast.home, household=cast.member.household, user=cast.committee)
    assert isinstance(refusal_of(cast, claim), OwnClaim)


def test_a_neighbour_decides(cast):
    MemberFactory(community=cast.home, household=HouseholdFactory(community=cast.home), user=cast.committee)
    assert cast.decided().state == "approved"


@pytest.mark.parametrize(("controls", "refused"), [("small", False), ("standard", True), ("strict", True)])
def test_who_entered_a_claim_decides_it_only_in_a_small_fund(cast, controls, refused):
    Fund.objects.update(controls=controls)
    cast.leader = make_user("leader", "committee", community=cast.home)
    claim = cast.verified()
    if refused:
        assert isinstance(refusal_of(cast, claim, by=cast.leader), OneHand)
    else:
        assert cast.decide(Decision(claim.pk, approve=True), by=cast.leader)[0].state == "approved"


@pytest.mark.parametrize(("controls", "refused"), [("small", False), ("standard", False), ("strict", True)])
def test_who_checked_a_claim_does_not_decide_it_in_a_strict_fund(cast, controls, refused):
    Fund.objects.update(controls=controls)
    cast.registrar = make_user("registrar", "committee")
    claim = cast.verified()
    if refused:
        assert isinstance(refusal_of(cast, claim, by=cast.registrar), OneHand)
    else:
        assert cast.decide(Decision(claim.pk, approve=True), by=cast.registrar)[0].state == "approved"


def test_in_a_strict_fund_another_registrar_checks(cast):
    Fund.objects.update(controls="strict")
    cast.leader = make_user("leader", "registrar", community=cast.home)
    claim = cast.submitted()
    with pytest.raises(OneHand):
        verify_claim(claim=claim, papers_seen=every_paper(claim), **cast.by(cast.leader))


def test_the_database_itself_refuses_one_hand(cast):
    claim = cast.verified()
    with pytest.raises(DatabaseError, match="may not decide"), transaction.atomic():
        Claim.objects.filter(pk=claim.pk).update(decided_by=claim.entered_by)


def test_a_sum_other_than_the_one_before_the_meetings_eyes_is_not_approved(cast):
    claim = cast.verified()
    refusal = refusal_of(cast, claim, seen=Decimal("500.00"))
    assert (type(refusal), "from 500.00 to 300.00 baht" in str(refusal)) == (SumChanged, True)
    cast.decide(Decision(claim.pk, approve=True, seen=Decimal("300.00"), relative_of="นายประธาน สมมติ"))
    claim.refresh_from_db()
    assert (claim.state, claim.decision_relative_of) == ("approved", "นายประธาน สมมติ")


def test_facts_that_now_need_a_judgement_are_shown_before_anybody_decides(cast):
    """The sum is the same; but papers marked as late since are weighed."""
    claim = cast.verified()
    Claim.objects.filter(pk=claim.pk).update(received_on=date(2020, 11, 1), event_from=date(2020, 7, 1))
    Claim.objects.filter(pk=claim.pk).update(event_until=date(2020, 7, 4))
    assert isinstance(refusal_of(cast, claim), SumChanged)
    claim.refresh_from_db()
    assert (claim.outcome, claim.amount, claim.steps.last().action) == ("needs_decision", Decimal("300.00"), "reckon")
    cast.decide(Decision(claim.pk, approve=True, reason="the hospital was late"))


def test_an_appeal_is_decided_by_others(cast):
    claim = cast.decided(approve=False, reason="not enough papers")
    claim = appeal_claim(claim=claim, reason="here they are", **cast.by(cast.leader))
    verify_claim(claim=claim, papers_seen=every_paper(claim), **cast.by(cast.registrar))
    assert isinstance(refusal_of(cast, claim), OneHand)
    assert cast.decide(Decision(claim.pk, approve=True), by=make_user("committee"))[0].state == "approved"


def test_the_treasurer_decides_nothing(cast):
    claim = cast.verified()
    with pytest.raises(NotYours):
        cast.decide(Decision(claim.pk, approve=True), by=cast.treasurer)
