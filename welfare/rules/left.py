"""What is left of a benefit: of each yearly and lifetime limit, as a claim of the day would find it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bansong_fund.lib.money import format_baht
from bansong_fund.lib.thai_dates import format_date
from welfare.rules.facts import ClaimFacts, Pool, Terms
from welfare.rules.limits import drawing_on, used_in, year_of
from welfare.rules.spans import LimitYear
from welfare.rules.steps import ZERO, Assessment
from welfare.rules.words import counted

# The refusals that time alone lifts, and the figure that says when.
LIFTED_ON = {
    "waiting_not_over": "served_on",
    "below_min_age": "reached_on",
    "tenure_below_first": "reached_on",
    "age_below_first": "reached_on",
}

SENTENCES = {
    "units_per_year": ("ปีละ {limit} เหลือ {left}", "{limit} a year, {left} left"),
    "baht_per_year": ("ปีละ {limit} เหลือ {left}", "{limit} a year, {left} left"),
    "claims_per_year": ("ปีละ {limit} เหลือ {left}", "{limit} a year, {left} left"),
    "claims_per_lifetime": ("ตลอดชีพ {limit} เหลือ {left}", "{limit} in a lifetime, {left} left"),
}
HOUSEHOLD = ("ทั้งครัวเรือน: ", "for the whole household: ")
YEAR = (" (ถึง {day})", " (until {day})")


@dataclass(frozen=True, slots=True)
class Left:
    """One limit: how much of it there is, and what is left. `unit` is "baht", "claim", or what is counted.

    `year` is the limit's year, None of a lifetime.
    """

    code: str
    limit: Decimal
    left: Decimal
    unit: str
    year: LimitYear | None
    per_household: bool = False

    def sentence(self, language: str) -> str:
        """ "20 nights a year, 14 left (until 31 Dec 2563)"."""
        place = 0 if language == "th" else 1
        words = SENTENCES[self.code][place].format(
            limit=self._said(self.limit, language), left=self._said(self.left, language)
        )
        year = YEAR[place].format(day=format_date(self.year.last, "short", language)) if self.year else ""
        return (HOUSEHOLD[place] if self.per_household else "") + words + year

    def _said(self, number: Decimal, language: str) -> str:
        if self.unit == "baht":
            return f"{format_baht(number)} {'บาท' if language == 'th' else 'baht'}"
        return counted(int(number), self.unit, language)


def left_of(facts: ClaimFacts, terms: Terms) -> tuple[Left, ...]:
    """What a claim with these facts would find of each limit that it draws on; () where there is none."""
    return tuple(
        Left(
            code=code,
            limit=limit,
            left=max(limit - used, ZERO),
            unit=unit,
            year=None if code == "claims_per_lifetime" else year_of(facts.event_from, pool, facts),
            per_household=pool.limits.counted_per == "household",
        )
        for pool in terms.pools
        for code, unit, limit, used in _used_of(pool, facts)
    )


def _used_of(pool: Pool, facts: ClaimFacts) -> Iterator[tuple[str, str, Decimal, Decimal]]:
    """Each limit that is set: its code, what it counts, how much it allows and how much of that is used."""
    limits, drawing = pool.limits, drawing_on(pool, facts)
    year = year_of(facts.event_from, pool, facts)
    if limits.units_per_year is not None:
        counting = [prior for prior in drawing if prior.benefit_code in pool.unit_codes]
        used, _numbers = used_in(counting, pool, year, facts, in_units=True)
        yield "units_per_year", pool.unit, Decimal(limits.units_per_year), used
    if limits.baht_per_year is not None:
        used, _numbers = used_in(drawing, pool, year, facts, in_units=False)
        yield "baht_per_year", "baht", limits.baht_per_year, used
    if limits.claims_per_year is not None:
        in_year = sum(1 for prior in drawing if year.holds(prior.event_from))
        yield "claims_per_year", "claim", Decimal(limits.claims_per_year), Decimal(in_year)
    if limits.claims_per_lifetime is not None:
        yield "claims_per_lifetime", "claim", Decimal(limits.claims_per_lifetime), Decimal(len(drawing))


def due_from(assessment: Assessment) -> date | None:
    """The first day on which the benefit is due, where only time stands in its way; else None."""
    days = [step.figures.get(LIFTED_ON.get(step.code, "")) for step in assessment.refusals]
    if not days or not all(isinstance(day, date) for day in days):
        return None
    return max(day for day in days if isinstance(day, date))
