"""Whether a vote adopts a paper. Exact arithmetic on counts."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

HUNDREDTH = Decimal("0.01")


class Passing(StrEnum):
    """Whether the share in favour must exceed the threshold or reach it."""

    MORE_THAN = "more_than"
    AT_LEAST = "at_least"


class Base(StrEnum):
    """What the threshold is a percentage of: all members, or those present."""

    ALL = "all"
    PRESENT = "present"


@dataclass(frozen=True)
class Rule:
    """Percentages from 0 to 100. The quorum is a share of all members and is met when it is
    reached.
    """

    quorum_percent: Decimal
    threshold_percent: Decimal
    passing: Passing
    base: Base


@dataclass(frozen=True)
class Count:
    """Numbers of boards: members of the year, present, and by vote.

    A board present whose vote was not counted is only in `present`.
    """

    members: int
    present: int
    in_favour: int
    against: int
    abstaining: int

    @property
    def is_possible(self) -> bool:
        """Whether the numbers are consistent."""
        cast = self.in_favour + self.against + self.abstaining
        return min(self.in_favour, self.against, self.abstaining) >= 0 and (
            cast <= self.present <= self.members
        )


@dataclass(frozen=True)
class Outcome:
    """`share` is the percentage in favour of the base, rounded for display; the decision
    is exact.
    """

    has_quorum: bool
    is_adopted: bool
    share: Decimal


def outcome(rule: Rule, count: Count) -> Outcome:
    """Decide a vote. Without quorum, or if the base is 0, nothing is adopted.

    Raises ValueError for inconsistent counts.
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
    """Whether `in_favour` of `base` satisfies the rule's threshold."""
    needed = rule.threshold_percent * base
    if rule.passing == Passing.MORE_THAN:
        return in_favour * 100 > needed
    return in_favour * 100 >= needed


def share(part: int, whole: int) -> Decimal:
    """`part` of `whole` in percent, two decimals, half up; 0 if `whole` is 0."""
    if not whole:
        return Decimal(0).quantize(HUNDREDTH)
    return (Decimal(part) * 100 / whole).quantize(HUNDREDTH, ROUND_HALF_UP)
