"""A radar chart of a board: percent of the standard per axis, compared with the bloc's median."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import cos, pi, sin

from django.utils.safestring import SafeString

from emulation_bloc.lib.charts.lettering import ASCENT, LEADING, wrapped
from emulation_bloc.lib.charts.svg import (
    FULL,
    drawing,
    element,
    fits,
    line,
    look,
    pair,
    share,
    text,
)

FEWEST, MOST = 3, 16
RINGS = (25, 50, 75, 100)
GAP, MARGIN = 9, 4
BETWEEN = 4
LINES = 3
DOT, BEYOND = 3.5, 5
# The widest line of a label above or below, where the whole width would be free.
WIDEST = 200.0


@dataclass(frozen=True)
class Shape:
    """`percents` in the order of the axes, None where an axis does not apply to the board.

    Series 1 is drawn solid with dots, series 2 dashed.
    """

    label: str
    percents: Sequence[Decimal | None]
    series: int


@dataclass(frozen=True)
class Frame:
    """A layout in pixels; the origin is the middle of the polygon."""

    kind: str
    width: float
    radius: float


WIDE = Frame("chart-radar chart-wide", 520, 140)
NARROW = Frame("chart-radar chart-narrow", 328, 84)


@dataclass(frozen=True)
class Label:
    """The lines of an axis label and their position."""

    x: float
    top: float
    lines: list[str]
    anchor: str

    @property
    def bottom(self) -> float:
        return self.top + height(self.lines)


def radar(axes: Sequence[str], shapes: Sequence[Shape], *, label: str) -> SafeString:
    """A polygon per shape over rings at 25, 50, 75 and 100 percent; the first axis is at the top.

    Empty with fewer than 3 axes, which span no area, and with more than 16, whose labels would be
    unreadable; the table has the values. Values outside 0 to 100 are cut and marked with a ring.
    Raises ValueError if a shape does not have one percent per axis.
    """
    if any(len(shape.percents) != len(axes) for shape in shapes):
        raise ValueError("A shape has one percentage for each axis.")
    if not FEWEST <= len(axes) <= MOST:
        return SafeString("")
    drawings = (_drawn(frame, axes, shapes, label) for frame in (WIDE, NARROW))
    return pair("chart-pair-radar", *drawings)


def _drawn(frame: Frame, axes: Sequence[str], shapes: Sequence[Shape], label: str) -> SafeString:
    labels = _labels(frame, axes)
    top = min(-frame.radius, *(name.top for name in labels)) - MARGIN
    bottom = max(frame.radius, *(name.bottom for name in labels)) + MARGIN
    parts = (
        *_web(frame, len(axes)),
        # The first shape last, so that the board is drawn over the median.
        *(part for shape in reversed(shapes) for part in _shape(frame, shape)),
        text(4, -frame.radius / 2 - 3, "50\N{NO-BREAK SPACE}%", class_="chart-ring"),
        *(written for name in labels for written in _written(name)),
    )
    box = (-frame.width / 2, top, frame.width, bottom - top)
    return drawing(frame.kind, parts, label=label, box=box)


def point(radius: float, number: int, count: int) -> tuple[float, float]:
    """The corner on an axis, counted clockwise from the top."""
    turn = 2 * pi * number / count
    return radius * sin(turn), -radius * cos(turn)


def _web(frame: Frame, count: int) -> Iterator[SafeString]:
    for ring in RINGS:
        corners = [point(frame.radius * ring / 100, n, count) for n in range(count)]
        yield element("polygon", points=_points(corners), class_="chart-grid")
    for n in range(count):
        yield line(0, 0, *point(frame.radius, n, count), "chart-grid")


def _points(corners: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in corners)


def _shape(frame: Frame, shape: Shape) -> Iterator[SafeString]:
    count = len(shape.percents)
    known = [(n, percent) for n, percent in enumerate(shape.percents) if percent is not None]
    places = [point(frame.radius * share(percent, FULL), n, count) for n, percent in known]
    number = look(shape.series)
    title = element("title", shape.label)
    yield element("polygon", title, points=_points(places), class_=f"chart-shape-{number}")
    for (x, y), (_n, percent) in zip(places, known, strict=True):
        if not fits(percent):
            yield element("circle", cx=x, cy=y, r=BEYOND, class_="chart-beyond-ring")
        elif number == 1:
            yield element("circle", cx=x, cy=y, r=DOT, class_="chart-dot")


# --- Labels ---------------------------------------------------------------------------------------


def _labels(frame: Frame, axes: Sequence[str]) -> list[Label]:
    """The labels around the rings without overlap: sides are stacked, top and bottom stay
    outside.
    """
    count = len(axes)
    sides = [
        label
        for side in (range(1, (count + 1) // 2), range(count - 1, count // 2, -1))
        for label in _stacked([_beside(frame, axes[n], n, count) for n in side])
    ]
    reach = frame.radius + GAP
    room = min(frame.width - 2 * MARGIN, WIDEST)
    above = wrapped(axes[0], room, LINES)
    highest = min(-reach, *(label.top - BETWEEN for label in sides))
    middle = [Label(0, highest - height(above), above, "middle")]
    if count % 2 == 0:
        below = wrapped(axes[count // 2], room, LINES)
        lowest = max(reach, *(label.bottom + BETWEEN for label in sides))
        middle.append(Label(0, lowest, below, "middle"))
    return sides + middle


def height(lines: Sequence[str]) -> float:
    """The height of a label in pixels."""
    return LEADING * len(lines)


def _beside(frame: Frame, words: str, number: int, count: int) -> Label:
    """The label at the end of its axis; near the top it extends upwards, near the bottom
    downwards.
    """
    x, y = point(frame.radius + GAP, number, count)
    lines = wrapped(words, frame.width / 2 - abs(x) - MARGIN, LINES)
    above = (1 - y / (frame.radius + GAP)) / 2
    return Label(x, y - above * height(lines), lines, "start" if x > 0 else "end")


def _stacked(labels: list[Label]) -> list[Label]:
    """The labels of one side without overlap: from the middle on they are moved outwards."""
    lower = [label for label in labels if label.top + label.bottom >= -1]
    upper = labels[: len(labels) - len(lower)]
    placed: list[Label] = []
    for label in lower:
        top = max(label.top, placed[-1].bottom + BETWEEN) if placed else label.top
        placed.append(Label(label.x, top, label.lines, label.anchor))
    for label in reversed(upper):
        top = min(label.top, placed[0].top - BETWEEN - height(label.lines))
        placed.insert(0, Label(label.x, top, label.lines, label.anchor))
    return placed


def _written(label: Label) -> Iterator[SafeString]:
    for n, words in enumerate(label.lines):
        yield text(label.x, label.top + ASCENT + n * LEADING, words, anchor=label.anchor)
