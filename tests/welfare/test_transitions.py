"""The exhaustive table: from every state, every action, by every role."""

import itertools
import uuid
from datetime import date
from decimal import Decimal

import pytest
from django.db import transaction

from bansong_fund.lib.errors import DomainError
from ledger.models import PaymentVoucher
from members.models import Controls, Fund
from office.models import User
from office.roles import Role
from tests.factories import BeneficiaryFactory, MemberFactory, ResolutionFactory, make_user
from tests.welfare.cast import event, every_paper
from welfare.appeals import appeal_claim
from welfare.certifying import certify_claim
from welfare.claims import cancel_claim, return_claim, submit_claim, verify_claim
from welfare.controls import refuse_hands
from welfare.deciding import Decision, DecisionsRefused, decide_claims
from welfare.models import Claim, ClaimCertification, ClaimState, WelfareSettings
from welfare.reversals import reverse_payment
from welfare.transitions import TRANSITIONS, Action, NotNow, NotYours, actions_for, transition
from welfare.urgent import agree_urgently

# state: {action: (where it leads, whose action it is)}; what does not stand here is refused
LIFE = {
    "draft": {
        "submit": ("submitted", {"leader", "registrar"}),
        "cancel": ("cancelled", {"leader", "registrar"}),
    },
    "submitted": {
        "certify": ("submitted", {"leader", "registrar", "committee"}),
        "verify": ("verified", {"registrar"}),
        "return": ("draft", {"registrar"}),
        "cancel": ("cancelled", {"leader", "registrar"}),
    },
    "verified": {
        "approve": ("approved", {"committee"}),
        "reject": ("rejected", {"committee"}),
        "grant": ("approved", {"committee", "treasurer"}),
        "return": ("draft", {"registrar", "committee"}),
        "cancel": ("cancelled", {"registrar"}),
    },
    "approved": {
        "pay": ("paid", {"treasurer"}),
        "cancel": ("cancelled", {"committee"}),
    },
    "rejected": {"appeal": ("submitted", {"leader", "registrar"})},
    "paid": {"reverse": ("approved", {"treasurer"})},
    "cancelled": {},
}


def user_with(role: str) -> User:
    user = User(username=role)
    user.__dict__["roles"] = frozenset({role})
    return user


def outcome(state: str, action: str, role: str) -> str:
    try:
        return transition(Claim(state=state, year_be=2563, number=1), Action(action), user_with(role)).to_state
    except NotNow:
        return "not now"
    except NotYours:
        return "not yours"


def test_each_step_is_taken_from_its_state_by_its_role_alone():
    cases = itertools.product(ClaimState.values, [str(action) for action in Action], Role.values)
    for state, action, role in cases:
        to_state, roles = LIFE[state].get(action, ("", set()))
        expected = "not now" if not to_state else to_state if role in roles else "not yours"
        assert outcome(state, action, role) == expected, (state, action, role)


def test_the_table_has_no_line_besides():
    assert {(state, str(action)) for state, action in TRANSITIONS} == {
        (state, action) for state, actions in LIFE.items() for action in actions
    }


def test_a_page_offers_what_the_table_allows():
    for state, role in itertools.product(ClaimState.values, Role.values):
        offered = actions_for(Claim(state=state), user_with(role))
        assert offered == {action for action, (_to, roles) in LIFE[state].items() if role in roles}, (state, role)


def test_the_auditor_is_offered_nothing():
    assert {actions_for(Claim(state=state), user_with("auditor")) for state in ClaimState.values} == {frozenset()}


def test_every_level_of_controls_is_known():
    assert Controls.values == ["small", "standard", "strict"]


# whose hands a level refuses beside the roles: {level: {action: the hands that were on the claim before}}
REFUSED_HANDS = {
    "small": {"certify": {"entered"}},
    "standard": {
        "certify": {"entered"},
        "approve": {"entered"},
        "reject": {"entered"},
        "grant": {"entered"},
        "pay": {"entered", "decided"},
    },
    "strict": {
        "certify": {"entered"},
        "verify": {"entered"},
        "approve": {"entered", "verified"},
        "reject": {"entered", "verified"},
        "grant": {"entered", "verified"},
        "pay": {"entered", "decided"},
    },
}


def step_of(claim: Claim, action: str, user: User, level: str) -> str:
    """Role and state first, then the hands, as every verb asks."""
    try:
        to_state = transition(claim, Action(action), user).to_state
        refuse_hands(claim, Action(action), user, level)
    except DomainError as refusal:
        return type(refusal).__name__
    return to_state


def expected_step(state: str, action: str, role: str, level: str, hand: str) -> str:
    to_state, roles = LIFE[state].get(action, ("", set()))
    if not to_state:
        return "NotNow"
    if role not in roles:
        return "NotYours"
    return "OneHand" if hand in REFUSED_HANDS[level].get(action, set()) else to_state


def test_state_by_action_by_role_by_level_by_hand(cast):
    """Every state, action, role and level of controls, with each of the hands that the claim went through before."""
    claim = cast.certified(cast.submitted())
    Fund.objects.update(controls="strict")
    claim = cast.certified(claim)
    users = {role: make_user(role) for role in Role.values}
    hands = ("", "entered", "verified", "decided")
    actions = [str(action) for action in Action]
    for state, action, role, level, hand in itertools.product(
        ClaimState.values, actions, Role.values, Controls.values, hands
    ):
        claim.state, claim.entered_by, claim.verified_by, claim.decided_by = state, cast.leader, None, None
        if hand:
            setattr(claim, f"{hand}_by", users[role])
        found = step_of(claim, action, users[role], level)
        assert found == expected_step(state, action, role, level, hand), (state, action, role, level, hand)


