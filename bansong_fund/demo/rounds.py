"""CODI's matching rounds: who had a full year on 30 September and fewer than three matches."""

from datetime import date

from bansong_fund.demo.days import stream, years_before
from bansong_fund.demo.figures import CODI_ROUNDS
from bansong_fund.demo.lives import Life
from bansong_fund.demo.shapes import MatchingRound

MOST_MATCHES = 3


def matchable(life: Life, cut_off: date) -> bool:
    return life.joined_on <= years_before(cut_off, 1) and life.is_member(cut_off)


def plan_rounds(lives: list[Life]) -> list[MatchingRound]:
    """The rounds in order; members who were matched least come first."""
    rng = stream("rounds")
    rounds = []
    for number, (cut_off, received_on, count, rate) in enumerate(CODI_ROUNDS, start=1):
        pool = [life for life in lives if matchable(life, cut_off) and life.matched < MOST_MATCHES]
        if len(pool) < count:
            message = f"round {number}: {count} members asked, {len(pool)} can be matched"
            raise RuntimeError(message)
        rng.shuffle(pool)
        pool.sort(key=lambda life: life.matched)
        for life in pool[:count]:
            life.matched += 1
        numbers = tuple(sorted(life.number for life in pool[:count]))
        rounds.append(MatchingRound(number, cut_off, received_on, rate, numbers))
    return rounds
