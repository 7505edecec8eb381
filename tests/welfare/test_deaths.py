"""The guided report of a death."""

import uuid
from datetime import date

import pytest
from django.utils import translation

from members.models import EndReason
from members.verbs import end_membership
from tests.factories import MemberFactory
from welfare.claims import RecipientNeeded
from welfare.deaths import DiedOnAnotherDay, report_death
from welfare.models import Claim
from welfare.transitions import NotYours


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def reported(cast, **changes) -> Claim:
    facts = {
        "member": cast.member,
        "died_on": date(2020, 10, 20),
        "received_on": date(2020, 10, 25),
        "request_id": uuid.uuid4(),
    }
    return report_death(**(facts | cast.by(cast.leader) | changes))


def test_the_membership_ends_and_the_beneficiary_is_filled_in(cast):
    claim = reported(cast)
    membership = cast.member.memberships.get()
    assert (membership.ended_on, membership.end_reason) == (date(2020, 10, 20), EndReason.DIED)
    assert (claim.benefit_code, claim.recipient_name, claim.state) == ("death-grant", "นายผู้รับ สมมติสกุล", "draft")


def test_the_same_request_reports_once(cast):
    request_id = uuid.uuid4()
    assert reported(cast, request_id=request_id).pk == reported(cast, request_id=request_id).pk


def test_without_a_recipient_nothing_ends(cast):
    alone = MemberFactory(community=cast.home)
    with pytest.raises(RecipientNeeded):
        reported(cast, member=alone)
    assert alone.memberships.get().ended_on is None


def test_a_death_that_the_register_knows_opens_the_claim_of_that_day(cast):
    membership = cast.member.memberships.get()
    end_membership(membership=membership, on=date(2020, 10, 20), reason=EndReason.DIED, today=cast.today)
    cast.member.refresh_from_db()
    with pytest.raises(DiedOnAnotherDay, match="died on 20 October 2563"):
        reported(cast, died_on=date(2020, 10, 21))
    assert reported(cast).event_from == date(2020, 10, 20)


def test_the_treasurer_reports_no_deaths(cast):
    with pytest.raises(NotYours):
        reported(cast, **cast.by(cast.treasurer))
