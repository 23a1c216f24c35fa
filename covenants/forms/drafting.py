"""Forms of the workshop: what was typed, checked, and kept as it was typed when it is refused."""

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Self, TypeVar

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from covenants.drafting import HEADER_FIELDS
from covenants.models import Indicator, Paper
from covenants.models.drafts import Part, Verdict
from emulation_bloc.lib.numbers import NotANumber, parse_decimal, vn_decimal
from emulation_bloc.lib.text import nfc, visible
from members.forms import DayField
from members.models import Membership

AnyArticleForm = TypeVar("AnyArticleForm", bound="NewArticleForm")
# Ten pages. Two texts are compared word by word, which takes long for much longer ones.
LONGEST_TEXT = 20_000


class Words(forms.CharField):
    """Text in NFC with plain line ends, so that the same words are the same bytes; without what
    cannot be seen."""

    def __init__(self, *, max_length: int = LONGEST_TEXT, **kwargs: Any) -> None:
        super().__init__(max_length=max_length, **kwargs)

    def to_python(self, value: Any) -> str:
        text = nfc(super().to_python(value) or "").replace("\r\n", "\n").replace("\r", "\n")
        return visible(text)


def rows(count: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": count})


class VersionedForm(forms.Form):
    """A form that names the revision it started from.

    `overtake` is the revision that somebody saved in between and that the writer, having seen
    it, replaces.
    """

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    overtake = forms.IntegerField(required=False, min_value=0)

    @property
    def part(self) -> str:
        """The part of the page that this form saves: "header", "article-12"."""
        return str(self.auto_id).removesuffix("-%s")

    @property
    def revision(self) -> int:
        overtake = self.cleaned_data.get("overtake")
        return self.cleaned_data["version"] if overtake is None else overtake


class HeaderForm(VersionedForm):
    title = Words(label=_("Title"), max_length=200)
    theme = Words(label=_("Theme"), max_length=250, required=False)
    place = Words(label=_("Place"), max_length=80, required=False)
    dated_on = DayField(
        label=_("Date of the paper"),
        required=False,
        help_text=_("Legal bases in force on that day are offered first."),
    )
    sign_by = DayField(label=_("To be signed by"), required=False)
    opening = Words(
        label=_("Opening"),
        required=False,
        widget=rows(3),
        help_text=_("The paragraph before the first article."),
    )
    terms = Words(
        label=_("Terms"),
        required=False,
        widget=rows(4),
        help_text=_("The paragraphs after the last article; one paragraph a line."),
    )
    recipients = Words(
        label=_("Recipients"),
        required=False,
        widget=rows(3),
        help_text=_("One a line, as under “Nơi nhận”; the archive is added by the portal."),
    )

    @classmethod
    def of(cls, paper: Paper) -> "HeaderForm":
        values = {name: getattr(paper, name) for name in HEADER_FIELDS}
        form = cls(initial={**values, "version": paper.revision}, auto_id="header-%s")
        return form.fitted_to(paper)

    def fitted_to(self, paper: Paper) -> Self:
        """Without the fields that the kind of the paper has no place for."""
        of_other_kinds = {"recipients"} if paper.is_covenant else {"theme", "sign_by", "terms"}
        for name in of_other_kinds:
            del self.fields[name]
        return self

    @property
    def values(self) -> dict[str, Any]:
        controls = ("version", "overtake")
        return {name: value for name, value in self.cleaned_data.items() if name not in controls}


class NewArticleForm(forms.Form):
    chapter = Words(
        label=_("Chapter that begins here"),
        max_length=200,
        required=False,
        help_text=_("For example “Chương I. Quy định chung”; mostly empty."),
    )
    heading = Words(label=_("Heading"), max_length=200)
    body = Words(label=_("Text"), required=False, widget=rows(5))


class ArticleForm(VersionedForm, NewArticleForm):
    pass


def fitted(form: AnyArticleForm, paper: Paper, part: str) -> AnyArticleForm:
    """Chapters are for the articles of regulations: neither a covenant nor an annex has any."""
    if paper.is_covenant or part == Part.ANNEX:
        del form.fields["chapter"]
    return form


class NewIndicatorForm(forms.Form):
    title = Words(label=_("Indicator"), max_length=200)
    unit = Words(label=_("Unit"), max_length=40, help_text=_("For example: %, dự án, tỷ đồng."))


class IndicatorForm(VersionedForm, NewIndicatorForm):
    pass


# --- Annex of targets ---------------------------------------------------------------------------


class NormField(forms.Field):
    """A figure as offices type it, "1.234,5" or "1234.5"; empty is None."""

    def to_python(self, value: Any) -> Decimal | None:
        text = str(value or "").strip()
        if not text:
            return None
        try:
            norm = parse_decimal(text)
        except NotANumber:
            raise forms.ValidationError(
                _("“%(text)s” is not a number. Write 1.234,5 or 1234.5."), params={"text": text}
            ) from None
        return self.fitting(norm)

    def fitting(self, norm: Decimal) -> Decimal:
        # First: a number of thirty digits cannot be cut to two decimals.
        if abs(norm) >= Decimal(10) ** 14:
            raise forms.ValidationError(_("This number is too large."))
        if norm != norm.quantize(Decimal("0.01")):
            raise forms.ValidationError(_("Two decimals at most."))
        return norm


class ServedField(forms.JSONField):
    """What the page carried along; nobody types it, so that what cannot be read was made up."""

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)
        # A number of thousands of digits, brackets within brackets without end.
        except (ValueError, RecursionError):
            raise forms.ValidationError(_("The page is out of date. Open it again.")) from None


