"""Points are rounded once, half away from zero, to a multiple of the step."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulation_bloc.lib.numbers import plain_decimal
from scoring.formulas import rounded

STEPS = [Decimal(step) for step in ("1", "0.5", "0.25", "0.1", "0.05", "0.01")]
steps = st.sampled_from(STEPS)
numbers = st.decimals(-100_000, 100_000, places=6)


@pytest.mark.parametrize(
    ("points", "step", "expected"),
    [
        ("1.125", "0.25", "1.25"),
        ("1.1249999", "0.25", "1.00"),
        ("1.375", "0.25", "1.50"),
        ("0.25", "0.5", "0.5"),
        ("0.75", "0.5", "1.0"),
        ("0.2499", "0.5", "0.0"),
        ("0.005", "0.01", "0.01"),
        ("0.015", "0.01", "0.02"),
        ("0.0149999999999999999999", "0.01", "0.01"),
        ("2.5", "1", "3"),
        ("13.5", "0.01", "13.50"),
        ("-1.125", "0.25", "-1.25"),
        ("-0.25", "0.5", "-0.5"),
        ("-0.005", "0.01", "-0.01"),
        ("-0.004", "0.01", "0.00"),
        ("-0", "0.01", "0.00"),
    ],
)
def test_a_half_is_rounded_away_from_zero(points: str, step: str, expected: str) -> None:
    assert str(rounded(Decimal(points), Decimal(step))) == expected


@given(numbers, steps)
def test_the_nearest_multiple_is_found(points: Decimal, step: Decimal) -> None:
    found = rounded(points, step)

    assert found % step == 0
    assert abs(Fraction(found) - Fraction(points)) <= Fraction(step) / 2
    assert found.as_tuple().exponent == step.as_tuple().exponent


@given(numbers, steps)
def test_rounding_does_not_know_the_sign_and_does_nothing_twice(
    points: Decimal, step: Decimal
) -> None:
    found = rounded(points, step)

    assert rounded(-points, step) == -found
    assert rounded(found, step) == found


@given(st.integers(-1000, 1000), steps)
def test_every_half_goes_up_in_size(count: int, step: Decimal) -> None:
    half = step * count + (step / 2 if count >= 0 else -step / 2)

    assert abs(rounded(half, step)) == abs(step * count) + step


@pytest.mark.parametrize(
    ("number", "spelling"),
    [
        ("1234.50", "1234.5"),
        ("1E+3", "1000"),
        ("100", "100"),
        ("1.00", "1"),
        ("0.000", "0"),
        ("-0", "0"),
        ("-0.00", "0"),
        ("-2.50", "-2.5"),
    ],
)
def test_equal_numbers_have_one_spelling(number: str, spelling: str) -> None:
    assert plain_decimal(Decimal(number)) == spelling


@given(numbers, st.integers(0, 6))
def test_a_spelling_is_the_number(number: Decimal, noughts: int) -> None:
    longer = number.quantize(Decimal(1).scaleb(-6 - noughts))

    assert Decimal(plain_decimal(number)) == number
    assert plain_decimal(longer) == plain_decimal(number)
