"""Short notation for formulas and facts: `made("count", 6, each="2")`, `fact(4)`."""

from decimal import Decimal
from typing import Any

from scoring.formulas import Fact, Formula, read_formula

Number = str | int | None

# The rubric and the steps of the sample scale, the levels with words.
LEVELS = [
    {"points": "10", "words": "Đúng tiến độ"},
    {"points": "7", "words": ""},
    {"points": "4", "words": "Chậm có lý do"},
    {"points": "0", "words": "Chậm"},
]
STEPS = [
    {"least": "95", "points": "6"},
    {"least": "85", "points": "4"},
    {"least": "70", "points": "2"},
]


def made(kind: str, points: Number = 0, **parameters: Any) -> Formula:
    return read_formula(kind, parameters, Decimal(points or 0))


def fact(actual: Number = None, plan: Number = None, best: Number = None) -> Fact:
    return Fact(*(None if one is None else Decimal(one) for one in (actual, plan, best)))
