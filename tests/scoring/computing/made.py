"""Short notation for scales and sheets of the pure computation.

`scale([group("I", 10)], [criterion("I.1", "count", 6, each="2")])`, `sheet(1, {"I.1": 3})`: a
criterion belongs to the group before the last dot of its code; a fact is a figure or a pair of
figure and plan.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from scoring.computing import Basis, Combine, Criterion, Grade, Group, NotAssigned, Scale, Sheet
from scoring.computing.scale import NO_FACT
from tests.scoring.formulas.made import Number, fact, made

NUMBERS = ("total", "bonus_cap", "rounding")
Given = Number | tuple[Number, Number]


def group(code: str, points: Number, *, parent: str = "", **more: Any) -> Group:
    return Group(code, f"Nhóm {code}", Decimal(points or 0), parent, **more)


def bonus_group(code: str, points: Number, combine: str = "sum", *, parent: str = "") -> Group:
    return group(code, points, parent=parent, combine=Combine(combine), is_bonus=True)


def criterion(
    code: str,
    kind: str,
    points: Number = 0,
    *,
    bonus: Number = 0,
    facts_from: str = "",
    **parameters: Any,
) -> Criterion:
    return Criterion(
        code=code,
        group=code.rpartition(".")[0],
        formula=made(kind, points, **parameters),
        max_points=Decimal(points or 0),
        bonus_points=Decimal(bonus or 0),
        facts_from=facts_from,
    )


def scale(groups: Iterable[Group], criteria: Iterable[Criterion], **rules: Any) -> Scale:
    """Its total is that of the standard groups at the top."""
    groups = tuple(groups)
    top = (one.max_points for one in groups if not (one.parent or one.is_bonus))
    usual = {
        "total": sum(top, Decimal(0)),
        "bonus_cap": Decimal(1000),
        "rounding": Decimal("0.01"),
        "basis": Basis.POINTS,
        "not_assigned": NotAssigned.RESCALED,
        "grades": (),
        "tie_break": (),
    }
    given = {name: Decimal(one) if name in NUMBERS else one for name, one in rules.items()}
    return Scale(groups=groups, criteria=tuple(criteria), **usual | given)


def grades(*rows: tuple[str, int]) -> tuple[Grade, ...]:
    return tuple(Grade(title, Decimal(least)) for title, least in rows)


def sheet(board: int, facts: Mapping[str, Given], *not_assigned: str, **more: Any) -> Sheet:
    given = {
        code: fact(*one) if isinstance(one, tuple) else fact(one) for code, one in facts.items()
    }
    return Sheet(board, given, frozenset(not_assigned), **{"order": board} | more)


def what_is_missing(scale: Scale, sheet: Sheet) -> list[str]:
    """The codes of criteria, in the scale's order, that still lack their figure, or the plan that a
    formula needs."""
    lacking = {
        one.source
        for one in scale.criteria
        if one.code not in sheet.not_assigned
        and one.formula.lacks(sheet.facts.get(one.source, NO_FACT))
    }
    return [one.code for one in scale.criteria if one.code in lacking - sheet.not_assigned]
