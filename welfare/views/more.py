"""What may be done with a member: the links at the foot of her page. The permission table says who sees which."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from members.models import Member
from office.models import User
from office.roles import may_open

CURRENT, FORMER, DEAD = "current", "former", "dead"
ALIVE = (CURRENT, FORMER)
ALWAYS = (CURRENT, FORMER, DEAD)


@dataclass(frozen=True, slots=True)
class MoreLink:
    """A page about one member, and for whom it is there: members now, former ones, the dead."""

    view_name: str
    label: str | Promise
    states: tuple[str, ...] = ALWAYS


MORE: tuple[MoreLink, ...] = (
    MoreLink("members:history", _("History")),
    MoreLink("members:contact", _("Phone, nickname, address"), ALIVE),
    MoreLink("members:correct", _("Correct the facts")),
    MoreLink("members:change_name", _("Change of name or title"), ALIVE),
    MoreLink("members:beneficiaries", _("Beneficiaries")),
    MoreLink("members:children", _("Children of the member")),
    MoreLink("members:guardians", _("Guardians")),
    MoreLink("members:groups", _("Groups")),
    MoreLink("members:consents", _("Consents")),
    MoreLink("members:member_applications", _("Application and its papers")),
    MoreLink("members:move_house", _("Another house"), ALIVE),
    MoreLink("members:transfer", _("Transfer to another community"), (CURRENT,)),
    MoreLink("members:leave", _("Resignation or moving away"), (CURRENT,)),
    MoreLink("members:reenter", _("Re-entry"), (FORMER,)),
    MoreLink("welfare:member_care", _("Home visits"), ALIVE),
    MoreLink("welfare:personal_data", _("All personal data of this person")),
    MoreLink("welfare:death", _("Report a death"), ALIVE),
    MoreLink("welfare:death", _("What follows from the death"), (DEAD,)),
)


def state_of(member: Member, *, is_current: bool) -> str:
    """Whether she has died, is a member now, or was one."""
    if member.died_on is not None:
        return DEAD
    return CURRENT if is_current else FORMER


def more_about(member: Member, user: User, *, is_current: bool) -> list[tuple[str, str | Promise]]:
    """(address, label) of each page that is there for this member and this user."""
    state = state_of(member, is_current=is_current)
    return list(_open_to(user, (link for link in MORE if state in link.states), member.number))


def _open_to(user: User, links: Iterable[MoreLink], number: int) -> Iterable[tuple[str, str | Promise]]:
    for link in links:
        if not may_open(user, link.view_name):
            continue
        try:
            yield reverse(link.view_name, args=[number]), link.label
        except NoReverseMatch:  # a page that does not exist (yet) is left out
            continue
