"""A scale as its pages show it: groups, criteria in words, and whether the points add up."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from ..models import Criterion, CriterionGroup, Scale
from . import text
from .checks import adds_up, sum_of, whole_of
from .drafts import tree_of


@dataclass(frozen=True)
class Sum:
    """A group, or the whole scale if `group` is None: its points (`wanted`) and those of its parts
    (`inside`)."""

    group: CriterionGroup | None
    wanted: Decimal
    inside: Decimal
    is_right: bool

    @property
    def rest(self) -> Decimal:
        return self.wanted - self.inside


@dataclass(frozen=True)
class Line:
    """A criterion in the words of its paper."""

    criterion: Criterion
    worth: str
    rule: str
    basis: str


@dataclass(frozen=True)
class Branch:
    """A group with the criteria directly inside it."""

    group: CriterionGroup
    is_within: bool
    worth: str
    rule: str
    sum: Sum
    lines: list[Line]


def branches(scale: Scale) -> list[Branch]:
    """Every group in printing order; two queries."""
    groups = tree_of(scale)
    criteria = list(scale.criteria.select_related("facts_from"))
    return [
        Branch(
            group=group,
            is_within=group.parent_id is not None,
            worth=text.points_of(group),
            rule=text.group_rule(group),
            sum=_sum_in(group, groups, criteria),
            lines=[line_of(one) for one in criteria if one.group_id == group.pk],
        )
        for group in groups
    ]


def line_of(one: Criterion) -> Line:
    """A criterion in the words of its paper."""
    return Line(one, text.worth(one), text.rule_of(one), text.basis_of(one))


def _sum_in(
    group: CriterionGroup, groups: Sequence[CriterionGroup], criteria: Sequence[Criterion]
) -> Sum:
    inside = sum_of(group, list(groups), list(criteria))
    return Sum(group, group.max_points, inside, adds_up(group, inside))


def sums(
    scale: Scale, groups: Sequence[CriterionGroup], criteria: Sequence[Criterion]
) -> list[Sum]:
    """The sum of every group, then that of the whole scale."""
    whole = whole_of(list(groups))
    return [
        *(_sum_in(group, groups, criteria) for group in groups),
        Sum(None, scale.total, whole, whole == scale.total),
    ]


def with_row(rows: Sequence[Criterion], row: Criterion) -> list[Criterion]:
    """The criteria as they would be if `row` were saved."""
    others = [one for one in rows if one.pk != row.pk]
    return [*others, row]
