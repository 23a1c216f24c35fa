"""The scale as input of the computation, and its digest."""

from collections.abc import Mapping

from .. import computing
from ..models import Criterion, Scale


def rules_of(scale: Scale) -> computing.Scale:
    """The scale as `computing` takes it; three queries. Raises BadFormula."""
    groups = list(scale.groups.all())
    codes = {group.pk: group.code for group in groups}
    criteria = list(scale.criteria.all())
    criterion_codes = {criterion.pk: criterion.code for criterion in criteria}
    return computing.Scale(
        total=scale.total,
        bonus_cap=scale.bonus_cap,
        rounding=scale.rounding,
        basis=computing.Basis(scale.basis),
        not_assigned=computing.NotAssigned(scale.not_assigned),
        groups=tuple(
            computing.Group(
                code=group.code,
                title=group.title,
                max_points=group.max_points,
                parent=codes.get(group.parent_id, "") if group.parent_id else "",
                combine=computing.Combine(group.combine),
                is_bonus=group.is_bonus,
            )
            for group in groups
        ),
        criteria=tuple(_criterion_of(one, codes, criterion_codes) for one in criteria),
        grades=tuple(computing.Grade(one.title, one.least) for one in scale.grades.all()),
        tie_break=tuple(scale.tie_break),
    )


def _criterion_of(
    criterion: Criterion, groups: Mapping[int, str], criteria: Mapping[int, str]
) -> computing.Criterion:
    return computing.Criterion(
        code=criterion.code,
        group=groups[criterion.group_id],
        formula=criterion.formula,
        max_points=criterion.max_points,
        bonus_points=criterion.bonus_points,
        facts_from=criteria[criterion.facts_from_id] if criterion.facts_from_id else "",
    )


def scale_digest(scale: Scale) -> str:
    """SHA-256 in hex of everything in the scale that affects points and ranks."""
    return computing.digest(rules_of(scale), ())
