"""What the steps of a tenure scale will cost in the years to come, for the members there are today. Pure.

Assumed, and said on the page: today's members stay and nobody joins; they die by the life table; ages go by the year
of birth, tenure by the month of joining, each year's cost by the tenure in its middle. How often the benefit falls due
is either the life table (death), once a year for each who is old enough (a yearly benefit by list), or the fund's own
claims of late (`rate` a member and year).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise

from welfare.rules.document import BenefitTerms, Step
from welfare.rules.spans import anniversary, completed_years, reached_on

BY_DEATHS, YEARLY, BY_CLAIMS = "deaths", "yearly", "claims"
NOUGHT = Decimal(0)


@dataclass(frozen=True, slots=True)
class Crowd:
    """Members alike: the first of them joined on this day, the others in the same month; None: birth not known."""

    joined_on: date
    birth_year: int | None
    sex: str
    number: int


@dataclass(frozen=True, slots=True)
class LifeTable:
    """Deaths a person and year, by sex: (from age, rate), rising."""

    rates: dict[str, tuple[tuple[int, Decimal], ...]]

    def rate(self, sex: str, age: int) -> Decimal:
        """The rate at this age in completed years; the oldest ages share the last one."""
        found = NOUGHT
        for since, rate in self.rates[sex]:
            if since > age:
                break
            found = rate
        return found


@dataclass(frozen=True, slots=True)
class StepAhead:
    """A step of the scale: what it adds to the one before, who stands in it today, who reaches it first and when."""

    step: Step
    extra: Decimal
    members_now: int
    first_reached: date | None


@dataclass(frozen=True, slots=True)
class StepYear:
    """A fund year: how many pass into each step in it, and the baht more than today that each step then costs."""

    first: date
    last: date
    steps: tuple[StepAhead, ...]
    passing: tuple[int, ...]
    expected: tuple[Decimal, ...]

    @property
    def by_step(self) -> list[tuple[int, StepAhead]]:
        """How many pass, beside the step that they pass into."""
        return list(zip(self.passing, self.steps, strict=True))

    @property
    def more(self) -> Decimal:
        """Baht more in this year than if all had stayed in the steps where they stand today."""
        return sum(self.expected, NOUGHT)


@dataclass(frozen=True, slots=True)
class Outlook:
    """A benefit's scale in the years to come."""

    benefit: BenefitTerms
    basis: str
    rate: Decimal
    steps: tuple[StepAhead, ...]
    years: tuple[StepYear, ...]

    @property
    def next_step(self) -> StepAhead | None:
        """The lowest step that nobody has reached yet; None where every step is held."""
        return next((one for one in self.steps if not one.members_now), None)

    def first_year(self, ahead: StepAhead) -> StepYear | None:
        """The year, of those shown, in which a step is first reached."""
        day = ahead.first_reached
        return next((year for year in self.years if day is not None and year.first <= day <= year.last), None)

    def cost(self, ahead: StepAhead, year: StepYear) -> Decimal:
        """What one step costs more in a year."""
        return year.expected[self.steps.index(ahead)]


def basis_of(benefit: BenefitTerms) -> str:
    """How often it falls due: by deaths, once a year for each who is entitled, or as claimed of late."""
    if benefit.category == "death":
        return BY_DEATHS
    return (
        YEARLY if benefit.by_list and benefit.limits.claims_per_year == 1 and not benefit.requires.group else BY_CLAIMS
    )


def look_ahead(
    benefit: BenefitTerms,
    crowds: Sequence[Crowd],
    life_table: LifeTable,
    *,
    today: date,
    years: Sequence[tuple[date, date]],
    rate: Decimal = NOUGHT,
) -> Outlook:
    """What the steps of this tenure scale cost in `years` (first and last days, rising, the first may hold today).

    `rate` is how often a member claims it in a year, where neither deaths nor the calendar say so.
    """
    scale = benefit.pays.by_tenure or ()
    basis = basis_of(benefit)
    tallies = [_Tally(first, last, len(scale)) for first, last in years]
    odds = _Odds(benefit, basis, life_table, rate)
    for crowd in crowds:
        _reckon(crowd, scale, tallies, odds, today)
    extras = _extras(scale)
    steps = tuple(_step_ahead(step, extra, crowds, odds, today) for step, extra in zip(scale, extras, strict=True))
    return Outlook(benefit, basis, rate, steps, tuple(tally.as_year(steps) for tally in tallies))


