"""Properties of every formula and figure, recomputed with exact fractions."""

import math
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from emulation_bloc.lib.numbers import vn_signed
from scoring import formulas as stored
from scoring.formulas import Fact, Formula, read_formula, rounded
from tests.scoring.formulas.made import made
from tests.scoring.scales_made import criteria, parameters_of

formulas = criteria.map(lambda one: read_formula(*one))
steps = st.sampled_from([Decimal(step) for step in ("1", "0.5", "0.25", "0.1", "0.01")])
# Small ones, that meet the limits of the formulas, and all that the column of figures can hold.
figures = st.one_of(
    st.decimals("-2", "200", places=2),
    st.integers(0, 50).map(Decimal),
    st.decimals("0", "99999999999999", places=4),
)
positive = st.one_of(
    st.decimals("0.01", "200", places=2), st.decimals("1", "99999999999999", places=4)
)
plans = st.one_of(st.none(), figures)


def formulas_of(*kinds: str) -> st.SearchStrategy[Formula]:
    points = Decimal("12.75")
    return st.one_of(
        parameters_of(kind, points).map(lambda given, kind=kind: read_formula(kind, given, points))
        for kind in kinds
    )


@st.composite
def facts_for(draw: st.DrawFn, formula: Formula, count: int) -> list[Fact]:
    """Facts of one plan, in the order of their figures, in a bloc where one board did best."""
    actuals = sorted(draw(st.lists(figures, min_size=count, max_size=count)))
    plan, other = draw(plans), Fact(draw(figures), draw(plans))
    boards = [*(Fact(actual, plan) for actual in actuals), other]
    measures = [one for one in map(formula.measure, boards) if one is not None]
    return [Fact(one.actual, one.plan, max(measures, default=None)) for one in boards[:count]]


@st.composite
def cases(draw: st.DrawFn, count: int = 1) -> tuple[Formula, list[Fact]]:
    formula = draw(formulas)
    return formula, draw(facts_for(formula, count))


# --- The recount ----------------------------------------------------------------------------------


def recounted(formula: Formula, fact: Fact) -> Fraction:
    """The points as the regulation says them, from the stored parameters alone."""
    given = stored.parameters_of(formula)
    numbers = {name: Fraction(text) for name, text in given.items() if isinstance(text, str)}
    full = Fraction(formula.max_points)
    actual = Fraction(fact.actual) if fact.actual is not None else None
    plan = Fraction(fact.plan) if fact.plan is not None else Fraction(0)
    if actual is None or (formula.needs_plan and plan <= 0):
        return Fraction(0)
    cases_over = max(actual, Fraction(0)) * numbers.get("each", Fraction(0))
    counted: dict[str, Callable[[], Fraction]] = {
        "rubric": lambda: between(actual, Fraction(0), full),
        "plan_ratio": lambda: by_plan(actual / plan, numbers) * full,
        "steps": lambda: by_steps(actual, given["steps"]),
        "count": lambda: min(cases_over, numbers.get("cap", full)),
        "full_minus": lambda: max(full - cases_over, Fraction(0)),
        "yes_no": lambda: full if actual > 0 else Fraction(0),
        "relative": lambda: by_best(actual, plan, fact.best, numbers) * full,
        "beyond_plan": lambda: min(
            max(actual / plan - 1, Fraction(0)) * 100 * numbers["each"], full
        ),
        "deduction": lambda: -min(cases_over, numbers.get("cap", cases_over)),
    }
    return counted[formula.kind]()


def between(number: Fraction, least: Fraction, most: Fraction) -> Fraction:
    return max(least, min(number, most))


def by_plan(share: Fraction, numbers: dict[str, Fraction]) -> Fraction:
    floor = numbers["floor_percent"] / 100
    return min(share, numbers["cap_percent"] / 100) if share >= floor else Fraction(0)


def by_steps(actual: Fraction, rows: list[dict[str, str]]) -> Fraction:
    reached = [Fraction(row["points"]) for row in rows if Fraction(row["least"]) <= actual]
    return max(reached, default=Fraction(0))


def by_best(
    actual: Fraction, plan: Fraction, best: Decimal | None, numbers: dict[str, Fraction]
) -> Fraction:
    highest = Fraction(best) if best is not None else Fraction(0)
    if "at_target_percent" not in numbers:
        return between(actual / highest, Fraction(0), Fraction(1)) if highest > 0 else Fraction(0)
    part, share = numbers["at_target_percent"] / 100, actual / plan
    if share < 1:
        return max(share, Fraction(0)) * part
    beyond = min((share - 1) / (highest - 1), Fraction(1)) if highest > 1 else Fraction(0)
    return part + beyond * (1 - part)


