"""Points and explanation of every kind of criterion, by examples computed by hand."""

import json
from decimal import Decimal
from pathlib import Path

import pytest

import emulation_bloc
from emulation_bloc.lib.numbers import parse_decimal
from scoring.formulas import KINDS, Fact, Formula, rounded
from tests.scoring.formulas.made import LEVELS, STEPS, fact, made

FACTS = Path(emulation_bloc.__file__).parent / "demo" / "bloc-2019.json"
HUNDREDTH = Decimal("0.01")

RATIO = made("plan_ratio", 15, floor_percent="50", cap_percent="120")
BY_TARGET = made("relative", 10, at_target_percent="50")
EXAMPLES = [
    (made("rubric", 10), fact("7.5"), "Chấm trong 10 điểm = 7,50"),
    (made("rubric", 10), fact(12), "Chấm trong 10 điểm = 10,00"),
    (made("rubric", 10), fact(-1), "Chấm trong 10 điểm = 0,00"),
    (made("rubric", 10), fact("-0.0"), "Chấm trong 10 điểm = 0,00"),
    (
        made("rubric", 10, levels=LEVELS),
        fact(10),
        "Chọn mức 10 / 7 / 4 / 0: “Đúng tiến độ” = 10,00",
    ),
    (made("rubric", 10, levels=LEVELS), fact("7.00"), "Chọn mức 10 / 7 / 4 / 0 = 7,00"),
    (RATIO, fact(18, 20), "Thực hiện 18 / kế hoạch 20 = 90 %; 90 % × 15 điểm = 13,50"),
    (RATIO, fact(2, 3), "Thực hiện 2 / kế hoạch 3 ≈ 66,67 %; 66,67 % × 15 điểm = 10,00"),
    (RATIO, fact(10, 20), "Thực hiện 10 / kế hoạch 20 = 50 %; 50 % × 15 điểm = 7,50"),
    (
        RATIO,
        fact("9.9", 20),
        "Thực hiện 9,9 / kế hoạch 20 = 49,5 %; dưới 50 % không có điểm = 0,00",
    ),
    (RATIO, fact(24, 20), "Thực hiện 24 / kế hoạch 20 = 120 %; 120 % × 15 điểm = 18,00"),
    (
        RATIO,
        fact(30, 20),
        "Thực hiện 30 / kế hoạch 20 = 150 %, tính tối đa 120 %; 120 % × 15 điểm = 18,00",
    ),
    (made("steps", 6, steps=STEPS), fact(95), "Số liệu 95; từ 95 trở lên = 6,00"),
    (made("steps", 6, steps=STEPS), fact("94.99"), "Số liệu 94,99; từ 85 trở lên = 4,00"),
    (made("steps", 6, steps=STEPS), fact(70), "Số liệu 70; từ 70 trở lên = 2,00"),
    (made("steps", 6, steps=STEPS), fact(12), "Số liệu 12; dưới bậc thấp nhất 70 = 0,00"),
    (made("count", 6, each="2"), fact(3), "3 × 2 điểm = 6,00"),
    (made("count", 6, each="2"), fact(4), "4 × 2 điểm, tối đa 6 = 6,00"),
    (made("count", 6, each="2", cap="9"), fact(4), "4 × 2 điểm = 8,00"),
    (made("count", 6, each="2", cap="9"), fact(5), "5 × 2 điểm, tối đa 9 = 9,00"),
    (made("full_minus", 8, each="2"), fact(0), "8 điểm, trừ 2 mỗi trường hợp: 8 − 0 × 2 = 8,00"),
    (made("full_minus", 8, each="2"), fact(4), "8 điểm, trừ 2 mỗi trường hợp: 8 − 4 × 2 = 0,00"),
    (
        made("full_minus", 8, each="2"),
        fact(5),
        "8 điểm, trừ 2 mỗi trường hợp: 8 − 5 × 2, không âm = 0,00",
    ),
    (made("yes_no", 2), fact(1), "Có = 2,00"),
    (made("yes_no", 2), fact(0), "Không = 0,00"),
    (
        made("relative", 10),
        fact(8, best=12),
        "Thực hiện 8 / cao nhất Khối 12 ≈ 66,67 %; 66,67 % × 10 điểm = 6,67",
    ),
    (
        made("relative", 10),
        fact(12, best=12),
        "Thực hiện 12 / cao nhất Khối 12 = 100 %; 100 % × 10 điểm = 10,00",
    ),
    (made("relative", 10), fact(0, best=0), "Thực hiện 0; chưa có số liệu để so sánh = 0,00"),
    (made("relative", 10), fact(8), "Thực hiện 8; chưa có số liệu để so sánh = 0,00"),
    (
        BY_TARGET,
        fact(8, 10, "1.5"),
        "Thực hiện 8 / kế hoạch 10 = 80 %; 80 % × 50 % × 10 điểm = 4,00",
    ),
    (
        BY_TARGET,
        fact(12, 10, "1.5"),
        "Thực hiện 12 / kế hoạch 10 = 120 %, cao nhất Khối 150 %; "
        "(50 % + (120 % − 100 %) / (150 % − 100 %) × 50 %) × 10 điểm = 7,00",
    ),
    (
        BY_TARGET,
        fact(15, 10, "1.5"),
        "Thực hiện 15 / kế hoạch 10 = 150 %, cao nhất Khối 150 %; "
        "(50 % + (150 % − 100 %) / (150 % − 100 %) × 50 %) × 10 điểm = 10,00",
    ),
    (BY_TARGET, fact(10, 10, 1), "Thực hiện 10 / kế hoạch 10 = 100 %; 50 % × 10 điểm = 5,00"),
    (BY_TARGET, fact(12, 10), "Thực hiện 12 / kế hoạch 10 = 120 %; 50 % × 10 điểm = 5,00"),
    (
        made("beyond_plan", 5, each="0.1"),
        fact(23, 20),
        "Thực hiện 23 / kế hoạch 20 = 115 %; 15 × 0,1 điểm = 1,50",
    ),
    (
        made("beyond_plan", 5, each="0.1"),
        fact(4, 3),
        "Thực hiện 4 / kế hoạch 3 ≈ 133,33 %; 33,33 × 0,1 điểm = 3,33",
    ),
    (
        made("beyond_plan", 5, each="0.1"),
        fact(40, 20),
        "Thực hiện 40 / kế hoạch 20 = 200 %; 100 × 0,1 điểm, tối đa 5 = 5,00",
    ),
    (
        made("beyond_plan", 5, each="0.1"),
        fact(20, 20),
        "Thực hiện 20 / kế hoạch 20 = 100 %, không vượt kế hoạch = 0,00",
    ),
    (made("deduction", each="2"), fact(0), "Trừ 0 × 2 điểm = 0,00"),
    (made("deduction", each="2"), fact(1234), "Trừ 1.234 × 2 điểm = −2.468,00"),
    (made("deduction", each="2", cap="5"), fact(2), "Trừ 2 × 2 điểm = −4,00"),
    (made("deduction", each="2", cap="6"), fact(3), "Trừ 3 × 2 điểm = −6,00"),
    (made("deduction", each="2", cap="5"), fact(3), "Trừ 3 × 2 điểm, tối đa 5 = −5,00"),
]


