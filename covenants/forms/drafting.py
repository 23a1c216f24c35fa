"""Forms for drafting and for comments. A refused form keeps what was typed."""

from collections.abc import Sequence
from typing import Any, Self, TypeVar

from django import forms
from django.utils.translation import gettext_lazy as _

from covenants.models import Paper
from covenants.models.comments import Verdict
from covenants.models.drafts import Part
from covenants.papers.drafting import HEADER_FIELDS
from emulation_bloc.lib.text import nfc, visible
from members.forms.fields import DayField
from members.models import Membership

AnyArticleForm = TypeVar("AnyArticleForm", bound="NewArticleForm")
# About ten pages; comparing much longer texts word by word takes too long.
LONGEST_TEXT = 20_000


class Words(forms.CharField):
    """Text in NFC with plain line ends and without invisible characters."""

    def __init__(self, *, max_length: int = LONGEST_TEXT, **kwargs: Any) -> None:
        super().__init__(max_length=max_length, **kwargs)

    def to_python(self, value: Any) -> str:
        text = nfc(super().to_python(value) or "").replace("\r\n", "\n").replace("\r", "\n")
        return visible(text)


def rows(count: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": count})


class VersionedForm(forms.Form):
    """A form that names the revision it started from, for `Overtaken`.

    `overtake` is a newer revision that the writer has seen and replaces.
    """

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    overtake = forms.IntegerField(required=False, min_value=0)

    @property
    def part(self) -> str:
        """The part of the page that the form saves: "header", "article-12"."""
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
    def for_paper(cls, paper: Paper) -> "HeaderForm":
        values = {name: getattr(paper, name) for name in HEADER_FIELDS}
        form = cls(initial={**values, "version": paper.revision}, auto_id="header-%s")
        return form.fitted_to(paper)

    def fitted_to(self, paper: Paper) -> Self:
        """Remove the fields that papers of this kind do not have."""
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
    """Remove the chapter field for covenants and annexes, which have no chapters."""
    if paper.is_covenant or part == Part.ANNEX:
        del form.fields["chapter"]
    return form


class NewIndicatorForm(forms.Form):
    title = Words(label=_("Indicator"), max_length=200)
    unit = Words(label=_("Unit"), max_length=40, help_text=_("For example: %, dự án, tỷ đồng."))


class IndicatorForm(VersionedForm, NewIndicatorForm):
    pass


# --- Consultation -------------------------------------------------------------------------------


class CommentForm(forms.Form):
    """A comment for one of the boards for which the user speaks."""

    board = forms.TypedChoiceField(label=_("Comment of"), coerce=int, required=False)
    article = forms.IntegerField(required=False, widget=forms.HiddenInput)
    text = Words(
        label=_("Comment of your board"),
        widget=rows(4),
        error_messages={"required": _("Write what your board says before you send it.")},
    )

    def __init__(self, data: Any = None, *, memberships: Sequence[Membership]) -> None:
        super().__init__(data)
        self.memberships = {member.pk: member for member in memberships}
        choices = [(member.pk, member.name.short_name) for member in memberships]
        self.fields["board"].choices = choices  # type: ignore[attr-defined]

    @property
    def membership(self) -> Membership | None:
        """The chosen board; None if there was no choice."""
        return self.memberships.get(self.cleaned_data["board"])


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
        """The filter's values; invalid ones are ignored."""
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
