"""Charts as tables that happen to be drawn: the same for screen and paper.

A function takes labels and figures and gives a chart: every text ready to print, every shape as plain
rectangles in whole units. The templates of templates/charts/ set each label as HTML and draw only shapes in
SVG, by attributes: letters inside an SVG would lose their stacked Thai marks on paper, and inline styles are
refused by the content security policy. Each tone is told apart in a black-and-white copy by its grey and its
hatching, and each figure stands written beside its bar.

A chart is drawn by `{% include chart.template %}`; `chart.head` and `chart.rows` are the table behind it.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import accumulate
from typing import ClassVar

from bansong_fund.lib.money import format_baht, shares

# The drawing is this many units wide; a bar of the largest value fills it.
WIDTH = 1000
BAR_HEIGHT = 100
LINE_HEIGHT = 300
# So many letters, in all, stay apart under a line on a telephone.
MOST_LETTERS = 44

Number = Decimal | int
Show = Callable[[Number], str]


@dataclass(frozen=True)
class Rect:
    x: int
    y: int
    width: int
    height: int
    fill: str


@dataclass(frozen=True)
class Tone:
    """A fill with, maybe, stripes over it and a frame around it."""

    fill: str
    stripe: str = ""
    frame: str = ""

    def rects(self, x: int, width: int) -> tuple[Rect, ...]:
        """The rectangles of a bar from `x`, `width` units wide; none for an empty bar."""
        if width <= 0:
            return ()
        ground = [Rect(x, 0, width, BAR_HEIGHT, self.frame or self.fill)]
        if self.frame and width > 8:
            ground.append(Rect(x + 3, 8, width - 6, BAR_HEIGHT - 16, self.fill))
        if not self.stripe:
            return tuple(ground)
        places = range(x + 12, x + width - 8, 18)
        return (*ground, *(Rect(place, 0, 5, BAR_HEIGHT, self.stripe) for place in places))


DARK = Tone("#1d3557")
STRIPED = Tone("#4f6d8a", stripe="#ffffff")
LIGHT = Tone("#c9d6e2", frame="#1d3557")
HATCHED = Tone("#ffffff", stripe="#1d3557", frame="#1d3557")
TONES = (DARK, STRIPED, LIGHT, HATCHED)


@dataclass(frozen=True)
class Bar:
    """One bar: its label, its figure as it is printed, and how far it reaches (0 to WIDTH)."""

    label: str
    text: str
    width: int
    rects: tuple[Rect, ...]


@dataclass(frozen=True)
class BarChart:
    template: ClassVar[str] = "charts/bars.html"
    title: str
    head: tuple[str, str]
    bars: tuple[Bar, ...]

    @property
    def rows(self) -> tuple[tuple[str, str], ...]:
        return tuple((bar.label, bar.text) for bar in self.bars)


@dataclass(frozen=True)
class Group:
    label: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class GroupedBarChart:
    """Two or more series beside each other, as this year and last. `legend` holds a sample bar of each."""

    template: ClassVar[str] = "charts/grouped_bars.html"
    title: str
    head: tuple[str, ...]
    legend: tuple[Bar, ...]
    groups: tuple[Group, ...]

    @property
    def rows(self) -> tuple[tuple[str, ...], ...]:
        return tuple((group.label, *(bar.text for bar in group.bars)) for group in self.groups)


@dataclass(frozen=True)
class Part:
    """A part of a whole: `share` in percent; the shares of all parts make 100."""

    label: str
    text: str
    share: Decimal
    rects: tuple[Rect, ...]
    swatch: tuple[Rect, ...]

    @property
    def share_text(self) -> str:
        return f"{self.share} %"


@dataclass(frozen=True)
class StackedShare:
    """Up to four parts in one bar, as the four legs of a year."""

    template: ClassVar[str] = "charts/stacked_share.html"
    title: str
    head: tuple[str, str, str]
    parts: tuple[Part, ...]
    total_text: str

    @property
    def rows(self) -> tuple[tuple[str, str, str], ...]:
        return tuple((part.label, part.text, part.share_text) for part in self.parts)


@dataclass(frozen=True)
class StackedBar:
    """One bar of several parts: its label, its sum as it is printed, the shapes of its parts."""

    label: str
    text: str
    rects: tuple[Rect, ...]


@dataclass(frozen=True)
class StackedBarChart:
    """The same parts over and over on one scale, as the four legs of each year. `rows` are the figures of each part."""

    template: ClassVar[str] = "charts/stacked_bars.html"
    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    legend: tuple[Bar, ...]
    bars: tuple[StackedBar, ...]

    @property
    def named_rows(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """Each row as its label, then (what it is, the figure): for a table that becomes cards on a phone."""
        return [(row[0], list(zip(self.head[1:], row[1:], strict=True))) for row in self.rows]


@dataclass(frozen=True)
class Band:
    """One line of a pyramid: the bar to the left grows leftward, the one to the right rightward."""

    label: str
    left: Bar
    right: Bar


@dataclass(frozen=True)
class Pyramid:
    template: ClassVar[str] = "charts/pyramid.html"
    title: str
    head: tuple[str, str, str]
    bands: tuple[Band, ...]

    @property
    def rows(self) -> tuple[tuple[str, str, str], ...]:
        return tuple((band.label, band.left.text, band.right.text) for band in self.bands)


@dataclass(frozen=True)
class Line:
    """One series over time: `points` in the units of SVG's polyline, `dots` the place of each figure."""

    label: str
    points: str
    dots: tuple[tuple[int, int], ...]
    dashed: bool


