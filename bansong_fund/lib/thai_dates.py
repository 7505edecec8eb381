"""Dates of the Buddhist era: stored Gregorian, shown and typed with the year พ.ศ. = ค.ศ. + 543.

Nothing here asks the clock: today is an argument. A Gregorian date is never built out of the Buddhist year,
because 29 February 2567 is a day and 29 February of the Gregorian year 2567 is none.
"""

import calendar
import re
from datetime import date, datetime, timedelta

from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.thai_text import arabic_digits, normalise

ERA = 543
FIRST_YEAR = 2400
LAST_YEAR = 2799

MONTHS = {
    "th": (
        *("มกราคม", "กุมภาพันธ์", "มีนาคม", "เมษายน", "พฤษภาคม", "มิถุนายน"),
        *("กรกฎาคม", "สิงหาคม", "กันยายน", "ตุลาคม", "พฤศจิกายน", "ธันวาคม"),
    ),
    "en": tuple(calendar.month_name)[1:],
}
SHORT_MONTHS = {
    "th": (
        *("ม.ค.", "ก.พ.", "มี.ค.", "เม.ย.", "พ.ค.", "มิ.ย."),
        *("ก.ค.", "ส.ค.", "ก.ย.", "ต.ค.", "พ.ย.", "ธ.ค."),
    ),
    "en": tuple(calendar.month_abbr)[1:],
}

_NUMBERED = re.compile(r"([0-9]{1,2}) ?[/.-] ?([0-9]{1,2}) ?[/.-] ?([0-9]+)")
_NAMED = re.compile(r"(?:วันที่ ?)?([0-9]{1,2}) ?(?:เดือน ?)?([^0-9]+?) ?(?:พ\.? ?ศ\.? ?)?([0-9]+)")
_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")


class DateError(DomainError):
    """A text or three numbers that name no day, or whose year is not of the Buddhist era."""


def be_year(day: date) -> int:
    """Return the Buddhist-era year of a day: 2020-05-01 -> 2563."""
    return day.year + ERA


def from_be_year(year: int) -> int:
    """Return the Gregorian year of a Buddhist-era one: 2563 -> 2020."""
    return year - ERA


def active_language(language: str | None = None) -> str:
    """Return "th" or "en": the language asked for, else the active one; Thai for any other."""
    return "en" if (language or get_language() or "th").startswith("en") else "th"


# --- writing ----------------------------------------------------------------------------------------------


def format_date(day: date, style: str = "long", language: str | None = None) -> str:
    """Return a day in words of `language`, by default the active one.

    long "1 พฤษภาคม 2563", short "1 พ.ค. 2563", full "วันที่ 1 เดือน พฤษภาคม พ.ศ. 2563";
    in English "1 May 2563", "1 May 2563" (months of three letters) and "1 May B.E. 2563".
    """
    language = active_language(language)
    names = SHORT_MONTHS if style == "short" else MONTHS
    month = names[language][day.month - 1]
    if style != "full":
        return f"{day.day} {month} {be_year(day)}"
    if language == "en":
        return f"{day.day} {month} B.E. {be_year(day)}"
    return f"วันที่ {day.day} เดือน {month} พ.ศ. {be_year(day)}"


def format_month(day: date, style: str = "long", language: str | None = None) -> str:
    """Return the month of a day: "พฤษภาคม 2563", short "พ.ค. 2563"."""
    names = SHORT_MONTHS if style == "short" else MONTHS
    return f"{names[active_language(language)][day.month - 1]} {be_year(day)}"


def format_range(first: date, last: date, style: str = "long", language: str | None = None) -> str:
    """Return two days as one span, without saying a month or year twice: "1–31 พฤษภาคม 2563"."""
    until = format_date(last, style, language)
    if first == last:
        return until
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{until}"
    since = format_date(first, style, language)
    if first.year == last.year:
        since = since.removesuffix(f" {be_year(first)}")
    return f"{since} – {until}"


def format_moment(moment: datetime, style: str = "short", language: str | None = None) -> str:
    """Return an aware moment as read in Bangkok: "1 พ.ย. 2563 14.30 น.", in English "1 Nov 2563 14:30"."""
    local = localtime(moment)
    day = format_date(local.date(), style, language)
    return f"{day} {local:%H:%M}" if active_language(language) == "en" else f"{day} {local:%H.%M} น."


# --- reading ----------------------------------------------------------------------------------------------


