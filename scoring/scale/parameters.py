"""The parameters of a criterion as people type them: numbers as 1,5 or 1.5, levels and steps one
per line ("10 = Đúng tiến độ", "95 = 6"). What is written here is read back unchanged."""

from collections.abc import Mapping
from dataclasses import MISSING, fields
from decimal import Decimal
from typing import Any

from emulation_bloc.lib.numbers import NotANumber, parse_decimal, plain_decimal, vn_decimal

from ..formulas import KINDS

# The fields before and after the "=" of each line.
LISTS = {"levels": ("points", "words"), "steps": ("least", "points")}
NUMBERS = ("each", "cap", "floor_percent", "cap_percent", "at_target_percent")


def names_of(kind: str) -> list[str]:
    """The parameters of a kind, in the order of its class; an empty list for an unknown kind."""
    if kind not in KINDS:
        return []
    return [one.name for one in fields(KINDS[kind]) if one.init and one.name != "max_points"]


def is_needed(kind: str, name: str) -> bool:
    """Whether the kind cannot do without this parameter."""
    return any(one.name == name and one.default is MISSING for one in fields(KINDS[kind]))


def texts_of(parameters: Mapping[str, Any]) -> dict[str, str]:
    """The parameters as the form shows them; empty ones are left out."""
    return {
        name: lines_of(value, LISTS[name]) if name in LISTS else number_as_text(value)
        for name, value in parameters.items()
        if value not in (None, "")
    }


def lines_of(rows: Any, columns: tuple[str, str]) -> str:
    """Levels or steps as text, one per line."""
    first, second = columns
    return "\n".join(
        line_of(number_as_text(row[first]), _in_words(second, row.get(second, ""))) for row in rows
    )


def line_of(first: str, second: str) -> str:
    """“first = second”, or only the first if the second is empty."""
    return f"{first} = {second}" if second else first


def _in_words(column: str, value: Any) -> str:
    return str(value) if column == "words" else number_as_text(value)


def number_as_text(value: Any) -> str:
    """A number as offices write it; anything else unchanged, for the formula to refuse."""
    try:
        return vn_decimal(Decimal(plain_decimal(Decimal(str(value)))))
    except ArithmeticError:
        return str(value)


def parameters_in(texts: Mapping[str, Any]) -> dict[str, Any]:
    """Typed texts as parameters for `formulas.read_formula`; empty ones are left out. Values that
    are already Decimal are accepted."""
    return {
        name: _rows_in(str(text), LISTS[name]) if name in LISTS else _number_in(text)
        for name, text in texts.items()
        if text not in (None, "")
    }


def _rows_in(text: str, columns: tuple[str, str]) -> list[dict[str, str]]:
    return [_row_in(line, columns) for line in text.splitlines() if line.strip()]


def _row_in(line: str, columns: tuple[str, str]) -> dict[str, str]:
    first, second = columns
    before, _equals, after = line.partition("=")
    value = after.strip() if second == "words" else _number_in(after)
    return {first: _number_in(before), second: value}


def _number_in(text: str | Decimal) -> str:
    """A typed number as formulas store it; anything else as typed."""
    if isinstance(text, Decimal):
        return plain_decimal(text)
    try:
        return plain_decimal(parse_decimal(text))
    except NotANumber:
        return text.strip()
