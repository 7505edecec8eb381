"""Welfare of a grown fund: about 15 members in a hundred get something each year; a month's claims still wait."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache, partial

from bansong_fund.demo import names
from bansong_fund.demo.grow_books import Books, Posting
from bansong_fund.demo.grow_dues import Event
from bansong_fund.demo.grow_people import Person
from bansong_fund.demo.grow_tables import NULL, Table, as_json
from bansong_fund.demo.grow_world import LAST_YEAR, MEETING_DAY, World, moment
from bansong_fund.lib.thai_dates import be_year, format_date
from ledger.accounts import benefit_account
from ledger.models import AccountRole, EntryKind
from members.models import Child, EndReason
from welfare.models import Claim, ClaimState, ClaimStep
from welfare.regulations import document_on
from welfare.rules.document import BenefitTerms
from welfare.rules.steps import Assessment, PaidPart, Step

A_YEAR_PERCENT = 15
KINDS = {  # of a hundred claims
    "elderly-gift": 40, "hospital-night": 38, "scholarship": 6, "birth-gift": 4, "birth-mother-nights": 4,
    "disadvantaged-aid": 3, "disaster-relief": 3, "career-grant": 1, "housing-repair": 1,
}  # fmt: skip
ALLOWED_EARLY = ("hospital-night", "birth-gift", "birth-mother-nights", "disaster-relief")
BY_NIGHT = ("hospital-night", "birth-mother-nights")
ABOUT_A_CHILD = ("scholarship", "birth-gift")
LAST_EVENT_PAID = date(LAST_YEAR, 8, 15)
CLAIM_COLUMNS = (
    *("year_be", "number", "member_id", "membership_id", "community_id", "household_id", "regulation_id"),
    *("benefit_code", "category", "event_from", "event_until", "units", "grade", "proposed_amount", "child_id"),
    *("event_key", "evidence_seen", "recipient_name", "recipient_relation", "received_on", "state", "outcome"),
    *("amount", "assessment", "entered_by_id", "entered_at", "submitted_at", "verified_by_id", "decided_by_id"),
    *("decided_on", "resolution_id", "amount_approved", "paid_by_id", "paid_on", "voucher_id"),
)
STEP_COLUMNS = ("claim_id", "action", "from_state", "to_state", "user_id", "day", "at")
LIFE = (
    ("enter", "", ClaimState.DRAFT), ("submit", ClaimState.DRAFT, ClaimState.SUBMITTED),
    ("verify", ClaimState.SUBMITTED, ClaimState.VERIFIED), ("approve", ClaimState.VERIFIED, ClaimState.APPROVED),
    ("pay", ClaimState.APPROVED, ClaimState.PAID),
)  # fmt: skip


@dataclass(slots=True)
class Asked:
    """A claim on its way: what is asked for, and when each step was taken."""

    person: Person
    benefit: BenefitTerms
    event_from: date
    event_until: date | None
    amount: Decimal
    received: date
    state: ClaimState = ClaimState.PAID
    number: int = 0

    @property
    def steps_taken(self) -> int:
        return 1 + [state for _action, _before, state in LIFE].index(self.state)


class Welfare:
    """Plans a year's claims, numbered as they come in, and writes each when it is paid, or as it waits."""

    def __init__(self, world: World, books: Books) -> None:
        self.world, self.books = world, books
        self.document = document_on(world.founded_on)
        self.claims = Table(Claim, CLAIM_COLUMNS, world.rng)
        self.steps = Table(ClaimStep, STEP_COLUMNS, world.rng)
        self.children = Table(Child, ("parent_id", "name", "birth_date"), world.rng)
        self.cash, self.savings = world.account(AccountRole.CASH), world.accounts["savings"]
        self.costs = {
            category: benefit_account(category) for category in {one.category for one in self.document.benefits}
        }
        self._waiting: list[Asked] = []

    def tables(self) -> Sequence[Table]:
        return (self.claims, self.steps, self.children)

    def finish(self) -> None:
        for asked in self._waiting:
            self._write(asked, None, NULL)
        for table in self.tables():
            table.finish()

    def events_of(self, year: int, people: Sequence[Person]) -> Iterator[Event]:
        """Payments of what is asked for in the year; the last ones fall into the January after."""
        pool = [one for one in people if _in_good_standing(one, year, self.world.founded_on)]
        asked = [*self._of_the_year(year, pool), *self._deaths(year, people)]
        if year == LAST_YEAR:
            asked += self._still_waiting(pool)
        asked.sort(key=lambda one: (one.received, one.person.number))
        for one in asked:
            one.number = self.books.next_number("claim", be_year(one.received))
            if one.state != ClaimState.PAID:
                self._waiting.append(one)
                continue
            day = self._meeting(one.received)[1] + timedelta(days=1 + one.number % 6)
            yield day, partial(self._pay, day, one)

    # --- what is asked for --------------------------------------------------------------------------------

    def _of_the_year(self, year: int, pool: Sequence[Person]) -> Iterator[Asked]:
        is_first, rng = year == self.world.years[0], self.world.rng
        kinds = {code: share for code, share in KINDS.items() if not is_first or code in ALLOWED_EARLY}
        wanted = min(len(pool), self.world.members * A_YEAR_PERCENT // (200 if is_first else 100))
        first = date(year, 7, 5) if is_first else date(year, 1, 1)
        last = LAST_EVENT_PAID if year == LAST_YEAR else date(year, 11, 25)
        for person in rng.sample(pool, wanted):
            code = rng.choices(list(kinds), list(kinds.values()))[0]
            if code == "elderly-gift" and (person.age_on(date(year, 4, 1)) < 60 or person.joined.year > year - 4):
                code = "hospital-night"
            if code == "disadvantaged-aid" and person.number % 30:
                code = "hospital-night"
            event = (
                date(year, 4, 1) if code == "elderly-gift" else first + timedelta(rng.randrange((last - first).days))
            )
            yield self._ask(person, code, event)

    def _deaths(self, year: int, people: Sequence[Person]) -> Iterator[Asked]:
        for person in people:
            ended = person.ended
            if ended is None or ended.year != year or person.reason != EndReason.DIED:
                continue
            if (ended - person.joined).days >= 180 and ended < date(year, 11, 25):
                yield self._ask(person, "death-grant", ended)

    def _still_waiting(self, pool: Sequence[Person]) -> list[Asked]:
        """To be paid, to be decided, to be checked: enough of each that a small fund has some too."""
        members, rng = self.world.members, self.world.rng
        counts = {
            ClaimState.APPROVED: max(members // 40, min(members // 3, 120)),
            ClaimState.VERIFIED: max(members // 100, min(members // 3, 100)),
            ClaimState.SUBMITTED: max(members // 200, 4),
        }
        people = iter(rng.sample(pool, min(len(pool), sum(counts.values()))))
        found = []
        for state, count in counts.items():
            last_event = date(LAST_YEAR, 9, 20) if state == ClaimState.APPROVED else date(LAST_YEAR, 10, 10)
            for _place, person in zip(range(count), people, strict=False):
                asked = self._ask(person, "hospital-night", last_event - timedelta(days=rng.randrange(20)))
                asked.state = state
                found.append(asked)
        return found

    def _ask(self, person: Person, code: str, event: date) -> Asked:
        rng = self.world.rng
        benefit = self.document.benefit(code)
        nights = rng.randrange(1, 6) if code in BY_NIGHT else 0
        until = event + timedelta(days=nights) if nights else None
        received = (until or event) + timedelta(days=rng.randrange(3, 15))
        return Asked(person, benefit, event, until, _amount(person, code, event, nights, rng), received)

    def _meeting(self, received: date) -> tuple[int, date]:
        """The first meeting at least three days on: its resolution's place in the list, and its day."""
        ready = received + timedelta(days=3)
        place = (ready.year - self.world.years[0]) * 12 + ready.month - 1 + (ready.day > MEETING_DAY)
        return place, date(self.world.years[0] + place // 12, place % 12 + 1, MEETING_DAY)

    # --- paid and written ---------------------------------------------------------------------------------

    def _pay(self, day: date, asked: Asked) -> None:
        person, treasurer = asked.person, self.world.users["treasurer"]
        place = self.cash if self.books.held[self.cash.pk] >= asked.amount * 2 else self.savings
        number, name = self.books.paper_number("voucher", day)
        claim = f"{be_year(asked.received)}/{asked.number:06d}"
        line = Posting(self.costs[asked.benefit.category], place, asked.amount, person.community, person.number)
        memo = f"คำขอ {claim} {person.full_name}"
        posted = self.books.post(
            day, EntryKind.PAYMENT.value, [line], by=treasurer, document=("voucher", name), memo=memo
        )
        thai, english = asked.benefit.name.th, asked.benefit.name.en
        day_th, day_en = _day_words(asked.event_from)
        words = (
            f"{thai} {person.full_name} (เลขที่สมาชิก {person.number}) {day_th}",
            f"{english}, {person.full_name} (member no. {person.number}), {day_en}",
        )
        voucher = self.books.voucher(
            day,
            number,
            posted,
            party=person.full_name,
            account=place,
            line=(*words, asked.amount),
            by=treasurer,
            person=person,
            resolution=self.world.resolutions[self._meeting(asked.received)[0]].label,
            claim=claim,
        )
        self._write(asked, day, voucher)

    def _write(self, asked: Asked, paid_on: date | None, voucher: int | str) -> None:
        person, benefit, taken = asked.person, asked.benefit, asked.steps_taken
        users, leader = self.world.users, self.world.leaders[person.community].pk
        place, decided_on = self._meeting(asked.received)
        child: int | str = NULL
        if benefit.code in ABOUT_A_CHILD:
            birth = asked.event_from if benefit.code == "birth-gift" else asked.event_from - timedelta(days=3650)
            child = self.children.add(person.number, names.full_name(self.world.rng), birth)
        nights = (asked.event_until - asked.event_from).days if asked.event_until else None
        is_decided, is_paid = taken >= 4, paid_on is not None
        resolution = self.world.resolutions[place].pk if is_decided else NULL
        proposed = asked.amount if benefit.code in ("career-grant", "housing-repair") else NULL
        claim = self.claims.add(
            *(be_year(asked.received), asked.number, person.number, person.number, person.community),
            *(person.household, self.world.regulation_key, benefit.code, benefit.category, asked.event_from),
            *(asked.event_until or NULL, nights or NULL, "minor" if benefit.category == "disaster" else "", proposed),
            *(child, f"อุทกภัย {be_year(asked.event_from)}" if benefit.category == "disaster" else ""),
            *(as_json(sorted(_papers(benefit))), person.full_name, "", asked.received, asked.state.value, "eligible"),
            *(asked.amount, _assessment(asked.event_from, asked.amount, nights or 1), leader),
            *(moment(asked.received, 10), moment(asked.received, 11)),
            users["registrar"].pk if taken >= 3 else NULL,
            *((users["committee"].pk, decided_on, resolution, asked.amount) if is_decided else (NULL,) * 4),
            *((users["treasurer"].pk, paid_on, voucher) if is_paid else (NULL,) * 3),
        )
        by = (leader, leader, users["registrar"].pk, users["committee"].pk, users["treasurer"].pk)
        days = (asked.received, asked.received, asked.received + timedelta(days=1), decided_on, paid_on)
        for (action, before, after), user, day in list(zip(LIFE, by, days, strict=True))[:taken]:
            self.steps.add(claim, action, str(before), after.value, user, day, moment(day))


@cache
def _assessment(event_from: date, amount: Decimal, units: int) -> str:
    """The explanation as COPY reads it. Many claims of a day come to the same."""
    steps = (Step("standing_good"), Step("evidence_complete"), Step("pays_flat", {"sum": amount}))
    parts = (PaidPart(event_from, units, amount),)
    return as_json(Assessment("eligible", amount, units, steps, parts).to_json())


@cache
def _day_words(day: date) -> tuple[str, str]:
    """The day in Thai and in English."""
    return format_date(day, "short", "th"), format_date(day, "short", "en")


def _in_good_standing(person: Person, year: int, founded_on: date) -> bool:
    joined_before = person.joined.year < year or person.joined == founded_on
    return joined_before and person.last_paid >= year and person.ended is None


def _amount(person: Person, code: str, event: date, nights: int, rng: random.Random) -> Decimal:
    """What the fund's provisional regulation pays."""
    years = person.full_years_on(event)
    if nights:
        return Decimal(nights * 100)
    if code == "elderly-gift":
        return Decimal(200 if years < 10 else 300)
    if code == "death-grant":
        return Decimal(
            next(baht for least, baht in ((8, 15000), (6, 10000), (4, 8000), (2, 6000), (0, 3000)) if years >= least)
        )
    if code in ("career-grant", "housing-repair"):
        return Decimal(rng.randrange(20, 51) * 100)
    return Decimal(500)


def _papers(benefit: BenefitTerms) -> list[str]:
    """The first of each choice of papers that the regulation asks for."""
    return [paper if isinstance(paper, str) else paper[0] for paper in benefit.evidence]
