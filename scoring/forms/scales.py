"""Forms of the scale's workshop; numbers are read as offices write them."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from covenants.forms.annex import NormField
from covenants.forms.drafting import VersionedForm, Words, rows
from emulation_bloc.lib.numbers import vn_figure
from members.forms.fields import Line
from scoring.computing import Combine
from scoring.models import Criterion, CriterionGroup, Scale
from scoring.models.scales import (
    BASIS_LABELS,
    COMBINE_LABELS,
    NOT_ASSIGNED_LABELS,
    Crossing,
    Openness,
    Unrankable,
)
from scoring.scale import parameters
from scoring.scale.checks import TIE_STEPS
from scoring.scale.drafts import RULE_FIELDS

MOST_POINTS = Decimal(100_000)
# Number of steps that the tie-break list may have.
TIE_PLACES = 6
NOT_CHOSEN = "—"


def number_input() -> forms.TextInput:
    return forms.TextInput(attrs={"inputmode": "decimal", "maxlength": 20, "class": "n"})


class PointsField(NormField):
    """Points of 0 or more, typed as 1,5 or 1.5."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"widget": number_input(), **kwargs})

    def prepare_value(self, value: Any) -> Any:
        return vn_figure(value) if isinstance(value, Decimal) else value

    def fitting(self, norm: Decimal) -> Decimal:
        if not 0 <= norm < MOST_POINTS:
            raise forms.ValidationError(_("Points are from 0 to 99.999,99."))
        return super().fitting(norm)


class ParameterField(NormField):
    """A parameter of a formula, with up to six decimals."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"widget": number_input(), **kwargs})

    def prepare_value(self, value: Any) -> Any:
        return parameters.number_as_text(value) if isinstance(value, Decimal) else value

    def fitting(self, norm: Decimal) -> Decimal:
        if not 0 <= norm < MOST_POINTS or norm != round(norm, 6):
            raise forms.ValidationError(_("Write a number from 0 on, with six decimals at most."))
        return norm


def missing_words(field: forms.Field) -> str:
    """The error of a field left empty. It names the field, for the page lists errors of many
    fields."""
    if isinstance(field, forms.ChoiceField):
        return gettext("Choose “%(field)s”.") % {"field": field.label}
    return gettext("Fill in “%(field)s”.") % {"field": field.label}


class ScaleForm(VersionedForm):
    """A form of the workshop, with the revision of the scale that its writer saw."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.error_messages["required"] = missing_words(field)
        # The version is a hidden field: it is missing only if the page is out of date.
        self.fields["version"].error_messages["required"] = gettext(
            "The page is out of date. Open it again."
        )


# --- Rules of the scale ---------------------------------------------------------------------------


def tie_words(scale: Scale) -> list[tuple[str, str]]:
    """The choices for a step of the tie-break list, in words."""
    groups = [
        (f"group:{one.code}", gettext("More points in group %s") % one.code)
        for one in scale.groups.filter(parent=None)
    ]
    fixed = dict(
        zip(
            TIE_STEPS,
            (
                gettext("Fewer points deducted"),
                gettext("A ballot of the boards"),
                gettext("Decision of the head"),
            ),
            strict=True,
        )
    )
    return [("", NOT_CHOSEN), *groups, *fixed.items()]


