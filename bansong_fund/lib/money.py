"""Baht: `Decimal`, exact to the satang, from the form to the database and back.

A float or a third decimal place is refused everywhere, because the database would round it in silence.
"""

import re
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from num2words import num2words

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.thai_text import arabic_digits, normalise

SATANG = Decimal("0.01")
ZERO = Decimal("0.00")
MAX_DIGITS = 14
LIMIT = Decimal(10) ** (MAX_DIGITS - 2)

_GROUPED = re.compile(r"[0-9]{1,3}([, ][0-9]{3})+(\.[0-9]+)?")
_UNGROUPED = re.compile(r"[0-9]+(\.[0-9]+)?|\.[0-9]+")
_UNIT_BEFORE = re.compile(r"^\s*฿\s*")
_UNIT_AFTER = re.compile(r"\s*(฿|บาท|baht|thb)\s*$", re.IGNORECASE)
_MINUS = re.compile(r"^[-\u2212\u2013]\s*")


class AmountError(DomainError):
    """A text that is no amount in baht, or one that is not allowed here."""


def exact_baht(value: Decimal | int | str) -> Decimal:
    """Return `value` as a Decimal with two places; never rounds.

    Raises TypeError for a float or bool, ValueError for a third decimal place, a value that is no number,
    or one of 1,000,000,000,000 baht or more.
    """
    if isinstance(value, bool) or not isinstance(value, Decimal | int | str):
        raise TypeError(f"an amount of money is Decimal, int or str, not {type(value).__name__}: {value!r}")
    try:
        amount = Decimal(value)
    except InvalidOperation:
        raise ValueError(f"not an amount of money: {value!r}") from None
    if not amount.is_finite() or abs(amount) >= LIMIT:
        raise ValueError(f"not an amount of money: {value!r}")
    exact = amount.quantize(SATANG)
    if exact != amount:
        raise ValueError(f"an amount of money has two decimal places: {value!r}")
    return exact + ZERO  # turns -0.00 into 0.00


def parse_baht(text: str, *, allow_negative: bool = False, allow_zero: bool = True) -> Decimal:
    """Return the amount that a person typed: "1,250.50", "๓๖๕ บาท", "฿ 1 250".

    Raises AmountError, which says what is wrong with the text and how to write it.
    """
    shown = normalise(text)
    negative, digits = _sign_and_digits(arabic_digits(shown))
    if not (_GROUPED.fullmatch(digits) or _UNGROUPED.fullmatch(digits)):
        raise AmountError(_why_unreadable(shown, digits))
    whole, _point, satang = re.sub("[, ]", "", digits).partition(".")
    if len(satang) > 2:
        message = _("“%(text)s” has more than two decimal places. Write baht and satang, for example 1,250.50.")
        raise AmountError(message % {"text": shown})
    if len(whole.lstrip("0")) > MAX_DIGITS - 2:
        message = _("“%(text)s” is too large: the largest amount is 999,999,999,999.99 baht.")
        raise AmountError(message % {"text": shown})
    amount = exact_baht(f"{whole or '0'}.{satang or '0'}")
    return _allowed(-amount if negative else amount, allow_negative=allow_negative, allow_zero=allow_zero)


def _sign_and_digits(text: str) -> tuple[bool, str]:
    bare = _UNIT_BEFORE.sub("", _UNIT_AFTER.sub("", text))
    if bare.startswith("(") and bare.endswith(")"):
        return True, bare[1:-1].strip()
    unsigned = _MINUS.sub("", bare)
    return unsigned != bare, _UNIT_BEFORE.sub("", unsigned)


def _why_unreadable(shown: str, digits: str) -> str:
    if not shown:
        return _("Write an amount in baht, for example 1,250.50.")
    if re.fullmatch(r"[0-9., ]*[0-9][0-9., ]*", digits):
        message = _(
            "The commas and the point in “%(text)s” do not stand where an amount has them. Write 1,250.50 or 1250.50."
        )
    else:
        message = _("“%(text)s” is not an amount in baht. Write digits only, for example 1,250.50.")
    return message % {"text": shown}


