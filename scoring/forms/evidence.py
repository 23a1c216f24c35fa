"""The form by which files are put behind the lines of a sheet."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from members.records.attachments import (
    EVIDENCE_BYTES,
    PICTURES,
    AttachmentField,
    CheckedFile,
    name_for,
)

from ..models import Line


class EvidenceForm(forms.Form):
    """One file for one line or several; `photo` opens the camera of a phone."""

    photo = AttachmentField(
        label=_("Photograph now"),
        required=False,
        widget=forms.FileInput(attrs={"accept": PICTURES, "capture": "environment"}),
    )
    file = AttachmentField(
        label=_("File"),
        required=False,
        widget=forms.FileInput(attrs={"accept": f".pdf,.xlsx,{PICTURES}"}),
        help_text=_("PDF, JPG, PNG, WebP or Excel (.xlsx), at most 20 MB. No Word files."),
    )
    lines = forms.MultipleChoiceField(
        label=_("It is evidence for"),
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
        error_messages={"required": _("Tick at least one line.")},
    )

    def __init__(self, *args: Any, lines: Sequence[Line], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = {str(line.pk): line for line in lines}
        self.fields["lines"].choices = [  # type: ignore[attr-defined]
            (pk, f"{line.criterion.code} {line.criterion.title}") for pk, line in self.known.items()
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not (cleaned.get("photo") or cleaned.get("file")):
            self.add_error("file", _("Choose a file or take a photograph."))
        return cleaned

    @property
    def upload_limit(self) -> int:
        return EVIDENCE_BYTES

    @property
    def chosen_lines(self) -> list[Line]:
        return [self.known[pk] for pk in self.cleaned_data["lines"]]

    @property
    def checked_files(self) -> list[CheckedFile]:
        """What came: a photograph is named by its first line and its time, for all cameras call
        theirs alike."""
        photo, file = self.cleaned_data["photo"], self.cleaned_data["file"]
        at = timezone.localtime()
        code = self.chosen_lines[0].criterion.code
        words = {"code": code, "at": f"{at:%Y-%m-%d %H.%M}"}
        name = gettext("Photo %(code)s %(at)s") % words
        named_photo = photo and CheckedFile(
            photo.content, photo.media_type, name_for(f"{name}.jpg", photo.media_type)
        )
        return [one for one in (named_photo, file) if one]
