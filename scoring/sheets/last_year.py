"""A board's points of the year before, as agreed, for the column beside this year's."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Q

from members.models import User
from members.models.successions import boards_before

from ..models import Result, Sheet


@dataclass(frozen=True)
class LastYear:
    """Points by the codes of criteria and groups, as of that year."""

    year: int
    lines: dict[str, Decimal] = field(default_factory=dict)
    groups: dict[str, Decimal] = field(default_factory=dict)
    total: Decimal | None = None


def last_year_of(sheet: Sheet, *, reader: User) -> LastYear | None:
    """The latest agreed result of an earlier year, for the same board or the only board it came
    from. None if there is none, or if the reader may not read that sheet. Two queries."""
    year = sheet.scoring.bloc_year
    result = (
        Result.objects.filter(
            scoring__bloc_year__bloc=year.bloc_id,
            scoring__bloc_year__year__lt=year.year,
            occasion__in=[Result.Occasion.AGREEMENT, Result.Occasion.FINAL],
        )
        .select_related("scoring__bloc_year")
        .order_by("-scoring__bloc_year__year", "-pk")
        .first()
    )
    membership = _same_board_in(result, sheet, reader) if result else None
    outcome = _outcome_of(result, membership) if result and membership else None
    return _read_outcome(result.scoring.bloc_year.year, outcome) if result and outcome else None


def _same_board_in(result: Result, sheet: Sheet, reader: User) -> int | None:
    """The membership of the board, or else of its only predecessor; None if there are several, for
    they cannot share one column."""
    board = sheet.membership.board_id
    sheets = Sheet.objects.visible_to(reader).filter(
        Q(membership__board=board) | Q(membership__board__in=boards_before([board])),
        scoring=result.scoring_id,
    )
    found = dict(sheets.values_list("membership__board", "membership"))
    if board in found or len(found) != 1:
        return found.get(board)
    return next(iter(found.values()))


def _outcome_of(result: Result, membership: int) -> dict[str, Any] | None:
    rows: list[dict[str, Any]] = result.content["outcome"]
    return next((row for row in rows if row["board"] == membership), None)


def _read_outcome(year: int, row: dict[str, Any]) -> LastYear:
    return LastYear(
        year=year,
        lines={code: Decimal(points) for code, points in row["lines"].items()},
        groups={code: Decimal(points) for code, points in row["groups"].items()},
        total=Decimal(row["total"]),
    )
