"""Recording that boards merged, split, were renamed or ended, by a decision.

Every post of an ending board is placed explicitly. Tasks, seats and targets of an open year are not
passed on here; the bloc decides on them in `continuation`.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from ..models import BlocYear, Board, BoardName, Post, Succession, SuccessionParty, User
from ..permissions import require
from ..records import audit
from .changes import Change, Move, NewBoard, NewName, name_before, names_by_code, refuse_impossible

# --- What would happen --------------------------------------------------------------------------


@dataclass(frozen=True)
class PostLine:
    """A post that ends or begins, for display."""

    person: str
    title: str
    board: str
    day: dt.date


@dataclass(frozen=True)
class Preview:
    """What recording a change would write."""

    ended: list[str]
    into: list[str]
    founded: list[NewBoard]
    renamed: list[tuple[str, NewName]]
    posts_ended: list[PostLine]
    posts_begun: list[PostLine]
    years: list[BlocYear]


def preview(year: BlocYear, change: Change) -> Preview:
    """What `record_succession` would do. Writes nothing; raises what the act would raise."""
    refuse_impossible(year, change)
    going_on = [move for move in change.moves if move.to]
    names = names_by_code(change)
    return Preview(
        ended=[name_before(board, change) for board in change.ending],
        into=[names[board.code].name for board in change.children],
        founded=list(change.founded),
        renamed=[
            (name_before(board, change), change.renamed)
            for board in change.parents
            if change.renamed
        ],
        posts_ended=[_line_of_end(move, change) for move in change.moves],
        posts_begun=[
            PostLine(
                move.post.person.full_name, move.title, names[move.to].name, change.effective_on
            )
            for move in going_on
        ],
        years=_years_concerned(year, change),
    )


def _line_of_end(move: Move, change: Change) -> PostLine:
    """The post that a move ends, for display."""
    board = next(board for board in change.parents if board.pk == move.post.board_id)
    return PostLine(
        move.post.person.full_name, move.post.title, name_before(board, change), change.eve
    )


def _years_concerned(year: BlocYear, change: Change) -> list[BlocYear]:
    """The open years of the bloc in which an ending board acts; each will need a decision."""
    ending = {board.pk for board in change.ending}
    open_years = year.bloc.years.filter(closed_on=None).order_by("year")
    return [one for one in open_years if ending & set(one.roles)]


# --- The act ------------------------------------------------------------------------------------


@transaction.atomic
def record_succession(year: BlocYear, *, change: Change, actor: User) -> Succession:
    """Record a decision on boards of this year, and where each of their people continues.

    Writes one audit entry for all of it. Asks "members.manage_year"; raises WrongParties,
    WrongMove, Refusal.
    """
    require(actor, "members.manage_year", year)
    _lock_boards(change)
    refuse_impossible(year, change)
    boards = {board.code: board for board in change.children} | _found_boards(change)
    succession = Succession.objects.create(
        kind=change.kind,
        effective_on=change.effective_on,
        document=change.document.strip(),
        note=change.note.strip(),
    )
    _name_parties(succession, change, boards.values())
    _take_new_name(change)
    Board.objects.filter(pk__in=[board.pk for board in change.ending]).update(
        dissolved_on=change.effective_on
    )
    for move in change.moves:
        _apply_move(move, change, boards)
    audit.record(
        "members.succession_recorded",
        actor=actor,
        subject=succession,
        bloc=year.bloc,
        details=details_of(change),
    )
    return succession


def _lock_boards(change: Change) -> None:
    """Lock the boards, ordered by id to avoid deadlocks: one decision about a board at a time."""
    boards = {board.pk for board in (*change.parents, *change.children)}
    list(Board.objects.select_for_update().filter(pk__in=boards).order_by("pk"))


def _found_boards(change: Change) -> dict[str, Board]:
    """Create the founded boards; code -> board."""
    founded = {}
    for new in change.founded:
        founded[new.code] = Board.objects.create(code=new.code)
        _name_board(founded[new.code], new.called, change.effective_on)
    return founded


def _name_board(board: Board, called: NewName, since: dt.date) -> None:
    """Give the board a name from the day `since`."""
    BoardName.objects.create(
        board=board,
        since=since,
        name=called.name,
        short_name=called.short_name,
        province=called.province,
        kinds=list(called.kinds),
    )


def _name_parties(succession: Succession, change: Change, children: Iterable[Board]) -> None:
    """Record which boards the decision took from and led to; a renamed board is on both sides."""
    after = list(change.parents) if change.renamed else list(children)
    sides = [
        *((SuccessionParty.Side.FROM, board) for board in change.parents),
        *((SuccessionParty.Side.TO, board) for board in after),
    ]
    SuccessionParty.objects.bulk_create(
        SuccessionParty(succession=succession, side=side, board=board) for side, board in sides
    )


def _take_new_name(change: Change) -> None:
    """Give a renamed board its new name."""
    if change.renamed:
        _name_board(change.parents[0], change.renamed, change.effective_on)


def _apply_move(move: Move, change: Change, boards: dict[str, Board]) -> None:
    """End the post on the day before, and begin the new one if it moves."""
    Post.objects.filter(pk=move.post.pk).update(ends_on=change.eve)
    if move.to:
        Post.objects.create(
            person=move.post.person,
            board=boards[move.to],
            kind=move.kind,
            title=move.title.strip(),
            starts_on=change.effective_on,
        )


def details_of(change: Change) -> dict[str, object]:
    """The change as stored in the audit entry."""
    return {
        "kind": change.kind,
        "document": change.document,
        "effective_on": change.effective_on.isoformat(),
        "from": [board.code for board in change.parents],
        "to": list(change.codes),
        "ended": [board.code for board in change.ending],
        "moves": [[move.post.pk, move.to, move.kind, move.title] for move in change.moves],
    }
