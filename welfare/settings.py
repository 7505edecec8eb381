"""The few settings of deciding and paying: each change stands under a resolution and in the log of actions."""

from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from bansong_fund.lib.errors import DomainError
from members.models import Resolution
from office.action_log import log_action
from office.models import User
from office.roles import Role
from welfare.controls import refuse_small_meeting
from welfare.models import WelfareSettings
from welfare.queries import welfare_settings
from welfare.transitions import NotYours


class ChairNeeded(DomainError):
    """Urgent grants need a chair who signs in here, with a role of the committee."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """The settings as they shall be: days, baht above which two approve, and who the chair is."""

    appeal_days: int
    urgent_death_grants: bool
    chair: User | None
    two_approvals_above: Decimal
    delivery_due_days: int


@transaction.atomic
def change_settings(*, wanted: Wanted, resolution: Resolution, by: User) -> WelfareSettings:
    """Set all settings under a resolution of a meeting with three present. Saying the same twice changes nothing.

    Raises `NotYours`, `TooFewPresent`, `ChairNeeded`.
    """
    if not by.has_role(Role.COMMITTEE):
        raise NotYours(_("These settings are the committee's. Ask one of its members."))
    refuse_small_meeting(resolution.meeting)
    if wanted.urgent_death_grants and (wanted.chair is None or not wanted.chair.has_role(Role.COMMITTEE)):
        message = _("Urgent death grants need a chair who signs in here and has the committee's role. Choose her.")
        raise ChairNeeded(message, field="chair")
    WelfareSettings.objects.get_or_create(pk=1)
    row = WelfareSettings.objects.select_for_update().get(pk=1)
    changed = {name: getattr(wanted, name) for name in Wanted.__slots__ if getattr(row, name) != getattr(wanted, name)}
    if not changed:
        return welfare_settings()
    for name, value in changed.items():
        setattr(row, name, value)
    row.resolution = resolution
    row.save()
    told = {name: str(value) for name, value in changed.items()}
    log_action(by, "welfare-settings-changed", subject=resolution.meeting, **told)
    return row
