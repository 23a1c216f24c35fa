"""Forms of the pages of members, and form fields that other apps use."""

import datetime as dt
from typing import Any, cast

import django_filters
from crispy_forms.helper import FormHelper
from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from emulation_bloc.lib.days import is_ahead
from emulation_bloc.lib.text import visible

from .models import BlocYear, Board, Post, YearStep
from .models.blocs import Role, StepKind
from .models.boards import ZoneKind
from .models.people import PostKind, current
from .queries import board_names, boards_open_to, containing
from .years.opening import Place


class DayField(forms.DateField):
    """A day typed as dd/mm/yyyy, from 1900 to 2100 to catch typing errors.

    Not <input type="date">: it follows the browser's language and would show 06/12 as 12/06 on an
    English Windows.
    """

    default_validators = [
        MinValueValidator(dt.date(1900, 1, 1), _("Type a day from 1900 on.")),
        MaxValueValidator(dt.date(2100, 12, 31), _("Type a day up to 2100.")),
    ]

    def __init__(self, **kwargs: Any) -> None:
        look = {"inputmode": "numeric", "autocomplete": "off", "size": 10, "class": "words"}
        widget = forms.DateInput(format="%d/%m/%Y", attrs=look)
        super().__init__(**{"widget": widget, **kwargs})


class PastDayField(DayField):
    """A day up to today, for something that has happened."""

    default_error_messages = {"required": _("Give the day.")}

    def clean(self, value: Any) -> Any:
        day = super().clean(value)
        if is_ahead(day):
            raise forms.ValidationError(_("This day is still to come."))
        return day


class KindsField(forms.MultipleChoiceField):
    """Check boxes for the kinds of zones of a board; none is allowed."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **kwargs: Any) -> None:
        usual = {"label": _("Kinds of zones"), "choices": ZoneKind.choices, "required": False}
        super().__init__(**{**usual, **kwargs})


class Line(forms.CharField):
    """A name or title: one line, single spaces, no invisible characters. A line break could
    otherwise get into the subject of a mail.
    """

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        return visible(" ".join(text.split())) if text else text


class BoardField(forms.ChoiceField):
    """A choice among boards already read; many such fields in a form need no query.

    `boards` maps a board's id to (board, name shown); the value is the board or None.
    """

    def __init__(self, boards: dict[int, tuple[Board, str]], *, empty_label: Any) -> None:
        choices = [("", empty_label), *((pk, name) for pk, (_board, name) in boards.items())]
        super().__init__(label=_("Board"), required=False, choices=choices)
        self.boards = boards

    def clean(self, value: Any) -> Board | None:
        pk = super().clean(value)
        return self.boards[int(pk)][0] if pk else None


def fields_only() -> FormHelper:
    """A crispy helper without form element and CSRF token, which the page writes itself."""
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    return helper


# --- Lists --------------------------------------------------------------------------------------


class BoardsFilter(forms.Form):
    q = forms.CharField(label=_("Name or province"), required=False)
    kind = forms.ChoiceField(
        label=_("Kind of zones"), required=False, choices=[("", _("All kinds")), *ZoneKind.choices]
    )
    sort = forms.ChoiceField(
        required=False,
        widget=forms.HiddenInput,
        choices=[(key, key) for key in ("order", "name", "province", "role")],
    )

    def wanted(self) -> dict[str, str]:
        """The filter's values; invalid ones are ignored."""
        self.is_valid()
        cleaned = self.cleaned_data
        return {
            "words": cleaned.get("q", ""),
            "kind": cleaned.get("kind", ""),
            "sort": cleaned.get("sort") or "order",
        }


NOW, BEFORE = "now", "before"


class PeopleFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(label=_("Name, e-mail or post"), method="with_words")
    board = django_filters.ChoiceFilter(
        label=_("Board"), field_name="board", empty_label=_("All boards")
    )
    kind = django_filters.ChoiceFilter(
        label=_("Kind of post"), choices=PostKind.choices, empty_label=_("All posts")
    )
    held = django_filters.ChoiceFilter(
        label=_("When"),
        choices=[(NOW, _("Held now")), (BEFORE, _("Held before"))],
        empty_label=_("Now and before"),
        method="held_then",
    )

    class Meta:
        model = Post
        fields: list[str] = []

    def __init__(self, *args: Any, boards: dict[int, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(pk, name.short_name) for pk, name in boards.items()]
        self.filters["board"].extra["choices"] = choices

    def with_words(self, posts: QuerySet[Post], name: str, value: str) -> QuerySet[Post]:
        return posts.filter(containing(value, "person__folded"))

    def held_then(self, posts: QuerySet[Post], name: str, value: str) -> QuerySet[Post]:
        return posts.filter(current()) if value == NOW else posts.filter(ends_on__lt=today())


def today() -> dt.date:
    return timezone.localdate()


# --- People -------------------------------------------------------------------------------------

username_letters = RegexValidator(
    r"^[a-z0-9._-]+$",
    _("Use small letters without marks, digits, dot, hyphen: for example “dlk.truongban”."),
)


class PostForm(forms.Form):
    """A post: in which board, which, from which day. Without a board it is an observer's post."""

    # No default: "leader" would contradict the board field's default "observer, no board".
    kind = forms.ChoiceField(
        label=_("Kind of post"), choices=[("", _("Choose the kind of post")), *PostKind.choices]
    )
    title = Line(
        label=_("Post as printed"),
        max_length=120,
        help_text=_("As it stands on papers, for example “Trưởng ban”."),
    )
    starts_on = DayField(label=_("From"), initial=today, help_text=_("As dd/mm/yyyy."))

    def __init__(self, *args: Any, year: BlocYear, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = board_names(year)
        acting = Board.objects.filter(pk__in=year.roles).in_bulk()
        boards = {pk: (acting[pk], name.short_name) for pk, name in names.items() if pk in acting}
        self.fields["board"] = BoardField(boards, empty_label=_("None: observer of the bloc"))
        self.helper = fields_only()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "kind" in cleaned and "board" in cleaned:
            self.refuse_wrong_place(cleaned["kind"], cleaned["board"])
        return cleaned

    def refuse_wrong_place(self, kind: str, board: Board | None) -> None:
        if kind == PostKind.OBSERVER and board is not None:
            self.add_error("board", _("An observer belongs to the bloc, not to a board."))
        if kind != PostKind.OBSERVER and board is None:
            self.add_error("board", _("Choose the board in which this post is held."))


class InviteForm(PostForm):
    full_name = Line(label=_("Full name"), max_length=120)
    username = forms.CharField(
        label=_("Login name"),
        max_length=60,
        validators=[username_letters],
        help_text=_("Small letters without marks, digits, dot, hyphen."),
    )
    email = forms.EmailField(
        label=_("E-mail"), required=False, help_text=_("The one-time link is mailed there.")
    )
    phone = Line(label=_("Telephone"), max_length=30, required=False)


class EndPostForm(forms.Form):
    ends_on = DayField(
        label=_("Last day in the post"),
        initial=today,
        help_text=_("The right that goes with the post ends after that day."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = fields_only()


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
