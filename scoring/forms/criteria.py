"""The form of a criterion; its fields for parameters depend on the way of scoring."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from covenants.forms.drafting import Words, rows
from members.forms.fields import Line

from .. import facts, formulas
from ..models import Criterion, CriterionGroup, Scale
from ..models.scales import Kind, Owner
from ..scale import parameters
from .scales import PointsField, RowForm, code_field, group_choices, parameter_field

PLAIN = (
    *("code", "title", "help_text", "kind", "max_points", "bonus_points"),
    *("owner", "source", "unit", "indicator", "needs_evidence"),
)


def sources() -> list[tuple[str, Any]]:
    return [("", _("none")), *((one.code, one.title) for one in facts.SOURCES.values())]


class CriterionForm(RowForm):
    group = forms.ChoiceField(label=_("Stands in group"))
    code = code_field()
    title = Line(label=_("Title"), max_length=250)
    max_points = PointsField(
        label=_("Standard points"), required=False, help_text=_("0 or empty for a deduction.")
    )
    bonus_points = PointsField(
        label=_("Bonus points at most"),
        required=False,
        help_text=_("What a figure earns beyond the standard points."),
    )
    kind = forms.ChoiceField(label=_("Way of scoring"), choices=Kind.choices)
    owner = forms.ChoiceField(label=_("The figure comes from"), choices=Owner.choices)
    source = forms.ChoiceField(
        label=_("Record of the portal"),
        choices=sources,
        required=False,
        help_text=_("Only where the figure comes from the portal."),
    )
    unit = Line(label=_("Unit"), max_length=40, required=False)
    indicator = Line(
        label=_("Plan: indicator of the covenant"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"list": "indicators"}),
        help_text=_("The targets under this title are the plan of each board."),
    )
    facts_from = forms.ChoiceField(
        label=_("Uses the figure of"),
        required=False,
        help_text=_("For a second way of scoring the same figure; the board types it once."),
    )
    needs_evidence = forms.BooleanField(label=_("Evidence is required"), required=False)
    help_text = Words(
        label=_("Guidance"),
        required=False,
        max_length=2000,
        widget=rows(3),
        help_text=_("The boards read it beside the line of their sheet."),
    )

    taken = _("The scale already has a criterion with this code.")

    def __init__(
        self,
        *args: Any,
        groups: Sequence[CriterionGroup],
        criteria: Sequence[Criterion],
        kind: str,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        # Set by `check_formula`: the formula, or why what was typed is not valid.
        self.formula: formulas.Formula | None = None
        self.formula_fault = ""
        self.groups = {str(one.pk): one for one in groups}
        self.rows = criteria
        with_figures = [one for one in self.others() if one.facts_from_id is None]
        self.sources = {str(one.pk): one for one in with_figures}
        self.fields["group"].choices = group_choices(groups)  # type: ignore[attr-defined]
        self.fields["facts_from"].choices = [  # type: ignore[attr-defined]
            ("", gettext("none: it has a figure of its own")),
            *((pk, str(one)) for pk, one in self.sources.items()),
        ]
        self.parameter_names = parameters.names_of(kind)
        for name in self.parameter_names:
            self.fields[name] = parameter_field(kind, name)

    @classmethod
    def for_row(
        cls,
        scale: Scale,
        row: Criterion | None,
        data: Any = None,
        *,
        initial: Mapping[str, Any] | None = None,
    ) -> "CriterionForm":
        """The form of a criterion, or of a new one if `row` is None; `initial` overrides the row's
        values."""
        begun = {**initial_of(scale, row), **(initial or {})}
        return cls(
            data,
            initial=begun,
            scale=scale,
            row=row,
            groups=list(scale.groups.all()),
            criteria=list(scale.criteria.all()),
            kind=str((begun if data is None else data).get("kind", "")),
        )

    @property
    def parameter_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.parameter_names]

    def clean_group(self) -> CriterionGroup:
        return self.groups[self.cleaned_data["group"]]

    def clean_facts_from(self) -> Criterion | None:
        source = self.sources.get(self.cleaned_data["facts_from"])
        reusing = [one.code for one in self.rows if self.row and one.facts_from_id == self.row.pk]
        if source and reusing:
            raise forms.ValidationError(
                _("%(code)s takes over the figure of this criterion."), params={"code": reusing[0]}
            )
        return source

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name in ("max_points", "bonus_points"):
            if name in cleaned and cleaned[name] is None:
                cleaned[name] = PointsField().to_python("0")
        is_from_portal = cleaned.get("owner") == Owner.PORTAL
        if is_from_portal and not cleaned.get("source"):
            self.add_error("source", _("Say from which record the portal takes the figure."))
        if not is_from_portal:
            cleaned["source"] = ""
        self.check_formula(cleaned)
        return cleaned

    def check_formula(self, cleaned: dict[str, Any]) -> None:
        """Add the fault of the formula to the field that it is about."""
        if not {"kind", "max_points", *self.parameter_names} <= cleaned.keys():
            return
        typed = {name: cleaned[name] for name in self.parameter_names}
        try:
            self.formula = formulas.read_formula(
                cleaned["kind"], parameters.parameters_in(typed), cleaned["max_points"]
            )
        except formulas.BadFormula as fault:
            at_points = cleaned["kind"] == Kind.DEDUCTION and cleaned["max_points"]
            where = "max_points" if at_points else [*self.parameter_names, "kind"][0]
            self.formula_fault = str(fault)
            self.add_error(where, self.formula_fault)
            return
        cleaned["parameters"] = formulas.parameters_of(self.formula)

    @property
    def values(self) -> dict[str, Any]:
        controls = {"version", "overtake", *self.parameter_names}
        return {name: value for name, value in self.cleaned_data.items() if name not in controls}


def initial_of(scale: Scale, row: Criterion | None) -> dict[str, Any]:
    if row is None:
        return {
            "version": scale.revision,
            "kind": Kind.RUBRIC.value,
            "needs_evidence": True,
            "owner": Owner.BOARD.value,
        }
    return {
        **{name: getattr(row, name) for name in PLAIN},
        **parameters.texts_of(row.parameters),
        "group": str(row.group_id),
        "facts_from": str(row.facts_from_id or ""),
        "version": scale.revision,
    }
