"""Writing the scale of a paper: its rules, its groups, its criteria.

Every save names the revision of the scale that its writer saw; when somebody else changed it
meanwhile, nothing is overwritten. After each change the annex of the paper is written anew, so
that what the bloc reads, votes on and seals is the scale itself.
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
    """The paper has its scale already."""


class InUse(Refusal):
    """A criterion whose figure another one takes over cannot be taken out."""


class NoFigureThere(Refusal):
    """The figure cannot be taken over from a criterion that takes one over itself."""


@transaction.atomic
def start_scale(paper: Paper, *, source: Scale | None, actor: User) -> Scale:
    """Give a paper its scale, empty or as a copy of an earlier one.

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
    """Rules, grades, groups and criteria of a scale into one that is empty."""
    for field in RULE_FIELDS:
        setattr(scale, field, getattr(source, field))
    scale.save()
    Grade.objects.bulk_create(
        Grade(scale=scale, title=grade.title, least=grade.least) for grade in source.grades.all()
    )
    _put_rows(scale, draft_of(source))


def _put_rows(scale: Scale, draft: ScaleDraft) -> None:
    """Groups and criteria into a scale that has none."""
    groups: dict[str, CriterionGroup] = {}
    for order, group in enumerate(draft.groups, start=1):
        values = vars(group) | {"parent": groups.get(group.parent)}
        groups[group.code] = CriterionGroup.objects.create(scale=scale, order=order, **values)
    made: dict[str, Criterion] = {}
    rows = list(enumerate(draft.criteria, start=1))
    # First those that others take their figure from.
    for order, one in sorted(rows, key=lambda row: row[1].facts_from != ""):
        values = vars(one) | {
            "group": groups[one.group],
            "facts_from": made[one.facts_from] if one.facts_from else None,
        }
        made[one.code] = Criterion.objects.create(scale=scale, order=order, **values)


def begin(scale: Scale, revision: int, actor: User) -> Scale:
    """The scale for a change, its paper locked; raises Overtaken."""
    lock(scale.paper)
    standing = Scale.objects.select_related("paper__bloc_year__bloc").get(pk=scale.pk)
    require(actor, "scoring.write_scale", standing)
    if standing.revision != revision:
        raise Overtaken(standing)
    return standing


def finish(scale: Scale, act: str, actor: User, **details: Any) -> Scale:
    """Count the change, print the annex anew and leave the trace."""
    scale.revision += 1
    scale.save()
    scale = Scale.objects.select_related("paper__bloc_year__bloc").get(pk=scale.pk)
    print_annex(scale, actor)
    record(scale, act, actor, **details)
    return scale


@transaction.atomic
def replace(scale: Scale, draft: ScaleDraft, *, revision: int, actor: User) -> Scale:
    """Put other groups and criteria in the place of all that stand, as an import does; the rules
    and the grades stay. The caller has checked the draft (scale_excel). Raises Overtaken."""
    scale = begin(scale, revision, actor)
    # A figure taken over from a criterion protects it, whichever of the two goes first.
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
    """Write the rules of the whole and the grades, (title, least) each; raises Overtaken."""
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
    """Write a group, or put a new one (None) at the end; raises Overtaken."""
    scale = begin(scale, revision, actor)
    if group is None:
        group = CriterionGroup(scale=scale, order=_next_order(scale.groups))
    put(group, values, GROUP_FIELDS)
    group.save()
    return finish(scale, "scale_group_saved", actor, code=group.code)


@transaction.atomic
def remove_group(group: CriterionGroup, *, revision: int, actor: User) -> Scale:
    """Take a group out with everything in it; raises Overtaken and InUse."""
    scale = begin(group.scale, revision, actor)
    inside = Criterion.objects.filter(group__in=with_those_within(group))
    _refuse_reused(inside)
    inside.update(facts_from=None)
    inside.delete()
    code = group.code
    group.delete()
    return finish(scale, "scale_group_removed", actor, code=code)


def with_those_within(group: CriterionGroup) -> list[CriterionGroup]:
    """A group and all groups below it."""
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
    """Write a criterion, or put a new one (None) at the end of its group; raises Overtaken,
    BadFormula and NoFigureThere."""
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
    """A figure is taken over from where it is given, never from a criterion that takes it over."""
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
    """Take a criterion out; raises Overtaken and InUse."""
    scale = begin(criterion.scale, revision, actor)
    _refuse_reused(Criterion.objects.filter(pk=criterion.pk))
    code = criterion.code
    criterion.delete()
    return finish(scale, "scale_criterion_removed", actor, code=code)


@transaction.atomic
def move_row(row: CriterionGroup | Criterion, *, step: int, revision: int, actor: User) -> Scale:
    """Move a group among its groups, or a criterion in its group, one place up (-1) or down (+1);
    at the edge nothing happens."""
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
    for field in fields:
        if field in values:
            setattr(row, field, values[field])
