"""Forms for what boards are measured by: plans, and criteria that are not assigned."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from covenants.forms.drafting import Words

from ..models import Criterion, Line, Sheet
from .sheet import FigureField

FIGURE = {"inputmode": "decimal", "maxlength": 30, "class": "n", "autocomplete": "off"}


class PlansForm(forms.Form):
    """A field for each plan that the covenant does not give, and the document that sets them."""

    document = Words(
        label=_("Document that sets the plans"),
        max_length=200,
        required=False,
        help_text=_("Number, date and issuer; it is kept with every plan that is changed now."),
    )

    def __init__(self, data: Any = None, *, lines: Iterable[Line]) -> None:
        super().__init__(data)
        self.lines = {f"plan-{line.pk}": line for line in lines}
        for key, line in self.lines.items():
            board = line.sheet.membership.name.short_name
            field = FigureField(
                required=False,
                label=f"{board}: {line.criterion.code}",
                widget=forms.TextInput(attrs=FIGURE | {"aria-describedby": f"id_{key}_error"}),
            )
            field.initial = field.shown(line.plan)
            self.fields[key] = field

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for key, line in self.lines.items():
            if key in self.data and key in cleaned and cleaned[key] is None and line.plan:
                self.add_error(key, _("A plan can be changed, not emptied. For none, type 0."))
        if self.changed() and not cleaned.get("document", "").strip():
            self.add_error("document", _("Name the document that sets the plan."))
        return cleaned

    def changed(self) -> list[tuple[Line, Decimal]]:
        """The lines with another plan, and that plan."""
        return [
            (line, plan)
            for key, line in self.lines.items()
            if key in self.data
            for plan in [self.cleaned_data.get(key)]
            if plan is not None and plan != line.plan
        ]


class AssignForm(forms.Form):
    """A criterion that is not assigned to a board, and why."""

    board = forms.TypedChoiceField(
        label=_("Board"), coerce=int, error_messages={"required": _("Choose the board.")}
    )
    criterion = forms.TypedChoiceField(
        label=_("Criterion"), coerce=int, error_messages={"required": _("Choose the criterion.")}
    )
    reason = Words(
        label=_("Not assigned because"),
        max_length=250,
        help_text=_("It is printed on the sheet and the criterion leaves what the board can reach"),
        error_messages={"required": _("Give the reason.")},
    )

    def __init__(
        self, data: Any = None, *, sheets: Sequence[Sheet], criteria: Sequence[Criterion]
    ) -> None:
        super().__init__(data)
        names: Mapping[str, list[tuple[int, str]]] = {
            "board": [(sheet.pk, sheet.membership.name.short_name) for sheet in sheets],
            "criterion": [(one.pk, f"{one.code} {one.title}") for one in criteria],
        }
        for field, choices in names.items():
            self.fields[field].choices = [("", _("Choose")), *choices]  # type: ignore[attr-defined]
