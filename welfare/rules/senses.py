"""What the values of a regulation file mean beside each other: one way of paying, rising steps, known codes.

These checks read the plain values, not the model, so that they speak even where a value elsewhere
is wrong; whatever has not the right shape is passed over here, since its shape is a fault already.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any, TypeGuard

from welfare.rules.faults import Fault
from welfare.rules.fields import MOST_DAYS, MOST_YEARS
from welfare.rules.spans import anniversary

WAYS_OF_PAYING = ("flat", "per", "by_tenure", "by_age", "by_grade", "up_to", "percent_of_loss")

# A span in years has one day more or less by where it starts within the four years of leap days.
_STARTS = (date(2004, 2, 29), *(date(year, month, 1) for year in range(2001, 2005) for month in (1, 3)))


def find_nonsense(value: Any) -> list[Fault]:
    """Every fault that shows only where two values are compared."""
    document = _group(value)
    faults = list(_membership(_group(document.get("membership"))))
    benefits = _entries(document.get("benefits"))
    faults += _codes(benefits)
    known = _known_codes(benefits)
    for index, benefit in enumerate(benefits):
        faults += _benefit(_group(benefit), f"benefits[{index}]", known)
    return faults


def _membership(membership: dict[str, Any]) -> Iterator[Fault]:
    suspend, lapse = membership.get("suspend_after_days"), membership.get("lapse_after_days")
    if _is_whole(suspend) and _is_whole(lapse) and lapse < suspend:
        figures = {"lapse": str(lapse), "suspend": str(suspend)}
        yield Fault("membership.lapse_after_days", "lapse_before_suspension", figures)


def _codes(benefits: list[Any]) -> Iterator[Fault]:
    first: dict[str, str] = {}
    for index, benefit in enumerate(benefits):
        code = _group(benefit).get("code")
        if isinstance(code, str) and code in first:
            yield Fault(f"benefits[{index}].code", "code_taken", {"code": code, "first": first[code]})
        elif isinstance(code, str):
            first[code] = f"benefits[{index}]"


def _known_codes(benefits: list[Any]) -> set[Any]:
    return {code for benefit in benefits if isinstance(code := _group(benefit).get("code"), str)}


def _benefit(benefit: dict[str, Any], place: str, known: set[Any]) -> Iterator[Fault]:
    pays = benefit.get("pays")
    if isinstance(pays, dict):
        yield from _one_way(pays, f"{place}.pays")
        for scale in ("by_tenure", "by_age"):
            yield from _scale(_entries(pays.get(scale)), f"{place}.pays.{scale}")
    yield from _shared(benefit, place, known)
    yield from _ages(_group(benefit.get("requires")), f"{place}.requires")
    for key in ("excludes", "evidence"):
        yield from _repeats(_entries(benefit.get(key)), f"{place}.{key}")


def _one_way(pays: dict[str, Any], place: str) -> Iterator[Fault]:
    given = [way for way in WAYS_OF_PAYING if way in pays]
    if not given:
        yield Fault(place, "no_way_of_paying", {"choices": ", ".join(WAYS_OF_PAYING)})
    if len(given) > 1:
        yield Fault(place, "several_ways_of_paying", {"given": ", ".join(given)})


def _scale(steps: list[Any], place: str) -> Iterator[Fault]:
    before: dict[str, Any] | None = None
    for index, step in enumerate(steps):
        span = _group(step).get("from")
        if not isinstance(span, dict):
            continue
        if set(span) <= {"days", "years"} and len(span) != 1:
            yield Fault(f"{place}[{index}].from", "span_needs_one")
        bounds = _bounds(span)
        if bounds is None:
            continue
        if before is not None:
            yield from _not_rising(before, span, f"{place}[{index}].from")
        before = span


def _not_rising(before: dict[str, Any], span: dict[str, Any], place: str) -> Iterator[Fault]:
    low, high = _bounds(before), _bounds(span)
    told = {"before": ", ".join(f"{key}: {value}" for key, value in before.items())}
    if low is None or high is None or low[1] < high[0]:
        return
    # 1 year and 2 years overlap in no one's count; 1 year and 365 days are the same day for most.
    overlapping = low[0] <= high[1]
    yield Fault(place, "repeated_step" if overlapping else "falling_step", told)


def _bounds(span: dict[str, Any]) -> tuple[int, int] | None:
    """The least and the most days that a span can last, by where it starts."""
    days, years = span.get("days"), span.get("years")
    if len(span) != 1:
        return None
    if _is_whole(days) and 0 <= days <= MOST_DAYS:
        return days, days
    if _is_whole(years) and 0 <= years <= MOST_YEARS:
        lengths = [(anniversary(start, years) - start).days for start in _STARTS]
        return min(lengths), max(lengths)
    return None


def _shared(benefit: dict[str, Any], place: str, known: set[Any]) -> Iterator[Fault]:
    shared = _entries(_group(benefit.get("limits")).get("shared_with"))
    yield from _repeats(shared, f"{place}.limits.shared_with")
    for index, code in enumerate(shared):
        here = f"{place}.limits.shared_with[{index}]"
        if isinstance(code, str) and code == benefit.get("code"):
            yield Fault(here, "shares_with_itself")
        elif isinstance(code, str) and code not in known:
            yield Fault(here, "unknown_benefit", {"code": code})


def _ages(requires: dict[str, Any], place: str) -> Iterator[Fault]:
    for lowest_key, highest_key in (("min_age", "max_age"), ("subject_min_age", "subject_max_age")):
        lowest, highest = requires.get(lowest_key), requires.get(highest_key)
        if _is_whole(lowest) and _is_whole(highest) and lowest > highest:
            figures = {"lowest": str(lowest), "highest": str(highest)}
            yield Fault(f"{place}.{highest_key}", "ages_crossed", figures)


def _repeats(values: list[Any], place: str) -> Iterator[Fault]:
    seen: set[str] = set()
    for index, value in enumerate(values):
        if repr(value) in seen:
            yield Fault(f"{place}[{index}]", "listed_twice", {"value": str(value)})
        seen.add(repr(value))


def _is_whole(value: Any) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)


def _group(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _entries(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
