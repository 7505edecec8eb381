"""The yearly return to the provincial office (พมจ.) as a community welfare organisation, by calendar year."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from contributions.queries import last_cutoff
from ledger.book_papers import BookRow
from members.models import CommitteeSeat
from reports.figures.codi_welfare import CodiWelfare, codi_welfare
from reports.figures.comings import Comings, comings
from reports.figures.counts import MemberCounts, member_counts
from reports.figures.stretch import StretchMoney, stretch_money
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
    committee_on,
    income_by_giver,
    member_facts,
    member_tables,
    receipts_block,
    regulation_facts,
    welfare_within,
)
from reports.funders.form_paper import Block, FormSection, facts, sections, table
from reports.funders.province import flow_block
from reports.funders.ties import (
    compare,
    flow_adds_up,
    members_add_up,
    money_agrees,
    money_by_its_lines,
    welfare_by_its_accounts,
)
from reports.ties import Difference
from reports.words import in_both

TITLE = _("Yearly return of a community welfare organisation")
ROLES = (TREASURER, CHAIR)


@dataclass(frozen=True, slots=True)
class OfficeFigures:
    """What the return says of a calendar year."""

    counts: MemberCounts
    flow: Comings
    money: StretchMoney
    welfare: CodiWelfare
    seats: tuple[CommitteeSeat, ...]


def figures(wanted: Wanted) -> OfficeFigures:
    first, last, day = wanted.period.first, wanted.period.last, wanted.period.reaches
    return OfficeFigures(
        counts=member_counts(day, last_cutoff(day), wanted.fund),
        flow=comings(first, day),
        money=stretch_money(first, last),
        welfare=codi_welfare(first, last),
        seats=tuple(committee_on(day)),
    )


def ties(found: OfficeFigures) -> Iterator[Difference]:
    """What must agree before the return goes out."""
    yield from money_by_its_lines(found.money)
    yield from money_agrees(found.money)
    yield from welfare_by_its_accounts(found.welfare, found.money)
    yield from members_add_up(found.counts)
    yield from flow_adds_up(found.flow)
    given = sum(amount for _name, amount in income_by_giver(found.money))
    yield from compare(str(_("Income by source")), given, found.money.income)


def draw(wanted: Wanted, found: OfficeFigures) -> tuple[FormSection, ...]:
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
                regulation_facts(wanted.period.reaches),
                welfare_within(found.welfare, _("Welfare paid in the year")),
            ],
        ),
        (_("Income and payments"), _money(wanted, found)),
    )


def _organisation(wanted: Wanted, found: OfficeFigures) -> list[Block]:
    return [
        *about_fund(wanted, found.seats),
        facts((_("Founded on"), wanted.fund.founded_on), source=SETTINGS),
        answers(wanted, "certified-by", "certificate", "base", "aims"),
    ]


def _people(wanted: Wanted, found: OfficeFigures) -> list[Block]:
    return [
        facts((_("Members of the committee"), len(found.seats) or None), source=COMMITTEE_LIST),
        answers(wanted, "staff"),
    ]


def _money(wanted: Wanted, found: OfficeFigures) -> list[Block]:
    rows = [BookRow((in_both(name), amount)) for name, amount in income_by_giver(found.money)]
    rows.append(BookRow((in_both(TOTAL), found.money.income), is_strong=True))
    return [
        table(_("Income by source"), [(ITEM, "text"), (BAHT, "baht")], rows, source=BOOKS),
        receipts_block(found.money),
        administration_fact(found.money, wanted.fund),
    ]
