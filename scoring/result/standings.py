"""The computed ranking of a year, for pages and papers.

Until the result is final it is computed from the figures on record; a final year is computed from
the stored figures, so that nothing later changes it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from .. import computing
from ..computing import ranking
from ..formulas import Formula
from ..models import Criterion, CriterionGroup, Line, Restriction, Result, Scoring, Sheet
from ..models.appraisal import Column
from ..models.sheets import ScoringState, SheetState
from ..scale import computable
from ..scale.drafts import tree_of
from ..sheets.boards import NOTHING, BoardSheet, board_sheets, computable_sheet
from ..visibility import Visibility
from . import stored as result_stored

AGREED_STATES = (ScoringState.AGREED, ScoringState.FINAL)


@dataclass(frozen=True)
class Standings:
    """A year computed in one column.

    `boards` and `sheets` go by membership id, in the year's order. `stored` is the last stored
    result, if any. With `is_alone`, a single board was computed by itself: it has no meaningful
    rank, and criteria that compare boards have no points.
    """

    scoring: Scoring
    column: str
    rules: computing.Scale
    sheets: Mapping[int, computing.Sheet]
    year: computing.YearResult
    boards: Mapping[int, BoardSheet]
    groups: list[CriterionGroup]
    criteria: list[Criterion]
    stored: Result | None = None
    is_alone: bool = False

    @cached_property
    def digest(self) -> str:
        """The digest of scale and figures; equal digests mean that neither was changed."""
        return computing.digest(self.rules, self.sheets.values())

    @property
    def is_stored(self) -> bool:
        """Whether the stored result was computed from exactly these figures."""
        return self.stored is not None and self.stored.input_digest == self.digest

    @cached_property
    def names(self) -> dict[int, str]:
        return {pk: board.sheet.membership.name.short_name for pk, board in self.boards.items()}

    @property
    def ranked(self) -> int:
        """The number of boards that have a rank."""
        return sum(one.rank is not None for one in self.year.boards)

    @property
    def main_groups(self) -> list[CriterionGroup]:
        """The top groups with standard points; their points and the bonus add up to the total."""
        return [one for one in self.groups if one.parent_id is None and not one.is_bonus]

    @property
    def has_adjustment(self) -> bool:
        return any(one.adjustment for one in self.year.boards)

    @cached_property
    def most(self) -> Decimal:
        """The highest possible total, the end of the axis on which totals are drawn."""
        return self.rules.total + self.rules.bonus_cap

    def result(self, sheet: Sheet) -> computing.BoardResult:
        return self.year.of_board(sheet.membership_id)

    def points(self, line: Line) -> Decimal | None:
        """The points of a line; None if it is not assigned, or if they are not known yet."""
        if not line.is_assigned or self.needs_other_boards(line.criterion) or self.is_awaited(line):
            return None
        return self.result(line.sheet).lines[line.criterion.code].points

    def total(self, sheet: Sheet) -> Decimal | None:
        """The total of a sheet; None until it is appraised."""
        return None if is_incomplete(sheet) else self.result(sheet).total

    def is_awaited(self, line: Line) -> bool:
        """Whether the line has no figure because its sheet is not appraised yet."""
        fact = self.result(line.sheet).lines[line.criterion.code].fact
        return is_incomplete(line.sheet) and fact.actual is None

    def needs_other_boards(self, criterion: Criterion) -> bool:
        """Whether the points of a criterion depend on other boards, which are not computed here."""
        return self.is_alone and criterion.formula.compares

    def words(self, line: Line) -> str:
        """The calculation of the line's points, as a sentence."""
        if not line.is_assigned:
            return _("Not assigned: %(reason)s") % {"reason": line.unassigned_because}
        if self.needs_other_boards(line.criterion):
            return _("Compared with the other boards once the scores are published")
        formula: Formula = line.criterion.formula
        fact = self.result(line.sheet).lines[line.criterion.code].fact
        return formula.words(fact, self.rules.rounding)


# --- Computing ------------------------------------------------------------------------------------


def compute_standings(scoring: Scoring, column: str = "") -> Standings:
    """The year in a column; by default in the column that counts in the year's state.

    The number of queries does not depend on boards and criteria.
    """
    boards = board_sheets(scoring)
    stored = scoring.results.order_by("pk").last()
    counted = _column_of(scoring)
    if scoring.state == ScoringState.FINAL and stored and column in ("", counted):
        sheets = result_stored.figures_from_json(stored.content["figures"])
    else:
        sheets = [_with_place(board, column or counted) for board in boards]
    return replace(computed(scoring, column or counted, boards, sheets), stored=stored)


def _with_place(board: BoardSheet, column: str) -> computing.Sheet:
    """The board's input for the computation; it is ranked only once its sheet is appraised."""
    sheet = computable_sheet(board, column)
    return replace(sheet, is_ranked=False) if is_incomplete(board.sheet) else sheet


def is_incomplete(sheet: Sheet) -> bool:
    """Whether the sheet is not appraised yet, so that its points are incomplete."""
    return sheet.scoring.is_open and sheet.state != SheetState.APPRAISED


def computed(
    scoring: Scoring,
    column: str,
    boards: list[BoardSheet],
    sheets: list[computing.Sheet],
) -> Standings:
    """The standings from given inputs: `boards` with everything pages show, `sheets` with the
    figures."""
    rules = computable.rules_of(scoring.scale)
    return Standings(
        scoring=scoring,
        column=column,
        rules=rules,
        sheets={sheet.board: sheet for sheet in sheets},
        year=computing.compute(rules, sheets),
        boards={board.sheet.membership_id: board for board in boards},
        groups=tree_of(scoring.scale),
        criteria=_criteria_of(scoring, boards),
    )


