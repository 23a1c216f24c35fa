"""The values of cells, as text or as numbers."""

import datetime as dt
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _

from emulation_bloc.lib.numbers import SPACES, NotANumber, parse_decimal
from emulation_bloc.lib.text import nfc, visible

Value = str | Decimal | bool | dt.datetime | None

# Excel keeps 15 digits of a number.
MOST_DIGITS: Final = 15
# Longer texts are not parsed as numbers.
LONGEST_NUMBER: Final = 60
# Invisible characters copied from chats and web pages; they would make equal codes differ.
UNSEEN: Final = dict.fromkeys(map(ord, "\u200b\u2060\ufeff"))


class Unreadable(ValueError):
    """A cell does not have what its column needs; the text is a sentence for the user."""


def text_in(value: Value) -> str:
    """The text of a cell without surrounding spaces; "" if it is empty.

    Normalised to NFC; non-breaking spaces become spaces, control and zero-width characters are
    dropped. A number is written 1.5, a date 05/04/2019.
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
    """The number in a cell as Excel shows it; None if it is empty.

    Text is parsed by lib.numbers: 1.234,5 and 1234.5. Raises Unreadable for other text, for dates
    (Excel turns 1/5 into one), for TRUE and FALSE, and for more than 15 digits.
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
    """The error for a text that is not a number."""
    shown = text if len(text) <= LONGEST_NUMBER else f"{text[:LONGEST_NUMBER]}…"
    return Unreadable(_("“%(text)s” cannot be read as a number.") % {"text": shown})


def fitting(number: Decimal) -> Decimal:
    """The number, if Excel can store it exactly; -0 becomes 0.

    Raises Unreadable beyond 15 digits before or after the decimal mark.
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
