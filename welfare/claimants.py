"""Who asks for the money: the member, her guardian, somebody with her power of attorney, or a deceased's family."""

from datetime import date

from django.utils.translation import gettext as _

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.thai_text import plain
from members.models import Guardian, Member
from members.persons import survivor_of
from welfare.events import Event
from welfare.models import Category, Claim, Claimant

PROXY_PAPERS = (("power-of-attorney",),)
GUARDIAN_PAPERS = (("birth-certificate", "house-registration", "power-of-attorney"),)


class WrongClaimant(DomainError):
    """Whoever asks cannot ask like that: nobody is named, or the member has died, or lives."""


def claimant_of(member: Member, event: Event, category: str, recipient: tuple[str, str]) -> tuple[str, str, str]:
    """Who asks as (claimant, name, relation), from what was entered. Raises `WrongClaimant` at its field.

    For a deceased member and for a funeral grant the family asks: where nobody is named, whoever receives the money.
    """
    asks = Claimant(event.claimant)
    has_died = member.died_on is not None or category == Category.DEATH
    if has_died and asks == Claimant.MEMBER:
        asks = Claimant.FAMILY
    if has_died and asks != Claimant.FAMILY:
        message = _("%(name)s has died, and with her ends what others may do in her name. Choose the family.")
        raise WrongClaimant(message % {"name": member.full_name}, field="claimant")
    if asks == Claimant.FAMILY and not has_died:
        message = _("The register says that %(name)s lives. Report the death first, or choose who asks for her.")
        raise WrongClaimant(message % {"name": member.full_name}, field="claimant")
    if asks == Claimant.MEMBER:
        return asks, "", ""
    if event.claimant_name:
        return asks, event.claimant_name, event.claimant_relation
    if asks == Claimant.FAMILY:
        return asks, *recipient
    raise WrongClaimant(_("Write the name of the person who asks for the member."), field="claimant_name")


def papers_of_claimant(claim: Claim) -> tuple[tuple[str, ...], ...]:
    """What whoever asks has to show beside the papers of the benefit; of an inner list any one.

    A guardian whom the register knows on the day of the papers shows none.
    """
    if claim.claimant == Claimant.PROXY:
        return PROXY_PAPERS
    if claim.claimant != Claimant.GUARDIAN:
        return ()
    day = claim.received_on or claim.event_from
    known = {plain(one.name) for one in guardians_on(claim.member, day)}
    return () if plain(claim.claimant_name) in known else GUARDIAN_PAPERS


def guardians_on(member: Member, day: date) -> list[Guardian]:
    """Who acts for a minor on a day, the latest named first."""
    running = Guardian.objects.filter(member=survivor_of(member), since__lte=day).order_by("-since", "-id")
    return [one for one in running if one.until is None or one.until >= day]
