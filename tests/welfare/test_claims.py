"""A claim from its entry to the committee's table."""

import uuid
from datetime import date
from decimal import Decimal

import pytest
from django.utils import translation

from members.models import Child, EndReason
from members.verbs import end_membership
from tests.factories import MemberFactory
from tests.welfare.cast import event, every_paper, stay
from welfare.appeals import appeal_claim
from welfare.claims import (
    ClaimedAlready,
    NotOffered,
    PapersMissing,
    RecipientNeeded,
    WrongDay,
    cancel_claim,
    change_claim,
    enter_claim,
    return_claim,
    submit_claim,
    verify_claim,
)
from welfare.models import Claim
from welfare.steps import NotEntitled, ReasonNeeded
from welfare.transitions import NotNow, NotYours


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def history(claim: Claim) -> list[tuple[str, str, str]]:
    return [(step.action, step.from_state, step.to_state) for step in claim.steps.all()]


def test_a_hospital_stay_is_written_down_and_sent_in_with_its_reckoning(cast):
    claim = cast.submitted()
    assert claim.label == "2563/000001"
    assert (claim.state, claim.outcome, claim.amount, claim.units) == ("submitted", "eligible", Decimal("300.00"), 3)
    assert claim.recipient_name == cast.member.full_name
    assert claim.membership == cast.member.memberships.get()
    assert claim.assessment["steps"][-1]["en"] == "This comes to 300 baht."
    assert history(claim) == [("enter", "", "draft"), ("submit", "draft", "submitted")]


def test_the_same_request_enters_one_claim(cast):
    request_id = uuid.uuid4()
    facts = {"member": cast.member, "event": stay(date(2020, 10, 5), date(2020, 10, 8)), "request_id": request_id}
    first = enter_claim(**facts, **cast.by(cast.leader))
    second = enter_claim(**facts, **cast.by(cast.leader))
    assert (first.pk, Claim.objects.count()) == (second.pk, 1)


def test_sending_in_twice_writes_one_step(cast):
    claim = cast.submitted()
    submit_claim(claim=claim, **cast.by(cast.leader))
    assert history(claim) == [("enter", "", "draft"), ("submit", "draft", "submitted")]


def test_claims_are_numbered_without_gaps(cast):
    days = [date(2020, 9, 1), date(2020, 9, 5), date(2020, 9, 9)]
    labels = [cast.drafted(event=stay(day, date(2020, 9, 10))).label for day in days]
    assert labels == ["2563/000001", "2563/000002", "2563/000003"]


def test_the_same_claim_twice_is_refused_with_the_number_of_the_first(cast):
    first = cast.submitted()
    with pytest.raises(ClaimedAlready) as refusal:
        cast.drafted()
    assert str(refusal.value) == (
        f"{cast.member.full_name} already has claim {first.label} for this benefit and this day"
        " (Submitted, to be checked). Open that one instead of entering it twice."
    )


def test_a_double_of_the_member_claims_nothing_twice(cast):
    first = cast.submitted()
    double = MemberFactory(community=cast.home, merged_into=cast.member)
    with pytest.raises(ClaimedAlready, match=first.label):
        cast.drafted(member=double)


def test_after_a_cancellation_the_claim_may_be_entered_again(cast):
    first = cast.submitted()
    cancel_claim(claim=first, reason="entered by mistake", **cast.by(cast.registrar))
    assert cast.submitted().label == "2563/000002"


def test_twins_are_two_claims_and_the_same_child_is_one(cast):
    born = date(2020, 10, 5)
    gift = {"child_birth_date": born, "evidence": frozenset({"birth-certificate"})}
    cast.submitted(event=event("birth-gift", born, child_name="ด.ช.หนึ่ง สมมติสกุล", **gift))
    second = cast.submitted(event=event("birth-gift", born, child_name="ด.ญ.สอง สมมติสกุล", **gift))
    assert (second.amount, Child.objects.count()) == (Decimal("500.00"), 2)
    with pytest.raises(ClaimedAlready):
        cast.drafted(event=event("birth-gift", born, child_name="ด.ญ.สอง สมมติสกุล", **gift))