@dataclass(frozen=True)
class Tick:
    """A label under the line, `span` columns wide, so that labels never meet."""

    label: str
    span: int


@dataclass(frozen=True)
class LineChart:
    template: ClassVar[str] = "charts/line.html"
    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    lines: tuple[Line, ...]
    ticks: tuple[Tick, ...]
    top_text: str
    bottom_text: str
    zero: int


def show_number(value: Number) -> str:
    """A count as it stands, an amount (Decimal) in baht and satang."""
    return format_baht(value) if isinstance(value, Decimal) else f"{value:,}"


def bar_chart(
    title: str, items: Iterable[tuple[str, Number]], *, head: tuple[str, str], show: Show = show_number
) -> BarChart:
    """One bar a label, in the given order, the largest as wide as the drawing. Refuses a negative value."""
    items = tuple(items)
    top = _top(value for _label, value in items)
    bars = tuple(_bar(label, value, top, show, DARK) for label, value in items)
    return BarChart(title, head, bars)


def grouped_bar_chart(
    title: str,
    items: Iterable[tuple[str, Sequence[Number]]],
    *,
    head: tuple[str, ...],
    show: Show = show_number,
) -> GroupedBarChart:
    """For each label one value a series; `head` names the labels' column, then each series (up to four)."""
    items = tuple(items)
    top = _top(value for _label, values in items for value in values)
    groups = tuple(
        Group(label, tuple(_bar(head[i + 1], value, top, show, TONES[i]) for i, value in enumerate(values)))
        for label, values in items
    )
    legend = tuple(Bar(name, "", WIDTH, TONES[i].rects(0, WIDTH)) for i, name in enumerate(head[1:]))
    return GroupedBarChart(title, head, legend, groups)


def stacked_share(
    title: str,
    items: Iterable[tuple[str, Number]],
    *,
    head: tuple[str, str, str],
    show: Show = show_number,
) -> StackedShare:
    """Up to four parts and their shares in percent with one decimal, which make 100 together."""
    items = tuple(items)
    values = [value for _label, value in items]
    total = sum(values)
    ends = [_scaled(end, total) for end in accumulate(values)]
    starts = [0, *ends[:-1]]
    parts = tuple(
        Part(label, show(value), share, tone.rects(start, end - start), tone.rects(0, 100))
        for (label, value), share, tone, start, end in zip(
            items, shares(values), TONES[: len(items)], starts, ends, strict=True
        )
    )
    return StackedShare(title, head, parts, show(sum(values)))


def stacked_bar_chart(
    title: str,
    items: Iterable[tuple[str, Sequence[Number]]],
    *,
    head: tuple[str, ...],
    total: str,
    show: Show = show_number,
) -> StackedBarChart:
    """For each label one bar of up to four parts; `head` names the labels' column and each part, `total` their sum."""
    items = tuple(items)
    _top(value for _label, values in items for value in values)
    top = max((sum(values) for _label, values in items), default=0)
    return StackedBarChart(
        title=title,
        head=(*head, total),
        rows=tuple((label, *map(show, values), show(sum(values))) for label, values in items),
        legend=tuple(Bar(name, "", WIDTH, TONES[i].rects(0, WIDTH)) for i, name in enumerate(head[1:])),
        bars=tuple(StackedBar(label, show(sum(values)), _stacked(values, top)) for label, values in items),
    )


