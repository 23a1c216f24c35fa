"""What the appraisal did with what the boards gave: for its minutes and their workbook."""

from collections.abc import Iterable
from dataclasses import dataclass

from . import results
from .models import Figure, Line, Objection, Return, Scoring
from .models.appraisal import Column


@dataclass(frozen=True)
class Change:
    """A line whose appraised figure is not the board's; `own` is None where the board gave none,
    for only the appraisers, an outside body or other boards score it."""

    line: Line
    own: Figure | None
    appraised: Figure


def changes(boards: Iterable[results.Board]) -> list[Change]:
    """Board by board in the year's order, line by line in that of the scale."""
    return [
        Change(line, board.standing(line, Column.SELF), appraised)
        for board in boards
        for line in board.lines
        if (appraised := board.standing(line, Column.APPRAISED)) is not None
        and is_changed(board.standing(line, Column.SELF), appraised)
    ]


def is_changed(before: Figure | None, after: Figure) -> bool:
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
    found = Objection.objects.filter(line__sheet__scoring=scoring)
    return list(
        found.select_related("line__criterion", "line__sheet__membership__name", "membership__name")
    )
