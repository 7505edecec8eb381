"""From seconds to figures: medians, 95th percentiles, ratios, and whether an aim is met. Pure."""

import statistics
from dataclasses import asdict, dataclass
from typing import Any

from bansong_fund.bench.measure import Timed

MOST_QUERIES = 15
MOST_TO_BARE = 3.0
MOST_TO_SMALL = 1.5
MOST_TO_WEASYPRINT = 1.3
MOST_MEGABYTES = 600.0  # of a batch: worker and children together


@dataclass(frozen=True, slots=True)
class Figures:
    """One page of one size. Times in milliseconds; `ratio` to the bare page, for a paper to WeasyPrint alone."""

    name: str
    is_paper: bool
    fault: str
    queries: int | None
    median: float | None
    p95: float | None
    beside: float | None
    ratio: float | None
    peak_megabytes: float | None
    bytes_sent: int | None
    requests: int
    aim: float | None = None  # seconds
    pages: int = 0  # of a batch

    @property
    def milliseconds_a_page(self) -> float | None:
        return self.median / self.pages if self.median and self.pages else None

    def missed(self) -> list[str]:
        """The aims that this page misses."""
        if self.fault:
            return ["not measured"]
        found = []
        if self.queries is not None and self.queries > MOST_QUERIES:
            found.append("queries")
        if self.ratio is not None and self.ratio > (MOST_TO_WEASYPRINT if self.is_paper else MOST_TO_BARE):
            found.append("ratio")
        if self.aim is not None and self.median is not None and self.median > self.aim * 1000:
            found.append("seconds")
        if self.pages and (self.peak_megabytes or 0) > MOST_MEGABYTES:
            found.append("megabytes")
        return found


def figures_of(timed: Timed) -> Figures:
    """Reckon one page. Median and 95th percentile are over all its requests; the two sides took turns."""
    if timed.fault or not timed.seconds:
        return Figures(timed.name, timed.is_paper, timed.fault or "no request", *[None] * 7, 0)
    median = statistics.median(timed.seconds)
    beside = statistics.median(timed.beside) if timed.beside else None
    return Figures(
        name=timed.name,
        is_paper=timed.is_paper,
        fault="",
        queries=timed.queries,
        median=round(median * 1000, 2),
        p95=round(percentile(timed.seconds, 95) * 1000, 2),
        beside=None if beside is None else round(beside * 1000, 2),
        ratio=None if beside is None else round(median / beside, 2),
        peak_megabytes=timed.peak_megabytes or None,
        bytes_sent=None if beside is None else timed.bytes_sent,
        requests=len(timed.seconds),
        aim=timed.aim,
        pages=timed.pages,
    )


def percentile(values: list[float], percent: int) -> float:
    """The smallest value that so many in a hundred do not exceed."""
    ordered = sorted(values)
    return ordered[max(-(-len(ordered) * percent // 100) - 1, 0)]


def growth(small: Figures, large: Figures) -> float | None:
    """How many times slower the large fund's page is: its median by the small fund's."""
    if small.median is None or large.median is None:
        return None
    return round(large.median / small.median, 2)


def as_json(sizes: dict[int, list[Figures]], about: dict[str, Any]) -> dict[str, Any]:
    """What is kept of a run: every figure by size, and the aims."""
    return {
        **about,
        "aims": {
            "queries": MOST_QUERIES,
            "to bare page": MOST_TO_BARE,
            "large to small": MOST_TO_SMALL,
            "PDF to WeasyPrint alone": MOST_TO_WEASYPRINT,
        },
        "sizes": {str(size): [asdict(one) for one in pages] for size, pages in sizes.items()},
        "large to small": _growths(sizes),
    }


def _growths(sizes: dict[int, list[Figures]]) -> dict[str, float | None]:
    large = {one.name: one for one in sizes[max(sizes)]}
    pairs = ((one, large.get(one.name)) for one in sizes[min(sizes)])
    return {one.name: growth(one, other) for one, other in pairs if other is not None} if len(sizes) > 1 else {}
