"""Effect of a scale's rules on points: caps, bonus, criteria not assigned, percentages."""

from decimal import Decimal

import pytest

from scoring.computing import Basis, NotAssigned, Scale, compute
from scoring.formulas import Fact
from tests.scoring.computing.made import (
    bonus_group,
    criterion,
    grades,
    group,
    scale,
    sheet,
    what_is_missing,
)

# --- What is not assigned -------------------------------------------------------------------------


def hundred(**rules: object) -> Scale:
    return scale(
        [group("I", 60), group("II", 40), bonus_group("B", 10)],
        [
            criterion("I.1", "rubric", 60),
            criterion("II.1", "rubric", 25),
            criterion("II.2", "full_minus", 15, each="5"),
            criterion("B.1", "yes_no", 4),
        ],
        **rules,
    )


SOME = {"I.1": 50, "II.1": 10, "II.2": 1, "B.1": 1}


@pytest.mark.parametrize(
    ("rounding", "adjustment", "total"),
    [("0.01", "23.33", "93.33"), ("0.25", "23.25", "93.25"), ("0.5", "23.5", "93.5")],
)
def test_the_rest_is_scaled_up_and_the_difference_rounded_once(
    rounding: str, adjustment: str, total: str
) -> None:
    """60 and 10 of 75 points instead of 100; 70 × 25 / 75 more."""
    full = {**SOME, "I.1": 60, "II.2": 1}

    result = compute(hundred(rounding=rounding), [sheet(1, full, "II.1", "B.1")]).of_board(1)

    assert (str(result.adjustment), str(result.total)) == (adjustment, total)
    assert (result.standard, result.assigned, result.bonus) == (70, 75, 0)
    assert str(result.percent) == "93.33"


def test_a_deduction_is_the_same_for_all_and_not_scaled_up() -> None:
    """30 of the 50 points assigned count as 60 of 100; the 8 taken off stay 8."""
    rules = scale(
        [group("I", 100)],
        [
            criterion("I.1", "rubric", 50),
            criterion("I.2", "rubric", 50),
            criterion("I.3", "deduction", each="8"),
        ],
    )

    result = compute(rules, [sheet(1, {"I.1": 30, "I.3": 1}, "I.2")]).of_board(1)

    assert (result.standard, result.adjustment, result.total) == (22, 30, 52)


def test_what_is_not_assigned_earns_nothing_though_a_figure_stands_there() -> None:
    line = compute(hundred(), [sheet(1, SOME, "II.2")]).of_board(1).lines["II.2"]

    assert (str(line.points), line.fact) == ("0.00", Fact())


def test_nothing_is_taken_off_by_what_is_not_assigned() -> None:
    year = compute(hundred(), [sheet(1, SOME), sheet(2, SOME, "II.2")])

    assert [str(year.of_board(board).deductions) for board in (1, 2)] == ["5.00", "0.00"]


def test_where_the_scale_says_so_it_has_all_its_standard_points() -> None:
    """A bonus is not given for what is not assigned."""
    full = hundred(not_assigned=NotAssigned.FULL)

    result = compute(full, [sheet(1, SOME, "II.1", "II.2", "B.1")]).of_board(1)

    assert [str(one.points) for one in result.lines.values()] == ["50.00", "25.00", "15.00", "0.00"]
    assert (str(result.total), result.adjustment, result.assigned) == ("90.00", 0, 100)
    assert result.deductions == 0


def test_a_board_to_which_nothing_is_assigned_has_nothing() -> None:
    year = compute(hundred(), [sheet(1, SOME, "I.1", "II.1", "II.2"), sheet(2, SOME)])

    result = year.of_board(1)

    assert (result.assigned, result.standard, str(result.adjustment)) == (0, 0, "0.00")
    assert (str(result.percent), str(result.total)) == ("0.00", "4.00")


def test_a_bonus_that_is_not_assigned_leaves_what_can_be_reached_alone() -> None:
    result = compute(hundred(), [sheet(1, SOME, "B.1", "X.9")]).of_board(1)

    assert (result.assigned, result.adjustment, result.bonus) == (100, 0, 0)


# --- By percent -----------------------------------------------------------------------------------


def test_by_percent_boards_are_ranked_by_their_share_of_what_they_could_reach() -> None:
    """64 of 75 is more than 84 of 100; nothing is scaled up in points."""
    rules = hundred(basis=Basis.PERCENT, grades=grades(("Tốt", 85), ("Khá", 0)))

    year = compute(
        rules,
        [sheet(1, {"I.1": 50, "II.1": 24, "II.2": 1}), sheet(2, {**SOME, "II.1": 25}, "II.1")],
    )

    assert [
        (one.board, one.rank, str(one.total), str(one.percent), str(one.value), one.grade)
        for one in year.boards
    ] == [(2, 1, "64.00", "85.33", "85.33", "Tốt"), (1, 2, "84.00", "84.00", "84.00", "Khá")]
    assert str(year.of_board(2).adjustment) == "0.00"


# --- Bonus ----------------------------------------------------------------------------------------

