"""Ways round the controls, by SQL as the role that serves pages: the database refuses each."""

import itertools
import uuid

import pytest
from django.db import DatabaseError, connection, transaction

from members.models import Fund, Meeting, Resolution
from tests.factories import MeetingFactory, MemberFactory, ResolutionFactory, make_user
from tests.welfare.cast import event
from welfare.appeals import appeal_claim
from welfare.controls import OneHand
from welfare.models import Claim, ClaimApproval, ClaimCertification, ClaimState, UrgentGrant, WelfareSettings
from welfare.transitions import TRANSITIONS
from welfare.urgent import agree_urgently


def refused(act, *, because: str) -> None:
    with pytest.raises(DatabaseError, match=because), transaction.atomic():
        act()


def moves(claim: Claim, state: str) -> bool:
    """Whether the database lets the claim go there, whatever else it asks of the step; nothing stays of it."""
    try:
        with transaction.atomic():
            Claim.objects.filter(pk=claim.pk).update(state=state)
            raise ZeroDivisionError
    except ZeroDivisionError:
        return True
    except DatabaseError as refusal:
        return "no step leads" not in str(refusal)


def test_from_each_state_the_database_lets_a_claim_go_where_the_table_says_and_nowhere_else(cast):
    lives = {"draft": cast.drafted, "submitted": cast.submitted, "verified": cast.verified}
    lives |= {"approved": cast.decided, "paid": cast.decided, "rejected": lambda **a: cast.decided(approve=False, **a)}
    claims = {}
    for state, make in lives.items():
        reason = {"reason": "x"} if state == "rejected" else {}
        claims[state] = make(member=MemberFactory(community=cast.home), **reason)
    cast.pay(claims["paid"])
    claims["cancelled"] = cast.drafted(member=MemberFactory(community=cast.home))
    Claim.objects.filter(pk=claims["cancelled"].pk).update(state="cancelled")
    Fund.objects.update(controls="small")  # what the levels ask besides stands in the tests below
    led = {(state, str(step.to_state)) for (state, _action), step in TRANSITIONS.items()}
    for before, after in itertools.permutations(ClaimState.values, 2):
        assert moves(claims[before], after) == ((before, after) in led), (before, after)


@pytest.mark.parametrize("level", ["small", "standard", "strict"])
def test_what_was_decided_and_by_whom_stays(cast, level):
    claim = cast.decided(event=event("death-grant"))
    Fund.objects.update(controls=level)
    rows, other = Claim.objects.filter(pk=claim.pk), make_user("committee")
    away = MemberFactory(community=cast.away)
    refused(lambda: rows.update(amount_approved=99999), because="sum that was decided stays")
    refused(lambda: rows.update(decided_by=other), because="written when it is decided")
    refused(lambda: rows.update(urgent=True), because="written when it is decided")
    refused(lambda: rows.update(verified_by=other), because="written when it is checked")
    refused(lambda: rows.update(entered_by=other), because="who entered it stays")
    refused(lambda: rows.update(member=away), because="who entered it stays")
    refused(lambda: rows.update(resolution=None, urgent=False), because="resolution on a claim stays")
    refused(lambda: rows._raw_delete("default"), because="claims are not deleted")
    refused(lambda: Resolution.objects.update(subject="x"), because="permission denied")
    refused(lambda: Meeting.objects.update(present=[]), because="no longer changes")

    def passed_over():
        with connection.cursor() as cursor:
            cursor.execute("SELECT tgname FROM pg_trigger WHERE tgrelid = 'welfare_claim'::regclass")
            names = ",".join(name for (name,) in cursor.fetchall())
            cursor.execute("SELECT set_config('pgtrigger.ignore', %s, true)", [f"{{{names}}}"])
            rows.update(amount_approved=99999)

    refused(passed_over, because="sum that was decided stays")


def test_three_of_one_name_are_no_quorum(cast):
    claim = cast.verified()
    alone = MeetingFactory(present=[{"name": "หนึ่ง"}] * 3)
    resolution = ResolutionFactory(meeting=alone)
    decided = {"state": "approved", "amount_approved": 300, "decided_by": cast.committee, "resolution": resolution}
    refused(lambda: Claim.objects.filter(pk=claim.pk).update(**decided), because="three present")


def test_in_a_strict_fund_a_claim_begins_as_a_draft(cast):
    claim = cast.verified()
    Fund.objects.update(controls="strict")
    claim.pk, claim.number, claim.request_id, claim.public_token = None, 99, uuid.uuid4(), uuid.uuid4()
    refused(claim.save, because="begins as a draft")


def test_nobody_with_a_hand_in_a_claim_certifies_approves_or_grants_it(cast):
    claim = cast.verified(event=event("death-grant"))
    Fund.objects.update(controls="strict")
    neighbour, resolution = (
        make_user("committee"),
        Resolution.objects.create(meeting=cast.meeting, number=1, subject="x"),
    )
    MemberFactory(community=cast.home, household=cast.member.household, user=neighbour)
    facts = {"claim": claim, "submitted_at": claim.submitted_at}
    grant = {"claim": claim, "amount": claim.amount, "reason": "x"}
    for user, because in (
        (cast.leader, "does not stand up for it"),
        (cast.registrar, "does not stand up for it"),
        (neighbour, "for herself or her household"),
    ):
        approval = facts | {"resolution": resolution, "amount": claim.amount, "approved_by": user}
        certificate = facts | {"certified_by": user, "certified_on": cast.today}
        refused(lambda row=certificate: ClaimCertification.objects.create(**row), because=because)
        refused(lambda row=approval: ClaimApproval.objects.create(**row), because=because)
        refused(lambda by=user: UrgentGrant.objects.create(**grant, chair=by), because=because)
        refused(lambda by=user: UrgentGrant.objects.create(**grant, treasurer=by), because=because)


def test_who_rejected_it_does_not_decide_its_appeal_by_any_way(cast):
    """Neither by SQL, nor as the chair who lets a death grant be paid at once."""
    WelfareSettings.objects.create(pk=1, urgent_death_grants=True, chair=cast.committee)
    claim = cast.decided(event=event("death-grant"), approve=False, reason="x")
    first = claim.resolution
    claim = appeal_claim(claim=claim, reason="here they are", **cast.by(cast.leader))
    claim = cast.checked(claim)
    decided = {"state": "approved", "amount_approved": claim.amount, "resolution": first}
    rows = Claim.objects.filter(pk=claim.pk)
    refused(lambda: rows.update(**decided, decided_by=cast.committee), because="may not decide its appeal")
    with pytest.raises(OneHand):
        agree_urgently(claim=claim, reason="x", request_id=uuid.uuid4(), **cast.by(cast.committee))


def test_what_chair_and_treasurer_agreed_to_stays(cast):
    WelfareSettings.objects.create(pk=1, urgent_death_grants=True, chair=cast.committee)
    claim = cast.verified(event=event("death-grant"))
    for user in (cast.committee, cast.treasurer):
        agree_urgently(claim=claim, reason="x", request_id=uuid.uuid4(), **cast.by(user))
    refused(lambda: UrgentGrant.objects.update(treasurer=None), because="agreed of an urgent grant stays")
    refused(lambda: UrgentGrant.objects.update(amount=1), because="agreed of an urgent grant stays")