def test_a_child_is_claimed_for_by_one_of_its_parents(cast):
    born = date(2020, 10, 5)
    gift = event("birth-gift", born, child_name="ด.ช.หนึ่ง สมมติสกุล", child_birth_date=born)
    first = cast.submitted(event=gift)
    father = MemberFactory(community=cast.home, title="นาย")
    with pytest.raises(NotEntitled) as refusal:
        cast.submitted(member=father, event=gift)
    assert str(refusal.value) == (
        f"For the child ด.ช.หนึ่ง สมมติสกุล this benefit was claimed already, by claim no. {first.label}."
    )


def test_a_claim_within_the_waiting_time_is_refused_with_the_day_from_which_rights_begin(cast):
    newcomer = MemberFactory(community=cast.home, joined_on=date(2020, 6, 1))
    draft = cast.drafted(member=newcomer)
    with pytest.raises(NotEntitled) as refusal:
        submit_claim(claim=draft, **cast.by(cast.leader))
    assert "The waiting period of 180 days was not over on 5 Oct 2563 BE" in str(refusal.value)
    assert "28 Nov 2563 BE" in str(refusal.value)
    draft.refresh_from_db()
    assert (draft.state, history(draft)) == ("draft", [("enter", "", "draft")])


def test_a_claim_of_a_lapsed_member_is_refused(cast):
    membership = cast.member.memberships.get()
    end_membership(membership=membership, on=date(2020, 9, 1), reason=EndReason.LAPSED, today=cast.today)
    with pytest.raises(NotEntitled, match="The membership had been terminated before the day of the event"):
        cast.submitted()


def test_a_suspended_member_goes_on_to_the_committee(cast):
    member = MemberFactory(community=cast.home, paid_through=date(2019, 12, 31))
    claim = cast.submitted(member=member)
    assert (claim.state, claim.outcome, claim.amount) == ("submitted", "needs_decision", Decimal("300.00"))


def test_a_late_claim_goes_on_to_the_committee(cast):
    claim = cast.submitted(event=stay(date(2020, 7, 1), date(2020, 7, 3), received_on=date(2020, 10, 1)))
    assert (claim.outcome, claim.amount) == ("needs_decision", Decimal("200.00"))


@pytest.mark.parametrize(
    ("facts", "field", "sentence"),
    [
        (
            {"admitted": date(2020, 11, 2), "discharged": date(2020, 11, 3)},
            "event_from",
            "2 November 2563 is after today, 1 November 2563. Write an earlier day.",
        ),
        (
            {"admitted": date(2020, 10, 30), "discharged": date(2020, 11, 3)},
            "event_until",
            "3 November 2563 is after today, 1 November 2563. Write an earlier day.",
        ),
        (
            {"admitted": date(2020, 10, 8), "discharged": date(2020, 10, 5)},
            "event_until",
            "The last day, 5 October 2563, is before the first, 8 October 2563. Correct one of them.",
        ),
        (
            {"admitted": date(2020, 10, 5), "discharged": date(2020, 10, 8), "received_on": date(2020, 10, 7)},
            "received_on",
            (
                "The papers were received on 7 October 2563, before the event ended on 8 October 2563."
                " Correct one of them."
            ),
        ),
    ],
)
def test_days_that_cannot_be_are_refused_at_their_field(cast, facts, field, sentence):
    with pytest.raises(WrongDay) as refusal:
        cast.drafted(event=stay(**facts))
    assert (refusal.value.field, str(refusal.value)) == (field, sentence)


def test_a_benefit_that_the_regulation_does_not_have_is_refused(cast):
    with pytest.raises(NotOffered, match="does not have this benefit"):
        cast.drafted(event=event("dental-care"))


def test_the_funeral_grant_goes_to_the_named_beneficiary(cast):
    claim = cast.drafted(event=event("death-grant"))
    assert (claim.recipient_name, claim.recipient_relation) == ("นายผู้รับ สมมติสกุล", "child")


