"""Filters of the pages of money out."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import template

from bansong_fund.lib.money import format_baht
from bansong_fund.lib.thai_dates import active_language, format_date
from welfare.rules.document import BenefitTerms
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