def _column_of(scoring: Scoring) -> str:
    return Column.AGREED if scoring.state in AGREED_STATES else Column.APPRAISED


def _criteria_of(scoring: Scoring, boards: list[BoardSheet]) -> list[Criterion]:
    """The criteria in the order of the scale, which is that of the lines."""
    if boards:
        return [line.criterion for line in boards[0].lines]
    return list(scoring.scale.criteria.all())


def in_column(standings: Standings, column: str) -> Standings:
    """The same boards computed in another column, without queries."""
    sheets = [computable_sheet(board, column) for board in standings.boards.values()]
    return replace(
        standings,
        column=column,
        sheets={sheet.board: sheet for sheet in sheets},
        year=computing.compute(standings.rules, sheets),
    )


def standings_for(sheet: Sheet, visibility: Visibility) -> Standings:
    """The standings that a reader of a sheet may see: before publication, a board's reader gets the
    own board computed alone."""
    whole = compute_standings(sheet.scoring) if visibility.sees_ranking else _own_alone(sheet)
    sheet.membership = whole.boards[sheet.membership_id].sheet.membership
    return whole


def _own_alone(sheet: Sheet) -> Standings:
    boards = board_sheets(sheet.scoring, [sheet])
    sheets = [computable_sheet(board, Column.SELF) for board in boards]
    return replace(computed(sheet.scoring, Column.SELF, boards, sheets), is_alone=True)


# --- The ranking as shown -------------------------------------------------------------------------


@dataclass(frozen=True)
class Row:
    """A board in the ranking. `ties` has one sentence per board of the same points; `is_open` says
    whether the reader may open the page with the board's points."""

    board: BoardSheet
    result: computing.BoardResult
    ties: list[str]
    restrictions: list[Restriction]
    is_open: bool

    @property
    def sheet(self) -> Sheet:
        return self.board.sheet

    @property
    def waits(self) -> bool:
        """Whether the board's points are not shown yet."""
        return is_incomplete(self.sheet)

    def by_groups(self, groups: Iterable[CriterionGroup]) -> list[Decimal | None]:
        return [None if self.waits else self.result.groups[group.code] for group in groups]


def rows(standings: Standings, visibility: Visibility) -> list[Row]:
    """The boards in ranking order, with what the reader may see of each."""
    return [
        Row(
            board=standings.boards[result.board],
            result=result,
            ties=_ties_of(standings, result, visibility),
            restrictions=restrictions_in_force(standings, standings.boards[result.board]),
            is_open=visibility.opens(standings.boards[result.board].sheet),
        )
        for result in standings.year.boards
    ]


def _ties_of(
    standings: Standings, result: computing.BoardResult, visibility: Visibility
) -> list[str]:
    """The ties in words. The figures of a group are left out unless the reader may see the points
    of both boards."""
    if result.rank is None:
        return []
    return [
        ranking.words(
            tie,
            standings.names,
            with_figures=visibility.sees_points_of(result.board)
            and visibility.sees_points_of(tie.other),
        )
        for tie in result.ties
    ]


def restrictions_in_force(standings: Standings, board: BoardSheet) -> list[Restriction]:
    """The restrictions of a board that are in force; of a final year, those in force on the day it
    became final, for the papers of that day must not change when a hold is resolved later."""
    final = standings.scoring.finalised_at
    if final is None:
        return [one for one in board.restrictions if one.is_in_force]
    day = localdate(final)
    return [one for one in board.restrictions if one.resolved_on is None or one.resolved_on > day]


def tie_step(code: str) -> str:
    """A step of the tie-break list in words, for a list in a sentence."""
    words = {
        "fewest_deductions": _("fewer points deducted"),
        "ballot": _("ballot"),
        "head": _("decision of the head"),
    }
    group = code.removeprefix("group:")
    return words.get(code) or _("points of group %(group)s") % {"group": group}


# --- Trying out other figures ---------------------------------------------------------------------


@dataclass(frozen=True)
class Shift:
    """A board's result before and after other figures."""

    board: BoardSheet
    before: computing.BoardResult
    after: computing.BoardResult

    @property
    def gain(self) -> Decimal:
        return self.after.value - self.before.value

    @property
    def is_moved(self) -> bool:
        return (self.before.rank, self.before.value, self.before.grade) != (
            self.after.rank,
            self.after.value,
            self.after.grade,
        )


def try_figures(standings: Standings, figures: Mapping[tuple[int, str], Decimal]) -> list[Shift]:
    """The year computed with other figures, by (membership id, criterion code); nothing is stored.

    The boards come in the ranking order that would result.
    """
    sheets = [_with_figures(sheet, figures) for sheet in standings.sheets.values()]
    after = computing.compute(standings.rules, sheets)
    return [
        Shift(standings.boards[one.board], standings.year.of_board(one.board), one)
        for one in after.boards
    ]


def _with_figures(
    sheet: computing.Sheet, figures: Mapping[tuple[int, str], Decimal]
) -> computing.Sheet:
    changed = dict(sheet.facts)
    for (board, code), actual in figures.items():
        if board == sheet.board:
            known = changed.get(code, NOTHING)
            changed[code] = replace(known, actual=actual)
    return replace(sheet, facts=changed)
