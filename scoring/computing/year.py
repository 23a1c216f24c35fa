"""Adds up the points of a year's criteria to groups, totals and ranks."""

from collections.abc import Iterable, Iterator
from decimal import Decimal

from ..formulas import rounded
from .columns import at_most, columns
from .ranking import Contender, rank
from .results import BoardResult, Lines, YearResult
from .scale import Basis, Combine, Group, NotAssigned, Scale, Sheet, refuse_flaws

ZERO = Decimal(0)
HUNDRED = Decimal(100)
HUNDREDTH = Decimal("0.01")


def compute(scale: Scale, sheets: Iterable[Sheet]) -> YearResult:
    """The result of a year; the same for any order of sheets, criteria and groups.

    Raises ValueError for two sheets of one board, for a criterion or group outside the top groups,
    and for an unknown tie-break code.
    """
    year = Year(scale, list(sheets))
    results = {result.board: result for result in year.results()}
    places = rank(map(_contender, year.sheets, results.values()), scale.tie_break)
    return YearResult(
        tuple(results[one.board]._replace(rank=one.rank, ties=one.ties) for one in places)
    )


def _contender(sheet: Sheet, result: BoardResult) -> Contender:
    return Contender(
        board=sheet.board,
        order=sheet.order,
        value=result.value,
        groups=result.groups,
        deductions=result.deductions,
        is_ranked=sheet.is_ranked,
        rulings=sheet.rulings,
        about=sheet.about,
    )


class Year:
    """The computation of one year. A list of points has one entry per board, in the order of the
    sheets."""

    def __init__(self, scale: Scale, sheets: list[Sheet]) -> None:
        if len({sheet.board for sheet in sheets}) < len(sheets):
            raise ValueError("A board has one sheet")
        refuse_flaws(scale)
        self.scale, self.sheets = scale, sheets
        self.nought = rounded(ZERO, scale.rounding)
        self.columns = {one.criterion.code: one for one in columns(scale, sheets)}
        groups = {group.code: group for group in scale.groups}
        # A bonus group inside a standard group, or the reverse, counts as a top group.
        self.parents = {
            one.code: one.parent if groups.get(one.parent, one).is_bonus == one.is_bonus else ""
            for one in scale.groups
        }
        self.groups: dict[str, list[Decimal]] = {}

    def results(self) -> list[BoardResult]:
        """The results in the order of the sheets, without ranks."""
        top = [group for group in self.scale.groups if not self.parents[group.code]]
        standard = self.added(self.worth(one) for one in top if not one.is_bonus)
        bonus = self.added(self.worth(one) for one in top if one.is_bonus)
        sums = zip(standard, self.bonus(bonus), self.deductions(), self.below_zero(), strict=True)
        return [self.result(n, *of_board) for n, of_board in enumerate(sums)]

    def worth(self, group: Group) -> list[Decimal]:
        """The points of a group, per board; stored in `groups` together with those of the groups
        inside it."""
        own = [one for one in self.columns.values() if one.criterion.group == group.code]
        inner = [one for one in self.scale.groups if self.parents[one.code] == group.code]
        points = [one.bonus if group.is_bonus else one.standard for one in own]
        points += [self.worth(one) for one in inner]
        self.groups[group.code] = (
            self.combined(group, points) if group.is_bonus else self.added(points)
        )
        return self.groups[group.code]

    def combined(self, group: Group, points: list[list[Decimal]]) -> list[Decimal]:
        """The points of a bonus group, per board."""
        if group.combine == Combine.SUM:
            combined = self.added(points)
        else:
            combined = [max(of_board) for of_board in self.by_board(points)]
        return at_most(group.max_points, combined)

    def bonus(self, of_groups: list[Decimal]) -> list[Decimal]:
        """The total bonus per board: of bonus groups, and of points above the maximum of other
        criteria."""
        above = [one.bonus for one in self.columns.values() if one.has_bonus_apart]
        return at_most(self.scale.bonus_cap, self.added([of_groups, *above]))

    def deductions(self) -> list[Decimal]:
        return self.added(one.taken_off for one in self.columns.values() if one.taken_off)

    def below_zero(self) -> list[Decimal]:
        """The points that deductions take from the standard points, per board: 0 or negative."""
        return self.added(
            one.standard for one in self.columns.values() if one.criterion.formula.is_deduction
        )

    def added(self, points: Iterable[list[Decimal]]) -> list[Decimal]:
        return [sum(of_board, ZERO) for of_board in self.by_board(points)]

    def by_board(self, points: Iterable[list[Decimal]]) -> Iterator[tuple[Decimal, ...]]:
        """The lists of points regrouped as one row per board, each starting with 0."""
        return zip([self.nought] * len(self.sheets), *points, strict=True)

    def result(
        self, n: int, standard: Decimal, bonus: Decimal, deductions: Decimal, below_zero: Decimal
    ) -> BoardResult:
        scale, sheet = self.scale, self.sheets[n]
        assigned = self.assigned(sheet)
        adjustment = self.adjustment(standard - below_zero, assigned)
        total = max(standard + adjustment + bonus, self.nought)
        percent = share(standard + bonus, assigned)
        value = percent if scale.basis == Basis.PERCENT else total
        return BoardResult(
            board=sheet.board,
            lines=Lines(self.columns, n),
            groups={code: points[n] for code, points in self.groups.items()},
            standard=standard,
            bonus=bonus,
            adjustment=adjustment,
            deductions=deductions,
            assigned=assigned,
            total=total,
            percent=percent,
            value=value,
            grade=next((one.title for one in scale.grades if one.least <= value), ""),
        )

    def assigned(self, sheet: Sheet) -> Decimal:
        """The standard points that the board can reach."""
        if not sheet.not_assigned or self.scale.not_assigned == NotAssigned.FULL:
            return self.scale.total
        others = (self.columns[code] for code in sheet.not_assigned & self.columns.keys())
        return self.scale.total - sum(
            (one.criterion.max_points for one in others if not one.is_bonus), ZERO
        )

    def adjustment(self, earned: Decimal, assigned: Decimal) -> Decimal:
        """The points added by scaling up: earned × total / assigned - earned. Deductions are left
        out: they are the same for all boards."""
        others = self.scale.total - assigned
        if not others or assigned <= ZERO or self.scale.basis == Basis.PERCENT:
            return self.nought
        return rounded(earned * others / assigned, self.scale.rounding)


def share(points: Decimal, assigned: Decimal) -> Decimal:
    """`points` in percent of `assigned`, with two decimals; 0 if either is 0 or negative."""
    if points <= ZERO or assigned <= ZERO:
        return rounded(ZERO, HUNDREDTH)
    return rounded(points * HUNDRED / assigned, HUNDREDTH)
