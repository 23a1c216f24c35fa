"""What every kind of criterion can do: its points, calculation in words, range, parameter check."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from django.utils.translation import gettext as _

from emulation_bloc.lib.numbers import vn_signed

from .figures import ZERO, rounded


@dataclass(frozen=True, slots=True)
class Fact:
    """A board's figure and its plan, in the criterion's unit, and the best measure in the bloc."""

    actual: Decimal | None = None
    plan: Decimal | None = None
    best: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Formula(ABC):
    """How a criterion of `max_points` turns a fact into points."""

    kind: ClassVar[str]
    needs_plan: ClassVar[bool] = False
    compares: ClassVar[bool] = False
    is_deduction: ClassVar[bool] = False
    # A board starts with `max_points` and loses some of them.
    takes_off: ClassVar[bool] = False
    # The figure is a number of cases, so many points for each.
    counts: ClassVar[bool] = False

    max_points: Decimal

    def points(self, fact: Fact) -> Decimal:
        """Points before rounding. 0 without a figure, or without a plan above 0 where one is
        needed."""
        actual, plan = fact.actual, fact.plan or ZERO
        if actual is None or (self.needs_plan and plan <= ZERO):
            return ZERO
        return self.earned(actual, plan, fact.best)

    def words(self, fact: Fact, rounding: Decimal) -> str:
        """The calculation as the sheet prints it; its points are a multiple of `rounding`."""
        actual, plan = fact.actual, fact.plan or ZERO
        if actual is None:
            return _("No figure yet")
        if self.needs_plan and plan <= ZERO:
            return _("No plan above 0 to measure by")
        points = vn_signed(rounded(self.points(fact), rounding))
        return f"{self.calculation(actual, plan, fact.best)} = {points}"

    def lacks(self, fact: Fact) -> bool:
        """Whether the figure, or the plan where the kind needs one, is missing. A plan of 0 is not
        missing, though it earns no points."""
        return fact.actual is None or (self.needs_plan and fact.plan is None)

    def measure(self, fact: Fact) -> Decimal | None:
        """The value by which boards are compared; None if there is none or the kind does not
        compare."""
        return None

    @property
    def most(self) -> Decimal:
        """The highest points that any figure can earn."""
        return self.max_points

    @property
    def least(self) -> Decimal:
        """The lowest points that any figure can earn."""
        return ZERO

    @abstractmethod
    def earned(self, actual: Decimal, plan: Decimal, best: Decimal | None) -> Decimal:
        """Points before rounding for these figures; `plan` is above 0 where the kind needs a
        plan."""

    @abstractmethod
    def calculation(self, actual: Decimal, plan: Decimal, best: Decimal | None) -> str:
        """How the points follow from these figures, without the points themselves."""

    def fault(self) -> str:
        """Why these parameters are not valid, as a sentence; "" if they are."""
        return ""