class GradesField(Words):
    """Grades one per line, "90 = Xuất sắc"; its value is a list of (title, least), the best
    first."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"widget": rows(5), "max_length": 2000, **kwargs})

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, str) or value is None:
            return value
        return "\n".join(f"{vn_figure(least)} = {title}" for title, least in value)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        grades = [self.grade(line) for line in text.splitlines() if line.strip()]
        if len({title for title, _least in grades}) < len(grades):
            raise forms.ValidationError(_("Two grades have the same name."))
        if len({least for _title, least in grades}) < len(grades):
            raise forms.ValidationError(_("Two grades begin at the same points."))
        return sorted(grades, key=lambda grade: grade[1], reverse=True)

    def grade(self, line: str) -> tuple[str, Decimal]:
        least, _equals, title = line.partition("=")
        try:
            found = PointsField().clean(least.strip())
        except forms.ValidationError:
            found = None
        if found is None or not title.strip() or len(title.strip()) > 60:
            raise forms.ValidationError(
                _("“%(line)s” is no grade. Write one a line, like 90 = Xuất sắc."),
                params={"line": line.strip()},
            )
        return title.strip(), found


class RulesForm(ScaleForm):
    total = PointsField(label=_("Total of standard points"))
    bonus_cap = PointsField(label=_("Bonus points at most"))
    rounding = forms.TypedChoiceField(
        label=_("Points are rounded to"),
        choices=[(str(step), label) for step, label in Scale.ROUNDINGS],
        coerce=Decimal,
    )
    grades = GradesField(
        label=_("Grades"),
        required=False,
        help_text=_("One a line: from how many points, “=”, the grade. The lowest begins at 0."),
    )
    basis = forms.ChoiceField(label=_("Ranking by"), choices=BASIS_LABELS)
    not_assigned = forms.ChoiceField(
        label=_("A criterion not assigned to a board is"), choices=NOT_ASSIGNED_LABELS
    )
    unrankable = forms.MultipleChoiceField(
        label=_("Not ranked is a board that"),
        choices=Unrankable.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    openness = forms.ChoiceField(
        label=_("After publication the boards see of each other"), choices=Openness.choices
    )
    crossing = forms.ChoiceField(label=_("Cross-scores are combined by"), choices=Crossing.choices)
    crossing_each = forms.IntegerField(
        label=_("Boards that each board cross-scores"), min_value=1, max_value=99
    )

    def __init__(self, *args: Any, scale: Scale, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = tie_words(scale)
        # A step about a group that was removed remains a choice until it is replaced.
        choices += [
            (step, step.removeprefix("group:"))
            for step in scale.tie_break
            if step not in dict(choices)
        ]
        for place in range(1, TIE_PLACES + 1):
            self.fields[f"tie_{place}"] = forms.ChoiceField(
                label=gettext("Step %d") % place, choices=choices, required=False
            )

    @classmethod
    def for_scale(cls, scale: Scale, data: Any) -> "RulesForm":
        names = [name for name in cls.base_fields if hasattr(scale, name) and name != "grades"]
        initial = {name: getattr(scale, name) for name in names}
        initial["rounding"] = str(scale.rounding)
        initial["version"] = scale.revision
        initial["grades"] = [(grade.title, grade.least) for grade in scale.grades.all()]
        initial |= {f"tie_{place}": step for place, step in enumerate(scale.tie_break, start=1)}
        return cls(data, initial=initial, scale=scale)

    @property
    def tie_fields(self) -> list[forms.BoundField]:
        return [self[f"tie_{place}"] for place in range(1, TIE_PLACES + 1)]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        chosen = [cleaned.get(f"tie_{place}") for place in range(1, TIE_PLACES + 1)]
        cleaned["tie_break"] = [step for step in chosen if step]
        if len(set(cleaned["tie_break"])) < len(cleaned["tie_break"]):
            self.add_error("tie_1", _("Each step can stand in the order once."))
        return cleaned

    @property
    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in RULE_FIELDS}


# --- Groups ---------------------------------------------------------------------------------------


def code_field() -> Line:
    return Line(
        label=_("Code"),
        max_length=12,
        help_text=_("As it is printed: I, II, I.1."),
        widget=forms.TextInput(attrs={"class": "words", "autocomplete": "off"}),
    )


class RowForm(ScaleForm):
    """The form of a group or a criterion; `row` is None for a new one."""

    taken: Any = ""
    # All groups, or all criteria, of the scale.
    rows: Sequence[Any] = ()

    def __init__(
        self, *args: Any, scale: Scale, row: CriterionGroup | Criterion | None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.scale, self.row = scale, row

    def others(self) -> list[Any]:
        """The other rows of the same sort."""
        return [one for one in self.rows if self.row is None or one.pk != self.row.pk]

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        if any(one.code == code for one in self.others()):
            raise forms.ValidationError(self.taken)
        return code

    @property
    def values(self) -> dict[str, Any]:
        controls = ("version", "overtake")
        return {name: value for name, value in self.cleaned_data.items() if name not in controls}


def group_choices(groups: Sequence[CriterionGroup]) -> list[tuple[str, str]]:
    return [(str(group.pk), str(group)) for group in groups]


class GroupForm(RowForm):
    code = code_field()
    title = Line(label=_("Title"), max_length=250)
    max_points = PointsField(label=_("Points"))
    parent = forms.ChoiceField(label=_("Stands in group"), required=False)
    is_bonus = forms.BooleanField(
        label=_("Bonus group"),
        required=False,
        help_text=_("Its points count beside the standard ones, up to the points given here."),
    )
    combine = forms.ChoiceField(label=_("Bonus criteria are"), choices=COMBINE_LABELS)

    taken = _("The scale already has a group with this code.")

    def __init__(self, *args: Any, groups: Sequence[CriterionGroup], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.groups = self.rows = groups
        outside = [one for one in groups if not self.is_within(one)]
        self.known = {str(one.pk): one for one in outside}
        choices = [("", gettext("none: at the top of the scale")), *group_choices(outside)]
        self.fields["parent"].choices = choices  # type: ignore[attr-defined]

    def is_within(self, group: CriterionGroup | None) -> bool:
        """Whether a group is this one, or inside it at any depth."""
        above = {one.pk: one for one in self.groups}
        while group is not None and self.row is not None:
            if group.pk == self.row.pk:
                return True
            group = above.get(group.parent_id or 0)
        return False

    def clean_parent(self) -> CriterionGroup | None:
        return self.known.get(self.cleaned_data["parent"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("combine") == Combine.HIGHEST and not cleaned.get("is_bonus"):
            self.add_error("combine", _("Only in a bonus group can the highest alone count."))
        parent = cleaned.get("parent")
        if parent and parent.is_bonus != cleaned.get("is_bonus"):
            self.add_error("parent", _("Standard and bonus points do not stand in one group."))
        return cleaned


class ScaleFileForm(forms.Form):
    """The upload of an Excel file; its value is the bytes of the file."""

    file = forms.FileField(
        label=_("Excel file of the scale"),
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
        help_text=_("The file that this portal exported, filled in and saved as .xlsx."),
        error_messages={
            "required": _("Choose the Excel file that was filled in."),
            "empty": _("This file is empty. Choose the Excel file that was filled in."),
        },
    )

    def clean_file(self) -> bytes:
        file: UploadedFile = self.cleaned_data["file"]
        limit = settings.UPLOAD_LIMIT_BYTES
        # The size is checked before reading.
        if (file.size or 0) > limit:
            raise forms.ValidationError(
                _("This file is larger than %(limit)d MB. Nothing was kept of it."),
                params={"limit": limit // 1024**2},
            )
        return bytes(file.read())


def parameter_field(kind: str, name: str) -> forms.Field:
    label, help_text = PARAMETERS[name]
    needed = parameters.is_needed(kind, name)
    usual = {"label": label, "help_text": help_text, "required": needed}
    is_list = name in parameters.LISTS
    field = Words(**usual, widget=rows(5), max_length=4000) if is_list else ParameterField(**usual)
    field.error_messages["required"] = missing_words(field)
    return field


PARAMETERS: dict[str, tuple[Any, Any]] = {
    "levels": (
        _("Levels"),
        _(
            "One a line, the best first: points = words, as in “10 = Đúng tiến độ”. Empty: any "
            "points up to the standard."
        ),
    ),
    "steps": (
        _("Steps"),
        _("One a line, the highest first: from which figure on = points, as in “95 = 6”."),
    ),
    "each": (_("Points for each"), _("For one case, one piece, or one percent.")),
    "cap": (_("Cap in points"), _("Empty: no other limit.")),
    "floor_percent": (_("Floor in percent of the plan"), _("Below it there are no points.")),
    "cap_percent": (
        _("Cap in percent of the plan"),
        _("No more than this is counted; empty: 100."),
    ),
    "at_target_percent": (
        _("Percent of the points at target"),
        _("Empty: the highest figure of the bloc has all points."),
    ),
}
