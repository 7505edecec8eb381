"""Who leads which community: dated rows, from which a leader's view of members follows."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from bansong_fund.lib.errors import DomainError
from members.models import Community, Leadership
from office.job_files import take_back_files
from office.models import ActionLog, User
from office.roles import Role


class NotALeader(DomainError):
    """The user does not hold the role of a leader."""


class LeadsAlready(DomainError):
    """The user leads this community already."""


def possible_leaders() -> QuerySet[User]:
    """Users who hold the role of a leader and may sign in."""
    return User.objects.filter(is_active=True, role_grants__role=Role.LEADER, role_grants__revoked_at=None).distinct()


@transaction.atomic
def appoint_leader(*, user: User, community: Community, since: date, by: User, now: datetime) -> Leadership:
    """Give a community a leader, from a day. Raises `NotALeader`, `LeadsAlready`."""
    if not user.has_role(Role.LEADER):
        message = _("%(name)s does not have the role of a community leader. The administrator gives it first.")
        raise NotALeader(message % {"name": user.display_name}, field="user")
    if Leadership.objects.filter(user=user, community=community, until=None).exists():
        raise LeadsAlready(_("%(name)s leads this community already.") % {"name": user.display_name}, field="user")
    leadership = Leadership.objects.create(user=user, community=community, since=since)
    _log("leader appointed", leadership, by=by, now=now)
    return leadership


@transaction.atomic
def end_leadership(*, leadership: Leadership, until: date, by: User, now: datetime) -> Leadership:
    """End a leadership: its row stays, and the user sees these members no more. A second call changes nothing."""
    leadership = (
        Leadership.objects.select_for_update(of=("self",)).select_related("user", "community").get(pk=leadership.pk)
    )
    if leadership.until is None:
        leadership.until = max(until, leadership.since)
        leadership.save(update_fields=["until"])
        take_back_files(leadership.user)
        _log("leadership ended", leadership, by=by, now=now)
    return leadership


def _log(action: str, leadership: Leadership, *, by: User, now: datetime) -> None:
    ActionLog.objects.create(
        user=by,
        action=action,
        subject_kind="community",
        subject_id=leadership.community_id,
        subject_name=leadership.community.name_th,
        details={"leader": leadership.user.display_name},
        acted_at=now,
    )
