"""The figures of any span of days: a fund year, a calendar year, a fiscal year, a month, or any first and last day.

What the annual report says of a year, said of any days: statements, the four legs, welfare by kind and by community,
members in and out, paid in against received, sources and uses, bank accounts. One set of tables for page, PDF and XLSX.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from bansong_fund.lib.money import ZERO
from bansong_fund.lib.papers import Words
from bansong_fund.lib.snapshots import one_moment
from ledger.book_papers import BookPaper, signatures
from ledger.book_papers import in_both as say
from ledger.models import Account, AccountingMonth
from ledger.opening_queries import baht_before
from ledger.spans import Span, spoken
from members.models import Fund
from reports.figure_tables import (
    bank_table,
    communities_of_spans,
    flow_by_community,
    flow_by_type,
    kinds_of_spans,
    paid_in_against_received,
    sources_table,
)
from reports.figures.communities import CommunityMoney, community_money
from reports.figures.flow import PeopleFlow, people_flow
from reports.figures.passbooks import BankRow, bank_rows
from reports.figures.sources import SourcesAndUses, sources_and_uses
from reports.figures.welfare import WelfareFigures, welfare_over
from reports.span_reports import (
    CREDIT_TYPES,
    SpanMoney,
    four_legs_paper,
    position_paper,
    receipts_paper,
    short_names,
    span_money,
)
from reports.table_papers import TablesPaper
from reports.ties import prove_span
from reports.words import in_both


@dataclass(frozen=True, slots=True)
class SpanFigures:
    """A span in figures; `welfare` of its days and of the same days a year before."""

    span: Span
    money: SpanMoney
    people: PeopleFlow
    welfare: tuple[WelfareFigures, WelfareFigures]
    communities: CommunityMoney
    sources: SourcesAndUses
    banks: tuple[BankRow, ...]
    is_provisional: bool


def span_figures(span: Span, fund: Fund) -> SpanFigures:
    """All figures of a span, of one moment of the books. Raises `DoesNotTie`, which names each difference."""
    with one_moment():
        money = span_money(span)
        this, earlier = welfare_over([(span.first, span.last), money.earlier])
        figures = SpanFigures(
            span=span,
            money=money,
            people=people_flow(span.first, span.reaches, fund),
            welfare=(this, earlier),
            communities=community_money(span.first, span.last, _moved_and_ever(money)),
            sources=sources_and_uses(span.last, money.booked),
            banks=bank_rows(span.reaches, money.booked),
            is_provisional=is_provisional(span),
        )
        prove_span(money, figures.welfare, figures.people, figures.sources)
    return figures


def _moved_and_ever(money: SpanMoney) -> Iterator[tuple[Account, Decimal, Decimal]]:
    """Of each account what it moved in the span, and since the founding, on its own side."""
    before = baht_before()
    for (account, (moved, _earlier)), (_same, debits) in zip(money.moved, money.booked, strict=True):
        booked = -debits if account.type in CREDIT_TYPES else debits
        yield account, moved, booked + before.get(account.pk, ZERO)


def is_provisional(span: Span) -> bool:
    """Whether the span still runs, or a month of it is open: its figures may yet change."""
    open_months = AccountingMonth.objects.filter(
        first_day__range=(span.first.replace(day=1), span.last), closed_at=None, fiscal_year__closed_at=None
    )
    return not span.has_run_out or open_months.exists()


def span_tables(figures: SpanFigures) -> list[BookPaper]:
    """The tables in the order of the page."""
    names = short_names(figures.money)
    return [
        four_legs_paper(figures.money),
        receipts_paper(figures.money),
        position_paper(figures.money),
        sources_table(figures.sources, figures.span.reaches),
        bank_table(figures.banks, figures.span.reaches),
        kinds_of_spans(figures.welfare, names),
        communities_of_spans(figures.welfare, figures.people.communities, names),
        paid_in_against_received(figures.communities, names[0]),
        flow_by_community(figures.people),
        flow_by_type(figures.people),
    ]


def span_paper(figures: SpanFigures, *, made_on: date) -> TablesPaper:
    """The figures as one paper."""
    return TablesPaper(
        title=in_both(_("The fund in figures")),
        subtitle=_of_days(figures.span),
        tables=tuple(span_tables(figures)),
        made_on=made_on,
        is_provisional=figures.is_provisional,
        signatures=signatures(),
    )


def _of_days(span: Span) -> Words:
    return say(lambda: spoken(span))
