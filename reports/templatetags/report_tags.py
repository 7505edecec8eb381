"""Filters of the reports, on screen and paper."""

from typing import Any

from django import template

from bansong_fund.lib.papers import Words
from bansong_fund.lib.thai_dates import active_language
from reports.charts import LEG_NAMES
from reports.count_tables import CountTable

register = template.Library()


@register.simple_tag(takes_context=True)
def chapter(context: template.Context) -> str:
    """The number of the next chapter, "3.": a chapter that is left out leaves no gap. Needs `chapters`, a count."""
    return f"{next(context['chapters'])}."


@register.filter
def said(words: Words | None) -> str:
    """`Words` in the active language."""
    return words.in_language(active_language()) if words else ""


@register.filter
def counted(table: CountTable, numbers: tuple[int, ...]) -> list[tuple[Words, int]]:
    """The numbers of a row, each beside the heading of its column."""
    return list(zip(table.head[1:], numbers, strict=True))


@register.filter
def local_words(thing: Any) -> str:
    """The name (`Words`) of a figure in the active language."""
    return str(thing.name.in_language(active_language()))


@register.filter
def leg_name(number: int) -> str:
    """1 -> "Leg 1: members' contributions", in the active language."""
    return str(LEG_NAMES[number])
