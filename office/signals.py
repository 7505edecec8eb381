"""Listens to the sign-in libraries, so that the log of actions holds every sign-in and every change of its means."""

from typing import Any

from allauth.account.signals import password_changed
from allauth.mfa.signals import authenticator_added, authenticator_removed
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver

from office.action_log import log_action
from office.models import User


@receiver(user_logged_in)
def _signed_in(sender: object, user: User, **_kwargs: Any) -> None:
    log_action(user, "signed-in")


@receiver(user_logged_out)
def _signed_out(sender: object, user: User | None, **_kwargs: Any) -> None:
    if user is not None:
        log_action(user, "signed-out")


@receiver(user_login_failed)
def _failed(sender: object, credentials: dict, **_kwargs: Any) -> None:
    typed = str(credentials.get("username") or "")
    known = User.objects.filter(username__iexact=typed).first()  # a password typed into the wrong box stays unwritten
    log_action(None, "sign-in-failed", subject=known)


@receiver(password_changed)
def _password_changed(sender: object, user: User, **_kwargs: Any) -> None:
    if user.must_change_password:
        user.must_change_password = False
        user.save(update_fields=["must_change_password"])
    log_action(user, "password-changed")


@receiver(authenticator_added)
def _second_factor_on(sender: object, user: User, authenticator: Any, **_kwargs: Any) -> None:
    if authenticator.type == "totp":
        log_action(user, "second-factor-on")


@receiver(authenticator_removed)
def _second_factor_off(sender: object, user: User, authenticator: Any, **_kwargs: Any) -> None:
    if authenticator.type == "totp":
        log_action(user, "second-factor-off")
