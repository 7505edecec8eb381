"""The kinds of value that a regulation file holds, each strict and each with faults of its own name.

Baht are `Decimal`s of two places, counts are whole, days are Gregorian. Nothing is rounded and
nothing is guessed: a value that is not plainly what is asked for is a fault.
"""

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

from bansong_fund.lib.thai_text import normalise

MOST_BAHT = Decimal("9999999999.99")
MOST_DAYS = 36_500
MOST_YEARS = 150
MOST_COUNT = 1_000_000
MOST_LETTERS = 250
_NO_LETTERS = frozenset({"Cc", "Cs", "Co", "Cn"})  # halves of letters, private ones, none at all
_CODE = re.compile(r"[a-z0-9-]{1,40}")
_NUMBER = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})(\.[0-9]{1,18})?")
_WHOLE = re.compile(r"-?(0|[1-9][0-9]{0,17})")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def refuse(code: str, **figures: object) -> PydanticCustomError:
    """A fault under the name that `faults.WORDS` knows it by."""
    return PydanticCustomError(code, "{code}", {"code": code, **{key: str(it) for key, it in figures.items()}})


def _decimal(value: Any) -> Decimal:
    if isinstance(value, Decimal) and value.is_finite():
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        return Decimal(value)
    raise refuse("not_a_number", value=value)


def _two_places(value: Any, most: Decimal) -> Decimal:
    number = _decimal(value)
    # 1.500 is refused as well: three decimals are a slip of the pen, even where the last is a nought.
    if -int(number.as_tuple().exponent) > 2:
        raise refuse("three_decimals", value=value)
    if number < 0:
        raise refuse("negative", value=value)
    if number > most:
        raise refuse("too_large", value=value, limit=most)
    return number.quantize(Decimal("0.01"))


def _baht(value: Any) -> Decimal:
    return _two_places(value, MOST_BAHT)


def _positive(value: Any, most: Decimal) -> Decimal:
    number = _two_places(value, most)
    if number == 0:
        raise refuse("not_positive", value=value)
    return number


def _whole(least: int, most: int) -> Callable[[Any], int]:
    def check(value: Any) -> int:
        if isinstance(value, str) and _WHOLE.fullmatch(value):
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int):
            raise refuse("not_whole", value=value)
        if value < 0:
            raise refuse("negative", value=value)
        if value < least:
            raise refuse("too_small", value=value, limit=least)
        if value > most:
            raise refuse("too_large", value=value, limit=most)
        return value

    return check


def _day(value: Any) -> date:
    if type(value) is date:
        return value
    if not isinstance(value, str) or not _DATE.fullmatch(value):
        raise refuse("not_a_date", value=value)
    year = int(value[:4])
    if year >= 2400:
        raise refuse("buddhist_year", value=value, year=year - 543)
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise refuse("not_a_date", value=value) from None


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise refuse("not_text")
    if not value.strip():
        raise refuse("blank")
    if len(value) > MOST_LETTERS:
        raise refuse("too_long", limit=MOST_LETTERS)
    shown = normalise(value)
    if not shown:
        raise refuse("blank")
    if any(unicodedata.category(letter) in _NO_LETTERS for letter in shown):
        raise refuse("no_letters")
    return shown


def _code(value: Any) -> str:
    if not isinstance(value, str) or not _CODE.fullmatch(value):
        raise refuse("not_a_code", value=value)
    return value


def one_of(*choices: str) -> BeforeValidator:
    """Exactly one of these words; anything else names them all."""

    def check(value: Any) -> str:
        if not isinstance(value, str) or value not in choices:
            raise refuse("not_one_of", value=value, choices=", ".join(choices))
        return value

    return BeforeValidator(check)


def _yes_or_no(value: Any) -> bool:
    if not isinstance(value, bool):
        raise refuse("not_yes_or_no")
    return value


Baht = Annotated[Decimal, BeforeValidator(_baht)]
PositiveBaht = Annotated[Decimal, BeforeValidator(lambda value: _positive(value, MOST_BAHT))]
Percent = Annotated[Decimal, BeforeValidator(lambda value: _positive(value, Decimal(100)))]
Days = Annotated[int, BeforeValidator(_whole(0, MOST_DAYS))]
Years = Annotated[int, BeforeValidator(_whole(0, MOST_YEARS))]
Count = Annotated[int, BeforeValidator(_whole(1, MOST_COUNT))]
MonthNumber = Annotated[int, BeforeValidator(_whole(1, 12))]
Day = Annotated[date, BeforeValidator(_day)]
Text = Annotated[str, BeforeValidator(_text)]
Code = Annotated[str, BeforeValidator(_code)]
YesNo = Annotated[bool, BeforeValidator(_yes_or_no)]
