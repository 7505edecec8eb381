"""A member's standing on a day, reckoned from what had been received by then. Nobody types a standing."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.utils.translation import gettext_lazy as _


class Standing(StrEnum):
    GOOD = "good"
    ARREARS = "arrears"
    SUSPENDED = "suspended"
    ENDED = "lapsed"
    NOT_A_MEMBER = "not-a-member"


STANDING_NAMES = {
    Standing.GOOD: _("Paid up"),
    Standing.ARREARS: _("In arrears"),
    Standing.SUSPENDED: _("Rights suspended"),
    Standing.ENDED: _("Membership ended"),
    Standing.NOT_A_MEMBER: _("Not a member"),
}


@dataclass(frozen=True, slots=True)
class StandingRules:
    """The regulation's days: rights are suspended, and a member is due to lapse, so long after paid-through."""

    suspend_after_days: int
    lapse_after_days: int


def standing_on(paid_through: date, day: date, rules: StandingRules) -> Standing:
    """Standing of a running membership on `day`; `paid_through` is what was received by that day."""
    days = (day - paid_through).days
    if days <= 0:
        return Standing.GOOD
    return Standing.ARREARS if days <= rules.suspend_after_days else Standing.SUSPENDED


def is_due_to_lapse(paid_through: date, day: date, rules: StandingRules) -> bool:
    """Whether a member may be put before a meeting for lapse; lapse itself is an act, after notice."""
    return (day - paid_through).days > rules.lapse_after_days
