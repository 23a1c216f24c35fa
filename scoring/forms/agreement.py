"""Forms of the closing conference: agreement, agreed figures, restrictions, ties."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from covenants.forms.drafting import Words
from members.forms.fields import PastDayField

from ..models import Line, Restriction, Sheet, TieRuling
from .appraisal import ReasonForm, UploadForm, small_area
from .sheet import figure_field


class AgreeForm(forms.Form):
    on = PastDayField(label=_("Day of the conference"), initial=timezone.localdate)
    where = Words(
        label=_("Conference"),
        max_length=200,
        help_text=_("As it stands on the papers, for example “Hội nghị tổng kết năm 2019”."),
        error_messages={"required": _("Name the conference that agreed.")},
    )


class AgreedFigureForm(ReasonForm):
    field_order = ("figure", "reason")

    def __init__(self, data: Any = None, *, line: Line) -> None:
        super().__init__(data)
        self.fields["figure"] = figure_field(line, label=_("Figure that the conference decided"))
        self.order_fields(self.field_order)


class RestrictForm(UploadForm):
    kind = forms.ChoiceField(
        label=_("What is recorded"),
        choices=Restriction.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what is recorded.")},
    )
    reason = Words(
        label=_("Reason"),
        max_length=1_000,
        widget=small_area(),
        help_text=_("Members read it beside the score."),
        error_messages={"required": _("Give the reason.")},
    )
    on = PastDayField(label=_("Decided on"))
    field_order = ("kind", "reason", "on", "document", "file")


class ResolveForm(forms.Form):
    on = PastDayField(label=_("Resolved on"), initial=timezone.localdate)
    resolution = Words(
        label=_("How it was resolved"),
        max_length=1_000,
        widget=small_area(),
        error_messages={"required": _("Say how the hold was resolved.")},
    )


class TieForm(forms.Form):
    """The places of the boards of one tie. `sheets` are theirs in the order of the year, `steps`
    who may decide a tie by the scale; `ruling` is an earlier ruling on the same boards, shown as
    initial values."""

    by = forms.ChoiceField(
        label=_("Decided by"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose who decided.")},
    )
    document = Words(
        label=_("Minutes or decision"),
        max_length=200,
        help_text=_("Number and date of the ballot's minutes, or of the head's decision."),
        error_messages={"required": _("Name the minutes or the decision.")},
    )

    def __init__(
        self,
        data: Any = None,
        *,
        sheets: Sequence[Sheet],
        steps: Sequence[str],
        ruling: TieRuling | None = None,
    ) -> None:
        self.sheets, self.ruling = list(sheets), ruling
        super().__init__(data, prefix=str(self.sheets[0].pk), initial=self.as_ruled())
        choices = [(by, label) for by, label in TieRuling.By.choices if by in steps]
        self.fields["by"].choices = choices  # type: ignore[attr-defined]
        if len(choices) == 1:
            self.initial.setdefault("by", choices[0][0])
        for sheet in self.sheets:
            self.fields[f"place-{sheet.pk}"] = self.place_field(sheet)

    def as_ruled(self) -> dict[str, Any]:
        if self.ruling is None:
            return {}
        places = {f"place-{one.sheet_id}": one.place for one in self.ruling.places.all()}
        return places | {"by": self.ruling.by, "document": self.ruling.document}

    def place_field(self, sheet: Sheet) -> forms.IntegerField:
        last = len(self.sheets)
        bounds = _("Places go from 1 to %(last)s.") % {"last": last}
        return forms.IntegerField(
            label=sheet.membership.name.short_name,
            min_value=1,
            max_value=last,
            widget=forms.NumberInput(attrs={"class": "n"}),
            error_messages={
                "required": _("Give the place."),
                "min_value": bounds,
                "max_value": bounds,
            },
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        given = [cleaned.get(f"place-{sheet.pk}") for sheet in self.sheets]
        if None not in given and len(set(given)) != len(given):
            raise forms.ValidationError(
                _("Give each of the boards a place of its own, 1 being the first.")
            )
        return cleaned

    @property
    def places(self) -> dict[int, int]:
        return {sheet.pk: self.cleaned_data[f"place-{sheet.pk}"] for sheet in self.sheets}

    def place_fields(self) -> list[forms.BoundField]:
        return [self[f"place-{sheet.pk}"] for sheet in self.sheets]
