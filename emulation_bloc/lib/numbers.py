"""Numbers as Vietnamese offices write them: 1.234,5."""

import re
from decimal import Decimal

# Word processors and spreadsheets group with these; only groups of three count as such.
SPACES = str.maketrans({"\N{NO-BREAK SPACE}": " ", "\N{NARROW NO-BREAK SPACE}": " "})
MINUS = "\N{MINUS SIGN}"
_SWAP = str.maketrans(",.", ".,")

# Each form with its grouping and decimal marks; the first that fits wins.
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
    """The text cannot be read as one number."""


def parse_decimal(text: str) -> Decimal:
    """Read what people type or paste: 1.234,5, 1234.5, 1234,5, 1 234,5 and 1,234.5.

    Where two readings exist the Vietnamese one wins: "1.234" is 1234 and "1,234" is 1.234.
    "0.123" and "1234.567" cannot be groups of three, so their dot is a decimal mark.
    Raises NotANumber for anything else (empty, letters, units, broken groups).
    """
    bare = text.translate(SPACES).strip().replace(MINUS, "-")
    sign = "-" if bare.startswith("-") else ""
    digits = bare[1:] if bare[:1] in ("-", "+") else bare
    for form, group, mark in _FORMS:
        if form.fullmatch(digits):
            return Decimal(sign + digits.replace(group, "").replace(mark, "."))
    raise NotANumber(text)


def plain_decimal(number: Decimal | None) -> str:
    """One spelling for equal numbers, for JSON, digests and the audit chain: 1234.5, without
    exponent, trailing zeros or -0; "" for None."""
    if number is None:
        return ""
    digits = f"{number:f}"
    short = digits.rstrip("0").rstrip(".") if "." in digits else digits
    return "0" if short == "-0" else short


def vn_figure(number: Decimal) -> str:
    """The same spelling for people: 1.234,5, without trailing zeros."""
    return vn_decimal(Decimal(plain_decimal(number)))


def vn_decimal(d: Decimal) -> str:
    """Write a decimal as 1.234,5 with exactly the decimals it carries; round before.

    Raises ValueError for NaN and infinities, which have no place in a paper.
    """
    if not d.is_finite():
        raise ValueError(f"Not a finite number: {d}")
    return f"{d:,f}".translate(_SWAP)


def vn_signed(d: Decimal) -> str:
    """The same for people to read: below 0 with a minus, not a hyphen."""
    return vn_decimal(d).replace("-", MINUS)


def vn_money(n: int) -> str:
    """Write whole đồng as 1.234.567, without the unit."""
    return f"{n:,d}".translate(_SWAP)
