"""Changes of boards that are refused, by person or by content."""

import datetime as dt
from dataclasses import replace

import pytest
from django.core.exceptions import PermissionDenied

from emulation_bloc.lib.refusal import Refusal
from members.history.changes import Change, Move, WrongMove, WrongParties
from members.models import Board, Succession
from members.models.people import PostKind
from tests.mergers import DAY, DECISION, NEW, consolidation, everything, merge, with_everybody
from tests.people import Cast, give_post, join, make_board, make_leader, make_user

Kind = Succession.Kind


@pytest.fixture
def other(cast: Cast) -> Board:
    """A second member board, with a leader, so that there is something to merge."""
    board = make_board("GLA", province="Gia Lai")
    join(cast.year, board)
    make_leader(board, "giang")
    return board


def refused(cast: Cast, change: Change, error: type[Exception] = Refusal) -> str:
    before = everything()
    with pytest.raises(error) as caught:
        merge(cast.year, change, actor=cast.chi)
    assert everything() == before
    return str(caught.value)


@pytest.mark.parametrize("who", ["an", "chi"])
def test_the_secretariat_records(cast: Cast, other: Board, who: str) -> None:
    change = with_everybody(consolidation(cast.board, other), except_of=other)
    merge(cast.year, change, actor=getattr(cast, who))
    assert Succession.objects.count() == 1


@pytest.mark.parametrize("who", ["binh", "em", "dung", "hoa", "khach", "ngoai"])
def test_nobody_else_records(cast: Cast, other: Board, who: str) -> None:
    change = with_everybody(consolidation(cast.board, other), except_of=other)
    before = everything()
    with pytest.raises(PermissionDenied):
        merge(cast.year, change, actor=getattr(cast, who))
    assert everything() == before


def test_nothing_is_recorded_in_a_closed_year(cast: Cast, other: Board) -> None:
    type(cast.year).objects.filter(pk=cast.year.pk).update(closed_on=DAY)
    with pytest.raises(PermissionDenied):
        merge(cast.year, consolidation(cast.board, other), actor=cast.chi)


def test_a_decision_needs_its_paper(cast: Cast, other: Board) -> None:
    assert refused(cast, consolidation(cast.board, other, document=" ")) == (
        "Ghi quyết định làm căn cứ."
    )


@pytest.mark.parametrize(
    ("kind", "parents", "children", "founded"),
    [
        (Kind.CONSOLIDATION, 1, 0, 1),
        (Kind.CONSOLIDATION, 2, 0, 0),
        (Kind.CONSOLIDATION, 2, 1, 1),
        (Kind.ABSORPTION, 1, 0, 1),
        (Kind.ABSORPTION, 1, 0, 0),
        (Kind.SPLIT, 2, 0, 2),
        (Kind.SPLIT, 1, 0, 1),
        (Kind.RENAME, 1, 1, 0),
        (Kind.SCOPE_TRANSFER, 1, 0, 1),
        (Kind.SCOPE_TRANSFER, 0, 1, 0),
        (Kind.DISSOLUTION, 1, 1, 0),
        (Kind.DISSOLUTION, 0, 0, 0),
        ("something", 1, 1, 0),
    ],
)
def test_each_kind_needs_exactly_its_boards(
    cast: Cast, other: Board, kind: str, parents: int, children: int, founded: int
) -> None:
    new = (NEW, replace(NEW, code="TS2"))
    change = Change(
        kind, DECISION, DAY, (cast.board, other)[:parents], (cast.head,)[:children], new[:founded]
    )
    refused(cast, change, WrongParties)


def test_a_board_is_not_gone_and_going_on(cast: Cast, other: Board) -> None:
    change = consolidation(cast.board, other, founded=(), children=(other,))
    assert refused(cast, change, WrongParties) == (
        "Một ban không thể vừa kết thúc vừa tiếp tục trong cùng một sắp xếp."
    )


def test_a_board_of_another_bloc_does_not_change_here(cast: Cast) -> None:
    change = consolidation(cast.board, cast.foreign_board)
    assert refused(cast, change, WrongParties) == (
        "Chỉ sắp xếp được các ban là thành viên của năm này."
    )


