"""From facts to the result of a year: pure, and each criterion rounded once.

Every sum is one of points that are rounded already and is never rounded again, so that the parts
which a sheet prints add up to its total.
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
    what_is_missing,
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
    "what_is_missing",
]
