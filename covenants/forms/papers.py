"""The filter of the list of papers."""

import datetime as dt

from django import forms
from django.utils.translation import gettext_lazy as _

from members.forms.fields import DayField


class DayFilter(forms.Form):
    q = forms.CharField(label=_("Words in title or number"), required=False)
    ngay = DayField(label=_("In force on the day"), required=False)

    @property
    def day(self) -> dt.date | None:
        """The day asked for; None without one or if it is invalid."""
        self.is_valid()
        return self.cleaned_data.get("ngay")

    @property
    def words(self) -> str:
        self.is_valid()
        return str(self.cleaned_data.get("q", ""))
