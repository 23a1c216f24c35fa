"""Formulas to and from JSON: a kind, and its parameters as an object.

Each kind takes the fields of its class but `max_points`, which belongs to the criterion. Numbers
are strings ("0.25"), `levels` a list of {"points", "words"}, `steps` one of {"least", "points"}.
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

# Larger than any scale needs, and small enough for the product of two to be exact.
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
    """The kind or its parameters make no formula."""


def read_formula(kind: str, parameters: Mapping[str, Any], max_points: Decimal) -> Formula:
    """The formula of a criterion; a deduction is one of 0 points. Raises BadFormula."""
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
    """What `read` makes the formula from; equal formulas have equal parameters."""
    return {name: value for name, value in spelled(formula).items() if name != "max_points"}


def record(record_type: type[Record], values: Mapping[str, Any]) -> Record:
    """What is None or empty counts as left out. Raises BadFormula."""
    given = {name: value for name, value in values.items() if value not in (None, "")}
    known = {one.name: one for one in fields(record_type) if one.init}
    for name in given.keys() - known.keys():
        raise refused(_("“%(name)s” does not belong to this kind of criterion."), name)
    for name, one in known.items():
        if name not in given and one.default is MISSING:
            raise refused(_("“%(name)s” is missing."), name)
    return record_type(**{name: READERS.get(name, number)(name, given[name]) for name in given})


def number(name: str, value: object) -> Decimal:
    found = NUMBER.fullmatch(str(value).strip())
    if found is None:
        raise refused(_("“%(name)s” is no number: “%(value)s”."), name, value)
    sign, digits = found.groups()
    if sign and Decimal(digits):
        raise refused(_("“%(name)s” must not be negative."), name)
    return Decimal(digits)


def text(name: str, value: object) -> str:
    return str(value).strip()


def levels(name: str, value: object) -> tuple[Level, ...]:
    return tuple(record(Level, row) for row in rows(name, value))


def steps(name: str, value: object) -> tuple[Step, ...]:
    return tuple(record(Step, row) for row in rows(name, value))


def rows(name: str, value: object) -> list[Mapping[str, Any]]:
    if isinstance(value, list) and all(isinstance(row, Mapping) for row in value):
        return value
    raise refused(_("“%(name)s” must be a list of rows."), name)


READERS: dict[str, Callable[[str, object], Any]] = {
    "levels": levels,
    "steps": steps,
    "words": text,
}


def refused(sentence: str, name: str, value: object = "") -> BadFormula:
    return BadFormula(sentence % {"name": LABELS.get(name, name), "value": value})


def spelled(one: Formula | Level | Step) -> dict[str, Any]:
    values = {each.name: getattr(one, each.name) for each in fields(one)}
    return {name: spelling(value) for name, value in values.items() if value is not None}


def spelling(value: object) -> object:
    if isinstance(value, Decimal):
        return plain_decimal(value)
    if isinstance(value, tuple):
        return [spelled(row) for row in value]
    return value
