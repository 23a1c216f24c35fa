"""From figures to the result of a year, without the database; the points of each criterion are
rounded once.

Sums are sums of rounded points and are not rounded again, so that the points printed on a sheet add
up to its printed total.
"""

from .fingerprint import digest
from .results import BoardResult, Line, YearResult
from .scale import (
    Basis,
    Combine,
    Criterion,
    Grade,
    Group,
    NotAssigned,
    Scale,
    Sheet,
)
from .year import compute

__all__ = [
    "Basis",
    "BoardResult",
    "Combine",
    "Criterion",
    "Grade",
    "Group",
    "Line",
    "NotAssigned",
    "Scale",
    "Sheet",
    "YearResult",
    "compute",
    "digest",
]
