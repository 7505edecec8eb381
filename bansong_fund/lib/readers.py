"""Cells of other people's spreadsheets, read into values: names, days, numbers, amounts.

Each reader takes a cell as `sheet_reader` gives it (text, number, date, truth value or None) and returns a value, or
None where the cell is empty or holds a dash. It raises `ReadFault`, in the active language, and nothing else.
"""

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from bansong_fund.lib import money, national_id, phones, thai_dates
from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.form_fields import PersonNameField
from bansong_fund.lib.thai_text import arabic_digits, normalise
from bansong_fund.lib.titles import sex_of_title, split_name

LONGEST = 1000
SHOWN = 60

ERROR_CELLS = frozenset(
    {"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!", "#GETTING_DATA"}
)
_ERROR = re.compile(r"Err:[0-9]{3}|#ERROR!")
_EMPTY = {"", "-", "--", "---", "–", "—", ".", "…", "/", "ไม่มี", "ไม่ระบุ", "ไม่ทราบ", "n/a", "none", "null", "nan"}
_LONGEST_EMPTY = max(map(len, _EMPTY))
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f]")
_BROKEN = re.compile("[\ud800-\udfff]")


class ReadFault(DomainError):
    """A cell that does not say what its column is for: what stands there, why not, what to write."""


# --- what stands in a cell --------------------------------------------------------------------------------


def shown(cell: Any) -> str:
    """Return a cell as a sentence can quote it: one line, at most 60 letters, nothing that cannot be written."""
    if isinstance(cell, date) and cell.year < thai_dates.FIRST_YEAR:
        return thai_dates.format_date(cell, "short")
    text = normalise("".join(letter for letter in str(cell)[:LONGEST] if _writable(letter)))
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"


def _writable(letter: str) -> bool:
    return unicodedata.category(letter) not in {"Cs", "Cn", "Co"}


def is_empty(cell: Any) -> bool:
    """Say whether nothing stands in a cell: no text, only spaces, a dash, or a word like ไม่มี."""
    if not isinstance(cell, str):
        return cell is None
    if len(cell) > _LONGEST_EMPTY and cell[0].isalnum():
        return False
    return normalise(cell[:LONGEST]).lower() in _EMPTY


def _text(cell: Any) -> str:
    """Return a cell's text in one spelling, a number without a point where it has no fraction."""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 2**53:
        cell = int(cell)
    text = str(cell)
    if len(text) > LONGEST:
        message = _("This cell has %(count)d letters. Shorten it.")
        raise ReadFault(message % {"count": len(text)})
    bare = text.strip()
    if bare.startswith(("#", "Err:")) and (bare.upper() in ERROR_CELLS or _ERROR.fullmatch(bare)):
        message = _("The cell shows %(error)s: its formula has no result. Write the value itself.")
        raise ReadFault(message % {"error": bare})
    if strange := _CONTROLS.search(text):
        message = _("“%(text)s” holds an invisible control character (code %(code)d). Type it anew.")
        raise ReadFault(message % {"text": shown(text), "code": ord(strange[0])})
    if _BROKEN.search(text):
        raise ReadFault(_("“%(text)s” holds a broken character. Type it anew.") % {"text": shown(text)})
    return normalise(text).removeprefix("'")


def read_text(cell: Any, max_length: int) -> str | None:
    """Return a text of at most `max_length` letters: an occupation, a house number, a road."""
    if is_empty(cell):
        return None
    if isinstance(cell, date):
        message = _(
            "The sheet has turned this into a date (%(day)s). Set the column's format to Text and type it anew."
        )
        raise ReadFault(message % {"day": shown(cell)})
    text = _text(cell)
    if len(text) > max_length:
        message = _("“%(text)s” has %(count)d letters; at most %(most)d fit here. Shorten it.")
        raise ReadFault(message % {"text": shown(text), "count": len(text), "most": max_length})
    return text or None


def _asked(parse: Callable[[str], Any], text: str) -> Any:
    """Return what a parser of the forms makes of a text; its refusals become faults of the cell."""
    try:
        return parse(text)
    except ReadFault:
        raise
    except DomainError as refusal:
        raise ReadFault(refusal.message) from refusal


# --- people -----------------------------------------------------------------------------------------------

_NAME = PersonNameField()


def read_name(cell: Any) -> str | None:
    """Return a first or family name or a nickname in one spelling, at most 100 letters, no signs or emoji."""
    if is_empty(cell):
        return None
    if isinstance(cell, date | int | float | Decimal):
        raise ReadFault(_("“%(text)s” is not a name. Write it in letters.") % {"text": shown(cell)})
    return str(_asked(_NAME.parse, _text(cell)))


