"""Urgent death grants: off by default, by chair and treasurer, ratified at the next meeting or not."""

import uuid
from datetime import date

import pytest
from django.utils import translation

from tests.factories import make_user
from tests.reports.conftest import client_of
from tests.welfare.cast import event
from welfare.controls import OneHand
from welfare.models import Claim, UrgentGrant, WelfareSettings
from welfare.steps import ReasonNeeded
from welfare.urgent import (
    NotUrgent,
    Verdict,
    agree_urgently,
    grants_not_ratified,
    grants_to_ratify,
    ratify_grants,
)


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def chair(cast):
    chair = make_user("committee", username="chair")
    WelfareSettings.objects.create(pk=1, urgent_death_grants=True, chair=chair)
    return chair


@pytest.fixture
def death(cast) -> Claim:
    return cast.verified(event=event("death-grant", date(2020, 10, 25)))


def agree(cast, claim, by, reason="the funeral is tomorrow"):
    return agree_urgently(claim=claim, reason=reason, request_id=uuid.uuid4(), **cast.by(by))


def ratify(cast, grant, by, *, ratified, reason=""):
    facts = {"meeting": cast.meeting, "verdicts": [Verdict(grant.pk, ratified, reason)], "request_id": uuid.uuid4()}
    return ratify_grants(**facts, **cast.by(by))


def test_it_is_off_by_default_and_for_death_alone(cast, death):
    with pytest.raises(NotUrgent, match="pays no death grants ahead"):
        agree(cast, death, cast.treasurer)
    WelfareSettings.objects.create(pk=1, urgent_death_grants=True, chair=cast.committee)
    with pytest.raises(NotUrgent, match="Only a death grant"):
        agree(cast, cast.verified(), cast.treasurer)


def test_chair_and_treasurer_agree_it_is_paid_and_the_next_meeting_ratifies_it(cast, chair, death):
    with pytest.raises(ReasonNeeded):
        agree(cast, death, chair, reason=" ")
    for _click in range(2):
        assert agree(cast, death, chair).treasurer is None
    death.refresh_from_db()
    assert (death.state, list(grants_to_ratify())) == ("verified", [])
    for _click in range(2):
        grant = agree(cast, death, cast.treasurer, reason="")
    death.refresh_from_db()
    assert (death.state, death.urgent, death.decided_by, death.resolution) == ("approved", True, chair, None)
    assert cast.pay(death).resolution_label == "Urgent, before the meeting"
    assert [one.pk for one in grants_to_ratify()] == [grant.pk]
    with pytest.raises(OneHand):
        ratify(cast, grant, chair, ratified=True)
    resolution = ratify(cast, grant, cast.committee, ratified=True)
    death.refresh_from_db()
    assert (death.state, death.resolution, list(grants_to_ratify())) == ("paid", resolution, [])


def test_one_that_is_not_ratified_says_why_and_stands_on_the_auditors_list(cast, chair, death):
    agree(cast, death, cast.treasurer)
    grant = agree(cast, death, chair)
    with pytest.raises(ReasonNeeded):
        ratify(cast, grant, cast.committee, ratified=False)
    ratify(cast, grant, cast.committee, ratified=False, reason="the member lives")
    death.refresh_from_db()
    assert (death.state, [one.ratified_reason for one in grants_not_ratified()]) == ("cancelled", ["the member lives"])
    page = client_of(cast.auditor).get("/meetings/").content.decode()
    assert (death.label in page, "the member lives" in page) == (True, True)


def test_a_treasurer_who_is_the_chair_needs_another_treasurer(cast, death):
    both = make_user("committee", "treasurer")
    WelfareSettings.objects.create(pk=1, urgent_death_grants=True, chair=both)
    for _click in range(2):
        agree(cast, death, both)
    assert (UrgentGrant.objects.get().treasurer, Claim.objects.get(pk=death.pk).state) == (None, "verified")
    assert agree(cast, death, cast.treasurer).claim.state == "approved"


def test_the_pages_agree_and_ratify(cast, chair, death):
    path = f"/claims/{death.year_be}/{death.number}/"
    for user in (chair, cast.treasurer):
        assert f"{path}urgent/" in client_of(user).get(path).content.decode()
        client_of(user).post(f"{path}urgent/", {"reason": "พรุ่งนี้เผา", "request_id": str(uuid.uuid4())})
    grant = UrgentGrant.objects.get()
    meeting = f"/meetings/committee/2563/{cast.meeting.number}/"
    assert f"{meeting}ratify/" in client_of(cast.committee).get(meeting).content.decode()
    form = {f"ratify_{grant.pk}": "ratify", f"why_{grant.pk}": "", "request_id": str(uuid.uuid4())}
    client_of(cast.committee).post(f"{meeting}ratify/", form)
    grant.refresh_from_db()
    assert grant.is_ratified is True
