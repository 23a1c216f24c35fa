"""A scale as plain values with codes instead of ids, to be copied, compared, exported and imported.

All rows are in printing order: each group is followed by the groups inside it, the criteria go
group by group.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from ..computing import Combine
from ..formulas import parameters_of
from ..models import Criterion, CriterionGroup, Scale
from ..models.scales import Owner


@dataclass(frozen=True)
class GroupDraft:
    """`parent` is the code of the group that contains this one, "" for a top group."""

    code: str
    title: str
    max_points: Decimal
    is_bonus: bool = False
    combine: str = Combine.SUM.value
    parent: str = ""


@dataclass(frozen=True)
class CriterionDraft:
    """`group` and `facts_from` are codes; `parameters` is as `formulas.read_formula` takes it."""

    group: str
    code: str
    title: str
    kind: str
    max_points: Decimal
    parameters: dict[str, Any] = field(default_factory=dict)
    bonus_points: Decimal = Decimal(0)
    help_text: str = ""
    owner: str = Owner.BOARD.value
    source: str = ""
    unit: str = ""
    indicator: str = ""
    facts_from: str = ""
    needs_evidence: bool = True


@dataclass(frozen=True)
class ScaleDraft:
    """Groups and criteria, without the rules of the whole scale and the grades."""

    groups: tuple[GroupDraft, ...]
    criteria: tuple[CriterionDraft, ...]


RULE_FIELDS = (
    *("total", "bonus_cap", "rounding", "basis", "not_assigned", "openness"),
    *("crossing", "crossing_each", "tie_break", "unrankable"),
)
PLAIN_GROUP = ("code", "title", "max_points", "is_bonus", "combine")
PLAIN_CRITERION = (
    *("code", "title", "help_text", "kind", "max_points", "bonus_points"),
    *("owner", "source", "unit", "indicator", "needs_evidence"),
)


def draft_of(scale: Scale) -> ScaleDraft:
    """The groups and criteria of a scale; two queries. Raises BadFormula."""
    groups = tree_of(scale)
    codes = {group.pk: group.code for group in groups}
    places = {group.pk: place for place, group in enumerate(groups)}
    criteria = sorted(scale.criteria.all(), key=lambda one: places[one.group_id])
    criterion_codes = {one.pk: one.code for one in criteria}
    return ScaleDraft(
        groups=tuple(_group_draft(group, codes) for group in groups),
        criteria=tuple(_criterion_draft(one, codes, criterion_codes) for one in criteria),
    )


def _group_draft(group: CriterionGroup, codes: dict[int, str]) -> GroupDraft:
    values = {name: getattr(group, name) for name in PLAIN_GROUP}
    return GroupDraft(**values, parent=codes.get(group.parent_id or 0, ""))


def _criterion_draft(
    criterion: Criterion, groups: dict[int, str], criteria: dict[int, str]
) -> CriterionDraft:
    values = {name: getattr(criterion, name) for name in PLAIN_CRITERION}
    return CriterionDraft(
        **values,
        group=groups[criterion.group_id],
        facts_from=criteria.get(criterion.facts_from_id or 0, ""),
        parameters=parameters_of(criterion.formula),
    )


def tree_of(scale: Scale) -> list[CriterionGroup]:
    """The groups in printing order: each followed by the groups inside it; one query."""
    groups = list(scale.groups.all())

    def below(parent: int | None) -> Iterator[CriterionGroup]:
        for group in groups:
            if group.parent_id == parent:
                yield group
                yield from below(group.pk)

    return list(below(None))
