"""The annual report's tables as sheets: the figures of the printed one, a sheet for each table."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from bansong_fund.lib.papers import Words
from bansong_fund.lib.snapshots import one_moment
from bansong_fund.lib.thai_dates import format_range
from ledger.book_papers import BookPaper, BookRow
from ledger.book_papers import in_both as say
from members.models import Fund, Sex
from reports.count_tables import ages_table
from reports.figure_tables import (
    ALL,
    bank_table,
    communities_over_years,
    flow_by_community,
    flow_by_type,
    kinds_over_years,
    legs_over_years,
    members_by_type,
    paid_in_against_received,
    sources_table,
    supporters_table,
    table,
)
from reports.figures import AnnualFigures, annual_figures
from reports.figures.counts import ages_on
from reports.span_reports import four_legs_paper, money_of_year, position_paper, receipts_paper
from reports.table_papers import TablesPaper, tables_sheet
from reports.ties import prove
from reports.words import in_both
from reports.year_tables import beside_tables
from reports.years import report_year


@dataclass(frozen=True, slots=True)
class Sheets:
    """An XLSX file with its name."""

    name: str
    content: bytes


def annual_sheets(year_be: int, language: str, *, today: date) -> Sheets:
    """Every table of a year's report as one XLSX, proved as the report is. Raises `NoSuchYear` and `DoesNotTie`."""
    with one_moment():
        figures = annual_figures(report_year(year_be, today=today))
        prove(figures)
        beside = [members_by_age(ages_on(figures.people.day)), *beside_tables(figures.year)]
        fund = Fund.objects.get()
    content = tables_sheet(annual_paper(figures, beside, made_on=today), fund, language)
    return Sheets(f"annual-report-{year_be}.xlsx", content)


def annual_paper(figures: AnnualFigures, beside: Sequence[BookPaper] = (), *, made_on: date) -> TablesPaper:
    """The tables with the words that stand over each of them."""
    year = figures.year
    return TablesPaper(
        title=in_both(_("Annual report %(year)s"), year=year.year_be),
        subtitle=say(lambda: format_range(year.first, year.last)),
        tables=(*annual_tables(figures), *beside),
        made_on=made_on,
        is_provisional=year.is_provisional,
    )


def annual_tables(figures: AnnualFigures) -> list[BookPaper]:
    """The tables in the order of the report."""
    year, money, flow = figures.year, money_of_year(figures), figures.people.flow
    name = Words(str(year.year_be), str(year.year_be))
    return [
        flow_by_community(flow),
        flow_by_type(flow),
        members_by_type(figures.people),
        four_legs_paper(money),
        legs_over_years(figures.over),
        kinds_over_years(figures.over),
        communities_over_years(figures.over),
        paid_in_against_received(figures.communities, name),
        receipts_paper(money),
        position_paper(money),
        sources_table(figures.sources, year.last),
        bank_table(figures.banks, year.last),
        supporters_table(figures.supporters),
    ]


def members_by_age(ages: Counter[tuple[int, str]]) -> BookPaper:
    """The figures of the chart of ages, and who is not in it for want of a date of birth or a sex."""
    sexes = [sex for sex in (*Sex.values, "") if sex or any(not written for _band, written in ages)]
    found = ages_table(ages, sexes)
    head = [(found.head[0], "text"), *((heading, "number") for heading in found.head[1:])]
    rows = [BookRow((label, *numbers)) for label, numbers in found.rows]
    return table(found.title, head, [*rows, BookRow((in_both(ALL), *found.total), is_strong=True)])
