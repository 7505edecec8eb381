"""Every figure of a report ties to the books, or the report is stopped with the difference named.

Each tie is a function that yields what does not agree; `TIES` is the whole promise. The left side is what the
report would print, the right side is found another way: from the lines, the claims, or the other statement.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection
from django.db.models import Sum
from django.utils.translation import gettext as _

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.languages import local_name
from bansong_fund.lib.money import ZERO, format_baht
from bansong_fund.lib.thai_dates import active_language
from ledger.models import AccountRole, AccountType
from ledger.queries import MONEY_ROLES
from members.models import MemberCount
from members.types import MEMBER_TYPES
from reports.figures import AnnualFigures
from reports.figures.flow import PeopleFlow
from reports.figures.money import Pair
from reports.figures.sources import SourcesAndUses
from reports.figures.welfare import Kind, Paid, WelfareFigures, claims_paid, lines_that_hold
from reports.span_reports import SpanMoney


class DoesNotTie(DomainError):
    """Two figures that must agree do not; `differences` holds them all."""

    def __init__(self, message: object, differences: "tuple[Difference, ...]" = ()) -> None:
        super().__init__(message)
        self.differences = differences


@dataclass(frozen=True, slots=True)
class Difference:
    """What is compared, in words; what the report would say, and what it is held against."""

    what: str
    shown: Decimal | int
    found: Decimal | int

    def __str__(self) -> str:
        told = {"what": self.what, "shown": _text(self.shown), "found": _text(self.found)}
        told["difference"] = _text(self.shown - self.found)
        return _("%(what)s: %(shown)s in the report, %(found)s in the books, a difference of %(difference)s.") % told


def _text(value: Decimal | int) -> str:
    return format_baht(value) if isinstance(value, Decimal) else f"{value:,}"


def prove(figures: AnnualFigures) -> None:
    """Hold every figure against its tie. Raises `DoesNotTie`, which names each difference."""
    found = tuple(difference for tie in TIES for difference in tie(figures))
    if found:
        message = _("The report of %(year)s was stopped: %(count)d figures do not tie. %(differences)s")
        told = {"year": figures.year.year_be, "count": len(found), "differences": " ".join(map(str, found))}
        raise DoesNotTie(message % told, found)


def _compare(what: str, shown: Decimal | int, found: Decimal | int) -> Iterator[Difference]:
    if shown != found:
        yield Difference(what, shown, found)


def _compare_both(what: str, last_year: str, shown: Pair, found: Pair) -> Iterator[Difference]:
    yield from _compare(what, shown.this, found.this)
    yield from _compare(f"{what} ({last_year})", shown.last, found.last)


MOVED_BY_LINES = """
    SELECT x.account_id, sum(x.amount)
      FROM ledger_line l
      JOIN ledger_entry e ON e.id = l.entry_id
      CROSS JOIN LATERAL (VALUES (l.debit_id, l.amount), (l.credit_id, -l.amount)) AS x (account_id, amount)
     WHERE e.date BETWEEN %s AND %s AND e.kind <> 'closing'
     GROUP BY 1
"""


def accounts_by_their_lines(figures: AnnualFigures) -> Iterator[Difference]:
    """Each account's movement of the year is the sum of its lines."""
    with connection.cursor() as cursor:
        # whole months, as the kept sums are: nothing is posted after today
        cursor.execute(MOVED_BY_LINES, [figures.year.first, figures.year.ends_on])
        by_lines = dict(cursor.fetchall())
    for row in figures.money.rows:
        debits = by_lines.get(row.account.pk, ZERO)
        found = -debits if row.account.type in (AccountType.INCOME, AccountType.FUND) else debits
        yield from _compare(f"{row.account.code} {local_name(row.account)}", row.this, found)


def legs_make_the_income(figures: AnnualFigures) -> Iterator[Difference]:
    money = figures.money
    legs = Pair(sum((leg.this for leg in money.legs), ZERO), sum((leg.last for leg in money.legs), ZERO))
    last_year = _("the year before")
    yield from _compare_both(_("The four legs"), last_year, legs, money.all_legs)


def money_moved_by_income_and_costs(figures: AnnualFigures) -> Iterator[Difference]:
    """Legs, interest and other income less welfare and costs are the change of the money."""
    money = figures.money
    change = money.opening + money.change
    what = _("Receipts less payments against the change of the money")
    yield from _compare_both(what, _("the year before"), change, money.money - money.money_before)


