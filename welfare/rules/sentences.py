"""The steps of a reckoning in words: a Thai and an English sentence for every step code.

They are the rules' own words, stored with a claim and printed in both languages, so they stand
here in pairs and not in the catalog of the screens. The Thai is written for volunteers of sixty:
short, without terms of law, with the figures in it and what to do next.
"""

import string
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Protocol

from bansong_fund.lib.money import format_baht
from bansong_fund.lib.thai_dates import format_date
from welfare.rules.sayings import SENTENCES
from welfare.rules.words import COUNTED, LABELS, counted, label, labels

Figure = str | int | Decimal | date | tuple[str, ...]


class Spoken(Protocol):
    """Anything that was looked at, and can say so."""

    def sentence(self, language: str) -> str:
        """The sentence in Thai ("th") or English."""


def sentence(step: Spoken, language: str) -> str:
    """One step in words, Thai ("th") or English."""
    return step.sentence(language)


def say(code: str, figures: Mapping[str, Figure], language: str) -> str:
    """The sentence of a step code with its figures; KeyError for a code or figure that does not exist."""
    thai, english = SENTENCES[code]
    return _Speaker(language, figures).vformat(thai if language == "th" else english, (), figures)


def baht_text(amount: Decimal | int) -> str:
    """Baht with separators, satang only where there are any: "1,250.50", "3,000"."""
    return format_baht(amount).removesuffix(".00")


def day_text(day: date, language: str) -> str:
    """A day of the Buddhist era: "1 พ.ค. 2563", "1 May 2563 BE"."""
    return format_date(day, "short", "th") if language == "th" else f"{format_date(day, 'short', 'en')} BE"


def year_text(first: date, last: date, language: str) -> str:
    """A limit year: by its number where it is a calendar year, else by its first and last day."""
    thai = language == "th"
    if (first.month, first.day) == (1, 1):
        return f"ปี {first.year + 543}" if thai else f"the year {first.year + 543} BE"
    since, until = day_text(first, language), day_text(last, language)
    return f"ช่วง {since} ถึง {until}" if thai else f"the year from {since} to {until}"


class _Speaker(string.Formatter):
    """Fills a sentence: `{name}` takes name_th or name_en, `{units:units}` counts in the step's own unit."""

    def __init__(self, language: str, figures: Mapping[str, Figure]) -> None:
        self.language = language
        self.figures = figures

    def get_value(self, key: int | str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        name = str(key)
        return self.figures[name] if name in self.figures else self.figures[f"{name}_{self.language}"]

    def format_field(self, value: Any, format_spec: str) -> str:
        if format_spec in {"units", "span"}:
            # What is counted is itself a figure: nights or children, days or years.
            return counted(value, str(self.figures[format_spec.removesuffix("s")]), self.language)
        if format_spec in COUNTED:
            return counted(value, format_spec, self.language)
        if format_spec in LABELS:
            return self.named(value, format_spec)
        said: dict[str, Callable[[Any], str]] = {
            "": self.plain,
            "year": self.year,
            "numbers": ", ".join,
            "in_brackets": self.in_brackets,
        }
        return said[format_spec](value)

    def named(self, value: Any, kind: str) -> str:
        """The name of a code, or of any of several."""
        if isinstance(value, tuple):
            return labels(kind, value, self.language)
        return label(kind, value, self.language)

    def in_brackets(self, numbers: tuple[str, ...]) -> str:
        """The claims that used a limit up, and what was drawn before there were any; or nothing."""
        thai, told = self.language == "th", ", ".join(filter(None, numbers))
        said = [f"คำขอเลขที่ {told}" if thai else f"claim no. {told}"] if told else []
        if not all(numbers):
            said.append("รับไปก่อนใช้โปรแกรมนี้" if thai else "drawn before this program")
        return f" ({', '.join(said)})" if said else ""

    def year(self, first: date) -> str:
        """The limit year that begins on this day; its last day is the figure beside it."""
        last = self.figures["year_until"]
        return year_text(first, last, self.language) if isinstance(last, date) else self.plain(first)

    def plain(self, value: Figure) -> str:
        if isinstance(value, Decimal):
            return baht_text(value)
        if isinstance(value, date):
            return day_text(value, self.language)
        if isinstance(value, int):
            return f"{value:,}"
        return ", ".join(value) if isinstance(value, tuple) else value
