"""The yearly return to the provincial office (พมจ.) as a community welfare organisation, by calendar year."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from ledger.book_papers import BookRow
from reports.funders.common import (
    BAHT,
    BOOKS,
    CHAIR,
    COMMITTEE_LIST,
    ITEM,
    SETTINGS,
    TOTAL,
    TREASURER,
    Wanted,
    about_fund,
    administration_fact,
    answers,
    income_by_giver,
    member_facts,
    member_tables,
    receipts_block,
    regulation_blocks,
    welfare_within,
)
from reports.funders.form_paper import Block, FormSection, facts, sections, table
from reports.funders.period_figures import PeriodFigures, period_ties
from reports.funders.province import flow_block
from reports.funders.ties import compare
from reports.ties import Difference
from reports.words import in_both

TITLE = _("Yearly return of a community welfare organisation")
ROLES = (TREASURER, CHAIR)


def ties(found: PeriodFigures) -> Iterator[Difference]:
    """What must agree before the return goes out."""
    yield from period_ties(found)
    given = sum(amount for _name, amount in income_by_giver(found.money))
    yield from compare(str(_("Income by source")), given, found.money.income)


def draw(wanted: Wanted, found: PeriodFigures) -> tuple[FormSection, ...]:
    return sections(
        (_("The organisation"), _organisation(wanted, found)),
        (
            _("Members and area"),
            [
                member_facts(found.counts, wanted.fund),
                answers(wanted, "villages-in-area", "villages-covered"),
                flow_block(found.flow),
                *member_tables(found.counts, "types", "sexes"),
            ],
        ),
        (_("Committee and staff"), _people(wanted, found)),
        (
            _("Kinds of welfare"),
            [
                *regulation_blocks(wanted.period.reaches),
                welfare_within(found.welfare, _("Welfare paid in the year")),
            ],
        ),
        (_("Income and payments"), _money(wanted, found)),
    )


def _organisation(wanted: Wanted, found: PeriodFigures) -> list[Block]:
    return [
        *about_fund(wanted, found.seats),
        facts((_("Founded on"), wanted.fund.founded_on), source=SETTINGS),
        answers(wanted, "certified-by", "certificate", "base", "aims"),
    ]


def _people(wanted: Wanted, found: PeriodFigures) -> list[Block]:
    return [
        facts((_("Members of the committee"), len(found.seats) or None), source=COMMITTEE_LIST),
        answers(wanted, "staff"),
    ]


def _money(wanted: Wanted, found: PeriodFigures) -> list[Block]:
    rows = [BookRow((in_both(name), amount)) for name, amount in income_by_giver(found.money)]
    rows.append(BookRow((in_both(TOTAL), found.money.income), is_strong=True))
    return [
        table(_("Income by source"), [(ITEM, "text"), (BAHT, "baht")], rows, source=BOOKS),
        receipts_block(found.money),
        administration_fact(found.money, wanted.fund),
    ]