def test_nobody_is_brought_into_a_board_of_another_bloc(cast: Cast) -> None:
    change = Change(Kind.ABSORPTION, DECISION, DAY, (cast.board,), (cast.foreign_board,))
    assert "khối khác" in refused(cast, change, WrongParties)


def test_a_board_that_ended_does_not_end_again(cast: Cast, other: Board) -> None:
    merge(cast.year, with_everybody(consolidation(cast.board, other), except_of=other),
          actor=cast.chi)  # fmt: skip
    ended = Board.objects.get(pk=other.pk)
    refused(cast, Change(Kind.DISSOLUTION, "Quyết định khác", DAY, (ended,)), WrongParties)


def test_the_same_change_is_not_recorded_twice(cast: Cast) -> None:
    change = Change(Kind.SCOPE_TRANSFER, DECISION, DAY, (cast.board,), (cast.head,))
    merge(cast.year, change, actor=cast.chi)
    assert refused(cast, change) == "Sắp xếp này đã được ghi nhận."


def test_a_code_in_use_is_not_given_again(cast: Cast, other: Board) -> None:
    change = consolidation(cast.board, other, founded=(replace(NEW, code="HPH"),))
    assert refused(cast, change) == "Mã HPH đã được dùng."


def test_the_day_comes_after_the_names_of_the_boards(cast: Cast, other: Board) -> None:
    change = consolidation(cast.board, other, effective_on=dt.date(2019, 1, 1))
    assert "01/01/2019" in refused(cast, change)


def test_every_post_of_an_ending_board_needs_its_choice(cast: Cast, other: Board) -> None:
    change = with_everybody(consolidation(cast.board, other), except_of=other)
    assert refused(cast, replace(change, moves=change.moves[1:]), WrongMove).startswith("Chọn nơi")


def test_a_post_moves_once(cast: Cast, other: Board) -> None:
    change = with_everybody(consolidation(cast.board, other), except_of=other)
    refused(cast, replace(change, moves=(*change.moves, change.moves[0])), WrongMove)


def test_only_people_of_the_boards_that_go_in_move(cast: Cast, other: Board) -> None:
    change = with_everybody(consolidation(cast.board, other), except_of=other)
    stranger = Move(cast.an.person.posts.get(), "TSN", PostKind.OFFICER, "Chuyên viên")
    refused(cast, replace(change, moves=(*change.moves, stranger)), WrongMove)


@pytest.mark.parametrize(
    ("to", "kind", "title"),
    [("DLK", "officer", "Chuyên viên"), ("TSN", "observer", "Quan sát"), ("TSN", "officer", " ")],
)
def test_a_move_leads_to_a_post_that_can_be_held(
    cast: Cast, other: Board, to: str, kind: str, title: str
) -> None:
    change = with_everybody(consolidation(cast.board, other), except_of=other)
    [first, *rest] = change.moves
    refused(cast, replace(change, moves=(Move(first.post, to, kind, title), *rest)), WrongMove)


def test_two_people_do_not_lead_one_board(cast: Cast, other: Board) -> None:
    assert refused(cast, with_everybody(consolidation(cast.board, other)), WrongMove) == (
        "Ban Quản lý các Khu kinh tế Tây Sơn sẽ có hai người đứng đầu: "
        "một người phải kết thúc hoặc giữ chức vụ khác."
    )


def test_the_head_board_does_not_end_without_anybody_to_keep_the_year(
    cast: Cast, other: Board
) -> None:
    dissolved = with_everybody(Change(Kind.DISSOLUTION, DECISION, DAY, (cast.head,)))
    merged = with_everybody(consolidation(cast.head, other))
    everybody_ends = tuple(Move(move.post) for move in merged.moves)
    assert refused(cast, dissolved, WrongMove).startswith("Ban khối trưởng của năm kết thúc")
    assert refused(cast, replace(merged, moves=everybody_ends), WrongMove).startswith("Ban khối")


def test_a_post_that_begins_later_is_settled_first(cast: Cast, other: Board) -> None:
    late = make_user("muon")
    give_post(late, PostKind.OFFICER, board=other, starts_on=DAY)
    change = with_everybody(consolidation(cast.board, other), except_of=other)
    assert "ngày liền trước" in refused(cast, change, WrongMove)
