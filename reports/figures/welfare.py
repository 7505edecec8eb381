"""Welfare by kind: persons, times and baht, always all three, counted from the books' lines.

A payment counts in the year in which it was made; taken back, it counts off in the year of the reversal.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import connection
from django.db.models import Count, Sum

from bansong_fund.lib.money import ZERO
from bansong_fund.lib.papers import Words
from ledger.models import Account, AccountRole, Line
from welfare.models import Category, Claim, ClaimState


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of welfare: `persons` are different members, `times` the events that brought money."""

    code: str
    name: Words
    persons: int
    times: int
    baht: Decimal


@dataclass(frozen=True, slots=True)
class WelfareFigures:
    """The nine kinds in the fund's order. `persons` counts a member once, whatever she received."""

    kinds: tuple[Kind, ...]
    persons: int

    @property
    def times(self) -> int:
        return sum(kind.times for kind in self.kinds)

    @property
    def baht(self) -> Decimal:
        return sum((kind.baht for kind in self.kinds), ZERO)


# A merged double's payments are the survivor's. What one event brings in several benefits (a newborn gift and the
# mother's nights) is one time: a payment counts unless another benefit of its kind was paid for days that overlap
# its own, the benefit whose code comes first standing for the event (twins are two gifts). The other one is
# looked up in the table, by the member's index: in `paid`, which has none, each would be held against all.
PAID_IN_A_PERIOD = """
    WITH moved AS (
        SELECT a.category, l.member_id, l.id AS paid_line, 1 AS times, l.amount
          FROM ledger_line l
          JOIN ledger_entry e ON e.id = l.entry_id
          JOIN ledger_account a ON a.id = l.debit_id AND a.role = %(role)s
         WHERE e.date BETWEEN %(first)s AND %(last)s AND e.kind <> 'closing'
        UNION ALL
        SELECT a.category, l.member_id, l.reverses_id, -1, -l.amount
          FROM ledger_line l
          JOIN ledger_entry e ON e.id = l.entry_id
          JOIN ledger_account a ON a.id = l.credit_id AND a.role = %(role)s
         WHERE e.date BETWEEN %(first)s AND %(last)s AND e.kind <> 'closing'
    ), paid AS (
        SELECT concat(year_be, '/', lpad(number::text, 6, '0')) AS label, member_id, category, benefit_code,
               event_from, coalesce(event_until, event_from) AS event_until
          FROM welfare_claim WHERE state = 'paid' AND paid_on BETWEEN %(first)s AND %(last)s
    ), told AS (
        SELECT moved.category, coalesce(m.merged_into_id, m.id) AS person, moved.amount,
               CASE WHEN EXISTS (
                   SELECT 1 FROM welfare_claim other
                    WHERE other.member_id = c.member_id AND other.category = c.category
                      AND other.state = 'paid' AND other.paid_on BETWEEN %(first)s AND %(last)s
                      AND other.benefit_code < c.benefit_code AND other.event_from <= c.event_until
                      AND coalesce(other.event_until, other.event_from) >= c.event_from
               ) THEN 0 ELSE moved.times END AS times
          FROM moved
          LEFT JOIN members_member m ON m.id = moved.member_id
          LEFT JOIN ledger_paymentvoucherline v ON v.line_id = moved.paid_line
          LEFT JOIN paid c ON c.label = v.claim_number
    ), each AS (
        SELECT category, person, sum(times) AS times, sum(amount) AS amount FROM told GROUP BY category, person
    )
    SELECT category, count(DISTINCT person) FILTER (WHERE amount > 0), sum(times), sum(amount)
      FROM each GROUP BY GROUPING SETS ((category), ())
"""


def welfare_figures(first: date, last: date) -> WelfareFigures:
    """What the nine kinds paid from `first` to `last`, in two queries."""
    with connection.cursor() as cursor:
        cursor.execute(PAID_IN_A_PERIOD, {"role": AccountRole.BENEFIT, "first": first, "last": last})
        found = {row[0]: row[1:] for row in cursor.fetchall()}
    names = {
        account.category: Words(account.name_th, account.name_en)
        for account in Account.objects.filter(role=AccountRole.BENEFIT)
    }
    nothing = (0, 0, ZERO)
    kinds = tuple(_kind(code, names[code], *found.get(code, nothing)) for code in Category.values)
    return WelfareFigures(kinds, found.get(None, nothing)[0])


def _kind(code: str, name: Words, persons: int, times: int, baht: Decimal) -> Kind:
    return Kind(code, name, persons, int(times), baht)


def claims_paid(first: date, last: date) -> dict[str, tuple[int, Decimal]]:
    """What the claims say: times and baht of each kind paid from `first` to `last` and not taken back since."""
    rows = Claim.objects.filter(state=ClaimState.PAID, paid_on__range=(first, last))
    totals = rows.values_list("category").annotate(times=Count("pk"), baht=Sum("amount_approved")).order_by()
    return {category: (times, baht) for category, times, baht in totals}


def lines_that_hold(first: date, last: date) -> dict[str, tuple[int, Decimal]]:
    """What the books say to `claims_paid`: benefit lines of the period that no reversal has answered."""
    rows = Line.objects.filter(
        debit__role=AccountRole.BENEFIT, entry__date__range=(first, last), reverses=None, reversed_by=None
    )
    totals = rows.values_list("debit__category").annotate(times=Count("pk"), baht=Sum("amount")).order_by()
    return {category: (times, baht) for category, times, baht in totals}