def test_there_is_an_example_of_every_kind() -> None:
    assert {formula.kind for formula, _fact, _words in EXAMPLES} == set(KINDS)


@pytest.mark.parametrize(("formula", "given", "words"), EXAMPLES)
def test_the_words_of_an_example_end_in_its_points(
    formula: Formula, given: Fact, words: str
) -> None:
    told = formula.words(given, HUNDREDTH)

    assert told.replace("\N{NO-BREAK SPACE}", " ") == words
    _calculation, points = words.rsplit(" = ", 1)
    assert rounded(formula.points(given), HUNDREDTH) == parse_decimal(points)


def test_the_examples_of_the_sample_scale_come_out_as_worked() -> None:
    """B.3 counts the percents beyond the plan of I.1, so it takes the same figures."""
    sample = json.loads(FACTS.read_text(encoding="utf-8"))["sample_point_scale"]
    first = sample["groups"][0]["criteria"][0]
    ratio = made(first["rule"], first["max"], cap_percent=first["cap_percent"])
    beyond = made("beyond_plan", sample["bonus_cap"], each=sample["bonus"][2]["points"])
    step = Decimal(sample["rounding"])
    worked = sample["worked_examples"]

    facts = [fact(one["actual"], one["plan"]) for one in worked]

    assert {one["criterion"] for one in worked} == {first["code"]}
    assert [str(rounded(ratio.points(one), step)) for one in facts] == ["13.50", "15.00"]
    assert [one["points"] for one in worked] == ["13.50", "15.00"]
    assert [str(rounded(beyond.points(one), step)) for one in facts] == ["0.00", "1.50"]
    assert worked[1]["bonus_B.3"] == "1.50"


