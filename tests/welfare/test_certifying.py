"""What a strict fund asks besides: three certify, two approve above the ceiling; the verbs and the database hold it."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction
from django.utils import translation

from members.models import Fund
from tests.factories import MeetingFactory, ResolutionFactory, make_user
from tests.reports.conftest import client_of
from tests.welfare.cast import event, every_paper
from tests.welfare.test_deciding import refusal_of
from welfare.certifying import certify_claim
from welfare.claims import return_claim, submit_claim, verify_claim
from welfare.controls import NotCertified, OneHand, OwnClaim
from welfare.deciding import Decision
from welfare.models import Claim, ClaimApproval, WelfareSettings
from welfare.transitions import NotNow, NotYours

DEATH = event("death-grant", date(2020, 10, 5))  # 8,000 baht for the member of the cast


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def strict(cast):
    Fund.objects.update(controls="strict")
    return cast


def verify(cast, claim):
    return verify_claim(claim=claim, papers_seen=every_paper(claim), **cast.by(cast.registrar))


def test_three_others_certify_before_a_claim_is_checked(strict):
    cast, claim = strict, strict.submitted()
    with pytest.raises(OneHand):
        certify_claim(claim=claim, **cast.by(cast.leader))
    with pytest.raises(NotYours):
        certify_claim(claim=claim, **cast.by(cast.treasurer))
    certifiers = [cast.committee, make_user("committee"), make_user("leader", community=cast.home)]
    for place, certifier in enumerate(certifiers):
        with pytest.raises(NotCertified, match=f"certified by {place} so far"):
            verify(cast, claim)
        for _click in range(2):
            certify_claim(claim=claim, **cast.by(certifier))
    assert claim.steps.filter(action="certify").count() == 3
    assert verify(cast, claim).state == "verified"


def test_a_claim_sent_in_anew_is_certified_anew(strict):
    cast, claim = strict, strict.certified(strict.submitted())
    return_claim(claim=claim, reason="wrong day", **cast.by(cast.registrar))
    submit_claim(claim=claim, **cast.by(cast.leader))
    with pytest.raises(NotCertified, match="certified by 0 so far"):
        verify(cast, claim)


def test_nobody_certifies_for_herself_and_a_standard_fund_certifies_nothing(cast):
    claim = cast.submitted()
    with pytest.raises(NotNow):
        certify_claim(claim=claim, **cast.by(cast.committee))
    Fund.objects.update(controls="strict")
    cast.member.user = cast.committee
    cast.member.save()
    with pytest.raises(OwnClaim):
        certify_claim(claim=claim, **cast.by(cast.committee))


def test_a_sum_above_the_ceiling_waits_for_a_second_person(strict):
    cast, claim, second = strict, strict.verified(event=DEATH), make_user("committee")
    assert cast.decide(Decision(claim.pk, approve=True))[0].state == "verified"
    refusal = refusal_of(cast, claim)
    assert (
        str(refusal) == f"You gave claim {claim.label} its first approval; another committee member gives the second."
    )
    assert cast.decide(Decision(claim.pk, approve=True), by=second)[0].state == "approved"
    claim.refresh_from_db()
    assert (claim.amount_approved, claim.decided_by) == (Decimal("8000.00"), second)
    assert [one.approved_by for one in ClaimApproval.objects.all()] == [cast.committee, second]
    assert [step.action for step in claim.steps.all()][-2:] == ["approve_first", "approve"]


def test_at_the_ceiling_and_at_other_levels_one_approves(strict):
    WelfareSettings.objects.create(pk=1, two_approvals_above=Decimal("8000.00"))
    assert strict.decided(event=DEATH).state == "approved"


def test_the_database_itself_asks_for_certificates_two_approvals_and_a_meeting(strict):
    cast, claim = strict, strict.submitted(event=DEATH)
    rows = Claim.objects.filter(pk=claim.pk)
    with pytest.raises(DatabaseError, match="three others certify"), transaction.atomic():
        rows.update(state="verified", verified_by=cast.registrar)
    verify(cast, cast.certified(claim))
    decided = {"state": "approved", "amount_approved": 8000, "decided_by": cast.committee}
    resolution = cast.decided(
        member=None, event=event("career-grant", proposed_amount=Decimal(100)), reason="x"
    ).resolution
    with pytest.raises(DatabaseError, match="takes two approvals"), transaction.atomic():
        rows.update(**decided, resolution=resolution)
    resolution = ResolutionFactory(meeting=MeetingFactory(present=[{"name": "หนึ่ง"}, {"name": "สอง"}]))
    for state in ("approved", "rejected"):
        with pytest.raises(DatabaseError, match="three present"), transaction.atomic():
            rows.update(**decided | {"state": state}, resolution=resolution)
    with pytest.raises(DatabaseError, match="takes chair and treasurer"), transaction.atomic():
        rows.update(**decided, urgent=True)
    cast.member.user = cast.committee
    cast.member.save()
    with pytest.raises(DatabaseError, match="for herself or her household"), transaction.atomic():
        rows.update(decided_by=cast.committee)


def test_the_page_offers_the_certificate_to_those_who_have_not_signed(strict):
    claim = strict.submitted()
    page, client = f"/claims/{claim.year_be}/{claim.number}/", client_of(strict.committee)
    assert f"{page}certify/" in client.get(page).content.decode()
    client.post(f"{page}certify/")
    assert f"{page}certify/" not in client.get(page).content.decode()
    assert claim.certifications.count() == 1