_SEXES = {
    "m": {"ชาย", "ช", "ช.", "male", "m", "man", "1", "เพศชาย", "ผู้ชาย"},
    "f": {"หญิง", "ญ", "ญ.", "female", "f", "woman", "2", "เพศหญิง", "ผู้หญิง"},
}


def read_sex(cell: Any, title: str = "") -> str | None:
    """Return "f" or "m", from the cell or, where it is empty, from the title; None where neither tells."""
    if is_empty(cell):
        return sex_of_title(title)
    text = _text(cell)
    for sex, words in _SEXES.items():
        if arabic_digits(text).lower() in words:
            return sex
    raise ReadFault(
        _("“%(text)s” is not a sex. Write %(male)s or %(female)s.")
        % {"text": shown(text), "male": "ชาย", "female": "หญิง"}
    )


def read_title(cell: Any) -> str | None:
    """Return the title in a column of its own, written out: "น.ส." and "นส" are นางสาว; another stays as it is."""
    text = read_text(cell, 40)
    if text is None:
        return None
    title, rest, _family = split_name(f"{text} ก")
    return title if title and rest == "ก" else text


# --- days -------------------------------------------------------------------------------------------------

_FIRST_GREGORIAN, _LAST_GREGORIAN = 1850, 2299
_FIRST_BE, _LAST_BE = thai_dates.FIRST_YEAR, thai_dates.LAST_YEAR
_FIRST_SERIAL = 2900  # smaller numbers are years
_LAST_SERIAL = 330_000  # a day of the Gregorian year 2803
_SERIAL_ZERO = date(1899, 12, 30).toordinal()

_CLOCK = re.compile(r"[ T][0-9]{1,2}[:.][0-9]{2}([:.][0-9]{2}(\.[0-9]+)?)? ?(AM|PM|น\.?|Z)?$", re.IGNORECASE)
_ERA_WORDS = re.compile(
    r"(พ\. ?ศ\.?|พศ\.|b\. ?e\.?|ค\. ?ศ\.?|a\. ?d\.?) ?(?=[0-9])|^วันที่ ?|เดือน ?|^เมื่อ ?", re.IGNORECASE
)
_DAY_MONTH_YEAR = re.compile(r"([0-9xX]{0,2}|-) ?[/.\-] ?([0-9xX]{0,2}|-) ?[/.\-] ?([0-9]{1,5})")
_DAY_NAME_YEAR = re.compile(r"([0-9xX]{1,2})? ?[/ \-]? ?([^0-9/\-]{2,20}?)[/ \-]? ?([0-9]{1,5})")
_MONTH_YEAR = re.compile(r"([0-9]{1,2}) ?[/.\-] ?([0-9]{4})")
_YEAR_FIRST = re.compile(r"([0-9]{4})[/.\-]([0-9]{1,2})[/.\-]([0-9]{1,2})")
_RUN_TOGETHER = re.compile(r"[0-9]{7,8}")


def read_date(cell: Any) -> tuple[date, str] | None:
    """Return a day and how exactly it is known: "day", "month" (its first day) or "year" (1 January).

    Years are of either era: 2400 to 2799 Buddhist, 1850 to 2299 Gregorian; two digits mean 25xx. The day stands first,
    never the month, but in 2020-05-01 the year does. Numbers are days as sheet programs count them, or bare years.
    """
    if is_empty(cell) or isinstance(cell, bool):
        return None
    if isinstance(cell, date):
        return _day(cell.day, cell.month, cell.year, cell)
    if isinstance(cell, int | float | Decimal):
        return _from_number(cell)
    return _from_text(_text(cell))


def _from_number(cell: float | Decimal) -> tuple[date, str]:
    try:
        number = float(cell)
    except (OverflowError, ValueError):
        raise _no_date(cell) from None
    whole = int(number) if abs(number) < 10**9 else 0
    if whole == number and _is_year(whole):
        return date(_gregorian(whole, cell), 1, 1), "year"
    if _FIRST_SERIAL <= whole <= _LAST_SERIAL:
        day = date.fromordinal(_SERIAL_ZERO + whole)
        return _day(day.day, day.month, day.year, day)
    if whole == number and _RUN_TOGETHER.fullmatch(str(whole)):
        return _run_together(str(whole))
    raise _no_date(cell)