def nearest(points: Fraction, step: Decimal) -> Fraction:
    """Half away from zero."""
    steps = math.floor(abs(points) / Fraction(step) + Fraction(1, 2))
    return Fraction(step) * (steps if points >= 0 else -steps)


@given(cases(), steps)
def test_the_points_are_those_of_a_recount_rounded_once(
    case: tuple[Formula, list[Fact]], step: Decimal
) -> None:
    formula, (fact,) = case

    points = rounded(formula.points(fact), step)

    assert Fraction(points) == nearest(recounted(formula, fact), step)


@st.composite
def halves(draw: st.DrawFn) -> tuple[Fraction, int]:
    """Half-way between two multiples of 0.25, and more points than that."""
    full = draw(st.sampled_from([1, 4, 8, 25]))
    return Fraction(2 * draw(st.integers(0, 4 * full - 1)) + 1, 8), full


@given(halves(), st.integers(1, 10**9))
def test_a_half_stays_a_half_whatever_was_divided_on_the_way(
    case: tuple[Fraction, int], number: int
) -> None:
    """The share of the best never ends where 3 divides it."""
    half, full = case
    best = 3 * 8 * full * number
    actual = half / full * best

    points = made("relative", full).points(Fact(Decimal(int(actual)), None, Decimal(best)))

    assert actual.denominator == 1
    assert Fraction(rounded(points, Decimal("0.25"))) == half + Fraction(1, 8)


# --- What holds whatever the figures --------------------------------------------------------------


@given(cases(count=2))
def test_who_does_more_never_earns_less_and_who_fails_more_never_more(
    case: tuple[Formula, list[Fact]],
) -> None:
    formula, (less, more) = case

    earned = [formula.points(less), formula.points(more)]

    assert earned == sorted(earned, reverse=formula.takes_off)


@given(cases())
def test_no_figure_earns_more_than_the_most_or_less_than_the_least(
    case: tuple[Formula, list[Fact]],
) -> None:
    formula, (fact,) = case

    assert formula.least <= formula.points(fact) <= formula.most
    assert formula.is_deduction or formula.least == 0


@given(cases(), steps)
def test_the_words_end_in_the_points_that_count(
    case: tuple[Formula, list[Fact]], step: Decimal
) -> None:
    formula, (fact,) = case
    points = vn_signed(rounded(formula.points(fact), step))

    told = formula.words(fact, step)

    without = "Chưa có kế hoạch lớn hơn 0 để so sánh"
    is_without = formula.needs_plan and (fact.plan is None or fact.plan <= 0)
    assert told == without if is_without else told.endswith(f" = {points}")


@given(
    formulas_of("plan_ratio", "beyond_plan", "relative"), figures, positive, st.integers(2, 1000)
)
def test_what_is_measured_by_the_plan_does_not_know_the_unit(
    formula: Formula, actual: Decimal, plan: Decimal, times: int
) -> None:
    """Thousands instead of millions on both sides change nothing."""
    assume(formula.needs_plan)
    step, best = Decimal("0.01"), max(actual / plan, Decimal(3))

    earned = [formula.points(Fact(actual * n, plan * n, best)) for n in (1, times)]

    assert rounded(earned[0], step) == rounded(earned[1], step)


@given(formulas_of("relative"), positive, positive)
def test_the_best_of_the_bloc_has_all_points(
    formula: Formula, actual: Decimal, plan: Decimal
) -> None:
    """Measured by the plan, once somebody passes it."""
    assume(actual > plan)
    fact = Fact(actual, plan)

    assert formula.points(Fact(actual, plan, formula.measure(fact))) == formula.max_points


@given(formulas_of("relative"), positive, positive, positive, positive)
def test_a_better_best_raises_nobody(
    formula: Formula, actual: Decimal, plan: Decimal, ahead: Decimal, further: Decimal
) -> None:
    best = max(formula.measure(Fact(actual, plan)), Decimal(1)) + ahead

    earned = [formula.points(Fact(actual, plan, one)) for one in (best, best + further)]

    assert earned == sorted(earned, reverse=True)


@pytest.mark.parametrize("places", range(7))
def test_a_figure_just_below_a_half_is_not_rounded_up(places: int) -> None:
    just_below = Decimal("0.125") - Decimal(1).scaleb(-4 - places)

    assert rounded(made("rubric", 1).points(Fact(just_below)), Decimal("0.25")) == 0
