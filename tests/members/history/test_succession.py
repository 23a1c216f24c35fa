"""Recording a change of boards with all posts, and what follows from it."""

import datetime as dt
from dataclasses import replace

import pytest

from members.forms.years import places_of
from members.history import succession as history_succession
from members.history.changes import Change, Move, NewBoard, NewName
from members.models import AuditEntry, Board, Post, Succession, SuccessionParty
from members.models.blocs import Role
from members.models.people import PostKind
from members.queries import boards_open_to
from tests.mergers import (
    DAY,
    DECISION,
    NEW,
    NEW_NAME,
    consolidation,
    everything,
    fresh_year,
    go_on,
    merge,
    with_everybody,
)
from tests.people import Cast, fresh, join, make_board, make_leader

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


# --- What follows -------------------------------------------------------------------------------


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
