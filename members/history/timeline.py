"""Events on a bloc's timeline, and the geometry of its picture.

`layout` converts days to whole pixels without the database; a template draws the result. Nothing
depends on colour, for printing in black and white: a head is a filled bar, a deputy an empty one, a
merger a solid line, a transfer of zones a dashed one.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum


class TimelineEventKind(StrEnum):
    NAME = "name"
    SUCCESSION = "succession"
    DECISION = "decision"
    HEAD = "head"
    PAPER = "paper"
    COMPLETE = "complete"


@dataclass(frozen=True, kw_only=True)
class TimelineEvent:
    """Something that happened in a bloc; `boards` are the ids of the boards concerned."""

    on: dt.date
    kind: TimelineEventKind
    title: str
    text: str = ""
    url: str = ""
    boards: frozenset[int] = frozenset()
    # False for events of a whole year, which are listed without a day.
    is_dated: bool = True


# --- What is drawn ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Lane:
    """A board from its first to its last day; `names` and `roles` are in chronological order."""

    board: int
    names: list[tuple[dt.date, str]]
    ends_on: dt.date | None = None
    roles: list[tuple[int, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Link:
    """Something that passes from one board to another on a day; `kind` is that of the
    succession.
    """

    source: int
    target: int
    on: dt.date
    kind: str


# --- Geometry -----------------------------------------------------------------------------------

MARGIN, AXIS, MARKS, LANE = 16, 40, 44, 48
YEAR, LEAST_WIDTH = 104, 1000
LETTER = 7  # average width of a letter, rounded up
BAR = 8
INDENT = 8  # between a name and the line that leads to its lane


@dataclass(frozen=True)
class Label:
    """A text at a point; `anchor` is SVG's text-anchor."""

    x: int
    y: int
    text: str
    anchor: str = "start"


@dataclass(frozen=True)
class Line:
    x1: int
    y1: int
    x2: int
    y2: int
    kind: str = ""


@dataclass(frozen=True)
class Bar:
    x: int
    y: int
    width: int
    height: int
    kind: str


@dataclass(frozen=True)
class Dot:
    x: int
    y: int
    kind: str
    title: str


@dataclass(frozen=True)
class Picture:
    """Everything to draw, in pixels."""

    width: int
    height: int
    years: list[Label]
    grid: list[Line]
    lanes: list[Line]
    bars: list[Bar]
    links: list[Line]
    dots: list[Dot]
    labels: list[Label]
    today: Line | None