def test_without_a_beneficiary_the_next_of_kin_is_written_down(cast):
    alone = MemberFactory(community=cast.home)
    with pytest.raises(RecipientNeeded) as refusal:
        cast.drafted(member=alone, event=event("death-grant"))
    assert refusal.value.field == "recipient_name"
    kin = event("death-grant", recipient_name="นางญาติ สมมติสกุล", recipient_relation="sibling")
    claim = cast.submitted(member=alone, event=kin)
    assert (claim.recipient_name, claim.outcome) == ("นางญาติ สมมติสกุล", "needs_decision")


def test_only_leaders_and_registrars_enter_claims(cast):
    with pytest.raises(NotYours, match="Claims are entered by community leaders and registrars"):
        enter_claim(
            member=cast.member,
            event=stay(date(2020, 10, 5), date(2020, 10, 8)),
            request_id=uuid.uuid4(),
            **cast.by(cast.treasurer),
        )


def test_a_claim_is_checked_when_every_paper_was_seen(cast):
    claim = cast.submitted(event=stay(date(2020, 10, 5), date(2020, 10, 8), evidence=frozenset()))
    with pytest.raises(PapersMissing) as refusal:
        verify_claim(claim=claim, **cast.by(cast.registrar))
    assert str(refusal.value) == (
        "Still missing: hospital certificate, discharge summary or hospital receipt."
        " Tick off what you have seen, or return the claim and say what to bring."
    )
    claim = verify_claim(claim=claim, papers_seen=["discharge-summary"], **cast.by(cast.registrar))
    assert (claim.state, claim.verified_by, claim.evidence_seen) == ("verified", cast.registrar, ["discharge-summary"])


def test_a_returned_claim_is_corrected_and_sent_in_again(cast):
    claim = cast.submitted()
    with pytest.raises(ReasonNeeded):
        return_claim(claim=claim, reason="  ", **cast.by(cast.registrar))
    claim = return_claim(claim=claim, reason="The certificate says 4 nights", **cast.by(cast.registrar))
    claim = change_claim(claim=claim, event=stay(date(2020, 10, 4), date(2020, 10, 8)), **cast.by(cast.leader))
    claim = submit_claim(claim=claim, **cast.by(cast.leader))
    assert (claim.state, claim.amount) == ("submitted", Decimal("400.00"))
    assert [action for action, _from, _to in history(claim)] == ["enter", "submit", "return", "change", "submit"]


def test_a_claim_on_its_way_is_not_changed(cast):
    claim = cast.submitted()
    with pytest.raises(NotNow, match="Only a draft can be changed"):
        change_claim(claim=claim, event=stay(date(2020, 10, 4), date(2020, 10, 8)), **cast.by(cast.leader))


def test_limits_count_the_claims_submitted_before(cast):
    cast.submitted(event=stay(date(2020, 8, 1), date(2020, 8, 16)))
    second = cast.submitted(event=stay(date(2020, 9, 1), date(2020, 9, 10)))
    assert second.amount == Decimal("500.00")
    draft = cast.drafted(event=stay(date(2020, 10, 1), date(2020, 10, 3)))
    with pytest.raises(NotEntitled, match="2563/000001, 2563/000002"):
        submit_claim(claim=draft, **cast.by(cast.leader))


def test_a_quota_counts_the_claims_of_the_community(cast):
    def scholarship(n: int):
        return event("scholarship", child_name=f"เด็ก {n}", child_birth_date=date(2010, 1, n))

    for n in range(1, 8):
        cast.submitted(member=MemberFactory(community=cast.home), event=scholarship(n))
    with pytest.raises(NotEntitled, match="At most 7 claims per community"):
        cast.submitted(event=scholarship(8))
    cast.submitted(member=MemberFactory(community=cast.away), event=scholarship(9))


def test_an_appeal_goes_back_to_the_registrar(cast):
    claim = cast.decided(approve=False, reason="no")
    claim = appeal_claim(claim=claim, reason="new papers", **cast.by(cast.leader))
    assert (claim.state, claim.decided_by, claim.resolution) == ("submitted", None, None)
    claim = verify_claim(claim=claim, papers_seen=every_paper(claim), **cast.by(cast.registrar))
    assert claim.state == "verified"
