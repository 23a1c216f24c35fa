"""One criterion computed for all boards at once, because some formulas compare the boards."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from operator import sub

from ..formulas import Fact, Formula, rounded
from .results import Column
from .scale import NO_FACT, Criterion, NotAssigned, Scale, Sheet

ZERO = Decimal(0)


def columns(scale: Scale, sheets: Sequence[Sheet]) -> Iterator[Column]:
    """The columns in the order of the scale's criteria."""
    bonus_groups = {group.code for group in scale.groups if group.is_bonus}
    for criterion, facts in zip(scale.criteria, by_criterion(scale, sheets), strict=True):
        yield column(criterion, scale, sheets, facts, is_bonus=criterion.group in bonus_groups)


def by_criterion(scale: Scale, sheets: Iterable[Sheet]) -> list[list[Fact]]:
    """The facts of all boards, one list per criterion. They are read board by board and then
    regrouped, which takes a third of the time of reading criterion by criterion."""
    codes = [(one.code, one.source) for one in scale.criteria]
    by_board = [fact for sheet in sheets for fact in facts_of(sheet, codes)]
    return [by_board[n :: len(codes)] for n in range(len(codes))]


def facts_of(sheet: Sheet, codes: Iterable[tuple[str, str]]) -> list[Fact]:
    """The facts of a board for pairs (criterion code, code of the criterion that has the figure);
    empty facts where the criterion is not assigned."""
    known, absent = sheet.facts, sheet.not_assigned
    if not absent:
        return [known.get(source, NO_FACT) for _code, source in codes]
    return [NO_FACT if code in absent else known.get(source, NO_FACT) for code, source in codes]


def column(
    criterion: Criterion,
    scale: Scale,
    sheets: Sequence[Sheet],
    facts: list[Fact],
    *,
    is_bonus: bool,
) -> Column:
    """The points of one criterion for all boards. In a bonus group all points are bonus; elsewhere
    the points above the criterion's maximum are."""
    facts = _with_best(criterion.formula, facts)
    points = _points_of(criterion.formula, facts, scale.rounding)
    taken = taken_off(criterion, facts, points, scale.rounding)
    # The sum of 0.00 and 15 has two decimals: 15.00.
    nought = rounded(ZERO, scale.rounding)
    most_standard = nought if is_bonus else nought + criterion.max_points
    if scale.not_assigned == NotAssigned.FULL:
        for n, sheet in enumerate(sheets):
            if criterion.code in sheet.not_assigned:
                points[n] = most_standard
    noughts = [nought] * len(points)
    if is_bonus:
        standard, bonus = noughts, at_most(criterion.max_points + criterion.bonus_points, points)
    elif rounded(criterion.formula.most, scale.rounding) <= most_standard:
        standard, bonus = points, noughts
    else:
        standard = at_most(most_standard, points)
        bonus = at_most(criterion.bonus_points, map(sub, points, standard))
    return Column(criterion, is_bonus, facts, points, standard, bonus, taken)


def _with_best(formula: Formula, facts: list[Fact]) -> list[Fact]:
    """The facts with the highest measure of the bloc added, if the formula compares boards."""
    if not formula.compares:
        return facts
    measures = (measure for measure in map(formula.measure, facts) if measure is not None)
    best = max(measures, default=None)
    return [Fact(fact.actual, fact.plan, best) for fact in facts]


def _points_of(formula: Formula, facts: Iterable[Fact], rounding: Decimal) -> list[Decimal]:
    """The rounded points of each fact. This is the only place where points are rounded."""
    return [rounded(formula.points(fact), rounding) for fact in facts]


def taken_off(
    criterion: Criterion, facts: Iterable[Fact], points: Iterable[Decimal], rounding: Decimal
) -> list[Decimal]:
    """The points that a formula took off, per board, as positive numbers; 0 without a figure. An
    empty list for formulas that only add points."""
    if not criterion.formula.takes_off:
        return []
    full = rounded(criterion.formula.max_points, rounding)
    lines = zip(facts, points, strict=True)
    return [ZERO if fact.actual is None else full - earned for fact, earned in lines]


def at_most(most: Decimal, points: Iterable[Decimal]) -> list[Decimal]:
    """The points of each board, limited to `most`."""
    return [one if one <= most else most for one in points]