@dataclass(frozen=True)
class Scale:
    """Converts days to pixels; `first` and `last` are years, both drawn in full."""

    first: int
    last: int

    @property
    def year_width(self) -> int:
        return max(YEAR, LEAST_WIDTH // (self.last - self.first + 1))

    @property
    def width(self) -> int:
        return 2 * MARGIN + (self.last - self.first + 1) * self.year_width

    def x(self, day: dt.date) -> int:
        """The x of the day; days outside are moved to the edge."""
        start, end = dt.date(self.first, 1, 1), dt.date(self.last, 12, 31)
        days = (min(max(day, start), end) - dt.date(self.first, 1, 1)).days
        span = (end - start).days
        return MARGIN + days * (self.width - 2 * MARGIN) // span


def layout(
    lanes: Sequence[Lane],
    links: Iterable[Link],
    marks: Iterable[TimelineEvent],
    *,
    years: tuple[int, int],
    today: dt.date,
) -> Picture:
    """The picture of boards in the years given, one lane per board in the given order.

    `marks` are papers, drawn in a row above the lanes. Links to boards without a lane are left out.
    All coordinates are whole pixels within width and height.
    """
    scale = Scale(*years)
    papers = sorted(marks, key=lambda mark: mark.on)
    top = AXIS + (MARKS if papers else 0)
    rows = {lane.board: top + LANE * (n + 1) for n, lane in enumerate(lanes)}
    height = top + LANE * (len(lanes) + 1)
    drawn = [link for link in links if {link.source, link.target} <= set(rows)]
    return Picture(
        width=scale.width,
        height=height,
        years=[Label(x, AXIS - 16, str(year)) for year, x in _year_starts(scale)],
        grid=[Line(x, AXIS - 8, x, height - MARGIN) for _year, x in _year_starts(scale)],
        lanes=[_lane_line(lane, rows[lane.board], scale) for lane in lanes],
        bars=[bar for lane in lanes for bar in _bars_of(lane, rows[lane.board], scale)],
        links=[line_of(link, rows, scale) for link in drawn],
        dots=[Dot(scale.x(mark.on), AXIS + 24, mark.kind, mark.title) for mark in papers],
        labels=[label for lane in lanes for label in _name_labels(lane, rows[lane.board], scale)],
        today=_today_line(today, years, height, scale),
    )


def _year_starts(scale: Scale) -> list[tuple[int, int]]:
    """(year, x of 1 January) for each year."""
    return [(year, scale.x(dt.date(year, 1, 1))) for year in range(scale.first, scale.last + 1)]


def _lane_line(lane: Lane, y: int, scale: Scale) -> Line:
    """The line from a board's first name to its end, or to the right edge."""
    start = scale.x(lane.names[0][0])
    end = scale.x(lane.ends_on or dt.date(scale.last, 12, 31))
    return Line(start, y, max(start, end), y, "ended" if lane.ends_on else "open")


def _bars_of(lane: Lane, y: int, scale: Scale) -> list[Bar]:
    """A bar for each year in which the board was head or deputy, while it existed."""
    line = _lane_line(lane, y, scale)
    spans = [
        (max(line.x1, scale.x(dt.date(year, 1, 1))), min(line.x2, _year_end(year, scale)), role)
        for year, role in lane.roles
    ]
    return [Bar(x1, y - BAR // 2, x2 - x1, BAR, role) for x1, x2, role in spans if x2 > x1]


def _year_end(year: int, scale: Scale) -> int:
    """The x of 31 December."""
    return scale.x(dt.date(year, 12, 31))


def line_of(link: Link, rows: dict[int, int], scale: Scale) -> Line:
    """The vertical line from one lane to another."""
    x = scale.x(link.on)
    return Line(x, rows[link.source], x, rows[link.target], link.kind)


def _name_labels(lane: Lane, y: int, scale: Scale) -> list[Label]:
    """The names where they begin, alternately above and below the lane so that neighbours do not
    overlap.

    A name that would leave the picture is aligned to its right edge.
    """
    return [
        _placed(text, scale.x(since), y - 10 if number % 2 == 0 else y + 18, scale.width - MARGIN)
        for number, (since, text) in enumerate(lane.names)
    ]


def _placed(text: str, x: int, y: int, right: int) -> Label:
    """The label at x, or right-aligned if it would be too long."""
    if x + INDENT + len(text) * LETTER > right:
        return Label(right, y, text, "end")
    return Label(x + INDENT, y, text)


def _today_line(today: dt.date, years: tuple[int, int], height: int, scale: Scale) -> Line | None:
    """The line for today, None if the year is not in the picture."""
    if not years[0] <= today.year <= years[1]:
        return None
    return Line(scale.x(today), AXIS - 8, scale.x(today), height - MARGIN)


# --- The order of the lanes ---------------------------------------------------------------------


def in_families(boards: Sequence[int], links: Iterable[Link]) -> list[int]:
    """The boards in their order, but each board that resulted from others follows the
    last of them.
    """
    parents: dict[int, set[int]] = {}
    for link in links:
        if link.source != link.target and link.kind != "scope_transfer":
            parents.setdefault(link.target, set()).add(link.source)
    placed_boards = [board for board in boards if not parents.get(board, set()) & set(boards)]
    for board in boards:
        if board not in placed_boards:
            known = [placed_boards.index(one) for one in parents[board] if one in placed_boards]
            placed_boards.insert(max(known, default=len(placed_boards) - 1) + 1, board)
    return placed_boards
