"""The year in figures three times: as the plan has it, as the product's own report has it, as the year table has it."""

from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from bansong_fund.demo.figures import CATEGORIES, year_table
from bansong_fund.demo.shapes import Plan
from bansong_fund.demo.verify import balances
from contributions.models import DuesPayment
from reports.figures import annual_figures
from reports.years import report_year
from tests.demo.anew.plans import LAST, YEAR

Figures = dict[str, Decimal | int]
LEFT = ("resigned", "moved", "lapsed")


def of_the_plan(plan: Plan) -> Figures:
    joined = [one for one in plan.persons if one.joined_on <= LAST]
    ended = [one for one in joined if one.ended_on and one.ended_on <= LAST]
    dues, costs = _of_the_year(plan.dues, "paid_on"), _of_the_year(plan.costs, "paid_on")
    found: Figures = {
        "joined": len(_of_the_year(joined, "joined_on")),
        "died": sum(one.end_reason == "died" for one in _of_the_year(ended, "ended_on")),
        "left": sum(one.end_reason in LEFT for one in _of_the_year(ended, "ended_on")),
        "members_end": len(joined) - len(ended),
        "payers": len({one.person for one in dues}),
        "leg1": _sum(dues),
        "leg4": _sum(_of_the_year(plan.gifts, "received_on")),
        "interest_net": _sum(_of_the_year(plan.interest, "received_on"), "net"),
        "admin": _sum(one for one in costs if one.kind != "event"),
        "event": _sum(one for one in costs if one.kind == "event"),
        "closing": sum(balances(plan, LAST).values(), Decimal(0)),
    }
    grants = _of_the_year(plan.grants, "received_on")
    found |= {f"leg{leg}": _sum(one for one in grants if one.leg == leg) for leg in (2, 3)}
    return found | _welfare_of(plan)


def _welfare_of(plan: Plan) -> Figures:
    paid = _of_the_year(plan.claims, "paid_on")
    times = Counter(one.category for one in paid if one.benefit != "birth-mother-nights")
    found: Figures = {f"{kind}_n": times[kind] for kind in CATEGORIES}
    return found | {kind: _sum(one for one in paid if one.category == kind) for kind in CATEGORIES}


def of_the_report(today: Any) -> Figures:
    """What the fund's annual report says, and how many paid dues that hold."""
    told = annual_figures(report_year(YEAR + 543, today=today))
    payers = DuesPayment.objects.filter(paid_on__year=YEAR, receipt__void=None).values("member").distinct().count()
    people, money = told.people, told.money
    found: Figures = {
        "joined": people.joined,
        "died": people.left["died"],
        "left": sum(people.left[reason] for reason in LEFT),
        "members_end": people.current,
        "payers": payers,
        "interest_net": money.interest.this - money.tax_withheld.this,
        "admin": money.administration.this,
        "event": money.event_costs.this,
        "closing": money.money.this,
    }
    found |= {f"leg{leg.number}": leg.this for leg in money.legs}
    for kind in told.welfare.kinds:
        found |= {str(kind.code): kind.baht, f"{kind.code}_n": kind.times}
    return found


def of_the_table() -> Figures:
    row = year_table()[YEAR]
    money = {
        name: row.money[name] for name in ("leg1", "leg2", "leg3", "leg4", "interest_net", "admin", "event", "closing")
    }
    cases = {f"{name}_n": count for name, count in row.cases.items()}
    return row.counts | money | cases | row.baht


def _of_the_year(rows: Iterable[Any], name: str) -> list[Any]:
    return [one for one in rows if (day := getattr(one, name)) is not None and day.year == YEAR]


def _sum(rows: Iterable[Any], name: str = "amount") -> Decimal:
    return sum((getattr(one, name) for one in rows), Decimal(0))
