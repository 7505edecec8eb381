"""Claims that go by lists of the communities: the elderly, scholarships, aid to the disadvantaged."""

import random
from datetime import date, timedelta
from decimal import Decimal

from bansong_fund.demo import names
from bansong_fund.demo.ages import gift_day, handed_over_on
from bansong_fund.demo.days import stream, years_before
from bansong_fund.demo.desk import Desk, age_on
from bansong_fund.demo.figures import SCHOLARSHIPS_PER_COMMUNITY, year_table
from bansong_fund.demo.flags import AID_MONTH_DAY, can_have_aid
from bansong_fund.demo.shapes import Child, Claim, Person

SCHOOL_AGES = (6, 20)


def pay_list(desk: Desk, claim: Claim, paid_on: date, rng: random.Random) -> None:
    """A list is decided at the meeting of its month and handed over on one day, in cash."""
    desk.settle(claim, rng)
    claim.paid_on, claim.paid_from = paid_on, "cash"


def elderly(desk: Desk, lists: dict[int, list[int]]) -> None:
    rng = stream("elderly")
    for year, numbers in lists.items():
        for number in numbers:
            person = desk.persons[number - 1]
            claim = Claim(
                "elderly-gift", "elderly", number, gift_day(year), gift_day(year) + timedelta(days=1), Decimal(200)
            )
            claim.list_key = f"elderly-{year}-{person.community:02d}"
            pay_list(desk, claim, handed_over_on(year), rng)


def education(desk: Desk) -> None:
    """The same number of scholarships in each community, one a household and year."""
    rng = stream("education")
    pupils: dict[int, Child] = {}
    for year, count in SCHOLARSHIPS_PER_COMMUNITY.items():
        day = date(year, 6, 1)
        for community, people in desk.by_community.items():
            houses: set[int] = set()
            parents = [one for one in people if 28 <= age_on(one, day) <= 64 and desk.may_claim(one, day, waiting=365)]
            rng.shuffle(parents)
            parents.sort(key=lambda one: one.number not in pupils)
            for parent in parents:
                if len(houses) == count:
                    break
                child = _pupil(parent, day, pupils, rng)
                if child is not None and parent.household not in houses:
                    houses.add(parent.household)
                    _scholarship(desk, parent, child, day, rng)
            if len(houses) < count:
                message = f"community {community}, {year}: too few scholarships"
                raise RuntimeError(message)


def _pupil(parent: Person, day: date, pupils: dict[int, Child], rng: random.Random) -> Child | None:
    """The parent's child at school, the same one year after year; None once she has grown up."""
    if parent.number not in pupils:
        age = rng.randrange(SCHOOL_AGES[0], min(SCHOOL_AGES[1] - 4, age_on(parent, day) - 18))
        born = years_before(day, age) - timedelta(days=rng.randrange(1, 360))
        sex = rng.choice("mf")
        pupils[parent.number] = Child(names.first_name(sex, rng), parent.family_name, sex, born)
    child = pupils[parent.number]
    return child if child.birth_date > years_before(day, SCHOOL_AGES[1] + 1) else None


def _scholarship(desk: Desk, parent: Person, child: Child, day: date, rng: random.Random) -> None:
    claim = Claim("scholarship", "education", parent.number, day, day + timedelta(days=2), Decimal(500), child=child)
    claim.list_key = f"education-{day.year}-{parent.community:02d}"
    pay_list(desk, claim, desk.diary.of_month(day.year, 6).held_on + timedelta(days=7), rng)


def disadvantaged(desk: Desk) -> None:
    rng = stream("disadvantaged")
    for year, row in year_table().items():
        count = row.cases["disadvantaged"]
        if not count:
            continue
        day = date(year, *AID_MONTH_DAY)
        pool = [one for one in desk.persons if is_flagged(one, day) and can_have_aid(desk.life(one), day)]
        for person in sorted(rng.sample(pool, count), key=lambda one: (one.community, one.number)):
            claim = Claim(
                "disadvantaged-aid", "disadvantaged", person.number, day, day + timedelta(days=2), Decimal(500)
            )
            claim.list_key = f"disadvantaged-{year}-{person.community:02d}"
            paid_on = desk.diary.of_month(year, 8).held_on + timedelta(days=4)
            pay_list(desk, claim, paid_on, rng)


def is_flagged(person: Person, day: date) -> bool:
    flags = (person.disabled_from, person.disadvantaged_from)
    return any(since is not None and since <= day for since in flags)
