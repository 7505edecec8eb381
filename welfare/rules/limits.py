"""Limits: what lowers a sum, and what leaves nothing.

A claim draws on the benefit's own limits and on those of every benefit that shares with it. The
days of a stay are paid one limit year after the other, each from what is left in its own year; a
limit on an event holds for all of them together. Claims count by the first day of their event.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from welfare.rules.facts import ClaimFacts, Pool, PriorClaim, Terms
from welfare.rules.pays import SATANG, Reckoning
from welfare.rules.spans import LimitYear, Stretch, limit_year, split_nights
from welfare.rules.steps import ZERO, Figure, PaidPart, Step


@dataclass(slots=True)
class Cap:
    """One limit while a claim is paid from it: `left` falls, `cut` tells what it kept back."""

    code: str
    in_units: bool
    left: Decimal
    figures: dict[str, Figure]
    year: LimitYear | None = None
    cut: Decimal = ZERO

    def holds(self, day: date) -> bool:
        """Whether money for this day is paid from this limit."""
        return self.year is None or self.year.holds(day)

    def lower(self, asked: Decimal) -> Decimal:
        """What of the units or baht asked for is still left."""
        granted = min(asked, self.left)
        self.cut += asked - granted
        return granted

    def step(self, *, nothing_left: bool) -> Step:
        """What this limit did, in units or in baht."""
        cut: Figure = int(self.cut) if self.in_units else self.cut.quantize(SATANG)
        if nothing_left and self.year is not None:
            return Step(f"{self.code}_used_up", self.figures, ok=False)
        return Step(self.code, {**self.figures, "cut": cut}, ok=None)


@dataclass(frozen=True, slots=True)
class Payment:
    """What is left after all limits, by limit years, with a step for every limit that bit."""

    parts: tuple[PaidPart, ...]
    steps: tuple[Step, ...]

    @property
    def amount(self) -> Decimal:
        """Baht in all."""
        return sum((part.amount for part in self.parts), ZERO)


def pay_within_limits(reckoning: Reckoning, facts: ClaimFacts, terms: Terms) -> Payment:
    """Pay the reckoned units in the order of their days, each from what every limit still leaves."""
    caps = list(_caps(reckoning.stretches, facts, terms))
    parts = [part for stretch in reckoning.stretches if (part := _pay(stretch, reckoning.rate, caps)).amount > 0]
    steps = [cap.step(nothing_left=not parts) for cap in caps if cap.cut > 0]
    return Payment(tuple(parts), (*steps, *_counted_out(facts, terms)))


def year_split(facts: ClaimFacts, terms: Terms, stretches: Iterable[Stretch]) -> Iterator[Step]:
    """How a stay over a year's end is counted, where the benefit has a yearly limit to count for."""
    limits = terms.benefit.limits
    if limits.units_per_year is None and limits.baht_per_year is None:
        return
    nights: dict[LimitYear, int] = {}
    for stretch in stretches:
        year = year_of(stretch.first_night, terms.pools[0], facts)
        nights[year] = nights.get(year, 0) + stretch.nights
    if len(nights) > 1:
        for year, count in nights.items():
            yield Step("nights_in_year", {"year_from": year.first, "year_until": year.last, "nights": count})


def _pay(stretch: Stretch, rate: Decimal, caps: list[Cap]) -> PaidPart:
    mine = [cap for cap in caps if cap.holds(stretch.first_night)]
    units = Decimal(stretch.nights)
    for cap in mine:
        units = cap.lower(units) if cap.in_units else units
    baht = units * rate
    for cap in mine:
        baht = baht if cap.in_units else cap.lower(baht)
    used = _units_touched(baht, rate)
    for cap in mine:
        cap.left -= used if cap.in_units else baht
    return PaidPart(stretch.first_night, int(used), baht.quantize(SATANG))


def _units_touched(baht: Decimal, rate: Decimal) -> Decimal:
    """A night paid in part is a night used."""
    if rate == 0:
        return ZERO
    whole, rest = divmod(baht, rate)
    return whole + 1 if rest else whole


def year_of(day: date, pool: Pool, facts: ClaimFacts) -> LimitYear:
    start, joined = facts.fund_year_start_month, facts.joined_on
    return limit_year(day, pool.limits.year, fund_year_start_month=start, joined_on=joined)


def _years(stretches: Iterable[Stretch], pool: Pool, facts: ClaimFacts) -> list[LimitYear]:
    return list(dict.fromkeys(year_of(stretch.first_night, pool, facts) for stretch in stretches))


def _caps(stretches: tuple[Stretch, ...], facts: ClaimFacts, terms: Terms) -> Iterator[Cap]:
    """Every limit on units or baht, in the order in which they are told: the event's, then the year's."""
    unit, limits = terms.benefit.unit, terms.benefit.limits
    yearly = [(pool, year) for pool in terms.pools for year in _years(stretches, pool, facts)]
    for pool, year in yearly:
        if pool.limits.units_per_year is not None and pool.unit == unit:
            yield _yearly_units(pool, year, facts)
    if limits.units_per_event is not None:
        cap = limits.units_per_event
        yield Cap("limit_units_per_event", True, Decimal(cap), {"limit": cap, "unit": unit})
    for pool, year in yearly:
        if pool.limits.baht_per_year is not None:
            yield _yearly_baht(pool, year, facts)
    if limits.fund_baht_per_year is not None:
        for year in _years(stretches, terms.pools[0], facts):
            yield _fund_baht(limits.fund_baht_per_year, year, facts)
    if limits.baht_per_event is not None:
        yield Cap("limit_baht_per_event", False, limits.baht_per_event, {"limit": limits.baht_per_event})


