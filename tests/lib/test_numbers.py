from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulation_bloc.lib.numbers import NotANumber, parse_decimal, vn_decimal, vn_money, vn_signed


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1.234,5", "1234.5"),
        ("1234.5", "1234.5"),
        ("1234,5", "1234.5"),
        ("1 234,5", "1234.5"),
        ("1\N{NO-BREAK SPACE}234,5", "1234.5"),
        ("1\N{NARROW NO-BREAK SPACE}234.5", "1234.5"),
        ("1,234.5", "1234.5"),
        ("1.234.567", "1234567"),
        ("1,234,567", "1234567"),
        ("1,234,567.25", "1234567.25"),
        ("12 345 678", "12345678"),
        ("0", "0"),
        ("007", "7"),
        ("  42 ", "42"),
        ("-1.234,5", "-1234.5"),
        ("\N{MINUS SIGN}3,5", "-3.5"),
        ("+3.5", "3.5"),
    ],
)
def test_parse_decimal_reads_what_offices_type(text: str, value: str) -> None:
    assert parse_decimal(text) == Decimal(value)


@pytest.mark.parametrize(
    ("text", "value"),
    [("1.234", "1234"), ("1,234", "1.234"), ("0.123", "0.123"), ("1234.567", "1234.567")],
)
def test_parse_decimal_takes_the_vietnamese_reading_of_two(text: str, value: str) -> None:
    assert parse_decimal(text) == Decimal(value)


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "-", "abc", "1.23.4", "12,34,5", "1.234.56", "1 23", "1..5", ",5", "5,", "1e5"),
        *("NaN", "Infinity", "5 %", "--5", "- 5", "=1+1", "１２", "1.234,5.6", "1 234.567,8"),
    ],
)
def test_parse_decimal_refuses_what_is_not_one_number(text: str) -> None:
    with pytest.raises(NotANumber):
        parse_decimal(text)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=2))
def test_a_written_decimal_is_read_back_as_itself(value: Decimal) -> None:
    assert parse_decimal(vn_decimal(value)) == value


@given(st.integers())
def test_written_money_is_read_back_as_itself(amount: int) -> None:
    assert parse_decimal(vn_money(amount)) == amount


@given(st.text() | st.text(alphabet="0123456789., -"))
def test_parse_decimal_answers_a_finite_number_or_refuses(text: str) -> None:
    with suppress(NotANumber):
        assert parse_decimal(text).is_finite()


def test_vn_decimal_keeps_the_decimals_it_is_given() -> None:
    values = ("1234.5", "13.50", "100", "-0.25", "1E+3")
    assert [vn_decimal(Decimal(value)) for value in values] == [
        "1.234,5",
        "13,50",
        "100",
        "-0,25",
        "1.000",
    ]


def test_what_is_below_0_is_read_with_a_minus_and_read_back() -> None:
    values = ("-1234.50", "0", "2")
    assert [vn_signed(Decimal(value)) for value in values] == ["−1.234,50", "0", "2"]
    assert parse_decimal(vn_signed(Decimal("-1234.50"))) == Decimal("-1234.50")


@pytest.mark.parametrize("value", ["NaN", "Infinity"])
def test_vn_decimal_refuses_what_is_not_finite(value: str) -> None:
    with pytest.raises(ValueError, match="Not a finite number"):
        vn_decimal(Decimal(value))


def test_vn_money_groups_by_dots() -> None:
    assert [vn_money(n) for n in (0, 999, 1_234_567, -5_000)] == ["0", "999", "1.234.567", "-5.000"]