class _Tally:
    """What is counted of one year while the members go by: who passes, and events expected in each step newly held."""

    def __init__(self, first: date, last: date, steps: int) -> None:
        self.first, self.last = first, last
        self.middle = first + timedelta(days=(last - first).days // 2)
        self.passing = [0] * steps
        self.events = [NOUGHT] * steps

    def as_year(self, steps: tuple[StepAhead, ...]) -> StepYear:
        baht = (events * ahead.extra for events, ahead in zip(self.events, steps, strict=True))
        whole = tuple(amount.quantize(Decimal(1), ROUND_HALF_UP) for amount in baht)
        return StepYear(self.first, self.last, steps, tuple(self.passing), whole)


@dataclass(frozen=True, slots=True)
class _Odds:
    """How often the benefit falls due to one person of an age in a year."""

    benefit: BenefitTerms
    basis: str
    life_table: LifeTable
    claims: Decimal

    def dies(self, crowd: Crowd, year: int) -> Decimal:
        return NOUGHT if crowd.birth_year is None else self.life_table.rate(crowd.sex, year - crowd.birth_year)

    def is_of_age(self, crowd: Crowd, year: int) -> bool:
        requires = self.benefit.requires
        if crowd.birth_year is None:
            return requires.min_age is None and requires.max_age is None
        age = year - crowd.birth_year
        return (requires.min_age or 0) <= age <= (requires.max_age if requires.max_age is not None else age)

    def from_day(self, crowd: Crowd, day: date) -> date | None:
        """The first day, from this one on, on which the crowd is of age; None where it is too old by then."""
        if crowd.birth_year is None:
            return day if self.is_of_age(crowd, day.year) else None
        old_enough = crowd.birth_year + (self.benefit.requires.min_age or 0)
        day = day if old_enough <= day.year else date(old_enough, 1, 1)
        return day if self.is_of_age(crowd, day.year) else None

    def falls_due(self, crowd: Crowd, year: int) -> Decimal:
        if not self.is_of_age(crowd, year):
            return NOUGHT
        if self.basis == BY_DEATHS:
            return self.dies(crowd, year)
        return Decimal(1) if self.basis == YEARLY else self.claims


def _reckon(crowd: Crowd, scale: Sequence[Step], tallies: Sequence[_Tally], odds: _Odds, today: date) -> None:
    """Lead one crowd through the years: in each, those still alive may pass a step and may need the benefit."""
    starts = [_starts(crowd.joined_on, step) for step in scale]
    ahead = [index for index, start in enumerate(starts) if start > today]
    passes = {index: odds.from_day(crowd, starts[index]) for index in ahead}
    alive = Decimal(crowd.number)
    for tally in tallies if ahead else ():
        year = tally.last.year
        due = alive * odds.falls_due(crowd, year)
        for index in ahead:
            day = passes[index]
            if day is not None and tally.first <= day <= tally.last:
                tally.passing[index] += crowd.number
            if starts[index] <= tally.middle:
                tally.events[index] += due
        alive *= 1 - odds.dies(crowd, year)


def _starts(joined_on: date, step: Step) -> date:
    return reached_on(joined_on, days=step.since.days, years=step.since.years)


def _extras(scale: Sequence[Step]) -> list[Decimal]:
    before = [NOUGHT, *(step.baht for step in scale)]
    return [step.baht - earlier for step, earlier in zip(scale, before, strict=False)]


def _step_ahead(step: Step, extra: Decimal, crowds: Iterable[Crowd], odds: _Odds, today: date) -> StepAhead:
    """Who has reached it and is of the age that the benefit asks; who first does, by the later of the two."""
    reached = [(_starts(crowd.joined_on, step), crowd) for crowd in crowds]
    held = sum(crowd.number for day, crowd in reached if day <= today and odds.is_of_age(crowd, today.year))
    days = (odds.from_day(crowd, day) for day, crowd in reached)
    return StepAhead(step, extra, held, min((day for day in days if day is not None), default=None))


def sum_of_event(
    benefit: BenefitTerms, waiting_days: int, *, joined_on: date, birth_date: date | None, day: date
) -> Decimal:
    """What one event (or one unit of it) pays a member by tenure and age; 0 while she waits, or is not of that age.

    A sum that the committee sets counts with its ceiling, grades with their sum: good for comparing, not for paying.
    """
    requires = benefit.requires
    days = requires.waiting_days if requires.waiting_days is not None else waiting_days
    age = completed_years(birth_date, day) if birth_date else None
    too_young = requires.min_age is not None and (age is None or age < requires.min_age)
    too_old = requires.max_age is not None and age is not None and age > requires.max_age
    if too_young or too_old or day < joined_on + timedelta(days=days):
        return NOUGHT
    pays = benefit.pays
    if pays.by_tenure or pays.by_age:
        start = joined_on if pays.by_tenure else birth_date
        held = [step.baht for step in pays.by_tenure or pays.by_age or () if start and _starts(start, step) <= day]
        return held[-1] if held else NOUGHT
    if pays.percent_of_loss:
        return pays.percent_of_loss.percent
    graded = sum((pays.by_grade or {}).values(), NOUGHT)
    return pays.flat or (pays.per.baht if pays.per else None) or pays.up_to or graded


def fund_years(today: date, start_month: int, number: int) -> list[tuple[date, date]]:
    """First and last days of so many fund years, the first of which holds `today`."""
    first = date(today.year if today.month >= start_month else today.year - 1, start_month, 1)
    starts = [anniversary(first, year) for year in range(number + 1)]
    return [(start, following - timedelta(days=1)) for start, following in pairwise(starts)]
