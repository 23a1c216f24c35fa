"""Recording a change of boards with all posts, completely or not at all."""

import datetime as dt
from dataclasses import replace

import pytest
from django.core.exceptions import PermissionDenied

from emulation_bloc.lib.refusal import Refusal
from members.forms import places_of
from members.history import succession as history_succession
from members.history.changes import Change, Move, NewBoard, NewName, WrongMove, WrongParties
from members.models import AuditEntry, Board, BoardName, Post, Succession, SuccessionParty
from members.models.blocs import Role
from members.models.people import PostKind
from members.queries import boards_open_to
from tests.members.pages import traces
from tests.mergers import (
    DAY,
    DECISION,
    NEW,
    NEW_NAME,
    consolidation,
    fresh_year,
    go_on,
    merge,
    with_everybody,
)
from tests.people import Cast, fresh, give_post, join, make_board, make_leader, make_user

Kind = Succession.Kind
EVE = DAY - dt.timedelta(days=1)


@pytest.fixture
def other(cast: Cast) -> Board:
    """A second member board, with a leader, so that there is something to merge."""
    board = make_board("GLA", province="Gia Lai")
    join(cast.year, board)
    make_leader(board, "giang")
    return board


def parties(succession: Succession, side: str) -> list[str]:
    found = SuccessionParty.objects.filter(succession=succession, side=side)
    return sorted(found.values_list("board__code", flat=True))


def everything() -> tuple[object, ...]:
    return (
        Board.objects.count(),
        BoardName.objects.count(),
        Succession.objects.count(),
        list(Post.objects.order_by("pk").values_list("pk", "board", "ends_on")),
        list(Board.objects.order_by("pk").values_list("dissolved_on", flat=True)),
        traces(),
    )


def refused(cast: Cast, change: Change, error: type[Exception] = Refusal) -> str:
    before = everything()
    with pytest.raises(error) as caught:
        merge(cast.year, change, actor=cast.chi)
    assert everything() == before
    return str(caught.value)


# --- What is recorded ---------------------------------------------------------------------------


def test_a_consolidation_ends_its_boards_and_founds_a_new_one(cast: Cast, other: Board) -> None:
    change = with_everybody(consolidation(cast.board, other), except_of=other)

    made = merge(cast.year, change, actor=cast.chi)

    new = Board.objects.get(code="TSN")
    assert (made.kind, made.document, made.effective_on) == (Kind.CONSOLIDATION, DECISION, DAY)
    assert (parties(made, "from"), parties(made, "to")) == (["BDI", "GLA"], ["TSN"])
    assert Board.objects.get(pk=other.pk).dissolved_on == DAY
    assert Board.objects.get(pk=cast.board.pk).dissolved_on == DAY
    assert new.names.get().name == NEW_NAME.name
    assert (new.names.get().since, new.dissolved_on) == (DAY, None)


def test_people_go_where_it_was_chosen_and_others_end_the_day_before(
    cast: Cast, other: Board
) -> None:
    binh, em = cast.binh.person.posts.get(), cast.em.person.posts.get()
    giang = other.posts.get()
    moves = (
        Move(binh, "TSN", PostKind.LEADER, "Trưởng ban"),
        Move(giang, "TSN", PostKind.DEPUTY_LEADER, "Phó Trưởng ban"),
        Move(em),
    )

    merge(cast.year, consolidation(cast.board, other, moves=moves), actor=cast.chi)

    new = Board.objects.get(code="TSN")
    begun = new.posts.order_by("pk").values_list("person", "kind", "title", "starts_on", "ends_on")
    assert list(begun) == [
        (binh.person_id, "leader", "Trưởng ban", DAY, None),
        (giang.person_id, "deputy_leader", "Phó Trưởng ban", DAY, None),
    ]
    ended = Post.objects.filter(pk__in=[binh.pk, em.pk, giang.pk]).values_list("ends_on", flat=True)
    assert list(ended) == [EVE, EVE, EVE]
    assert fresh(cast.em).current_posts == []


def test_one_entry_of_the_audit_chain_tells_all_of_it(cast: Cast, other: Board) -> None:
    before = AuditEntry.objects.count()
    merge(cast.year, with_everybody(consolidation(cast.board, other), except_of=other),
          actor=cast.chi)  # fmt: skip

    assert AuditEntry.objects.count() == before + 1
    entry = AuditEntry.objects.latest("number")
    assert (entry.act, entry.actor, entry.bloc) == (
        "members.succession_recorded",
        cast.chi,
        cast.bloc,
    )
    assert (entry.details["from"], entry.details["to"]) == (["BDI", "GLA"], ["TSN"])


def test_a_new_board_may_bear_the_name_of_an_old_one(cast: Cast, other: Board) -> None:
    same = NewBoard("BDI2", NewName(cast.board.names.get().name, "BQL KKT Bình Định", "Gia Lai"))
    change = consolidation(cast.board, other, founded=(same,))
    merge(cast.year, with_everybody(change, except_of=other), actor=cast.chi)

    assert Board.objects.filter(names__short_name="BQL KKT Bình Định").count() == 2