FORMULAS = [
    made("rubric", 10),
    made("plan_ratio", 10),
    made("steps", 6, steps=STEPS),
    made("count", 6, each="2"),
    made("full_minus", 8, each="2"),
    made("yes_no", 2),
    made("relative", 10),
    BY_TARGET,
    made("beyond_plan", 5, each="0.1"),
    made("deduction", each="2"),
]


@pytest.mark.parametrize("formula", FORMULAS)
def test_without_a_figure_there_are_no_points(formula: Formula) -> None:
    nothing = fact(None, 20, 2)

    assert formula.points(nothing) == 0
    assert formula.words(nothing, HUNDREDTH) == "Chưa có số liệu"
    assert formula.lacks(nothing)
    assert formula.measure(nothing) is None


@pytest.mark.parametrize("formula", [one for one in FORMULAS if one.needs_plan])
def test_where_a_plan_is_needed_one_of_0_earns_nothing_but_is_a_figure(formula: Formula) -> None:
    for plan in ("0", "-1", None):
        unplanned = fact(5, plan, 2)
        assert formula.points(unplanned) == 0
        assert formula.words(unplanned, HUNDREDTH) == "Chưa có kế hoạch lớn hơn 0 để so sánh"
        assert formula.measure(unplanned) is None
        assert formula.lacks(unplanned) is (plan is None)


@pytest.mark.parametrize("formula", [one for one in FORMULAS if not one.needs_plan])
def test_where_no_plan_is_needed_none_is_looked_at(formula: Formula) -> None:
    assert not formula.lacks(fact(1))
    assert formula.points(fact(1, best=2)) == formula.points(fact(1, 5, 2))


def test_the_kinds_that_need_a_plan_are_those_measured_by_it() -> None:
    assert [one.kind for one in FORMULAS if one.needs_plan] == [
        "plan_ratio",
        "relative",
        "beyond_plan",
    ]


def test_half_way_to_the_best_is_half_way_though_neither_share_of_the_plan_ends() -> None:
    """4 of 3 beside 5 of 3: 50 % and half of the rest, 0.75 points, which is rounded up."""
    formula = made("relative", 1, at_target_percent="50")
    best = formula.measure(fact(5, 3))

    points = formula.points(Fact(Decimal(4), Decimal(3), best))

    assert (points, rounded(points, Decimal("0.5"))) == (Decimal("0.75"), 1)


def test_boards_are_compared_by_their_figure_or_by_their_share_of_the_plan() -> None:
    assert made("relative", 10).measure(fact(12)) == 12
    assert BY_TARGET.measure(fact(12, 10)) == Decimal("1.2")
    assert made("count", 6, each="2").measure(fact(3)) is None


def test_what_a_formula_can_reach_is_said_without_a_figure() -> None:
    reach = [(str(one.least), str(one.most)) for one in (*FORMULAS[-2:], RATIO)]
    capped = [made("count", 6, each="2", cap="9"), made("deduction", each="2", cap="5")]

    assert reach == [("0", "5"), ("-Infinity", "0"), ("0", "18")]
    assert [(str(one.least), str(one.most)) for one in capped] == [("0", "9"), ("-5", "0")]
