"""The appraisal of a sheet as one form: figures with reasons, and lines to return."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from covenants.forms.drafting import Words
from members.forms.fields import DayField
from members.records.attachments import EVIDENCE_BYTES, PICTURES, AttachmentField

from ..appraising import appraisal
from ..models import Figure, Line
from ..models.appraisal import Column
from ..models.scales import Owner
from ..sheets.boards import BoardSheet
from .sheet import figure_field

LONGEST_REASON = 1_000


def words_field(label: Any, **usual: Any) -> Words:
    settled = {"required": False, "max_length": LONGEST_REASON, "label": label}
    return Words(**settled | usual)


def small_area() -> forms.Textarea:
    return forms.Textarea(attrs={"rows": 2})


def seen_field() -> forms.IntegerField:
    """The id of the appraised figure that was on the page."""
    return forms.IntegerField(
        required=False, min_value=1, max_value=2**62, widget=forms.HiddenInput
    )


@dataclass(frozen=True)
class Typed:
    """The figure and reason that were typed for a line."""

    line: Line
    given: appraisal.Given


class AppraisalForm(forms.Form):
    """A figure and a reason for each line that the appraisers score, a box and a reason for each
    line that can be returned.

    A line counts as typed only if its figure is not the current one or a reason was given.
    """

    reply_by = DayField(
        label=_("Reply by"), required=False, help_text=_("The board sees it on its sheet.")
    )

    def __init__(self, data: Any = None, *, board: BoardSheet) -> None:
        super().__init__(data)
        self.lines = {line.pk: line for line in board.lines}
        self.current = {
            pk: board.figure_in(line, Column.APPRAISED) for pk, line in self.lines.items()
        }
        self.overtaken: set[int] = set()
        for line in board.lines:
            if takes_figure(line):
                self.add_figure(line, self.current[line.pk])
            if appraisal.can_go_back(line):
                self.add_return(line)

    def add_figure(self, line: Line, current: Figure | None) -> None:
        code = {"code": line.criterion.code}
        field: Any = figure_field(
            line, required=False, label=gettext("Appraised figure of %(code)s") % code
        )
        field.initial = field.shown(current.fact if current else None)
        field.widget.attrs["aria-describedby"] = f"id_figure-{line.pk}_error"
        self.fields[f"figure-{line.pk}"] = field
        reason = words_field(gettext("Reason for %(code)s") % code)
        reason.widget.attrs["autocomplete"] = "off"
        self.fields[f"why-{line.pk}"] = reason
        self.fields[f"seen-{line.pk}"] = seen_field()
        self.initial[f"seen-{line.pk}"] = current.pk if current else None

    def add_return(self, line: Line) -> None:
        code = {"code": line.criterion.code}
        self.fields[f"back-{line.pk}"] = forms.BooleanField(
            required=False, label=gettext("Send %(code)s back to the board") % code
        )
        self.fields[f"because-{line.pk}"] = words_field(
            gettext("Why %(code)s goes back") % code, widget=small_area()
        )

    def typed(self) -> list[Typed]:
        """The valid lines on which something was typed, in the order of the sheet."""
        return [one for line in self.lines.values() if (one := self.typed_for(line))]

    def typed_for(self, line: Line) -> Typed | None:
        key = f"figure-{line.pk}"
        # A request without the line's field does not change the line.
        if key not in self.data or key not in self.cleaned_data:
            return None
        fact = self.cleaned_data[key]
        reason = self.cleaned_data.get(f"why-{line.pk}", "").strip()
        seen = self.cleaned_data.get(f"seen-{line.pk}")
        current = self.current[line.pk]
        if not reason and fact == (current.fact if current else None):
            return None
        return Typed(line, appraisal.Given(fact, reason, seen))

    def returned(self) -> dict[int, str]:
        """The reasons of the ticked lines, by line id."""
        return {
            pk: self.cleaned_data.get(f"because-{pk}", "")
            for pk in self.lines
            if self.cleaned_data.get(f"back-{pk}")
        }

    def refuse(self, line: Line, sentence: str, *, field: str = "figure") -> None:
        self.add_error(f"{field}-{line.pk}", sentence)

    def controls(self, pk: int) -> dict[str, forms.BoundField]:
        """The fields of a line by what they hold ("figure", "why", "seen", "back", "because")."""
        names = ("figure", "why", "seen", "back", "because")
        return {name: self[f"{name}-{pk}"] for name in names if f"{name}-{pk}" in self.fields}

    @property
    def version(self) -> int:
        """The id of the newest figure on the page; a browser draft with a lower one is out of
        date."""
        return max((one.pk for one in self.current.values() if one), default=0)

    @property
    def faulty(self) -> list[tuple[Line, str]]:
        """(line, sentence) for each fault that prevents saving a line, in the order of the
        sheet."""
        return self.faults("figure", "why", "seen")

    @property
    def not_returned(self) -> list[tuple[Line, str]]:
        """(line, sentence) for each fault that prevents returning a line."""
        return self.faults("back", "because")

    def faults(self, *names: str) -> list[tuple[Line, str]]:
        return [
            (line, " ".join(map(str, self.errors[key])))
            for line in self.lines.values()
            for key in (f"{name}-{line.pk}" for name in names)
            if key in self.errors
        ]

    def again(self, board: BoardSheet) -> "AppraisalForm":
        """The form after saving: saved lines with their current content, the others as typed, with
        their errors."""
        fresh, data = AppraisalForm(board=board), dict(self.data.items())
        kept = {line.pk for line, _what in self.faulty}
        typed = {pk for pk in self.lines if f"figure-{pk}" in data}
        for key in (f"{name}-{pk}" for pk in typed - kept for name in ("figure", "why", "seen")):
            data[key] = fresh[key].value() or ""
        form = AppraisalForm(data, board=board)
        form.overtaken = self.overtaken
        for key in self.errors.keys() - form.errors.keys():
            form.add_error(key, self.errors[key].as_data())
        return form


def takes_figure(line: Line) -> bool:
    """Whether head and deputy type the figure of a line here; figures of outside bodies have a page
    of their own."""
    criterion = line.criterion
    is_own = criterion.facts_from_id is None and criterion.owner != Owner.OUTSIDE
    return line.is_assigned and is_own


class ReasonForm(forms.Form):
    reason = Words(
        label=_("Reason"),
        max_length=LONGEST_REASON,
        widget=small_area(),
        help_text=_("It is kept in the audit chain."),
        error_messages={"required": _("Give the reason.")},
    )


class UploadForm(forms.Form):
    """A form with a document: its name and its file."""

    document = Words(
        label=_("Document"),
        max_length=200,
        help_text=_("Number, date and issuer, as on the document."),
        error_messages={"required": _("Name the document.")},
    )
    file = AttachmentField(
        label=_("File"),
        widget=forms.FileInput(attrs={"accept": f".pdf,.xlsx,{PICTURES}"}),
        help_text=_("PDF, JPG, PNG, WebP or Excel (.xlsx), at most 20 MB. No Word files."),
    )

    @property
    def upload_limit(self) -> int:
        return EVIDENCE_BYTES


class OutsideForm(UploadForm):
    """The figure of an outside body, with its document."""

    seen = seen_field()
    field_order = ("figure", "document", "file")

    def __init__(self, *args: Any, line: Line, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["figure"] = figure_field(line, label=_("Figure of the outside body"))
        self.order_fields(self.field_order)


class ScoresForm(forms.Form):
    """The figures of a cross-scoring duty, by line id."""

    def __init__(self, data: Any = None, *, lines: Iterable[Line]) -> None:
        super().__init__(data)
        self.lines = list(lines)
        for line in self.lines:
            label = f"{line.criterion.code} {line.criterion.title}"
            self.fields[f"figure-{line.pk}"] = figure_field(line, label=label)

    @property
    def figures(self) -> dict[int, Decimal]:
        return {line.pk: self.cleaned_data[f"figure-{line.pk}"] for line in self.lines}

    def rows(self) -> list[tuple[Line, forms.BoundField]]:
        return [(line, self[f"figure-{line.pk}"]) for line in self.lines]