def _from_text(text: str) -> tuple[date, str]:
    plain = _ERA_WORDS.sub("", _CLOCK.sub("", arabic_digits(text))).strip()
    if found := _YEAR_FIRST.fullmatch(plain):
        return _day(int(found[3]), int(found[2]), int(found[1]), text)
    if found := _MONTH_YEAR.fullmatch(plain):
        return _day(0, int(found[1]), int(found[2]), text)
    if found := _DAY_MONTH_YEAR.fullmatch(plain):
        return _day(_part(found[1]), _part(found[2]), _four_digits(found[3]), text)
    if (found := _DAY_NAME_YEAR.fullmatch(plain)) and (month := thai_dates.month_number(found[2])):
        year = _four_digits(found[3], thai=not found[2].isascii())
        return _day(_part(found[1]), month, year, text)
    if re.fullmatch(r"[0-9]{4,8}(\.[0-9]{1,10})?", plain):
        return _from_number(float(plain))
    raise _no_date(text)


def _part(text: str | None) -> int:
    """Return the number of a day or month; 0 where it is given as unknown: "00", "-", "xx"."""
    return int(text) if text and text.isdigit() else 0


def _four_digits(text: str, *, thai: bool = True) -> int:
    if len(text) > 2:
        return int(text)
    if not thai:
        raise ReadFault(_("Two digits do not tell the year here. Write it with four, for example 2020 or 2563."))
    return 2500 + int(text)


def _run_together(digits: str) -> tuple[date, str]:
    """Read 01052563 (its first 0 may be lost) or 25630501."""
    padded = digits.zfill(8)
    if not _is_year(int(padded[4:])):
        return _day(int(padded[6:]), int(padded[4:6]), int(padded[:4]), digits)
    return _day(int(padded[:2]), int(padded[2:4]), int(padded[4:]), digits)


def _is_year(number: int) -> bool:
    return _FIRST_BE <= number <= _LAST_BE or _FIRST_GREGORIAN <= number <= _LAST_GREGORIAN


def _gregorian(year: int, cell: Any) -> int:
    if not _is_year(year):
        message = _("“%(text)s” has the year %(year)d. Write a year like 2563 or 2020.")
        raise ReadFault(message % {"text": shown(cell), "year": year})
    return thai_dates.from_be_year(year) if year >= _FIRST_BE else year


def _day(day: int, month: int, year: int, cell: Any) -> tuple[date, str]:
    """Return the day, month (`day` is 0) or year (`month` is 0 too) of numbers as they were read."""
    gregorian = _gregorian(year, cell)
    if month == 0:
        if day:
            raise _no_date(cell)
        return date(gregorian, 1, 1), "year"
    if month > 12 >= day > 0:
        message = _("“%(text)s” has no month %(month)d: the day stands first, then the month. Write %(meant)s.")
        raise ReadFault(message % {"text": shown(cell), "month": month, "meant": f"{month}/{day}/{year}"})
    try:
        return date(gregorian, month, day or 1), "day" if day else "month"
    except ValueError:
        _asked(lambda _text: thai_dates.parse_day_month_year(day, month, gregorian + thai_dates.ERA), "")
        raise _no_date(cell) from None


def _no_date(cell: Any) -> ReadFault:
    message = _("“%(text)s” is not a date. Write day, month and year, for example 1/5/2563 or 1 May 2563.")
    return ReadFault(message % {"text": shown(cell)})


# --- numbers that name people -----------------------------------------------------------------------------

_POWER = re.compile(r"[0-9]+([.,][0-9]+)?[eE]\+?[0-9]+")
_SEPARATORS = re.compile(r"[ .\-\u2010-\u2015_/]")


def read_national_id(cell: Any, warnings: list[str] | None = None, *, passport: bool = False) -> str | None:
    """Return the thirteen digits of a national ID, or another number with its letters (a passport).

    Takes what spreadsheets make of it: 1100000000008.0, an apostrophe, a leading 0 that was lost, where the check digit
    then fits (which is said in `warnings`). Refuses 1.10E+12, whose digits are gone. A wrong check digit is no fault
    here: ask `national_id.check_national_id`. With `passport` any text of letters and digits is taken as it stands.
    """
    if is_empty(cell):
        return None
    if isinstance(cell, date | bool):
        raise _no_id(cell)
    text = arabic_digits(_text(cell)).strip("'\"’‘` ")
    if _POWER.fullmatch(text):
        message = _(
            "“%(text)s” has lost the digits of the number. Set the column's format to Text in the sheet, "
            "and type the number anew."
        )
        raise ReadFault(message % {"text": shown(text)})
    bare = _SEPARATORS.sub("", text.removesuffix(".0"))
    if passport or not re.fullmatch("[0-9]+", bare):
        return _other_number(cell, bare)
    return _thirteen_digits(bare, warnings if warnings is not None else [])