def _allowed(amount: Decimal, *, allow_negative: bool, allow_zero: bool) -> Decimal:
    if amount < 0 and not allow_negative:
        message = _("%(amount)s baht is below zero. Write an amount without a minus sign.")
        raise AmountError(message % {"amount": format_baht(amount)})
    if amount == 0 and not allow_zero:
        raise AmountError(_("The amount is 0.00 baht. Write an amount above zero."))
    return amount + ZERO


def format_baht(value: Decimal | int | str, *, brackets: bool = False) -> str:
    """Return an amount as people read it: "1,250.50"; below zero "-1,250.50", or "(1,250.50)" in brackets."""
    amount = exact_baht(value)
    if brackets and amount < 0:
        return f"({-amount:,.2f})"
    return f"{amount:,.2f}"


def baht(value: Decimal | int | str) -> str:
    """Return an amount as people read it: 1250.5 -> "1,250.50"."""
    return format_baht(value)


def baht_and_satang(value: Decimal | int | str) -> tuple[str, str]:
    """Return the two columns บาท and สต. of a statement: ("1,250", "50"); below zero ("(1,250", "50)")."""
    whole, _point, satang = format_baht(value, brackets=True).partition(".")
    return whole, satang


def amount_in_words(value: Decimal | int | str, language: str = "th") -> str:
    """Return an amount of zero or more as a receipt spells it: 365 -> "สามร้อยหกสิบห้าบาทถ้วน".

    `language` is "th" or "en". Raises ValueError for an amount below zero.
    """
    amount = exact_baht(value)
    if amount < 0:
        raise ValueError(f"an amount in words is not below zero: {amount}")
    whole, satang = divmod(int(amount * 100), 100)
    return _english_words(whole, satang) if language == "en" else _thai_words(whole, satang)


def _thai_words(whole: int, satang: int) -> str:
    in_baht = f"{num2words(whole, lang='th')}บาท" if whole or not satang else ""
    return in_baht + (f"{num2words(satang, lang='th')}สตางค์" if satang else "ถ้วน")


def _english_words(whole: int, satang: int) -> str:
    in_baht = f"{num2words(whole, lang='en')} baht" if whole or not satang else ""
    if not satang:
        return f"{in_baht} only"
    in_satang = f"{num2words(satang, lang='en')} satang"
    return f"{in_baht} and {in_satang}" if in_baht else in_satang


def shares(amounts: Sequence[Decimal | int], places: int = 1) -> list[Decimal]:
    """Return the percentages of `amounts` in their sum, which together make exactly 100.

    Each is cut to `places` decimals; what is left goes to the largest remainders, the earlier first.
    All are 0 when the sum is. Raises ValueError for an amount below zero.
    """
    exact = [exact_baht(amount) for amount in amounts]
    if any(amount < 0 for amount in exact):
        raise ValueError("shares are taken of amounts of zero or more")
    unit = Decimal(1).scaleb(-places)
    total = int(sum(exact, ZERO) * 100)
    if total == 0:
        return [Decimal(0).quantize(unit) for _amount in exact]
    steps = 100 * 10**places
    cut = [divmod(int(amount * 100) * steps, total) for amount in exact]
    left = steps - sum(whole for whole, _rest in cut)
    largest = sorted(range(len(cut)), key=lambda place: -cut[place][1])[:left]
    return [(whole + (place in largest)) * unit for place, (whole, _rest) in enumerate(cut)]


class BahtField(models.DecimalField):
    """An amount in baht, numeric(14,2). Refuses floats (TypeError) and a third decimal (ValidationError)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["max_digits"] = MAX_DIGITS
        kwargs["decimal_places"] = 2
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        del kwargs["max_digits"], kwargs["decimal_places"]
        return name, path, args, kwargs

    def to_python(self, value: Any) -> Any:
        if value is None or hasattr(value, "as_sql"):
            return value
        try:
            return exact_baht(value)
        except ValueError:
            message = _("%(value)s is not an amount in baht with at most two decimal places.")
            raise ValidationError(message, code="invalid", params={"value": value}) from None

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        return super().get_db_prep_value(self.to_python(value), connection, prepared)

    def formfield(self, **kwargs: Any) -> Any:
        from bansong_fund.lib.form_fields import BahtFormField  # noqa: PLC0415 - it builds on this module

        return models.Field.formfield(self, **{"form_class": BahtFormField, **kwargs})
