"""After a rejection: asking again until a day, decided by others, outcome and reasons kept."""

from datetime import date, timedelta

import pytest
from django.utils import translation

from tests.factories import make_user
from tests.welfare.cast import every_paper
from welfare.appeals import TooLate, appeal_claim, appeals_of
from welfare.claims import cancel_claim, verify_claim
from welfare.deciding import Decision
from welfare.models import WelfareSettings


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def test_a_rejection_says_until_when_one_may_ask_again_and_later_it_is_refused(cast):
    WelfareSettings.objects.create(pk=1, appeal_days=14)
    claim = cast.decided(approve=False, reason="not enough papers")
    assert claim.appeal_until == cast.today + timedelta(days=14) == date(2020, 11, 15)
    cast.today = date(2020, 11, 16)
    with pytest.raises(TooLate, match="until 15 November 2563; today is 16 November 2563"):
        appeal_claim(claim=claim, reason="here they are", **cast.by(cast.leader))
    cast.today = date(2020, 11, 15)
    assert appeal_claim(claim=claim, reason="here they are", **cast.by(cast.leader)).state == "submitted"


def test_an_appeal_that_is_cancelled_has_that_outcome(cast):
    claim = cast.decided(approve=False, reason="not enough papers")
    claim = appeal_claim(claim=claim, reason="here they are", **cast.by(cast.leader))
    cancel_claim(claim=claim, reason="the family does not want it", **cast.by(cast.registrar))
    assert appeals_of(claim)[0].outcome.action == "cancel"


def test_what_was_rejected_and_what_came_of_it_stays_beside_the_claim(cast):
    claim = cast.decided(approve=False, reason="not enough papers")
    first = claim.resolution
    claim = appeal_claim(claim=claim, reason="here they are", **cast.by(cast.leader))
    assert (claim.appeal_until, claim.decision_reason, appeals_of(claim)[0].outcome) == (None, "", None)
    verify_claim(claim=claim, papers_seen=every_paper(claim), **cast.by(cast.registrar))
    other = make_user("committee")
    cast.decide(Decision(claim.pk, approve=True, reason="the papers are there"), by=other)
    told = appeals_of(claim)[0]
    kept = (told.appeal.rejected_by, told.appeal.rejected_reason, told.appeal.reason, told.appeal.resolution)
    assert kept == (cast.committee, "not enough papers", "here they are", first)
    assert (told.outcome.action, told.outcome.user, told.outcome.reason) == ("approve", other, "the papers are there")
