"""Numbers in Vietnamese notation: 1.234,5."""

import re
from decimal import Decimal

# Spaces that word processors and spreadsheets use for grouping digits.
SPACES = str.maketrans({"\N{NO-BREAK SPACE}": " ", "\N{NARROW NO-BREAK SPACE}": " "})
MINUS = "\N{MINUS SIGN}"
_SWAP = str.maketrans(",.", ".,")

# (form, grouping mark, decimal mark); the first form that matches is used.
_FORMS = (
    (re.compile(r"[1-9]\d{0,2}(\.\d{3})+(,\d+)?", re.ASCII), ".", ","),
    (re.compile(r"[1-9]\d{0,2}( \d{3})+(,\d+)?", re.ASCII), " ", ","),
    (re.compile(r"[1-9]\d{0,2}( \d{3})+\.\d+", re.ASCII), " ", "."),
    (re.compile(r"\d+(,\d+)?", re.ASCII), ".", ","),
    (re.compile(r"\d+\.\d+", re.ASCII), ",", "."),
    (re.compile(r"[1-9]\d{0,2}(,\d{3})+\.\d+", re.ASCII), ",", "."),
    (re.compile(r"[1-9]\d{0,2}(,\d{3}){2,}", re.ASCII), ",", "."),
)


class NotANumber(ValueError):
    """The text is not a number."""


def parse_decimal(text: str) -> Decimal:
    """Parse a typed number: 1.234,5, 1234.5, 1234,5, 1 234,5 or 1,234.5.

    Ambiguous text is read the Vietnamese way: "1.234" is 1234, "1,234" is 1.234. In "0.123" and
    "1234.567" the dot is no grouping, so it is the decimal mark. Raises NotANumber for anything
    else (empty, letters, units, wrong groups).
    """
    bare = text.translate(SPACES).strip().replace(MINUS, "-")
    sign = "-" if bare.startswith("-") else ""
    digits = bare[1:] if bare[:1] in ("-", "+") else bare
    for form, group, mark in _FORMS:
        if form.fullmatch(digits):
            return Decimal(sign + digits.replace(group, "").replace(mark, "."))
    raise NotANumber(text)


def plain_decimal(number: Decimal | None) -> str:
    """One spelling for equal numbers, for JSON, digests and audit entries: 1234.5, without
    exponent, trailing zeros or -0; "" for None.
    """
    if number is None:
        return ""
    digits = f"{number:f}"
    short = digits.rstrip("0").rstrip(".") if "." in digits else digits
    return "0" if short == "-0" else short


def vn_figure(number: Decimal) -> str:
    """The number as 1.234,5, without trailing zeros."""
    return vn_decimal(Decimal(plain_decimal(number)))


def vn_decimal(d: Decimal) -> str:
    """The number as 1.234,5 with all its decimals; round it before.

    Raises ValueError for NaN and infinities.
    """
    if not d.is_finite():
        raise ValueError(f"Not a finite number: {d}")
    return f"{d:,f}".translate(_SWAP)


def vn_signed(d: Decimal) -> str:
    """Like `vn_decimal`, with a minus sign instead of a hyphen."""
    return vn_decimal(d).replace("-", MINUS)


def vn_money(n: int) -> str:
    """Whole đồng as 1.234.567, without the unit."""
    return f"{n:,d}".translate(_SWAP)
