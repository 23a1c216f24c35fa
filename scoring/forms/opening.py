"""Opening the scoring of a year."""

from django import forms
from django.utils.translation import gettext_lazy as _

from members.forms.fields import DayField


class OpenForm(forms.Form):
    self_until = DayField(
        label=_("Sheets are due on"),
        required=False,
        help_text=_("Boards are reminded before it, and shown as late after it."),
    )
