"""One-time codes: the administrator's answer to a lost password or a lost second factor."""

import secrets
from datetime import datetime, timedelta

from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.utils.translation import gettext as _

from bansong_fund.lib.errors import DomainError
from office.action_log import log_action
from office.models import OneTimeCode, User

PASSWORD, SECOND_FACTOR = "password", "second-factor"
LETTERS = "ABCDEFGHJKMNPQRTUVWXYZ"  # none that looks like another
LENGTH = 10
LIFETIME = timedelta(hours=24)


class CodeRefused(DomainError):
    """The code cannot be issued or used."""


def issue_code(user: User, *, purpose: str, by: User, now: datetime) -> str:
    """Make a code for the user and return it, to be shown once; codes issued before end. Raises CodeRefused."""
    if user.pk == by.pk:
        raise CodeRefused(_("Nobody issues a code for themselves. Ask another administrator."))
    if not user.is_active:
        raise CodeRefused(_("This account is closed. Open it again first."))
    code = "".join(secrets.choice(LETTERS) for _position in range(LENGTH))
    with transaction.atomic():
        user.one_time_codes.filter(used_at=None, expires_at__gt=now).update(expires_at=now)
        OneTimeCode.objects.create(
            user=user,
            code_digest=make_password(code),
            purpose=purpose,
            issued_by=by,
            issued_at=now,
            expires_at=now + LIFETIME,
        )
        log_action(by, "code-issued", subject=user, purpose=purpose)
    return code


def use_code(*, username: str, code: str, new_password: str, now: datetime) -> User:
    """Set the new password; a code for the second factor also turns that off. Raises CodeRefused.

    The refusal is the same whether the user, the code or its age is wrong: a stranger learns nothing.
    """
    with transaction.atomic():
        user = User.objects.select_for_update().filter(username__iexact=username, is_active=True).first()
        found = _fitting(user, code, now)
        if user is not None and found is not None:
            _carry_out(user, found, new_password, now)
    if user is None or found is None:
        log_action(None, "code-refused", subject=user)
        message = _("The user name and the code do not fit, or the code is older than 24 hours or was used.")
        raise CodeRefused(message + " " + _("Look again, or ask the administrator for a new code."), field="code")
    return user


def _fitting(user: User | None, code: str, now: datetime) -> OneTimeCode | None:
    typed = "".join(letter for letter in code.upper() if letter.isalnum())
    if user is None:
        make_password(typed)  # takes as long as a comparison does
        return None
    running = user.one_time_codes.filter(used_at=None, expires_at__gt=now)
    return next((kept for kept in running if check_password(typed, kept.code_digest)), None)


def _carry_out(user: User, code: OneTimeCode, new_password: str, now: datetime) -> None:
    code.used_at = now
    code.save(update_fields=["used_at"])
    user.set_password(new_password)
    user.must_change_password = False
    user.save(update_fields=["password", "must_change_password"])
    if code.purpose == SECOND_FACTOR:
        Authenticator.objects.filter(user=user).delete()
    log_action(user, "code-used", subject=user, purpose=code.purpose)
