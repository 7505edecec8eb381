"""Families: who lives together, and the names, numbers and addresses of all members."""

import random
from itertools import groupby

from bansong_fund.demo import names
from bansong_fund.demo.ages import ADULT_AGE
from bansong_fund.demo.days import full_years, stream
from bansong_fund.demo.shapes import LAST_DAY, Beneficiary, Household, Person

HOUSEHOLD_SIZES = ((1, 16), (2, 34), (3, 28), (4, 16), (5, 6))
SAME_FAMILY_SHARE = 0.8
FEMALE_SHARE = 0.54
PHONE_SHARE = 0.72
NICKNAME_SHARE = 0.35


def settle(persons: list[Person]) -> list[Household]:
    """Give every person a household, a name, an ID, a phone and a beneficiary."""
    rng = stream("households")
    households: list[Household] = []
    ordered = sorted(persons, key=lambda person: (person.community, person.number))
    for community, group in groupby(ordered, key=lambda person: person.community):
        _settle_community(community, list(group), households, rng)
    _identify(persons, rng)
    members: dict[int, list[Person]] = {}
    for person in persons:
        members.setdefault(person.household, []).append(person)
    for person in persons:
        person.beneficiary = _beneficiary(person, members[person.household], rng)
    return households


def _settle_community(community: int, people: list[Person], households: list[Household], rng: random.Random) -> None:
    adults = [one for one in people if full_years(one.birth_date, LAST_DAY) >= ADULT_AGE]
    children = [one for one in people if full_years(one.birth_date, LAST_DAY) < ADULT_AGE]
    sizes, weights = zip(*HOUSEHOLD_SIZES, strict=True)
    first_key, house = len(households) + 1, rng.randrange(1, 9)
    while adults:
        size = rng.choices(sizes, weights)[0]
        together, adults = adults[:size], adults[size:]
        house += rng.randrange(1, 4)
        house_no = f"{house}/{rng.randrange(1, 9)}" if rng.random() < 0.4 else str(house)
        households.append(Household(len(households) + 1, community, house_no, (community - 1) % 13 + 1))
        family = names.family_name(rng)
        for person in together:
            person.household = len(households)
            person.family_name = family if rng.random() < SAME_FAMILY_SHARE else names.family_name(rng)
    families = {one.household: one.family_name for one in people if one.household}
    for child in children:
        child.household = rng.randrange(first_key, len(households) + 1)
        child.family_name = families[child.household]


def _identify(persons: list[Person], rng: random.Random) -> None:
    ids = names.national_ids(len(persons), rng)
    taken: set[tuple[str, str]] = set()
    for person, national_id in zip(persons, ids, strict=True):
        person.national_id = national_id
        person.sex = "f" if rng.random() < FEMALE_SHARE else "m"
        person.first_name = names.first_name(person.sex, rng)
        while (person.first_name, person.family_name) in taken:
            person.first_name = names.first_name(person.sex, rng)
        taken.add((person.first_name, person.family_name))
        age = full_years(person.birth_date, LAST_DAY)
        person.title = names.title_for(person.sex, person.birth_date, rng.random() < min(0.9, (age - 18) / 30))
        person.nickname = rng.choice(names.NICKNAMES) if rng.random() < NICKNAME_SHARE else ""
        person.phone = names.phone(rng) if age >= 13 and rng.random() < PHONE_SHARE else ""
        person.occupation = names.occupation(person, rng)


def _beneficiary(person: Person, household: list[Person], rng: random.Random) -> Beneficiary:
    """Someone of the household, or an invented relative outside the fund."""
    age = full_years(person.birth_date, LAST_DAY)
    others = [one for one in household if one is not person and full_years(one.birth_date, LAST_DAY) >= ADULT_AGE]
    if others and rng.random() < 0.6:
        other = rng.choice(others)
        years = (
            full_years(other.birth_date, person.birth_date)
            if other.birth_date < person.birth_date
            else -(full_years(person.birth_date, other.birth_date))
        )
        return Beneficiary(f"{other.first_name} {other.family_name}", _relation(years, person, other))
    sex = rng.choice("mf")
    parent = "mother" if sex == "f" else "father"
    relation = parent if age < 25 else rng.choices(("child", "spouse", "sibling", "relative"), (6, 4, 2, 1))[0]
    return Beneficiary(f"{names.first_name(sex, rng)} {person.family_name}", relation)


def _relation(years_older: int, person: Person, other: Person) -> str:
    """What the other is to the person, as the gap of their ages makes likely."""
    if years_older >= 18:
        parent = "mother" if other.sex == "f" else "father"
        return parent if years_older < 45 else "relative"
    if years_older <= -18:
        return "child" if years_older > -45 else "grandchild"
    return "spouse" if person.sex != other.sex else "sibling"
