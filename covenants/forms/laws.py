"""Forms of the legal register: filter, new document, correction."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from emulation_bloc.lib.text import nfc
from members.forms.fields import DayField, PastDayField
from members.records.attachments import PdfField

from ..laws.register import SORTS
from ..models import LegalReference
from .drafting import Words, rows


class LawsFilter(forms.Form):
    q = forms.CharField(label=_("Number, subject or issuer"), required=False)
    kind = forms.ChoiceField(label=_("Type"), required=False)
    day = DayField(label=_("In force on the day"), required=False)
    sort = forms.ChoiceField(
        required=False, widget=forms.HiddenInput, choices=[(key, key) for key in SORTS]
    )

    def __init__(self, *args: Any, kinds: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("All types")), *((kind, kind) for kind in kinds)]
        self.fields["kind"].choices = choices  # type: ignore[attr-defined]

    def wanted(self) -> dict[str, Any]:
        """The filter's values; invalid ones are ignored."""
        self.is_valid()
        return {
            "words": self.cleaned_data.get("q", ""),
            "kind": self.cleaned_data.get("kind", ""),
            "day": self.cleaned_data.get("day"),
            "sort": self.cleaned_data.get("sort") or "issued",
        }


class NumbersField(Words):
    """Numbers of registered documents, one per line; its value is the list of documents."""

    widget = rows(2)

    def clean(self, value: Any) -> list[LegalReference]:
        numbers = [line.strip() for line in super().clean(value).splitlines() if line.strip()]
        known = {law.number.lower(): law for law in LegalReference.objects.all()}
        if unknown := [number for number in numbers if number.lower() not in known]:
            raise ValidationError(
                _("Not in the register: %(numbers)s. Write the numbers as they stand there."),
                params={"numbers": "; ".join(unknown)},
            )
        return list(dict.fromkeys(known[number.lower()] for number in numbers))


def link_field() -> forms.URLField:
    return forms.URLField(
        label=_("Link"),
        required=False,
        assume_scheme="https",
        help_text=_("Where its text stands, for example on vbpl.vn."),
    )


class LawForm(forms.ModelForm):
    """A new document of the register."""

    issued_on = PastDayField(label=_("Issued on"), help_text=_("As dd/mm/yyyy."))
    effective_on = DayField(
        label=_("Effective on"),
        required=False,
        help_text=_("Empty when it is not known: the day of issue counts until then."),
    )
    expired_on = DayField(
        label=_("Expired on"),
        required=False,
        help_text=_("The first day on which it is no longer in force."),
    )
    link = link_field()
    replaces = NumbersField(
        label=_("Replaces"),
        required=False,
        help_text=_("Numbers in the register, one a line. They expire when this one starts."),
    )
    amends = NumbersField(
        label=_("Amends"), required=False, help_text=_("Numbers in the register, one a line.")
    )
    text = PdfField(label=_("Text of the document"), required=False)

    class Meta:
        model = LegalReference
        fields = [
            *("kind", "number", "issuer", "subject", "issued_on", "effective_on", "expired_on"),
            *("scope", "link", "is_second_hand", "note"),
        ]
        labels = {
            "kind": _("Type"),
            "number": _("Number"),
            "issuer": _("Issuer"),
            "subject": _("Subject"),
            "scope": _("Scope"),
            "is_second_hand": _("Dates from a second-hand source"),
            "note": _("Note"),
        }
        widgets = {"subject": rows(2)}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].help_text = gettext(
            "PDF, at most %(limit)d MB: its signed scan or its print from the official gazette."
        ) % {"limit": settings.UPLOAD_LIMIT_BYTES // 1024**2}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        # NFC, so that a number typed on a phone equals the same number typed on a PC.
        return {k: nfc(v) if isinstance(v, str) else v for k, v in cleaned.items()}

    @property
    def act(self) -> dict[str, Any]:
        """The keyword arguments for registering.register_law."""
        facts = dict(self.cleaned_data)
        links = {name: facts.pop(name) for name in ("text", "replaces", "amends")}
        return {"facts": facts, **links}


class LawAdminForm(forms.ModelForm):
    """A correction in the admin; the text is uploaded, not chosen among stored files."""

    link = link_field()
    text = PdfField(
        label=_("New text (PDF)"),
        required=False,
        help_text=_("Takes the place of the text that is kept."),
    )

    class Meta:
        model = LegalReference
        fields = [*LawForm.Meta.fields, "replaced_by", "amends"]

    def clean_replaced_by(self) -> LegalReference | None:
        """The database constraint cannot be checked by the form, so it is checked here."""
        if self.instance.pk and self.cleaned_data["replaced_by"] == self.instance:
            raise ValidationError(_("A document cannot replace itself."))
        return self.cleaned_data["replaced_by"]

    def clean_amends(self) -> Any:
        if self.cleaned_data["amends"].filter(pk=self.instance.pk).exists():
            raise ValidationError(_("A document cannot amend itself."))
        return self.cleaned_data["amends"]
