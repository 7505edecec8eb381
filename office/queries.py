"""What other apps and the pages of the office read."""

from django.db.models import Prefetch, QuerySet

from office.models import ActionLog, ReadingLog, RoleGrant, User


def users_with_roles() -> QuerySet[User]:
    """Every user, the roles held now at hand as `running_grants` without further queries."""
    grants = RoleGrant.objects.filter(revoked_at=None).order_by("role")
    return User.objects.prefetch_related(Prefetch("role_grants", grants, to_attr="running_grants"))


def actions() -> QuerySet[ActionLog]:
    return ActionLog.objects.select_related("user").order_by("-acted_at", "-id")


def readings() -> QuerySet[ReadingLog]:
    return ReadingLog.objects.select_related("user").order_by("-read_at", "-id")
