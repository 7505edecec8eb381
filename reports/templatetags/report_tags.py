"""Filters of the reports, on screen and paper."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import template

from bansong_fund.lib.money import format_baht
from bansong_fund.lib.papers import Words
from bansong_fund.lib.thai_dates import active_language, format_date
from ledger.book_papers import BookColumn, BookPaper, BookRow
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
def cells(table: BookPaper, row: BookRow) -> list[tuple[BookColumn, str]]:
    """The cells of a row as the screen shows them, each with its column."""
    language = active_language()
    return [(column, _on_screen(value, language)) for column, value in zip(table.columns, row.cells, strict=True)]


def _on_screen(value: Any, language: str) -> str:
    if isinstance(value, Words):
        return value.in_language(language)
    if isinstance(value, Decimal):
        return format_baht(value, brackets=True)
    if isinstance(value, date):
        return format_date(value, "short", language)
    return f"{value:,}" if isinstance(value, int) else str(value or "")


@register.filter
def local_words(thing: Any) -> str:
    """The name (`Words`) of a figure in the active language."""
    return str(thing.name.in_language(active_language()))


@register.filter
def leg_name(number: int) -> str:
    """1 -> "Leg 1: members' contributions", in the active language."""
    return str(LEG_NAMES[number])
