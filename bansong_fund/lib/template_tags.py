"""Filters for every page and paper, built into the template engine (settings, OPTIONS["builtins"]).

Each shows nothing for None, so that a page with a gap still reads.
"""

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django import template
from django.utils.timezone import is_aware, localtime

from bansong_fund.lib import births, languages, money, national_id, phones, thai_dates, thai_text

register = template.Library()


@register.filter
def count(number: int | None) -> str:
    """A number of persons or times: 4118 -> "4,118"."""
    return "" if number is None else f"{number:,}"


@register.filter
def baht(value: Decimal | int | str | None) -> str:
    """1250.5 -> "1,250.50"."""
    return "" if value in (None, "") else money.format_baht(value)


@register.filter
def baht_brackets(value: Decimal | int | str | None) -> str:
    """-1250.5 -> "(1,250.50)", as statements show it."""
    return "" if value in (None, "") else money.format_baht(value, brackets=True)


@register.filter
def baht_words(value: Decimal | int | str | None, language: str | None = None) -> str:
    """365 -> "สามร้อยหกสิบห้าบาทถ้วน"; in the language asked for, else the active one."""
    if value in (None, ""):
        return ""
    return money.amount_in_words(value, thai_dates.active_language(language))


@register.filter
def thai_date(day: date | datetime | None, style: str = "long") -> str:
    """Show a day; the style is long, short or full, with a language after a hyphen if it is not the active one.

    {{ day|thai_date }}, {{ day|thai_date:"short" }}, {{ day|thai_date:"full-th" }}.
    """
    if day in (None, ""):
        return ""
    name, _hyphen, language = style.partition("-")
    return thai_dates.format_date(_local_day(day), name, language or None)


@register.filter
def birth_date(person: Any, style: str = "long") -> str:
    """Show a person's date of birth as far as it is known: {{ member|birth_date }}, {{ member|birth_date:"short" }}.

    For whatever has `birth_date` and, where it may be less than a day, `birth_precision`.
    """
    if not person or person.birth_date is None:
        return ""
    name, _hyphen, language = style.partition("-")
    precision = getattr(person, "birth_precision", births.DAY)
    return births.format_birth(person.birth_date, precision, name, language or None)


@register.filter
def thai_month(day: date | datetime | None, style: str = "long") -> str:
    """Show the month and year of a day, in the styles long and short."""
    if day in (None, ""):
        return ""
    name, _hyphen, language = style.partition("-")
    return thai_dates.format_month(_local_day(day), name, language or None)


@register.filter
def thai_moment(moment: datetime | None, style: str = "short") -> str:
    """Show an aware moment: "1 พ.ย. 2563 14.30 น."."""
    if moment in (None, ""):
        return ""
    name, _hyphen, language = style.partition("-")
    return thai_dates.format_moment(moment, name, language or None)


@register.filter
def be_year(day: date | datetime | None) -> str:
    """2020-05-01 -> "2563"."""
    return "" if day in (None, "") else str(thai_dates.be_year(_local_day(day)))


def _local_day(day: date | datetime) -> date:
    if not isinstance(day, datetime):
        return day
    return localtime(day).date() if is_aware(day) else day.date()


@register.filter
def masked_id(digits: str | None) -> str:
    """Show a national ID number as "1-2345-XXXXX-XX-1"."""
    return national_id.format_masked(digits) if digits else ""


@register.filter
def phone(digits: str | None) -> str:
    """Show a phone number as "081-234-5678"."""
    return phones.shown_phone(digits)


@register.filter
def percent(value: Decimal | int | None, places: int = 1) -> str:
    """Show a percentage that is reckoned already: Decimal("41.41") -> "41.4%"; halves go up."""
    if value in (None, ""):
        return ""
    unit = Decimal(1).scaleb(-places)
    return f"{Decimal(value).quantize(unit, ROUND_HALF_UP):,}%"


@register.filter
def thai_digits(value: Any) -> str:
    """Show ๐–๙ for 0–9."""
    return thai_text.thai_digits(str(value))


@register.filter
def local_name(thing: Any, language: str | None = None) -> str:
    """Show the Thai or English name of a thing that has both, by the active language."""
    return languages.local_name(thing, language) if thing else ""