def position_balances(figures: AnnualFigures) -> Iterator[Difference]:
    """What the fund has is what the fund amounts to."""
    money = figures.money
    yield from _compare_both(_("Assets against the accumulated fund"), _("the year before"), money.assets, money.fund)


def costs_by_kind(figures: AnnualFigures) -> Iterator[Difference]:
    money = figures.money
    parts = money.welfare + money.administration + money.event_costs + money.public_benefit + money.tax_withheld
    yield from _compare_both(_("Costs by kind"), _("the year before"), parts, money.costs)


def _said(kind: Kind) -> str:
    return kind.name.in_language(active_language())


def welfare_by_its_accounts(figures: AnnualFigures) -> Iterator[Difference]:
    """Each kind of welfare is the movement of its account."""
    rows = {row.account.category: row for row in figures.money.rows if row.account.role == "benefit"}
    for kind in figures.welfare.kinds:
        yield from _compare(_said(kind), kind.baht, rows[kind.code].this)
    for kind in figures.welfare_before.kinds if figures.welfare_before else ():
        yield from _compare(_("%(kind)s (the year before)") % {"kind": _said(kind)}, kind.baht, rows[kind.code].last)


def welfare_by_claims(figures: AnnualFigures) -> Iterator[Difference]:
    """The claims that stand as paid are the benefit lines that nothing has reversed, kind by kind."""
    year = figures.year
    claims, held = claims_paid(year.first, year.last), lines_that_hold(year.first, year.last)
    for kind in figures.welfare.kinds:
        told = {"kind": _said(kind)}
        claimed, booked = claims.get(kind.code, (0, ZERO)), held.get(kind.code, (0, ZERO))
        yield from _compare(_("%(kind)s, paid claims in baht") % told, claimed[1], booked[1])
        yield from _compare(_("%(kind)s, number of paid claims") % told, claimed[0], booked[0])


def members_add_up(figures: AnnualFigures) -> Iterator[Difference]:
    """Members at the start, plus who joined, less who left, are the members by community and by type."""
    people = figures.people
    flow = people.at_start + people.joined - people.all_left
    yield from _compare(_("Members by community"), sum(row.current for row in people.communities), flow)
    yield from _compare(_("Members by type"), sum(people.by_type.values()), flow)
    yield from _comings(people.flow)
    if not figures.year.has_run_out:  # the kept counts know of today only
        kept = MemberCount.objects.aggregate(now=Sum("current"))["now"] or 0
        yield from _compare(_("Members as they are counted"), people.current, kept)


def years_side_by_side(figures: AnnualFigures) -> Iterator[Difference]:
    """Legs, welfare and balance of the years are those of the year itself, and of the lines of each kind."""
    over, money = figures.over, figures.money
    for leg in money.legs:
        yield from _compare(
            _("Leg %(number)d over the years") % {"number": leg.number}, over.legs[leg.number][-1], leg.this
        )
    yield from _compare(_("Money left over, over the years"), over.balances[-1], money.money.this)
    for place, welfare in enumerate(over.welfare):
        kinds = sum((paid[place].baht for _name, paid in over.kinds), ZERO)
        communities = sum((paid[place].baht for _one, paid in over.communities), over.elsewhere[place].baht)
        yield from _compare(_("Welfare of %(year)s by kind") % {"year": over.names[place]}, kinds, welfare.baht)
        yield from _compare(
            _("Welfare of %(year)s by community") % {"year": over.names[place]}, communities, welfare.baht
        )


def communities_paid_and_received(figures: AnnualFigures) -> Iterator[Difference]:
    """Dues and welfare of the communities are the movement of their accounts, and their welfare the lines of each."""
    money, found = figures.money, figures.communities
    this, ever = found.all
    yield from _compare(_("Dues by community"), this.paid_in, money.moved(AccountRole.DUES).this)
    yield from _compare(_("Welfare by community"), this.received, money.welfare.this)
    dues = sum((row.since_founding for row in money.of(AccountRole.DUES)), ZERO)
    welfare = sum((row.since_founding for row in money.of(AccountRole.BENEFIT)), ZERO)
    yield from _compare(_("Dues by community since founding"), ever.paid_in, dues)
    yield from _compare(_("Welfare by community since founding"), ever.received, welfare)
    for community, exchange, _ever in found.rows:
        paid = figures.welfare.communities.get(community.pk, Paid())
        yield from _compare(local_name(community), exchange.received, paid.baht)


