"""Whose hands a claim passes through: the fund's level of controls, and what holds at every level."""

from django.utils.translation import gettext as _

from bansong_fund.lib.errors import DomainError
from members.models import Controls, Fund, Meeting, Member
from members.persons import survivor_of
from office.models import User
from welfare.models import Claim
from welfare.transitions import Action

LEAST_PRESENT = 3
LEAST_CERTIFIERS = 3


class OwnClaim(DomainError):
    """Nobody decides or pays for herself or her household."""


class OneHand(DomainError):
    """At this level of controls, another person must take this step."""


class NotCertified(DomainError):
    """A strict fund checks a claim when three others have certified it."""


class TooFewPresent(DomainError):
    """A decision is a meeting's: three or more are named as present."""


def controls_level() -> str:
    """The fund's level now: small, standard or strict."""
    return Fund.objects.values_list("controls", flat=True).get()


def refuse_own(claim: Claim, by: User) -> None:
    """Raises `OwnClaim` where the claim is the user's own or her household's; at every level."""
    mine = Member.objects.filter(user=by).select_related("merged_into").first()
    if mine is None:
        return
    claimant = claim.member
    rows, claimants = (mine, survivor_of(mine)), (claimant, survivor_of(claimant))
    houses = {claim.household_id, *(row.household_id for row in claimants)} - {None}
    same_house = houses & {row.household_id for row in rows}
    same_person = {row.pk for row in rows} & {row.pk for row in claimants}
    if same_house or same_person:
        message = _(
            "Claim %(number)s is your own or your household's. Nobody decides or pays for herself:"
            " another person has to take this step."
        )
        raise OwnClaim(message % {"number": claim.label})


def refuse_deciding(claim: Claim, by: User, level: str) -> None:
    """Raises `OwnClaim`, and above `small` `OneHand` where the decider entered the claim (strict: or checked it).

    At every level `OneHand` where she rejected it before: after an appeal others decide.
    """
    refuse_own(claim, by)
    if claim.appeals.filter(rejected_by=by).exists():
        message = _("You rejected claim %(number)s before; its appeal is decided by another committee member.")
        raise OneHand(message % {"number": claim.label})
    if level == Controls.SMALL:
        return
    hands = {claim.entered_by_id} | ({claim.verified_by_id} if level == Controls.STRICT else set())
    if by.pk in hands:
        message = _("You entered or checked claim %(number)s, so another committee member decides it.")
        raise OneHand(message % {"number": claim.label})


def refuse_paying(claim: Claim, by: User, level: str) -> None:
    """Raises `OwnClaim`, and above `small` `OneHand` where the payer entered or decided the claim."""
    refuse_own(claim, by)
    if level != Controls.SMALL and by.pk in (claim.entered_by_id, claim.decided_by_id):
        message = _("You entered or decided claim %(number)s, so another person pays it out.")
        raise OneHand(message % {"number": claim.label})


def refuse_certifying(claim: Claim, by: User) -> None:
    """Raises `OwnClaim`, and `OneHand` where the certifier entered the claim herself."""
    refuse_own(claim, by)
    if by.pk == claim.entered_by_id:
        message = _("You entered claim %(number)s, so others certify it.")
        raise OneHand(message % {"number": claim.label})


def refuse_verifying(claim: Claim, by: User, level: str) -> None:
    """In a strict fund: `OneHand` where the checker entered the claim herself, `NotCertified` before three others did.

    The claims of a list are not certified one by one: its communities confirmed it.
    """
    if level != Controls.STRICT:
        return
    if by.pk == claim.entered_by_id:
        message = _("You entered claim %(number)s, so another registrar checks it.")
        raise OneHand(message % {"number": claim.label})
    done = len(certifiers_of(claim))
    if claim.benefit_list_id is None and done < LEAST_CERTIFIERS:
        message = _(
            "Claim %(number)s is certified by %(done)d so far; it takes %(least)d people of the community's committee,"
            " the leaders or the registrars, none of whom entered it."
        )
        raise NotCertified(message % {"number": claim.label, "done": done, "least": LEAST_CERTIFIERS})


def certifiers_of(claim: Claim) -> list[User]:
    """Who certified the claim as it was sent in last, the first on top; whoever entered it does not count."""
    certified = claim.certifications.filter(submitted_at=claim.submitted_at).exclude(certified_by=claim.entered_by_id)
    return [one.certified_by for one in certified.select_related("certified_by")]


def refuse_hands(claim: Claim, action: Action, by: User, level: str) -> None:
    """What the level of controls says of this person's hands for a step that her role may take.

    Raises `OwnClaim`, `OneHand`, `NotCertified`.
    """
    if action in (Action.APPROVE, Action.REJECT):
        refuse_deciding(claim, by, level)
    elif action == Action.PAY:
        refuse_paying(claim, by, level)
    elif action == Action.VERIFY:
        refuse_verifying(claim, by, level)
    elif action == Action.CERTIFY:
        refuse_certifying(claim, by)
    elif action == Action.GRANT:
        refuse_deciding(claim, by, level)


def count_present(meeting: Meeting) -> int:
    """How many different people were there."""
    return len({one["name"] for one in meeting.present})


def refuse_small_meeting(meeting: Meeting) -> None:
    """Raises `TooFewPresent`: so the payer is never the only one who decided."""
    count = count_present(meeting)
    if count < LEAST_PRESENT:
        message = _(
            "Meeting %(meeting)s names %(count)d present; a decision takes at least %(least)d. Write them down first."
        )
        told = {"meeting": meeting.label, "count": count, "least": LEAST_PRESENT}
        raise TooFewPresent(message % told, field="present")
