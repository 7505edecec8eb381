"""The province's summary of a quarter or a fiscal year: members, money and payouts, for association and committee."""

from django.utils.translation import gettext_lazy as _

from ledger.book_papers import BookRow
from members.models import EndReason
from reports.figures.comings import Comings
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
    member_facts,
    member_tables,
    money_facts,
    receipts_block,
    unknown_source,
    welfare_within,
)
from reports.funders.form_paper import Block, FormSection, sections, table
from reports.funders.period_figures import PeriodFigures
from reports.words import in_both

TITLE = _("Summary for the province")
ROLES = (TREASURER, CHAIR)


def draw(wanted: Wanted, found: PeriodFigures) -> tuple[FormSection, ...]:
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
