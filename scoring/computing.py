"""From facts to the result of a year: a pure function, rounding each criterion once.

Every sum is one of points that are rounded already, and is never rounded again; so the parts that
a sheet prints add up to its total.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from .formulas import Fact, Formula, parameters_of, plain, rounded
from .ranking import Contender, Tie, rank

ZERO = Decimal(0)
HUNDRED = Decimal(100)
HUNDREDTH = Decimal("0.01")
NO_FACT = Fact()


# --- What is given --------------------------------------------------------------------------------


class Combine(StrEnum):
    """What counts of the criteria of a bonus group."""

    SUM = "sum"
    HIGHEST = "highest"


class Basis(StrEnum):
    """What boards are ranked and graded by."""

    POINTS = "points"
    PERCENT = "percent"


class NotAssigned(StrEnum):
    """What becomes of a criterion that does not apply to a board."""

    RESCALED = "rescaled"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class Criterion:
    """Points beyond `max_points` are bonus, up to `bonus_points`. With `facts_from`, the figures of
    that other criterion are used."""

    code: str
    group: str
    formula: Formula
    max_points: Decimal
    bonus_points: Decimal = ZERO
    facts_from: str = ""

    @property
    def source(self) -> str:
        return self.facts_from or self.code


@dataclass(frozen=True, slots=True)
class Group:
    """`parent` is the code of the group that it is part of. A bonus group holds bonus points only,
    at most `max_points` of them; what it combines are its criteria and its own bonus groups."""

    code: str
    title: str
    max_points: Decimal
    parent: str = ""
    combine: Combine = Combine.SUM
    is_bonus: bool = False


@dataclass(frozen=True, slots=True)
class Grade:
    title: str
    least: Decimal


@dataclass(frozen=True, slots=True)
class Scale:
    """`grades` from the best down; `tie_break` in the order of ranking.rank."""

    total: Decimal
    bonus_cap: Decimal
    rounding: Decimal
    basis: Basis
    not_assigned: NotAssigned
    groups: tuple[Group, ...]
    criteria: tuple[Criterion, ...]
    grades: tuple[Grade, ...]
    tie_break: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a board did, by the codes of criteria. A board that `is_ranked` not keeps its points."""

    board: int
    facts: Mapping[str, Fact]
    not_assigned: frozenset[str] = frozenset()
    is_ranked: bool = True
    order: int = 0
    rulings: Mapping[str, int] = field(default_factory=dict)


# --- What comes out -------------------------------------------------------------------------------


class Line(NamedTuple):
    """A criterion of a board: its points, rounded; what counts of them as standard and as bonus."""

    points: Decimal
    standard: Decimal
    bonus: Decimal
    fact: Fact


class BoardResult(NamedTuple):
    """What a board reached, and its place; `rank` is None outside the ranking.

    `groups` has every group, bonus groups too; `standard` is the sum of those at the top that are
    none. `assigned` is what it could have reached, `percent` what of that it did, with the bonus.
    The total is standard, adjustment and bonus together, unless that would fall below 0; `value`
    is the total or the percent, as the scale says; `grade` is "" below all grades.
    """

    board: int
    lines: dict[str, Line]
    groups: dict[str, Decimal]
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

    def of(self, board: int) -> BoardResult:
        return self.by_board[board]

    @cached_property
    def by_board(self) -> dict[int, BoardResult]:
        return {result.board: result for result in self.boards}


# --- Computing ------------------------------------------------------------------------------------


def compute(scale: Scale, sheets: Iterable[Sheet]) -> YearResult:
    """The result of a year, the same in whatever order sheets, criteria and groups are given.

    Raises ValueError for two sheets of one board, for a group without a way to the top, and for a
    tie-break that no scale has.
    """
    by_board = sheets_by_board(sheets)
    year = Year(scale, list(by_board.values()))
    results = {board: year.result(sheet) for board, sheet in by_board.items()}
    contenders = [contender(by_board[board], result) for board, result in results.items()]
    return YearResult(
        tuple(
            results[place.board]._replace(rank=place.rank, ties=place.ties)
            for place in rank(contenders, scale.tie_break)
        )
    )


def sheets_by_board(sheets: Iterable[Sheet]) -> dict[int, Sheet]:
    found: dict[int, Sheet] = {}
    for sheet in sheets:
        if sheet.board in found:
            raise ValueError(f"Two sheets of board {sheet.board}")
        found[sheet.board] = sheet
    return found


def contender(sheet: Sheet, result: BoardResult) -> Contender:
    return Contender(
        board=sheet.board,
        order=sheet.order,
        value=result.value,
        groups=result.groups,
        deductions=result.deductions,
        is_ranked=sheet.is_ranked,
        rulings=sheet.rulings,
    )


@dataclass(frozen=True, slots=True)
class Task:
    """A criterion made ready to be computed board by board."""

    criterion: Criterion
    is_bonus: bool
    step: Decimal
    best: Decimal | None

    def line(self, fact: Fact) -> Line:
        """What the fact earns, rounded here and nowhere else."""
        criterion = self.criterion
        if criterion.formula.compares:
            fact = Fact(fact.actual, fact.plan, self.best)
        points = rounded(criterion.formula.points(fact), self.step)
        if self.is_bonus:
            most = criterion.max_points + criterion.bonus_points
            return Line(points, ZERO, min(points, most), fact)
        if points <= criterion.max_points:
            return Line(points, points, ZERO, fact)
        over = min(points - criterion.max_points, criterion.bonus_points)
        return Line(points, criterion.max_points, over, fact)

    def line_of_others(self, policy: NotAssigned) -> Line:
        """The criterion does not apply to the board: nothing, or all standard points."""
        points = (
            ZERO if self.is_bonus or policy == NotAssigned.RESCALED else self.criterion.max_points
        )
        return Line(points, points, ZERO, NO_FACT)


