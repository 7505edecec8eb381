"""Birth dates: exactly as many elderly each April as the table pays, and the types of the last day."""

import random
from dataclasses import dataclass, field
from datetime import date, timedelta

from bansong_fund.demo.days import day_between, stream, years_before
from bansong_fund.demo.figures import TYPES_AT_END, year_table
from bansong_fund.demo.lives import Life
from bansong_fund.demo.shapes import LAST_DAY

ELDERLY_AGE = 60
ADULT_AGE = 18
ELDERLY_TENURE_YEARS = 3
ELDERLY_BANDS = ((60, 64, 360), (65, 69, 275), (70, 74, 180), (75, 79, 115), (80, 86, 70))
TURNING_SHARE = 0.012
ELDERLY_DEAD_SHARE = 0.75
YEAR_ONLY_BEFORE = 1941
YEAR_ONLY_SHARE = 0.12


def gift_day(year: int) -> date:
    """The day for which the list of the elderly is drawn up."""
    return date(year, 4, 1)


def handed_over_on(year: int) -> date:
    """The gift is handed over at Songkran."""
    return date(year, 4, 13)


@dataclass(slots=True)
class Aging:
    """One life with the Aprils in which she could be on the list, and what is chosen for her."""

    life: Life
    aprils: list[int] = field(default_factory=list)
    elderly_in: int | None = None  # first April on the list
    birth: date | None = None

    @property
    def dead(self) -> bool:
        return self.life.end_reason == "died"


def could_be_listed(life: Life, year: int) -> bool:
    day = gift_day(year)
    stays = life.ended_on is None or life.ended_on > handed_over_on(year)
    return stays and life.tenure_years(day) >= ELDERLY_TENURE_YEARS and life.has_rights(day)


def plan_births(lives: list[Life], flagged: set[int]) -> tuple[dict[int, date], dict[int, list[int]]]:
    """Birth date by member number, and the member numbers on each April's list."""
    rng = stream("ages")
    agings = [Aging(life) for life in lives]
    lists = {}
    for year, row in year_table().items():
        if row.cases["elderly"]:
            lists[year] = _april(year, row.cases["elderly"], agings, rng)
    _age_the_rest(agings, flagged, rng)
    births = {one.life.number: _with_year_only(one.birth, one.life.number) for one in agings}
    return births, lists


def _april(year: int, wanted: int, agings: list[Aging], rng: random.Random) -> list[int]:
    """Make so many members 60 by this April that the list has exactly `wanted` names."""
    here = [one for one in agings if could_be_listed(one.life, year)]
    listed = [one for one in here if one.elderly_in is not None]
    open_ones = [one for one in here if one.elderly_in is None]
    turning = [one for one in open_ones if one.aprils and one.aprils[-1] == year - 1]
    fresh = [one for one in open_ones if not one.aprils]
    need = wanted - len(listed)
    if not 0 <= need <= len(fresh):
        message = f"{year}: {need} more elderly members are needed, {len(fresh)} could be"
        raise RuntimeError(message)
    birthdays = min(round(need * 0.4), round(len(turning) * TURNING_SHARE))
    for one in rng.sample(turning, birthdays):
        one.elderly_in = year
        window = years_before(gift_day(year), ELDERLY_AGE)
        one.birth = day_between(rng, years_before(gift_day(year - 1), ELDERLY_AGE) + timedelta(days=1), window)
    fresh.sort(key=lambda one: (one.dead and rng.random() < ELDERLY_DEAD_SHARE, rng.random()), reverse=True)
    for one in fresh[: need - birthdays]:
        one.elderly_in = year
        one.birth = _elderly_birth(gift_day(year), rng, older=one.dead)
    for one in here:
        one.aprils.append(year)
    return sorted(one.life.number for one in here if one.elderly_in is not None)


def _elderly_birth(on: date, rng: random.Random, *, older: bool = False) -> date:
    """A birth date of someone at least 60 on that day, by the ages of Thailand's elderly."""
    bands = ELDERLY_BANDS[1:] if older else ELDERLY_BANDS
    low, high, _ = rng.choices(bands, [weight for *_, weight in bands])[0]
    return day_between(rng, years_before(on, high + 1) + timedelta(days=1), years_before(on, low))


def _age_the_rest(agings: list[Aging], flagged: set[int], rng: random.Random) -> None:
    """Everyone who is on no April's list."""
    rest = [one for one in agings if one.elderly_in is None]
    current = [one for one in rest if one.life.ended_on is None]
    plain = [one for one in current if one.life.number not in flagged]
    already = sum(
        1 for one in agings if one.elderly_in and one.life.ended_on is None and one.life.number not in flagged
    )
    free = [one for one in plain if not one.aprils]
    turned = [one for one in plain if one.aprils and one.aprils[-1] == LAST_DAY.year]
    for one in rng.sample(turned, 16):
        one.birth = day_between(rng, date(1960, 4, 2), date(1960, 10, 31))
    for one in rng.sample(free, TYPES_AT_END["elderly"] - already - 16):
        one.birth = _elderly_birth(max(LAST_DAY, one.life.joined_on), rng)
    for one in rng.sample([one for one in plain if one.birth is None], TYPES_AT_END["child"]):
        one.birth = _child_birth(one.life, rng)
    for one in rest:
        if one.birth is None:
            one.birth = _other_birth(one, rng)


def _child_birth(life: Life, rng: random.Random) -> date:
    youngest = life.joined_on - timedelta(days=40)
    return day_between(rng, date(2002, 11, 1), min(youngest, date(2019, 6, 1)))


def _other_birth(one: Aging, rng: random.Random) -> date:
    """General on the last day; who died was older than that, unless April's lists speak against it."""
    if one.dead and not one.aprils and rng.random() < ELDERLY_DEAD_SHARE:
        return _elderly_birth(one.life.ended_on, rng, older=True)
    if one.dead:
        age = min(rng.choices((34, 42, 50, 58), (1, 2, 3, 4))[0], 56)
        return day_between(rng, years_before(one.life.ended_on, age + 2), years_before(one.life.ended_on, age))
    low, high = rng.choices(((18, 24), (25, 34), (35, 44), (45, 54), (55, 59)), (11, 20, 25, 28, 16))[0]
    return day_between(rng, years_before(LAST_DAY, high + 1) + timedelta(days=1), years_before(LAST_DAY, low))


def _with_year_only(birth: date, number: int) -> date:
    return date(birth.year, 1, 1) if knows_year_only(birth, number) else birth


def knows_year_only(birth: date, number: int) -> bool:
    """A few of the oldest have only a birth year on their papers."""
    return birth.year < YEAR_ONLY_BEFORE and stream(f"year-only-{number}").random() < YEAR_ONLY_SHARE
