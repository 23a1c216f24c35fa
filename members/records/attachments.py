"""Files that people attach: what is taken, in which words a file is refused, what is kept.

Each is opened by its real parser (`lib.uploads`, `lib.workbooks`) before anything else looks at
it. Who may attach a file and who may read it, the app asks that it belongs to; its bytes go to
`members.records.files` and out by `members.pages.downloads.sent`.
"""

from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from emulation_bloc.lib import workbooks, xlsx
from emulation_bloc.lib.text import nfc, visible
from emulation_bloc.lib.uploads import Reason, UploadRefused, check_pdf, check_photo

EVIDENCE_BYTES = 20 * 1024 * 1024
LONGEST_NAME = 200
PDF = "application/pdf"
PICTURES = "image/jpeg,image/png,image/webp"
# Brands of the files in which newer iPhones keep photographs.
HEIC = (b"ftypheic", b"ftypheix", b"ftypmif1", b"ftyphevc", b"ftypmsf1")
EXTENSIONS = {PDF: ".pdf", "image/jpeg": ".jpg", "image/png": ".png", xlsx.MEDIA_TYPE: ".xlsx"}

PDF_SENTENCES: dict[Reason, str | Promise] = {
    Reason.TOO_BIG: _("This PDF is larger than %(limit)d MB. Nothing was kept of it."),
    Reason.NOT_A_PDF: _("This file cannot be read as a PDF. Scan or export it as a PDF."),
    Reason.ENCRYPTED: _("This PDF is locked with a password. Save it without one."),
    Reason.TOO_COMPLEX: _("This PDF has too many parts. Print it into a new PDF."),
    Reason.SCRIPT: _("This PDF holds a script. Print it into a new PDF."),
    Reason.LAUNCH: _("This PDF would start a program or send data. Print it into a new PDF."),
    Reason.EMBEDDED: _("This PDF holds other files. Print it into a new PDF."),
    Reason.APPENDED: _("Something was added after the end of this PDF. Print it into a new PDF."),
}
SENTENCES: dict[Reason, str | Promise] = PDF_SENTENCES | {
    Reason.TOO_BIG: _("This file is larger than %(limit)d MB. Nothing was kept of it."),
    Reason.NOT_A_PICTURE: _("This file is no PDF, JPG, PNG, WebP or Excel file (.xlsx)."),
    Reason.WRONG_EXTENSION: _("This file is not what its name says. Choose the original file."),
    Reason.TOO_MANY_PIXELS: _("This picture has too many pixels. Take a smaller one."),
}


@dataclass(frozen=True)
class CheckedFile:
    """What may be kept: the bytes, drawn anew where it is a picture, its media type and its name
    as people see it, with the ending of what it is."""

    content: bytes
    media_type: str
    name: str


class PdfField(forms.FileField):
    """A PDF that is only a document, of at most UPLOAD_LIMIT_BYTES; its value is its bytes, or
    None."""

    widget = forms.FileInput(attrs={"accept": PDF})

    def clean(self, data: Any, initial: Any = None) -> bytes | None:
        """The bytes of the upload. Raises ValidationError with the sentence for the person."""
        file: UploadedFile[bytes] | None = super().clean(data, initial)
        if file is None:
            return None
        limit = settings.UPLOAD_LIMIT_BYTES
        try:
            content = _read(file, limit)
            check_pdf(content, limit)
        except UploadRefused as refusal:
            raise _refused(PDF_SENTENCES[refusal.reason], limit) from refusal
        return content


class AttachmentField(forms.FileField):
    """A PDF, a picture or a workbook that is only data, of at most EVIDENCE_BYTES; its value is a
    CheckedFile, or None."""

    default_error_messages = {
        "required": _("Choose a file or take a photograph."),
        "empty": _("This file is empty. Choose another one."),
    }

    def clean(self, data: Any, initial: Any = None) -> CheckedFile | None:
        """The upload, checked. Raises ValidationError with the sentence for the person."""
        file: UploadedFile[bytes] | None = super().clean(data, initial)
        if file is None:
            return None
        try:
            content, media_type = _opened(_read(file, EVIDENCE_BYTES), file.name or "")
        except UploadRefused as refusal:
            raise _refused(SENTENCES[refusal.reason], EVIDENCE_BYTES) from refusal
        except workbooks.WorkbookRefused as refusal:
            raise ValidationError(workbooks.sentence(refusal, EVIDENCE_BYTES)) from refusal
        return CheckedFile(content, media_type, name_for(file.name or "", media_type))


def name_for(filename: str, media_type: str) -> str:
    """The name of a file as people see it, with the ending of what the file is now."""
    stem = visible(nfc(PurePath(filename).stem)).strip() or gettext("Evidence")
    ending = EXTENSIONS[media_type]
    return stem[: LONGEST_NAME - len(ending)] + ending


def _read(file: "UploadedFile[bytes]", limit: int) -> bytes:
    """The bytes of an upload, judged by its size first, so that a large one is never read."""
    if (file.size or 0) > limit:
        raise UploadRefused(Reason.TOO_BIG)
    return bytes(file.read())


def _refused(sentence: str | Promise, limit: int) -> ValidationError:
    return ValidationError(str(sentence) % {"limit": limit // 1024**2})


def _opened(content: bytes, filename: str) -> tuple[bytes, str]:
    """Bytes and media type. What the file is goes by its content; its name must not say
    otherwise."""
    suffix = PurePath(filename).suffix.lower()
    if content.startswith(b"%PDF-"):
        _refuse_unless(suffix == ".pdf")
        check_pdf(content, EVIDENCE_BYTES)
        return content, PDF
    if content.startswith(b"PK") or suffix in (".xlsx", ".xls", ".xlsm"):
        workbooks.check_workbook(content, limit=EVIDENCE_BYTES)
        _refuse_unless(suffix == ".xlsx")
        return content, xlsx.MEDIA_TYPE
    if content[4:12] in HEIC:
        raise ValidationError(
            gettext(
                "This is an iPhone picture of the kind HEIC, which cannot be opened here. "
                "Photograph straight from this page, or save it as JPG."
            )
        )
    return check_photo(content, filename=filename, limit=EVIDENCE_BYTES)


def _refuse_unless(fits: bool) -> None:
    if not fits:
        raise UploadRefused(Reason.WRONG_EXTENSION)
