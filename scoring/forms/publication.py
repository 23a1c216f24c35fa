"""Forms after the appraisal: publication, last days, objections and their answers."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from covenants.forms.drafting import Words
from emulation_bloc.lib.refusal import Refusal
from members.forms.fields import DayField
from members.models import Membership

from ..models import Line
from ..models.appraisal import Remedied, Verdict
from ..result import objection_remedies
from ..result.objection_remedies import Remedy
from .appraisal import ReasonForm
from .sheet import FigureField, figure_field

LONGEST_WORDS = 4_000


class PublishForm(forms.Form):
    objections_until = DayField(
        label=_("Objections until"),
        help_text=_("The last day on which a board may object. The conference agrees after it."),
        error_messages={"required": _("Give the day.")},
    )

    def clean_objections_until(self) -> Any:
        day = self.cleaned_data["objections_until"]
        if day < timezone.localdate():
            raise forms.ValidationError(_("Objections need a day that is still to come."))
        return day


class ProlongForm(ReasonForm):
    until = DayField(label=_("New last day"))
    field_order = ("until", "reason")


class ObjectionForm(forms.Form):
    board = forms.TypedChoiceField(label=_("Board"), coerce=int)
    text = Words(
        label=_("Objection"),
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("What is not right, and by which document. All members can read it."),
        error_messages={"required": _("Say what the objection is.")},
    )

    def __init__(self, data: Any = None, *, memberships: Sequence[Membership]) -> None:
        super().__init__(data, initial={"board": memberships[0].pk if memberships else None})
        choices = [(member.pk, member.name.short_name) for member in memberships]
        self.fields["board"].choices = choices  # type: ignore[attr-defined]
        if len(memberships) == 1:
            self.fields["board"].widget = forms.HiddenInput()


class AnswerForm(forms.Form):
    """The answer to an objection: upheld with a remedy that fits the line, or dismissed; always
    with words."""

    UPHELD = {
        Remedied.FIGURE: _("Upheld: another figure"),
        Remedied.PLAN: _("Upheld: another plan"),
        Remedied.ASSIGNED: _("Upheld: the criterion is assigned to the board"),
        Remedied.NOT_ASSIGNED: _("Upheld: the criterion is not assigned to the board"),
    }
    # The fields of each remedy; errors go to the first one that was left empty, else to the first.
    FIELDS: dict[str, tuple[str, ...]] = {
        Remedied.FIGURE: ("figure",),
        Remedied.PLAN: ("plan", "document"),
        Remedied.ASSIGNED: ("figure", "plan", "document"),
        Remedied.NOT_ASSIGNED: ("because",),
    }
    verdict = forms.ChoiceField(
        label=_("Answer"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Say whether the objection is upheld.")},
    )
    text = Words(
        label=_("Reasons"),
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("All members can read them."),
        error_messages={"required": _("Every objection gets its answer in words.")},
    )
    field_order = ("verdict", "figure", "plan", "document", "because", "text")

    def __init__(self, data: Any = None, *, line: Line) -> None:
        super().__init__(data)
        self.line = line
        self.offered = objection_remedies.offered(line)
        self.fields["verdict"].choices = [  # type: ignore[attr-defined]
            *((kind, self.UPHELD[Remedied(kind)]) for kind in self.offered),
            (Verdict.DISMISSED, _("Dismissed: nothing changes")),
        ]
        self.add_fields()
        self.order_fields(self.field_order)

    def add_fields(self) -> None:
        """Add the fields of the remedies offered. None is required here: `clean` checks the chosen
        remedy."""
        if Remedied.NOT_ASSIGNED in self.offered:
            self.fields["because"] = Words(
                label=_("Not assigned because"),
                max_length=250,
                required=False,
                help_text=_(
                    "It is printed on the sheet and the criterion leaves what the board can reach"
                ),
            )
        self.fields["figure"] = figure_field(
            self.line, required=False, label=_("Figure from now on")
        )
        if Remedied.PLAN in self.offered or self.asks_for_plan:
            attrs = {"inputmode": "decimal", "maxlength": 30, "class": "n", "autocomplete": "off"}
            self.fields["plan"] = FigureField(
                required=False, label=_("Plan from now on"), widget=forms.TextInput(attrs=attrs)
            )
            self.fields["document"] = Words(
                label=_("Document that sets the plan"),
                max_length=200,
                required=False,
                help_text=_("Number, date and issuer."),
            )

    @property
    def asks_for_plan(self) -> bool:
        """Whether the criterion is not assigned and, once it is, needs a plan that it does not
        have."""
        return not self.line.is_assigned and objection_remedies.lacks_plan(self.line)

    @property
    def plan_stands(self) -> bool:
        """Whether the line is measured by the covenant's plan, which no answer can change."""
        is_measured = self.line.is_assigned and objection_remedies.is_measured_by_plan(self.line)
        return is_measured and Remedied.PLAN not in self.offered

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        remedy = self.remedy
        asked = self.FIELDS[remedy.kind] if remedy else ()
        for field in {field for fields in self.FIELDS.values() for field in fields}:
            if field not in asked:
                self.errors.pop(field, None)
        if remedy is None or self.errors.keys() & set(asked):
            return cleaned
        try:
            objection_remedies.refuse_unfit(self.line, remedy)
        except Refusal as refusal:
            self.add_error(self.field_at_fault(remedy), str(refusal))
        return cleaned

    def field_at_fault(self, remedy: Remedy) -> str:
        """The field for the error of a remedy: the first of its fields left empty, else its first
        field."""
        asked = [field for field in self.FIELDS[remedy.kind] if field in self.fields]
        empty = [field for field in asked if self.cleaned_data.get(field) in (None, "")]
        return (empty or asked)[0]

    @property
    def remedy(self) -> Remedy | None:
        """The chosen remedy, None for a dismissal. Fields of other remedies are ignored."""
        kind = self.cleaned_data.get("verdict", Verdict.DISMISSED)
        if kind not in self.FIELDS:
            return None
        given = {field: self.cleaned_data.get(field) for field in self.FIELDS[kind]}
        return Remedy(
            kind=kind,
            fact=given.get("figure"),
            plan=given.get("plan"),
            grounds=given.get("document") or given.get("because") or "",
        )
