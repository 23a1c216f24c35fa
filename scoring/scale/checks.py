"""Checks whether a scale can be used: what is wrong with it, as sentences."""

from collections.abc import Iterator
from decimal import Decimal

from django.utils.translation import gettext as _

from emulation_bloc.lib.numbers import vn_figure

from .. import facts
from ..formulas import BadFormula
from ..models import Criterion, CriterionGroup, Scale
from ..models.scales import Owner

# Codes of the tie-break list other than "group:CODE".
TIE_STEPS = ("fewest_deductions", "ballot", "head")


def faults(scale: Scale) -> list[str]:
    """Everything that prevents the use of the scale, in the order of the page; three queries."""
    groups = list(scale.groups.all())
    criteria = list(scale.criteria.all())
    return [
        *faults_of_sums(scale, groups, criteria),
        *(fault for one in criteria for fault in faults_of_criterion(one)),
        *faults_of_rules(scale, groups),
    ]


def faults_of_sums(
    scale: Scale, groups: list[CriterionGroup], criteria: list[Criterion]
) -> Iterator[str]:
    """What is wrong with the sums of the total and of each group."""
    if not criteria:
        yield _("The scale has no criteria yet.")
    whole = whole_of(groups)
    if whole != scale.total:
        yield _("The groups add up to %(sum)s points, the total is %(total)s.") % {
            "sum": vn_figure(whole),
            "total": vn_figure(scale.total),
        }
    bonus = {group.pk: group.is_bonus for group in groups}
    for group in groups:
        if group.parent_id and bonus[group.parent_id] != group.is_bonus:
            yield _("Group %(code)s: standard and bonus points do not stand in one group.") % {
                "code": group.code
            }
        yield from faults_of_group(group, groups, criteria)


def whole_of(groups: list[CriterionGroup]) -> Decimal:
    """The sum of the top standard groups, which must equal the total of the scale."""
    top = [group for group in groups if group.parent_id is None and not group.is_bonus]
    return sum((group.max_points for group in top), Decimal(0))


def faults_of_group(
    group: CriterionGroup, groups: list[CriterionGroup], criteria: list[Criterion]
) -> Iterator[str]:
    """A group whose parts do not add up. Bonus groups are caps, their parts may add up to more."""
    inside = sum_of(group, groups, criteria)
    if not adds_up(group, inside):
        yield _("Group %(code)s: its criteria add up to %(sum)s points instead of %(points)s.") % {
            "code": group.code,
            "sum": vn_figure(inside),
            "points": vn_figure(group.max_points),
        }


def adds_up(group: CriterionGroup, inside: Decimal) -> bool:
    """Whether the points inside a group are those of the group; always true of a bonus group."""
    return group.is_bonus or inside == group.max_points


def sum_of(
    group: CriterionGroup, groups: list[CriterionGroup], criteria: list[Criterion]
) -> Decimal:
    """The standard points of the criteria and groups directly inside a group."""
    within = [one.max_points for one in groups if one.parent_id == group.pk]
    own = [one.max_points for one in criteria if one.group_id == group.pk]
    return sum([*within, *own], Decimal(0))


def faults_of_criterion(criterion: Criterion) -> Iterator[str]:
    """What is wrong with a criterion: its formula, the points it can reach, its portal record."""
    try:
        yield from faults_of_reach(criterion, criterion.formula.most)
    except BadFormula as fault:
        yield f"{criterion.code}: {fault}"
    if criterion.owner == Owner.PORTAL and criterion.source not in facts.SOURCES:
        yield _("%(code)s: the portal keeps no such record yet.") % {"code": criterion.code}


def faults_of_reach(criterion: Criterion, most: Decimal) -> Iterator[str]:
    """A formula that can give more points than the criterion has, or never any of its bonus
    points."""
    words = {"code": criterion.code, "most": vn_figure(most)}
    if most > criterion.max_points + criterion.bonus_points:
        yield (
            _("%(code)s: the formula reaches %(most)s points, more than the criterion has.") % words
        )
    elif criterion.bonus_points and most <= criterion.max_points:
        yield _("%(code)s: the formula reaches %(most)s points, its bonus points never.") % words


def faults_of_rules(scale: Scale, groups: list[CriterionGroup]) -> Iterator[str]:
    """What is wrong with the grades and the tie-break list."""
    grades = list(scale.grades.all())
    if not grades:
        yield _("The scale has no grades yet.")
    elif grades[-1].least != 0:
        yield _("The lowest grade must begin at 0.")
    codes = {group.code for group in groups}
    for step in scale.tie_break:
        if step not in TIE_STEPS and step.removeprefix("group:") not in codes:
            yield _("The order for equal points names the group %(code)s, which is not there.") % {
                "code": step.removeprefix("group:")
            }
