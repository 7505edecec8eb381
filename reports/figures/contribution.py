"""The municipality's contribution: what of it was used, for whom, and what is left.

Where the money is bound to a restricted fund, that fund's own statement tells. Otherwise it lies with the fund's other
money, and is counted as spent first on welfare, fiscal year by fiscal year: what a year's welfare did not take is
brought forward.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Case, F, QuerySet, Sum, When

from bansong_fund.lib.money import ZERO
from contributions.queries import fiscal_year
from ledger.models import AccountRole, EntryKind, LedgerSum, Line, RestrictedFund
from ledger.restricted import FundStatement, fund_statement
from ledger.spans import FREE, Span
from members.models import Community
from welfare.models import Category

GENERAL = "general"
ROLES = (AccountRole.MUNICIPALITY, AccountRole.BENEFIT)


@dataclass(frozen=True, slots=True)
class Use:
    """A fiscal year of the contribution in the general fund, in baht. `welfare` is what all welfare of it came to."""

    brought: Decimal = ZERO
    received: Decimal = ZERO
    welfare: Decimal = ZERO

    @property
    def left(self) -> Decimal:
        return max(self.brought + self.received - self.welfare, ZERO)

    @property
    def used(self) -> Decimal:
        return self.brought + self.received - self.left


def use_of_contribution(year_be: int) -> Use:
    """The use in one fiscal year, reckoned from the first year of the books on, from the kept sums in one query."""
    own_side = Case(
        When(account__role=AccountRole.BENEFIT, then=F("debit") - F("credit")), default=F("credit") - F("debit")
    )
    rows = LedgerSum.objects.filter(account__role__in=ROLES, restricted_fund__code=GENERAL, is_closing=False)
    years: dict[int, dict[str, Decimal]] = {}
    for month, role, moved in rows.values_list("month", "account__role").annotate(moved=Sum(own_side)).order_by():
        year = years.setdefault(fiscal_year(month), {})
        year[role] = year.get(role, ZERO) + moved
    use = Use()
    for year in range(min([year_be, *years]), year_be + 1):
        moved = years.get(year, {})
        use = Use(use.left, *(moved.get(role, ZERO) for role in ROLES))
    return use


def bound_statements(first: date, last: date) -> list[FundStatement]:
    """The statement of each restricted fund that ever took in the municipality's money."""
    bound = LedgerSum.objects.filter(account__role=AccountRole.MUNICIPALITY).exclude(restricted_fund__code=GENERAL)
    funds = RestrictedFund.objects.filter(pk__in=bound.values("restricted_fund"))
    return [fund_statement(fund, Span(FREE, first, last, last)) for fund in funds]


# --- who received welfare -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """Welfare paid to members of one community; None for lines that name none."""

    community: Community | None
    persons: int
    payments: int
    baht: Decimal


BY_COMMUNITY = """
    WITH moved AS (
        SELECT l.community_id, coalesce(m.merged_into_id, m.id) AS person, x.times, x.times * l.amount AS amount
          FROM ledger_line l
          JOIN ledger_entry e ON e.id = l.entry_id
          LEFT JOIN members_member m ON m.id = l.member_id
          CROSS JOIN LATERAL (VALUES (l.debit_id, 1), (l.credit_id, -1)) AS x (account_id, times)
          JOIN ledger_account a ON a.id = x.account_id AND a.role = %(role)s
         WHERE e.date BETWEEN %(first)s AND %(last)s AND e.kind <> 'closing'
    ), each AS (
        SELECT community_id, person, sum(times) AS times, sum(amount) AS amount FROM moved GROUP BY 1, 2
    )
    SELECT community_id, count(DISTINCT person) FILTER (WHERE amount > 0), sum(times), sum(amount)
      FROM each GROUP BY 1
"""


def welfare_by_community(first: date, last: date) -> tuple[PlaceRow, ...]:
    """Persons, payments and baht of each community, by its number, in two queries."""
    with connection.cursor() as cursor:
        cursor.execute(BY_COMMUNITY, {"role": AccountRole.BENEFIT, "first": first, "last": last})
        found = {row[0]: row[1:] for row in cursor.fetchall()}
    places: list[Community | None] = [*Community.objects.all(), None]
    rows = []
    for place in places:
        persons, payments, baht = found.get(place.pk if place else None, (0, 0, ZERO))
        if place is not None or payments or baht:
            rows.append(PlaceRow(place, persons, int(payments), baht))
    return tuple(rows)


@dataclass(frozen=True, slots=True)
class Beneficiary:
    """A payment of welfare, below nought where it was taken back. `name` as the member is called now."""

    day: date
    document: str
    community: Community | None
    category: str
    member_number: int | None
    name: str
    baht: Decimal


def beneficiary_lines(first: date, last: date) -> QuerySet[Line, Any]:
    """The lines of welfare from `first` to `last`, and those that took one back, the oldest first."""
    benefit = AccountRole.BENEFIT
    lines = Line.objects.filter(debit__role=benefit) | Line.objects.filter(credit__role=benefit)
    found = lines.filter(entry__date__range=(first, last)).exclude(entry__kind=EntryKind.CLOSING)
    return found.select_related("entry", "debit", "credit", "community", "member__merged_into").order_by(
        "entry__date", "entry__number", "position"
    )


def beneficiary(line: Line) -> Beneficiary:
    """A line as the list shows it; a double's payment is the survivor's."""
    is_paid = line.debit.role == AccountRole.BENEFIT
    member = (line.member.merged_into or line.member) if line.member else None
    return Beneficiary(
        day=line.entry.date,
        document=line.entry.document_number,
        community=line.community,
        category=Category((line.debit if is_paid else line.credit).category).value,
        member_number=member.number if member else None,
        name=member.full_name if member else "",
        baht=line.amount if is_paid else -line.amount,
    )


def paying_members(first: date, last: date) -> int:
    """Members whose contribution came in these days and was not taken back in them. One query."""
    paid = Line.objects.filter(credit__role=AccountRole.DUES, entry__date__range=(first, last), reverses=None)
    held = paid.exclude(reversed_by__entry__date__lte=last).exclude(entry__kind=EntryKind.CLOSING)
    person = Case(When(member__merged_into=None, then=F("member")), default=F("member__merged_into"))
    return held.values_list(person).distinct().count()
