"""Forms for adopting papers: rule of a round, votes, show of hands, number and dates, new
papers.
"""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from emulation_bloc.lib.counting import Base, Passing, Rule
from emulation_bloc.lib.numbers import NotANumber, parse_decimal, vn_figure
from emulation_bloc.lib.pasted import Pasted
from members.forms.fields import DayField, PastDayField
from members.models import Membership
from members.records.attachments import PdfField
from members.records.numbering import Numbering

from ..adoption.voting import ShowOfHands, Terms
from ..models import Paper, PaperKind, Voting
from ..models.adoption import Choice, Method
from ..models.kinds import BASES, COVENANT, PASSING, Openness
from .drafting import LONGEST_TEXT, Words, rows


class PercentField(forms.Field):
    """A percentage of 0 to 100 with at most two decimals, typed as 66,67 or 66.67."""

    def __init__(self, **kwargs: Any) -> None:
        look = {"inputmode": "decimal", "class": "n", "maxlength": 6}
        super().__init__(**{"widget": forms.TextInput(attrs=look), **kwargs})

    def prepare_value(self, value: Any) -> Any:
        return vn_figure(value) if isinstance(value, Decimal) else value

    def to_python(self, value: Any) -> Decimal | None:
        text = str(value or "").strip().removesuffix("%").strip()
        if not text:
            return None
        try:
            percent = parse_decimal(text)
        except NotANumber:
            percent = Decimal(-1)
        if not 0 <= percent <= 100 or percent != round(percent, 2):
            raise ValidationError(
                _("Write a percentage from 0 to 100 with two decimals at most, like 66,67.")
            )
        return percent


