"""Which of two stored languages to show."""

from typing import Any

from bansong_fund.lib.thai_dates import active_language


def local_name(thing: Any, language: str | None = None) -> str:
    """Return `name_th` or `name_en` of a thing by the active language; the Thai name where English is blank."""
    english = getattr(thing, "name_en", "") if active_language(language) == "en" else ""
    return str(english or thing.name_th)
