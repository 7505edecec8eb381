"""Writes down who looked at whose personal data."""

from django.utils.translation import gettext_lazy as _

from office.models import ReadingLog, User

READINGS = {
    "page": _("Opened the page"),
    "claim page": _("Opened the claim"),
    "application page": _("Opened the application"),
    "application paper": _("Printed the application"),
    "receipt": _("Opened the receipt"),
    "voucher": _("Opened the payment voucher"),
    "attachment": _("Opened a paper that was handed in"),
    "national-id": _("Looked at the national ID number"),
    "export": _("Downloaded the list"),
    "notice letters": _("Printed letters to members in arrears"),
}


def log_reading(user: User, *, kind: str, id: int, name: str, what: str, reason: str = "") -> ReadingLog:  # noqa: A002
    """Write one line before the page or file is shown.

    `kind` and `id` name the subject (say "member", 17), `name` as it stood then; `what` was read (say "page",
    "national-id", "attachment"); `reason` where the page asked for one.
    """
    return ReadingLog.objects.create(
        user=user, subject_kind=kind, subject_id=id, subject_name=name[:250], what=what[:60], reason=reason[:200]
    )
