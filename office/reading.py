"""Writes down who looked at whose personal data."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from office.models import ReadingLog, User

READINGS = {
    "page": _("Opened the page"),
    "claim page": _("Opened the claim"),
    "application page": _("Opened the application"),
    "application paper": _("Printed the application"),
    "receipt": _("Opened the receipt"),
    "voucher": _("Opened the payment voucher"),
    "slip": _("Printed slips for money received"),
    "payment list": _("Took a payment list"),
    "bank account": _("Was offered the bank account of the last transfer"),
    "notice of claim": _("Opened the notice of a claim's outcome"),
    "meeting page": _("Looked at the cases of a meeting with their members' history"),
    "meeting paper": _("Printed the paper of a meeting"),
    "attachment": _("Opened a paper that was handed in"),
    "national-id": _("Looked at the national ID number"),
    "personal-data": _("Printed all personal data"),
    "export": _("Downloaded the list"),
    "import": _("Looked into a register's file"),
    "card": _("Printed member cards"),
    "roll": _("Printed the roll"),
    "attendance sheet": _("Printed the attendance sheet of the assembly"),
    "passbook": _("Printed the passbook page"),
    "member statement": _("Opened the member's statement"),
    "gifts statement": _("Printed the statement of gifts"),
    "certificates": _("Printed certificates of thanks"),
    "beneficiaries": _("Took the list of beneficiaries by name"),
    "round list": _("Took the list of a matching round"),
    "notice letters": _("Printed letters to members in arrears"),
    "payment request": _("Printed payment requests"),
    "benefit list": _("Opened a benefit list"),
    "what if": _("Judged a year's claims by another version"),
    "care page": _("Opened the page of home visits"),
    "care open": _("Opened what is open of home visits"),
    "care sheet": _("Printed the sheet of home visits"),
    "audit pack": _("Took the auditor's pack"),
    "forgotten": _("Opened the list of those who never claimed"),
}

# Why somebody looked, where the page asks: the log keeps the code, its pages say the words.
REASONS = {
    "present": _("The person is here, or is being paid: compare with the card"),
    "report": _("A report to CODI or the municipality"),
    "correct": _("Correcting the register"),
    "asked": _("The person asks for it"),
}


def log_reading(user: User, *, kind: str, id: int, name: str, what: str, reason: str = "") -> ReadingLog:  # noqa: A002
    """Write one line before the page or file is shown.

    `kind` and `id` name the subject (say "member", 17), `name` as it stood then; `what` was read (say "page",
    "national-id", "attachment"); `reason` where the page asked for one, a code of `REASONS` or words.
    """
    return ReadingLog.objects.create(
        user=user, subject_kind=kind, subject_id=id, subject_name=name[:250], what=what[:60], reason=reason[:200]
    )


def log_readings(user: User, *, kind: str, subjects: Iterable[tuple[int, str]], what: str, reason: str = "") -> None:
    """One line for each of several subjects, (id, name), that are read together."""
    lines = [
        ReadingLog(
            user=user, subject_kind=kind, subject_id=key, subject_name=name[:250], what=what[:60], reason=reason[:200]
        )
        for key, name in subjects
    ]
    ReadingLog.objects.bulk_create(lines)


def in_words(lines: list[ReadingLog]) -> list[ReadingLog]:
    """The lines of a page of the log, each with `words` for what was read and `reason_words` for why."""
    for line in lines:
        line.words = READINGS.get(line.what, line.what)
        line.reason_words = REASONS.get(line.reason, line.reason)
    return lines
