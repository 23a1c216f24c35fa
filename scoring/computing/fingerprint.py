"""A digest of everything a result depends on, by which a later change is found."""

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from emulation_bloc.lib.numbers import plain_decimal

from ..formulas import parameters_of
from .scale import NO_FACT, Criterion, Scale, Sheet


def digest(scale: Scale, sheets: Iterable[Sheet]) -> str:
    """SHA-256 in hex of the canonical JSON of a scale and its sheets.

    It does not depend on the order of sheets, criteria and groups, on how a number is written (1 or
    1.00), on the titles of groups, or on figures for criteria that are not in the scale.
    """
    content = {
        "scale": _scale_in_json(scale),
        "sheets": {str(sheet.board): _sheet_in_json(sheet, scale) for sheet in sheets},
    }
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), default=plain_decimal)
    return hashlib.sha256(text.encode()).hexdigest()


def _scale_in_json(scale: Scale) -> dict[str, Any]:
    return {
        "total": scale.total,
        "bonus_cap": scale.bonus_cap,
        "rounding": scale.rounding,
        "basis": scale.basis,
        "not_assigned": scale.not_assigned,
        "groups": {
            one.code: [one.max_points, one.parent, one.combine, one.is_bonus]
            for one in scale.groups
        },
        "criteria": {one.code: _criterion_in_json(one) for one in scale.criteria},
        "grades": [[one.title, one.least] for one in scale.grades],
        "tie_break": scale.tie_break,
    }


def _criterion_in_json(one: Criterion) -> dict[str, Any]:
    return {
        "group": one.group,
        "kind": one.formula.kind,
        "parameters": parameters_of(one.formula),
        "formula_points": one.formula.max_points,
        "max_points": one.max_points,
        "bonus_points": one.bonus_points,
        "source": one.source,
    }


def _sheet_in_json(sheet: Sheet, scale: Scale) -> dict[str, Any]:
    codes = {one.code for one in scale.criteria}
    facts = {code: sheet.facts.get(code, NO_FACT) for code in codes}
    return {
        "about": {by: sorted(boards) for by, boards in sheet.about.items()},
        "facts": {
            code: [fact.actual, fact.plan] for code, fact in facts.items() if fact != NO_FACT
        },
        "not_assigned": sorted(sheet.not_assigned & codes),
        "is_ranked": sheet.is_ranked,
        "order": sheet.order,
        "rulings": dict(sheet.rulings),
    }
