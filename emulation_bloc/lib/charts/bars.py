"""The points of a board as a thin stacked bar for a table row, and the axis for the
table's head.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate

from django.utils.safestring import SafeString

from emulation_bloc.lib.charts.svg import element, line, look, share
from emulation_bloc.lib.numbers import vn_decimal

# Bonus points: a box without fill.
BONUS = 0

LONG, HIGH = 100.0, 10.0
CUT = 96.0
GAP = 0.35
# Rounding error allowed when the parts add up to exactly `most`.
TOLERANCE = 1e-9
# A step is one of these times a power of ten; the last is large enough for any scale.
STEPS = (Decimal(2), Decimal(5), Decimal(10), Decimal(20))
MOST_STEPS = 6
NEAR_END = 97


@dataclass(frozen=True)
class Part:
    """The points of one group. `series` is 1 to SERIES or BONUS; `label` is the tooltip."""

    series: int
    value: Decimal
    label: str


@dataclass(frozen=True)
class Tick:
    """A round value and its position in percent of the axis."""

    value: Decimal
    place: float


def bar(parts: Sequence[Part], *, most: Decimal, label: str) -> SafeString:
    """The points of a board by group, on a scale from 0 to `most`, in the given order.

    Without text; it stretches to its cell (`preserveAspectRatio="none"`). Parts of 0 or less are
    left out; what exceeds `most` is cut off and marked with an arrow.
    """
    grid = (line(tick.place, 0, tick.place, HIGH, "chart-grid") for tick in _ticks(most))
    return element(
        "svg",
        *grid,
        *_boxes(parts, most),
        class_="chart chart-bar",
        role="img",
        aria_label=label,
        viewBox=f"0 0 {LONG:g} {HIGH:g}",
        preserveAspectRatio="none",
    )


def _boxes(parts: Sequence[Part], most: Decimal) -> Iterator[SafeString]:
    ends = list(accumulate(share(part.value, most) * LONG for part in parts))
    total = ends[-1] if ends else 0.0
    is_cut = total > LONG + TOLERANCE or any(part.value > most for part in parts)
    limit = CUT if is_cut else LONG
    for part, start, end in zip(parts, [0.0, *ends], ends, strict=False):
        if start < min(end, limit):
            yield _box(part, start, min(end, limit))
    if is_cut:
        yield element("polygon", points="96.75,0.5 99.75,5 96.75,9.5", class_="chart-beyond")


def _box(part: Part, start: float, end: float) -> SafeString:
    """A box with a gap to the next; a very short one keeps half its length."""
    length = end - start
    gap = min(GAP, length / 2)
    return element(
        "rect",
        element("title", part.label),
        x=start + (gap / 2 if part.series == BONUS else 0),
        y=1,
        width=length - gap,
        height=HIGH - 2,
        class_=f"chart-fill-{look(part.series) if part.series else BONUS}",
    )


def scale(most: Decimal) -> SafeString:
    """The axis for the head of the column of bars, such as 0, 40, 80, 100 for 105 points.

    Its texts keep their size at any width. Hidden from screen readers: the column's head has words.
    """
    marks = _ticks(most)
    told = [tick for n, tick in enumerate(marks) if n % 2 == 0 or n == len(marks) - 1]
    return element("svg", *map(_mark, told), class_="chart chart-scale", aria_hidden="true")


def _mark(tick: Tick) -> SafeString:
    anchor = "end" if tick.place > NEAR_END else "middle"
    return element(
        "text",
        vn_decimal(tick.value.normalize()),
        x=f"{tick.place:.4g}%",
        y=13,
        text_anchor=anchor if tick.place else "start",
    )


def _ticks(most: Decimal) -> list[Tick]:
    """Round values from 0 to `most` at even steps; none if `most` is 0."""
    if share(most, most) == 0:
        return []
    power = Decimal(1).scaleb(most.adjusted() - 1)
    step = next(step * power for step in STEPS if most / (step * power) <= MOST_STEPS)
    values = (step * n for n in range(int(most / step) + 1))
    return [Tick(value, share(value, most) * LONG) for value in values]