FLAGS = [
    criterion("I.1", "rubric", 10),
    criterion("B.1", "yes_no", 3),
    criterion("B.2", "yes_no", 1),
    criterion("B.3", "count", 4, each="0.5"),
]


@pytest.mark.parametrize(
    ("most", "combine", "bonus_cap", "bonus"),
    [
        (20, "sum", 20, "6.50"),
        (6, "sum", 20, "6.00"),
        (20, "highest", 20, "3.00"),
        (2, "highest", 20, "2.00"),
        (20, "sum", 5, "5.00"),
        (20, "highest", 1, "1.00"),
    ],
)
def test_a_bonus_group_adds_up_or_takes_the_highest_under_both_caps(
    most: int, combine: str, bonus_cap: int, bonus: str
) -> None:
    rules = scale([group("I", 10), bonus_group("B", most, combine)], FLAGS, bonus_cap=bonus_cap)

    result = compute(rules, [sheet(1, {"I.1": 8, "B.1": 1, "B.2": 1, "B.3": 5})]).of_board(1)

    assert result.bonus == Decimal(bonus)
    assert result.total == 8 + Decimal(bonus)
    assert result.groups["B"] == min(Decimal("6.5") if combine == "sum" else 3, most)
    assert result.standard == result.groups["I"] == 8


def test_the_highest_of_nothing_is_0() -> None:
    rules = scale([group("I", 10), bonus_group("B", 5, "highest")], FLAGS[:1])

    assert str(compute(rules, [sheet(1, {"I.1": 8})]).of_board(1).groups["B"]) == "0.00"


@pytest.mark.parametrize(
    ("done", "points", "standard", "bonus"),
    [(18, "13.50", "13.50", "0.00"), (22, "16.50", "15", "1.50"), (30, "18.00", "15", "2")],
)
def test_points_beyond_the_maximum_are_bonus_up_to_that_of_the_criterion(
    done: int, points: str, standard: str, bonus: str
) -> None:
    rules = scale(
        [group("I", 15)], [criterion("I.1", "plan_ratio", 15, bonus=2, cap_percent="120")]
    )

    result = compute(rules, [sheet(1, {"I.1": (done, 20)})]).of_board(1)

    line = result.lines["I.1"]
    assert (str(line.points), line.standard, line.bonus) == (
        points,
        Decimal(standard),
        Decimal(bonus),
    )
    assert (result.standard, result.bonus, result.groups["I"]) == (
        line.standard,
        line.bonus,
        line.standard,
    )


def test_points_beyond_the_maximum_are_lost_where_the_criterion_has_no_bonus() -> None:
    rules = scale([group("I", 15)], [criterion("I.1", "plan_ratio", 15, cap_percent="120")])

    result = compute(rules, [sheet(1, {"I.1": (30, 20)})]).of_board(1)

    assert (result.standard, result.bonus, result.total) == (15, 0, 15)


def test_the_cap_of_the_scale_holds_all_bonus_together() -> None:
    rules = scale(
        [group("I", 15), bonus_group("B", 5)],
        [
            criterion("I.1", "plan_ratio", 15, bonus=3, cap_percent="120"),
            criterion("B.1", "yes_no", 3),
        ],
        bonus_cap=5,
    )

    result = compute(rules, [sheet(1, {"I.1": (30, 20), "B.1": 1})]).of_board(1)

    assert (result.lines["I.1"].bonus, result.lines["B.1"].bonus, result.bonus) == (3, 3, 5)


def test_a_criterion_in_a_bonus_group_may_pass_its_maximum_by_its_bonus() -> None:
    rules = scale(
        [group("I", 1), bonus_group("B", 9)],
        [criterion("B.1", "count", 3, bonus=1, each="1", cap="6")],
    )

    line = compute(rules, [sheet(1, {"B.1": 6})]).of_board(1).lines["B.1"]

    assert (line.points, line.standard, line.bonus) == (6, 0, 4)


# --- Groups in groups -----------------------------------------------------------------------------


def test_groups_add_up_to_those_that_hold_them() -> None:
    rules = scale(
        [
            group("I.A.1", 4, parent="I.A"),
            group("I.A", 6, parent="I"),
            group("I", 10),
            bonus_group("B", 5),
            bonus_group("B.x", 3, "highest", parent="B"),
        ],
        [
            criterion("I.A.1.a", "rubric", 4),
            criterion("I.A.b", "rubric", 2),
            criterion("I.c", "rubric", 4),
            criterion("B.d", "yes_no", 1),
            criterion("B.x.e", "yes_no", 2),
            criterion("B.x.f", "yes_no", 3),
        ],
    )
    facts = {"I.A.1.a": 3, "I.A.b": 2, "I.c": 1, "B.d": 1, "B.x.e": 1, "B.x.f": 1}

    result = compute(rules, [sheet(1, facts)]).of_board(1)

    assert dict(result.groups) == {"I.A.1": 3, "I.A": 5, "I": 6, "B.x": 3, "B": 4}
    assert (result.standard, result.bonus, result.total) == (6, 4, 10)


