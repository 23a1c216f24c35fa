"""Whether a vote adopts a paper: arithmetic on counts, without rounding."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

HUNDREDTH = Decimal("0.01")


class Passing(StrEnum):
    """How the share in favour must stand to the threshold."""

    MORE_THAN = "more_than"
    AT_LEAST = "at_least"


class Base(StrEnum):
    """Of whom the threshold is taken."""

    ALL = "all"
    PRESENT = "present"


@dataclass(frozen=True)
class Rule:
    """Percentages from 0 to 100. The quorum is always taken of all members, and reached at it."""

    quorum_percent: Decimal
    threshold_percent: Decimal
    passing: Passing
    base: Base


@dataclass(frozen=True)
class Count:
    """Boards: the members of the year, those who took part, and how they voted.

    Who took part without voting (a raised hand was missed) counts as present and nothing else.
    """

    members: int
    present: int
    in_favour: int
    against: int
    abstaining: int

    @property
    def is_possible(self) -> bool:
        cast = self.in_favour + self.against + self.abstaining
        return min(self.in_favour, self.against, self.abstaining) >= 0 and (
            cast <= self.present <= self.members
        )


@dataclass(frozen=True)
class Outcome:
    """`share` is the percentage in favour of the base, for people; the decision is exact."""

    has_quorum: bool
    is_adopted: bool
    share: Decimal


def outcome(rule: Rule, count: Count) -> Outcome:
    """Decide a vote. Raises ValueError for counts that no vote can have.

    Without a quorum, or with nobody to take the threshold of, nothing is adopted.
    """
    if not count.is_possible:
        raise ValueError(f"No vote ends like this: {count}")
    base = count.members if rule.base == Base.ALL else count.present
    has_quorum = count.present * 100 >= rule.quorum_percent * count.members
    return Outcome(
        has_quorum=has_quorum,
        is_adopted=has_quorum and base > 0 and passes(rule, count.in_favour, base),
        share=share(count.in_favour, base),
    )


def passes(rule: Rule, in_favour: int, base: int) -> bool:
    needed = rule.threshold_percent * base
    if rule.passing == Passing.MORE_THAN:
        return in_favour * 100 > needed
    return in_favour * 100 >= needed


def share(part: int, whole: int) -> Decimal:
    """Percent to two places, half up; 0 of nobody."""
    if not whole:
        return Decimal(0).quantize(HUNDREDTH)
    return (Decimal(part) * 100 / whole).quantize(HUNDREDTH, ROUND_HALF_UP)
