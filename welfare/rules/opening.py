"""What was drawn before this program, as earlier claims that the limits count."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from welfare.rules.facts import BEFORE_PROGRAM, PriorClaim
from welfare.rules.steps import ZERO, PaidPart

BEFORE_ALL_YEARS = date(1900, 1, 1)  # in no limit year of a claim: counts in a lifetime only


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """What a member had drawn of a benefit by `as_of`: in the limit's year that holds that day, and in life.

    `life_times` counts those of the year too. Where nights were not counted, each time is taken for one unit.
    """

    benefit_code: str
    as_of: date
    member_key: str
    household_key: str = ""
    year_times: int = 0
    year_units: int = 0
    year_baht: Decimal = ZERO
    life_times: int = 0


def drawn_before(drawn: Drawn) -> Iterator[PriorClaim]:
    """One earlier claim for each time: those of the year on its day, the others before all years.

    The year's units and baht lie in the first: a limit counts their sum.
    """
    touched = bool(drawn.year_units or drawn.year_baht)
    in_year = max(drawn.year_times, int(touched))
    for place in range(in_year):
        units = (drawn.year_units or in_year) if place == 0 else 0
        yield _prior(drawn, drawn.as_of, units, drawn.year_baht if place == 0 else ZERO)
    for _place in range(drawn.life_times - in_year):
        yield _prior(drawn, BEFORE_ALL_YEARS, 0, ZERO)


def _prior(drawn: Drawn, day: date, units: int, baht: Decimal) -> PriorClaim:
    return PriorClaim(
        number=BEFORE_PROGRAM,
        benefit_code=drawn.benefit_code,
        event_from=day,
        amount=baht,
        units=units,
        parts=(PaidPart(day, units, baht),),
        member_key=drawn.member_key,
        household_key=drawn.household_key,
    )
