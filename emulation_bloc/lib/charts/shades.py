"""A heat map of criteria by boards: each cell has its figure and a shade for it."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from math import ceil

from django.utils.safestring import SafeString

from emulation_bloc.lib.charts.lettering import ASCENT, LEADING, cut, width_of, wrapped
from emulation_bloc.lib.charts.svg import drawing, element, figure, finite, pair, text

FIFTHS = (Decimal(20), Decimal(40), Decimal(60), Decimal(80))
NOTHING = "–"

GAP = 2
HALF_FIGURE = 4.5  # from the middle of a figure down to its baseline
HATCH = 6
# Board names are written horizontally over cells of at least LEVEL, rotated over narrower ones.
LEVEL, UPRIGHT, WIDEST = 50.0, 36.0, 76.0
# Enough for the longest province, “Thành phố Hồ Chí Minh”, horizontally or rotated.
HEAD_LINES, LONGEST_HEAD, HEAD_GAP = 4, 190, 6
# Wide: criteria to the left. Narrow: criteria above their cells, at most ABREAST boards in a row.
WIDE_WIDTH, NAMES, WIDE_ROW, NAME_LINES = 760, 210, 36, 2
NARROW_WIDTH, NARROW_ROW, ABREAST = 328, 28, 11
NAME_GAP, NAME_FOOT, PANEL_GAP = 5, 3, 16


@dataclass(frozen=True)
class Table:
    """`cells` has a row for each of `rows`, with a cell for each of `columns`."""

    rows: Sequence[str]
    columns: Sequence[str]
    cells: Sequence[Sequence[Decimal | None]]
    limits: Sequence[Decimal]

    def some_columns(self, first: int, end: int) -> "Table":
        cells = [row[first:end] for row in self.cells]
        return replace(self, columns=self.columns[first:end], cells=cells)


def heat(
    rows: Sequence[str],
    columns: Sequence[str],
    cells: Sequence[Sequence[Decimal | None]],
    *,
    label: str,
    limits: Sequence[Decimal] = FIFTHS,
) -> SafeString:
    """Percents as shades, darker for more; None (does not apply) is hatched.

    The shade is `step_of`. The narrow drawing has the boards in panels one below another. Empty
    without rows or columns. Raises ValueError if a row has another length, and as `step_of` does.
    """
    if len(cells) != len(rows) or any(len(row) != len(columns) for row in cells):
        raise ValueError("There is one cell for each row and column.")
    if not rows or not columns:
        return SafeString("")
    table = Table(rows, columns, cells, limits)
    is_wider = NAMES + _wide_cell(len(columns)) * len(columns) > WIDE_WIDTH
    kind = "chart-pair-heat chart-many" if is_wider else "chart-pair-heat"
    return pair(kind, _wide(table, label), _narrow(table, label))


def step_of(percent: Decimal | None, limits: Sequence[Decimal] = FIFTHS) -> int:
    """The shade, 1 to 5: 1 plus the number of ascending `limits` reached; 0 for None.

    The grades of a scale may be the limits. Raises ValueError for more than four.
    """
    if len(limits) > len(FIFTHS):
        raise ValueError("There are five shades at most.")
    return 0 if percent is None else 1 + bisect_right(limits, finite(percent))


def _wide(table: Table, label: str) -> SafeString:
    cell = _wide_cell(len(table.columns))
    top = _head_height(table.columns, cell)
    parts = list(_heads(table.columns, cell, NAMES, top))
    for name, row in zip(table.rows, table.cells, strict=True):
        parts += _name(name, top)
        parts += _row(row, table.limits, Box(NAMES, top, cell, WIDE_ROW))
        top += WIDE_ROW
    box = (0, 0, NAMES + cell * len(table.columns), top)
    return drawing("chart-heat chart-wide", parts, label=label, box=box)


def _wide_cell(columns: int) -> float:
    cell = (WIDE_WIDTH - NAMES) / columns
    return UPRIGHT if cell < LEVEL else min(cell, WIDEST)


def _name(name: str, top: float) -> Iterator[SafeString]:
    lines = wrapped(name, NAMES - 12, NAME_LINES)
    baseline = top + (WIDE_ROW - LEADING * len(lines)) / 2 + ASCENT
    for n, words in enumerate(lines):
        yield text(0, baseline + n * LEADING, words)


def _narrow(table: Table, label: str) -> SafeString:
    count = len(table.columns)
    abreast = ceil(count / ceil(count / ABREAST))
    cell = min(NARROW_WIDTH / abreast, WIDEST)
    parts: list[SafeString] = []
    top = 0.0
    for first in range(0, count, abreast):
        panel = table.some_columns(first, first + abreast)
        top += (PANEL_GAP if first else 0) + _head_height(panel.columns, cell)
        parts += _heads(panel.columns, cell, 0, top)
        for name, row in zip(panel.rows, panel.cells, strict=True):
            top += NAME_GAP
            for words in wrapped(name, NARROW_WIDTH, NAME_LINES):
                parts.append(text(0, top + ASCENT, words))
                top += LEADING
            parts += _row(row, table.limits, Box(0, top + NAME_FOOT, cell, NARROW_ROW))
            top += NAME_FOOT + NARROW_ROW
    box = (0, 0, NARROW_WIDTH, top)
    return drawing("chart-heat chart-narrow", parts, label=label, box=box)


# --- Names of boards ------------------------------------------------------------------------------


def _head_height(columns: Sequence[str], cell: float) -> float:
    if cell >= LEVEL:
        return HEAD_GAP + LEADING * max(len(lines) for lines in _head_lines(columns, cell))
    return HEAD_GAP + max(width_of(cut(name, LONGEST_HEAD)) for name in columns)


def _head_lines(columns: Sequence[str], cell: float) -> list[list[str]]:
    return [wrapped(name, cell - GAP, HEAD_LINES) for name in columns]


def _heads(columns: Sequence[str], cell: float, left: float, bottom: float) -> Iterator[SafeString]:
    middles = [left + (n + 0.5) * cell for n in range(len(columns))]
    if cell < LEVEL:
        yield from map(_upright, columns, middles, [bottom - HEAD_GAP] * len(columns))
        return
    for middle, lines in zip(middles, _head_lines(columns, cell), strict=True):
        top = bottom - HEAD_GAP - LEADING * len(lines)
        for n, words in enumerate(lines):
            yield text(middle, top + ASCENT + n * LEADING, words, anchor="middle")


def _upright(name: str, middle: float, foot: float) -> SafeString:
    """A name rotated to read from bottom to top."""
    turn = f"translate({middle + HALF_FIGURE:.1f} {foot:.1f}) rotate(-90)"
    return element("text", cut(name, LONGEST_HEAD), transform=turn)


# --- Cells ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Box:
    """A cell, gap included."""

    x: float
    y: float
    width: float
    height: float


def _row(
    row: Sequence[Decimal | None], limits: Sequence[Decimal], first: Box
) -> Iterator[SafeString]:
    for n, percent in enumerate(row):
        box = replace(first, x=first.x + n * first.width)
        yield element("g", *_cell(box, percent), class_=f"chart-heat-{step_of(percent, limits)}")


def _cell(box: Box, percent: Decimal | None) -> Iterator[SafeString]:
    x, y = box.x + GAP / 2, box.y + GAP / 2
    width, height = box.width - GAP, box.height - GAP
    yield element("rect", x=x, y=y, width=width, height=height)
    if percent is None:
        yield hatching(x, y, width, height)
        middle = (box.x + box.width / 2, box.y + box.height / 2)
        yield element("rect", x=middle[0] - 8, y=middle[1] - 7, width=16, height=14)
    words = NOTHING if percent is None else figure(percent)
    baseline = box.y + box.height / 2 + HALF_FIGURE
    yield text(box.x + box.width / 2, baseline, words, anchor="middle")


def hatching(x: float, y: float, width: float, height: float) -> SafeString:
    """Lines at 45 degrees, clipped to the rectangle. Not an SVG pattern, which would need an id."""
    strokes = (
        f"M{x + max(0, across - height):.1f},{y + min(across, height):.1f}"
        f"L{x + min(across, width):.1f},{y + max(0, across - width):.1f}"
        for across in range(HATCH, ceil(width + height), HATCH)
    )
    return element("path", d="".join(strokes), class_="chart-hatch")
