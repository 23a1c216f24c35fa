from .appraisal import (
    CrossDuty,
    CrossScore,
    Figure,
    Objection,
    Restriction,
    Result,
    TiePlace,
    TieRuling,
)
from .scales import Criterion, CriterionGroup, Grade, Scale
from .sheets import Evidence, Line, Return, Scoring, Sheet

__all__ = [
    "Criterion",
    "CriterionGroup",
    "CrossDuty",
    "CrossScore",
    "Evidence",
    "Figure",
    "Grade",
    "Line",
    "Objection",
    "Restriction",
    "Result",
    "Return",
    "Scale",
    "Scoring",
    "Sheet",
    "TiePlace",
    "TieRuling",
]
