"""What comes out of computing a year."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from ..formulas import Fact
from .ranking import Tie
from .scale import Criterion


class Line(NamedTuple):
    """A criterion of a board: its points, rounded, and what counts of them as what. The fact has
    the best of the bloc where the formula compares, and is empty where it is not assigned."""

    points: Decimal
    standard: Decimal
    bonus: Decimal
    fact: Fact


@dataclass(frozen=True, slots=True)
class Column:
    """A criterion of all boards, in the order of their sheets."""

    criterion: Criterion
    is_bonus: bool
    facts: list[Fact]
    points: list[Decimal]
    standard: list[Decimal]
    bonus: list[Decimal]
    # What its formula took off, as positive numbers; empty where the formula takes nothing off.
    taken_off: list[Decimal]

    @property
    def has_bonus_apart(self) -> bool:
        """Bonus points that are in no bonus group."""
        return not self.is_bonus and self.criterion.bonus_points > 0

    def line(self, index: int) -> Line:
        return Line(self.points[index], self.standard[index], self.bonus[index], self.facts[index])


class Lines(Mapping[str, Line]):
    """The lines of one board, each made when it is asked for: the ranking does without them, and
    making them all takes half as long as all the formulas."""

    def __init__(self, columns: Mapping[str, Column], index: int) -> None:
        self.columns, self.index = columns, index

    def __getitem__(self, code: str) -> Line:
        return self.columns[code].line(self.index)

    def __iter__(self) -> Iterator[str]:
        return iter(self.columns)

    def __len__(self) -> int:
        return len(self.columns)


class BoardResult(NamedTuple):
    """What a board reached, and its place; `rank` is None outside the ranking.

    `groups` has every group, bonus groups too; `standard` is the sum of the others at the top.
    `assigned` is what standard points the board could reach, and `percent` what its standard
    points and bonus are of that. The total is standard, adjustment and bonus together, unless that
    falls below 0; `value` is the total or the percent, as the scale says; `grade` is a title, ""
    below all grades. `deductions` is what was taken off, as a positive number.
    """

    board: int
    lines: Mapping[str, Line]
    groups: Mapping[str, Decimal]
    standard: Decimal
    bonus: Decimal
    adjustment: Decimal
    deductions: Decimal
    assigned: Decimal
    total: Decimal
    percent: Decimal
    value: Decimal
    grade: str
    rank: int | None = None
    ties: tuple[Tie, ...] = ()


@dataclass(frozen=True)
class YearResult:
    """The boards in the order of the ranking."""

    boards: tuple[BoardResult, ...]

    def of_board(self, board: int) -> BoardResult:
        return self._by_board[board]

    @cached_property
    def _by_board(self) -> dict[int, BoardResult]:
        return {result.board: result for result in self.boards}
