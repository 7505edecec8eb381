"""The national ID number: thirteen digits, of which the last checks the others.

It is kept encrypted, with a keyed digest beside it for uniqueness and exact search, and shown masked.
"""

import hashlib
import hmac
import re
from dataclasses import dataclass
from functools import lru_cache

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext as _
from stdnum.th import pin

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.thai_text import arabic_digits, normalise

LENGTH = 13
DEMO_PROVINCE = "00"


@dataclass(frozen=True)
class IdCheck:
    """What a number looks like. `ok` is False when it needs a reason to be kept.

    `message` tells what is odd, "" when nothing is; what to do about it, the caller knows.

    kind: "citizen" (first digit 1–5), "stateless" (0), "foreigner" (6, 7, 8), "odd" (9, or a wrong check digit).
    """

    ok: bool
    kind: str
    message: str = ""


class IdRefused(DomainError):
    """A text that is no number of that kind."""


def read_number(text: str) -> str:
    """Return the thirteen digits of a national ID: "๑-๒๓๔๕-67890-12-1" -> "1234567890121". Raises IdRefused."""
    digits = _without_marks(text)
    if not re.fullmatch("[0-9]+", digits):
        raise IdRefused(_("Write the 13 digits of the national ID number, without letters."))
    if len(digits) != LENGTH:
        message = _("A national ID number has 13 digits, and this one has %(count)d. Compare with the card.")
        raise IdRefused(message % {"count": len(digits)})
    return digits


def read_passport(text: str) -> str:
    """Return the number of a passport, 5 to 20 letters and digits: "aa 123456" -> "AA123456". Raises IdRefused."""
    number = _without_marks(text).upper()
    if not re.fullmatch("[A-Z0-9]{5,20}", number):
        raise IdRefused(_("A passport number has 5 to 20 letters (A to Z) and digits. Copy it from the passport."))
    return number


def _without_marks(text: str) -> str:
    return re.sub(r"[ .\-\u2010-\u2013]", "", arabic_digits(normalise(text)))


def check_national_id(digits: str) -> IdCheck:
    """Judge a number of thirteen digits; nothing here forbids it, since cards carry odd numbers too."""
    if len(digits) != LENGTH or not digits.isascii() or not digits.isdigit():
        raise ValueError("a national ID number has 13 digits")
    if digits[-1] != pin.calc_check_digit(digits):
        message = _("The last digit does not fit the twelve before it: one digit is probably mistyped.")
        return IdCheck(False, "odd", message)
    if digits[0] == "9":
        return IdCheck(False, "odd", _("National ID numbers do not begin with 9."))
    return IdCheck(True, *_kind(digits[0]))


def kind_of_number(digits: str) -> str:
    """ "citizen", "stateless" or "foreigner", by the first digit of thirteen; whatever the others are."""
    return _kind(digits[0])[0]


def _kind(first_digit: str) -> tuple[str, str]:
    if first_digit == "0":
        return "stateless", _("A number that begins with 0 belongs to a person without registered nationality.")
    if first_digit in "678":
        message = _("A number that begins with %(digit)s belongs to a registered foreigner or their child.")
        return "foreigner", message % {"digit": first_digit}
    return "citizen", ""


def with_check_digit(twelve: str) -> str:
    """Return the thirteen digits that begin with these twelve."""
    return twelve + pin.calc_check_digit(twelve)


def is_demo_number(digits: str) -> bool:
    """Say whether a number is an invented one: its province code is 00, which does not exist."""
    return len(digits) == LENGTH and digits[1:3] == DEMO_PROVINCE


def format_full(digits: str) -> str:
    """Return a number as the card prints it: "1-2345-67890-12-1". A passport's number is left as it is."""
    if len(digits) != LENGTH:
        return digits
    return "-".join((digits[:1], digits[1:5], digits[5:10], digits[10:12], digits[12:]))


def format_masked(digits: str) -> str:
    """Return a number as most people may see it: "1-2345-XXXXX-XX-1"."""
    return format_full(f"{digits[:5]}{'X' * 7}{digits[12:]}")


def encrypt_id(digits: str) -> str:
    """Return a number as the database keeps it: text that only the fund's keys can read, new each time."""
    return _fernet(_encryption_keys()).encrypt(digits.encode()).decode()


def decrypt_id(kept: str | bytes) -> str:
    """Return the number that `encrypt_id` hid, with any of the keys; raises cryptography's InvalidToken."""
    return _fernet(_encryption_keys()).decrypt(kept).decode()


def id_digest(digits: str) -> str:
    """Return the keyed digest (HMAC-SHA256, 64 hex digits) by which equal numbers are found."""
    key = getattr(settings, "FUND_HMAC_KEY", "")
    if not key:
        raise ImproperlyConfigured("FUND_HMAC_KEY is not set: national IDs cannot be searched without it.")
    return hmac.new(key.encode(), digits.encode(), hashlib.sha256).hexdigest()


def _encryption_keys() -> tuple[str, ...]:
    keys = tuple(getattr(settings, "FUND_ENCRYPTION_KEYS", ()))
    if not keys:
        raise ImproperlyConfigured("FUND_ENCRYPTION_KEYS is not set: national IDs cannot be kept without it.")
    return keys


@lru_cache(maxsize=8)
def _fernet(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])
