"""Who joins, pays, stops paying, dies and leaves, year by year, so that the year table holds."""

import random
from datetime import date, timedelta

from bansong_fund.demo.days import committee_days, day_between, stream, year_first, year_last
from bansong_fund.demo.figures import DEATH_STEPS, DEATHS, YearRow, year_table
from bansong_fund.demo.lives import Life
from bansong_fund.demo.shapes import FOUNDED, LAST_DAY, LAST_YEAR, YEARS

COMMUNITY_WEIGHTS = (7, 5, 9, 6, 4, 8, 5, 7, 6, 5, 4, 6, 7, 5, 8, 4, 6)
MONTH_WEIGHTS = (12, 15, 18, 6, 10, 8, 7, 7, 7)
# Who joins from October pays for the next year: at once (prepaid), or in its January drive (unpaid).
# None prepaid in 2561 and 2562, so that all dues of 2562 are received in 2562.
LATE_PREPAID = {2010: 4, 2011: 14, 2012: 12, 2013: 10, 2014: 8, 2015: 8, 2016: 6, 2017: 6, 2020: 6}
LATE_UNPAID = {2011: 66, 2012: 30, 2013: 20, 2014: 14, 2015: 10, 2016: 8, 2017: 8, 2018: 10, 2019: 10, 2020: 3}
SLOW_PAYER_SHARE = 0.07
LAPSED_SHARE = 0.6
WAITING_DAYS = 180


def simulate() -> list[Life]:
    """All 5,143 lives in the order of joining, numbered from 1, with payments and ends."""
    rng = stream("flow")
    lives: list[Life] = []
    for year in YEARS:
        _run_year(year, year_table()[year], lives, rng)
    lives.sort(key=lambda life: life.joined_on)
    for number, life in enumerate(lives, start=1):
        life.number = number
    return lives


def _run_year(year: int, row: YearRow, lives: list[Life], rng: random.Random) -> None:
    active = [life for life in lives if life.ended_on is None]
    for life in active:
        life.payday = _payday(life, year, rng)
    joiners = _joiners(year, row.counts["joined"], rng)
    lives += joiners
    _deaths_paid(year, active + joiners, rng)
    if year in DEATHS:
        _death_waiting(year, active + joiners, rng)
        _death_suspended(year, active, rng)
    _leavers(year, row.counts["left"], active, rng)
    _collect(year, row.counts["payers"], active, joiners, rng)


def _payday(life: Life, year: int, rng: random.Random) -> date | None:
    """When the member would pay for `year`: in the drive of January to March, the slow ones later."""
    if life.stopped is not None or life.covered() >= year:
        return None
    if life.slow:
        return day_between(rng, date(year, 4, 4), date(year, 9, 20))
    return day_between(rng, date(year, 1, 4), date(year, 3, 26))


def _joined_on(year: int, late: str, rng: random.Random) -> date:
    if late:
        first = date(year, 11, 5) if late == "unpaid" and year < LAST_YEAR else date(year, 10, 1)
        return day_between(rng, first, min(date(year, 12, 24), year_last(year) - timedelta(days=3)))
    if year == FOUNDED.year:
        return FOUNDED if rng.random() < 0.85 else day_between(rng, FOUNDED, date(year, 9, 15))
    month = rng.choices(range(1, 10), MONTH_WEIGHTS)[0]
    return day_between(rng, date(year, month, 3), date(year, month, 28))


def _joiners(year: int, count: int, rng: random.Random) -> list[Life]:
    lates = ["prepaid"] * LATE_PREPAID.get(year, 0) + ["unpaid"] * LATE_UNPAID.get(year, 0)
    lates += [""] * (count - len(lates))
    joiners = []
    for late in lates:
        community = rng.choices(range(1, 18), COMMUNITY_WEIGHTS)[0]
        life = Life(_joined_on(year, late, rng), community, late, slow=rng.random() < SLOW_PAYER_SHARE)
        if late != "unpaid":
            life.payments.append((year + 1 if late else year, life.joined_on))
        joiners.append(life)
    return joiners


def _pick(pool: list[Life], rng: random.Random, draw, fits) -> tuple[Life, date]:
    """A life and a day that fit together, by trying; the pools are large, so it ends soon."""
    for _ in range(200_000):
        life, day = rng.choice(pool), draw()
        if life.ended_on is None and fits(life, day):
            return life, day
    message = "no member fits: the demonstration's parameters do not agree with each other"
    raise RuntimeError(message)


