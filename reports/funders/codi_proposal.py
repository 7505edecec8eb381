"""แบบเสนอขอรับการสมทบ: the proposal to CODI, who has a full year on 30 September, and the plan of one year."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from contributions.models import GrantSource
from ledger.book_papers import BookRow
from members.models import CommitteeSeat
from reports.figures.codi_welfare import CodiWelfare, codi_welfare
from reports.figures.counts import MemberCounts, member_counts
from reports.figures.grants import GrantRow, codi_rounds, grant_rows
from reports.figures.stretch import StretchMoney, stretch_money
from reports.funders.common import (
    CHAIR,
    COMMITTEE,
    REGISTER,
    TREASURER,
    Wanted,
    about_fund,
    answers,
    committee_on,
    member_facts,
    member_tables,
    money_facts,
    receipts_block,
    regulation_blocks,
    rounds_block,
    unknown_source,
    welfare_within,
)
from reports.funders.form_paper import Block, FormSection, facts, remark, sections, table
from reports.funders.ties import (
    grants_by_their_account,
    members_add_up,
    money_agrees,
    money_by_its_lines,
    welfare_by_its_accounts,
)
from reports.ties import Difference
from reports.words import in_both

TITLE = _("Proposal for the state's contribution through CODI")
ROLES = (CHAIR, COMMITTEE, COMMITTEE, TREASURER)
KINDS_NEEDED = 3


@dataclass(frozen=True, slots=True)
class ProposalFigures:
    """What the proposal says: members on 30 September of the fiscal year, money and welfare of that year.

    `asked`: requests to CODI by members of this cut-off.
    """

    counts: MemberCounts
    money: StretchMoney
    welfare: CodiWelfare
    asked: tuple[GrantRow, ...]
    rounds: tuple[GrantRow, ...]
    municipality: tuple[GrantRow, ...]
    seats: tuple[CommitteeSeat, ...]

    @property
    def kinds(self) -> int:
        """Kinds of welfare that were paid in the year."""
        return sum(line.within.baht > 0 for line in self.welfare.lines)


def figures(wanted: Wanted) -> ProposalFigures:
    first, last = wanted.period.first, wanted.period.last
    rounds = codi_rounds(wanted.today)
    return ProposalFigures(
        counts=member_counts(last, last, wanted.fund),
        money=stretch_money(first, last),
        welfare=codi_welfare(first, last),
        asked=tuple(row for row in rounds if row.cutoff_on == last and row.requested is not None),
        rounds=codi_rounds(last),
        municipality=grant_rows(GrantSource.MUNICIPALITY, first, last, years=(wanted.period.year_be,)),
        seats=tuple(committee_on(last)),
    )


def ties(found: ProposalFigures) -> Iterator[Difference]:
    """What must agree before the proposal goes out."""
    yield from money_by_its_lines(found.money)
    yield from money_agrees(found.money)
    yield from welfare_by_its_accounts(found.welfare, found.money)
    yield from grants_by_their_account(found.rounds, "codi-matching", found.money, ever=True)
    yield from grants_by_their_account(found.municipality, "municipality", found.money, ever=False)
    yield from members_add_up(found.counts)


def draw(wanted: Wanted, found: ProposalFigures) -> tuple[FormSection, ...]:
    return sections(
        (_("The fund"), [*about_fund(wanted, found.seats), answers(wanted, "certified-by", "certificate")]),
        (_("Members"), _members(wanted, found)),
        (
            _("Contributions of the fiscal year"),
            [receipts_block(found.money), money_facts(found.money), *unknown_source(found.money)],
        ),
        (_("Support of the local government in the fiscal year"), _municipality(found)),
        (_("Kinds of welfare with times and baht"), _welfare(wanted, found)),
        (_("Welfare that is not paid in money"), [answers(wanted, "welfare-without-money")]),
        (_("Rounds so far"), [rounds_block(found.rounds)]),
        (_("Amount asked for"), [_asked(found)]),
        (_("Plan"), [answers(wanted, "plan")]),
    )


def _members(wanted: Wanted, found: ProposalFigures) -> list[Block]:
    matches = found.counts.matches
    return [
        facts(
            (_("Persons with one full year on 30 September"), matches.all_full_year),
            (_("Of these matched fewer than three times: they count in the next round"), matches.matchable),
            source=REGISTER,
        ),
        member_facts(found.counts, wanted.fund),
        *member_tables(found.counts, "types", "matches"),
    ]


def _municipality(found: ProposalFigures) -> list[Block]:
    rows = [BookRow((str(row.year_be or ""), row.requested, row.approved, row.received)) for row in found.municipality]
    total = found.money.moved("municipality")
    rows.append(BookRow((in_both(_("Total")), None, None, total), is_strong=True))
    head = [
        (_("Budget year"), "text"),
        (_("Amount requested"), "baht"),
        (_("Amount approved"), "baht"),
        (_("Amount received"), "baht"),
    ]
    return [table(_("From the municipality"), head, rows, source=_("Requests and receipts"))]


def _welfare(wanted: Wanted, found: ProposalFigures) -> list[Block]:
    few = _("CODI asks for at least %(needed)s kinds of welfare; %(found)s were paid in the fiscal year.")
    return [
        *regulation_blocks(wanted.period.last),
        welfare_within(found.welfare, _("Welfare paid in the fiscal year")),
        *([remark(few, needed=KINDS_NEEDED, found=found.kinds)] if found.kinds < KINDS_NEEDED else []),
    ]


def _asked(found: ProposalFigures) -> Block:
    """The request that stands for this 30 September; without one, lines to fill in by hand."""
    source = _("Requests to CODI")
    if not found.asked:
        return facts((_("Members"), None), (_("Baht for each member"), None), (_("Baht in all"), None), source=source)
    newest = found.asked[-1]
    return facts(
        (_("Round"), newest.round_number),
        (_("Members"), newest.members),
        (_("Baht for each member"), newest.baht_per_member),
        (_("Baht in all"), newest.requested),
        source=source,
    )
