"""Thai phone numbers: ten digits of a mobile, nine of a line."""

import re

from django.utils.translation import gettext as _

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.thai_text import arabic_digits, normalise


class PhoneError(DomainError):
    """A text that is no Thai phone number."""


def parse_phone(text: str) -> str:
    """Return the digits of a phone number: "+66 81-234-5678" -> "0812345678". Raises PhoneError.

    Numbers in 000 are taken too: no telephone has one, so the demonstration's invented people do.
    """
    shown = normalise(text)
    bare = re.sub(r"[ ().\-\u2010-\u2013]", "", arabic_digits(shown))
    digits = re.sub(r"^(\+66|0066)0?", "0", bare)
    if re.fullmatch("0[689][0-9]{8}|0[2-57][0-9]{7}|000[0-9]{7}", digits):
        return digits
    message = _(
        "“%(text)s” is not a phone number. A mobile has 10 digits, for example 081-234-5678; "
        "a line has 9, for example 077-123-456."
    )
    raise PhoneError(message % {"text": shown})


def format_phone(digits: str) -> str:
    """Return a number as people read it: "081-234-5678", "077-123-456", "02-123-4567"."""
    area = 2 if digits.startswith("02") else 3
    return f"{digits[:area]}-{digits[area : area + 3]}-{digits[area + 3 :]}"


def shown_phone(text: str | None) -> str:
    """A number as people read it, whatever way it was written; what is no number of ours stays as it is, None is ""."""
    try:
        return format_phone(parse_phone(text)) if text else ""
    except PhoneError:
        return text or ""
