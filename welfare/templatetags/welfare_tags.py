"""Filters of the pages of money out."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import template

from bansong_fund.lib.money import format_baht
from bansong_fund.lib.thai_dates import active_language, format_date
from welfare.regulation_pages import span_words
from welfare.rules.document import BenefitTerms, Span
from welfare.rules.steps import Step

register = template.Library()


@register.filter
def benefit_name(benefit: BenefitTerms | None) -> str:
    """A benefit's name in the active language."""
    return benefit.name.in_language(active_language()) if benefit else ""


@register.filter
def sentence(step: Step) -> str:
    """A step of a reckoning in the active language."""
    return step.sentence(active_language())


@register.filter
def fact(value: Any) -> str:
    """A day, an amount or a word, as people read it."""
    if isinstance(value, date):
        return format_date(value)
    if isinstance(value, Decimal):
        return format_baht(value)
    return str(value)


@register.filter
def said(text: Any) -> str:
    """A text or rule that is kept in both languages, in the active one; nothing for None."""
    return text.in_language(active_language()) if text else ""


@register.filter
def span(value: Span) -> str:
    """A span of time of the regulation: "15 ปี", "180 days"."""
    return span_words(value).in_language(active_language())


@register.filter
def whole_baht(amount: Decimal | None) -> str:
    """An expected sum, which has no satang: "12,000"."""
    return "" if amount is None else f"{amount:,.0f}"
