"""Cash that a leader held at the cut-over: a place of the opening, made when somebody says so."""

from django.db import transaction
from django.db.models import QuerySet

from ledger.accounts import collector_account
from ledger.models import Account, AccountRole
from ledger.opening import hold_opening
from office.models import User
from office.roles import Role


def leaders_without_place() -> QuerySet[User]:
    """The leaders whose cash is no place of the opening yet, in the order of their names."""
    held = Account.objects.filter(role=AccountRole.COLLECTOR, holder__isnull=False).values("holder")
    leaders = User.objects.filter(is_active=True, role_grants__role=Role.LEADER, role_grants__revoked_at=None).exclude(
        pk__in=held
    )
    return leaders.distinct().order_by("display_name", "pk")


@transaction.atomic
def add_collector(leader: User, *, by: User) -> Account:
    """Make the account of a leader's cash, so that its amount can be typed; a second time the same one is found.

    Raises `OpeningLocked`.
    """
    hold_opening(by)
    return collector_account(leader)
