"""Every figure of a report ties to the books, or the report is stopped with the difference named.

Each tie is a function that yields what does not agree; `TIES` is the whole promise. The left side is what the
report would print, the right side is found another way: from the lines, the claims, or the other statement.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection
from django.db.models import Sum
from django.utils.translation import gettext as _

from bansong_fund.lib.errors import DomainError
from bansong_fund.lib.languages import local_name
from bansong_fund.lib.money import ZERO, format_baht
from bansong_fund.lib.thai_dates import active_language
from ledger.models import AccountType
from members.models import MemberCount
from members.types import MEMBER_TYPES
from reports.figures import AnnualFigures
from reports.figures.money import Pair
from reports.figures.welfare import Kind, claims_paid, lines_that_hold


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
    change = money.receipts - money.payments
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
    names = [*map(local_name, people.flow.communities), *MEMBER_TYPES.values()]
    rows = zip(names, (*people.flow.by_community, *people.flow.by_type), strict=True)
    for name, row in rows:
        yield from _compare(_("Members who came and went: %(what)s") % {"what": name}, row.at_end, row.adds_up)
    if not figures.year.has_run_out:  # the kept counts know of today only
        kept = MemberCount.objects.aggregate(now=Sum("current"))["now"] or 0
        yield from _compare(_("Members as they are counted"), people.current, kept)


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
)