def test_an_absorbed_board_ends_in_one_that_goes_on(cast: Cast, other: Board) -> None:
    change = Change(Kind.ABSORPTION, DECISION, DAY, (other,), (cast.board,))
    moves = (Move(other.posts.get(), "BDI", PostKind.DEPUTY_LEADER, "Phó Trưởng ban"),)

    merge(cast.year, replace(change, moves=moves), actor=cast.chi)

    assert Board.objects.get(pk=cast.board.pk).dissolved_on is None
    assert Board.objects.get(pk=other.pk).dissolved_on == DAY
    assert cast.board.posts.current(DAY).count() == 3


def test_a_split_board_may_go_on_as_one_of_its_parts(cast: Cast) -> None:
    change = Change(Kind.SPLIT, DECISION, DAY, (cast.board,), (cast.board,), (NEW,))
    em = cast.em.person.posts.get()

    merge(
        cast.year,
        replace(change, moves=(Move(em, "TSN", PostKind.LEADER, "Trưởng ban"),)),
        actor=cast.chi,
    )

    assert Board.objects.get(pk=cast.board.pk).dissolved_on is None
    assert [post.person for post in cast.board.posts.current(DAY)] == [cast.binh.person]


def test_a_renaming_adds_a_name_and_keeps_the_old_one(cast: Cast) -> None:
    merge(
        cast.year,
        Change(Kind.RENAME, DECISION, DAY, (cast.board,), renamed=NEW_NAME),
        actor=cast.chi,
    )

    names = cast.board.names.values_list("since", "short_name")
    assert list(names) == [
        (dt.date(2019, 1, 1), "BQL KKT Bình Định"),
        (DAY, "BQL các KKT Tây Sơn"),
    ]
    assert cast.year.memberships.get(board=cast.board).name.short_name == "BQL KKT Bình Định"


def test_zones_pass_between_boards_that_both_go_on(cast: Cast) -> None:
    change = Change(Kind.SCOPE_TRANSFER, DECISION, DAY, (cast.board,), (cast.head,))
    made = merge(cast.year, change, actor=cast.chi)

    assert (parties(made, "from"), parties(made, "to")) == (["BDI"], ["DLK"])
    assert (
        Board.objects.filter(dissolved_on=None, pk__in=[cast.board.pk, cast.head.pk]).count() == 2
    )


def test_a_dissolved_board_ends_and_its_people_with_it(cast: Cast, other: Board) -> None:
    change = with_everybody(Change(Kind.DISSOLUTION, DECISION, DAY, (other,)))
    merge(cast.year, change, actor=cast.chi)

    assert other.posts.current(DAY).count() == 0
    assert Board.objects.get(pk=other.pk).dissolved_on == DAY


# --- The preview --------------------------------------------------------------------------------


def test_a_preview_tells_exactly_what_then_happens(cast: Cast, other: Board) -> None:
    change = with_everybody(consolidation(cast.board, other), except_of=other)

    shown = history_succession.preview(cast.year, change)
    merge(cast.year, change, actor=cast.chi)

    new = Board.objects.get(code="TSN")
    assert shown.ended == [cast.board.names.get().name, other.names.get().name]
    assert [board.code for board in shown.founded] == ["TSN"]
    assert [line.person for line in shown.posts_begun] == [
        post.person.full_name for post in new.posts.order_by("pk")
    ]
    assert {line.day for line in shown.posts_ended} == {EVE}
    assert shown.years == [cast.year]


def test_a_preview_changes_nothing(cast: Cast, other: Board) -> None:
    change = with_everybody(consolidation(cast.board, other), except_of=other)
    before = everything()
    history_succession.preview(cast.year, change)
    assert everything() == before


# --- What is refused ----------------------------------------------------------------------------


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


def test_the_people_of_the_new_board_read_the_old_years_and_nothing_more(
    cast: Cast, other: Board
) -> None:
    """Reading follows the decision on the boards; acting follows the bloc's own decision."""
    merge(cast.year, with_everybody(consolidation(cast.board, other), except_of=other),
          actor=cast.chi)  # fmt: skip
    binh = fresh(cast.binh)
    year = type(cast.year).objects.visible_to(binh).get()
    assert year == cast.year
    assert Board.objects.get(code="TSN").pk not in year.roles
    assert not binh.has_perm("members.be_secretariat", year)


def test_who_ended_reads_nothing_any_more(cast: Cast, other: Board) -> None:
    giang = type(cast.an).objects.get(username="giang")
    merge(cast.year, with_everybody(consolidation(cast.board, other), except_of=other),
          actor=cast.chi)  # fmt: skip
    assert list(type(cast.year).objects.visible_to(fresh(giang))) == []


def test_a_new_board_is_not_free_for_another_bloc(cast: Cast, other: Board) -> None:
    merge(cast.year, with_everybody(consolidation(cast.board, other), except_of=other),
          actor=cast.chi)  # fmt: skip
    new = Board.objects.get(code="TSN")
    assert new in boards_open_to(cast.bloc)
    assert new not in boards_open_to(cast.foreign_year.bloc)


def test_the_next_year_starts_from_the_boards_that_act(cast: Cast, other: Board) -> None:
    made = merge(cast.year, with_everybody(consolidation(cast.board, other), except_of=other),
                 actor=cast.chi)  # fmt: skip
    go_on(cast.year, made, actor=cast.chi)
    places = [(place["board"], place["role"]) for place in places_of(fresh_year(cast.year))]
    new = Board.objects.get(code="TSN")
    assert places == [(cast.head.pk, Role.HEAD), (new.pk, Role.MEMBER)]
