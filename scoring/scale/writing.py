"""Writes the scale of a paper: its rules, groups and criteria.

Every act names the revision that its writer saw; if somebody changed the scale since, nothing is
written and Overtaken is raised. After each change the annex of the paper is rewritten, so that the
bloc reads, votes on and seals the scale itself. All acts but `start_scale` ask
"scoring.write_scale".
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from covenants.models import Paper
from covenants.transitions import lock
from emulation_bloc.lib.refusal import Refusal
from members.models import User
from members.permissions import require
from members.records.acts import Overtaken

from .. import formulas
from ..models import Criterion, CriterionGroup, Grade, Scale
from ..transitions import record
from .annex import print_annex
from .drafts import RULE_FIELDS, ScaleDraft, draft_of

GROUP_FIELDS = ("code", "title", "max_points", "is_bonus", "combine", "parent")
CRITERION_FIELDS = (
    *("group", "code", "title", "help_text", "kind", "parameters", "max_points", "bonus_points"),
    *("owner", "source", "unit", "indicator", "facts_from", "needs_evidence"),
)


class HasScale(Refusal):
    """The paper already has a scale."""


class InUse(Refusal):
    """A criterion whose figure another criterion uses cannot be removed."""


class NoFigureThere(Refusal):
    """The figure of a criterion that uses another one's figure cannot be used."""


@transaction.atomic
def start_scale(paper: Paper, *, source: Scale | None, actor: User) -> Scale:
    """Create the scale of a paper, empty or as a copy of `source`.

    Asks "covenants.draft"; raises HasScale.
    """
    paper = lock(paper)
    require(actor, "covenants.draft", paper)
    if Scale.objects.filter(paper=paper).exists():
        raise HasScale(_("This paper has its scale already."))
    scale = Scale.objects.create(paper=paper)
    if source is not None:
        _copy_scale(source, scale)
    scale = Scale.objects.get(pk=scale.pk)
    print_annex(scale, actor)
    record(scale, "scale_started", actor, source=source.pk if source else None)
    return Scale.objects.get(pk=scale.pk)


def _copy_scale(source: Scale, scale: Scale) -> None:
    """Copy rules, grades, groups and criteria into an empty scale."""
    for field in RULE_FIELDS:
        setattr(scale, field, getattr(source, field))
    scale.save()
    Grade.objects.bulk_create(
        Grade(scale=scale, title=grade.title, least=grade.least) for grade in source.grades.all()
    )
    _put_rows(scale, draft_of(source))


def _put_rows(scale: Scale, draft: ScaleDraft) -> None:
    """Create groups and criteria in a scale that has none."""
    groups: dict[str, CriterionGroup] = {}
    for order, group in enumerate(draft.groups, start=1):
        values = vars(group) | {"parent": groups.get(group.parent)}
        groups[group.code] = CriterionGroup.objects.create(scale=scale, order=order, **values)
    made: dict[str, Criterion] = {}
    rows = list(enumerate(draft.criteria, start=1))
    # Criteria whose figure others use have to exist first.
    for order, one in sorted(rows, key=lambda row: row[1].facts_from != ""):
        values = vars(one) | {
            "group": groups[one.group],
            "facts_from": made[one.facts_from] if one.facts_from else None,
        }
        made[one.code] = Criterion.objects.create(scale=scale, order=order, **values)


def begin(scale: Scale, revision: int, actor: User) -> Scale:
    """The current scale, its paper locked, for a change.

    Asks "scoring.write_scale"; raises Overtaken if `revision` is not the current one.
    """
    lock(scale.paper)
    current = Scale.objects.select_related("paper__bloc_year__bloc").get(pk=scale.pk)
    require(actor, "scoring.write_scale", current)
    if current.revision != revision:
        raise Overtaken(current)
    return current


def finish(scale: Scale, act: str, actor: User, **details: Any) -> Scale:
    """Save the scale with its next revision, rewrite the annex and record the act."""
    scale.revision += 1
    scale.save()
    scale = Scale.objects.select_related("paper__bloc_year__bloc").get(pk=scale.pk)
    print_annex(scale, actor)
    record(scale, act, actor, **details)
    return scale


@transaction.atomic
def replace(scale: Scale, draft: ScaleDraft, *, revision: int, actor: User) -> Scale:
    """Replace all groups and criteria, as an import does; rules and grades remain. The draft must
    have been checked (`workbook.read_scale`). Raises Overtaken."""
    scale = begin(scale, revision, actor)
    # `facts_from` is PROTECT, so a criterion used by another could not be deleted.
    scale.criteria.update(facts_from=None)
    scale.criteria.all().delete()
    scale.groups.all().delete()
    _put_rows(scale, draft)
    counted = {"groups": len(draft.groups), "criteria": len(draft.criteria)}
    return finish(scale, "scale_replaced", actor, **counted)


# --- Rules and grades -----------------------------------------------------------------------------


