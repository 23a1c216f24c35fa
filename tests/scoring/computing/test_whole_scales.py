"""Realistic scales with the points of each board."""

import json
from pathlib import Path
from typing import Any

import pytest

import emulation_bloc
from scoring.computing import BoardResult, Criterion, Scale, compute
from tests.scoring.computing.made import (
    bonus_group,
    criterion,
    grades,
    group,
    scale,
    sheet,
    what_is_missing,
)

FACTS = Path(emulation_bloc.__file__).parent / "demo" / "bloc-2019.json"


def in_short(one: BoardResult) -> tuple[int | None, int, str, str, str, str]:
    sums = (one.standard, one.bonus, one.deductions, one.total)
    return (one.rank, one.board, *map(str, sums))


# --- 950 + 50 = 1,000 -----------------------------------------------------------------------------


@pytest.fixture
def thousand() -> Scale:
    """The line III.2 is written by the outside body alone: 8 points less without a covenant."""
    return scale(
        [group("I", 500), group("II", 300), group("III", 150), bonus_group("B", 50)],
        [
            criterion("I.1", "plan_ratio", 300),
            criterion("I.2", "rubric", 200),
            criterion("II.1", "full_minus", 300, each="10"),
            criterion("III.1", "count", 150, each="50"),
            criterion("III.2", "deduction", each="8", cap="8"),
            criterion("III.3", "deduction", each="2.5"),
            criterion("B.1", "yes_no", 40),
            criterion("B.2", "count", 20, each="5"),
        ],
        bonus_cap=50,
    )


FULL = {"I.1": (20, 20), "I.2": 200, "II.1": 0, "III.1": 3, "III.2": 0, "III.3": 0}


def test_a_board_that_does_everything_has_a_thousand(thousand: Scale) -> None:
    """60 points of bonus are earned, 50 count."""
    result = compute(thousand, [sheet(1, {**FULL, "B.1": 1, "B.2": 4})]).of_board(1)

    assert in_short(result) == (1, 1, "950.00", "50.00", "0.00", "1000.00")
    assert str(result.groups["B"]) == "50"


def test_what_the_outside_body_takes_off_is_taken_once(thousand: Scale) -> None:
    year = compute(
        thousand,
        [
            sheet(1, {**FULL, "III.2": 1}),
            sheet(2, {**FULL, "III.2": 3, "III.3": 1, "II.1": 2, "B.2": 1}),
        ],
    )

    assert [in_short(one) for one in year.boards] == [
        (1, 1, "942.00", "0.00", "8.00", "942.00"),
        (2, 2, "919.50", "5.00", "30.50", "924.50"),
    ]
    assert len(year.of_board(2).lines) == 8
    assert {code: str(one.points) for code, one in year.of_board(2).lines.items()} == {
        "I.1": "300.00",
        "I.2": "200.00",
        "II.1": "280.00",
        "III.1": "150.00",
        "III.2": "-8.00",
        "III.3": "-2.50",
        "B.1": "0.00",
        "B.2": "5.00",
    }
    assert {code: str(points) for code, points in year.of_board(2).groups.items()} == {
        "I": "500.00",
        "II": "280.00",
        "III": "139.50",
        "B": "5.00",
    }


def test_until_the_outside_body_has_written_its_line_the_sheet_is_not_whole(
    thousand: Scale,
) -> None:
    waiting = sheet(1, {code: one for code, one in FULL.items() if code != "III.2"})

    result = compute(thousand, [waiting]).of_board(1)

    assert what_is_missing(thousand, waiting) == ["III.2", "B.1", "B.2"]
    assert in_short(result) == (1, 1, "950.00", "0.00", "0.00", "950.00")


# --- Totals that pass the standard ----------------------------------------------------------------


def test_a_total_may_pass_the_standard() -> None:
    """97 of 100, and all 10 points of bonus: 107, the best grade."""
    hundred = scale(
        [group("I", 100), bonus_group("B", 10)],
        [criterion("I.1", "rubric", 100), criterion("B.1", "count", 10, each="1")],
        bonus_cap=10,
        grades=grades(("Xuất sắc", 90), ("Tốt", 80), ("Khá", 0)),
    )

    year = compute(
        hundred,
        [
            sheet(1, {"I.1": 97, "B.1": 12}),
            sheet(2, {"I.1": 100, "B.1": 0}),
            sheet(3, {"I.1": "89.99"}),
        ],
    )

    assert [(one.rank, one.board, str(one.total), one.grade) for one in year.boards] == [
        (1, 1, "107.00", "Xuất sắc"),
        (2, 2, "100.00", "Xuất sắc"),
        (3, 3, "89.99", "Tốt"),
    ]
    assert str(year.of_board(1).percent) == "107.00"


# --- One board's points depend on all -------------------------------------------------------------


@pytest.fixture
def by_target() -> Scale:
    return scale(
        [group("I", 20)],
        [
            criterion("I.1", "relative", 10, at_target_percent="50"),
            criterion("I.2", "relative", 10),
        ],
    )


BLOC = [
    sheet(1, {"I.1": (8, 10), "I.2": 60}),
    sheet(2, {"I.1": (20, 20), "I.2": 40}),
    sheet(3, {"I.1": (36, 30), "I.2": 0}),
    sheet(4, {"I.1": (15, 10), "I.2": 10}),
]


def points_of(by_target: Scale, *sheets: Any) -> list[tuple[str, str]]:
    year = compute(by_target, sheets)
    boards = [year.of_board(one.board).lines for one in sheets]
    return [(str(one["I.1"].points), str(one["I.2"].points)) for one in boards]


