"""Slow work of money out, timed once in this process: every member for every benefit, a year's claims judged again."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from bansong_fund.bench.measure import Timed
from ledger.models import FiscalYear
from members.models import Fund
from reports.figures import annual_figures
from reports.figures.over_years import over_years
from reports.years import ReportYear, report_year
from welfare.bulk import gather_fund
from welfare.entitlements import pretended_event
from welfare.regulations import document_on
from welfare.replay import replay_year

CLAIMS = 15_000
MOST_MEMBERS = 10_000  # the aims are for one fund of a municipality; a hundred such take a hundred times as long


@dataclass(frozen=True, slots=True)
class Work:
    """What is done, in how many seconds at most; `do` answers how many were done of `aimed` (None: all there are)."""

    name: str
    aim: float
    do: Callable[[], int]
    aimed: int | None = None
    any_size: bool = False


def report_figures() -> int:
    """All figures of the last closed year's report, five years side by side among them."""
    return len(annual_figures(_last_year()).over.years)


def ten_years() -> int:
    """Legs, balances and welfare of ten years side by side; gives how many the books have."""
    return len(over_years(_last_year(), 10).years)


def _last_year() -> ReportYear:
    closed = FiscalYear.objects.filter(closed_at__isnull=False).order_by("-year_be")[0]
    return report_year(closed.year_be, today=Fund.objects.get().demo_day)


def every_entitlement() -> int:
    """Every current member for every benefit of the regulation in force, the gathering among it."""
    today = Fund.objects.get().demo_day
    fund, members = gather_fund(), 0
    events = [pretended_event(benefit, today) for benefit in fund.version_on(today).document.benefits]
    for member in fund.members:
        stay = fund.membership_on(member.pk, today)
        if stay is not None and (stay.ended_on is None or stay.ended_on >= today):
            background = fund.background(member.pk, today)
            for event in events:
                fund.assess_on(background, event)
            members += 1
    return members


def replay_all() -> int:
    """Each year's claims judged again under the regulation in force; gives how many."""
    fund, document = gather_fund(), document_on(Fund.objects.get().demo_day)
    years = FiscalYear.objects.values_list("year_be", flat=True)
    return sum(len(replay_year(year_be, document, fund=fund).rows) for year_be in years)


WORKS = (
    Work("all members, all benefits", 5.0, every_entitlement),
    Work("replay of 15,000 claims", 10.0, replay_all, aimed=CLAIMS),
    Work("figures of the annual report", 1.0, report_figures, any_size=True),
    Work("figures of ten years", 1.0, ten_years, any_size=True),
)


def measure_works(members: int, say: Callable[[str], None]) -> list[Timed]:
    """Each work once, its seconds brought to `aimed`; a fund of more members than the aims are for is left out."""
    return [_measured(work, say) for work in WORKS if work.any_size or members <= MOST_MEMBERS]


def _measured(work: Work, say: Callable[[str], None]) -> Timed:
    say(work.name)
    began = time.perf_counter()
    done = work.do()
    seconds = time.perf_counter() - began
    if not done:
        return Timed(work.name, is_paper=False, fault="nothing is there to be done")
    scaled = seconds if work.aimed is None else seconds * work.aimed / done
    return Timed(work.name, is_paper=False, seconds=[scaled], aim=work.aim)