def cell_key(indicator: Indicator, membership: Membership) -> str:
    return f"cell-{indicator.pk}-{membership.pk}"


def figure(norm: Decimal | None) -> str:
    """A figure of the annex as people write it; an empty cell is empty."""
    return "" if norm is None else vn_decimal(norm.normalize())


def norm_input(key: str) -> forms.TextInput:
    """A cell; the place under it tells what is wrong as soon as it is known."""
    attrs = {"inputmode": "decimal", "maxlength": 30, "class": "n"}
    return forms.TextInput(attrs={**attrs, "aria-describedby": f"id_{key}_error"})


def same_figure(typed: str, seen: object) -> bool:
    try:
        return isinstance(seen, str) and parse_decimal(typed) == parse_decimal(seen)
    except NotANumber:
        return False


class TargetsForm(forms.Form):
    """The annex as one grid. `served` carries what the writer saw, cell by cell, as JSON.

    Only cells that the writer changed are written, and only where nobody else did meanwhile. Which
    figure of somebody else the writer, having seen it, replaces stands in `overtake`.
    """

    served = ServedField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        data: Any = None,
        *,
        indicators: Sequence[Indicator],
        memberships: Sequence[Membership],
        standing: Mapping[tuple[int, int], Decimal],
    ) -> None:
        super().__init__(data)
        self.indicators, self.memberships = indicators, memberships
        self.cells = {cell_key(i, m): (i, m) for m in memberships for i in indicators}
        self.shown = {
            key: figure(standing[i.pk, m.pk])
            for key, (i, m) in self.cells.items()
            if (i.pk, m.pk) in standing
        }
        # Cells that somebody else filled meanwhile, with what now stands in them.
        self.overtaken: dict[str, str] = {}
        self.is_written = False
        for key, (indicator, membership) in self.cells.items():
            self.fields[key] = NormField(
                required=False,
                label=f"{membership.name.short_name}: {indicator.title}",
                initial=self.shown.get(key, ""),
                widget=norm_input(key),
            )

    def grid(self) -> list[tuple[Membership, list[tuple[Indicator, forms.BoundField, str]]]]:
        """A row per board in the year's order, a field per indicator; with the field of a cell
        that somebody else filled, what its button sends to replace the figure."""
        return [
            (membership, [(i, *self.field_of(i, membership)) for i in self.indicators])
            for membership in self.memberships
        ]

    def field_of(
        self, indicator: Indicator, membership: Membership
    ) -> tuple[forms.BoundField, str]:
        key = cell_key(indicator, membership)
        return self[key], f"{key}:{self.overtaken[key]}" if key in self.overtaken else ""

    def clean_served(self) -> dict[str, Any]:
        served = self.cleaned_data["served"] or {}
        if not isinstance(served, dict):
            raise forms.ValidationError(_("The page is out of date. Open it again."))
        key, _colon, replaced = self.data.get("overtake", "").partition(":")
        return served | {key: replaced} if key in self.cells else served

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if figures := self.figures_of_columns_gone(cleaned.get("served", {})):
            raise forms.ValidationError(
                _(
                    "A column that you filled was taken out meanwhile: %(figures)s. Note what you "
                    "need; the other columns are saved."
                ),
                params={"figures": "; ".join(figures)},
            )
        return cleaned

    def figures_of_columns_gone(self, served: Mapping[str, Any]) -> list[str]:
        """“BQL KKT Bình Định: 90” for what was typed into columns that are no longer there."""
        boards = {str(member.pk): member.name.short_name for member in self.memberships}
        typed = [(key, str(value).strip()) for key, value in self.data.items()]
        return [
            f"{boards[board]}: {text}"
            for key, text in typed
            for board in [key.rpartition("-")[2]]
            if key.startswith("cell-") and key not in self.cells and board in boards
            if text and not same_figure(text, served.get(key))
        ]

    @property
    def seen(self) -> dict[str, Any]:
        """What the writer saw, as the page said; nothing when that cannot be read."""
        served: dict[str, Any] = self.cleaned_data.get("served", {})
        return served

    @property
    def served_json(self) -> str:
        """What the page being drawn, or going on, shows of the annex as it stands."""
        return json.dumps(self.seen if self.is_bound else self.shown)

    def norm_seen(self, key: str) -> Decimal | None:
        text = self.seen.get(key)
        try:
            return parse_decimal(text) if isinstance(text, str) else None
        except NotANumber:
            return None

    def changed(self) -> dict[tuple[Indicator, Membership], Decimal | None]:
        """The good cells that do not hold what the writer saw in them."""
        if "served" in self.errors:
            return {}
        return {
            cell: self.cleaned_data[key]
            for key, cell in self.cells.items()
            if key in self.cleaned_data and self.cleaned_data[key] != self.norm_seen(key)
        }

    def started_from(self) -> dict[tuple[Indicator, Membership], Decimal | None]:
        return {cell: self.norm_seen(cell_key(*cell)) for cell in self.changed()}

    def settle(self, overtaken: Mapping[tuple[Indicator, Membership], Decimal | None]) -> None:
        """After the save: what was written counts as seen, what somebody else filled is marked.

        Such a cell keeps what its writer saw, so that it is told again and not overwritten.
        """
        for cell, norm in self.changed().items():
            key = cell_key(*cell)
            if cell in overtaken:
                self.mark_overtaken(key, figure(overtaken[cell]))
            else:
                self.seen[key] = figure(norm)
                self.is_written = True

    def mark_overtaken(self, key: str, standing: str) -> None:
        self.overtaken[key] = standing
        self.add_error(
            key,
            gettext("Now %(figure)s, set by someone else.") % {"figure": standing}
            if standing
            else gettext("Now empty: someone else cleared it."),
        )

    @property
    def is_only_overtaken(self) -> bool:
        return self.errors.keys() <= self.overtaken.keys()

    @property
    def faulty_cells(self) -> list[tuple[str, str]]:
        """(where, what) for each cell that was refused."""
        return [
            (str(self.fields[key].label), " ".join(map(str, errors)))
            for key, errors in self.errors.items()
            if key in self.cells
        ]


