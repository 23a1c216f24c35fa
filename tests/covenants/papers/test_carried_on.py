"""Notes and sums shown beside a sealed covenant after boards merged."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from covenants.models import Paper
from covenants.papers.carried_on import merger_notes, summed
from covenants.papers.versions import content_of
from emulation_bloc.lib.numbers import parse_decimal, vn_decimal
from members.history.changes import Change, Move
from members.models import Succession
from tests.mergers import DAY, consolidation, go_on, merge, with_everybody
from tests.people import Cast, draft_covenant, fresh, join, make_board, make_leader

amounts = st.decimals(min_value=0, max_value=10**9, places=2)


def test_amounts_add_up_and_rates_stand_side_by_side() -> None:
    rows = [["100", "1.200"], ["105", "800,5"], ["100", "0"]]
    assert summed(rows, ["%", "tỷ đồng"]) == ["100 / 105", "2.000,5"]


@pytest.mark.parametrize("figure", ["", "theo kế hoạch"])
def test_what_is_no_number_is_not_added_up(figure: str) -> None:
    assert summed([["5"], [figure]], ["dự án"]) == [f"5 / {figure or '–'}"]


@given(st.lists(amounts, min_size=1, max_size=6))
def test_a_sum_is_that_of_a_naive_recount_in_any_order(figures: list) -> None:
    rows = [[vn_decimal(figure)] for figure in figures]
    [forth], [back] = summed(rows, ["tỷ đồng"]), summed(rows[::-1], ["tỷ đồng"])
    assert parse_decimal(forth) == parse_decimal(back) == sum(figures)


@pytest.mark.parametrize(
    ("treatment", "note", "sums"),
    [
        (
            "sum_targets",
            "cộng vào chỉ tiêu của BQL các KKT Tây Sơn từ ngày 01/07/2025 "
            "(Biên bản họp Khối số 02/BB-KTĐ)",
            1,
        ),
        (
            "close_at_date",
            "kết thúc tại ngày 01/07/2025; BQL các KKT Tây Sơn kế thừa "
            "(Biên bản họp Khối số 02/BB-KTĐ)",
            0,
        ),
        (
            "not_ranked",
            "không xếp hạng năm nay; BQL các KKT Tây Sơn kế thừa (Biên bản họp Khối số 02/BB-KTĐ)",
            0,
        ),
    ],
)
def test_each_row_of_the_annex_says_how_it_goes_on(
    cast: Cast, treatment: str, note: str, sums: int
) -> None:
    other = make_board("GLA", province="Gia Lai")
    join(cast.year, other)
    make_leader(other)
    draft_covenant(cast.year, actor=cast.chi)
    made = merge(
        cast.year,
        with_everybody(consolidation(cast.board, other), except_of=other),
        actor=cast.chi,
    )
    go_on(cast.year, made, actor=fresh(cast.chi), treatment=treatment)
    paper = Paper.objects.get()

    carried = merger_notes(paper, content_of(paper))

    assert carried.notes == ["", note, note]
    assert len(carried.sums) == sums


def test_an_annex_frozen_before_rows_named_their_board_follows_the_list(cast: Cast) -> None:
    other = make_board("GLA", province="Gia Lai")
    join(cast.year, other)
    make_leader(other)
    paper = draft_covenant(cast.year, actor=cast.chi)
    change = with_everybody(consolidation(cast.board, other), except_of=other)
    go_on(cast.year, merge(cast.year, change, actor=cast.chi), actor=fresh(cast.chi))
    content = content_of(paper)
    named = merger_notes(paper, content)

    for row in content["targets"]:
        del row["membership"]
    assert merger_notes(paper, content) == named


def test_a_board_that_takes_another_in_counts_its_own_targets(cast: Cast) -> None:
    draft_covenant(cast.year, actor=cast.chi)
    change = Change(
        Succession.Kind.ABSORPTION,
        "QĐ",
        DAY,
        (cast.board,),
        (cast.head,),
        moves=tuple(Move(post) for post in cast.board.posts.all()),
    )
    made = merge(cast.year, change, actor=cast.chi)
    go_on(cast.year, made, actor=fresh(cast.chi))
    paper = Paper.objects.get()

    [row] = merger_notes(paper, content_of(paper)).sums

    assert (row.board, row.parents) == ("BQL KKT Đắk Lắk", ["BQL KKT Đắk Lắk", "BQL KKT Bình Định"])
    assert row.figures == ["100"]


def test_a_covenant_without_a_merger_shows_nothing_more(cast: Cast) -> None:
    paper = draft_covenant(cast.year, actor=cast.chi)
    carried = merger_notes(paper, content_of(paper))
    assert (carried.by_membership, carried.notes, carried.sums) == ({}, [], [])
