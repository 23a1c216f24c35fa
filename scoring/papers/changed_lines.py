"""What appraisal and conference did with what the boards gave: for papers and their workbook."""

from collections.abc import Iterable
from dataclasses import dataclass

from ..models import Figure, Line, Objection, Return, Scoring
from ..models.appraisal import Column
from ..result import objections
from ..sheets.boards import BoardSheet


@dataclass(frozen=True)
class Change:
    """A line whose figure is not that of the column before; `before` is None where there was none,
    as on a line that only the appraisers, an outside body or other boards score."""

    line: Line
    before: Figure | None
    after: Figure


def changes(
    boards: Iterable[BoardSheet],
    before: str = Column.SELF,
    after: str = Column.APPRAISED,
) -> list[Change]:
    """Board by board in the year's order, line by line in that of the scale."""
    return [
        Change(line, board.figure_in(line, before), figure)
        for board in boards
        for line in board.lines
        if (figure := board.figure_in(line, after)) is not None
        and is_changed(board.figure_in(line, before), figure)
    ]


def is_changed(before: Figure | None, after: Figure) -> bool:
    """Whether a figure has another value than the one before it, or none was before it."""
    return before is None or before.fact != after.fact


def returns_of(scoring: Scoring) -> list[Return]:
    """Every line that was sent back, in the order of boards and rounds."""
    found = Return.objects.filter(line__sheet__scoring=scoring)
    return list(
        found.select_related("line__criterion", "line__sheet__membership__name").order_by(
            "line__sheet__membership__order", "round", "line__criterion__order"
        )
    )


def objections_of(scoring: Scoring) -> list[Objection]:
    """All objections of a year, the oldest first, with their lines."""
    return objections.fetch_objections(
        Objection.objects.filter(line__sheet__scoring=scoring), scoring
    )
