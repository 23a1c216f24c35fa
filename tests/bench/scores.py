"""Computing and ranking a year of many boards, compared with the formulas alone."""

import random
from collections.abc import Callable
from decimal import Decimal

from scoring.computing import Basis, Criterion, Group, NotAssigned, Scale, Sheet, compute
from scoring.formulas import Fact, Formula, read_formula, rounded
from tests.bench.run import Row, compare

BOARDS = 1000
CRITERIA = 60
STEP = Decimal("0.01")
LEVELS = [{"points": points} for points in ("10", "7", "4", "0")]
STEPS = [{"least": "95", "points": "10"}, {"least": "70", "points": "5"}]
# All nine kinds, one after the other; a deduction has no points of its own.
KINDS = (
    ("rubric", {"levels": LEVELS}),
    ("plan_ratio", {"floor_percent": "50", "cap_percent": "120"}),
    ("steps", {"steps": STEPS}),
    ("count", {"each": "2"}),
    ("full_minus", {"each": "2"}),
    ("yes_no", {}),
    ("relative", {"at_target_percent": "50"}),
    ("beyond_plan", {"each": "0.1"}),
    ("deduction", {"each": "1", "cap": "5"}),
)


def scores() -> list[Row]:
    scale, sheets = made_scale(), [made_sheet(number) for number in range(BOARDS)]
    half = BOARDS // 2
    return [
        compare(
            f"a year of {BOARDS} boards x {CRITERIA} criteria",
            1.5,
            floor=formulas_alone(scale, sheets),
            ours=lambda: compute(scale, sheets),
        ),
        compare(
            f"that year against two years of {half} boards",
            1.2,
            floor=lambda: (compute(scale, sheets[:half]), compute(scale, sheets[half:])),
            ours=lambda: compute(scale, sheets),
        ),
    ]


def formulas_alone(scale: Scale, sheets: list[Sheet]) -> Callable[[], object]:
    """Each fact through its formula and rounded: no sums, no caps, no ranking. A formula that
    compares finds the best of the bloc first, without which it gives no points."""
    facts = [(one.formula, [sheet.facts[one.code] for sheet in sheets]) for one in scale.criteria]
    return lambda: [
        [rounded(formula.points(fact), STEP) for fact in beside_best(formula, of_boards)]
        for formula, of_boards in facts
    ]


def beside_best(formula: Formula, facts: list[Fact]) -> list[Fact]:
    if not formula.compares:
        return facts
    best = max(measure for fact in facts if (measure := formula.measure(fact)) is not None)
    return [Fact(fact.actual, fact.plan, best) for fact in facts]


def made_scale() -> Scale:
    """Six groups of ten criteria, the last of them of bonus."""
    groups = [Group(str(n), "", Decimal(100), is_bonus=n == 5) for n in range(6)]
    return Scale(
        total=Decimal(500),
        bonus_cap=Decimal(50),
        rounding=STEP,
        basis=Basis.POINTS,
        not_assigned=NotAssigned.RESCALED,
        groups=tuple(groups),
        criteria=tuple(map(made_criterion, range(CRITERIA))),
        grades=(),
        tie_break=("group:0", "group:2", "fewest_deductions", "ballot", "head"),
    )


def made_criterion(number: int) -> Criterion:
    kind, parameters = KINDS[number % len(KINDS)]
    points = Decimal(0 if kind == "deduction" else 10)
    return Criterion(
        code=f"C{number}",
        group=str(number // 10),
        formula=read_formula(kind, parameters, points),
        max_points=points,
        bonus_points=Decimal(number % 3),
    )


def made_sheet(number: int) -> Sheet:
    """Every tenth board has a criterion that is not assigned to it."""
    drawn = random.Random(number)
    facts = {
        f"C{n}": Fact(Decimal(drawn.randint(0, 12_000)) / 100, Decimal(drawn.randint(50, 100)))
        for n in range(CRITERIA)
    }
    absent = frozenset({"C7"}) if number % 10 == 0 else frozenset()
    return Sheet(number, facts, absent, order=number)
