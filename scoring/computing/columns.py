"""One criterion computed for all boards, side by side because some formulas compare them."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import repeat
from operator import sub

from ..formulas import Fact, rounded
from .results import Column
from .scale import NO_FACT, Criterion, NotAssigned, Scale, Sheet

ZERO = Decimal(0)


def column(
    criterion: Criterion, scale: Scale, sheets: Sequence[Sheet], *, is_bonus: bool
) -> Column:
    """All points of a criterion in a bonus group are bonus; elsewhere those above its maximum."""
    absent = [n for n, sheet in enumerate(sheets) if criterion.code in sheet.not_assigned]
    facts = facts_of(criterion, sheets, absent)
    points = points_of(criterion, facts, scale.rounding)
    nought = rounded(ZERO, scale.rounding)
    # Added to 0.00, 15 is spelled 15.00.
    most_standard = nought if is_bonus else nought + criterion.max_points
    if scale.not_assigned == NotAssigned.FULL:
        for n in absent:
            points[n] = most_standard
    noughts = [nought] * len(points)
    if is_bonus:
        bonus = at_most(criterion.max_points + criterion.bonus_points, points)
        return Column(criterion, is_bonus, facts, points, noughts, bonus)
    if rounded(criterion.formula.most, scale.rounding) <= most_standard:
        return Column(criterion, is_bonus, facts, points, points, noughts)
    standard = at_most(most_standard, points)
    bonus = at_most(criterion.bonus_points, map(sub, points, standard))
    return Column(criterion, is_bonus, facts, points, standard, bonus)


def facts_of(criterion: Criterion, sheets: Sequence[Sheet], absent: Iterable[int]) -> list[Fact]:
    """With the best of the bloc where the formula compares; empty where it is not assigned."""
    formula, source = criterion.formula, criterion.source
    facts = [sheet.facts.get(source, NO_FACT) for sheet in sheets]
    for n in absent:
        facts[n] = NO_FACT
    if not formula.compares:
        return facts
    measures = (measure for measure in map(formula.measure, facts) if measure is not None)
    best = max(measures, default=None)
    return [Fact(fact.actual, fact.plan, best) for fact in facts]


def points_of(criterion: Criterion, facts: Iterable[Fact], rounding: Decimal) -> list[Decimal]:
    """Rounded here, and nowhere else."""
    return list(map(rounded, map(criterion.formula.points, facts), repeat(rounding)))


def taken_off(column: Column, rounding: Decimal) -> list[Decimal]:
    """What a formula that takes off has taken; nothing where there is no figure."""
    full = rounded(column.criterion.formula.max_points, rounding)
    lines = zip(column.points, column.facts, strict=True)
    return [ZERO if fact.actual is None else full - points for points, fact in lines]


def at_most(most: Decimal, points: Iterable[Decimal]) -> list[Decimal]:
    return [one if one <= most else most for one in points]
