"""Forms for signing and for signing keys."""

import base64
import binascii
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from covenants.forms.drafting import Words
from emulation_bloc.lib.uploads import PICTURE_BYTES, Reason, UploadRefused, check_picture

DATA_URL = "data:image/png;base64,"
# Enough for a sentence; within it the key derivation takes the same time for any length.
LONGEST_PASSPHRASE = 200

SENTENCES: dict[Reason, str | Promise] = {
    Reason.TOO_BIG: _("This picture is larger than %(limit)d MB. Nothing was kept of it."),
    Reason.NOT_A_PICTURE: _("This file cannot be read as a picture. Choose a PNG, JPG or WebP."),
    Reason.WRONG_EXTENSION: _("This file is not what its name says. Choose a PNG, JPG or WebP."),
    Reason.TOO_MANY_PIXELS: _("This picture has too many pixels. Take a smaller one."),
    Reason.BLANK: _("There is nothing to see on this picture. Draw or choose another one."),
}


def passphrase_field(label: Any, autocomplete: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        strip=False,
        max_length=LONGEST_PASSPHRASE,
        widget=forms.PasswordInput(attrs={"autocomplete": autocomplete}),
    )


class SignForm(forms.Form):
    """Passphrase and picture. A drawn picture is preferred to an uploaded one, that to the stored
    one.

    After `is_valid`, `picture` is the PNG to print, None for a stamp in words only. `given` carries
    the picture of a refused attempt, so that it need not be drawn again.
    """

    drawing = forms.CharField(required=False, widget=forms.HiddenInput())
    given = forms.CharField(required=False, widget=forms.HiddenInput())
    upload = forms.FileField(
        label=_("Upload a signature picture"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
        help_text=_("PNG, JPG or WebP, at most 8 MB; white paper becomes transparent."),
    )
    reuse = forms.BooleanField(label=_("Use my kept signature picture"), required=False)
    keep = forms.BooleanField(label=_("Keep this picture for next time"), required=False)
    passphrase = passphrase_field(_("Signing passphrase"), "current-password")

    def __init__(self, *args: Any, kept: bytes | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kept = kept
        if kept is None:
            del self.fields["reuse"]

    def clean_drawing(self) -> bytes | None:
        return from_data_url(self.cleaned_data["drawing"])

    def clean_given(self) -> bytes | None:
        return from_data_url(self.cleaned_data["given"])

    @property
    def upload_limit(self) -> int:
        return PICTURE_BYTES

    def refuse_passphrase(self, sentence: str) -> None:
        """Show the sentence at the passphrase field and focus it: it is two screens below
        the top.
        """
        self.add_error("passphrase", sentence)
        self.fields["passphrase"].widget.attrs["autofocus"] = True

    def clean_upload(self) -> bytes | None:
        file: UploadedFile | None = self.cleaned_data["upload"]
        if file is None:
            return None
        if (file.size or 0) > PICTURE_BYTES:
            raise ValidationError(sentence(Reason.TOO_BIG))
        return checked(file.read(), filename=file.name or "")

    @property
    def new_picture(self) -> bytes | None:
        """The picture sent with this attempt, or None."""
        ways = ("drawing", "upload", "given")
        return next(filter(None, (self.cleaned_data.get(way) for way in ways)), None)

    @property
    def picture(self) -> bytes | None:
        return self.new_picture or (self.kept if self.cleaned_data.get("reuse") else None)

    @property
    def picture_to_keep(self) -> bytes | None:
        return self.new_picture if self.cleaned_data["keep"] else None

    @property
    def given_url(self) -> str:
        """The picture of this attempt as a data URL, "" without one."""
        picture = self.new_picture if self.is_bound else None
        return as_data_url(picture) if picture else ""


def as_data_url(png: bytes) -> str:
    return DATA_URL + base64.b64encode(png).decode()


def from_data_url(text: str) -> bytes | None:
    if not text:
        return None
    try:
        content = base64.b64decode(text.removeprefix(DATA_URL), validate=True)
    except (binascii.Error, ValueError) as error:
        raise ValidationError(sentence(Reason.NOT_A_PICTURE)) from error
    return checked(content)


def checked(content: bytes, *, filename: str = "") -> bytes:
    try:
        return check_picture(content, filename=filename)
    except UploadRefused as refused:
        raise ValidationError(sentence(refused.reason)) from refused


def sentence(reason: Reason) -> str:
    return str(SENTENCES[reason]) % {"limit": PICTURE_BYTES // 1024**2}


class EnrolForm(forms.Form):
    """A new signing passphrase, typed twice."""

    passphrase = passphrase_field(_("Signing passphrase"), "new-password")
    again = passphrase_field(_("The same passphrase again"), "new-password")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        typed = cleaned.get("passphrase")
        if typed and cleaned.get("again") and typed != cleaned["again"]:
            self.add_error("again", _("The two passphrases differ. Type both again."))
        return cleaned


class RevokeForm(forms.Form):
    reason = Words(
        label=_("Reason"),
        max_length=200,
        help_text=_("For example: the telephone was lost. It is kept in the audit chain."),
        error_messages={"required": _("Say why the key is ended.")},
    )
