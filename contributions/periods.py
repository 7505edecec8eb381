"""The periods that dues are paid for, reckoned from the regulation. Pure: no database, no clock.

The regulation says how much a period costs and how long it is (`dues: {baht, every, period}`), and who joins
late in a year pays for the next one (`joining_late: {from_month, counts_for: next}`). What was paid is a fact
and is never reckoned again when a rate changes; only the first day of a period decides its price.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from bansong_fund.lib.thai_dates import be_year, format_range
from members.regulations import NoRuleInForce

ONE_DAY = timedelta(days=1)
MONTHS_OF = {"year": 12, "half-year": 6, "quarter": 3, "month": 1}


@dataclass(frozen=True, slots=True)
class Period:
    """A span of dues: first and last day covered (both inclusive), and what it asks in baht.

    `baht`: the price, less `credit`, the part payments that stand towards it.
    """

    covers_from: date
    covers_until: date
    baht: Decimal
    credit: Decimal = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class DuesRules:
    """What the regulation says about dues, in all its versions, and the month in which the fund's year starts.

    `versions`: (in force from, the `membership` part of the document), the oldest first.
    """

    versions: Sequence[tuple[date, dict[str, Any]]]
    fund_year_start_month: int = 1

    def terms_on(self, day: date) -> dict[str, Any]:
        """The membership terms in force on `day`. Raises `NoRuleInForce`."""
        found = [terms for effective_from, terms in self.versions if effective_from <= day]
        if not found:
            raise NoRuleInForce(_("No regulation sets dues for this day. Load the version that held then."))
        return found[-1]

    def entry_fee_on(self, joined_on: date) -> Decimal:
        """What who joins on this day pays once, in baht; nought where no version was in force yet."""
        try:
            return Decimal(str(self.terms_on(joined_on).get("entry_fee", 0))).quantize(Decimal("0.01"))
        except NoRuleInForce:
            return Decimal("0.00")

    def periods(self, joined_on: date, first_unpaid: date) -> Iterator[Period]:
        """The periods of a membership from its first unpaid day on, without end."""
        day = max(first_unpaid, joined_on)
        while True:
            period = self._period_from(day, joined_on)
            yield period
            day = period.covers_until + ONE_DAY

    def _period_from(self, day: date, joined_on: date) -> Period:
        terms = self.terms_on(day)
        months = MONTHS_OF[terms["dues"]["every"]]
        start = self._first_month(terms, joined_on)
        last = _last_day(day, start, months)
        if day == joined_on and self._joined_late(terms, joined_on):
            last = _last_day(last + ONE_DAY, start, months)
        return Period(day, last, Decimal(str(terms["dues"]["baht"])).quantize(Decimal("0.01")))

    def _first_month(self, terms: dict[str, Any], joined_on: date) -> date:
        """A day from which periods are counted in whole months, forwards or backwards."""
        kind = terms["dues"]["period"]
        if kind == "membership":
            return joined_on
        return date(joined_on.year - 1, self.fund_year_start_month if kind == "fund" else 1, 1)

    def _joined_late(self, terms: dict[str, Any], joined_on: date) -> bool:
        late = terms.get("joining_late")
        if not late or terms["dues"]["period"] == "membership":
            return False
        first = self.fund_year_start_month if terms["dues"]["period"] == "fund" else 1
        return (joined_on.month - first) % 12 >= (late["from_month"] - first) % 12


def add_months(day: date, months: int) -> date:
    """The same day so many months on. A day that the month lacks is the first of the next one."""
    year, month = divmod(day.month - 1 + months, 12)
    try:
        return date(day.year + year, month + 1, day.day)
    except ValueError:
        return add_months(day.replace(day=1), months + 1)


def _last_day(day: date, start: date, months: int) -> date:
    """The last day of the period of so many months, counted from `start`, that holds `day` (not before `start`)."""
    periods = ((day.year - start.year) * 12 + day.month - start.month) // months
    ends = (add_months(start, (periods + more) * months) - ONE_DAY for more in (0, 1, 2))
    return next(end for end in ends if end >= day)


def span_words(first: date, last: date, language: str | None = None) -> str:
    """A span as people say it: "2563" for whole calendar years (or from the day of joining), else its days."""
    if (last.month, last.day) != (12, 31):
        return format_range(first, last, "short", language)
    if (first.month, first.day) == (1, 1):
        return f"{be_year(first)}" if first.year == last.year else f"{be_year(first)}–{be_year(last)}"
    return format_range(first, last, "short", language)


def unbroken_until(base: date, covers: Sequence[tuple[date, date]]) -> date:
    """The last day covered without a gap: from the day after `base` on, over spans (first, last) in any order."""
    until = base
    for first, last in sorted(covers):
        if first > until + ONE_DAY:
            break
        until = max(until, last)
    return until
