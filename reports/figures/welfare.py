"""Welfare by kind and by community: persons, times and baht, always all three, counted from the books' lines.

A payment counts in the year in which it was made; taken back, it counts off in the year of the reversal. It counts
for the community that its line names: the one in which the member was when she asked.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db import connection
from django.db.models import Count, Sum

from bansong_fund.lib.money import ZERO
from bansong_fund.lib.papers import Words
from ledger.models import Account, AccountRole, Line
from welfare.models import Category, Claim, ClaimState


@dataclass(frozen=True, slots=True)
class Paid:
    """What was paid: to so many different members, so many times, so many baht."""

    persons: int = 0
    times: int = 0
    baht: Decimal = ZERO


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
    """The nine kinds in the fund's order. `persons` counts a member once, whatever she received.

    `communities`: the same money by the community's key; None for what names no community. `cells`: by (community,
    kind).
    """

    kinds: tuple[Kind, ...]
    persons: int
    communities: dict[int | None, Paid] = field(default_factory=dict)
    cells: dict[tuple[int | None, str], Paid] = field(default_factory=dict)

    @property
    def times(self) -> int:
        return sum(kind.times for kind in self.kinds)

    @property
    def baht(self) -> Decimal:
        return sum((kind.baht for kind in self.kinds), ZERO)

    @property
    def all(self) -> Paid:
        return Paid(self.persons, self.times, self.baht)


# A merged double's payments are the survivor's. What one event brings in several benefits (a newborn gift and the
# mother's nights) is one time: a payment counts unless another benefit of its kind was paid for days that overlap
# its own, the benefit whose code comes first standing for the event (twins are two gifts). The other one, and which
# claim a line paid, are looked up only for who was paid for several events of a kind (`alike`): few are.
# Welfare leaves by a payment and comes back by a reversal; what another kind of entry booked would not tie. The
# accounts are named by their keys: the database then knows that nearly no line credits one, and reads no others.
PAID_IN_PERIODS = """
    WITH span (place, first, last) AS (VALUES {spans}), booked AS MATERIALIZED (
        SELECT s.place, e.id FROM span s
          JOIN ledger_entry e ON e.date BETWEEN s.first AND s.last AND e.kind IN ('payment', 'reversal')
    ), moved AS (
        SELECT b.place, a.category, l.community_id, l.member_id, l.id AS paid_line, 1 AS times, l.amount
          FROM booked b
          JOIN ledger_line l ON l.entry_id = b.id
          JOIN ledger_account a ON a.id = l.debit_id AND l.debit_id = ANY(%s)
        UNION ALL
        SELECT b.place, a.category, l.community_id, l.member_id, l.reverses_id, -1, -l.amount
          FROM booked b
          JOIN ledger_line l ON l.entry_id = b.id
          JOIN ledger_account a ON a.id = l.credit_id AND l.credit_id = ANY(%s)
    ), alike AS MATERIALIZED (
        SELECT s.place, s.first, s.last, c.member_id, c.category
          FROM span s JOIN welfare_claim c ON c.state = 'paid' AND c.paid_on BETWEEN s.first AND s.last
         GROUP BY s.place, s.first, s.last, c.member_id, c.category HAVING count(*) > 1
    ), paid AS MATERIALIZED (
        SELECT a.*, concat(c.year_be, '/', lpad(c.number::text, 6, '0')) AS label, c.benefit_code, c.event_from,
               coalesce(c.event_until, c.event_from) AS event_until
          FROM alike a
          JOIN welfare_claim c ON c.member_id = a.member_id AND c.category = a.category
               AND c.state = 'paid' AND c.paid_on BETWEEN a.first AND a.last
    ), doubles AS MATERIALIZED (
        SELECT id, merged_into_id FROM members_member WHERE merged_into_id IS NOT NULL
    ), told AS (
        SELECT moved.place, moved.category, moved.community_id, coalesce(m.merged_into_id, moved.member_id) AS person,
               moved.amount,
               CASE WHEN c.label IS NOT NULL AND EXISTS (
                   SELECT 1 FROM welfare_claim other
                    WHERE other.member_id = c.member_id AND other.category = c.category
                      AND other.state = 'paid' AND other.paid_on BETWEEN c.first AND c.last
                      AND other.benefit_code < c.benefit_code AND other.event_from <= c.event_until
                      AND coalesce(other.event_until, other.event_from) >= c.event_from
               ) THEN 0 ELSE moved.times END AS times
          FROM moved
          LEFT JOIN doubles m ON m.id = moved.member_id
          LEFT JOIN paid c ON c.place = moved.place AND c.member_id = moved.member_id
                AND c.label = (SELECT v.claim_number FROM ledger_paymentvoucherline v WHERE v.line_id = moved.paid_line)
    ), each AS (
        SELECT place, category, community_id, person, sum(times) AS times, sum(amount) AS amount
          FROM told GROUP BY place, category, community_id, person
    )
    SELECT place, grouping(category), grouping(community_id), category, community_id,
           count(DISTINCT person) FILTER (WHERE amount > 0), sum(times), sum(amount)
      FROM each -- the third set is read by the notice board
     GROUP BY GROUPING SETS ((place, category), (place, community_id), (place, category, community_id), (place))
"""


def welfare_figures(first: date, last: date) -> WelfareFigures:
    """What the nine kinds paid from `first` to `last`, in two queries."""
    return welfare_over([(first, last)])[0]


def welfare_over(spans: Sequence[tuple[date, date]]) -> list[WelfareFigures]:
    """What was paid in each of these spans of days, in two queries for all of them."""
    places = [value for place, days in enumerate(spans) for value in (place, *days)]
    sql = PAID_IN_PERIODS.format(spans=", ".join(["(%s::int, %s::date, %s::date)"] * len(spans)))
    kinds: list[dict[str, Paid]] = [{} for _span in spans]
    communities: list[dict[int | None, Paid]] = [{} for _span in spans]
    cells: list[dict[tuple[int | None, str], Paid]] = [{} for _span in spans]
    persons = [0] * len(spans)
    benefits = list(Account.objects.filter(role=AccountRole.BENEFIT))
    keys = [account.pk for account in benefits]
    with connection.cursor() as cursor:
        cursor.execute(sql, [*places, keys, keys])
        for place, any_kind, any_community, kind, community, different, times, baht in cursor.fetchall():
            if not any_kind and not any_community:
                cells[place][community, kind] = Paid(different, int(times), baht)
            elif not any_kind:
                kinds[place][kind] = Paid(different, int(times), baht)
            elif not any_community:
                communities[place][community] = Paid(different, int(times), baht)
            else:
                persons[place] = different
    names = {account.category: Words(account.name_th, account.name_en) for account in benefits}
    return [
        WelfareFigures(tuple(_kind(code, names[code], by_kind) for code in Category.values), members, *by_place)
        for by_kind, members, *by_place in zip(kinds, persons, communities, cells, strict=True)
    ]


def _kind(code: str, name: Words, found: dict[str, Paid]) -> Kind:
    paid = found.get(code, Paid())
    return Kind(code, name, paid.persons, paid.times, paid.baht)


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
