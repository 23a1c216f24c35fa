from collections import Counter
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.computing.cross_draw import CannotAssign, assign, mean, most_each, trimmed_mean

SIZES = [(n, each) for n in range(3, 21) for each in range(1, (n - 1) // 2 + 1)]
seeds = st.integers()
figures = st.lists(st.decimals(-1000, 1000, places=2), min_size=1, max_size=20)


@st.composite
def crossings(draw: st.DrawFn) -> tuple[list[int], int]:
    """Any boards of any numbers, and how many each scores."""
    boards = draw(st.lists(st.integers(1), min_size=3, max_size=20, unique=True))
    return boards, draw(st.integers(1, most_each(len(boards))))


def is_sound(found: dict[int, tuple[int, ...]], boards: list[int], each: int) -> bool:
    """Said anew, pair by pair."""
    pairs = {(scorer, scored) for scorer, several in found.items() for scored in several}
    given, taken = Counter(a for a, _b in pairs), Counter(b for _a, b in pairs)
    return (
        len(pairs) == len(boards) * each
        and all(a != b and (b, a) not in pairs for a, b in pairs)
        and given == taken == Counter(dict.fromkeys(boards, each))
    )


@pytest.mark.parametrize(("count", "each"), SIZES)
def test_every_size_has_a_sound_assignment(count: int, each: int) -> None:
    boards = list(range(101, 101 + count))
    assert all(is_sound(assign(boards, each=each, seed=seed), boards, each) for seed in range(9))


@given(crossings(), seeds)
def test_nobody_scores_itself_or_back_and_all_are_scored_alike(
    crossing: tuple[list[int], int], seed: int
) -> None:
    boards, each = crossing
    assert is_sound(assign(boards, each=each, seed=seed), boards, each)


@given(crossings(), seeds, st.randoms(use_true_random=False))
def test_the_order_of_the_boards_does_not_matter(
    crossing: tuple[list[int], int], seed: int, random
) -> None:
    boards, each = crossing
    shuffled = random.sample(boards, len(boards))
    assert assign(shuffled, each=each, seed=seed) == assign(boards, each=each, seed=seed)


def test_the_same_seed_gives_the_same_answer_for_ever() -> None:
    assert assign([1, 2, 3, 4, 5], each=2, seed=2026) == {
        1: (4, 3),
        4: (3, 2),
        3: (2, 5),
        2: (5, 1),
        5: (1, 4),
    }


def test_another_seed_gives_another_answer() -> None:
    answers = {str(assign(range(1, 12), each=3, seed=seed)) for seed in range(20)}
    assert len(answers) == 20


def test_each_board_meets_each_other_about_equally_often() -> None:
    pairs = Counter(
        (scorer, scored)
        for seed in range(600)
        for scorer, several in assign([1, 2, 3, 4, 5], each=2, seed=seed).items()
        for scored in several
    )
    assert (len(pairs), min(pairs.values()) > 240, max(pairs.values()) < 360) == (20, True, True)


@pytest.mark.parametrize("count", [0, 1, 2, 21])
def test_too_few_and_too_many_boards_are_refused(count: int) -> None:
    with pytest.raises(CannotAssign, match=rf"\b{count}\b"):
        assign(range(count), each=1, seed=1)


@pytest.mark.parametrize(("count", "each"), [(3, 2), (4, 2), (11, 6), (20, 10), (5, 0), (5, -1)])
def test_a_number_that_would_pair_boards_is_refused(count: int, each: int) -> None:
    with pytest.raises(CannotAssign) as refusal:
        assign(range(count), each=each, seed=1)
    assert {str(count), str(most_each(count))} <= set(str(refusal.value).split())


def test_a_board_given_twice_is_refused() -> None:
    with pytest.raises(CannotAssign):
        assign([1, 2, 3, 2], each=1, seed=1)


# --- One figure out of several --------------------------------------------------------------------


@given(figures)
def test_the_mean_is_the_exact_quotient(given: list[Decimal]) -> None:
    exact = sum(map(Fraction, given)) / len(given)
    assert abs(Fraction(mean(given)) - exact) < Fraction(1, 10**20)
    assert mean(given) == mean(given[::-1])


@given(figures)
def test_the_trimmed_mean_leaves_out_one_at_each_end(given: list[Decimal]) -> None:
    left = list(given)
    if len(left) >= 3:
        left.remove(min(left))
        left.remove(max(left))
    assert trimmed_mean(given) == mean(left)


@given(figures)
def test_both_means_lie_between_the_lowest_and_the_highest(given: list[Decimal]) -> None:
    slack = Decimal("1e-20")
    for found in (mean(given), trimmed_mean(given)):
        assert min(given) - slack <= found <= max(given) + slack


@pytest.mark.parametrize(
    ("given", "plain", "trimmed"),
    [
        (["8"], "8", "8"),
        (["8", "9.5"], "8.75", "8.75"),
        (["2", "9", "10"], "7", "9"),
        (["7", "7", "7", "10"], "7.75", "7"),
        (["0", "8", "8.5", "9", "30"], "11.1", "8.5"),
    ],
)
def test_means_as_one_reckons_them_by_hand(given: list[str], plain: str, trimmed: str) -> None:
    values = [Decimal(figure) for figure in given]
    assert (mean(values), trimmed_mean(values)) == (Decimal(plain), Decimal(trimmed))


def test_a_quotient_without_end_is_not_rounded_to_the_scale() -> None:
    thirds = mean([Decimal(1), Decimal(0), Decimal(0)])
    assert thirds == Decimal("0." + "3" * 28)


def test_no_figures_have_no_mean() -> None:
    for average in (mean, trimmed_mean):
        with pytest.raises(ValueError, match="at least one"):
            average([])
