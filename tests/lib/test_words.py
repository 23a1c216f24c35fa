import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulation_bloc.lib.words import (
    DIGITS,
    LIMIT,
    UnsayableNumber,
    amount_in_words,
    number_in_words,
)

UNITS = {"tỷ": 10**9, "triệu": 10**6, "nghìn": 10**3}
SPOKEN = {word: value for value, word in enumerate(DIGITS)} | {"mốt": 1, "tư": 4, "lăm": 5}


def read(words: str) -> int:
    """A second way round, written independently: what a reader of the words understands."""
    billions, found, rest = words.rpartition("tỷ")
    total = read(billions) * 10**9 if found else 0
    group = 0
    for word in rest.split():
        if word in UNITS:
            total, group = total + group * UNITS[word], 0
        elif word == "trăm":
            group *= 100
        elif word == "mười":
            group += 10
        elif word == "mươi":
            group += group % 10 * 9
        elif word != "linh":
            group += SPOKEN[word]
    return total + group


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (0, "Không đồng"),
        (10, "Mười đồng"),
        (11, "Mười một đồng"),
        (15, "Mười lăm đồng"),
        (21, "Hai mươi mốt đồng"),
        (24, "Hai mươi tư đồng"),
        (105, "Một trăm linh năm đồng"),
        (1_005, "Một nghìn không trăm linh năm đồng"),
        (1_015, "Một nghìn không trăm mười lăm đồng"),
        (505_515, "Năm trăm linh năm nghìn năm trăm mười lăm đồng"),
        (1_005_000, "Một triệu không trăm linh năm nghìn đồng"),
        (5_025_110, "Năm triệu không trăm hai mươi lăm nghìn một trăm mười đồng"),
        (15_500_000, "Mười lăm triệu năm trăm nghìn đồng"),
        (1_000_000_001, "Một tỷ không trăm linh một đồng"),
        (1_000_000_000_000, "Một nghìn tỷ đồng"),
    ],
)
def test_amount_in_words_says_what_the_paper_prints(amount: int, words: str) -> None:
    assert amount_in_words(amount) == words


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (4, "bốn"),
        (5, "năm"),
        (14, "mười bốn"),
        (20, "hai mươi"),
        (104, "một trăm linh bốn"),
        (111, "một trăm mười một"),
        (2_019, "hai nghìn không trăm mười chín"),
        (1_001_000_000_000, "một nghìn không trăm linh một tỷ"),
    ],
)
def test_number_in_words_is_lower_case_and_without_a_unit(number: int, words: str) -> None:
    assert number_in_words(number) == words


@pytest.mark.parametrize("number", [-1, -1_000_000, LIMIT])
def test_number_in_words_refuses_what_no_paper_says(number: int) -> None:
    with pytest.raises(UnsayableNumber):
        number_in_words(number)
    with pytest.raises(UnsayableNumber):
        amount_in_words(number)


@given(st.integers(0, LIMIT - 1) | st.integers(0, 10_000))
def test_words_are_understood_as_the_number_they_say(number: int) -> None:
    assert read(number_in_words(number)) == number