# --- the same through the verbs themselves, on rows -----------------------------------------------------------


def act(cast, claim: Claim, action: str, by: User) -> str:
    """The state to which the verb brings the claim, or the name of its refusal. Nothing stays of it."""
    who, point = cast.by(by), transaction.savepoint()
    decided = {"resolution": cast.resolution, **who}
    try:
        if action == "submit":
            submit_claim(claim=claim, **who)
        elif action == "certify":
            certify_claim(claim=claim, **who)
        elif action == "verify":
            verify_claim(claim=claim, papers_seen=every_paper(claim), **who)
        elif action in ("approve", "reject"):
            decide_claims(decisions=[Decision(claim.pk, approve=action == "approve", reason="x")], **decided)
        elif action == "grant":
            agree_urgently(claim=claim, reason="x", request_id=uuid.uuid4(), **who)
        elif action == "pay":
            cast.pay(claim, by=by)
        elif action == "reverse":
            reverse_payment(voucher=claim.voucher or PaymentVoucher(pk=-1, year_be=2563, number=0), reason="x", **who)
        else:
            verbs = {"return": return_claim, "cancel": cancel_claim, "appeal": appeal_claim}
            verbs[action](claim=claim, reason="x", **who)
        return Claim.objects.values_list("state", flat=True).get(pk=claim.pk)
    except DecisionsRefused as refused:
        return type(refused.by_claim[claim.pk]).__name__
    except DomainError as refusal:
        return {"PaidAlready": "NotNow", "NothingPaid": "NotNow"}.get(type(refusal).__name__, type(refusal).__name__)
    finally:
        transaction.savepoint_rollback(point)


def expected_act(state: str, action: str, role: str, level: str) -> str:
    """By the table above; a second click on “submit” finds it done, a first agreement waits for the second person."""
    if (state, action) == ("submitted", "submit"):
        return "submitted"
    if action == "certify" and level != "strict" and role in LIFE[state].get("certify", ("", ()))[1]:
        return "NotNow"
    if (state, action, role) == ("paid", "reverse", "treasurer") and level != "small":
        return "OneHand"
    found = expected_step(state, action, role, level, hand="")
    return "verified" if (action, found) == ("grant", "approved") else found


def in_each_state(cast) -> dict[str, Claim]:
    """A death grant of another member for each state, certified by three where it waits to be checked."""
    facts = {state: {"event": event("death-grant", date(2020, 10, 25))} for state in LIFE}
    for one in facts.values():
        one["member"] = BeneficiaryFactory(member__community=cast.home).member
    claims = {
        "draft": cast.drafted(**facts["draft"]),
        "submitted": cast.submitted(**facts["submitted"]),
        "verified": cast.verified(**facts["verified"]),
        "approved": cast.decided(**facts["approved"], reason="x"),
        "rejected": cast.decided(**facts["rejected"], approve=False, reason="x"),
        "paid": cast.decided(**facts["paid"], reason="x"),
        "cancelled": cancel_claim(claim=cast.drafted(**facts["cancelled"]), reason="x", **cast.by(cast.leader)),
    }
    cast.pay(claims["paid"])
    sent = {"claim": claims["submitted"], "submitted_at": claims["submitted"].submitted_at}
    for _place in range(3):
        ClaimCertification.objects.create(**sent, certified_by=make_user("committee"), certified_on=cast.today)
    for claim in claims.values():
        claim.refresh_from_db()
    return claims


Place = tuple[str, str, str, str]  # state, action, role, level


def every_place() -> list[Place]:
    return list(itertools.product(ClaimState.values, [str(one) for one in Action], Role.values, Controls.values))


def places_on_the_way() -> list[Place]:
    """Where a step leads on, with every role and level; where none does, whoever owns the action, strict."""
    owners = {action: min(roles) for steps in LIFE.values() for action, (_to, roles) in steps.items()}
    return [
        (state, action, role, level)
        for state, action, role, level in every_place()
        if action in LIFE[state] or (role, level) == (owners[action], "strict")
    ]


def verbs_keep_to_the_table(cast, places: list[Place]) -> None:
    claims, users = in_each_state(cast), {role: make_user(role) for role in Role.values}
    settings = {"urgent_death_grants": True, "chair": users["committee"], "two_approvals_above": Decimal(99999)}
    WelfareSettings.objects.create(pk=1, **settings)
    cast.resolution = ResolutionFactory(meeting=cast.meeting, number=99)
    for level in Controls.values:
        Fund.objects.update(controls=level)
        for state, action, role, _level in (place for place in places if place[3] == level):
            found = act(cast, claims[state], action, users[role])
            assert found == expected_act(state, action, role, level), (state, action, role, level)


def test_each_verb_keeps_to_the_table_for_every_role_at_every_level(cast):
    verbs_keep_to_the_table(cast, places_on_the_way())


@pytest.mark.faults
def test_each_verb_keeps_to_the_table_in_every_state_for_every_role_at_every_level(cast):
    verbs_keep_to_the_table(cast, every_place())


def test_at_every_level_nobody_decides_pays_or_certifies_for_her_household(cast):
    claim = cast.submitted()
    for role in ("committee", "treasurer", "leader"):
        MemberFactory(community=cast.home, household=cast.member.household, user=getattr(cast, role))
    claim.entered_by = cast.registrar
    own = {
        ("verified", "approve"): cast.committee,
        ("verified", "reject"): cast.committee,
        ("verified", "grant"): cast.treasurer,
        ("approved", "pay"): cast.treasurer,
        ("submitted", "certify"): cast.leader,
    }
    for ((state, action), user), level in itertools.product(own.items(), Controls.values):
        claim.state = state
        assert step_of(claim, action, user, level) == "OwnClaim", (state, action, level)
