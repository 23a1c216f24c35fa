"""Ranking: competition ranks, and the steps of the tie-break list."""

from collections import Counter
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.computing.ranking import Contender, Place, Tie, is_tie_break, rank, words

TIE_BREAK = ("group:I", "group:III", "fewest_deductions", "ballot", "head")


def board(
    number: int,
    value: str = "90",
    *,
    groups: tuple[int, int] = (60, 25),
    deductions: int = 0,
    **more: Any,
) -> Contender:
    """Boards are listed by their numbers."""
    first, third = map(Decimal, groups)
    usual = {"order": number, "groups": {"I": first, "III": third}}
    return Contender(
        board=number, value=Decimal(value), deductions=Decimal(deductions), **usual | more
    )


def ranks(places: list[Place]) -> list[tuple[int | None, int]]:
    return [(one.rank, one.board) for one in places]


def told(places: list[Place]) -> list[tuple[int, int, str, str, str]]:
    """Board, other board, what told them apart, and both figures."""
    return [
        (one.board, tie.other, tie.by, str(tie.mine), str(tie.others))
        for one in places
        for tie in one.ties
    ]


# --- Ranks ----------------------------------------------------------------------------------------


def test_boards_stand_in_the_order_of_their_points() -> None:
    places = rank([board(1, "80"), board(2, "95.25"), board(3, "95.24")], TIE_BREAK)

    assert places == [Place(2, 1), Place(3, 2), Place(1, 3)]


def test_boards_that_nothing_tells_apart_share_a_rank_and_the_next_is_left_out() -> None:
    """1, 2, 2, 4: the tied in the order of the year's list, whatever their numbers are."""
    places = rank(
        [board(4, "70"), board(1, "90.00", order=9), board(2, "90.0"), board(3, "95")], TIE_BREAK
    )

    assert ranks(places) == [(1, 3), (2, 2), (2, 1), (4, 4)]
    assert told(places) == [(2, 1, "", "90.0", "90.00"), (1, 2, "", "90.00", "90.0")]


def test_without_a_tie_break_list_every_tie_stays() -> None:
    places = rank([board(1, groups=(1, 1)), board(2), board(3, "89")], ())

    assert ranks(places) == [(1, 1), (1, 2), (3, 3)]


def test_boards_outside_the_ranking_stand_last_without_a_rank_and_take_no_place() -> None:
    places = rank(
        [board(4, "99", is_ranked=False), board(1), board(3, is_ranked=False), board(2, "80")],
        TIE_BREAK,
    )

    assert places == [Place(1, 1), Place(2, 2), Place(3, None), Place(4, None)]


def test_nobody_and_nobody_ranked_are_rankings_too() -> None:
    assert rank([], TIE_BREAK) == []
    assert rank([board(1, is_ranked=False)], TIE_BREAK) == [Place(1, None)]


# --- Ties -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("better", "worse", "by", "figures"),
    [
        (board(2, groups=(58, 20)), board(1, groups=(57, 25)), "group:I", ("58", "57")),
        (board(2, groups=(58, 25)), board(1, groups=(58, 24)), "group:III", ("25", "24")),
        (board(2, deductions=1), board(1, deductions=3), "fewest_deductions", ("1", "3")),
        (board(2, rulings={"ballot": 1}), board(1, rulings={"ballot": 2}), "ballot", ("1", "2")),
        (board(2, rulings={"head": 1}), board(1, rulings={"head": 2}), "head", ("1", "2")),
    ],
)
def test_a_step_tells_two_boards_apart_when_those_before_it_do_not(
    better: Contender, worse: Contender, by: str, figures: tuple[str, str]
) -> None:
    places = rank([worse, better], TIE_BREAK)

    assert ranks(places) == [(1, 2), (2, 1)]
    assert told(places) == [(2, 1, by, *figures), (1, 2, by, *reversed(figures))]


def test_the_steps_are_taken_in_the_order_of_the_list() -> None:
    """Each of three is the best by another step."""
    boards = [
        board(1, groups=(58, 20), deductions=2),
        board(2, groups=(57, 21), deductions=1),
        board(3, groups=(56, 22), deductions=0),
    ]

    orders = {
        codes: [one.board for one in rank(boards, codes)]
        for codes in (TIE_BREAK, TIE_BREAK[1:], TIE_BREAK[2:], TIE_BREAK[3:])
    }

    assert list(orders.values()) == [[1, 2, 3], [3, 2, 1], [3, 2, 1], [1, 2, 3]]


