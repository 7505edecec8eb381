"""The year, day by day: each thing that the plan says happens on its day, by the person who would do it."""

from calendar import monthrange
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import IntEnum
from functools import partial
from itertools import groupby
from typing import Any

from bansong_fund.demo.shapes import CollectionSheet, Grant, Plan
from bansong_fund.demo.verify import balances
from contributions.models import Commitment
from tests.demo.anew import banks, closing, event, grants, leg1, leg4, register
from tests.demo.anew.before import Before
from tests.demo.anew.claims import ClaimsOfTheYear
from tests.demo.anew.office import Office
from tests.demo.anew.plans import FIRST, LAST, YEAR

ADOPTED_ON = date(YEAR + 1, 3, 21)
RESOLUTION = "ประชุมใหญ่ 1/2563 มติที่ 1"
BANKS = ("savings", "fixed")


class Order(IntEnum):
    """What comes first on a day: no place is ever below nought."""

    REGISTER = 0
    PAPERS = 1
    MONEY_IN = 2
    HAND_OVER = 3
    WITHDRAWAL = 4
    PAYMENT = 5
    BANKING = 6
    EVENING = 7


@dataclass(frozen=True)
class Step:
    day: date
    order: Order
    act: Callable[[], Any]


@dataclass
class Year:
    """Who lives the year, and what was found on the way."""

    office: Office
    plan: Plan
    before: Before
    reconciled: Callable[[str, int], bool]  # place and month: whether that passbook is reconciled then
    merit: event.Event = field(init=False)
    promised: dict[str, Commitment] = field(default_factory=dict)
    unsent: dict[str, list[Any]] = field(default_factory=lambda: defaultdict(list))
    explained: dict[int, list[str]] = field(default_factory=dict)  # by month: what was closed with a word

    def __post_init__(self) -> None:
        self.merit = event.Event(self.plan, next(one for one in self.plan.campaigns if one.year == YEAR))

    def live(self) -> None:
        """From the first morning to the general meeting that adopts the accounts."""
        steps = sorted(self.steps(), key=lambda step: (step.day, step.order))
        for day, of_day in groupby(steps, key=lambda step: step.day):
            self.office.go_to(day)
            for step in of_day:
                step.act()

    @property
    def unsent_lines(self) -> int:
        return sum(map(len, self.unsent.values()))

    def steps(self) -> Iterator[Step]:
        yield from self._register_and_claims()
        yield from self._leg_1()
        yield from self._legs_2_and_3()
        yield from self._event()
        yield from self._money()
        yield from self._closing()

    # --- who joins, who leaves, welfare ------------------------------------------------------------------

    def _register_and_claims(self) -> Iterator[Step]:
        world, claims = self.before.world, ClaimsOfTheYear(self.before, self.plan)
        for day, persons in by_day(self.plan.persons, "joined_on"):
            yield Step(day, Order.REGISTER, partial(register.people_join, world, self.plan, persons, day))
        for day, persons in by_day(self.plan.persons, "ended_on"):
            for one in persons:
                yield Step(day, Order.REGISTER, partial(self._send_of, one.community))
                yield Step(day, Order.REGISTER, partial(register.membership_ends, world, one, day))
        for day, coming in by_day(self.plan.claims, "received_on"):
            yield Step(day, Order.PAPERS, partial(claims.come_in, coming))
        rejected = [one for one in self.plan.claims if one.status == "rejected"]
        for day, done in (*by_day(self.plan.claims, "paid_on"), *by_day(rejected, "decided_on")):
            yield Step(day, Order.PAYMENT, partial(claims.are_settled, done))

    # --- leg 1 -------------------------------------------------------------------------------------------

    def _leg_1(self) -> Iterator[Step]:
        on_sheet = defaultdict(list)
        for _day, payments in by_day(self.plan.dues, "paid_on"):
            for one in payments:
                if one.sheet:
                    on_sheet[one.sheet].append(one)
                else:
                    yield Step(one.paid_on, Order.MONEY_IN, partial(leg1.member_pays_at_the_office, self.office, one))
        for sheet in self.plan.sheets:
            if sheet.year == YEAR:
                yield from self._sheet(sheet, on_sheet[sheet.key])

    def _sheet(self, sheet: CollectionSheet, payments: list[Any]) -> Iterator[Step]:
        """Opened, sent from the phone at each month's end and before it is handed in, then counted."""
        self.unsent[sheet.key] = payments
        send = partial(self._send, sheet)
        yield Step(sheet.opened_on, Order.REGISTER, partial(leg1.leader_opens_her_sheet, self.office, sheet))
        for month in range(sheet.opened_on.month, sheet.submitted_on.month):
            yield Step(month_end(month), Order.EVENING, send)
        yield Step(sheet.submitted_on, Order.MONEY_IN, send)
        yield Step(sheet.submitted_on, Order.MONEY_IN, partial(leg1.leader_hands_in, self.office, sheet))
        yield Step(sheet.accepted_on, Order.HAND_OVER, partial(leg1.treasurer_counts, self.office, sheet))

    def _send(self, sheet: CollectionSheet) -> None:
        taken = leg1.taken_by(self.unsent[sheet.key], self.office.today)
        self.unsent[sheet.key] = [one for one in self.unsent[sheet.key] if one not in taken]
        if taken:
            leg1.phone_sends(self.office, sheet, taken)

    def _send_of(self, community: int) -> None:
        """A leader sends before she reports who died or left."""
        for sheet in self.plan.sheets:
            if sheet.community == community and sheet.opened_on <= self.office.today < sheet.submitted_on:
                self._send(sheet)

    # --- legs 2 and 3 ------------------------------------------------------------------------------------

    def _legs_2_and_3(self) -> Iterator[Step]:
        for one in self.plan.grants:
            if one.received_on.year == YEAR:
                yield from self._codi(one) if one.round else self._municipality(one)

    def _municipality(self, grant: Grant) -> Iterator[Step]:
        step = partial(self._promise_moves, grant.key)
        yield Step(date(YEAR, 1, 3), Order.EVENING, partial(self._municipality_is_asked, grant))
        yield Step(date(YEAR, 4, 22), Order.PAPERS, partial(step, "agreed", "บันทึกข้อตกลง 2/2562", amount=grant.amount))
        yield Step(
            grant.received_on,
            Order.MONEY_IN,
            lambda: grants.municipality_pays(self.office, self.promised[grant.key], grant),
        )
        yield Step(date(YEAR, 12, 13), Order.PAPERS, partial(step, "reported", "กส. 29/2562"))

    def _municipality_is_asked(self, grant: Grant) -> None:
        asked = self.promised[grant.key] = grants.committee_asks_the_municipality(self.office, grant)
        council = date(YEAR - 1, 9, 13), "เทศบัญญัติงบประมาณ 2562"
        grants.step_is_taken(self.office, asked, "approved", *council, amount=str(grant.amount))

    def _codi(self, grant: Grant) -> Iterator[Step]:
        one = next(each for each in self.plan.rounds if each.number == grant.round)
        step, heads = partial(self._promise_moves, grant.key), len(one.persons)
        yield Step(date(YEAR, 1, 3), Order.EVENING, lambda: self._codi_is_asked(grant, one))
        facts = {"amount": grant.amount, "member_count": heads}
        yield Step(date(YEAR, 5, 15), Order.PAPERS, partial(step, "approved", "พอช. แจ้งผลการอนุมัติ", **facts))
        yield Step(date(YEAR, 7, 1), Order.PAPERS, partial(step, "agreed", "บันทึกความร่วมมือ", amount=grant.amount))
        pays = lambda: grants.codi_pays(self.office, self.promised[grant.key], grant, one)  # noqa: E731
        yield Step(grant.received_on, Order.MONEY_IN, pays)
        yield Step(date(YEAR + 1, 1, 20), Order.PAPERS, partial(step, "reported", "กส. 2/2563"))

    def _codi_is_asked(self, grant: Grant, one: Any) -> None:
        self.promised[grant.key] = grants.committee_asks_codi(self.office, one)

    def _promise_moves(self, key: str, state: str, paper: str, **facts: object) -> None:
        grants.step_is_taken(self.office, self.promised[key], state, self.office.today, paper, **facts)

    # --- leg 4, the event, the rest ----------------------------------------------------------------------

    def _event(self) -> Iterator[Step]:
        one, day = self.merit, self.merit.planned.held_on
        acts = (
            (date(YEAR, 7, 1), event.committee_announces_it),
            (date(YEAR, 7, 15), event.supporters_pledge),
            (day - timedelta(days=28), event.envelopes_are_handed_out),
            (day, event.the_day_of_the_event),
            (day + event.COUNTED_AFTER, event.three_count_the_cash),
            (day + event.CLOSED_AFTER, event.committee_closes_it),
        )
        for when, act in acts:
            yield Step(when, Order.EVENING if when > day else Order.MONEY_IN, partial(act, self.office, one))

    def _money(self) -> Iterator[Step]:
        office, plan = self.office, self.plan
        for day, gifts in by_day(plan.gifts, "received_on"):
            for one in gifts:
                if not one.campaign:
                    yield Step(day, Order.MONEY_IN, partial(leg4.gift_comes, office, plan, one))
        for day, credited in by_day(plan.interest, "received_on"):
            for one in credited:
                yield Step(day, Order.MONEY_IN, partial(leg4.bank_credits_interest, office, one))
        for day, costs in by_day(plan.costs, "paid_on"):
            for one in costs:
                yield Step(day, Order.PAYMENT, partial(self._cost, one))
        for day, moves in by_day(plan.moves, "moved_on"):
            for one in moves:
                after = (one.source, one.target) in (("cash", "savings"), ("savings", "fixed"))
                order = Order.BANKING if after else Order.WITHDRAWAL
                yield Step(day, order, partial(leg4.cash_is_moved, office, one))

    def _cost(self, one: Any) -> None:
        leg4.cost_is_paid(self.office, one, self.merit.row if one.campaign else None)

    # --- the books ---------------------------------------------------------------------------------------

    def _closing(self) -> Iterator[Step]:
        for month in range(1, 13):
            day = month_end(month) + timedelta(days=8)
            yield Step(day, Order.EVENING, partial(self._close_month, month))
        adopt = partial(closing.treasurer_closes_the_year, self.office, YEAR + 543, RESOLUTION)
        yield Step(ADOPTED_ON, Order.EVENING, adopt)

    def _close_month(self, month: int) -> None:
        last = month_end(month)
        for place in BANKS:
            if self.reconciled(place, month):
                banks.treasurer_copies_the_passbook(self.office, self.plan, place, last)
                banks.treasurer_ticks_off(self.office, place)
                banks.treasurer_reconciles(self.office, place, last)
        counted = balances(self.plan, last).get("cash", 0)
        self.explained[month] = closing.treasurer_closes_the_month(self.office, last.replace(day=1), counted)


def month_end(month: int) -> date:
    return date(YEAR, month, monthrange(YEAR, month)[1])


def by_day(rows: Iterable[Any], name: str) -> list[tuple[date, list[Any]]]:
    """The rows whose day lies in the year, by that day."""
    found: dict[date, list[Any]] = defaultdict(list)
    for one in rows:
        day = getattr(one, name)
        if day is not None and FIRST <= day <= LAST:
            found[day].append(one)
    return sorted(found.items())
