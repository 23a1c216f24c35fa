"""Formulas as JSON, and back: a kind, and its parameters as an object.

Each kind takes the fields of its class except `max_points`, which belongs to the criterion. Numbers
are strings ("0.25"), `levels` is a list of {"points", "words"}, `steps` a list of {"least",
"points"}.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields
from decimal import Decimal
from typing import Any, TypeVar

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from emulation_bloc.lib.numbers import plain_decimal
from emulation_bloc.lib.refusal import Refusal

from .base import Formula
from .kinds import KINDS, Level, Step

Record = TypeVar("Record", Formula, Level, Step)

# Larger than any scale needs, and small enough that the product of two numbers is exact in Decimal.
NUMBER = re.compile(r"(-?)(\d{1,12}(?:\.\d{1,6})?)", re.ASCII)

LABELS: dict[str, Promise] = {
    "at_target_percent": gettext_lazy("Percent of the points at target"),
    "cap": gettext_lazy("Cap in points"),
    "cap_percent": gettext_lazy("Cap in percent of the plan"),
    "each": gettext_lazy("Points for each"),
    "floor_percent": gettext_lazy("Floor in percent of the plan"),
    "least": gettext_lazy("Reached from"),
    "levels": gettext_lazy("Levels"),
    "max_points": gettext_lazy("Maximum of points"),
    "points": gettext_lazy("Points"),
    "steps": gettext_lazy("Steps"),
    "words": gettext_lazy("Words"),
}


class BadFormula(Refusal):
    """There is no such kind of criterion, or the parameters do not fit the kind."""


def read_formula(kind: str, parameters: Mapping[str, Any], max_points: Decimal) -> Formula:
    """The formula of a criterion. A deduction must have 0 `max_points`. Raises BadFormula."""
    if kind not in KINDS:
        raise BadFormula(_("There is no kind of criterion “%(kind)s”.") % {"kind": kind})
    formula_type = KINDS[kind]
    if not formula_type.is_deduction:
        parameters = {**parameters, "max_points": plain_decimal(max_points)}
    elif max_points:
        raise BadFormula(_("A deduction has 0 standard points."))
    formula = record(formula_type, parameters)
    if sentence := formula.fault():
        raise BadFormula(sentence)
    return formula


def parameters_of(formula: Formula) -> dict[str, Any]:
    """The parameters from which `read_formula` makes this formula; equal formulas have equal
    parameters."""
    return {name: value for name, value in spelled(formula).items() if name != "max_points"}


def record(record_type: type[Record], values: Mapping[str, Any]) -> Record:
    """A formula, level or step from its JSON values; None and "" count as left out. Raises
    BadFormula."""
    given = {name: value for name, value in values.items() if value not in (None, "")}
    known = {one.name: one for one in fields(record_type) if one.init}
    for name in given.keys() - known.keys():
        raise refused(_("“%(name)s” does not belong to this kind of criterion."), name)
    for name, one in known.items():
        if name not in given and one.default is MISSING:
            raise refused(_("“%(name)s” is missing."), name)
    return record_type(**{name: READERS.get(name, number)(name, given[name]) for name in given})


def number(name: str, value: object) -> Decimal:
    """A number of 0 or more, with at most 12 digits and 6 decimals. Raises BadFormula."""
    found = NUMBER.fullmatch(str(value).strip())
    if found is None:
        raise refused(_("“%(name)s” is no number: “%(value)s”."), name, value)
    sign, digits = found.groups()
    if sign and Decimal(digits):
        raise refused(_("“%(name)s” must not be negative."), name)
    return Decimal(digits)


def text(name: str, value: object) -> str:
    """The text without surrounding blanks."""
    return str(value).strip()


def levels(name: str, value: object) -> tuple[Level, ...]:
    """The levels of a rubric. Raises BadFormula."""
    return tuple(record(Level, row) for row in rows(name, value))


def steps(name: str, value: object) -> tuple[Step, ...]:
    """The steps of a `Steps` formula. Raises BadFormula."""
    return tuple(record(Step, row) for row in rows(name, value))


def rows(name: str, value: object) -> list[Mapping[str, Any]]:
    """The value, checked to be a list of objects. Raises BadFormula."""
    if isinstance(value, list) and all(isinstance(row, Mapping) for row in value):
        return value
    raise refused(_("“%(name)s” must be a list of rows."), name)


READERS: dict[str, Callable[[str, object], Any]] = {
    "levels": levels,
    "steps": steps,
    "words": text,
}


def refused(sentence: str, name: str, value: object = "") -> BadFormula:
    """The error for one parameter, which the sentence calls by its label on the form."""
    return BadFormula(sentence % {"name": LABELS.get(name, name), "value": value})


def spelled(one: Formula | Level | Step) -> dict[str, Any]:
    """The fields of a formula, level or step as JSON values; fields that are None are left out."""
    values = {each.name: getattr(one, each.name) for each in fields(one)}
    return {name: spelling(value) for name, value in values.items() if value is not None}


def spelling(value: object) -> object:
    """One value as JSON: decimals as plain strings, levels and steps as lists of objects."""
    if isinstance(value, Decimal):
        return plain_decimal(value)
    if isinstance(value, tuple):
        return [spelled(row) for row in value]
    return value