def test_every_pair_of_the_tied_is_told_what_told_it_apart() -> None:
    """Group I parts the first from three; deductions part the second from two, who stay tied."""
    boards = [
        board(1, groups=(57, 25), deductions=4),
        board(2, groups=(57, 25), deductions=4),
        board(3, groups=(57, 25), deductions=1),
        board(4, groups=(58, 20), deductions=9),
    ]

    places = rank(boards, TIE_BREAK)

    assert ranks(places) == [(1, 4), (2, 3), (3, 1), (3, 2)]
    assert told(places) == [
        (4, 3, "group:I", "58", "57"),
        (4, 1, "group:I", "58", "57"),
        (4, 2, "group:I", "58", "57"),
        (3, 4, "group:I", "57", "58"),
        (3, 1, "fewest_deductions", "1", "4"),
        (3, 2, "fewest_deductions", "1", "4"),
        (1, 4, "group:I", "57", "58"),
        (1, 3, "fewest_deductions", "4", "1"),
        (1, 2, "", "90", "90"),
        (2, 4, "group:I", "57", "58"),
        (2, 3, "fewest_deductions", "4", "1"),
        (2, 1, "", "90", "90"),
    ]


def test_a_ballot_on_some_of_the_tied_decides_nothing() -> None:
    boards = [
        board(1),
        board(2, rulings={"ballot": 2}),
        board(3, rulings={"ballot": 1}),
    ]

    places = rank(boards, TIE_BREAK)

    assert ranks(places) == [(1, 1), (1, 2), (1, 3)]
    assert {tie.by for one in places for tie in one.ties} == {""}


def test_a_ballot_on_those_that_an_earlier_step_has_left_tied_decides_among_them() -> None:
    boards = [
        board(1, groups=(61, 20)),
        board(2, rulings={"ballot": 2}),
        board(3, rulings={"ballot": 1}),
    ]

    places = rank(boards, TIE_BREAK)

    assert ranks(places) == [(1, 1), (2, 3), (3, 2)]
    assert told(places)[2:] == [
        (3, 1, "group:I", "60", "61"),
        (3, 2, "ballot", "1", "2"),
        (2, 1, "group:I", "60", "61"),
        (2, 3, "ballot", "2", "1"),
    ]


def test_the_head_decides_what_the_ballot_has_left_tied_and_nothing_else() -> None:
    boards = [
        board(1, rulings={"ballot": 1, "head": 2}),
        board(2, rulings={"ballot": 1, "head": 1}),
        board(3, rulings={"ballot": 3, "head": 1}),
    ]

    places = rank(boards, TIE_BREAK)

    assert ranks(places) == [(1, 2), (2, 1), (3, 3)]
    assert [tie.by for one in places for tie in one.ties] == [
        "head",
        "ballot",
        "head",
        "ballot",
        "ballot",
        "ballot",
    ]


def test_a_step_about_a_group_that_some_have_not_is_passed_over() -> None:
    boards = [board(1, groups=(59, 20)), board(2, groups=(60, 19)), board(3)]
    boards[2] = replace(boards[2], groups={"III": Decimal(21)})

    places = rank(boards, TIE_BREAK)

    assert ranks(places) == [(1, 3), (2, 1), (3, 2)]


def test_rulings_count_only_among_boards_of_equal_points() -> None:
    places = rank(
        [board(1, "90", rulings={"head": 2}), board(2, "89", rulings={"head": 1})], TIE_BREAK
    )

    assert ranks(places) == [(1, 1), (2, 2)]
    assert told(places) == []


def ruled(*boards: int) -> list[Contender]:
    """Boards of equal points that a ballot on just these put in this order."""
    about = {"ballot": frozenset(boards)}
    return [
        board(one, rulings={"ballot": place}, about=about) for place, one in enumerate(boards, 1)
    ]


def test_a_ruling_counts_among_the_boards_that_it_was_about() -> None:
    assert ranks(rank(ruled(3, 1, 2), TIE_BREAK)) == [(1, 3), (2, 1), (3, 2)]


def test_rulings_on_two_ties_do_not_mix_when_boards_of_both_are_tied() -> None:
    """1 was first of one tie and 4 second of another: nothing was ever decided between them."""
    places = rank([ruled(1, 2)[0], ruled(3, 4)[1]], TIE_BREAK)

    assert ranks(places) == [(1, 1), (1, 4)]
    assert {tie.by for one in places for tie in one.ties} == {""}


@pytest.mark.parametrize("late", [[], [board(9)]])
def test_a_ruling_is_passed_over_once_the_tied_have_changed(late: list[Contender]) -> None:
    places = rank([*ruled(3, 1, 2)[: 3 - (not late)], *late], TIE_BREAK)

    assert {one.rank for one in places} == {1}


@given(st.permutations([1, 2, 3]), st.permutations([4, 5]), st.randoms(use_true_random=False))
def test_ties_side_by_side_are_each_decided_by_their_own_ruling(
    one: list[int], other: list[int], random
) -> None:
    tied = ruled(*one) + [replace(board, value=Decimal(50)) for board in ruled(*other)]

    places = rank(random.sample(tied, len(tied)), TIE_BREAK)

    assert ranks(places) == list(enumerate([*one, *other], start=1))


