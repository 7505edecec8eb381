"""What the script of the claim form is told: whose draft the phone keeps, and the words that it speaks."""

from typing import Any

from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _


def draft_settings(request: HttpRequest) -> dict[str, Any]:
    """For static/js/claim-draft.js: the user's mark, the login, and its words."""
    get_token(request)  # so that the cookie is there, out of which the script reads the token
    return {"who": draft_owner(request), "login": reverse("account_login"), "words": _words()}


def draft_owner(request: HttpRequest) -> str:
    """A word for the user that tells nothing of her: drafts are kept under it, and sent under no other."""
    return salted_hmac("welfare.claim-draft", str(request.user.pk)).hexdigest()[:16]


def _words() -> dict[str, str]:
    return {
        "found": _("What you typed before is here again. Photographs have to be chosen anew."),
        "kept": _("What you type is kept on this phone until it is sent."),
        "sending": _("Sending…"),
        "offline": _("No network. What you typed stays on this phone and is sent when the network is back."),
        "later": _("The program did not answer. What you typed stays on this phone and is sent again by itself."),
        "another user": _(
            "Another user is signed in on this phone now. What you typed stays here until you sign in again."
        ),
        "stale": _("What you typed stays on this phone. Open the page anew, then send it."),
        "reckoned when sent": _("No network: what it comes to will be reckoned when the claim is sent."),
        "waits": _("waits to be sent"),
        "begun": _("begun"),
        "no room": _("This phone keeps no draft: without network, what was typed is lost."),
    }
