"""What an amount pays: the oldest periods first, and what is left over a part of the next. Pure.

A part payment names the period that it is paid towards and covers nothing; it stands as credit towards that period,
whose price is that of the version in force on its first day. The payment that brings the rest covers the whole period.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Protocol

from bansong_fund.lib.money import ZERO
from contributions.periods import ONE_DAY, Period


@dataclass(frozen=True, slots=True)
class Credit:
    """Money towards a span that is not covered yet: first and last day, baht."""

    covers_from: date
    covers_until: date
    baht: Decimal


@dataclass(frozen=True, slots=True)
class Share:
    """What an amount pays of one period: all that it still asks, or a part of that."""

    period: Period
    amount: Decimal
    is_part: bool = False


def allocate(amount: Decimal, periods: Iterable[Period]) -> list[Share]:
    """Share `amount` (baht above nought) out over unpaid periods, the oldest first; each says what it still asks.

    The shares add up to the amount, or to all that the periods ask where that is less.
    """
    shares, left = [], amount
    for period in periods:
        if left <= 0:
            break
        paid = min(left, period.baht)
        shares.append(Share(period, paid, is_part=paid < period.baht))
        left -= paid
    return shares


def less_credit(periods: Sequence[Period], standing: Iterable[Credit]) -> list[Period]:
    """Take what was paid towards them off the periods: `baht` is the rest, `credit` what stands already.

    A credit counts once, for the first period that it meets. A period that its credit pays in full (two doubles had
    each paid a part; a lower rate came in late) is joined to the next one, so that a payment can cover both.
    """
    sums = [ZERO] * len(periods)
    for one in standing:
        met = (place for place, period in enumerate(periods) if overlap(one, period))
        place = next(met, None)
        if place is not None:
            sums[place] += one.baht
    found: list[Period] = []
    for period, credit in zip(periods, sums, strict=True):
        before = found[-1] if found else None
        if before is not None and before.baht <= 0 and before.covers_until + ONE_DAY == period.covers_from:
            rest, stands = before.baht + period.baht - credit, before.credit + credit
            found[-1] = Period(before.covers_from, period.covers_until, rest, stands)
        else:
            found.append(replace(period, baht=period.baht - credit, credit=credit) if credit else period)
    return [period for period in found if period.baht > 0]


class Span(Protocol):
    """Anything with a first and a last day."""

    @property
    def covers_from(self) -> date: ...
    @property
    def covers_until(self) -> date: ...


def overlap(one: Span, other: Span) -> bool:
    """Whether two spans share a day."""
    return one.covers_from <= other.covers_until and other.covers_from <= one.covers_until


def in_runs(shares: Iterable[Share]) -> list[Share]:
    """Whole periods that follow on one another as one share; what has credit behind it, or is a part, stays alone."""
    found: list[Share] = []
    for share in shares:
        last = found[-1] if found else None
        if last is not None and _is_plain(last) and _is_plain(share) and _follows(last, share):
            first, amount = last.period.covers_from, last.amount + share.amount
            found[-1] = Share(Period(first, share.period.covers_until, amount), amount)
        else:
            found.append(share)
    return found


def _is_plain(share: Share) -> bool:
    return not share.is_part and not share.period.credit


def _follows(one: Share, other: Share) -> bool:
    return one.period.covers_until + ONE_DAY == other.period.covers_from