def _yearly_units(pool: Pool, year: LimitYear, facts: ClaimFacts) -> Cap:
    limit = pool.limits.units_per_year or 0
    counting = [prior for prior in drawing_on(pool, facts) if prior.benefit_code in pool.unit_codes]
    used, numbers = used_in(counting, pool, year, facts, in_units=True)
    figures = {"limit": limit, "unit": pool.unit, "used": int(used), **_told(pool, year), "numbers": numbers}
    return Cap("limit_units_per_year", True, max(Decimal(limit) - used, ZERO), figures, year)


def _yearly_baht(pool: Pool, year: LimitYear, facts: ClaimFacts) -> Cap:
    limit = pool.limits.baht_per_year or ZERO
    used, numbers = used_in(drawing_on(pool, facts), pool, year, facts, in_units=False)
    figures = {"limit": limit, "used": used, **_told(pool, year), "numbers": numbers}
    return Cap("limit_baht_per_year", False, max(limit - used, ZERO), figures, year)


def _fund_baht(limit: Decimal, year: LimitYear, facts: ClaimFacts) -> Cap:
    used = facts.fund_spent.get(year.first, ZERO)
    figures: dict[str, Figure] = {"limit": limit, "used": used, "year_from": year.first, "year_until": year.last}
    return Cap("limit_fund_baht_per_year", False, max(limit - used, ZERO), figures, year)


def _told(pool: Pool, year: LimitYear) -> dict[str, Figure]:
    return {"year_from": year.first, "year_until": year.last, "counted_per": pool.limits.counted_per}


def drawing_on(pool: Pool, facts: ClaimFacts) -> list[PriorClaim]:
    """The earlier claims that have drawn on these limits: the member's, or the household's."""
    counts = facts.of_household if pool.limits.counted_per == "household" else facts.own
    return [prior for prior in facts.prior if prior.benefit_code in pool.codes and counts(prior)]


def used_in(
    priors: list[PriorClaim], pool: Pool, year: LimitYear, facts: ClaimFacts, *, in_units: bool
) -> tuple[Decimal, tuple[str, ...]]:
    used, numbers = ZERO, []
    for prior in priors:
        kept = parts_of(prior, facts.fund_year_start_month, facts.joined_on)
        parts = [part for part in kept if year.holds(part.day)]
        drawn = sum((Decimal(part.units) if in_units else part.amount for part in parts), ZERO)
        if drawn:
            used += drawn
            numbers.append(prior.number)
    return used, tuple(numbers)


def lies_in(prior: PriorClaim, year: LimitYear) -> bool:
    """Whether a day or a night of an earlier claim may fall in this year."""
    return prior.event_from <= year.last and (prior.event_until or prior.event_from) >= year.first


def baht_in(prior: PriorClaim, year: LimitYear) -> Decimal:
    """What an earlier claim drew in this year: of a stay over the year's end, its nights in it."""
    if prior.event_until is None and not prior.parts:
        return prior.amount if year.holds(prior.event_from) else ZERO
    parts = parts_of(prior, year.first.month, year.first)
    return sum((part.amount for part in parts if year.holds(part.day)), ZERO)


def parts_of(prior: PriorClaim, year_start: int, joined: date | None) -> tuple[PaidPart, ...]:
    """In which days an earlier claim's money lies; where that was not kept, its nights from the first on."""
    if prior.parts:
        return prior.parts
    if prior.event_until is None or prior.event_until <= prior.event_from or not prior.units:
        return (PaidPart(prior.event_from, prior.units, prior.amount),)
    parts: list[PaidPart] = []
    units, baht = prior.units, prior.amount
    for first, nights in split_nights(
        prior.event_from, prior.event_until, fund_year_start_month=year_start, joined_on=joined
    ):
        paid = min(units, nights)
        amount = baht if paid == units else min(baht, prior.amount * paid / prior.units)
        parts.append(PaidPart(first, paid, amount))
        units, baht = units - paid, baht - amount
    return tuple(part for part in parts if part.units)


def _counted_out(facts: ClaimFacts, terms: Terms) -> Iterator[Step]:
    """Limits on the number of claims: each leaves all of the sum or nothing."""
    for pool in terms.pools:
        yield from _claims_per_year(pool, facts)
        yield from _claims_per_lifetime(pool, facts)
    quota = terms.benefit.limits.quota_per_community
    if quota is not None:
        year = year_of(facts.event_from, terms.pools[0], facts)
        used = facts.community_claims.get(year.first, 0)
        if used >= quota:
            figures: dict[str, Figure] = {"limit": quota, "used": used}
            figures |= {"year_from": year.first, "year_until": year.last}
            yield Step("limit_quota_per_community_used_up", figures, ok=False)


def _claims_per_year(pool: Pool, facts: ClaimFacts) -> Iterator[Step]:
    limit = pool.limits.claims_per_year
    if limit is None:
        return
    year = year_of(facts.event_from, pool, facts)
    numbers = tuple(prior.number for prior in drawing_on(pool, facts) if year.holds(prior.event_from))
    if len(numbers) >= limit:
        figures: dict[str, Figure] = {"limit": limit, **_told(pool, year), "numbers": numbers}
        yield Step("limit_claims_per_year_used_up", figures, ok=False)


def _claims_per_lifetime(pool: Pool, facts: ClaimFacts) -> Iterator[Step]:
    limit = pool.limits.claims_per_lifetime
    if limit is None:
        return
    numbers = tuple(prior.number for prior in drawing_on(pool, facts))
    if len(numbers) >= limit:
        figures: dict[str, Figure] = {"limit": limit, "counted_per": pool.limits.counted_per, "numbers": numbers}
        yield Step("limit_claims_per_lifetime_used_up", figures, ok=False)
