"""A member has died: the membership ends, and the claim for the funeral grant is opened for the beneficiary."""

import uuid
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.thai_dates import format_date
from members.models import EndReason, Member, Relation
from members.verbs import end_membership
from office.models import User
from office.roles import Role
from welfare.claims import enter_claim
from welfare.events import Event
from welfare.models import Claim
from welfare.regulations import version_on
from welfare.steps import lock_member
from welfare.transitions import NotYours


class NoGrant(DomainError):
    """The regulation in force on the day of death has no funeral grant."""


class DiedOnAnotherDay(DomainError):
    """The register has another day of death."""


@transaction.atomic
def report_death(
    *,
    member: Member,
    died_on: date,
    received_on: date,
    by: User,
    today: date,
    now: datetime,
    request_id: uuid.UUID,
    recipient_name: str = "",
    recipient_relation: str = "",
) -> Claim:
    """End the membership on the day of death and open the draft of the funeral-grant claim, both or neither.

    The named beneficiary is filled in; without one `recipient_name` is needed, and the committee decides. The same
    request reports once. Raises `NotYours`, `NoGrant`, `MembershipEnded`, `WrongDates` and what `enter_claim` raises.
    """
    lock_member(member)  # a second click waits here for the first, and finds its claim
    found = Claim.objects.filter(request_id=request_id).first()
    if found is not None:
        return found
    if not by.has_role(Role.LEADER, Role.REGISTRAR):
        raise NotYours(_("A death is reported by the community's leader or a registrar."))
    _refuse_other_day(member, died_on)
    code = funeral_grant(died_on)
    membership = member.memberships.filter(ended_on=None).first()
    if membership is not None:
        note = _("Death reported")
        end_membership(membership=membership, on=died_on, reason=EndReason.DIED, note=note, today=today)
        member.refresh_from_db(fields=["died_on"])
    event = Event(
        benefit_code=code,
        event_from=died_on,
        received_on=received_on,
        recipient_name=recipient_name,
        recipient_relation=recipient_relation or (Relation.OTHER if recipient_name else ""),
    )
    return enter_claim(member=member, event=event, request_id=request_id, by=by, today=today, now=now)


def _refuse_other_day(member: Member, died_on: date) -> None:
    if member.died_on is not None and member.died_on != died_on:
        message = _("The register says that %(name)s died on %(day)s. Have it corrected there, or write that day.")
        raise DiedOnAnotherDay(message % {"name": member.full_name, "day": format_date(member.died_on)}, field="on")


def funeral_grant(day: date) -> str:
    """Code of the death benefit in the version in force on `day`. Raises `NoGrant`, `NoRuleInForce`."""
    for benefit in version_on(day).document.benefits:
        if benefit.category == "death":
            return benefit.code
    raise NoGrant(_("The regulation in force on that day has no funeral grant. Ask the registrar."))