def _end(life: Life, day: date, reason: str, fate: str | None = None) -> None:
    life.ended_on, life.end_reason, life.fate = day, reason, fate


def _will_have_rights(life: Life, year: int, day: date) -> bool:
    if life.stopped is not None or not life.payments:
        return False
    if life.payday is not None and life.payday <= day:
        return True
    return life.has_rights(day)


def _deaths_paid(year: int, pool: list[Life], rng: random.Random) -> None:
    last = date(year, 12, 4) if year < LAST_YEAR else date(year, 9, 28)
    draw = lambda: day_between(rng, date(year, 1, 5), last)  # noqa: E731
    for (_, start, stop), count in zip(DEATH_STEPS, DEATHS.get(year, ()), strict=False):

        def fits(life: Life, day: date, start: int = start, stop: int = stop) -> bool:
            served = life.tenure_days(day) >= WAITING_DAYS and start <= life.tenure_years(day) < stop
            return served and _will_have_rights(life, year, day)

        for _ in range(count):
            life, day = _pick(pool, rng, draw, fits)
            _end(life, day, "died", "paid")


def _death_waiting(year: int, pool: list[Life], rng: random.Random) -> None:
    """One death before the 180 days are served."""
    last = date(year, 12, 1) if year < LAST_YEAR else date(year, 9, 25)
    life, day = _pick(
        pool,
        rng,
        lambda: day_between(rng, date(year, 2, 20), last),
        lambda one, on: 10 < one.tenure_days(on) < WAITING_DAYS and bool(one.payments) and one.has_rights(on),
    )
    _end(life, day, "died", "waiting")


def _death_suspended(year: int, pool: list[Life], rng: random.Random) -> None:
    """One death while rights are suspended; in the last year its claim is still open."""
    first, last = date(year, 4, 20), date(year, 11, 28)
    if year == LAST_YEAR:
        first, last = date(year, 10, 3), date(year, 10, 12)
    life, day = _pick(
        pool,
        rng,
        lambda: day_between(rng, first, last),
        lambda one, on: (
            one.tenure_days(on) > 365
            and (one.stopped is not None or (year == 2011 and bool(one.payments)))
            and not one.has_rights(on)
        ),
    )
    life.stopped = life.stopped or year
    life.payday = None
    _end(life, day, "died", "open" if year == LAST_YEAR else "standing")


def _leavers(year: int, count: int, active: list[Life], rng: random.Random) -> None:
    """Lapsed by resolution (more than a year behind), resigned, or moved away."""
    behind = [one for one in active if one.ended_on is None and one.stopped and one.covered() <= year - 2]
    meetings = [day for day in committee_days() if day.year == year and day.month >= 3 and day <= LAST_DAY]
    for life in rng.sample(behind, min(len(behind), round(count * LAPSED_SHARE))):
        _end(life, rng.choice(meetings), "lapsed")
    here = [one for one in active if one.ended_on is None and one.payments]
    weights = [3 if one.stopped else 1 for one in here]
    remaining = count - sum(1 for one in active if one.end_reason == "lapsed" and one.ended_on.year == year)
    chosen: dict[int, Life] = {}
    while len(chosen) < remaining:
        life = rng.choices(here, weights)[0]
        chosen[id(life)] = life
    for life in chosen.values():
        day = day_between(rng, max(year_first(year), date(year, 1, 10)), min(year_last(year), date(year, 12, 20)))
        _end(life, day, rng.choice(("moved", "moved", "resigned")))


def _collect(year: int, payers: int, active: list[Life], joiners: list[Life], rng: random.Random) -> None:
    """Write the payments of `year`; as many stop paying as the table's number of payers asks for."""
    paying = [one for one in active if one.payday is not None and (one.ended_on is None or one.payday <= one.ended_on)]
    surplus = len(paying) + sum(1 for one in joiners if one.payments) - payers
    loyal = [one for one in paying if one.ended_on is None and one.payments]
    if surplus < 0 or surplus > len(loyal):
        message = f"{year}: {surplus} members would have to stop paying"
        raise RuntimeError(message)
    for life in rng.sample(loyal, surplus):
        life.stopped = year
    for life in paying:
        if life.stopped is None:
            life.payments.append((year, life.payday))


def lapse_notice(life: Life, rng: random.Random) -> date:
    """The notice of a lapse is delivered at least 30 days before the resolution."""
    return life.ended_on - timedelta(days=rng.randrange(33, 60))
