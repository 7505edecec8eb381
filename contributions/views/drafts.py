"""What the script of a sheet's pages is told: whose draft it keeps, where to send it, and the words that it speaks."""

from typing import Any

from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from bansong_fund.lib.thai_dates import SHORT_MONTHS, active_language
from contributions.models import CollectionSheet


def draft_settings(request: HttpRequest, found: CollectionSheet, *, away: int = 0) -> dict[str, Any]:
    """What the script on the phone needs: whose draft, where to send it, how many members are not shown, its words."""
    get_token(request)  # so that the cookie is there, out of which the script reads the token
    return {
        "who": draft_owner(request),
        "sheet": found.label,
        "send": reverse("contributions:send_sheet", args=[found.year_be, found.number]),
        "door": reverse("contributions:give_door_receipt", args=[found.year_be, found.number]),
        "here": reverse("contributions:fill", args=[found.year_be, found.number]),
        "login": reverse("account_login"),
        "worker": reverse("contributions:sheet_worker"),
        "is_open": found.state == CollectionSheet.State.DRAFT,
        "today": request.today.isoformat(),
        "loaded": int(request.now.timestamp() * 1000),
        "away": away,
        "words": draft_words(),
    }


def draft_owner(request: HttpRequest) -> str:
    """A word for the user that tells nothing of her: drafts are kept under it, and sent under no other."""
    return salted_hmac("contributions.sheet-draft", str(request.user.pk)).hexdigest()[:16]


def draft_words() -> dict[str, object]:
    """By the names that static/js/sheet.js asks for; what stands in %(…)s it fills in itself."""
    return _states() | _row_words() | {"months": list(SHORT_MONTHS[active_language()])}


def _states() -> dict[str, str]:
    return {
        "totals": _("%(left)s of %(members)s still to pay, cash with me %(cash)s baht"),
        "saved": _("Everything is saved."),
        "sending": _("On this phone: %(count)s. Sending…"),
        "offline": _(
            "No network. Go on: what you type stays on this phone (%(count)s) and is sent when the network is back."
        ),
        "later": _("On this phone: %(count)s. The program did not answer; it is sent again by itself."),
        "signed out": _(
            "You are signed out. What you typed stays on this phone (%(count)s). Sign in, then it is sent."
        ),
        "sign in": _("Sign in"),
        "another user": _(
            "Another user is signed in on this phone now. What you typed stays here (%(count)s) until you sign in."
        ),
        "stale": _("What you typed stays on this phone (%(count)s). Open the page anew, then it is sent."),
        "open anew": _("Open the page anew"),
        "to decide": _("To look at: %(count)s. These rows are marked below."),
        "not yet": _("Some of what you typed is only on this phone yet. Let it be sent first, then hand in the sheet."),
        "no room": _("This phone keeps no draft, so each touch needs the network."),
    }


def _row_words() -> dict[str, str]:
    return {
        "paid": _("Paid %(amount)s · %(day)s"),
        "fee": _("entry fee %(amount)s"),
        "receipt": _("receipt %(number)s"),
        "payer": _("paid by %(name)s"),
        "taken off": _("Taken off"),
        "here": _("on this phone"),
        "paid in full": _("Paid in full"),
        "other": _("Other…"),
        "first": _("Paid with the application: %(baht)s, %(day)s"),
        "top": _("Taken on %(day)s"),
        "give receipt": _("Receipt"),
        "undo": _("Undo"),
        "edit": _("Change"),
        "again": _("Try again"),
        "forget": _("Forget what I typed"),
        "refused": _("Not taken: %(why)s"),
        "changed": _("Written on another device meanwhile: %(there)s. Typed here: %(here)s. Which is right?"),
        "nothing there": _("taken off"),
        "keep that": _("What is there"),
        "take mine": _("What I typed"),
        "wrong amount": _("Write an amount above zero, for instance 365 or 182.50."),
        "wrong number": _("Write the number of the receipt in digits."),
        "behind the book": _("Book %(book)s ends with no. %(last)s. Look at the paper receipt."),
        "wrong day": _("Write the day, the month and the year."),
        "of whom": _("%(name)s, no. %(number)s"),
    }