# --- provisional ---


class Branch:
    def __init__(self, group: Group, is_bonus: bool, scale: Scale) -> None:
        self.group, self.is_bonus = group, is_bonus
        self.codes = [c.code for c in scale.criteria if c.group == group.code]
        self.parts = [
            Branch(one, is_bonus or one.is_bonus, scale)
            for one in scale.groups
            if one.parent == group.code
        ]

    def roll_up(self, lines: Mapping[str, Line], points: dict[str, Decimal]) -> Decimal:
        parts = [part.roll_up(lines, points) for part in self.parts]
        if self.is_bonus:
            own = [lines[code].bonus for code in self.codes] + parts
            whole = max(own, default=ZERO) if self.group.combine == "highest" else sum(own, ZERO)
            points[self.group.code] = min(whole, self.group.max_points)
        else:
            points[self.group.code] = sum([lines[c].standard for c in self.codes] + parts, ZERO)
        return points[self.group.code]


class Year:
    def __init__(self, scale: Scale, sheets: list[Sheet]) -> None:
        self.scale = scale
        self.top = [Branch(g, g.is_bonus, scale) for g in scale.groups if not g.parent]
        bonus = {g.code: g.is_bonus for g in scale.groups}
        self.tasks = [
            Task(c, bonus[c.group], scale.rounding, self.best(c, sheets)) for c in scale.criteria
        ]

    def best(self, criterion: Criterion, sheets: list[Sheet]) -> Decimal | None:
        if not criterion.formula.compares:
            return None
        measures = [
            criterion.formula.measure(sheet.facts[criterion.source])
            for sheet in sheets
            if criterion.code not in sheet.not_assigned and criterion.source in sheet.facts
        ]
        return max((m for m in measures if m is not None), default=None)

    def result(self, sheet: Sheet) -> BoardResult:
        scale = self.scale
        lines: dict[str, Line] = {}
        assigned = deductions = ZERO
        for task in self.tasks:
            one = task.criterion
            if one.code in sheet.not_assigned:
                lines[one.code] = task.line_of_others(scale.not_assigned)
                if scale.not_assigned == NotAssigned.FULL and not task.is_bonus:
                    assigned += one.max_points
                continue
            line = lines[one.code] = task.line(sheet.facts.get(one.source, NO_FACT))
            if not task.is_bonus:
                assigned += one.max_points
            if line.points < ZERO:
                deductions -= line.points
            elif one.formula.full is not None and line.fact.actual is not None:
                deductions += one.max_points - line.points
        groups: dict[str, Decimal] = {}
        standard = sum((b.roll_up(lines, groups) for b in self.top if not b.is_bonus), ZERO)
        bonus = sum((b.roll_up(lines, groups) for b in self.top if b.is_bonus), ZERO)
        bonus += sum((lines[t.criterion.code].bonus for t in self.tasks if not t.is_bonus), ZERO)
        bonus = min(bonus, scale.bonus_cap)
        adjustment = ZERO
        if scale.basis == Basis.POINTS and assigned and assigned != scale.total:
            adjustment = rounded(standard * scale.total / assigned, scale.rounding) - standard
        total = max(standard + adjustment + bonus, ZERO)
        percent = rounded((standard + bonus) * HUNDRED / assigned, HUNDREDTH) if assigned else ZERO
        value = total if scale.basis == Basis.POINTS else percent
        grade = next((g.title for g in scale.grades if g.least <= value), "")
        return BoardResult(
            sheet.board,
            lines,
            groups,
            standard,
            bonus,
            adjustment,
            deductions,
            assigned,
            total,
            percent,
            value,
            grade,
        )


def digest(scale: Scale, sheets: Iterable[Sheet]) -> str:
    facts = {
        "scale": [
            [
                plain(scale.total),
                plain(scale.bonus_cap),
                plain(scale.rounding),
                scale.basis,
                scale.not_assigned,
                list(scale.tie_break),
            ],
            sorted(
                [g.code, g.title, plain(g.max_points), g.parent, g.combine, g.is_bonus]
                for g in scale.groups
            ),
            sorted(
                json.dumps(
                    [
                        c.code,
                        c.group,
                        c.formula.kind,
                        parameters_of(c.formula),
                        plain(c.max_points),
                        plain(c.bonus_points),
                        c.facts_from,
                    ]
                )
                for c in scale.criteria
            ),
            sorted([g.title, plain(g.least)] for g in scale.grades),
        ],
        "sheets": sorted(
            json.dumps(
                [
                    s.board,
                    s.order,
                    s.is_ranked,
                    dict(s.rulings),
                    sorted(s.not_assigned),
                    {
                        c: ["" if one is None else plain(one) for one in (f.actual, f.plan)]
                        for c, f in s.facts.items()
                    },
                ],
                sort_keys=True,
            )
            for s in sheets
        ),
    }
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()
