"""Template tags of the papers: words in Thai, in English, or in Thai with English beneath.

A paper's context carries `language`: "th", "en" or "both".
"""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from django import template
from django.template.base import FilterExpression, Parser, Token
from django.utils import translation
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from bansong_fund.lib import money, thai_dates
from bansong_fund.lib.carrying import NOTHING, Carrying
from bansong_fund.lib.papers import ListPaper, Words
from bansong_fund.lib.thai_text import thai_digits

register = template.Library()
_THAI = re.compile("[\u0e01-\u0e5b]")
# A drawing, a passage in English, a tag or an entity; or else digits.
_KEEPS_DIGITS = re.compile(r'(<svg.*?</svg>|<span[^>]* lang="en">.*?</span>|<[^>]*>|&#?\w+;)|[0-9]+', re.DOTALL)


class BothNode(template.Node):
    """`{% both _("Receipt") %}`, with `key=value` pairs for the placeholders of the msgid, or `as name`."""

    def __init__(self, msgid: str, values: dict[str, FilterExpression], name: str = "") -> None:
        self.msgid = msgid
        self.values = values
        self.name = name

    def render(self, context: template.Context) -> str:
        values = {name: expression.resolve(context) for name, expression in self.values.items()}
        texts = {}
        for code in languages_of(context["language"]):
            with translation.override(code):
                text = gettext(self.msgid)
                texts[code] = text % values if values else text
        together = set_together(texts)
        if not self.name:
            return together
        context[self.name] = together
        return ""


@register.tag
def both(parser: Parser, token: Token) -> BothNode:
    bits = token.split_contents()[1:]
    literal = bits[0].removeprefix("_(").removesuffix(")")
    if literal[0] not in "\"'" or literal[-1] != literal[0]:
        raise template.TemplateSyntaxError('both takes a quoted msgid: {% both _("Receipt") %}')
    name = bits.pop() if len(bits) > 2 and bits[-2] == "as" else ""
    pairs = (bit.split("=", 1) for bit in bits[1:] if bit != "as")
    return BothNode(literal[1:-1], {key: parser.compile_filter(value) for key, value in pairs}, name)


class LetterNode(template.Node):
    """`{% letter %}…{% endletter %}`: what a letter or certificate says, in Thai digits where the fund wishes so."""

    def __init__(self, nodes: template.NodeList) -> None:
        self.nodes = nodes

    def render(self, context: template.Context) -> str:
        html = self.nodes.render(context)
        return in_thai_digits(html) if context["fund"].thai_digits and context["language"] != "en" else html


@register.tag
def letter(parser: Parser, _token: Token) -> LetterNode:
    nodes = parser.parse(("endletter",))
    parser.delete_first_token()
    return LetterNode(nodes)


def in_thai_digits(html: str) -> SafeString:
    """Our own HTML with ๐–๙ for 0–9 in its Thai text; tags, drawings, and what is said in English keep theirs."""
    return mark_safe(_KEEPS_DIGITS.sub(lambda found: found[1] or thai_digits(found[0]), html))  # noqa: S308 - escaped


@register.simple_tag(takes_context=True)
def words(context: template.Context, value: Any) -> SafeString:
    """A value of the paper: `Words` in the paper's language(s), anything else as it stands.

    What nobody wrote in English is said in Thai on an English paper too, and marked so for whoever has it read out.
    """
    if context["language"] == "en":
        text = value.in_language("en") if isinstance(value, Words) else value
        is_thai = isinstance(text, str) and _THAI.search(text)
        return format_html('<span lang="th">{}</span>', text) if is_thai else conditional_escape(text)
    if not isinstance(value, Words):
        return conditional_escape(value)
    if context["language"] == "both" and not value.en:
        return conditional_escape(value.th)
    return set_together({code: value.in_language(code) for code in languages_of(context["language"])})


@register.simple_tag(takes_context=True)
def paper_date(context: template.Context, day: date) -> SafeString:
    """A day written out, in the Buddhist era."""
    texts = {code: thai_dates.format_date(day, language=code) for code in languages_of(context["language"])}
    return set_together(texts)


@register.simple_tag(takes_context=True)
def in_words(context: template.Context, amount: Decimal) -> SafeString:
    """An amount in words: 365 -> "สามร้อยหกสิบห้าบาทถ้วน"."""
    codes = languages_of(context["language"])
    return set_together({code: money.amount_in_words(amount, code) for code in codes})


@register.simple_tag(takes_context=True)
def carried_rows(context: template.Context, paper: ListPaper) -> Iterator[tuple[Any, str, str]]:
    """Each row of a list with what its page brings and carries forward; a row of totals at the end."""
    rows = [*paper.cells, *([paper.total_cells] if paper.totals else [])]
    amounts: list[Decimal | None] = [*paper.amounts, *([None] if paper.totals else [])]
    start = () if paper.brought is None else (paper.brought,)
    carrying = Carrying(("",), context["language"], start=start)
    for place, cells in enumerate(rows, start=1):
        if not paper.amounts:
            yield cells, *NOTHING
        elif place == len(rows) and not paper.goes_on:
            yield cells, *carrying.last((amounts[place - 1],))
        else:
            yield cells, *carrying.row((amounts[place - 1],))


@register.filter
def baht_part(amount: Decimal) -> str:
    """The baht column of an amount: 1250.50 -> "1,250"; a negative in brackets."""
    return money.baht_and_satang(amount)[0]


@register.filter
def satang_part(amount: Decimal) -> str:
    """The satang column of an amount: 1250.50 -> "50"."""
    return money.baht_and_satang(amount)[1]


def languages_of(language: str) -> Iterator[str]:
    yield from ("th", "en") if language == "both" else (language,)


def set_together(texts: dict[str, Any]) -> SafeString:
    """Thai first, English smaller after it; one language stands alone."""
    if len(texts) == 1 or texts["th"] == texts["en"]:
        return conditional_escape(next(iter(texts.values())))
    thai, english = (conditional_escape(texts[code]) for code in ("th", "en"))
    return format_html('{} <span class="beneath" lang="en">{}</span>', thai, english)
