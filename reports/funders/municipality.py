"""The report to the municipality on its contribution, following its budget year of 1 October to 30 September."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from bansong_fund.lib.money import ZERO
from bansong_fund.lib.papers import Words
from contributions.models import GrantSource
from contributions.queries import last_cutoff
from ledger.book_papers import BookRow
from ledger.models import AccountRole
from ledger.restricted import FundStatement
from members.models import CommitteeSeat
from reports.figures.codi_welfare import CodiWelfare, codi_welfare
from reports.figures.contribution import (
    PlaceRow,
    Use,
    bound_statements,
    paying_members,
    use_of_contribution,
    welfare_by_community,
)
from reports.figures.counts import MemberCounts, member_counts
from reports.figures.grants import GrantRow, grant_rows
from reports.figures.stretch import StretchMoney, stretch_money
from reports.funders.common import (
    AUDITOR,
    BAHT,
    BOOKS,
    CHAIR,
    ITEM,
    PERSONS,
    REGISTER,
    TOTAL,
    TREASURER,
    Wanted,
    about_fund,
    answers,
    committee_on,
    member_facts,
    member_tables,
    receipts_block,
    welfare_within,
)
from reports.funders.form_paper import Block, FormSection, facts, named, remark, sections, table
from reports.funders.ties import (
    compare,
    grants_by_their_account,
    members_add_up,
    money_agrees,
    money_by_its_lines,
    welfare_by_its_accounts,
)
from reports.ties import Difference
from reports.words import in_both

R = AccountRole
TITLE = _("Report on the municipality's contribution")
ROLES = (TREASURER, AUDITOR, CHAIR)
PAYMENTS_ARE = _(
    "Payments are those of the annex: one time of welfare can be two, as a newborn gift and the mother's nights."
)


@dataclass(frozen=True, slots=True)
class MunicipalityFigures:
    """What the report says of a budget year."""

    counts: MemberCounts
    paying: int
    money: StretchMoney
    welfare: CodiWelfare
    grants: tuple[GrantRow, ...]
    places: tuple[PlaceRow, ...]
    use: Use
    bound: tuple[FundStatement, ...]
    seats: tuple[CommitteeSeat, ...]


def figures(wanted: Wanted) -> MunicipalityFigures:
    first, last, day = wanted.period.first, wanted.period.last, wanted.period.reaches
    return MunicipalityFigures(
        counts=member_counts(day, last_cutoff(day), wanted.fund),
        paying=paying_members(first, last),
        money=stretch_money(first, last),
        welfare=codi_welfare(first, last),
        grants=grant_rows(GrantSource.MUNICIPALITY, first, last, years=(wanted.period.year_be,)),
        places=welfare_by_community(first, last),
        use=use_of_contribution(wanted.period.year_be),
        bound=tuple(bound_statements(first, last)),
        seats=tuple(committee_on(day)),
    )


def ties(found: MunicipalityFigures) -> Iterator[Difference]:
    """What must agree before the report goes out."""
    money = found.money
    yield from money_by_its_lines(money)
    yield from money_agrees(money)
    yield from welfare_by_its_accounts(found.welfare, money)
    yield from grants_by_their_account(found.grants, R.MUNICIPALITY, money, ever=False)
    yield from members_add_up(found.counts)
    paid = sum((row.baht for row in found.places), ZERO)
    yield from compare(str(_("Welfare by community")), paid, money.moved(R.BENEFIT))
    bound = sum((_taken(one, R.MUNICIPALITY) for one in found.bound), ZERO)
    what = str(_("The contribution in the statements of its use"))
    yield from compare(what, found.use.received + bound, money.moved(R.MUNICIPALITY))


def _taken(one: FundStatement, role: AccountRole) -> object:
    return sum((amount for account, amount in one.rows if account.role == role), ZERO)


def draw(wanted: Wanted, found: MunicipalityFigures) -> tuple[FormSection, ...]:
    return sections(
        (_("The fund"), [*about_fund(wanted, found.seats), answers(wanted, "project")]),
        (_("The contribution: requested, approved, received, used"), _contribution(found)),
        (_("Members"), _members(wanted, found)),
        (_("Welfare recipients"), _beneficiaries(found)),
        (_("Statement of the budget year"), _statement(found)),
        (_("Results"), [answers(wanted, "results")]),
    )


def _contribution(found: MunicipalityFigures) -> list[Block]:
    rows = [
        BookRow(
            (_request_words(row), row.requested, row.approved, row.agreed_on, row.received_on, row.received),
        )
        for row in found.grants
    ]
    total = sum((row.received for row in found.grants), ZERO)
    rows.append(BookRow((in_both(TOTAL), None, None, None, None, total), is_strong=True))
    head = [
        (_("Request"), "text"),
        (_("Amount requested"), "baht"),
        (_("Amount approved"), "baht"),
        (_("Agreed on"), "date"),
        (_("Received on"), "date"),
        (_("Amount received"), "baht"),
    ]
    source = _("Requests and receipts")
    note = in_both(_("What was requested and approved of money without a request in the program is left empty."))
    return [
        table(_("From request to receipt"), head, rows, source=source, note=note),
        *_use(found),
        *(_bound_statement(one) for one in found.bound),
    ]


def _request_words(row: GrantRow) -> Words:
    if row.year_be is None:
        return in_both(_("Without a request"))
    words = in_both(_("Budget year %(year)s"), year=row.year_be)
    return Words(f"{words.th} {row.reference}".strip(), f"{words.en} {row.reference}".strip())


def _use(found: MunicipalityFigures) -> list[Block]:
    use = found.use
    rows = [
        BookRow((in_both(_("Left of earlier years")), use.brought)),
        BookRow((in_both(_("Received in the budget year")), use.received)),
        BookRow((in_both(_("Used for welfare")), use.used)),
        BookRow((in_both(_("Left over")), use.left), is_strong=True),
    ]
    told = _(
        "The contribution lies with the fund's other money. It is counted as spent first on welfare, budget year by"
        " budget year: of the welfare of %(welfare)s baht it paid %(used)s baht."
    )
    return [
        table(_("Use of the contribution"), [(ITEM, "text"), (BAHT, "baht")], rows, source=BOOKS),
        remark(told, welfare=f"{use.welfare:,.2f}", used=f"{use.used:,.2f}"),
    ]


def _bound_statement(one: FundStatement) -> Block:
    rows = [BookRow((in_both(_("Brought forward")), one.brought), is_strong=True)]
    rows += [BookRow((named(account), amount)) for account, amount in one.rows]
    rows.append(BookRow((in_both(_("Carried forward")), one.carried), is_strong=True))
    return table(named(one.fund), [(ITEM, "text"), (BAHT, "baht")], rows, source=BOOKS)


def _members(wanted: Wanted, found: MunicipalityFigures) -> list[Block]:
    return [
        member_facts(found.counts, wanted.fund),
        facts(
            (_("Members whose contribution came in the budget year"), found.paying),
            (_("Members with a full year on the last 30 September"), found.counts.matches.all_full_year),
            source=REGISTER,
        ),
        *member_tables(found.counts, "types", "ages", "communities"),
    ]


def _beneficiaries(found: MunicipalityFigures) -> list[Block]:
    rows = [BookRow((_place(row), row.persons, row.payments, row.baht)) for row in found.places]
    sums = (sum(row.payments for row in found.places), sum((row.baht for row in found.places), ZERO))
    # whoever was helped in two communities counts once in the total
    rows.append(BookRow((in_both(TOTAL), found.welfare.persons_within, *sums), is_strong=True))
    head = [(_("Community"), "text"), (PERSONS, "number"), (_("Payments"), "number"), (BAHT, "baht")]
    return [
        welfare_within(found.welfare, _("Welfare paid in the budget year")),
        table(_("Welfare by community"), head, rows, source=BOOKS, note=in_both(PAYMENTS_ARE)),
        remark(_("The list of all payments by member's number is an annex of this report.")),
    ]


def _place(row: PlaceRow) -> Words:
    return named(row.community) if row.community else in_both(_("Without a community"))


def _statement(found: MunicipalityFigures) -> list[Block]:
    return [receipts_block(found.money)]
