"""Adding users, changing them, giving and taking roles. Each act is one line in the log of actions."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from bansong_fund.lib.errors import DomainError
from office.action_log import log_action
from office.models import RoleGrant, User
from office.roles import Role

# Who makes users and hands out roles takes no part in collecting, deciding or paying (the house's law, "Roles").
NOT_FOR_ADMINISTRATORS = (Role.LEADER, Role.COMMITTEE, Role.TREASURER)


class UserRefused(DomainError):
    """The change of a user that may not be made."""


def add_user(
    *,
    username: str,
    display_name: str,
    post: str = "",
    phone: str = "",
    roles: Collection[str],
    by: User,
    now: datetime,
) -> User:
    """Make an account without a password; its owner sets one with a one-time code. Raises UserRefused."""
    if User.objects.filter(username__iexact=username).exists():
        message = _("There is a user named %(username)s already. Choose another user name.")
        raise UserRefused(message % {"username": username}, field="username")
    _refuse_mixed(roles)
    with transaction.atomic():
        user = User(username=username, display_name=display_name, post=post, phone=phone, joined_at=now)
        user.set_unusable_password()
        user.save()
        log_action(by, "user-added", subject=user)
        _set_roles(user, roles, by=by, now=now)
    return user


def change_user(
    user: User, *, display_name: str, post: str, phone: str, roles: Collection[str], by: User, now: datetime
) -> None:
    """Write the user's particulars anew and give or take roles until they are `roles`. Raises UserRefused."""
    _refuse_mixed(roles)
    with transaction.atomic():
        held = _lock_roles(user)
        if user.pk == by.pk and set(roles) != held:
            message = _("Nobody changes their own roles. Ask another administrator.")
            raise UserRefused(message, field="roles")
        if Role.ADMINISTRATOR in held - set(roles):
            _refuse_without_administrator(user)
        new = {"display_name": display_name, "post": post, "phone": phone}
        changed = [name for name, value in new.items() if getattr(user, name) != value]
        for name in changed:
            setattr(user, name, new[name])
        if changed:
            user.save(update_fields=changed)
            log_action(by, "user-changed", subject=user, fields=changed)
        _set_roles(user, roles, by=by, now=now)


def close_account(user: User, *, by: User) -> None:
    """From now on the user may not sign in, and a running session ends. The account stays: its acts name it."""
    if user.pk == by.pk:
        raise UserRefused(_("Nobody closes their own account. Ask another administrator."))
    with transaction.atomic():
        if Role.ADMINISTRATOR in _lock_roles(user):
            _refuse_without_administrator(user)
        if user.is_active:
            user.is_active = False
            user.save(update_fields=["is_active"])
            log_action(by, "user-closed", subject=user)


def open_account(user: User, *, by: User) -> None:
    """Let the user sign in again, with the roles held before."""
    with transaction.atomic():
        _lock_roles(user)
        if not user.is_active:
            user.is_active = True
            user.save(update_fields=["is_active"])
            log_action(by, "user-opened", subject=user)


def _lock_roles(user: User) -> set[str]:
    """The user's roles, read under a lock on the user's row; two administrators wait for each other."""
    locked = User.objects.select_for_update().order_by("pk")
    administrators = locked.filter(role_grants__role=Role.ADMINISTRATOR, role_grants__revoked_at=None)
    list(administrators.values_list("pk", flat=True))
    user.is_active = locked.get(pk=user.pk).is_active
    return set(user.role_grants.filter(revoked_at=None).values_list("role", flat=True))


def _refuse_without_administrator(user: User) -> None:
    grants = RoleGrant.objects.filter(role=Role.ADMINISTRATOR, revoked_at=None, user__is_active=True)
    if not grants.exclude(user=user).exists():
        raise UserRefused(_("This is the only administrator. Give another user that role first."), field="roles")


def _refuse_mixed(roles: Collection[str]) -> None:
    mixed = [role for role in NOT_FOR_ADMINISTRATORS if role in roles]
    if Role.ADMINISTRATOR in roles and mixed:
        message = _(
            "An administrator takes no part in money, so the role cannot go together with: %(roles)s. "
            "Make two accounts, or give the roles to two people."
        )
        raise UserRefused(message % {"roles": ", ".join(str(role.label) for role in mixed)}, field="roles")


def _set_roles(user: User, roles: Collection[str], *, by: User, now: datetime) -> None:
    running = {grant.role: grant for grant in user.role_grants.filter(revoked_at=None)}
    for role in Role.values:
        if role in roles and role not in running:
            RoleGrant.objects.create(user=user, role=role, granted_by=by, granted_at=now)
            log_action(by, "role-given", subject=user, role=role)
        elif role in running and role not in roles:
            grant = running[role]
            grant.revoked_by, grant.revoked_at = by, now
            grant.save(update_fields=["revoked_by", "revoked_at"])
            log_action(by, "role-taken", subject=user, role=role)
    user.__dict__.pop("roles", None)  # kept on the instance, and stale now
