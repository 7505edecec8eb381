"""The exhaustive table: from every state, every action, by every role."""

import itertools

from bansong_fund.lib.errors import DomainError
from members.models import Controls, Fund
from office.models import User
from office.roles import Role
from tests.factories import MemberFactory, make_user
from welfare.controls import refuse_hands
from welfare.models import Claim, ClaimState
from welfare.transitions import TRANSITIONS, Action, NotNow, NotYours, actions_for, transition

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