def _thirteen_digits(digits: str, warnings: list[str]) -> str:
    if len(digits) == national_id.LENGTH - 1 and national_id.check_national_id(f"0{digits}").ok:
        warnings.append(_("The ID had 12 digits; the 0 before them, which a sheet drops, was put back."))
        return f"0{digits}"
    if len(digits) != national_id.LENGTH:
        message = _("A national ID number has 13 digits, and this one has %(count)d. Compare with the card.")
        raise ReadFault(message % {"count": len(digits)})
    if digits.endswith("000000") and not national_id.check_national_id(digits).ok:
        message = _(
            "“%(text)s” has lost the digits of the number. Set the column's format to Text in the sheet, "
            "and type the number anew."
        )
        raise ReadFault(message % {"text": digits})
    return digits


def _other_number(cell: Any, bare: str) -> str:
    if not re.fullmatch("[0-9A-Za-z]{5,20}", bare) or not re.search("[0-9]", bare):
        raise _no_id(cell)
    return bare.upper()


def _no_id(cell: Any) -> ReadFault:
    message = _("“%(text)s” is not an ID number. Write its 13 digits, or leave the cell empty.")
    return ReadFault(message % {"text": shown(cell)})


def read_phone(cell: Any, warnings: list[str] | None = None) -> str | None:
    """Return the digits of a Thai phone number, the first where several stand in the cell (said in `warnings`).

    A number without its leading 0, as a sheet keeps it, gets it back.
    """
    if is_empty(cell):
        return None
    if isinstance(cell, date | bool):
        raise ReadFault(_("“%(text)s” is not a phone number.") % {"text": shown(cell)})
    text = arabic_digits(_text(cell)).strip("'’ ")
    first, *more = [part for part in re.split(r"\s*(?:[,;/]|หรือ|และ)\s*", text) if part] or [text]
    digits = re.sub("[^0-9]", "", first)
    if re.fullmatch("[2-9][0-9]{7,8}", digits) and not first.startswith("+"):
        first = f"0{digits}"
    number = str(_asked(phones.parse_phone, first))
    if more and warnings is not None:
        message = _("Several phone numbers stand here; the first was taken: %(phone)s.")
        warnings.append(message % {"phone": phones.format_phone(number)})
    return number


# --- amounts and counts -----------------------------------------------------------------------------------


def read_baht(cell: Any) -> Decimal | None:
    """Return an amount of zero or more in baht. A number of a sheet is taken to the satang that it shows."""
    if is_empty(cell):
        return None
    if isinstance(cell, date | bool):
        raise ReadFault(_("“%(text)s” is not an amount in baht.") % {"text": shown(cell)})
    if isinstance(cell, float | Decimal):
        return _baht_of_number(Decimal(repr(cell)) if isinstance(cell, float) else cell)
    amount = _asked(money.parse_baht, _text(cell))
    return Decimal(amount)


def _baht_of_number(number: Decimal) -> Decimal:
    if not number.is_finite() or not -money.LIMIT < number < money.LIMIT:
        raise ReadFault(_("“%(text)s” is not an amount in baht.") % {"text": shown(number)})
    satang = number.quantize(money.SATANG)
    if abs(satang - number) > Decimal("0.000001"):  # the sheet's binary fractions are nearer than that
        message = _("“%(text)s” has more than two decimal places. Write baht and satang, for example 1,250.50.")
        raise ReadFault(message % {"text": shown(number)})
    return Decimal(_asked(money.parse_baht, str(satang)))


def read_count(cell: Any, most: int = 32_767) -> int | None:
    """Return a whole number from 0 to `most`: times, nights, rounds. A unit behind it is left out: "3 ครั้ง"."""
    if is_empty(cell):
        return None
    text = "" if isinstance(cell, date | bool) else arabic_digits(_text(cell)).replace(",", "")
    found = re.fullmatch(r"([0-9]{1,9})(\.0+)? ?(ครั้ง|คืน|วัน|รอบ|คน|ราย|times|nights|rounds)?", text)
    if not found or int(found[1]) > most:
        message = _("“%(text)s” is not a whole number from 0 to %(most)d.")
        raise ReadFault(message % {"text": shown(cell), "most": most})
    return int(found[1])


_YES = {"ใช่", "มี", "เป็น", "จริง", "yes", "y", "true", "1", "✓", "✔", "☑", "/"}
_NO = {"ไม่ใช่", "ไม่มี", "ไม่เป็น", "ไม่", "เท็จ", "no", "n", "false", "0", "☐"}


def read_yes_no(cell: Any) -> bool | None:
    """Return whether a cell says yes (also by a tick); None where it is empty."""
    text = "" if cell is None else _text(cell).lower()
    if text in _YES:
        return True
    if text in _NO:
        return False
    if is_empty(cell):
        return None
    raise ReadFault(
        _("“%(text)s” is neither yes nor no. Write %(yes)s or %(no)s.")
        % {"text": shown(cell), "yes": "ใช่", "no": "ไม่ใช่"}
    )
