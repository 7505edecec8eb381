"""Who is disabled or disadvantaged, and from when, so that the yearly aid finds its people."""

from datetime import date, timedelta

from bansong_fund.demo.days import stream
from bansong_fund.demo.figures import TYPES_AT_END, year_table
from bansong_fund.demo.flow import WAITING_DAYS
from bansong_fund.demo.lives import Life
from bansong_fund.demo.shapes import LAST_DAY, Person

AID_MONTH_DAY = (8, 1)
BOTH_FLAGS = 7  # disabled people who are disadvantaged besides; they count as disabled
DEAD_FLAGGED = 14


def can_have_aid(life: Life, day: date) -> bool:
    return life.is_member(day + timedelta(days=30)) and life.tenure_days(day) >= WAITING_DAYS and life.has_rights(day)


def choose_flagged(lives: list[Life]) -> dict[int, date]:
    """Member number -> day the flag begins; as many living ones by each year as the aid needs."""
    rng = stream("flags")
    reliable = [one for one in lives if one.ended_on is None and one.stopped is None and not one.slow]
    rng.shuffle(reliable)
    flagged: dict[int, date] = {}
    for year, row in year_table().items():
        day = date(year, *AID_MONTH_DAY)
        wanted = row.cases["disadvantaged"]
        for life in reliable:
            if len(flagged) >= wanted:
                break
            if life.number not in flagged and can_have_aid(life, day):
                flagged[life.number] = max(life.joined_on, day - timedelta(days=rng.randrange(20, 900)))
    total = TYPES_AT_END["disabled"] + TYPES_AT_END["disadvantaged"]
    rest = [one for one in lives if one.ended_on is None and one.number not in flagged]
    for life in rng.sample(rest, total - len(flagged)):
        latest = LAST_DAY - timedelta(days=20)
        flagged[life.number] = max(life.joined_on, latest - timedelta(days=rng.randrange(400)))
    return flagged


def mark(persons: list[Person], flagged: dict[int, date], lives: list[Life]) -> None:
    """Split the flagged into disabled and disadvantaged; a few of the dead were flagged too."""
    rng = stream("flags-split")
    numbers = sorted(flagged)
    rng.shuffle(numbers)
    disabled = numbers[: TYPES_AT_END["disabled"]]
    for number in disabled:
        persons[number - 1].disabled_from = flagged[number]
    for number in numbers[TYPES_AT_END["disabled"] :] + disabled[:BOTH_FLAGS]:
        persons[number - 1].disadvantaged_from = flagged[number]
    dead = [one for one in lives if one.end_reason == "died" and one.tenure_days(one.ended_on) > 200]
    for life in rng.sample(dead, DEAD_FLAGGED):
        persons[life.number - 1].disabled_from = life.ended_on - timedelta(days=rng.randrange(60, 190))
