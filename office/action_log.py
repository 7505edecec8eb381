"""Writes down what users do outside the books: sign-ins, roles given, codes issued, settings changed."""

from typing import Any

from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from office.models import ActionLog, User

# Every action that is logged, in words for the page of the log.
ACTIONS = {
    "signed-in": _("Signed in"),
    "sign-in-failed": _("Failed to sign in"),
    "signed-out": _("Signed out"),
    "password-changed": _("Changed the password"),
    "second-factor-on": _("Turned on the second factor"),
    "second-factor-off": _("Turned off the second factor"),
    "user-added": _("Added a user"),
    "user-changed": _("Changed a user"),
    "user-closed": _("Closed a user's account"),
    "user-opened": _("Opened a user's account again"),
    "role-given": _("Gave a role"),
    "role-taken": _("Took a role back"),
    "code-issued": _("Issued a one-time code"),
    "code-used": _("Used a one-time code"),
    "code-refused": _("Tried a wrong one-time code"),
    "phone-card-issued": _("Issued a card for a leader's phone"),
    "phone-card-ended": _("Ended a card for a leader's phone"),
    "phone-enrolled": _("Enrolled a phone"),
    "pin-missed": _("Typed a wrong PIN"),
    "phone-locked": _("Locked a phone after five wrong PINs"),
    "phone-ended": _("Ended a leader's phone"),
    "phone-forgotten": _("Ended the own phone"),
    "fund-founded": _("Founded the fund"),
    "fund-changed": _("Changed the fund's settings"),
    "welfare-settings-changed": _("Changed the settings of deciding and paying"),
    "regulation-stored": _("Stored a new version of the regulation"),
    "opening-typed": _("Typed a step of the opening of the books"),
    "opening-locked": _("Locked the opening of the books"),
    "bank-added": _("Added a bank account"),
    "fund-set-aside": _("Set a restricted fund aside"),
    "fund-ended": _("Ended a restricted fund"),
    "community-added": _("Added a community"),
    "member-returned": _("Took a former member back"),
    "member-corrected": _("Corrected a member's facts"),
    "register-imported": _("Brought in a register"),
    "import-dropped": _("Dropped a register's file"),
    "books-checked": _("Checked the books"),
    "sheet-taken-over": _("Took over a collection sheet"),
    "count-refused": _("Did not agree to the count of a collection sheet"),
    "book-given": _("Gave out a receipt book"),
    "book-returned": _("Took a receipt book back"),
    "sponsor-taken-off": _("Took a sponsor off an event"),
    "activity-corrected": _("Corrected an activity with a partner"),
    "head-chosen": _("Chose the head of a household"),
    "death-reported": _("Reported a death"),
    "doubles-merged": _("Merged a double"),
    "doubles-kept-apart": _("Found two like rows to be two people"),
    "double-undone": _("Undid a verdict on doubles"),
    "list-sent": _("Sent a benefit list to the meeting"),
    "list-cancelled": _("Cancelled a benefit list"),
    "list-taken-back": _("Took a benefit list back before the meeting"),
    "seat-given": _("Gave a seat on the committee"),
    "seat-changed": _("Corrected a seat on the committee"),
    "seat-ended": _("Ended a seat on the committee"),
    "seat-runs-on": _("Took back the end of a seat on the committee"),
    "picture-added": _("Added a picture to the annual report"),
    "picture-removed": _("Took a picture out of the annual report"),
}


def log_action(by: User | None, action: str, *, subject: Model | None = None, **details: Any) -> ActionLog:
    """Write one line. `subject` is frozen as kind, id and name; `details` are short words and numbers, no secrets."""
    return ActionLog.objects.create(
        user=by,
        action=action,
        subject_kind=subject._meta.model_name if subject else "",
        subject_id=subject.pk if subject else None,
        subject_name=str(subject)[:250] if subject else "",
        details=details,
    )