def parse_thai_date(text: str) -> date:
    """Return the day that a text names: "1/5/2563", "1 พ.ค. 2563", "๑ พฤษภาคม ๒๕๖๓", or ISO "2020-05-01".

    The year is of the Buddhist era, in ISO Gregorian. Raises DateError, which says what to write instead.
    """
    shown = normalise(text)
    plain = arabic_digits(shown)
    if found := _ISO.fullmatch(plain):
        return _from_iso(*map(int, found.groups()))
    if found := _NUMBERED.fullmatch(plain):
        return parse_day_month_year(*found.groups())
    if (found := _NAMED.fullmatch(plain)) and (month := month_number(found[2])):
        return parse_day_month_year(found[1], month, found[3])
    message = _("“%(text)s” is not a date. Write day, month and year, for example 1/5/2563 or 1 May 2563.")
    raise DateError(message % {"text": shown})


def parse_day_month_year(day: int | str, month: int | str, year_be: int | str) -> date:
    """Return the Gregorian date of a day, a month (1–12) and a Buddhist-era year: numbers or their digits.

    Raises DateError when a part is no number, the year is not of the Buddhist era, or there is no such day.
    """
    year = _gregorian_year(_number(year_be, _("year")))
    return _existing(year, _number(month, _("month")), _number(day, _("day")))


def _number(value: int | str, part: str) -> int:
    digits = arabic_digits(normalise(str(value)))
    if not re.fullmatch("[0-9]{1,9}", digits):
        message = _("“%(text)s” is not a %(part)s. Write day, month and year in digits, for example 1/5/2563.")
        raise DateError(message % {"text": value, "part": part})
    return int(digits)


def _gregorian_year(year_be: int) -> int:
    if FIRST_YEAR <= year_be <= LAST_YEAR:
        return from_be_year(year_be)
    if year_be < 100:
        message = _("Write the year with four digits: 25%(year)02d, not %(year)d.")
        raise DateError(message % {"year": year_be})
    for meant in (year_be + ERA, year_be - ERA):
        if FIRST_YEAR <= meant <= LAST_YEAR:
            message = _("Years are written in the Buddhist era: did you mean %(meant)d?")
            raise DateError(message % {"meant": meant})
    message = _("There is no year %(year)d here. Write the year of the Buddhist era with four digits, like 2563.")
    raise DateError(message % {"year": year_be})


def _existing(year: int, month: int, day: int) -> date:
    if not 1 <= month <= 12:
        message = _("There is no month %(month)d. Write a month from 1 to 12.")
        raise DateError(message % {"month": month})
    days = calendar.monthrange(year, month)[1]
    if not 1 <= day <= days:
        message = _("There is no %(day)d %(month)s: that month has %(days)d days.")
        shown = format_month(date(year, month, 1))
        raise DateError(message % {"day": day, "month": shown, "days": days})
    return date(year, month, day)


def _from_iso(year: int, month: int, day: int) -> date:
    if not FIRST_YEAR <= year + ERA <= LAST_YEAR:
        message = _(
            "A date written year first takes the Gregorian year, and %(year)d is none of those here: "
            "did you mean %(day)d/%(month)d/%(year)d?"
        )
        raise DateError(message % {"day": day, "month": month, "year": year})
    return _existing(year, month, day)


def month_number(name: str) -> int | None:
    """Return 1–12 for a month's name, whole or short, Thai or English; None for another word."""
    bare = re.sub(r"[. ]", "", name).lower()
    for names in (*MONTHS.values(), *SHORT_MONTHS.values()):
        for number, known in enumerate(names, start=1):
            if known.replace(".", "").lower() == bare:
                return number
    return None


# --- reckoning --------------------------------------------------------------------------------------------


def age_on(birth: date, day: date) -> int:
    """Return the completed years of life on a day; born on 29 February, one grows older on 1 March.

    Raises ValueError for a day before birth.
    """
    if day < birth:
        raise ValueError(f"{day} is before the birth on {birth}")
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def year_bounds(year_be: int, first_month: int = 1) -> tuple[date, date]:
    """Return the first and last day of a year, which is named by the Buddhist era of its last day.

    `first_month` 1 is the calendar year; 10 the Thai fiscal year: 2563 runs from 2019-10-01 to 2020-09-30.
    """
    last_year = from_be_year(year_be)
    first = date(last_year if first_month == 1 else last_year - 1, first_month, 1)
    return first, date(first.year + 1, first_month, 1) - timedelta(days=1)
