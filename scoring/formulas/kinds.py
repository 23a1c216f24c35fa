"""The nine kinds of criteria found in the point scales of real blocs."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal, localcontext
from itertools import pairwise

from django.utils.translation import gettext as _

from emulation_bloc.lib.numbers import vn_figure

from .base import Fact, Formula
from .figures import (
    HUNDRED,
    HUNDREDTH,
    ONE,
    WIDE,
    ZERO,
    capped,
    compared,
    done_of_plan,
    percent,
    percent_of,
    rounded,
    times,
)

NO_LIMIT = Decimal("Infinity")


@dataclass(frozen=True, slots=True)
class Level:
    points: Decimal
    words: str = ""


@dataclass(frozen=True, slots=True)
class Rubric(Formula):
    """The figure is the points of the chosen level; without levels, any points up to the
    maximum."""

    kind = "rubric"

    levels: tuple[Level, ...] = ()

    def earned(self, actual: Decimal, plan: Decimal, best: Decimal | None) -> Decimal:
        return min(max(actual, ZERO), self.max_points)

    def calculation(self, actual: Decimal, plan: Decimal, best: Decimal | None) -> str:
        if not self.levels:
            return _("Given out of %(max)s points") % {"max": vn_figure(self.max_points)}
        chosen = _("Chosen from %(levels)s") % {
            "levels": " / ".join(vn_figure(level.points) for level in self.levels)
        }
        words = next((level.words for level in self.levels if level.points == actual), "")
        return f"{chosen}: “{words}”" if words else chosen

    def fault(self) -> str:
        if not _falls(level.points for level in self.levels):
            return _("The levels must fall: the best first, none twice.")
        return _above_maximum([level.points for level in self.levels], self.max_points)


@dataclass(frozen=True, slots=True)
class PlanRatio(Formula):
    """Points in proportion to the share of the plan: none below the floor, and a share above the
    cap counts as the cap."""

    kind = "plan_ratio"
    needs_plan = True

    floor_percent: Decimal = ZERO
    cap_percent: Decimal = HUNDRED

    def earned(self, actual: Decimal, plan: Decimal, best: Decimal | None) -> Decimal:
        done = actual * HUNDRED
        if done < self.floor_percent * plan:
            return ZERO
        if done >= self.cap_percent * plan:
            return self.most
        return actual * self.max_points / plan

    def calculation(self, actual: Decimal, plan: Decimal, best: Decimal | None) -> str:
        done, share = done_of_plan(actual, plan), percent_of(actual, plan)
        if share < self.floor_percent:
            floor = _("no points below %(floor)s") % {"floor": percent(self.floor_percent)}
            return f"{done}; {floor}"
        if share > self.cap_percent:
            done += ", " + _("counted as %(cap)s") % {"cap": percent(self.cap_percent)}
        return f"{done}; {times(percent(min(share, self.cap_percent)), self.max_points)}"

    @property
    def most(self) -> Decimal:
        return self.cap_percent * self.max_points / HUNDRED

    def fault(self) -> str:
        if not self.cap_percent:
            return _("The cap must be more than 0.")
        if self.floor_percent > self.cap_percent:
            return _("The floor must not be above the cap.")
        return ""


@dataclass(frozen=True, slots=True)
class Step:
    least: Decimal
    points: Decimal


@dataclass(frozen=True, slots=True)
class Steps(Formula):
    """The points of the highest step reached; none below the lowest step."""

    kind = "steps"

    steps: tuple[Step, ...]

    def earned(self, actual: Decimal, plan: Decimal, best: Decimal | None) -> Decimal:
        for step in self.steps:
            if step.least <= actual:
                return step.points
        return ZERO

    def calculation(self, actual: Decimal, plan: Decimal, best: Decimal | None) -> str:
        for step in self.steps:
            if step.least <= actual:
                reached = _("Figure %(figure)s; from %(least)s upwards")
                return reached % {"figure": vn_figure(actual), "least": vn_figure(step.least)}
        lowest = vn_figure(self.steps[-1].least)
        below = _("Figure %(figure)s; below the lowest step, %(least)s")
        return below % {"figure": vn_figure(actual), "least": lowest}

    def fault(self) -> str:
        if not self.steps:
            return _("There must be at least one step.")
        points = [step.points for step in self.steps]
        if not _falls(step.least for step in self.steps) or points != sorted(points, reverse=True):
            return _("The steps must fall: the highest first, none twice, and their points too.")
        return _above_maximum(points, self.max_points)


@dataclass(frozen=True, slots=True)
class Count(Formula):
    """`each` points per case, up to the cap; without a cap, up to `max_points`."""

    kind = "count"
    counts = True

    each: Decimal
    cap: Decimal | None = None

    def earned(self, actual: Decimal, plan: Decimal, best: Decimal | None) -> Decimal:
        return min(max(actual, ZERO) * self.each, self.most)

    def calculation(self, actual: Decimal, plan: Decimal, best: Decimal | None) -> str:
        product = times(vn_figure(actual), self.each)
        return capped(product, self.most, is_over=actual * self.each > self.most)

    @property
    def most(self) -> Decimal:
        return self.max_points if self.cap is None else self.cap

    def fault(self) -> str:
        return _worth_nothing(self.each)


@dataclass(frozen=True, slots=True)
class FullMinus(Formula):
    """All points less `each` per case, never below 0."""

    kind = "full_minus"
    takes_off = True
    counts = True

    each: Decimal

    def earned(self, actual: Decimal, plan: Decimal, best: Decimal | None) -> Decimal:
        return max(self.max_points - max(actual, ZERO) * self.each, ZERO)

    def calculation(self, actual: Decimal, plan: Decimal, best: Decimal | None) -> str:
        full, each = vn_figure(self.max_points), vn_figure(self.each)
        rule = _("%(max)s points, less %(each)s for each") % {"max": full, "each": each}
        difference = f"{full} − {vn_figure(actual)} × {each}"
        if actual * self.each > self.max_points:
            difference += ", " + _("not below 0")
        return f"{rule}: {difference}"

    def fault(self) -> str:
        return _worth_nothing(self.each)


@dataclass(frozen=True, slots=True)
class YesNo(Formula):
    """All points for a yes (1), none for a no (0)."""

    kind = "yes_no"

    def earned(self, actual: Decimal, plan: Decimal, best: Decimal | None) -> Decimal:
        return self.max_points if actual > ZERO else ZERO

    def calculation(self, actual: Decimal, plan: Decimal, best: Decimal | None) -> str:
        return _("Yes") if actual > ZERO else _("No")


@dataclass(frozen=True, slots=True)
class RelativeToBest(Formula):
    """Points relative to the best board of the bloc, so they are final only when all sheets are in.

    Without `at_target_percent` the highest figure earns all points and the others their share of
    it. With it, meeting the plan earns that percentage of the points, and less than the plan
    proportionally less. The remaining points are for exceeding the plan: all of them for the board
    that exceeds it most, the others in proportion.
    """

    kind = "relative"
    compares = True

    at_target_percent: Decimal | None = None

    @property
    def needs_plan(self) -> bool:  # type: ignore[override]  # a kind that may need one
        return self.at_target_percent is not None

    def measure(self, fact: Fact) -> Decimal | None:
        if fact.actual is None or self.at_target_percent is None:
            return fact.actual
        return WIDE.divide(fact.actual, fact.plan) if fact.plan and fact.plan > ZERO else None

    def earned(self, actual: Decimal, plan: Decimal, best: Decimal | None) -> Decimal:
        if self.at_target_percent is None:
            if best is None or best <= ZERO:
                return ZERO
            return min(max(actual, ZERO), best) * self.max_points / best
        with localcontext(WIDE):
            share = _share_by_target(actual / plan, best, self.at_target_percent)
            points = share * self.max_points / HUNDRED
        return +points

    def calculation(self, actual: Decimal, plan: Decimal, best: Decimal | None) -> str:
        if self.at_target_percent is not None:
            return self.calculation_by_target(actual, plan, best, self.at_target_percent)
        if best is None or best <= ZERO:
            return _("Done %(actual)s; nothing to compare with") % {"actual": vn_figure(actual)}
        label = _("Done %(actual)s / best of the bloc %(best)s")
        done = compared(
            label % {"actual": vn_figure(actual), "best": vn_figure(best)}, actual, best
        )
        return f"{done}; {times(percent(percent_of(actual, best)), self.max_points)}"

    def calculation_by_target(
        self, actual: Decimal, plan: Decimal, best: Decimal | None, at_target: Decimal
    ) -> str:
        done, whole, part = done_of_plan(actual, plan), percent(HUNDRED), percent(at_target)
        share = percent_of(actual, plan)
        if actual < plan:
            return f"{done}; {times(f'{percent(share)} × {part}', self.max_points)}"
        if best is None or best <= ONE:
            return f"{done}; {times(part, self.max_points)}"
        done += ", " + _("best of the bloc %(best)s") % {"best": percent(best * HUNDRED)}
        beyond = f"({percent(share)} − {whole}) / ({percent(best * HUNDRED)} − {whole})"
        earned = f"({part} + {beyond} × {percent(HUNDRED - at_target)})"
        return f"{done}; {times(earned, self.max_points)}"

    def fault(self) -> str:
        if self.at_target_percent is not None and self.at_target_percent > HUNDRED:
            return _("Meeting the target cannot earn more than all points.")
        return ""


def _share_by_target(ratio: Decimal, best: Decimal | None, at_target: Decimal) -> Decimal:
    """The share of the points earned, in percent; `ratio` is figure / plan, `best` the highest
    ratio of the bloc."""
    if ratio < ONE:
        return max(ratio, ZERO) * at_target
    if best is None or best <= ONE:
        return at_target
    return at_target + min((ratio - ONE) / (best - ONE), ONE) * (HUNDRED - at_target)


@dataclass(frozen=True, slots=True)
class BeyondPlan(Formula):
    """`each` points per percent above the plan, up to `max_points`."""

    kind = "beyond_plan"
    needs_plan = True

    each: Decimal

    def earned(self, actual: Decimal, plan: Decimal, best: Decimal | None) -> Decimal:
        beyond = max(actual - plan, ZERO)
        return min(beyond * HUNDRED * self.each / plan, self.max_points)

    def calculation(self, actual: Decimal, plan: Decimal, best: Decimal | None) -> str:
        done = done_of_plan(actual, plan)
        if actual <= plan:
            return f"{done}, " + _("not above the plan")
        beyond = percent_of(actual - plan, plan)
        product = times(vn_figure(rounded(beyond, HUNDREDTH)), self.each)
        is_over = beyond * self.each > self.max_points
        return f"{done}; {capped(product, self.max_points, is_over=is_over)}"

    def fault(self) -> str:
        return _worth_nothing(self.each)


@dataclass(frozen=True, slots=True)
class Deduction(Formula):
    """`each` points off per case, at most the cap; without a cap there is no limit."""

    kind = "deduction"
    is_deduction = True
    takes_off = True
    counts = True

    each: Decimal
    cap: Decimal | None = None
    max_points: Decimal = field(init=False, default=ZERO)

    def earned(self, actual: Decimal, plan: Decimal, best: Decimal | None) -> Decimal:
        taken = max(actual, ZERO) * self.each
        return ZERO - (taken if self.cap is None else min(taken, self.cap))

    def calculation(self, actual: Decimal, plan: Decimal, best: Decimal | None) -> str:
        product = _("Less %(product)s") % {"product": times(vn_figure(actual), self.each)}
        cap = NO_LIMIT if self.cap is None else self.cap
        return capped(product, cap, is_over=actual * self.each > cap)

    @property
    def least(self) -> Decimal:
        """The lowest points that any figure can earn; minus infinity without a cap."""
        return -(NO_LIMIT if self.cap is None else self.cap)

    def fault(self) -> str:
        return _worth_nothing(self.each)


KINDS: dict[str, type[Formula]] = {
    one.kind: one
    for one in (
        Rubric,
        PlanRatio,
        Steps,
        Count,
        FullMinus,
        YesNo,
        RelativeToBest,
        BeyondPlan,
        Deduction,
    )
}


# --- Checks of parameters -------------------------------------------------------------------------


def _falls(numbers: Iterable[Decimal]) -> bool:
    return all(higher > lower for higher, lower in pairwise(numbers))


def _above_maximum(points: list[Decimal], max_points: Decimal) -> str:
    if not points or max(points) <= max_points:
        return ""
    return _("No level or step may have more than the %(max)s points of the criterion.") % {
        "max": vn_figure(max_points)
    }


def _worth_nothing(each: Decimal) -> str:
    return "" if each else _("The points for each must be more than 0.")
