"""A score sheet as one form: each figure and each text is a cell, sent with what its writer saw."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from covenants.forms.annex import NormField, ServedField, figure
from covenants.forms.drafting import Words
from emulation_bloc.lib.numbers import plain_decimal
from scoring.formulas import Rubric, YesNo
from scoring.models import Line, Return
from scoring.models.scales import Owner
from scoring.sheets.filling import NotAFigure, check_figure, may_write

# About a page of text; longer explanations are handed in as a file.
LONGEST_WORDS = 4_000
Content = Decimal | str | None


class FigureField(NormField):
    """A raw figure as offices type it, with at most four decimals."""

    default_error_messages = {"required": _("Give the figure.")}

    def fitting(self, norm: Decimal) -> Decimal:
        if abs(norm) >= Decimal(10) ** 14:
            raise forms.ValidationError(_("This number is too large."))
        if norm != norm.quantize(Decimal("0.0001")):
            raise forms.ValidationError(_("Four decimals at most."))
        return norm

    def shown(self, value: Content) -> str:
        return figure(value) if isinstance(value, Decimal) else ""


class ChoiceField(forms.TypedChoiceField):
    """A figure that is chosen: yes or no, or one of the levels."""

    default_error_messages = {"required": _("Give the figure.")}

    def __init__(self, choices: Iterable[tuple[str, Any]], **kwargs: Any) -> None:
        chosen = [("", "–"), *choices]
        super().__init__(choices=chosen, coerce=Decimal, empty_value=None, **kwargs)

    def shown(self, value: Content) -> str:
        return plain_decimal(value) if isinstance(value, Decimal) else ""


class WordsField(Words):
    """A text; shown and read without surrounding blanks."""

    def shown(self, value: Content) -> str:
        return str(value or "")


@dataclass(frozen=True)
class Cell:
    """A figure or a text of a line that the board may write now. `what` is "figure", "explanation",
    "dispute" or "reply"; `current` is its content now."""

    what: str
    line: Line
    current: Content
    returned: Return | None = None

    @property
    def key(self) -> str:
        return f"{self.what}-{self.line.pk}"


def cells_of(lines: Iterable[Line], returns: Mapping[int, Return]) -> list[Cell]:
    """The cells that the board may write, in the order of the lines; `returns` has the returns of
    the current round by line id."""
    return [
        cell
        for line in lines
        if may_write(line, set(returns))
        for cell in cells_of_line(line, returns.get(line.pk))
    ]


def cells_of_line(line: Line, returned: Return | None) -> list[Cell]:
    cells = [Cell("explanation", line, line.explanation)]
    if line.is_for_the_board:
        cells.insert(0, Cell("figure", line, line.actual))
    if line.criterion.owner == Owner.PORTAL:
        cells.append(Cell("dispute", line, line.dispute))
    if returned is not None:
        cells.append(Cell("reply", line, returned.reply, returned))
    return cells


def figure_field(line: Line, **usual: Any) -> forms.Field:
    """The form field for a figure of a line, which refuses figures that the criterion cannot
    have."""
    formula = line.criterion.formula
    if isinstance(formula, YesNo):
        return ChoiceField([("1", gettext("Yes")), ("0", gettext("No"))], **usual)
    if isinstance(formula, Rubric) and formula.levels:
        levels = [
            (plain_decimal(one.points), level_words(one.points, one.words))
            for one in formula.levels
        ]
        return ChoiceField(levels, **usual)
    attrs = {"inputmode": "decimal", "maxlength": 30, "class": "n", "autocomplete": "off"}
    return FigureField(widget=forms.TextInput(attrs=attrs), validators=[fits(line)], **usual)


def fits(line: Line) -> Callable[[Decimal], None]:
    def refuse_misfit(value: Decimal) -> None:
        try:
            check_figure(line, value)
        except NotAFigure as refusal:
            raise forms.ValidationError(str(refusal)) from refusal

    return refuse_misfit


def level_words(points: Decimal, words: str) -> str:
    return f"{figure(points)}: {words}" if words else figure(points)


LABELS = {
    "explanation": _("Explanation of %(code)s"),
    "dispute": _("What is not right about %(code)s"),
    "reply": _("Reply on %(code)s"),
}


def field_of(cell: Cell) -> Any:
    """The form field of a cell; its error is announced by the element below it."""
    usual: dict[str, Any] = {"required": False}
    code = {"code": cell.line.criterion.code}
    if cell.what == "figure":
        field: Any = figure_field(cell.line, label=gettext("Figure of %(code)s") % code, **usual)
    else:
        widget = forms.Textarea(attrs={"rows": 2})
        label = str(LABELS[cell.what]) % code
        field = WordsField(max_length=LONGEST_WORDS, widget=widget, label=label, **usual)
    field.initial = field.shown(cell.current)
    field.widget.attrs["aria-describedby"] = f"id_{cell.key}_error"
    return field


class SheetForm(forms.Form):
    """The cells that were sent, or for a page all of them. `served` has what the writer saw in each
    cell, as JSON.

    A cell is written only if the writer changed it and nobody else did. `overtake` is
    "key:content": the writer has seen this content of somebody else and replaces it.
    """

    served = ServedField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any = None, *, cells: Sequence[Cell]) -> None:
        super().__init__(data)
        self.cells = {cell.key: cell for cell in cells}
        self.overtaken: dict[str, str] = {}
        self.saved: list[str] = []
        for key, cell in self.cells.items():
            self.fields[key] = field_of(cell)

    # --- Input ------------------------------------------------------------------------------------

    def clean_served(self) -> dict[str, Any]:
        served = self.cleaned_data["served"] or {}
        if not isinstance(served, dict):
            raise forms.ValidationError(_("The page is out of date. Open it again."))
        key, _colon, replaced = self.data.get("overtake", "").partition(":")
        return served | {key: replaced} if key in self.cells else served

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if lost := self.typed_elsewhere():
            raise forms.ValidationError(
                _(
                    "These lines are not the board's to write on now: %(texts)s. "
                    "Note what you need."
                ),
                params={"texts": "; ".join(lost)},
            )
        return cleaned

    def typed_elsewhere(self) -> list[str]:
        """Texts typed into cells that can no longer be written, because the sheet was submitted or
        the line unassigned meanwhile."""
        kinds = ("figure", *LABELS)
        typed = [(key, str(value).strip()) for key, value in self.data.items()]
        return [
            text
            for key, text in typed
            if key.partition("-")[0] in kinds and key not in self.cells and text != self.saw(key)
        ]

    def saw(self, key: str) -> str:
        """The text that the writer saw in a cell, as the page sent it."""
        served = self.cleaned_data.get("served") or {}
        text = served.get(key, "")
        return text if isinstance(text, str) else ""

    def seen(self, key: str) -> Content:
        """The content that the writer saw in a cell; an unreadable text as it is, which equals no
        content."""
        try:
            content: Content = self.fields[key].clean(self.saw(key))
        except forms.ValidationError:
            return self.saw(key)
        return content

    def changed(self) -> dict[Cell, Content]:
        """The valid cells that the writer changed, with their new content."""
        if "served" in self.errors:
            return {}
        return {
            cell: self.cleaned_data[key]
            for key, cell in self.cells.items()
            if key in self.data and key in self.cleaned_data
            if self.cleaned_data[key] != self.seen(key)
        }

    def is_stale(self, cell: Cell) -> bool:
        """Whether the current content of the cell is not what the writer saw."""
        return self.seen(cell.key) != cell.current

    # --- Output -----------------------------------------------------------------------------------

    def by_line(self) -> dict[int, dict[str, Any]]:
        """The controls by line id and by what they hold, each with the value of its “overtake”
        button."""
        found: dict[int, dict[str, Any]] = {}
        for key, cell in self.cells.items():
            control = {"field": self[key], "overtake": self.overtake(key)}
            found.setdefault(cell.line.pk, {})[cell.what] = control
        return found

    def overtake(self, key: str) -> str:
        return f"{key}:{self.overtaken[key]}" if key in self.overtaken else ""

    @property
    def served_json(self) -> str:
        """What the page shows in the cells, for its `served` field."""
        if not self.is_bound:
            return json.dumps({key: self.shown(key) for key in self.cells})
        seen = {key: self.saw(key) for key in self.cells}
        return json.dumps(seen | {key: self.text(key) for key in self.saved})

    @property
    def seen_json(self) -> str:
        """The content of the cells that were saved, which the writer has now seen."""
        return json.dumps({key: self.text(key) for key in self.saved})

    def shown(self, key: str) -> str:
        field: Any = self.fields[key]
        return str(field.shown(self.cells[key].current))

    def text(self, key: str) -> str:
        return str(self.data.get(key, "")).replace("\r\n", "\n")

    def settle(self, overtaken: Mapping[Cell, Content]) -> None:
        """Update the form after saving: `overtaken` maps cells not written to their content by
        somebody else. They are marked, and keep what their writer saw, so that the next save is
        refused again. All other changed cells count as saved and seen."""
        for cell in self.changed():
            if cell in overtaken:
                self.mark_overtaken(cell, overtaken[cell])
            else:
                self.saved.append(cell.key)

    def mark_overtaken(self, cell: Cell, current: Content) -> None:
        field: Any = self.fields[cell.key]
        self.overtaken[cell.key] = text = field.shown(current)
        self.add_error(
            cell.key,
            gettext("Now “%(content)s”, written by someone else.") % {"content": text}
            if text
            else gettext("Now empty: someone else cleared it."),
        )

    @property
    def is_only_overtaken(self) -> bool:
        return self.errors.keys() <= self.overtaken.keys()

    @property
    def faulty_cells(self) -> list[tuple[Cell, str]]:
        return [
            (self.cells[key], " ".join(map(str, errors)))
            for key, errors in self.errors.items()
            if key in self.cells
        ]
