"""Criteria parameters as typed text, and back without loss."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring import formulas
from scoring.scale import parameters as scale_parameters
from tests.scoring.scales_made import criteria


@given(criteria)
def test_what_is_written_is_read_back_exactly(one: tuple[str, dict, object]) -> None:
    _kind, parameters, _points = one

    texts = scale_parameters.texts_of(parameters)

    assert scale_parameters.parameters_in(texts) == parameters


def test_levels_and_steps_are_written_one_a_line() -> None:
    levels = [{"points": "10", "words": "Đúng tiến độ"}, {"points": "0.5", "words": ""}]
    steps = [{"least": "95", "points": "6"}, {"least": "1234.5", "points": "0"}]

    assert scale_parameters.texts_of({"levels": levels, "steps": steps}) == {
        "levels": "10 = Đúng tiến độ\n0,5",
        "steps": "95 = 6\n1.234,5 = 0",
    }


@pytest.mark.parametrize("typed", ["1,5 = Tốt", "1.5=Tốt", "  1,5  =  Tốt  ", "\n1.5 = Tốt\n\n"])
def test_both_ways_of_writing_a_number_are_read(typed: str) -> None:
    read = scale_parameters.parameters_in({"levels": typed})

    assert read == {"levels": [{"points": "1.5", "words": "Tốt"}]}


def test_an_equals_sign_in_the_words_stays_there() -> None:
    read = scale_parameters.parameters_in({"levels": "4 = Đạt (a = b)"})

    assert read == {"levels": [{"points": "4", "words": "Đạt (a = b)"}]}


def test_what_is_no_number_is_left_for_the_formula_to_refuse() -> None:
    assert scale_parameters.parameters_in({"each": "hai", "cap": ""}) == {"each": "hai"}


@given(st.sampled_from(sorted(formulas.KINDS)))
def test_every_parameter_of_every_kind_can_be_typed(kind: str) -> None:
    typed = {*scale_parameters.LISTS, *scale_parameters.NUMBERS}

    assert set(scale_parameters.names_of(kind)) <= typed


def test_an_unknown_kind_takes_nothing() -> None:
    assert scale_parameters.names_of("voting") == []