# --- Consultation -------------------------------------------------------------------------------


class CommentForm(forms.Form):
    article = forms.IntegerField(required=False, widget=forms.HiddenInput)
    text = Words(
        label=_("Comment of your board"),
        widget=rows(4),
        error_messages={"required": _("Write what your board says before you send it.")},
    )


class AnswerForm(forms.Form):
    verdict = forms.ChoiceField(
        label=_("Answer"),
        choices=[
            (Verdict.ACCEPTED.value, _("Take over")),
            (Verdict.DECLINED.value, _("Keep the text")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Say whether the comment is taken over.")},
    )
    answer = Words(
        label=_("Reason or note"),
        required=False,
        widget=rows(3),
        help_text=_("Needed when the text is kept; every member reads it."),
    )
    back = forms.CharField(required=False, widget=forms.HiddenInput)


class CommentsFilter(forms.Form):
    q = forms.CharField(label=_("Words in the comment"), required=False)
    verdict = forms.ChoiceField(
        label=_("Answer"), required=False, choices=[("", _("All comments")), *Verdict.choices]
    )
    board = forms.TypedChoiceField(label=_("Board"), required=False, coerce=int, empty_value=None)

    def __init__(self, *args: Any, memberships: Sequence[Membership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = [(member.pk, member.name.short_name) for member in memberships]
        boards = self.fields["board"]
        boards.choices = [("", _("All boards")), *names]  # type: ignore[attr-defined]

    def wanted(self) -> dict[str, Any]:
        """The filter as asked for; what cannot be read counts as not asked."""
        self.is_valid()
        return {
            "words": self.cleaned_data.get("q", ""),
            "verdict": self.cleaned_data.get("verdict", ""),
            "board": self.cleaned_data.get("board"),
        }


class AnnulForm(forms.Form):
    reason = Words(
        label=_("Reason"),
        max_length=500,
        widget=rows(3),
        help_text=_("It is kept in the audit chain and shown to every member."),
        error_messages={"required": _("Say why the covenant is annulled.")},
    )