@pytest.mark.parametrize("code", ["", "group:", "group", "lots", "BALLOT"])
def test_a_code_that_no_list_has_is_refused(code: str) -> None:
    assert not is_tie_break(code)
    with pytest.raises(ValueError, match="No such tie-break") as refused:
        rank([], ("ballot", code))

    assert str(refused.value) == f"No such tie-break: {[code]}"


# --- In words -------------------------------------------------------------------------------------

NAMES = {2: "BQL KKT Bình Định"}
SAME = "Bằng điểm BQL KKT Bình Định"


@pytest.mark.parametrize(
    ("by", "mine", "others", "sentence", "figures"),
    [
        ("group:I", "58.5", "57", "hơn ở nhóm I", " (58,5 / 57)"),
        ("group:II.1", "57", "58", "kém ở nhóm II.1", " (57 / 58)"),
        ("fewest_deductions", "0", "2", "ít điểm trừ hơn", " (0 / 2)"),
        ("fewest_deductions", "2", "0", "nhiều điểm trừ hơn", " (2 / 0)"),
        ("ballot", "1", "2", "hơn theo bỏ phiếu", ""),
        ("ballot", "2", "1", "kém theo bỏ phiếu", ""),
        ("head", "1", "2", "hơn theo quyết định của Khối trưởng", ""),
        ("head", "2", "1", "kém theo quyết định của Khối trưởng", ""),
        ("", "90", "90", "không phân định được: đồng hạng", ""),
    ],
)
def test_a_tie_is_told_beside_each_board_with_figures_for_those_who_may_see_them(
    by: str, mine: str, others: str, sentence: str, figures: str
) -> None:
    tie = Tie(2, by, Decimal(mine), Decimal(others))

    assert words(tie, NAMES) == f"{SAME}, {sentence}{figures}"
    assert words(tie, NAMES, with_figures=False) == f"{SAME}, {sentence}"


# --- Whatever the boards --------------------------------------------------------------------------

few = st.integers(0, 2).map(Decimal)
contenders = st.builds(
    Contender,
    board=st.integers(1, 99),
    order=st.integers(1, 4),
    value=few,
    groups=st.dictionaries(st.sampled_from(["I", "III"]), few),
    deductions=few,
    is_ranked=st.sampled_from([True, True, True, False]),
    rulings=st.dictionaries(st.sampled_from(["ballot", "head"]), st.integers(1, 3)),
    about=st.dictionaries(
        st.sampled_from(["ballot", "head"]), st.frozensets(st.integers(1, 99), max_size=3)
    ),
)
blocs = st.lists(contenders, max_size=9, unique_by=lambda one: one.board)
lists = st.permutations(TIE_BREAK).flatmap(
    lambda codes: st.integers(0, 5).map(lambda count: codes[:count])
)


@given(blocs, lists, st.randoms(use_true_random=False))
def test_the_order_in_which_boards_are_given_does_not_matter(
    boards: list[Contender], codes: list[str], random
) -> None:
    assert rank(random.sample(boards, len(boards)), codes) == rank(boards, codes)


@given(blocs, lists)
def test_a_rank_is_one_more_than_the_boards_that_are_ahead(
    boards: list[Contender], codes: list[str]
) -> None:
    places = rank(boards, codes)
    found = {one.board: one.rank for one in places if one.rank is not None}

    assert len(places) == len(boards)
    assert found.keys() == {one.board for one in boards if one.is_ranked}
    for place in found.values():
        assert place == 1 + sum(other < place for other in found.values())


@given(blocs, lists)
def test_ranks_and_what_is_told_of_ties_agree(boards: list[Contender], codes: list[str]) -> None:
    """Whoever is told to be ahead has the better rank, and whoever is tied has the same."""
    places = rank(boards, codes)
    found = {one.board: one.rank for one in places}
    by_number = {one.board: one for one in boards}
    equals = Counter(one.value for one in boards if one.is_ranked)

    for one in places:
        mine = by_number[one.board]
        assert len(one.ties) == (equals[mine.value] - 1 if mine.is_ranked else 0)
        for tie in one.ties:
            assert by_number[tie.other].value == mine.value
            higher = tie.mine > tie.others
            ahead = higher if tie.by.startswith("group:") else tie.mine < tie.others
            assert (found[one.board] < found[tie.other]) is (ahead and bool(tie.by))
            assert (found[one.board] == found[tie.other]) is (tie.by == "")


@given(blocs, lists)
def test_both_of_a_pair_are_told_the_same(boards: list[Contender], codes: list[str]) -> None:
    ties = {
        (one.board, tie.other): (tie.by, tie.mine, tie.others)
        for one in rank(boards, codes)
        for tie in one.ties
    }

    assert ties == {(b, a): (by, theirs, mine) for (a, b), (by, mine, theirs) in ties.items()}
