"""What a year is computed from: the scale, and a sheet of each board."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from ..formulas import Fact, Formula

NO_FACT = Fact()


class Combine(StrEnum):
    """What counts of a bonus group. Other groups are sums."""

    SUM = "sum"
    HIGHEST = "highest"


class Basis(StrEnum):
    """What boards are graded and ranked by."""

    POINTS = "points"
    PERCENT = "percent"


class NotAssigned(StrEnum):
    """What becomes of a criterion that is not assigned to a board: it leaves what the board can
    reach, and the rest is scaled up to the total; or the board has all its standard points."""

    RESCALED = "rescaled"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class Criterion:
    """Points above `max_points` are bonus, up to `bonus_points`. With `facts_from` the formula
    takes the figures of the criterion of that code."""

    code: str
    group: str
    formula: Formula
    max_points: Decimal
    bonus_points: Decimal = Decimal(0)
    facts_from: str = ""

    @property
    def source(self) -> str:
        return self.facts_from or self.code


@dataclass(frozen=True, slots=True)
class Group:
    """`parent` is the code of the group that this one is part of. A bonus group adds to the bonus,
    at most `max_points`, and is part of no group but another bonus group."""

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
    """`rounding` is the step of points (0.25); grades stand from the best down; `tie_break` has
    the codes of scoring.computing.ranking in their order."""

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
    """Facts and what is not assigned by the codes of criteria; `order`, `rulings` and `about` as
    the ranking takes them. A board that is not ranked keeps its points."""

    board: int
    facts: Mapping[str, Fact]
    not_assigned: frozenset[str] = frozenset()
    is_ranked: bool = True
    order: int = 0
    rulings: Mapping[str, int] = field(default_factory=dict)
    about: Mapping[str, frozenset[int]] = field(default_factory=dict)


def refuse_flaws(scale: Scale) -> None:
    """Raises ValueError for a criterion or group from which no way leads to a group at the top,
    and so would not be counted."""
    parents = {group.code: group.parent for group in scale.groups}
    starts = [*parents, *(one.group for one in scale.criteria)]
    if astray := sorted({code for code in starts if not _leads_up(code, parents)}):
        raise ValueError(f"No group at the top holds {astray}")


def _leads_up(code: str, parents: Mapping[str, str]) -> bool:
    """At most as many steps as there are groups: more would be a round."""
    for _step in parents:
        code = parents.get(code, code)
    return not code


def what_is_missing(scale: Scale, sheet: Sheet) -> list[str]:
    """The codes, in the scale's order, under which a figure is still to come: what the board did,
    or its plan where a formula needs one."""
    lacking = {
        one.source
        for one in scale.criteria
        if one.code not in sheet.not_assigned
        and one.formula.lacks(sheet.facts.get(one.source, NO_FACT))
    }
    return [one.code for one in scale.criteria if one.code in lacking - sheet.not_assigned]
