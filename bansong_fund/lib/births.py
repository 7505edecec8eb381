"""Dates of birth: known to the day, or only to the month or the year, and kept and shown as known.

Nobody invents a day here: of a birth known only to the year the date is the first day of that year, and what it is
reckoned from is for the fund to say (`members.births`).
"""

import re
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from django.utils.translation import gettext as _

from bansong_fund.lib.thai_dates import (
    DateError,
    active_language,
    be_year,
    format_date,
    format_month,
    month_number,
    parse_day_month_year,
    parse_thai_date,
)
from bansong_fund.lib.thai_text import arabic_digits, normalise

DAY, MONTH, YEAR = "day", "month", "year"

_ERA = r"(?:พ\.? ?ศ\.? ?|B\.? ?E\.? ?)?"
_BARE_YEAR = re.compile(rf"(?:ปี ?)?{_ERA}([0-9]+)(?: ?B\.? ?E\.?)?", re.IGNORECASE)
_NUMBERED_MONTH = re.compile(r"([0-9]{1,2}) ?[/.-] ?([0-9]{3,})")
_NAMED_MONTH = re.compile(rf"(?:เดือน ?)?([^0-9]+?) ?{_ERA}([0-9]+)")


class BirthDate(NamedTuple):
    """A date of birth with how much of it is known: `precision` is "day", "month" or "year"."""

    day: date
    precision: str = DAY


def parse_birth(text: str) -> BirthDate:
    """Read "1/5/2490", "พ.ค. 2490" or "2490", also in Thai digits. Raises DateError, which says what to write.

    The first day of a month or year stands for one that is not known further.
    """
    plain = arabic_digits(normalise(text))
    if found := _BARE_YEAR.fullmatch(plain):
        return BirthDate(parse_day_month_year(1, 1, found[1]), YEAR)
    if found := _NUMBERED_MONTH.fullmatch(plain):
        return BirthDate(parse_day_month_year(1, *found.groups()), MONTH)
    if (found := _NAMED_MONTH.fullmatch(plain)) and (month := month_number(found[1])):
        return BirthDate(parse_day_month_year(1, month, found[2]), MONTH)
    return BirthDate(parse_thai_date(text))


def birth_of_parts(parts: Sequence[str]) -> BirthDate:
    """Read the boxes day, month and year; an empty day, or day and month, are not known. Raises DateError."""
    day, month, year = parts
    if not year or (day and not month):
        raise DateError(_("Write the day, the month and the year, or only the year where no more is known."))
    if not month:
        return BirthDate(parse_day_month_year(1, 1, year), YEAR)
    if not day:
        return BirthDate(parse_day_month_year(1, month, year), MONTH)
    return BirthDate(parse_day_month_year(day, month, year))


def parts_of_birth(birth: BirthDate) -> tuple[str, str, str]:
    """Return what stands in the boxes day, month and year; "" for what is not known."""
    day, precision = birth
    month = "" if precision == YEAR else str(day.month)
    return str(day.day) if precision == DAY else "", month, str(be_year(day))


def format_birth(day: date, precision: str = DAY, style: str = "long", language: str | None = None) -> str:
    """Return a birth as far as it is known: "1 พฤษภาคม 2490", "พฤษภาคม 2490", "พ.ศ. 2490" (in English "2490 B.E.")."""
    language = active_language(language)
    if precision == YEAR:
        return f"พ.ศ. {be_year(day)}" if language == "th" else f"{be_year(day)} B.E."
    if precision == MONTH:
        return format_month(day, "short" if style == "short" else "long", language)
    return format_date(day, style, language)


def first_possible_day(day: date, precision: str) -> date:
    """The first day on which a birth known this far can have been: 1 January of a bare year."""
    if precision == YEAR:
        return date(day.year, 1, 1)
    return day.replace(day=1) if precision == MONTH else day
