"""The exhaustive table: from every state, every action, by every role."""

import itertools

import pytest

from members.models import Controls
from office.models import User
from office.roles import Role
from welfare.models import Claim, ClaimState
from welfare.transitions import TRANSITIONS, Action, NotNow, NotYours, actions_for, transition

# state: {action: (where it leads, whose action it is)}; what does not stand here is refused
LIFE = {
    "draft": {
        "submit": ("submitted", {"leader", "registrar"}),
        "cancel": ("cancelled", {"leader", "registrar"}),
    },
    "submitted": {
        "verify": ("verified", {"registrar"}),
        "return": ("draft", {"registrar"}),
        "cancel": ("cancelled", {"leader", "registrar"}),
    },
    "verified": {
        "approve": ("approved", {"committee"}),
        "reject": ("rejected", {"committee"}),
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
EVERY_CASE = list(itertools.product(ClaimState.values, [str(action) for action in Action], Role.values))


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


@pytest.mark.parametrize(("state", "action", "role"), EVERY_CASE)
def test_each_step_is_taken_from_its_state_by_its_role_alone(state, action, role):
    to_state, roles = LIFE[state].get(action, ("", set()))
    expected = "not now" if not to_state else to_state if role in roles else "not yours"
    assert outcome(state, action, role) == expected


def test_the_table_has_no_line_besides():
    assert {(state, str(action)) for state, action in TRANSITIONS} == {
        (state, action) for state, actions in LIFE.items() for action in actions
    }


@pytest.mark.parametrize(("state", "role"), list(itertools.product(ClaimState.values, Role.values)))
def test_a_page_offers_what_the_table_allows(state, role):
    offered = actions_for(Claim(state=state), user_with(role))
    assert offered == {action for action, (_to, roles) in LIFE[state].items() if role in roles}


def test_the_auditor_is_offered_nothing():
    assert {actions_for(Claim(state=state), user_with("auditor")) for state in ClaimState.values} == {frozenset()}


def test_every_level_of_controls_is_known():
    assert Controls.values == ["small", "standard", "strict"]
