"""The values of cells, and what people meant by them."""

import datetime as dt
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _

from emulation_bloc.lib.numbers import SPACES, NotANumber, parse_decimal
from emulation_bloc.lib.text import nfc, visible

Value = str | Decimal | bool | dt.datetime | None

# What Excel keeps of a number that is typed, and therefore what comes back as it was.
MOST_DIGITS: Final = 15
# More letters than any number has; what is longer is not tried.
LONGEST_NUMBER: Final = 60
# They come along from chats and web pages, and nobody sees what makes two codes differ.
UNSEEN: Final = dict.fromkeys(map(ord, "\u200b\u2060\ufeff"))


class Unreadable(ValueError):
    """A cell does not hold what its column needs. Its text is a sentence for who filled it."""


def text_in(value: Value) -> str:
    """The text of a cell without blanks around it; "" when it is empty.

    Letters are composed, blanks that do not break become blanks, control characters and letters
    without width are left out. A number reads as 1.5, a date as 05/04/2019.
    """
    match value:
        case None:
            return ""
        case bool():
            return str(value).upper()
        case Decimal():
            return f"{value:f}"
        case dt.datetime():
            return f"{value:%d/%m/%Y}"
    return visible(nfc(value).translate(UNSEEN).translate(SPACES)).strip()


def number_in(value: Value) -> Decimal | None:
    """The number of a cell, exactly as Excel shows it; None when it is empty.

    Text is read as lib.numbers does: 1.234,5 and 1234.5. Raises Unreadable for text that is no
    number, for dates (Excel makes one of 1/5), for TRUE and FALSE, and beyond 15 digits.
    """
    match value:
        case bool():
            raise Unreadable(_("TRUE and FALSE are not numbers. Type a number."))
        case Decimal():
            return value
        case dt.datetime():
            raise Unreadable(
                _("Excel made the date %(day)s of it. Type the number again, for example 1,5.")
                % {"day": text_in(value)}
            )
    return _number_of(text) if (text := text_in(value)) else None


def _number_of(text: str) -> Decimal:
    if len(text) > LONGEST_NUMBER:
        raise not_a_number(text)
    try:
        number = parse_decimal(text)
    except NotANumber as error:
        raise not_a_number(text) from error
    return fitting(number)


def not_a_number(text: str) -> Unreadable:
    shown = text if len(text) <= LONGEST_NUMBER else f"{text[:LONGEST_NUMBER]}…"
    return Unreadable(_("“%(text)s” cannot be read as a number.") % {"text": shown})


def fitting(number: Decimal) -> Decimal:
    """The number itself, when Excel can hold it exactly; zero has no sign there.

    Raises Unreadable for what is beyond 15 digits, before or after the decimal mark.
    """
    if number == 0:
        return Decimal(0)
    digits = "".join(map(str, number.as_tuple().digits)).strip("0")
    near = -MOST_DIGITS <= number.adjusted() < MOST_DIGITS
    if not number.is_finite() or len(digits) > MOST_DIGITS or not near:
        raise Unreadable(
            _("This number is too long: at most %(most)d digits can be read.")
            % {"most": MOST_DIGITS}
        )
    return number
