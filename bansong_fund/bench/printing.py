"""The table that `make bench` prints."""

from bansong_fund.bench.figures import (
    MOST_MEGABYTES,
    MOST_QUERIES,
    MOST_TO_BARE,
    MOST_TO_SMALL,
    MOST_TO_WEASYPRINT,
    Figures,
    growth,
)

MISS = "!"
HEADINGS = ("page", "queries", "median ms", "95th ms", "beside ms", "ratio", "peak MB", "KB sent", "requests")


def table_of(size: int, pages: list[Figures]) -> str:
    """One size: a line a page, a mark at each figure that misses its aim."""
    rows = [HEADINGS, *(_row(page) for page in pages)]
    return f"{size:,} members\n{aligned(rows)}{_batches(pages)}{_faults(pages)}"


def growth_table(sizes: dict[int, list[Figures]]) -> str:
    """The largest size against the smallest, page by page."""
    small, large = min(sizes), max(sizes)
    rows = [("page", f"{small:,}", f"{large:,}", "slower by")]
    there = {other.name: other for other in sizes[large]}
    for one in sizes[small]:
        other = there.get(one.name)
        if other is None:  # slow work is measured in the small fund only
            continue
        times = growth(one, other)
        mark = MISS if times is not None and times > MOST_TO_SMALL else ""
        rows.append((one.name, _number(one.median), _number(other.median), f"{_number(times)}{mark}"))
    return f"median ms, large to small\n{aligned(rows)}"


def aims() -> str:
    return (
        f"Aims: at most {MOST_QUERIES} queries; medians at most {MOST_TO_BARE} times the bare page, for the PDF at"
        f" most {MOST_TO_WEASYPRINT} times WeasyPrint alone; large at most {MOST_TO_SMALL} times small."
        f" Slow work: every member for every benefit within 5 s, 15,000 claims judged again within 10 s, the figures of"
        f" a report within 1 s; a receipt within 0.3 s; a batch of papers in at most {MOST_MEGABYTES:.0f} MB in all."
        f" {MISS} marks what misses its aim. “beside” is the bare page (for the PDF WeasyPrint alone), asked in turns."
    )


def _row(page: Figures) -> tuple[str, ...]:
    if page.fault:
        return (page.name, *["–"] * (len(HEADINGS) - 2), f"0{MISS}")
    missed = page.missed()
    return (
        page.name,
        "–" if page.queries is None else f"{page.queries}{MISS if 'queries' in missed else ''}",
        f"{_number(page.median)}{MISS if 'seconds' in missed else ''}",
        _number(page.p95),
        _number(page.beside),
        f"{_number(page.ratio)}{MISS if 'ratio' in missed else ''}",
        f"{_number(page.peak_megabytes)}{MISS if 'megabytes' in missed else ''}",
        _number(None if page.bytes_sent is None else page.bytes_sent / 1024),
        str(page.requests),
    )


def _batches(pages: list[Figures]) -> str:
    """What a page of each batch takes; the seconds of the whole and its memory stand in the table."""
    each = ((page, page.milliseconds_a_page) for page in pages)
    return "".join(f"\n{page.name}: {page.pages:,} pages, {ms:.0f} ms each" for page, ms in each if ms is not None)


def _faults(pages: list[Figures]) -> str:
    return "".join(f"\n{page.name}: {page.fault}" for page in pages if page.fault)


def _number(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def aligned(rows: list[tuple[str, ...]]) -> str:
    """Words on the left, figures on the right; a missing mark takes a mark's room, so that figures stand in line."""
    padded = [(row[0], *(cell if cell.endswith(MISS) else f"{cell} " for cell in row[1:])) for row in rows]
    widths = [max(len(row[place]) for row in padded) for place in range(len(rows[0]))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if place == 0 else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in padded
    )
