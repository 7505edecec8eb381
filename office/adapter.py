"""How allauth behaves here: nobody signs up, accounts are made by the administrator, secrets lie sealed."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from office.phones import PHONE_COOKIE
from office.sealing import seal, unseal


class ClosedAccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": _("The user name or the password is not right. Try again."),
        "too_many_login_attempts": _("Too many attempts that failed. Wait five minutes and try again."),
        "incorrect_password": _("The password is not right. Try again."),
        "enter_current_password": _("The present password is not right. Try again."),
        "rate_limited": _("Too many attempts. Wait a few minutes and try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        """On an enrolled phone signing out locks it: the next page asks for the PIN."""
        if request.COOKIES.get(PHONE_COOKIE):
            return reverse("office:phone")
        return super().get_logout_redirect_url(request)


class SealedMFAAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("This code is not right or was used. Wait for the next one and try again."),
    }

    def encrypt(self, text: str) -> str:
        return seal(text.encode()).decode("ascii")

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(encrypted_text.encode("ascii")).decode()
