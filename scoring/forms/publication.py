"""Forms of what follows appraisal: publication, objections and their answers."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from covenants.forms.drafting import Words
from members.forms import DayField
from members.models import Membership
from scoring.filling import NotAFigure
from scoring.models import Line
from scoring.models.appraisal import Verdict
from scoring.moves import NotNow
from scoring.objections import check_new_figure

from .appraisal import ReasonForm
from .sheet import figure_field

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
    """Upheld with another figure, or dismissed; always with words."""

    VERDICTS = [
        (Verdict.UPHELD, _("Upheld: the figure changes")),
        (Verdict.DISMISSED, _("Dismissed: the figure stays")),
    ]
    verdict = forms.ChoiceField(
        label=_("Answer"),
        choices=VERDICTS,
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
    field_order = ("verdict", "figure", "text")

    def __init__(self, data: Any = None, *, line: Line) -> None:
        super().__init__(data)
        self.line = line
        self.fields["figure"] = figure_field(
            line, required=False, label=_("Figure from now on, if upheld")
        )
        self.order_fields(self.field_order)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("verdict") == Verdict.UPHELD and "figure" not in self.errors:
            self.check(cleaned.get("figure"))
        return cleaned

    def check(self, fact: Decimal | None) -> None:
        if fact is None:
            self.add_error("figure", _("Give the figure that stands from now on."))
            return
        try:
            check_new_figure(self.line, fact)
        except (NotAFigure, NotNow) as refusal:
            self.add_error("figure", str(refusal))

    @property
    def figure_to_try(self) -> Decimal | None:
        """The figure that would stand, or None where nothing changes."""
        if self.cleaned_data.get("verdict") != Verdict.UPHELD:
            return None
        figure: Decimal | None = self.cleaned_data.get("figure")
        return figure
