"""The kinds of criteria: each turns a figure into points and puts the calculation into words."""

from .base import Fact, Formula
from .figures import rounded
from .kinds import (
    KINDS,
    BeyondPlan,
    Count,
    Deduction,
    FullMinus,
    Level,
    PlanRatio,
    RelativeToBest,
    Rubric,
    Step,
    Steps,
    YesNo,
)
from .parameters import LABELS, BadFormula, parameters_of, read_formula

__all__ = [
    "KINDS",
    "LABELS",
    "BadFormula",
    "BeyondPlan",
    "Count",
    "Deduction",
    "Fact",
    "Formula",
    "FullMinus",
    "Level",
    "PlanRatio",
    "RelativeToBest",
    "Rubric",
    "Step",
    "Steps",
    "YesNo",
    "parameters_of",
    "read_formula",
    "rounded",
]
