"""The files that stand behind the lines of a sheet, opened by their real parser."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from covenants.forms.laws import SENTENCES as PDF_SENTENCES
from emulation_bloc.lib import workbooks, xlsx
from emulation_bloc.lib.text import nfc, visible
from emulation_bloc.lib.uploads import Reason, UploadRefused, check_pdf, check_photo
from scoring.models import Line

EVIDENCE_BYTES = 20 * 1024 * 1024
LONGEST_NAME = 200
PDF = "application/pdf"
PICTURES = "image/jpeg,image/png,image/webp"
# Brands of the files in which newer iPhones keep photographs.
HEIC = (b"ftypheic", b"ftypheix", b"ftypmif1", b"ftyphevc", b"ftypmsf1")

SENTENCES: dict[Reason, str | Promise] = PDF_SENTENCES | {
    Reason.TOO_BIG: _("This file is larger than %(limit)d MB. Nothing was kept of it."),
    Reason.NOT_A_PICTURE: _("This file is no PDF, JPG, PNG, WebP or Excel file (.xlsx)."),
    Reason.WRONG_EXTENSION: _("This file is not what its name says. Choose the original file."),
    Reason.TOO_MANY_PIXELS: _("This picture has too many pixels. Take a smaller one."),
}
EXTENSIONS = {PDF: ".pdf", "image/jpeg": ".jpg", "image/png": ".png", xlsx.MEDIA_TYPE: ".xlsx"}


@dataclass(frozen=True)
class CheckedFile:
    content: bytes
    media_type: str
    name: str


class EvidenceFileField(forms.FileField):
    """A PDF, a picture or a workbook that is only data; its value is a CheckedFile, or None."""

    default_error_messages = {
        "required": _("Choose a file or take a photograph."),
        "empty": _("This file is empty. Choose another one."),
    }

    def clean(self, data: Any, initial: Any = None) -> CheckedFile | None:
        file: UploadedFile | None = super().clean(data, initial)
        if file is None:
            return None
        # Judged by its size first, so that a large one is never read.
        if (file.size or 0) > EVIDENCE_BYTES:
            raise refused(Reason.TOO_BIG)
        return checked(bytes(file.read()), file.name or "")


def refused(reason: Reason) -> forms.ValidationError:
    sentence = str(SENTENCES[reason]) % {"limit": EVIDENCE_BYTES // 1024**2}
    return forms.ValidationError(sentence)


def checked(content: bytes, filename: str) -> CheckedFile:
    """What the file is goes by its content; its name must not say otherwise."""
    try:
        content, media_type = opened(content, filename)
    except UploadRefused as refusal:
        raise refused(refusal.reason) from refusal
    except workbooks.WorkbookRefused as refusal:
        raise forms.ValidationError(workbooks.sentence(refusal, EVIDENCE_BYTES)) from refusal
    return CheckedFile(content, media_type, named(filename, media_type))


def opened(content: bytes, filename: str) -> tuple[bytes, str]:
    suffix = PurePath(filename).suffix.lower()
    if content.startswith(b"%PDF-"):
        refuse_unless(suffix == ".pdf")
        check_pdf(content, EVIDENCE_BYTES)
        return content, PDF
    if content.startswith(b"PK") or suffix in (".xlsx", ".xls", ".xlsm"):
        workbooks.check_workbook(content, limit=EVIDENCE_BYTES)
        refuse_unless(suffix == ".xlsx")
        return content, xlsx.MEDIA_TYPE
    if content[4:12] in HEIC:
        raise forms.ValidationError(
            gettext(
                "This is an iPhone picture of the kind HEIC, which cannot be opened here. "
                "Photograph straight from this page, or save it as JPG."
            )
        )
    return check_photo(content, filename=filename, limit=EVIDENCE_BYTES)


def refuse_unless(fits: bool) -> None:
    if not fits:
        raise UploadRefused(Reason.WRONG_EXTENSION)


def named(filename: str, media_type: str) -> str:
    """The name as people see it, with the ending of what the file is now."""
    stem = visible(nfc(PurePath(filename).stem)).strip() or gettext("Evidence")
    ending = EXTENSIONS[media_type]
    return stem[: LONGEST_NAME - len(ending)] + ending


class EvidenceForm(forms.Form):
    """One file for one line or several; `photo` opens the camera of a phone."""

    photo = EvidenceFileField(
        label=_("Photograph now"),
        required=False,
        widget=forms.FileInput(attrs={"accept": PICTURES, "capture": "environment"}),
    )
    file = EvidenceFileField(
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
            photo.content, photo.media_type, named(f"{name}.jpg", photo.media_type)
        )
        return [one for one in (named_photo, file) if one]
