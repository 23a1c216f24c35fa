"""The input of the computation: the scale, and a sheet per board."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from ..formulas import Fact, Formula

NO_FACT = Fact()


class Combine(StrEnum):
    """How the points of a bonus group are combined. Other groups are sums."""

    SUM = "sum"
    HIGHEST = "highest"


class Basis(StrEnum):
    """By what boards are graded and ranked."""

    POINTS = "points"
    PERCENT = "percent"


class NotAssigned(StrEnum):
    """What happens with a criterion that is not assigned to a board. RESCALED: it is left out, and
    the board's other points are scaled up to the total. FULL: the board gets all its standard
    points."""

    RESCALED = "rescaled"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class Criterion:
    """Points above `max_points` are bonus, at most `bonus_points`. With `facts_from`, the formula
    uses the figure of the criterion with that code."""

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
    """`parent` is the code of the group that contains this one. A bonus group adds at most
    `max_points` to the bonus, and can only be inside another bonus group."""

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
    """`rounding` is the step of points (0.25); `grades` are ordered from the best down; `tie_break`
    has the codes of scoring.computing.ranking in the order in which they are applied."""

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
    """A board's figures. `facts` and `not_assigned` go by criterion code; `order`, `rulings` and
    `about` are those of ranking.Contender. A board that is not ranked still has points."""

    board: int
    facts: Mapping[str, Fact]
    not_assigned: frozenset[str] = frozenset()
    is_ranked: bool = True
    order: int = 0
    rulings: Mapping[str, int] = field(default_factory=dict)
    about: Mapping[str, frozenset[int]] = field(default_factory=dict)


def refuse_flaws(scale: Scale) -> None:
    """Raises ValueError if a criterion or group is not inside a top group, as its points would not
    count."""
    parents = {group.code: group.parent for group in scale.groups}
    starts = [*parents, *(one.group for one in scale.criteria)]
    if astray := sorted({code for code in starts if not _leads_up(code, parents)}):
        raise ValueError(f"No group at the top holds {astray}")


def _leads_up(code: str, parents: Mapping[str, str]) -> bool:
    """Whether following the parents ends at the top; a cycle takes more steps than there are
    groups."""
    for _step in parents:
        code = parents.get(code, code)
    return not code