class TermsForm(forms.Form):
    method = forms.ChoiceField(
        label=_("How the boards vote"), choices=Method.choices, widget=forms.RadioSelect
    )
    closes_on = DayField(
        label=_("Last day of voting"),
        required=False,
        help_text=_("For an online vote. The result is told after it, or when all have voted."),
    )
    quorum_percent = PercentField(
        label=_("Quorum, percent of the members"),
        help_text=_("So many boards must take part for the vote to count."),
    )
    passing = forms.ChoiceField(label=_("Adopted with"), choices=PASSING)
    threshold_percent = PercentField(label=_("Threshold, percent in favour"))
    base = forms.ChoiceField(label=_("Taken of"), choices=BASES)
    openness = forms.ChoiceField(label=_("After closing"), choices=Openness.choices)

    @classmethod
    def proposing(cls, data: Any, terms: Terms) -> "TermsForm":
        """The form with the rule that the paper's kind proposes."""
        return cls(
            data,
            initial={
                "method": terms.method,
                "closes_on": terms.closes_on,
                "quorum_percent": terms.rule.quorum_percent,
                "passing": terms.rule.passing.value,
                "threshold_percent": terms.rule.threshold_percent,
                "base": terms.rule.base.value,
                "openness": terms.openness,
            },
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("method") == Method.ONLINE and "closes_on" in cleaned:
            closes_on = cleaned["closes_on"]
            if closes_on is None or closes_on < timezone.localdate():
                self.add_error("closes_on", _("Give a last day of voting that is not in the past."))
        return cleaned

    @property
    def terms(self) -> Terms:
        cleaned = self.cleaned_data
        return Terms(
            method=cleaned["method"],
            rule=Rule(
                quorum_percent=cleaned["quorum_percent"],
                threshold_percent=cleaned["threshold_percent"],
                passing=Passing(cleaned["passing"]),
                base=Base(cleaned["base"]),
            ),
            openness=cleaned["openness"],
            closes_on=cleaned["closes_on"],
        )


class VoteForm(forms.Form):
    """The vote of one of the user's boards."""

    board = forms.TypedChoiceField(label=_("Board"), coerce=int)
    choice = forms.ChoiceField(
        label=_("The board's vote"),
        choices=Choice.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how your board votes.")},
    )
    proxy = Words(
        label=_("Proxy"),
        max_length=200,
        required=False,
        help_text=_("For deputies: number and date of the document that lets you vote."),
    )

    def __init__(self, data: Any, *, memberships: Sequence[Membership], needs_proxy: bool) -> None:
        super().__init__(data, initial={"board": memberships[0].pk if memberships else None})
        choices = [(member.pk, member.name.short_name) for member in memberships]
        self.fields["board"].choices = choices  # type: ignore[attr-defined]
        if len(memberships) == 1:
            self.fields["board"].widget = forms.HiddenInput()
        if not needs_proxy:
            del self.fields["proxy"]


class HandsForm(forms.Form):
    held_on = PastDayField(label=_("Held on"))
    place = Words(label=_("Place"), max_length=120)
    chair = Words(
        label=_("Chaired by"), max_length=160, help_text=_("Name and post, as on the minutes.")
    )
    secretary = Words(label=_("Minutes by"), max_length=160)
    present = forms.IntegerField(label=_("Boards present"), min_value=0, max_value=9999)
    in_favour = forms.IntegerField(label=_("In favour"), min_value=0, max_value=9999)
    against = forms.IntegerField(label=_("Against"), min_value=0, max_value=9999)
    abstaining = forms.IntegerField(label=_("Abstaining"), min_value=0, max_value=9999)
    remarks = Words(label=_("Remarks"), required=False, max_length=2000, widget=rows(3))

    @classmethod
    def for_voting(cls, voting: Voting, data: Any) -> "HandsForm":
        initial = {
            "held_on": timezone.localdate(),
            "place": voting.paper.place,
            "present": voting.members,
            "against": 0,
            "abstaining": 0,
        }
        return cls(data, initial=initial)

    @property
    def meeting(self) -> ShowOfHands:
        return ShowOfHands(**self.cleaned_data)


class ReasonForm(forms.Form):
    reason = Words(
        label=_("Reason"),
        max_length=500,
        widget=rows(3),
        help_text=_("It is kept in the audit chain and shown to every member."),
        error_messages={"required": _("Give the reason.")},
    )


class WithdrawForm(ReasonForm):
    on = DayField(label=_("No longer in force from"), initial=timezone.localdate)


OWN, TYPED = "own", "typed"


class IssueForm(forms.Form):
    numbering = forms.ChoiceField(
        label=_("Number"),
        choices=[
            (OWN, _("The next number of the bloc's own series")),
            (TYPED, _("A number from the book of the head unit")),
        ],
        widget=forms.RadioSelect,
        initial=OWN,
    )
    number = forms.IntegerField(
        label=_("Number from the book"), required=False, min_value=1, max_value=99999
    )
    symbol = Words(label=_("Symbol"), max_length=40, help_text=_("As in 05/QC-KTĐ: QC-KTĐ."))
    dated_on = PastDayField(label=_("Date of the paper"))
    effective_on = DayField(label=_("In force from"))
    expires_on = DayField(
        label=_("No longer in force from"),
        required=False,
        help_text=_("Empty: until another one replaces it."),
    )

    @classmethod
    def for_paper(cls, paper: Paper, data: Any) -> "IssueForm":
        day = paper.dated_on or timezone.localdate()
        symbol = f"{paper.kind.symbol}-KTĐ"
        initial = {"symbol": symbol, "dated_on": day, "effective_on": day, "numbering": OWN}
        return cls(data, initial=initial)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("numbering") == TYPED and not cleaned.get("number"):
            self.add_error("number", _("Type the number that the book gives."))
        first: dt.date | None = cleaned.get("effective_on")
        after: dt.date | None = cleaned.get("expires_on")
        signed_on: dt.date | None = cleaned.get("dated_on")
        if first and signed_on and first < signed_on:
            self.add_error("effective_on", _("A paper takes effect on its own date or later."))
        if first and after and after <= first:
            self.add_error("expires_on", _("A paper must be in force for at least one day."))
        return cleaned

    @property
    def numbers(self) -> Numbering:
        cleaned = self.cleaned_data
        typed = cleaned["number"] if cleaned["numbering"] == TYPED else None
        return Numbering(symbol=cleaned["symbol"], number=typed)


# --- Starting a paper, its text as a file ---------------------------------------------------------

BLANK, LAST, PASTED, FILE = "blank", "last", "pasted", "file"


class KindField(forms.ModelChoiceField):
    def label_from_instance(self, kind: PaperKind) -> str:
        return f"{kind.name} ({kind.type_name}, …/{kind.symbol})"


class NewPaperForm(forms.Form):
    kind = KindField(
        label=_("Kind of paper"),
        queryset=PaperKind.objects.exclude(pk=COVENANT),
        empty_label=_("Choose a kind"),
        help_text=_("In brackets: the type printed above its title, and the symbol of its number."),
    )
    title = Words(
        label=_("Title"),
        max_length=200,
        required=False,
        help_text=_(
            "Empty: the name of the kind, for example “Quy chế tổ chức và hoạt động”. A kind of "
            "which a year may have several needs a name for each."
        ),
    )
    source = forms.ChoiceField(
        label=_("Start from"),
        choices=[
            (LAST, _("The last paper of this kind")),
            (BLANK, _("A blank page")),
            (PASTED, _("A text pasted from Word")),
            (FILE, _("A finished PDF, attached as a file")),
        ],
        widget=forms.RadioSelect,
        initial=LAST,
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        kind = cleaned.get("kind")
        if kind and not cleaned.get("title"):
            self.name_after(kind, cleaned)
        return cleaned

    def name_after(self, kind: PaperKind, cleaned: dict[str, Any]) -> None:
        """Give a paper without a title the name of its kind; where several may exist, require a
        title.
        """
        if kind.is_single:
            cleaned["title"] = kind.name
        else:
            self.add_error("title", _("Name the paper: a year may have several of this kind."))


class AttachmentForm(forms.Form):
    file = PdfField(
        label=_("Text as a PDF"),
        help_text=_("Its pages are printed behind those of the portal, and signed with them."),
    )

    @property
    def name(self) -> str:
        """The name of the uploaded file, at most 200 characters; "" without one."""
        upload = self.files.get("file")
        return str(upload.name)[:200] if upload else ""


class PasteForm(forms.Form):
    """Text pasted from a word processor: HTML if the browser provides it, else plain text."""

    html = forms.CharField(required=False, widget=forms.HiddenInput, strip=False)
    text = forms.CharField(
        label=_("Text from Word"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 14}),
        help_text=_("Paste the whole text. “Điều 1. …” begins an article, “Phụ lục …” an annex."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not (cleaned.get("html") or cleaned.get("text", "").strip()):
            raise ValidationError(gettext("Paste a text first."))
        return cleaned

    def takes(self, found: Pasted) -> bool:
        """Whether every part is within LONGEST_TEXT; adds an error for each that is not."""
        for section in found.sections:
            if len(section.body) > LONGEST_TEXT:
                sentence = _("“%(heading)s” is longer than 20,000 letters. Part it.")
                self.add_error(None, ValidationError(sentence, params={"heading": section.heading}))
        return not self.errors
