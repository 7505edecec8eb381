"""What a benefit pays before any limit: one function for each way of paying.

The sum is always units × rate, and only that. A benefit that pays by the event counts as one unit.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from welfare.rules import document
from welfare.rules.facts import ClaimFacts, Terms
from welfare.rules.spans import Stretch, count_nights, holding_step, reached_on, split_nights
from welfare.rules.steps import ZERO, Figure, Step

SATANG = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Reckoning:
    """Units by the days they lie in, baht for each, and the steps.

    `open_sum`: the committee has yet to set the sum, and the rate is only its ceiling.
    """

    stretches: tuple[Stretch, ...]
    rate: Decimal
    steps: tuple[Step, ...]
    open_sum: bool = False


def reckon(facts: ClaimFacts, terms: Terms) -> Reckoning:
    """What the benefit comes to before limits; a sum of 0 always carries its refusal."""
    pays = terms.benefit.pays
    ways: dict[str, Callable[[ClaimFacts, document.Pays], Reckoning]] = {
        "flat": _flat,
        "per": _per,
        "by_tenure": _by_tenure,
        "by_age": _by_subject_age if terms.benefit.subject == "child" else _by_age,
        "by_grade": _by_grade,
        "up_to": _up_to,
        "percent_of_loss": _percent_of_loss,
    }
    way = next(name for name in ways if getattr(pays, name) is not None)
    return ways[way](facts, pays)


def _once(facts: ClaimFacts, rate: Decimal, *steps: Step, open_sum: bool = False) -> Reckoning:
    if rate == 0:
        steps = (*steps, Step("nothing_due", ok=False))
    return Reckoning((Stretch(facts.event_from, 1),), rate, steps, open_sum)


def _nothing(code: str, **figures: str | int | date | tuple[str, ...]) -> Reckoning:
    return Reckoning((), ZERO, (Step(code, figures, ok=False),))


def _flat(facts: ClaimFacts, pays: document.Pays) -> Reckoning:
    sum_due = pays.flat or ZERO
    return _once(facts, sum_due, Step("pays_flat", {"sum": sum_due}))


def _per(facts: ClaimFacts, pays: document.Pays) -> Reckoning:
    if pays.per is None:
        raise ValueError("the benefit does not pay by the unit")
    unit, rate = pays.per.unit, pays.per.baht
    if unit == "night":
        return _nights(facts, rate)
    units = facts.units
    if units is None and unit == "child" and facts.children:
        units = len(facts.children)
    if units is None:
        return _nothing("missing_fact", fact="units")
    if units == 0:
        return _nothing("no_units", units=0, unit=unit)
    return Reckoning((Stretch(facts.event_from, units),), rate, (_times(units, unit, rate),))


def _nights(facts: ClaimFacts, rate: Decimal) -> Reckoning:
    if facts.event_until is None:
        return _nothing("missing_fact", fact="event_until")
    nights = count_nights(facts.event_from, facts.event_until)
    if nights < 0:
        return Reckoning((), ZERO, ())
    if nights == 0:
        return _nothing("no_units", units=0, unit="night")
    year_start, joined = facts.fund_year_start_month, facts.joined_on
    stretches = split_nights(facts.event_from, facts.event_until, fund_year_start_month=year_start, joined_on=joined)
    stay: dict[str, Figure] = {"event_from": facts.event_from, "event_until": facts.event_until, "nights": nights}
    return Reckoning(tuple(stretches), rate, (Step("nights", stay), _times(nights, "night", rate)))


def _times(units: int, unit: str, rate: Decimal) -> Step:
    return Step("pays_per", {"units": units, "unit": unit, "rate": rate, "sum": units * rate})


def _by_tenure(facts: ClaimFacts, pays: document.Pays) -> Reckoning:
    if facts.joined_on is None or facts.event_from < facts.joined_on:
        # Not a member on that day: refused already, and there is no tenure to measure.
        return Reckoning((), ZERO, ())
    return _scale(facts, pays.by_tenure or (), facts.joined_on, "pays_by_tenure", "tenure_below_first")


def _by_age(facts: ClaimFacts, pays: document.Pays) -> Reckoning:
    return _by_age_of(facts, pays, facts.birth_date, "birth_date")


def _by_subject_age(facts: ClaimFacts, pays: document.Pays) -> Reckoning:
    """Where the event is about a child, the scale goes by the child's age."""
    born = facts.subject_child.birth_date if facts.subject_child else None
    return _by_age_of(facts, pays, born, "child_birth_date")


def _by_age_of(facts: ClaimFacts, pays: document.Pays, born: date | None, fact: str) -> Reckoning:
    if born is None:
        return _nothing("missing_fact", fact=fact)
    return _scale(facts, pays.by_age or (), born, "pays_by_age", "age_below_first")


def _scale(
    facts: ClaimFacts, scale: Sequence[document.Step], start: date, pays_code: str, below_code: str
) -> Reckoning:
    starts = [reached_on(start, days=step.since.days, years=step.since.years) for step in scale]
    holding = holding_step(starts, facts.event_from)
    if holding is None:
        return _nothing(below_code, **_span(scale[0].since), reached_on=starts[0])
    step = scale[holding]
    return _once(facts, step.baht, Step(pays_code, {**_span(step.since), "sum": step.baht}))


def _span(span: document.Span) -> dict[str, str | int]:
    if span.years is not None:
        return {"step": span.years, "span": "years"}
    return {"step": span.days or 0, "span": "days"}


def _by_grade(facts: ClaimFacts, pays: document.Pays) -> Reckoning:
    grades = pays.by_grade or {}
    if not facts.grade:
        return _nothing("missing_fact", fact="grade")
    if facts.grade not in grades:
        return _nothing("grade_unknown", grade=facts.grade, grades=tuple(grades))
    sum_due = grades[facts.grade]
    return _once(facts, sum_due, Step("pays_by_grade", {"grade": facts.grade, "sum": sum_due}))


def _up_to(facts: ClaimFacts, pays: document.Pays) -> Reckoning:
    ceiling = pays.up_to or ZERO
    proposed = facts.proposed_amount
    if proposed is None:
        return _once(facts, ceiling, Step("ceiling", {"up_to": ceiling}), open_sum=True)
    if proposed > ceiling:
        figures = {"proposed": proposed, "up_to": ceiling}
        return _once(facts, ceiling, Step("above_ceiling", figures, ok=None))
    exact = proposed.quantize(SATANG)
    return _once(facts, exact, Step("pays_proposed", {"sum": exact, "up_to": ceiling}))


def _percent_of_loss(facts: ClaimFacts, pays: document.Pays) -> Reckoning:
    """A share of the loss, to the satang, half a satang up; then its own ceiling."""
    if pays.percent_of_loss is None:
        raise ValueError("the benefit does not pay by the loss")
    if facts.loss is None:
        return _nothing("missing_fact", fact="loss")
    terms = pays.percent_of_loss
    share = (facts.loss * terms.percent / 100).quantize(SATANG, rounding=ROUND_HALF_UP)
    steps = [Step("pays_percent", {"percent": terms.percent, "loss": facts.loss, "sum": share})]
    if terms.up_to is not None and share > terms.up_to:
        steps.append(Step("percent_ceiling", {"up_to": terms.up_to, "sum": share}, ok=None))
        share = terms.up_to
    return _once(facts, share, *steps)