def sources_are_uses(figures: AnnualFigures) -> Iterator[Difference]:
    """Both sides of the table since founding agree, and its money and sums are those of the other statements."""
    sources, money = figures.sources, figures.money
    yield from _two_sides(sources)
    yield from _compare(_("Money in sources and uses"), sources.banks + sources.in_hand, money.money.this)
    received = sources.sources - sources.untold
    yield from _compare(_("Received since founding"), received, money.received_since_founding)
    spent = sources.welfare + sources.all_expenses
    yield from _compare(_("Spent since founding"), spent, money.spent_since_founding)


def banks_by_the_books(figures: AnnualFigures) -> Iterator[Difference]:
    """The list of accounts has the balances of the statement of position."""
    booked = sum((row.booked for row in figures.banks), ZERO)
    yield from _compare(_("Bank accounts by the books"), booked, figures.money.banked)


Tie = Callable[[AnnualFigures], Iterator[Difference]]
TIES: tuple[Tie, ...] = (
    accounts_by_their_lines,
    legs_make_the_income,
    money_moved_by_income_and_costs,
    position_balances,
    costs_by_kind,
    welfare_by_its_accounts,
    welfare_by_claims,
    members_add_up,
    years_side_by_side,
    communities_paid_and_received,
    sources_are_uses,
    banks_by_the_books,
)


# --- any span of days ---------------------------------------------------------------------------------------


def prove_span(
    money: SpanMoney, welfare: Sequence[WelfareFigures], people: PeopleFlow, sources: SourcesAndUses
) -> None:
    """Hold the figures of a span against each other and the books. Raises `DoesNotTie`, as `prove` does."""
    found = (*_statements(money), *_welfare_of_span(money, welfare), *_comings(people), *_two_sides(sources))
    if found:
        message = _("These figures were stopped: %(count)d do not tie. %(differences)s")
        told = {"count": len(found), "differences": " ".join(map(str, found))}
        raise DoesNotTie(message % told, found)


def _statements(money: SpanMoney) -> Iterator[Difference]:
    """Receipts less payments are the change of the money, and what the fund has is what it amounts to."""
    opening, costs = money.total(AccountRole.ACCUMULATED_FUND), money.of_type(AccountType.COST)
    accounts = {account.pk: account for account, _amounts in money.moved}
    for place, when in enumerate(("", _("the year before"))):
        change = money.of_type(AccountType.INCOME)[place] + opening[place] - costs[place]
        held = [(accounts[key], amounts[place]) for key, amounts in money.ends.items()]
        in_hand = sum((baht for account, baht in held if account.role in MONEY_ROLES), ZERO)
        what = _("Receipts less payments against the change of the money")
        yield from _compare(" ".join(filter(None, (what, when))), money.before[place] + change, in_hand)
        assets = sum((baht for _account, baht in held), ZERO)
        what = _("Assets against the accumulated fund")
        yield from _compare(" ".join(filter(None, (what, when))), assets, money.fund_before[place] + change)


def _welfare_of_span(money: SpanMoney, welfare: Sequence[WelfareFigures]) -> Iterator[Difference]:
    """Each kind, counted from lines, is the movement of its account by the kept sums; so are all communities."""
    moved = {account.category: baht for account, baht in money.moved if account.role == AccountRole.BENEFIT}
    for place, found in enumerate(welfare):
        for kind in found.kinds:
            yield from _compare(_said(kind), kind.baht, moved[kind.code][place])
        places = sum((paid.baht for paid in found.communities.values()), ZERO)
        yield from _compare(_("Welfare by community"), places, found.baht)


def _comings(people: PeopleFlow) -> Iterator[Difference]:
    names = [*map(local_name, people.communities), *MEMBER_TYPES.values()]
    for name, row in zip(names, (*people.by_community, *people.by_type), strict=True):
        yield from _compare(_("Members who came and went: %(what)s") % {"what": name}, row.at_end, row.adds_up)


def _two_sides(sources: SourcesAndUses) -> Iterator[Difference]:
    yield from _compare(_("Sources against uses since founding"), sources.sources, sources.uses)