def test_the_target_is_half_of_the_points_and_the_best_exceeder_has_all(by_target: Scale) -> None:
    assert points_of(by_target, *BLOC) == [
        ("4.00", "10.00"),
        ("5.00", "6.67"),
        ("7.00", "0.00"),
        ("10.00", "1.67"),
    ]


def test_a_sheet_that_comes_later_changes_the_points_of_those_before(by_target: Scale) -> None:
    late = sheet(5, {"I.1": (20, 10), "I.2": 120})

    assert points_of(by_target, *BLOC, late) == [
        ("4.00", "5.00"),
        ("5.00", "3.33"),
        ("6.00", "0.00"),
        ("7.50", "0.83"),
        ("10.00", "10.00"),
    ]


def test_a_board_to_which_it_is_not_assigned_is_not_compared_with(by_target: Scale) -> None:
    away = sheet(5, {"I.1": (20, 10), "I.2": 120}, "I.1", "I.2")

    assert points_of(by_target, *BLOC, away)[:4] == points_of(by_target, *BLOC)


def test_a_board_outside_the_ranking_is_still_compared_with(by_target: Scale) -> None:
    outside = sheet(5, {"I.1": (20, 10), "I.2": 120}, is_ranked=False)

    year = compute(by_target, [*BLOC, outside])

    assert str(year.of_board(4).lines["I.1"].points) == "7.50"
    assert [(one.board, one.rank) for one in year.boards] == [
        (1, 1),
        (2, 2),
        (4, 2),
        (3, 4),
        (5, None),
    ]


# --- The sample scale of 2019 ---------------------------------------------------------------------

KINDS = {"minus_per_case": "full_minus"}


def sampled(row: dict[str, Any]) -> Criterion:
    rule = row["rule"]
    parameters: dict[str, Any] = {}
    if rule == "rubric":
        parameters["levels"] = [{"points": one} for one in row["levels"]]
    elif rule == "steps":
        parameters["steps"] = [{"least": a, "points": b} for a, b in row["steps"]]
    elif rule == "plan_ratio":
        parameters["cap_percent"] = row["cap_percent"]
    elif rule != "yes_no":
        parameters["each"] = row["points"]
    return criterion(row["code"], KINDS.get(rule, rule), row["max"], **parameters)


@pytest.fixture(scope="module")
def sample() -> Scale:
    """B.3 counts the percents beyond the plan of I.1."""
    given = json.loads(FACTS.read_text(encoding="utf-8"))["sample_point_scale"]
    flag, merit, beyond = given["bonus"]
    cap = given["bonus_cap"]
    return scale(
        [*(group(one["code"], one["max"]) for one in given["groups"]), bonus_group("B", cap)],
        [
            *(sampled(row) for one in given["groups"] for row in one["criteria"]),
            criterion(flag["code"], flag["rule"], flag["points"]),
            criterion(merit["code"], merit["rule"], merit["points"]),
            criterion(beyond["code"], "beyond_plan", cap, each=beyond["points"], facts_from="I.1"),
        ],
        bonus_cap=cap,
        grades=grades(*given["grades"]),
        tie_break=tuple(given["tie_break"]),
    )


YEAR = {
    "I.1": (23, 20),
    "I.2": (900, 1000),
    "I.3": 7,
    "I.4": (12, 12),
    "I.5": 1,
    "I.6": 6,
    "I.7": "96.5",
    "II.1": 6,
    "II.2": 4,
    "II.3": 3,
    "III.1": 0,
    "III.2": 3,
    "III.3": 7,
    "III.4": 1,
    "III.5": 0,
    "III.6": 1,
    "B.1": 0,
    "B.2": 1,
}


def test_the_sample_scale_adds_up(sample: Scale) -> None:
    for one in sample.groups[:3]:
        own = [each.max_points for each in sample.criteria if each.group == one.code]
        assert sum(own) == one.max_points
    assert sample.total == 100


def test_a_year_by_the_sample_scale_comes_out_as_on_paper(sample: Scale) -> None:
    """I: 15 + 7.2 + 7 + 7 + 6 + 6 + 6; II: 6 + 4 + 3; III: 4 + 6 + 5 + 3 + 4 + 2; B: 1 + 1.5."""
    first, second = sheet(1, YEAR), sheet(2, {**YEAR, "I.1": (18, 20), "I.5": 9, "III.6": 0})

    year = compute(sample, [second, first])

    assert [in_short(one) for one in year.boards] == [
        (1, 1, "91.20", "2.50", "3.00", "93.70"),
        (2, 2, "81.70", "1.00", "9.00", "82.70"),
    ]
    assert [one.grade for one in year.boards] == ["Xuất sắc", "Tốt"]
    assert {code: str(points) for code, points in year.of_board(1).groups.items()} == {
        "I": "54.20",
        "II": "13.00",
        "III": "24.00",
        "B": "2.50",
    }
    lines = [year.of_board(board).lines for board in (1, 2)]
    assert [str(one["I.1"].points) for one in lines] == ["15.00", "13.50"]
    assert [str(one["B.3"].points) for one in lines] == ["1.50", "0.00"]
    assert what_is_missing(sample, first) == []


def test_two_boards_of_equal_points_are_told_apart_by_the_sample_scale(sample: Scale) -> None:
    """Alike in group I; two points that one has more in group II the other has in group III."""
    first, second = sheet(1, {**YEAR, "III.4": 2, "II.3": 5}), sheet(2, {**YEAR, "III.4": 0})

    year = compute(sample, [first, second])

    assert [(one.rank, one.board, str(one.total)) for one in year.boards] == [
        (1, 2, "94.70"),
        (2, 1, "94.70"),
    ]
