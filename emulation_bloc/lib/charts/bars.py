"""One board's points as a thin stacked bar, to stand in the row of a table, and the axis above."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate

from django.utils.safestring import SafeString

from emulation_bloc.lib.charts.svg import element, line, look, share
from emulation_bloc.lib.numbers import vn_decimal

# The look of points beyond the standard: a box without fill.
BONUS = 0

LONG, HIGH = 100.0, 10.0
CUT = 96.0
GAP = 0.35
# What float arithmetic may add to parts that are exactly full.
TOLERANCE = 1e-9
# A step is one of these times a power of ten; the last is large enough for any scale.
STEPS = (Decimal(2), Decimal(5), Decimal(10), Decimal(20))
MOST_STEPS = 6
NEAR_END = 97


@dataclass(frozen=True)
class Part:
    """Points of one group. `series` is 1 to SERIES or BONUS; `label` appears under the pointer."""

    series: int
    value: Decimal
    label: str


@dataclass(frozen=True)
class Tick:
    """A round value, and where it stands in percent of the axis."""

    value: Decimal
    place: float


def bar(parts: Sequence[Part], *, most: Decimal, label: str) -> SafeString:
    """Points of one board by group, on a scale from 0 to `most`, in the given order.

    It has no text and stretches to its cell (`preserveAspectRatio="none"`). Parts of 0 or less
    are left out; what passes `most` is cut off under an arrow.
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
    """A gap parts it from the next; the smallest keeps half its length of colour."""
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
    """The axis for the head of the column of bars: 0, 40, 80, 100 for 105 points.

    Its texts keep their size at any width of the column. It says nothing to a screen reader: the
    head of the column does that in words.
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
    """Round values from 0 to `most` at even steps; none of an empty scale."""
    if share(most, most) == 0:
        return []
    power = Decimal(1).scaleb(most.adjusted() - 1)
    step = next(step * power for step in STEPS if most / (step * power) <= MOST_STEPS)
    values = (step * n for n in range(int(most / step) + 1))
    return [Tick(value, share(value, most) * LONG) for value in values]
