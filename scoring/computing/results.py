"""The result of computing a year."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from ..formulas import Fact
from .ranking import Tie
from .scale import Criterion


class Line(NamedTuple):
    """A criterion of a board: its rounded points, and how many count as standard and as bonus
    points. `fact` has the best measure of the bloc if the formula compares, and is empty if the
    criterion is not assigned."""

    points: Decimal
    standard: Decimal
    bonus: Decimal
    fact: Fact


@dataclass(frozen=True, slots=True)
class Column:
    """A criterion for all boards, in the order of their sheets."""

    criterion: Criterion
    is_bonus: bool
    facts: list[Fact]
    points: list[Decimal]
    standard: list[Decimal]
    bonus: list[Decimal]
    # Points taken off, as positive numbers; empty if the formula takes nothing off.
    taken_off: list[Decimal]

    @property
    def has_bonus_apart(self) -> bool:
        """Whether the criterion gives bonus points without being in a bonus group."""
        return not self.is_bonus and self.criterion.bonus_points > 0

    def line(self, index: int) -> Line:
        return Line(self.points[index], self.standard[index], self.bonus[index], self.facts[index])


class Lines(Mapping[str, Line]):
    """The lines of one board by criterion code, made on access: the ranking does not need them, and
    making them all takes half as long as computing all formulas."""

    def __init__(self, columns: Mapping[str, Column], index: int) -> None:
        self.columns, self.index = columns, index

    def __getitem__(self, code: str) -> Line:
        return self.columns[code].line(self.index)

    def __iter__(self) -> Iterator[str]:
        return iter(self.columns)

    def __len__(self) -> int:
        return len(self.columns)


class BoardResult(NamedTuple):
    """The points of a board and its rank; `rank` is None outside the ranking.

    `groups` has the points of every group, bonus groups too; `standard` is the sum of the other top
    groups. `assigned` is the number of standard points the board could reach, `percent` its
    standard points and bonus in percent of that. `total` is standard, adjustment and bonus
    together, at least 0. `value` is the total or the percent, by the scale's basis. `grade` is a
    title, "" below all grades. `deductions` is the sum of points taken off, as a positive number.
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
    """The results of all boards in ranking order."""

    boards: tuple[BoardResult, ...]

    def of_board(self, board: int) -> BoardResult:
        return self._by_board[board]

    @cached_property
    def _by_board(self) -> dict[int, BoardResult]:
        return {result.board: result for result in self.boards}
