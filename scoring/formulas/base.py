"""What every kind of criterion answers."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from django.utils.translation import gettext as _

from emulation_bloc.lib.numbers import vn_signed

from .figures import ZERO, rounded


@dataclass(frozen=True, slots=True)
class Fact:
    """What a board did, what it had planned, and the highest measure in the bloc."""

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
        """Unrounded; 0 without a figure, or without a plan above 0 where the kind needs one."""
        actual, plan = fact.actual, fact.plan or ZERO
        if actual is None or (self.needs_plan and plan <= ZERO):
            return ZERO
        return self.earned(actual, plan, fact.best)

    def words(self, fact: Fact, rounding: Decimal) -> str:
        """The calculation as a sheet prints it, its points rounded to a multiple of `rounding`."""
        actual, plan = fact.actual, fact.plan or ZERO
        if actual is None:
            return _("No figure yet")
        if self.needs_plan and plan <= ZERO:
            return _("No plan above 0 to measure by")
        points = vn_signed(rounded(self.points(fact), rounding))
        return f"{self.calculation(actual, plan, fact.best)} = {points}"

    def lacks(self, fact: Fact) -> bool:
        """Is a figure still to come? A plan of 0 is a figure, though it earns nothing."""
        return fact.actual is None or (self.needs_plan and fact.plan is None)

    def measure(self, fact: Fact) -> Decimal | None:
        """What boards are compared by; None when there is nothing to compare."""
        return None

    @property
    def most(self) -> Decimal:
        """No fact earns more."""
        return self.max_points

    @property
    def least(self) -> Decimal:
        """No fact earns less."""
        return ZERO

    @abstractmethod
    def earned(self, actual: Decimal, plan: Decimal, best: Decimal | None) -> Decimal:
        """Points for these figures; `plan` is above 0 where the kind needs one."""

    @abstractmethod
    def calculation(self, actual: Decimal, plan: Decimal, best: Decimal | None) -> str:
        """How these figures make the points, without the points."""

    def fault(self) -> str:
        """Why these parameters make no formula, as a sentence; "" when they do."""
        return ""
