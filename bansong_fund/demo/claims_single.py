"""Claims that people bring one by one: births, hospital nights, careers, houses, disasters."""

import random
from collections import Counter
from datetime import date, timedelta
from decimal import Decimal

from bansong_fund.demo import names
from bansong_fund.demo.days import day_between, stream
from bansong_fund.demo.desk import Desk, age_on, split_sum
from bansong_fund.demo.figures import BIRTHS, DISASTERS, GRADES, HOSPITAL_NIGHTS, year_table
from bansong_fund.demo.shapes import Child, Claim, DisasterEvent, Person

NIGHT = Decimal(100)
NEWBORN_GIFT = Decimal(500)
MOTHER_NIGHTS_AT_MOST = 5
MEMBER_NIGHTS_A_YEAR = 20
FATHERS_SHARE = 0.12
DAYS_TO_PAPERS = 14
MASS_DISASTER = 20


def births(desk: Desk) -> None:
    """A newborn gift for each child; the mother's nights where she is a member herself."""
    rng = stream("births")
    last_birth: dict[int, date] = {}
    for year, (children, nights) in BIRTHS.items():
        fathers = min(round(children * FATHERS_SHARE), children - -(-nights // MOTHER_NIGHTS_AT_MOST))
        stays = [0] * fathers + split_sum(nights, children - fathers, 1, MOTHER_NIGHTS_AT_MOST, rng)
        for place, stay in enumerate(stays, start=1):
            born = day_between(rng, date(year, 1, 8), desk.last_event_day(year, DAYS_TO_PAPERS + 5))
            sex, low, high = ("f", 18, 40) if stay else ("m", 20, 50)

            def fits(one: Person, born: date = born, sex: str = sex, low: int = low, high: int = high) -> bool:
                apart = one.number not in last_birth or (born - last_birth[one.number]).days > 600
                ready = one.sex == sex and low <= age_on(one, born) <= high and apart
                return ready and desk.may_claim(one, born - timedelta(days=1))

            parent = desk.find(desk.persons, rng, fits)
            last_birth[parent.number] = born
            _birth(desk, parent, born, stay, case=f"birth-{year}-{place:02d}", rng=rng)


def _birth(desk: Desk, parent: Person, born: date, nights: int, *, case: str, rng: random.Random) -> None:
    sex = rng.choice("mf")
    child = Child(names.first_name(sex, rng), parent.family_name, sex, born)
    admitted = born - timedelta(days=rng.randrange(2) if nights > 1 else 0)
    home = max(born + timedelta(days=1), admitted + timedelta(days=nights))
    received = home + timedelta(days=rng.randrange(2, DAYS_TO_PAPERS))
    gift = Claim("birth-gift", "birth", parent.number, born, received, NEWBORN_GIFT, units=1, child=child, case=case)
    desk.settle(gift, rng)
    if nights:
        stay = Claim("birth-mother-nights", "birth", parent.number, admitted, received, NIGHT * nights, units=nights)
        stay.event_ends_on, stay.case, stay.child = admitted + timedelta(days=nights), case, child
        desk.settle(stay, rng)


def sickness(desk: Desk) -> None:
    """Stays in hospital; older members more often, no member above her 20 nights a year."""
    rng = stream("sickness")
    for year, total in HOSPITAL_NIGHTS.items():
        used: Counter[int] = Counter()
        for nights in split_sum(total, year_table()[year].cases["sickness"], 1, 9, rng):
            admitted = day_between(rng, date(year, 1, 5), desk.last_event_day(year, DAYS_TO_PAPERS + nights))
            person = _patient(desk, admitted, nights, used, rng)
            used[person.number] += nights
            home = admitted + timedelta(days=nights)
            received = home + timedelta(days=rng.randrange(1, DAYS_TO_PAPERS))
            claim = Claim("hospital-night", "sickness", person.number, admitted, received, NIGHT * nights, units=nights)
            claim.event_ends_on = home
            desk.settle(claim, rng)


def _patient(desk: Desk, admitted: date, nights: int, used: Counter[int], rng: random.Random) -> Person:
    home = admitted + timedelta(days=nights)

    def fits(one: Person) -> bool:
        chance = 0.25 + min(age_on(one, admitted), 80) / 110
        within = used[one.number] + nights <= MEMBER_NIGHTS_A_YEAR
        free = within and desk.stays_free(one, admitted, home)
        return rng.random() < chance and free and desk.may_claim(one, admitted)

    return desk.find(desk.persons, rng, fits)


def careers_and_houses(desk: Desk) -> None:
    """Grants that the committee sets, up to 5,000 baht, in steps of 500."""
    rng = stream("grants-to-members")
    houses: set[int] = set()
    for year, row in year_table().items():
        for category, benefit in (("career", "career-grant"), ("housing", "housing-repair")):
            count = row.cases[category]
            sums = split_sum(int(row.baht[category]) // 500, count, 4, 10, rng) if count else []
            taken: set[int] = set()
            for halves in sums:
                event = day_between(rng, date(year, 1, 12), desk.last_event_day(year, DAYS_TO_PAPERS))

                def fits(one: Person, event: date = event, taken: set[int] = taken, kind: str = category) -> bool:
                    new = one.number not in taken and (kind == "career" or one.household not in houses)
                    return new and 24 <= age_on(one, event) <= 75 and desk.may_claim(one, event, waiting=365)

                person = desk.find(desk.persons, rng, fits)
                taken.add(person.number)
                if category == "housing":
                    houses.add(person.household)
                received = event + timedelta(days=rng.randrange(2, DAYS_TO_PAPERS))
                amount = Decimal(halves * 500)
                claim = Claim(benefit, category, person.number, event, received, amount, proposed=amount)
                desk.settle(claim, rng)


def disasters(desk: Desk) -> list[DisasterEvent]:
    """One claim a household and event; of a flood or great storm as lists of the communities."""
    rng = stream("disasters")
    events = []
    for day, name_th, name_en, hit in DISASTERS:
        event = DisasterEvent(f"disaster-{day.isoformat()}", day, name_th, name_en)
        events.append(event)
        grades = [grade for grade, count in zip(GRADES, hit, strict=True) for _ in range(count)]
        rng.shuffle(grades)
        houses: set[int] = set()
        for grade, amount in grades:
            person = _victim(desk, day, houses, rng)
            houses.add(person.household)
            received = day + timedelta(days=rng.randrange(3, 26))
            claim = Claim("disaster-relief", "disaster", person.number, day, received, amount, grade=grade)
            claim.disaster = event.key
            if sum(hit) > MASS_DISASTER:
                claim.list_key = f"{event.key}-{person.community:02d}"
            desk.settle(claim, rng)
    return events


def _victim(desk: Desk, day: date, houses: set[int], rng: random.Random) -> Person:
    """An adult of a household that has not claimed for this event."""

    def fits(one: Person) -> bool:
        return one.household not in houses and age_on(one, day) >= 20 and desk.may_claim(one, day, waiting=0)

    return desk.find(desk.persons, rng, fits)
