"""Converting formulas to and from stored parameters, and invalid parameters."""

from dataclasses import fields
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given

from emulation_bloc.lib.refusal import Refusal
from scoring.formulas import (
    KINDS,
    LABELS,
    BadFormula,
    Count,
    Level,
    Step,
    parameters_of,
    read_formula,
)
from scoring.models.scales import Kind
from tests.scoring.formulas.made import LEVELS, STEPS, made
from tests.scoring.scales_made import criteria

EACH = {"each": "1"}


@given(criteria)
def test_what_is_written_down_is_read_back(one: tuple[str, dict[str, Any], Decimal]) -> None:
    kind, parameters, points = one

    formula = read_formula(kind, parameters, points)

    assert formula.kind == kind
    assert parameters_of(formula) == parameters
    assert read_formula(kind, parameters_of(formula), points) == formula


def test_equal_formulas_have_one_spelling() -> None:
    spellings = [" 0.50 ", "0.5", "00.5", 0.5, Decimal("0.500")]

    assert [parameters_of(made("count", 6, each=one)) for one in spellings] == [{"each": "0.5"}] * 5
    assert parameters_of(made("rubric", 10, levels=LEVELS)) == {"levels": LEVELS}
    assert parameters_of(made("steps", 6, steps=STEPS)) == {"steps": STEPS}


def test_what_is_empty_counts_as_left_out() -> None:
    assert made("count", 6, each="2", cap="") == made("count", 6, each="2", cap=None)
    assert made("plan_ratio", 6, floor_percent="") == made("plan_ratio", 6)
    assert parameters_of(made("plan_ratio", 6)) == {"floor_percent": "0", "cap_percent": "100"}
    assert parameters_of(made("relative", 6)) == {}


def test_the_points_of_the_criterion_are_those_of_the_formula() -> None:
    assert made("count", "2.50", each="2") == Count(Decimal("2.5"), each=Decimal(2))
    assert made("count", 6, each="2", max_points="9") == made("count", 6, each="2")


def test_a_number_may_be_negative_nought() -> None:
    assert parameters_of(made("plan_ratio", 6, floor_percent="-0.0"))["floor_percent"] == "0"


ABOVE = "Không mức hay bậc nào được quá 5 điểm của tiêu chí."
FALLING = "Các bậc phải giảm dần: bậc cao nhất trước, không trùng nhau, và điểm cũng giảm dần."
FAULTS = [
    ("voting", 1, {}, "Không có cách tính điểm “voting”."),
    ("deduction", 1, EACH, "Tiêu chí trừ điểm có điểm chuẩn bằng 0."),
    (
        "deduction",
        0,
        {**EACH, "max_points": "1"},
        "“Điểm tối đa” không dùng cho cách tính điểm này.",
    ),
    ("yes_no", -1, {}, "“Điểm tối đa” không được âm."),
    ("count", 1, {}, "Còn thiếu “Điểm cho mỗi trường hợp”."),
    ("count", 1, {"each": ""}, "Còn thiếu “Điểm cho mỗi trường hợp”."),
    ("count", 1, {**EACH, "foo": "1"}, "“foo” không dùng cho cách tính điểm này."),
    ("count", 1, {"each": "-1"}, "“Điểm cho mỗi trường hợp” không được âm."),
    ("count", 1, {"each": "0"}, "Điểm mỗi trường hợp phải lớn hơn 0."),
    ("full_minus", 1, {"each": "0"}, "Điểm mỗi trường hợp phải lớn hơn 0."),
    ("beyond_plan", 1, {"each": "0"}, "Điểm mỗi trường hợp phải lớn hơn 0."),
    ("deduction", 0, {"each": "0"}, "Điểm mỗi trường hợp phải lớn hơn 0."),
    ("plan_ratio", 5, {"cap_percent": "0"}, "Mức trần phải lớn hơn 0."),
    ("plan_ratio", 5, {"floor_percent": "101"}, "Mức sàn không được cao hơn mức trần."),
    (
        "relative",
        5,
        {"at_target_percent": "100.01"},
        "Đạt kế hoạch không thể được quá 100 % số điểm.",
    ),
    ("rubric", 5, {"levels": "5"}, "“Theo mức” phải gồm nhiều dòng."),
    ("rubric", 5, {"levels": ["5"]}, "“Theo mức” phải gồm nhiều dòng."),
    ("rubric", 5, {"levels": [{"words": "Tốt"}]}, "Còn thiếu “Điểm”."),
    (
        "rubric",
        5,
        {"levels": [{"points": "5", "least": "1"}]},
        "“Từ số liệu” không dùng cho cách tính điểm này.",
    ),
    (
        "rubric",
        5,
        {"levels": [{"points": "1"}, {"points": "1.0"}]},
        "Các mức phải giảm dần: mức cao nhất trước, không trùng nhau.",
    ),
    ("rubric", 5, {"levels": [{"points": "5.01"}]}, ABOVE),
    ("steps", 5, {}, "Còn thiếu “Theo bậc”."),
    ("steps", 5, {"steps": []}, "Phải có ít nhất một bậc."),
    ("steps", 5, {"steps": [{"least": "1"}]}, "Còn thiếu “Điểm”."),
    ("steps", 5, {"steps": [{"points": "1"}]}, "Còn thiếu “Từ số liệu”."),
    ("steps", 5, {"steps": [{"least": "1", "points": "6"}]}, ABOVE),
    (
        "steps",
        5,
        {"steps": [{"least": "1", "points": "1"}, {"least": "1", "points": "0"}]},
        FALLING,
    ),
    (
        "steps",
        5,
        {"steps": [{"least": "2", "points": "1"}, {"least": "1", "points": "2"}]},
        FALLING,
    ),
]


@pytest.mark.parametrize(("kind", "points", "parameters", "sentence"), FAULTS)
def test_what_is_no_formula_is_refused_with_the_reason(
    kind: str, points: int, parameters: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(BadFormula) as refused:
        made(kind, points, **parameters)

    assert str(refused.value) == sentence
    assert isinstance(refused.value, Refusal)


@pytest.mark.parametrize(
    "typed",
    [
        "hai",
        "1,5",
        "1e3",
        "NaN",
        "Infinity",
        "٣",
        "1.",
        ".5",
        "--1",
        "0.1234567",
        "1" * 13,
        True,
        [],
    ],
)
def test_only_plain_numbers_of_up_to_12_and_6_digits_are_read(typed: object) -> None:
    with pytest.raises(BadFormula) as refused:
        made("count", 6, each=typed)

    assert str(refused.value) == f"“Điểm cho mỗi trường hợp” không phải là số: “{typed}”."


def test_every_parameter_has_a_label_to_be_refused_by() -> None:
    named = {name for kind in KINDS.values() for name in (one.name for one in fields(kind))}
    named |= {one.name for row in (Level, Step) for one in fields(row)}

    assert named == set(LABELS)


def test_every_kind_can_be_chosen_and_computed() -> None:
    """The form and Excel offer the kinds of the model; the computation knows those of KINDS."""
    assert set(Kind.values) == set(KINDS)
