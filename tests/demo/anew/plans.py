"""The plan of the demonstration, cut: as it was known on a morning, and one community's part of it."""

from dataclasses import fields, replace
from datetime import date, timedelta
from decimal import Decimal

from bansong_fund.demo.cash import plan_moves
from bansong_fund.demo.plan import shared_plan
from bansong_fund.demo.shapes import DuesPayment, Person, Plan

YEAR = 2019
FIRST, LAST = date(YEAR, 1, 1), date(YEAR, 12, 31)


def known_on(plan: Plan, morning: date) -> Plan:
    """What had happened before `morning`, nothing of what comes after it."""
    been = lambda day: day < morning  # noqa: E731
    gifts = [one for one in plan.gifts if been(one.received_on)]
    givers = {one.contributor for one in gifts}
    return replace(
        plan,
        persons=[_as_known(one, morning) for one in plan.persons if been(one.joined_on)],
        dues=[one for one in plan.dues if been(one.paid_on)],
        sheets=[one for one in plan.sheets if been(one.submitted_on)],
        claims=[one for one in plan.claims if been(one.received_on)],
        grants=[one for one in plan.grants if been(one.received_on)],
        rounds=[one for one in plan.rounds if been(one.received_on)],
        contributors=[one for one in plan.contributors if one.number in givers],
        campaigns=[one for one in plan.campaigns if been(one.held_on)],
        gifts=gifts,
        interest=[one for one in plan.interest if been(one.received_on)],
        costs=[one for one in plan.costs if been(one.paid_on)],
        moves=[one for one in plan.moves if been(one.moved_on)],
        today=morning,
    )


def _as_known(person: Person, morning: date) -> Person:
    """The person before anybody knew how her membership would end."""
    if person.ended_on is None or person.ended_on < morning:
        return replace(person)
    return replace(person, ended_on=None, end_reason=None, end_meeting=None, notice_on=None)


class CommunityPlan(Plan):
    """A plan whose persons are not numbered without gaps."""

    def person(self, number: int) -> Person:
        return self.by_number[number]

    @property
    def by_number(self) -> dict[int, Person]:
        return {one.number: one for one in self.persons}


def whole_plan() -> Plan:
    return shared_plan()


def community_plan(community: int) -> Plan:
    """One community alone: a small fund that lives the same years, without claims and with fewer gifts in 2562."""
    whole = shared_plan()
    plan = CommunityPlan(**{one.name: getattr(whole, one.name) for one in fields(whole)})
    plan.persons = [one for one in whole.persons if one.community == community]
    numbers = {one.number for one in plan.persons}
    plan.households = [one for one in whole.households if one.community == community]
    plan.dues = [one for one in whole.dues if one.person in numbers and _is_kept(one)]
    plan.sheets = [one for one in whole.sheets if one.community == community]
    plan.claims = []
    plan.rounds = [replace(one, persons=tuple(sorted(numbers.intersection(one.persons)))) for one in whole.rounds]
    rounds = {one.number: one.amount for one in plan.rounds}
    plan.grants = [replace(one, amount=rounds[one.round]) if one.round else one for one in whole.grants]
    plan.gifts = _fewer_gifts(whole)
    plan.costs = [one for one in whole.costs if one.campaign or one.paid_on.year != YEAR or one.kind == "stationery"]
    plan.moves = plan_moves(plan)
    return plan


def _is_kept(payment: DuesPayment) -> bool:
    """Of what came in at the office in 2562 only that of the first of a month."""
    return payment.sheet is not None or payment.paid_on.year != YEAR or payment.paid_on.day == 1


def _fewer_gifts(plan: Plan) -> list:
    """Of 2562 every fourth gift at the event and every twentieth other one; of other years all."""
    this_year = [one for one in plan.gifts if one.received_on.year == YEAR]
    at_event = [one for one in this_year if one.campaign]
    others = [one for one in this_year if not one.campaign]
    kept = {one.key for one in (*at_event[::4], *others[::20])}
    return [one for one in plan.gifts if one.received_on.year != YEAR or one.key in kept]


def days_of(first: date, last: date) -> list[date]:
    return [first + timedelta(days=count) for count in range((last - first).days + 1)]


def total(rows: object, name: str = "amount") -> Decimal:
    return sum((getattr(one, name) for one in rows), Decimal("0.00"))
