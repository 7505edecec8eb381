"""The claims' desk: who may claim what on a day, and the road of a claim to its payment."""

import random
from datetime import date, timedelta
from decimal import Decimal

from bansong_fund.demo.days import Diary, full_years, weekday_from, year_last
from bansong_fund.demo.lives import Life
from bansong_fund.demo.shapes import Claim, Person

WAITING_DAYS = 180
TRANSFERRED_FROM = Decimal(8000)


class Desk:
    """Lives and persons side by side, the committee's diary, and the claims made so far."""

    def __init__(self, lives: list[Life], persons: list[Person], diary: Diary) -> None:
        self.lives = lives
        self.persons = persons
        self.diary = diary
        self.claims: list[Claim] = []
        self.stays: dict[int, list[tuple[date, date]]] = {}
        self.by_community: dict[int, list[Person]] = {}
        for person in persons:
            self.by_community.setdefault(person.community, []).append(person)

    def life(self, person: Person) -> Life:
        return self.lives[person.number - 1]

    def may_claim(self, person: Person, event_on: date, *, waiting: int = WAITING_DAYS) -> bool:
        """Waiting time served, rights neither suspended nor lapsed, and alive for three months after."""
        life = self.life(person)
        stays = life.ended_on is None or life.ended_on > event_on + timedelta(days=90)
        served = life.tenure_days(event_on) >= waiting and bool(life.payments)
        return stays and served and life.payments[0][1] <= event_on and life.has_rights(event_on)

    def stays_free(self, person: Person, admitted: date, home: date) -> bool:
        """Whether no stay in hospital of this person touches these days."""
        return all(home < start or end < admitted for start, end in self.stays.get(person.number, ()))

    def find(self, pool: list[Person], rng: random.Random, fits) -> Person:
        """Somebody of the pool whom `fits` accepts, by trying."""
        for _ in range(200_000):
            person = rng.choice(pool)
            if fits(person):
                return person
        message = "nobody fits: the demonstration's parameters do not agree with each other"
        raise RuntimeError(message)

    def settle(self, claim: Claim, rng: random.Random) -> None:
        """Verify, decide and pay: at the first meeting after the papers, some days later in money."""
        claim.verified_on = claim.received_on + timedelta(days=rng.randrange(1, 3))
        self.decide(claim)
        claim.paid_on = min(
            weekday_from(claim.decided_on + timedelta(days=rng.randrange(2, 8))), year_last(claim.decided_on.year)
        )
        claim.paid_from = "savings" if claim.amount >= TRANSFERRED_FROM else "cash"
        self.record(claim)

    def record(self, claim: Claim) -> None:
        """Add the claim; a stay in hospital is remembered, so that no night is claimed twice."""
        self.claims.append(claim)
        if claim.event_ends_on is not None:
            self.stays.setdefault(claim.person, []).append((claim.event_on, claim.event_ends_on))

    def decide(self, claim: Claim) -> None:
        meeting = self.diary.after(claim.verified_on)
        claim.meeting, claim.decided_on = meeting.key, meeting.held_on

    def last_event_day(self, year: int, days_to_papers: int) -> date:
        """The last day of an event whose papers are still decided and paid within `year`."""
        meetings = [day for day in self.diary.days if day.year == year and day <= year_last(year)]
        return meetings[-1] - timedelta(days=days_to_papers + 4)


def age_on(person: Person, day: date) -> int:
    return full_years(person.birth_date, day)


def split_sum(total: int, parts: int, low: int, high: int, rng: random.Random) -> list[int]:
    """`parts` whole numbers between `low` and `high` that sum to `total`, near the mean."""
    if not low * parts <= total <= high * parts:
        message = f"{total} cannot be split into {parts} parts of {low} to {high}"
        raise ValueError(message)
    amounts = [min(high, max(low, round(rng.gauss(total / parts, (high - low) / 4)))) for _ in range(parts)]
    while (gap := total - sum(amounts)) != 0:
        place, step = rng.randrange(parts), 1 if gap > 0 else -1
        if low <= amounts[place] + step <= high:
            amounts[place] += step
    return amounts
