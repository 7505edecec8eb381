"""A claim's life: from which state which action leads where, and whose action it is. One table, no other."""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bansong_fund.lib.errors import DomainError
from office.models import User
from office.roles import Role
from welfare.models import Claim, ClaimState

LEADER, REGISTRAR, COMMITTEE, TREASURER = Role.LEADER, Role.REGISTRAR, Role.COMMITTEE, Role.TREASURER
S = ClaimState


class Action(StrEnum):
    SUBMIT = "submit"
    CERTIFY = "certify"
    VERIFY = "verify"
    RETURN = "return"
    APPROVE = "approve"
    REJECT = "reject"
    GRANT = "grant"
    PAY = "pay"
    CANCEL = "cancel"
    APPEAL = "appeal"
    REVERSE = "reverse"


ACTION_NAMES = {
    "enter": gettext_lazy("Entered"),
    "change": gettext_lazy("Changed"),
    Action.SUBMIT: gettext_lazy("Submitted"),
    Action.CERTIFY: gettext_lazy("Certified: true, should be paid"),
    Action.VERIFY: gettext_lazy("Checked"),
    Action.RETURN: gettext_lazy("Returned for correction"),
    Action.APPROVE: gettext_lazy("Approved"),
    Action.REJECT: gettext_lazy("Rejected"),
    "approve_first": gettext_lazy("First approval of two"),
    "agree": gettext_lazy("Agreed to an urgent grant"),
    Action.GRANT: gettext_lazy("Granted urgently"),
    "ratify": gettext_lazy("Urgent grant ratified"),
    "refuse_ratify": gettext_lazy("Urgent grant not ratified"),
    Action.PAY: gettext_lazy("Paid"),
    Action.CANCEL: gettext_lazy("Cancelled"),
    Action.APPEAL: gettext_lazy("Appealed"),
    Action.REVERSE: gettext_lazy("Payment reversed"),
    "reckon": gettext_lazy("Reckoned again"),
    "hand-over": gettext_lazy("Money handed to somebody who delivers it"),
    "money-back": gettext_lazy("Not delivered, the money is back"),
    "list": gettext_lazy("Put on a payment list"),
    "unlist": gettext_lazy("Taken off the payment list"),
}


@dataclass(frozen=True, slots=True)
class Transition:
    """Where an action leads, and the roles whose action it is."""

    to_state: ClaimState
    roles: frozenset[str]


def _to(state: ClaimState, *roles: str) -> Transition:
    return Transition(state, frozenset(roles))


TRANSITIONS: dict[tuple[str, Action], Transition] = {
    (S.DRAFT, Action.SUBMIT): _to(S.SUBMITTED, LEADER, REGISTRAR),
    (S.DRAFT, Action.CANCEL): _to(S.CANCELLED, LEADER, REGISTRAR),
    (S.SUBMITTED, Action.CERTIFY): _to(S.SUBMITTED, LEADER, REGISTRAR, COMMITTEE),
    (S.SUBMITTED, Action.VERIFY): _to(S.VERIFIED, REGISTRAR),
    (S.SUBMITTED, Action.RETURN): _to(S.DRAFT, REGISTRAR),
    (S.SUBMITTED, Action.CANCEL): _to(S.CANCELLED, LEADER, REGISTRAR),
    (S.VERIFIED, Action.APPROVE): _to(S.APPROVED, COMMITTEE),
    (S.VERIFIED, Action.REJECT): _to(S.REJECTED, COMMITTEE),
    (S.VERIFIED, Action.GRANT): _to(S.APPROVED, COMMITTEE, TREASURER),
    (S.VERIFIED, Action.RETURN): _to(S.DRAFT, REGISTRAR, COMMITTEE),
    (S.VERIFIED, Action.CANCEL): _to(S.CANCELLED, REGISTRAR),
    (S.REJECTED, Action.APPEAL): _to(S.SUBMITTED, LEADER, REGISTRAR),
    (S.APPROVED, Action.PAY): _to(S.PAID, TREASURER),
    (S.APPROVED, Action.CANCEL): _to(S.CANCELLED, COMMITTEE),
    (S.PAID, Action.REVERSE): _to(S.APPROVED, TREASURER),
}


class NotNow(DomainError):
    """The claim's state does not allow this action."""


class NotYours(DomainError):
    """The action belongs to another role."""


def transition(claim: Claim, action: Action, by: User) -> Transition:
    """The step that `action` takes from the claim's state. Raises `NotNow` or `NotYours`."""
    found = TRANSITIONS.get((claim.state, action))
    if found is None:
        message = _("Claim %(number)s is now: %(state)s. This step is no longer possible; look at its history.")
        raise NotNow(message % {"number": claim.label, "state": claim.get_state_display()})
    if not by.has_role(*found.roles):
        names = ", ".join(str(Role(role).label) for role in Role if role in found.roles)
        message = _("This step belongs to: %(roles)s. Ask one of them to take it for claim %(number)s.")
        raise NotYours(message % {"roles": names, "number": claim.label})
    return found


def actions_for(claim: Claim, user: User) -> frozenset[str]:
    """What this user's roles allow from the claim's state: which buttons a page shows."""
    return frozenset(
        str(action)
        for (state, action), step in TRANSITIONS.items()
        if state == claim.state and user.has_role(*step.roles)
    )
