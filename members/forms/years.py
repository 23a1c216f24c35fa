"""Forms of the pages of members, and form fields that other apps use."""

import datetime as dt
from typing import Any, cast

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from ..models import BlocYear, Board, YearStep
from ..models.blocs import Role, StepKind
from ..queries import boards_open_to
from ..years.opening import Place
from .fields import BoardField, DayField, Line, fields_only

# --- People -------------------------------------------------------------------------------------

username_letters = RegexValidator(
    r"^[a-z0-9._-]+$",
    _("Use small letters without marks, digits, dot, hyphen: for example “dlk.truongban”."),
)


# --- Years --------------------------------------------------------------------------------------


class StepForm(forms.Form):
    """First and last day of a step; both empty leaves the step out."""

    kind = forms.ChoiceField(choices=StepKind.choices, widget=forms.HiddenInput)
    starts_on = DayField(label=_("From"), required=False)
    ends_on = DayField(label=_("Until"), required=False)

    @property
    def step_name(self) -> str:
        return str(StepKind(self["kind"].initial).label)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("starts_on"), cleaned.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _("A step cannot end before it starts."))
        if bool(first) != bool(last) and not self.errors:
            missing = "ends_on" if first else "starts_on"
            self.add_error(missing, _("Give both days, or neither."))
        return cleaned


class KeptStepForm(StepForm):
    """A step of an open year: its days may be changed but not removed."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        emptied = not self.errors and not cleaned.get("starts_on")
        if emptied and self.initial.get("starts_on"):
            self.add_error("starts_on", _("A step that has its days keeps them: move it instead."))
        return cleaned


class BaseStepFormSet(forms.BaseFormSet):
    def dates(self) -> dict[str, tuple[dt.date, dt.date]]:
        """Kind of step -> (first day, last day), for the steps that have days."""
        return {
            form.cleaned_data["kind"]: (
                form.cleaned_data["starts_on"],
                form.cleaned_data["ends_on"],
            )
            for form in self.forms
            if form.cleaned_data.get("starts_on")
        }


# One form per kind, whatever number of forms the request claims to have.
A_FORM_EACH: dict[str, Any] = {"extra": 0, "max_num": len(StepKind), "absolute_max": len(StepKind)}
StepFormSet = cast(
    "type[BaseStepFormSet]",
    forms.formset_factory(StepForm, formset=BaseStepFormSet, **A_FORM_EACH),
)
KeptStepFormSet = cast(
    "type[BaseStepFormSet]",
    forms.formset_factory(KeptStepForm, formset=BaseStepFormSet, **A_FORM_EACH),
)


def steps_of(year: BlocYear, *, shifted: int = 0) -> list[dict[str, Any]]:
    """Initial values for every kind of step; the year's days are moved by `shifted` years."""
    dated = {step.kind: step for step in year.steps.all()}
    return [step_values(kind, dated.get(kind), shifted) for kind in StepKind]


def step_values(kind: str, step: YearStep | None, shifted: int) -> dict[str, Any]:
    if step is None:
        return {"kind": kind}
    return {
        "kind": kind,
        "starts_on": in_other_year(step.starts_on, shifted),
        "ends_on": in_other_year(step.ends_on, shifted),
    }


def in_other_year(day: dt.date, years: int) -> dt.date:
    """The same day `years` later; 29 February becomes 28 February in other years."""
    year = min(day.year + years, dt.MAXYEAR)
    try:
        return day.replace(year=year)
    except ValueError:
        return day.replace(year=year, day=28)


class YearForm(forms.Form):
    year = forms.IntegerField(label=_("Year"), min_value=2000, max_value=2100)
    theme = Line(
        label=_("Theme"),
        max_length=250,
        required=False,
        help_text=_("As it will stand on the papers of the year."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = fields_only()


class PlaceForm(forms.Form):
    """A board in the year to be opened; it is left out if unticked or without a board."""

    takes_part = forms.BooleanField(label=_("Takes part"), required=False)
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, initial=Role.MEMBER)
    order = forms.IntegerField(label=_("Order"), min_value=1, max_value=999, required=False)

    def __init__(self, *args: Any, boards: dict[int, Board], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = {pk: (board, str(last_name(board))) for pk, board in boards.items()}
        self.fields["board"] = BoardField(named, empty_label=_("Choose a board"))
        # Rows of last year's boards show the name; only new rows offer a choice.
        self.board_name = ""
        if known := named.get(self.initial.get("board", 0)):
            self.board_name = known[1]
            self.fields["board"].widget = forms.HiddenInput()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("takes_part") and not cleaned.get("board") and "board" not in self.errors:
            self.add_error("board", _("Choose the board that takes part."))
        return cleaned


def last_name(board: Board) -> Any:
    return max(board.names.all(), key=lambda name: name.since)


class BasePlaceFormSet(forms.BaseFormSet):
    def places(self) -> list[Place]:
        """The boards that take part, by order number; the sort is stable."""
        rows = [form.cleaned_data for form in self.forms]
        taking_part = [row for row in rows if row.get("takes_part")]
        taking_part.sort(key=lambda row: (row["order"] is None, row["order"] or 0))
        return [Place(board=row["board"], role=row["role"]) for row in taking_part]


ROWS_TO_ADD, MOST_ROWS = 3, 200
PlaceFormSet = cast(
    "type[BasePlaceFormSet]",
    forms.formset_factory(
        PlaceForm,
        formset=BasePlaceFormSet,
        extra=ROWS_TO_ADD,
        max_num=MOST_ROWS,
        absolute_max=MOST_ROWS,
    ),
)


def place_formset(last: BlocYear, data: Any = None) -> BasePlaceFormSet:
    """The form for the boards of the year to be opened: those of the last year, and empty rows."""
    boards = {board.pk: board for board in boards_open_to(last.bloc)}
    return PlaceFormSet(
        data, prefix="places", initial=places_of(last), form_kwargs={"boards": boards}
    )


def places_of(last: BlocYear) -> list[dict[str, Any]]:
    """Initial values: the boards that act in the last year and still exist, in their order and
    roles.

    A board that carries on for two memberships has one row.
    """
    existing = set(
        Board.objects.filter(pk__in=last.roles, dissolved_on=None).values_list("pk", flat=True)
    )
    orders = {one.acting_board_id: one.order for one in last.memberships.order_by("-order")}
    return [
        {"takes_part": True, "board": board, "role": last.roles[board], "order": order}
        for board, order in sorted(orders.items(), key=lambda item: item[1])
        if board in existing
    ]