def test_a_bonus_group_within_a_standard_one_counts_as_bonus_and_no_other_way() -> None:
    rules = scale(
        [group("I", 10), bonus_group("I.B", 5, parent="I")],
        [criterion("I.1", "rubric", 10), criterion("I.B.1", "yes_no", 2)],
        bonus_cap=1,
    )

    result = compute(rules, [sheet(1, {"I.1": 10, "I.B.1": 1})]).of_board(1)

    assert (result.groups["I"], result.groups["I.B"]) == (10, 2)
    assert (result.standard, result.bonus, result.total) == (10, 1, 11)


# --- Figures of another criterion -----------------------------------------------------------------


@pytest.fixture
def shared() -> Scale:
    return scale(
        [group("I", 15), bonus_group("B", 5)],
        [
            criterion("B.1", "beyond_plan", 5, each="0.1", facts_from="I.1"),
            criterion("I.1", "plan_ratio", 15),
        ],
    )


def test_a_criterion_takes_the_figures_of_another(shared: Scale) -> None:
    """What stands under its own code is not looked at."""
    result = compute(shared, [sheet(1, {"I.1": (23, 20), "B.1": (99, 1)})]).of_board(1)

    assert (str(result.lines["I.1"].points), str(result.lines["B.1"].points)) == ("15.00", "1.50")
    assert result.lines["B.1"].fact == result.lines["I.1"].fact == Fact(Decimal(23), Decimal(20))


def test_figures_are_missed_where_they_are_entered(shared: Scale) -> None:
    assert what_is_missing(shared, sheet(1, {})) == ["I.1"]
    assert what_is_missing(shared, sheet(1, {"I.1": 5})) == ["I.1"]
    assert what_is_missing(shared, sheet(1, {"I.1": (5, 0)})) == []
    assert what_is_missing(shared, sheet(1, {}, "I.1")) == []


def test_a_plan_is_missed_only_by_a_criterion_that_is_assigned() -> None:
    """Counting needs none, being above the plan does."""
    rules = scale(
        [group("I", 15), bonus_group("B", 5)],
        [
            criterion("I.1", "count", 15, each="1"),
            criterion("B.1", "beyond_plan", 5, each="0.1", facts_from="I.1"),
        ],
    )

    assert what_is_missing(rules, sheet(1, {"I.1": 5})) == ["I.1"]
    assert what_is_missing(rules, sheet(1, {"I.1": 5}, "B.1")) == []


def test_what_is_missing_stands_in_the_order_of_the_scale() -> None:
    assert what_is_missing(hundred(), sheet(1, {"II.1": 1})) == ["I.1", "II.2", "B.1"]
    assert what_is_missing(hundred(), sheet(1, {}, "II.1", "B.1")) == ["I.1", "II.2"]


# --- The ends -------------------------------------------------------------------------------------


def test_deductions_never_lead_below_0() -> None:
    rules = scale(
        [group("I", 10)],
        [criterion("I.1", "rubric", 10), criterion("I.2", "deduction", each="8")],
        grades=grades(("Khá", 5), ("Yếu", 1)),
    )

    result = compute(rules, [sheet(1, {"I.1": 10, "I.2": 2})]).of_board(1)

    assert (result.standard, result.deductions) == (-6, 16)
    assert (str(result.total), str(result.percent), result.grade) == ("0.00", "0.00", "")


def test_a_grade_begins_at_its_own_points() -> None:
    rules = scale(
        [group("I", 100)],
        [criterion("I.1", "rubric", 100)],
        grades=grades(("Tốt", 80), ("Khá", 65)),
    )

    year = compute(rules, [sheet(n, {"I.1": n}) for n in (64, 65, 79, 80, 100)])

    assert [one.grade for one in year.boards] == ["Tốt", "Tốt", "Khá", "Khá", ""]


def test_a_year_without_boards_has_no_results() -> None:
    assert compute(hundred(), []).boards == ()


# --- What cannot be computed ----------------------------------------------------------------------


def test_a_board_has_one_sheet() -> None:
    with pytest.raises(ValueError, match="A board has one sheet"):
        compute(hundred(), [sheet(1, {}), sheet(1, SOME)])


@pytest.mark.parametrize(
    ("groups", "code", "astray"),
    [
        ([group("I", 1)], "II.1", ["II"]),
        ([group("I", 1, parent="X")], "I.1", ["I"]),
        ([group("I", 1, parent="I")], "I.1", ["I"]),
        ([group("I", 1, parent="II"), group("II", 1, parent="I")], "I.1", ["I", "II"]),
        ([], "I.1", ["I"]),
    ],
)
def test_what_hangs_on_no_group_at_the_top_is_refused(
    groups: list, code: str, astray: list[str]
) -> None:
    rules = scale(groups, [criterion(code, "yes_no", 1)])

    with pytest.raises(ValueError, match="No group at the top holds") as refused:
        compute(rules, [])

    assert str(refused.value) == f"No group at the top holds {astray}"


def test_a_tie_break_that_there_is_not_is_refused() -> None:
    with pytest.raises(ValueError, match="No such tie-break"):
        compute(hundred(tie_break=("drawing_lots",)), [])
