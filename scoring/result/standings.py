"""Where the boards of a year stand: the whole computed, with everything that pages and papers tell.

Before the result is final that is what is on record now; of a final year it is what was stored,
and nothing that happens later changes it.
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

    `boards` goes by the id of the membership, in the year's order, and so do the results. `stored`
    is the last result on record, if any. With `is_alone` a single board was computed by itself:
    its rank means nothing, and criteria that compare boards have no points yet.
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
        """The digest of scale and figures, by which anybody can tell whether they are the same."""
        return computing.digest(self.rules, self.sheets.values())

    @property
    def is_stored(self) -> bool:
        """Whether the result on record was computed from these very figures."""
        return self.stored is not None and self.stored.input_digest == self.digest

    @cached_property
    def names(self) -> dict[int, str]:
        return {pk: board.sheet.membership.name.short_name for pk, board in self.boards.items()}

    @property
    def ranked(self) -> int:
        """How many boards share the ranks."""
        return sum(one.rank is not None for one in self.year.boards)

    @property
    def main_groups(self) -> list[CriterionGroup]:
        """The groups of standard points at the top: their points and the bonus make the total."""
        return [one for one in self.groups if one.parent_id is None and not one.is_bonus]

    @property
    def has_adjustment(self) -> bool:
        return any(one.adjustment for one in self.year.boards)

    @cached_property
    def most(self) -> Decimal:
        """The end of the scale on which totals are drawn."""
        return self.rules.total + self.rules.bonus_cap

    def result(self, sheet: Sheet) -> computing.BoardResult:
        return self.year.of_board(sheet.membership_id)

    def points(self, line: Line) -> Decimal | None:
        """The points of a line; None for what does not apply, or cannot be known yet."""
        if not line.is_assigned or self.waits(line.criterion) or self.is_awaited(line):
            return None
        return self.result(line.sheet).lines[line.criterion.code].points

    def total(self, sheet: Sheet) -> Decimal | None:
        """None while points of the sheet are still missing."""
        return None if waits(sheet) else self.result(sheet).total

    def is_awaited(self, line: Line) -> bool:
        """Whether the appraisal still owes the line its figure."""
        fact = self.result(line.sheet).lines[line.criterion.code].fact
        return waits(line.sheet) and fact.actual is None

    def waits(self, criterion: Criterion) -> bool:
        """Whether the points depend on boards that are left out here."""
        return self.is_alone and criterion.formula.compares

    def words(self, line: Line) -> str:
        """How the figure makes the points, as a sentence."""
        if not line.is_assigned:
            return _("Not assigned: %(reason)s") % {"reason": line.unassigned_because}
        if self.waits(line.criterion):
            return _("Compared with the other boards once the scores are published")
        formula: Formula = line.criterion.formula
        fact = self.result(line.sheet).lines[line.criterion.code].fact
        return formula.words(fact, self.rules.rounding)


# --- Computing ------------------------------------------------------------------------------------


def compute_standings(scoring: Scoring, column: str = "") -> Standings:
    """The year in a column; without one, in the column that counts in its state.

    A constant number of queries, whatever the number of boards and criteria.
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
    """What the computation takes of a board, which has its place among the others from when its
    sheet is appraised."""
    sheet = computable_sheet(board, column)
    return replace(sheet, is_ranked=False) if waits(board.sheet) else sheet


def waits(sheet: Sheet) -> bool:
    """Whether points of the sheet are still missing: those that there are say nothing."""
    return sheet.scoring.is_open and sheet.state != SheetState.APPRAISED


def computed(
    scoring: Scoring,
    column: str,
    boards: list[BoardSheet],
    sheets: list[computing.Sheet],
) -> Standings:
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
    """The criteria in the order in which the scale prints them: the lines stand so already."""
    if boards:
        return [line.criterion for line in boards[0].lines]
    return list(scoring.scale.criteria.all())


def in_column(standings: Standings, column: str) -> Standings:
    """The same boards in another column, without asking the database again."""
    sheets = [computable_sheet(board, column) for board in standings.boards.values()]
    return replace(
        standings,
        column=column,
        sheets={sheet.board: sheet for sheet in sheets},
        year=computing.compute(standings.rules, sheets),
    )


def of_sheet(sheet: Sheet, sight: Visibility) -> Standings:
    """What a reader of a sheet may be told of the year: before publication a board sees nothing
    that the sheets of others have a part in."""
    whole = compute_standings(sheet.scoring) if sight.sees_ranking else _own_alone(sheet)
    sheet.membership = whole.boards[sheet.membership_id].sheet.membership
    return whole


def _own_alone(sheet: Sheet) -> Standings:
    boards = board_sheets(sheet.scoring, [sheet])
    sheets = [computable_sheet(board, Column.SELF) for board in boards]
    return replace(computed(sheet.scoring, Column.SELF, boards, sheets), is_alone=True)


# --- The ranking as it is told --------------------------------------------------------------------


@dataclass(frozen=True)
class Row:
    """A board in the ranking; `ties` are sentences, one for each board of the same points, and
    `is_open` says whether the reader may look at the board's own points."""

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
        """Whether its points are not told yet."""
        return waits(self.sheet)

    def by_groups(self, groups: Iterable[CriterionGroup]) -> list[Decimal | None]:
        return [None if self.waits else self.result.groups[group.code] for group in groups]


def rows(standings: Standings, sight: Visibility) -> list[Row]:
    """The boards in the order of the ranking, each with as much as the reader may see."""
    return [
        Row(
            board=standings.boards[result.board],
            result=result,
            ties=_ties_of(standings, result, sight),
            restrictions=standing_restrictions(standings, standings.boards[result.board]),
            is_open=sight.opens(standings.boards[result.board].sheet),
        )
        for result in standings.year.boards
    ]


def _ties_of(standings: Standings, result: computing.BoardResult, sight: Visibility) -> list[str]:
    """Figures of a group tell of both boards: who may not see both hears only who is ahead."""
    if result.rank is None:
        return []
    return [
        ranking.words(
            tie,
            standings.names,
            with_figures=sight.sees_points_of(result.board) and sight.sees_points_of(tie.other),
        )
        for tie in result.ties
    ]


def standing_restrictions(standings: Standings, board: BoardSheet) -> list[Restriction]:
    """What keeps the board out; of a final year, what did on the day it became final. A hold that
    was resolved since is told by the page, not by the papers of that day."""
    final = standings.scoring.finalised_at
    if final is None:
        return [one for one in board.restrictions if one.stands]
    day = localdate(final)
    return [one for one in board.restrictions if one.resolved_on is None or one.resolved_on > day]


def tie_step(code: str) -> str:
    """A step of the tie-break list, for a sentence that lists them."""
    words = {
        "fewest_deductions": _("fewer points deducted"),
        "ballot": _("ballot"),
        "head": _("decision of the head"),
    }
    group = code.removeprefix("group:")
    return words.get(code) or _("points of group %(group)s") % {"group": group}


# --- Other figures, tried out ---------------------------------------------------------------------


@dataclass(frozen=True)
class Shift:
    """A board before and after."""

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


def tried(standings: Standings, figures: Mapping[tuple[int, str], Decimal]) -> list[Shift]:
    """The year with other figures, by membership and code of the criterion; nothing is stored.

    The boards come in the order of the ranking that would follow.
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
