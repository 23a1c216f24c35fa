"""Forms of the public verification page."""

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _


class CodeForm(forms.Form):
    ma = forms.CharField(
        label=_("Verification code"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
        help_text=_("Twelve letters and digits, at the foot of every page of the paper."),
    )


class FileForm(forms.Form):
    file = forms.FileField(
        label=_("Drop the PDF here, or choose it"),
        widget=forms.FileInput(attrs={"accept": "application/pdf"}),
        error_messages={
            "required": _("Choose the PDF that you want to check."),
            "empty": _("This file is empty. Choose the PDF that you want to check."),
        },
    )

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > settings.UPLOAD_LIMIT_BYTES:
            raise ValidationError(too_big())
        return file


def too_big() -> str:
    sentence = _(
        "This file is larger than %(limit)d MB, larger than any paper of the portal. "
        "It was not read."
    )
    return str(sentence) % {"limit": settings.UPLOAD_LIMIT_BYTES // 1024**2}
