import datetime as dt
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from emulation_bloc.lib.days import is_ahead
from emulation_bloc.lib.text import visible

from ..models import Board
from ..models.boards import ZoneKind


class DayField(forms.DateField):
    """A day typed as dd/mm/yyyy, from 1900 to 2100 to catch typing errors.

    Not <input type="date">: it follows the browser's language and would show 06/12 as 12/06 on an
    English Windows.
    """

    default_validators = [
        MinValueValidator(dt.date(1900, 1, 1), _("Type a day from 1900 on.")),
        MaxValueValidator(dt.date(2100, 12, 31), _("Type a day up to 2100.")),
    ]

    def __init__(self, **kwargs: Any) -> None:
        look = {"inputmode": "numeric", "autocomplete": "off", "size": 10, "class": "words"}
        widget = forms.DateInput(format="%d/%m/%Y", attrs=look)
        super().__init__(**{"widget": widget, **kwargs})


class PastDayField(DayField):
    """A day up to today, for something that has happened."""

    default_error_messages = {"required": _("Give the day.")}

    def clean(self, value: Any) -> Any:
        day = super().clean(value)
        if is_ahead(day):
            raise forms.ValidationError(_("This day is still to come."))
        return day


class KindsField(forms.MultipleChoiceField):
    """Check boxes for the kinds of zones of a board; none is allowed."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **kwargs: Any) -> None:
        usual = {"label": _("Kinds of zones"), "choices": ZoneKind.choices, "required": False}
        super().__init__(**{**usual, **kwargs})


class Line(forms.CharField):
    """A name or title: one line, single spaces, no invisible characters. A line break could
    otherwise get into the subject of a mail.
    """

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        return visible(" ".join(text.split())) if text else text


class BoardField(forms.ChoiceField):
    """A choice among boards already read; many such fields in a form need no query.

    `boards` maps a board's id to (board, name shown); the value is the board or None.
    """

    def __init__(self, boards: dict[int, tuple[Board, str]], *, empty_label: Any) -> None:
        choices = [("", empty_label), *((pk, name) for pk, (_board, name) in boards.items())]
        super().__init__(label=_("Board"), required=False, choices=choices)
        self.boards = boards

    def clean(self, value: Any) -> Board | None:
        pk = super().clean(value)
        return self.boards[int(pk)][0] if pk else None


def fields_only() -> FormHelper:
    """A crispy helper without form element and CSRF token, which the page writes itself."""
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    return helper