@transaction.atomic
def save_rules(
    scale: Scale,
    *,
    values: Mapping[str, Any],
    grades: Sequence[tuple[str, Decimal]],
    revision: int,
    actor: User,
) -> Scale:
    """Write the rules of the whole scale and the grades, each (title, least). Raises Overtaken."""
    scale = begin(scale, revision, actor)
    for field in RULE_FIELDS:
        if field in values:
            setattr(scale, field, values[field])
    scale.grades.all().delete()
    Grade.objects.bulk_create(
        Grade(scale=scale, title=title, least=least) for title, least in grades
    )
    return finish(scale, "scale_rules_saved", actor)


# --- Groups ---------------------------------------------------------------------------------------


@transaction.atomic
def save_group(
    scale: Scale,
    group: CriterionGroup | None,
    *,
    values: Mapping[str, Any],
    revision: int,
    actor: User,
) -> Scale:
    """Write a group; None creates one at the end. Raises Overtaken."""
    scale = begin(scale, revision, actor)
    if group is None:
        group = CriterionGroup(scale=scale, order=_next_order(scale.groups))
    put(group, values, GROUP_FIELDS)
    group.save()
    return finish(scale, "scale_group_saved", actor, code=group.code)


@transaction.atomic
def remove_group(group: CriterionGroup, *, revision: int, actor: User) -> Scale:
    """Remove a group with everything inside it. Raises Overtaken, and InUse if a criterion outside
    uses a figure from inside."""
    scale = begin(group.scale, revision, actor)
    inside = Criterion.objects.filter(group__in=with_those_within(group))
    _refuse_reused(inside)
    inside.update(facts_from=None)
    inside.delete()
    code = group.code
    group.delete()
    return finish(scale, "scale_group_removed", actor, code=code)


def with_those_within(group: CriterionGroup) -> list[CriterionGroup]:
    """A group and all groups inside it, at any depth."""
    found = [group]
    for one in found:
        found += one.children.all()
    return found


def _refuse_reused(criteria: Any) -> None:
    outside = Criterion.objects.filter(facts_from__in=criteria).exclude(pk__in=criteria)
    if reused := outside.first():
        raise InUse(
            _("%(code)s takes over a figure from here: change it first.") % {"code": reused.code}
        )


# --- Criteria -------------------------------------------------------------------------------------


@transaction.atomic
def save_criterion(
    scale: Scale,
    criterion: Criterion | None,
    *,
    values: Mapping[str, Any],
    revision: int,
    actor: User,
) -> Scale:
    """Write a criterion; None creates one at the end of its group. Raises Overtaken, BadFormula and
    NoFigureThere."""
    scale = begin(scale, revision, actor)
    if criterion is None:
        criterion = Criterion(scale=scale, order=_next_order(scale.criteria))
    put(criterion, values, CRITERION_FIELDS)
    _refuse_second_hand(criterion)
    formula = formulas.read_formula(criterion.kind, criterion.parameters, criterion.max_points)
    criterion.parameters = formulas.parameters_of(formula)
    criterion.save()
    return finish(scale, "scale_criterion_saved", actor, code=criterion.code)


def _refuse_second_hand(criterion: Criterion) -> None:
    """Refuse a source that uses another criterion's figure itself, or a source for a criterion that
    is one."""
    source = criterion.facts_from
    if source is None:
        return
    if source.pk == criterion.pk or source.facts_from_id:
        raise NoFigureThere(_("%(code)s has no figure of its own.") % {"code": source.code})
    if criterion.pk and (reusing := criterion.reused_by.first()):
        raise NoFigureThere(
            _("%(code)s takes over the figure of this criterion.") % {"code": reusing.code}
        )


@transaction.atomic
def remove_criterion(criterion: Criterion, *, revision: int, actor: User) -> Scale:
    """Remove a criterion. Raises Overtaken, and InUse if another criterion uses its figure."""
    scale = begin(criterion.scale, revision, actor)
    _refuse_reused(Criterion.objects.filter(pk=criterion.pk))
    code = criterion.code
    criterion.delete()
    return finish(scale, "scale_criterion_removed", actor, code=code)


@transaction.atomic
def move_row(row: CriterionGroup | Criterion, *, step: int, revision: int, actor: User) -> Scale:
    """Move a group among the groups beside it, or a criterion inside its group, one place up (-1)
    or down (+1). The first cannot move up, nor the last down: then nothing happens. Raises
    Overtaken."""
    scale = begin(row.scale, revision, actor)
    rows = _siblings(row)
    place = rows.index(row)
    if not 0 <= place + step < len(rows):
        return scale
    orders = [one.order for one in rows]
    rows[place], rows[place + step] = rows[place + step], rows[place]
    for one, order in zip(rows, orders, strict=True):
        type(one)._default_manager.filter(pk=one.pk).update(order=order)
    return finish(scale, "scale_row_moved", actor, code=row.code, step=step)


def _siblings(row: CriterionGroup | Criterion) -> list[Any]:
    if isinstance(row, Criterion):
        return list(Criterion.objects.filter(group=row.group_id))
    return list(CriterionGroup.objects.filter(scale=row.scale_id, parent=row.parent_id))


def _next_order(rows: Any) -> int:
    return (rows.aggregate(last=Max("order"))["last"] or 0) + 1


def put(row: Any, values: Mapping[str, Any], fields: Sequence[str]) -> None:
    """Set those of the fields for which there is a value."""
    for field in fields:
        if field in values:
            setattr(row, field, values[field])
