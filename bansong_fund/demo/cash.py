"""Where the money lies: banking cash, withdrawing it for payments, and the fixed deposit.

The simulation goes day by day: what comes in, then what has to be fetched, then what is paid, then
what is too much for the cash box. No place is ever below zero.
"""

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal

from bansong_fund.demo.shapes import FOUNDED, LAST_DAY, CashMove, Plan

FLOAT = Decimal(5000)  # what stays in the cash box
MOST_CASH = Decimal(20000)
THOUSAND = Decimal(1000)
FIXED_FROM_YEAR = 2011
KEPT_ON_SAVINGS = Decimal(350000)
FIXED_STEP = Decimal(50000)
Flows = dict[date, list[tuple[str, Decimal]]]


def flows(plan: Plan) -> Flows:
    """Every baht that comes in (+) or goes out (-), by day and place; moves are left out."""
    found: Flows = defaultdict(list)
    for payment in plan.dues:
        if payment.sheet is None:
            found[payment.paid_on].append(("cash", payment.amount))
    for sheet in plan.sheets:
        holder = f"leader:{sheet.community}"
        found[sheet.submitted_on].append((holder, sheet.total))
        if sheet.accepted_on is not None:
            found[sheet.accepted_on] += [(holder, -sheet.total), ("cash", sheet.total)]
    for grant in plan.grants:
        found[grant.received_on].append((grant.account, grant.amount))
    for gift in plan.gifts:
        found[gift.received_on].append((gift.account, gift.amount))
    for interest in plan.interest:
        found[interest.received_on].append((interest.account, interest.net))
    for claim in plan.claims:
        if claim.paid_on is not None and claim.paid_from is not None:
            found[claim.paid_on].append((claim.paid_from, -claim.amount))
    for cost in plan.costs:
        found[cost.paid_on].append((cost.account, -cost.amount))
    return found


def rounded_up(amount: Decimal, step: Decimal) -> Decimal:
    """The next multiple of `step`; Decimal's own // cuts towards zero."""
    return amount if amount % step == 0 else amount - amount % step + step


class Till:
    """The balances while the days go by, and the moves that keep them sensible."""

    def __init__(self) -> None:
        self.balances: dict[str, Decimal] = defaultdict(Decimal)
        self.moves: list[CashMove] = []

    def move(self, day: date, source: str, target: str, amount: Decimal) -> None:
        if amount <= 0:
            return
        self.balances[source] -= amount
        self.balances[target] += amount
        self.moves.append(CashMove(f"move-{len(self.moves) + 1:04d}", day, source, target, amount))

    def live(self, day: date, entries: list[tuple[str, Decimal]]) -> None:
        for place, amount in entries:
            if amount > 0 or place.startswith("leader"):
                self.balances[place] += amount
        self._fetch(day, entries)
        for place, amount in entries:
            if amount < 0 and not place.startswith("leader"):
                self.balances[place] += amount
        if self.balances["cash"] > MOST_CASH and day.weekday() < 5:
            excess = self.balances["cash"] - FLOAT
            self.move(day, "cash", "savings", excess - excess % 100)

    def _fetch(self, day: date, entries: list[tuple[str, Decimal]]) -> None:
        """Withdraw what the day's payments need."""
        need = {place: -sum(a for p, a in entries if p == place and a < 0) for place in ("cash", "savings")}
        short = need["cash"] - self.balances["cash"]
        cash = rounded_up(short, THOUSAND) if short > 0 else Decimal(0)
        missing = cash + need["savings"] - self.balances["savings"]
        if missing > 0 and day > date(FIXED_FROM_YEAR, 12, 31):
            self.move(day, "fixed", "savings", rounded_up(missing, FIXED_STEP))
        self.move(day, "savings", "cash", cash)

    def fix(self, day: date) -> None:
        """At the year's end, put what the savings account does not need into the fixed deposit."""
        excess = self.balances["savings"] - KEPT_ON_SAVINGS
        self.move(day, "savings", "fixed", excess - excess % FIXED_STEP)


def fixing_day(year: int) -> date:
    day = date(year, 12, 28)
    return day - timedelta(days=max(0, day.weekday() - 4))


def plan_moves(plan: Plan) -> list[CashMove]:
    """The moves between the fund's places, in the order of their days."""
    till, by_day = Till(), flows(plan)
    day = FOUNDED
    while day <= LAST_DAY:
        till.live(day, by_day.get(day, []))
        if day.year >= FIXED_FROM_YEAR and day == fixing_day(day.year):
            till.fix(day)
        day += timedelta(days=1)
    return till.moves
