"""Words of reports: one language, or both together, also where charts want plain labels."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.utils import translation
from django.utils.functional import Promise
from django.utils.safestring import SafeString

from bansong_fund.lib.paper_tags import languages_of, set_together
from bansong_fund.lib.papers import Words
from bansong_fund.lib.thai_dates import format_date


@dataclass(frozen=True, slots=True)
class SpokenDay:
    """A day that fills a sentence: written in the language that is active when it is said."""

    day: date

    def __str__(self) -> str:
        return format_date(self.day)


def in_both(text: Promise, **values: object) -> Words:
    """A lazy text in both languages, its placeholders filled."""
    return Words(*(_in_language(text, code, values) for code in ("th", "en")))


def _in_language(text: Promise, language: str, values: dict[str, object]) -> str:
    with translation.override(language):
        return str(text) % values if values else str(text)


def speaker(language: str) -> Callable[..., SafeString]:
    """speak(text): a lazy text or `Words` as a paper in `language` ("th", "en" or "both") shows it."""

    def speak(text: Promise | Words, **values: object) -> SafeString:
        words = text if isinstance(text, Words) else in_both(text, **values)
        return set_together({code: words.in_language(code) for code in languages_of(language)})

    return speak
