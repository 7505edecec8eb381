"""Filters of the reports, on screen and paper."""

from django import template

register = template.Library()


@register.filter
def count(number: int | None) -> str:
    """A number of persons or times: 4118 -> "4,118"."""
    return "" if number is None else f"{number:,}"
