"""The differences between two scales in words: rows added, removed, or changed field by field."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from emulation_bloc.lib.numbers import vn_figure

from .. import facts, formulas
from ..models import Scale
from ..models.scales import COMBINE_LABELS, Owner
from . import text
from .drafts import CriterionDraft, GroupDraft, ScaleDraft

ADDED, GONE, CHANGED = "added", "gone", "changed"


@dataclass(frozen=True)
class FieldChange:
    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Change:
    """A row that differs: `what` is ADDED, GONE or CHANGED. `fields` is filled only for changed
    rows."""

    what: str
    sort: str
    code: str
    title: str
    worth: str
    fields: tuple[FieldChange, ...] = ()


def between(before: ScaleDraft, after: ScaleDraft) -> list[Change]:
    """The rows that differ: groups, then criteria; each in the order of the later scale, removed
    rows last."""
    return [
        *changes(_("Group"), before.groups, after.groups, _words_of_group),
        *changes(_("Criterion"), before.criteria, after.criteria, _words_of_criterion),
    ]


def changes(
    sort: str, before: Iterable[Any], after: Iterable[Any], words: Callable[[Any], dict[str, str]]
) -> Iterator[Change]:
    """Compares rows of equal code; `words` gives a row's fields as label and text."""
    old, new = ({one.code: one for one in rows} for rows in (before, after))
    for code, one in new.items():
        if code not in old:
            yield change(ADDED, sort, one)
        elif fields := tuple(_fields_that_differ(words(old[code]), words(one))):
            yield change(CHANGED, sort, one, fields)
    yield from (change(GONE, sort, one) for code, one in old.items() if code not in new)


def change(what: str, sort: str, row: Any, fields: tuple[FieldChange, ...] = ()) -> Change:
    """One row that differs, with its points as text."""
    return Change(what, sort, row.code, row.title, vn_figure(row.max_points), fields)


def _fields_that_differ(
    before: Mapping[str, str], after: Mapping[str, str]
) -> Iterator[FieldChange]:
    for label, value in after.items():
        if before[label] != value:
            yield FieldChange(label, before[label], value)


def _words_of_group(group: GroupDraft) -> dict[str, str]:
    return {
        _("Title"): group.title,
        _("Points"): vn_figure(group.max_points),
        _("Bonus group"): _yes_or_no(group.is_bonus),
        _("Bonus criteria are"): str(COMBINE_LABELS[group.combine]),
        _("Stands in group"): group.parent,
    }


def _words_of_criterion(one: CriterionDraft) -> dict[str, str]:
    source = facts.SOURCES.get(one.source)
    return {
        _("Stands in group"): one.group,
        _("Title"): one.title,
        _("Points"): vn_figure(one.max_points),
        _("Bonus points at most"): vn_figure(one.bonus_points),
        _("Way of scoring"): rule_of(one),
        _("The figure comes from"): str(Owner(one.owner).label),
        _("Record of the portal"): str(source.title) if source else one.source,
        _("Unit"): one.unit,
        _("Indicator of the covenant"): one.indicator,
        _("Uses the figure of"): one.facts_from,
        _("Evidence is required"): _yes_or_no(one.needs_evidence),
        _("Guidance"): one.help_text,
    }


def rule_of(one: CriterionDraft) -> str:
    """How points follow, in the words of the paper. Raises BadFormula."""
    return text.rule_in_words(formulas.read_formula(one.kind, one.parameters, one.max_points))


def _yes_or_no(answer: bool) -> str:
    """“Yes” or “No”, translated."""
    return _("Yes") if answer else _("No")


def between_rules(before: Scale, after: Scale) -> list[FieldChange]:
    """The rules of the whole scale that differ, grades included."""
    return list(_fields_that_differ(_words_of_rules(before), _words_of_rules(after)))


def _words_of_rules(scale: Scale) -> dict[str, str]:
    return {
        _("Total of standard points"): vn_figure(scale.total),
        _("Bonus points at most"): vn_figure(scale.bonus_cap),
        _("Points are rounded to"): vn_figure(scale.rounding),
        _("Ranking by"): scale.get_basis_display(),
        _("A criterion not assigned to a board is"): scale.get_not_assigned_display(),
        _("After publication the boards see of each other"): scale.get_openness_display(),
        _("Cross-scores are combined by"): scale.get_crossing_display(),
        _("Boards that each board cross-scores"): str(scale.crossing_each),
        _("Equal points are decided by"): ", ".join(map(text.tie_words, scale.tie_break)),
        _("Not ranked is a board that"): ", ".join(
            text.UNRANKABLE[code] for code in scale.unrankable
        ),
        _("Grades"): text.grades_in_words(scale),
    }