def _stacked(values: Sequence[Number], top: Number) -> tuple[Rect, ...]:
    ends = [_scaled(end, top) for end in accumulate(values)]
    starts = [0, *ends[:-1]]
    return tuple(
        rect for tone, start, end in zip(TONES, starts, ends, strict=False) for rect in tone.rects(start, end - start)
    )


def pyramid(
    title: str, items: Iterable[tuple[str, Number, Number]], *, head: tuple[str, str, str], show: Show = show_number
) -> Pyramid:
    """Label, left and right of each band, the uppermost first; `head` names the labels' column, then both sides."""
    items = tuple(items)
    top = _top(value for _label, *sides in items for value in sides)
    return Pyramid(
        title,
        head,
        tuple(
            Band(label, _leftward(_bar(head[1], left, top, show, STRIPED)), _bar(head[2], right, top, show, DARK))
            for label, left, right in items
        ),
    )


def _leftward(bar: Bar) -> Bar:
    return replace(bar, rects=tuple(replace(rect, x=WIDTH - rect.x - rect.width) for rect in bar.rects))


def line_chart(
    title: str,
    items: Iterable[tuple[str, Sequence[Number]]],
    *,
    head: tuple[str, ...],
    show: Show = show_number,
) -> LineChart:
    """For each moment one value a series; `head` names the moments' column, then each series (up to two)."""
    items = tuple(items)
    values = [value for _label, row in items for value in row]
    top, bottom = nice_ceiling(max(values, default=0)), -nice_ceiling(-min(values, default=0))
    lines = tuple(
        _line(name, [row[i] for _label, row in items], bottom, top, dashed=i > 0) for i, name in enumerate(head[1:])
    )
    rows = tuple((label, *(show(value) for value in row)) for label, row in items)
    return LineChart(
        title=title,
        head=head,
        rows=rows,
        lines=lines,
        ticks=_ticks([label for label, _row in items]),
        top_text=f"{top:,}",
        bottom_text=f"{bottom:,}",
        zero=_height(0, bottom, top),
    )


def nice_ceiling(value: Number) -> int:
    """Return the first round number (1, 2 or 5 times a power of ten) that is not below `value`; 0 for none."""
    if value <= 0:
        return 0
    power = 1
    while power * 10 < value:
        power *= 10
    steps = (power, 2 * power, 5 * power, 10 * power)
    return next(step for step in steps if step >= value)


def _top(values: Iterable[Number]) -> Number:
    values = tuple(values)
    if any(value < 0 for value in values):
        raise ValueError("a bar cannot reach below zero; draw a line")
    return max(values, default=0)


def _bar(label: str, value: Number, top: Number, show: Show, tone: Tone) -> Bar:
    # What is more than nothing must be seen, however small beside the largest.
    width = max(_scaled(value, top), 4) if value else 0
    return Bar(label, show(value), width, tone.rects(0, width))


def _scaled(value: Number, top: Number) -> int:
    return round(Decimal(value) * WIDTH / Decimal(top)) if top else 0


def _line(label: str, values: Sequence[Number], bottom: int, top: int, *, dashed: bool) -> Line:
    dots = tuple(
        ((2 * i + 1) * WIDTH // (2 * len(values)), _height(value, bottom, top)) for i, value in enumerate(values)
    )
    return Line(label, " ".join(f"{x},{y}" for x, y in dots), dots, dashed)


def _height(value: Number, bottom: int, top: int) -> int:
    """The distance from the top edge."""
    if top == bottom:
        return LINE_HEIGHT
    return round((top - Decimal(value)) * LINE_HEIGHT / (top - bottom))


def _ticks(labels: Sequence[str]) -> tuple[Tick, ...]:
    """A label for each point, or for the middle one of every three, five, … when they would meet."""
    longest = max((len(label) for label in labels), default=1)
    step = 1
    while -(-len(labels) // step) * longest > MOST_LETTERS and step < len(labels):
        step += 2
    spans = [min(step, len(labels) - first) for first in range(0, len(labels), step)]
    firsts = accumulate(spans, initial=0)
    return tuple(
        Tick(labels[first + span // 2] if span % 2 else "", span) for first, span in zip(firsts, spans, strict=False)
    )
