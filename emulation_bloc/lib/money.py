"""Sums of money: whole đồng, in fields whose names end in `_vnd`.

Written by `lib.numbers.vn_money`, said by `lib.words.amount_in_words`.
"""

from decimal import Decimal
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from .numbers import NotANumber, parse_decimal, vn_money

# Thirteen digits: more than any bloc of boards turns over, and less than a slip of the finger.
MOST_VND: Final = 10**13 - 1
# What is longer than any sum with its blanks is not read to its end.
LONGEST: Final = 100
NOT_POSITIVE = _("Type a sum of at least 1 đồng.")
TOO_MUCH = _("A sum has 13 digits at most.")


class VndField(models.BigIntegerField):  # type: ignore[type-arg]
    """A positive sum of whole đồng, at most 9.999.999.999.999.

    The column itself takes any whole number; that the database holds the bounds, too, a model says
    by `holds_sum`.
    """

    default_validators = [
        MinValueValidator(1, NOT_POSITIVE),
        MaxValueValidator(MOST_VND, TOO_MUCH),
    ]

    def formfield(self, **kwargs: Any) -> Any:
        """A VndFormField, in the administration as well."""
        # The administration has a number box for BigIntegerField: it shows no grouped sum.
        kwargs.pop("widget", None)
        # BigIntegerField would hand its own limits to the form field, which has its sentences.
        return models.Field.formfield(self, **{"form_class": VndFormField, **kwargs})


def holds_sum(field: str) -> models.CheckConstraint:
    """The constraint by which the database refuses what is no positive sum in a `_vnd` field; an
    empty one passes, where the field allows it."""
    return models.CheckConstraint(
        name=f"%(app_label)s_%(class)s_{field}_is_a_sum",
        condition=models.Q(**{f"{field}__gte": 1, f"{field}__lte": MOST_VND}),
        violation_error_message=NOT_POSITIVE,
    )


class VndFormField(forms.Field):
    """A sum typed as 1.234.567, 1 234 567 or 1234567; its value is an int, or None if left empty.

    Raises ValidationError with a sentence for decimals, 0, negative sums, more than 13 digits and
    what is no number.
    """

    default_error_messages = {
        "required": _("Type the sum."),
        "invalid": _("Type a sum of whole đồng, such as 1.234.567."),
        "decimals": _("A sum is of whole đồng, without decimals."),
    }
    default_validators = [MinValueValidator(1, NOT_POSITIVE), MaxValueValidator(MOST_VND, TOO_MUCH)]

    def __init__(self, **kwargs: Any) -> None:
        look = {"inputmode": "numeric", "autocomplete": "off", "size": 18, "class": "words"}
        super().__init__(**{"widget": forms.TextInput(attrs=look), **kwargs})

    def to_python(self, value: Any) -> Any:
        """The sum as an int, None for nothing; more is asked of it by the validators."""
        if isinstance(value, int):
            return value
        typed = str(value or "").strip()
        if not typed:
            return None
        if len(typed) > LONGEST:
            is_number = typed.isascii() and typed.isdigit()
            raise ValidationError(TOO_MUCH if is_number else self.error_messages["invalid"])
        try:
            number = parse_decimal(typed)
        except NotANumber as error:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from error
        if _has_decimals(number):
            raise ValidationError(self.error_messages["decimals"], code="decimals")
        return int(number)

    def prepare_value(self, value: Any) -> Any:
        """1.234.567 for a stored sum; what was typed stays as it was typed."""
        return vn_money(value) if isinstance(value, int) else value


def _has_decimals(number: Decimal) -> bool:
    """Whether decimals were written, be they zeros: 1.234,00 is not how a voucher names a sum."""
    exponent = number.as_tuple().exponent
    return isinstance(exponent, int) and exponent < 0
