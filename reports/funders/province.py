"""The province's summary of a quarter or a fiscal year: members, money and payouts, for association and committee."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from contributions.queries import last_cutoff
from ledger.book_papers import BookRow
from members.models import CommitteeSeat, EndReason
from reports.figures.codi_welfare import CodiWelfare, codi_welfare
from reports.figures.comings import Comings, comings
from reports.figures.counts import MemberCounts, member_counts
from reports.figures.stretch import StretchMoney, stretch_money
from reports.funders.common import (
    CHAIR,
    ITEM,
    PERSONS,
    REGISTER,
    TREASURER,
    Wanted,
    about_fund,
    administration_fact,
    answers,
    committee_on,
    member_facts,
    member_tables,
    money_facts,
    receipts_block,
    unknown_source,
    welfare_within,
)
from reports.funders.form_paper import Block, FormSection, sections, table
from reports.funders.ties import flow_adds_up, members_add_up, money_agrees, money_by_its_lines, welfare_by_its_accounts
from reports.ties import Difference
from reports.words import in_both

TITLE = _("Summary for the province")
ROLES = (TREASURER, CHAIR)


@dataclass(frozen=True, slots=True)
class ProvinceFigures:
    """What the summary says of its days."""

    counts: MemberCounts
    flow: Comings
    money: StretchMoney
    welfare: CodiWelfare
    seats: tuple[CommitteeSeat, ...]


def figures(wanted: Wanted) -> ProvinceFigures:
    first, last, day = wanted.period.first, wanted.period.last, wanted.period.reaches
    return ProvinceFigures(
        counts=member_counts(day, last_cutoff(day), wanted.fund),
        flow=comings(first, day),
        money=stretch_money(first, last),
        welfare=codi_welfare(first, last),
        seats=tuple(committee_on(day)),
    )


def ties(found: ProvinceFigures) -> Iterator[Difference]:
    """What must agree before the summary goes out."""
    yield from money_by_its_lines(found.money)
    yield from money_agrees(found.money)
    yield from welfare_by_its_accounts(found.welfare, found.money)
    yield from members_add_up(found.counts)
    yield from flow_adds_up(found.flow)


def draw(wanted: Wanted, found: ProvinceFigures) -> tuple[FormSection, ...]:
    return sections(
        (_("The fund"), about_fund(wanted, found.seats)),
        (
            _("Members"),
            [member_facts(found.counts, wanted.fund), flow_block(found.flow), *member_tables(found.counts, "types")],
        ),
        (
            _("Money"),
            [
                receipts_block(found.money),
                administration_fact(found.money, wanted.fund),
                money_facts(found.money),
                *unknown_source(found.money),
            ],
        ),
        (_("Welfare paid"), [welfare_within(found.welfare, _("Welfare by kind"))]),
        (_("Results"), [answers(wanted, "results")]),
    )


def flow_block(flow: Comings) -> Block:
    """Who came and who went."""
    rows = [
        BookRow((in_both(_("Members at the start")), flow.at_start), is_strong=True),
        BookRow((in_both(_("Joined")), flow.joined)),
        *(BookRow((in_both(EndReason(reason).label), number)) for reason, number in flow.left.items()),
        BookRow((in_both(_("Members at the end")), flow.at_end), is_strong=True),
    ]
    return table(_("Members in and out"), [(ITEM, "text"), (PERSONS, "number")], rows, source=REGISTER)
