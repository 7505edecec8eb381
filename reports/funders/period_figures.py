"""The figures that the province's summary and the yearly return have in common, read once for the days of a paper."""

from collections.abc import Iterator
from dataclasses import dataclass

from contributions.queries import last_cutoff
from members.models import CommitteeSeat
from reports.figures.codi_welfare import CodiWelfare, codi_welfare
from reports.figures.comings import Comings, comings
from reports.figures.counts import MemberCounts, member_counts
from reports.figures.stretch import StretchMoney, stretch_money
from reports.funders.common import Wanted, committee_on
from reports.funders.ties import flow_adds_up, members_add_up, money_agrees, money_by_its_lines, welfare_by_its_accounts
from reports.ties import Difference


@dataclass(frozen=True, slots=True)
class PeriodFigures:
    """Members, money, welfare and committee of the days of a paper."""

    counts: MemberCounts
    flow: Comings
    money: StretchMoney
    welfare: CodiWelfare
    seats: tuple[CommitteeSeat, ...]


def period_figures(wanted: Wanted) -> PeriodFigures:
    """The figures from the first to the last day; members and committee as of the last day that was reached."""
    first, last, day = wanted.period.first, wanted.period.last, wanted.period.reaches
    return PeriodFigures(
        counts=member_counts(day, last_cutoff(day), wanted.fund),
        flow=comings(first, day),
        money=stretch_money(first, last),
        welfare=codi_welfare(first, last),
        seats=tuple(committee_on(day)),
    )


def period_ties(found: PeriodFigures) -> Iterator[Difference]:
    """What must agree before such a paper goes out."""
    yield from money_by_its_lines(found.money)
    yield from money_agrees(found.money)
    yield from welfare_by_its_accounts(found.welfare, found.money)
    yield from members_add_up(found.counts)
    yield from flow_adds_up(found.flow)
