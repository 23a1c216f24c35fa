"""A line chart over years: percent of the maximum, one line per board."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from math import ceil

from django.utils.safestring import SafeString

from emulation_bloc.lib.charts.lettering import LEADING, cut
from emulation_bloc.lib.charts.marks import arrow, mark
from emulation_bloc.lib.charts.svg import (
    FULL,
    SERIES,
    drawing,
    element,
    figure,
    finite,
    fits,
    line,
    look,
    pair,
    share,
    text,
)

# Start of the scale -> its step; the highest start that is below every figure is taken.
GROUNDS = {75: 5, 50: 10, 0: 25}
YEAR_ROOM, FIGURE_ROOM = 42, 30  # with some space around
TOP, BOTTOM, LEFT, RIGHT = 30, 32, 50, 18
FIGURE_ABOVE, FIGURE_BELOW = -13, 21
NAMES = 184
HALF_FIGURE = 4.5  # from the middle of a figure down to its baseline


@dataclass(frozen=True)
class YearPoint:
    """A year's figure; None if it is not known."""

    year: int
    percent: Decimal | None


@dataclass(frozen=True)
class Line:
    """A board's figures over the years, in any order."""

    label: str
    points: Sequence[YearPoint]
    series: int

    @property
    def known(self) -> list[tuple[int, Decimal]]:
        return sorted((p.year, finite(p.percent)) for p in self.points if p.percent is not None)


@dataclass(frozen=True)
class Plot:
    """Converts years and percents to pixels."""

    first: int
    last: int
    ground: int
    left: float
    right: float
    top: float
    bottom: float

    @property
    def slot(self) -> float:
        return (self.right - self.left) / (self.last - self.first + 1)

    def x(self, year: int) -> float:
        return self.left + (year - self.first + 0.5) * self.slot

    def y(self, percent: Decimal) -> float:
        part = share(percent - self.ground, FULL - self.ground)
        return self.bottom - part * (self.bottom - self.top)

    def some_years(self, room: float) -> range:
        """Every year, or every n-th so that they are at least `room` apart; counted from
        the last.
        """
        step = ceil(room / self.slot)
        return range(self.last, self.first - 1, -step)


def years(lines: Sequence[Line], *, label: str) -> SafeString:
    """A line per board over all years from the first to the last, interrupted where a figure is
    missing.

    The scale ends at 100 percent and starts at 0, 50 or 75, the highest that shows every figure; a
    base line other than 0 is dotted. Values outside are marked with an arrow. A single line has its
    figures; several have names at their ends in the wide drawing. Empty without any figure. Raises
    ValueError for two figures of one year in a line.
    """
    known = [one.known for one in lines]
    if any(len(points) != len(dict(points)) for points in known):
        raise ValueError("A line has one figure for each year.")
    if not any(known):
        return SafeString("")
    has_names = 1 < len(lines) <= SERIES
    wide = _drawn("chart-wide", 560, 280, lines, label, NAMES if has_names else RIGHT)
    return pair("chart-pair-years", wide, _drawn("chart-narrow", 328, 240, lines, label, RIGHT))


def _drawn(
    kind: str, width: float, high: float, lines: Sequence[Line], label: str, margin: float
) -> SafeString:
    plot = _plot(lines, width - margin, high - BOTTOM)
    parts = [*_scale(plot), *_named_years(plot)]
    parts += [part for one in reversed(lines) for part in _line(plot, one)]
    if len(lines) == 1:
        parts += _figures(plot, lines[0])
    if margin == NAMES:
        parts += _names(plot, lines)
    return drawing(f"chart-years {kind}", parts, label=label, box=(0, 0, width, high))


def _plot(lines: Sequence[Line], right: float, bottom: float) -> Plot:
    known = [point for one in lines for point in one.known]
    every_year = [year for year, _percent in known]
    least = min(percent for _year, percent in known)
    ground = next((ground for ground in GROUNDS if least >= ground), 0)
    return Plot(min(every_year), max(every_year), ground, LEFT, right, TOP, bottom)


def _scale(plot: Plot) -> Iterator[SafeString]:
    for percent in range(plot.ground, 101, GROUNDS[plot.ground]):
        y = plot.y(Decimal(percent))
        foot = "chart-cut" if plot.ground else "chart-axis"
        yield line(plot.left, y, plot.right, y, foot if percent == plot.ground else "chart-grid")
        words = f"{percent}\N{NO-BREAK SPACE}%"
        yield text(plot.left - 8, y + HALF_FIGURE, words, anchor="end")


def _named_years(plot: Plot) -> Iterator[SafeString]:
    for year in plot.some_years(YEAR_ROOM):
        yield text(plot.x(year), plot.bottom + 20, str(year), anchor="middle")


def _line(plot: Plot, one: Line) -> Iterator[SafeString]:
    """The line, interrupted where years are missing, and its marks."""
    runs = groupby(enumerate(one.known), key=lambda item: item[1][0] - item[0])
    places = [
        [f"{plot.x(year):.1f},{plot.y(percent):.1f}" for _n, (year, percent) in run]
        for _key, run in runs
    ]
    number = look(one.series)
    strokes = [
        element("polyline", points=" ".join(run), class_=f"chart-line-{number}")
        for run in places
        if len(run) > 1
    ]
    marks = [_mark(plot, year, percent, number) for year, percent in one.known]
    yield element("g", element("title", one.label), *strokes, *marks)


def _mark(plot: Plot, year: int, percent: Decimal, series: int) -> SafeString:
    x, y = plot.x(year), plot.y(percent)
    return mark(x, y, series) if fits(percent) else arrow(x, y, upwards=percent > 0)


def _figures(plot: Plot, one: Line) -> Iterator[SafeString]:
    told = plot.some_years(FIGURE_ROOM)
    for (year, percent), is_valley in zip(one.known, _valleys(one.known), strict=True):
        if year in told:
            y = plot.y(percent)
            below = is_valley and y + FIGURE_BELOW < plot.bottom
            baseline = y + (FIGURE_BELOW if below else FIGURE_ABOVE)
            yield text(
                plot.x(year), baseline, figure(percent), anchor="middle", class_="chart-figure"
            )


def _valleys(known: Sequence[tuple[int, Decimal]]) -> list[bool]:
    """For each point whether it is lower than its neighbours: there a figure above would be
    crossed.
    """
    percents = [percent for _year, percent in known]
    before, after = [percents[0], *percents], [*percents[1:], percents[-1]]
    return [low < min(around) for low, *around in zip(percents, before, after, strict=False)]


# --- Names at the ends of the lines ---------------------------------------------------------------


def _names(plot: Plot, lines: Sequence[Line]) -> Iterator[SafeString]:
    ends = sorted(
        (plot.y(one.known[-1][1]), plot.x(one.known[-1][0]), one.label)
        for one in lines
        if one.known
    )
    heights = _spread([y for y, _x, _name in ends], plot.top, plot.bottom)
    for (y, x, name), height in zip(ends, heights, strict=True):
        yield line(x + 8, y, plot.right + 6, height, "chart-lead")
        words = cut(name, NAMES - 14)
        yield text(plot.right + 10, height + HALF_FIGURE, words)


def _spread(wanted: Sequence[float], top: float, bottom: float) -> list[float]:
    """The heights closest to those wanted that are LEADING apart, in the same order."""
    placed: list[float] = []
    for y in wanted:
        placed.append(max(y, placed[-1] + LEADING if placed else top))
    limit = bottom
    for n in reversed(range(len(placed))):
        placed[n] = min(placed[n], limit)
        limit = placed[n] - LEADING
    return placed
