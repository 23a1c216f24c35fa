"""A change of boards (merger, split, renaming, ...) as entered, and the checks before
recording it.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from emulation_bloc.lib.refusal import Refusal

from ..models import BlocYear, Board, BoardName, Post, Succession, SuccessionParty
from ..models.boards import name_among
from ..models.people import SECRETARIAT_POSTS, PostKind
from ..models.successions import ENDING
from ..queries import boards_open_to
from ..records.acts import ReasonMissing

Kind = Succession.Kind
SERVING = frozenset(PostKind.values) - {PostKind.OBSERVER}


class WrongParties(Refusal):
    """The boards do not fit the kind of change."""


class WrongMove(Refusal):
    """A post of an ending board has no decision, or an impossible one."""


@dataclass(frozen=True)
class NewName:
    """A board's name from the day of the change."""

    name: str
    short_name: str
    province: str
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True)
class NewBoard:
    """A board founded by the decision; its name may be that of an old board."""

    code: str
    called: NewName


@dataclass(frozen=True)
class Move:
    """What happens to a post: it continues in the board with the code `to`; if `to` is "", it ends
    on the day before the change.
    """

    post: Post
    to: str = ""
    kind: str = ""
    title: str = ""


@dataclass(frozen=True)
class Change:
    """A decision on boards: `parents` are affected, `children` and `founded` result from it.

    A board that is split and continues is in both. `renamed` is for renamings only.
    """

    kind: str
    document: str
    effective_on: dt.date
    parents: tuple[Board, ...]
    children: tuple[Board, ...] = ()
    founded: tuple[NewBoard, ...] = ()
    renamed: NewName | None = None
    moves: tuple[Move, ...] = ()
    note: str = ""

    @property
    def eve(self) -> dt.date:
        """The day before the change."""
        return self.effective_on - dt.timedelta(days=1)

    @property
    def ending(self) -> tuple[Board, ...]:
        """The boards that cease to exist on the day."""
        if self.kind not in ENDING:
            return ()
        return tuple(board for board in self.parents if board not in self.children)

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of the resulting boards, in which people may continue."""
        known = (board.code for board in self.children)
        return (*known, *(board.code for board in self.founded))


def name_before(board: Board, change: Change) -> str:
    """The board's name on the day before the change."""
    return name_among(board.names.all(), change.eve).name


def names_by_code(change: Change) -> dict[str, BoardName | NewName]:
    """Code -> name from the day of the change, for each resulting board."""
    known = {
        board.code: name_among(board.names.all(), change.effective_on) for board in change.children
    }
    return {**known, **{board.code: board.called for board in change.founded}}


# --- What is refused ----------------------------------------------------------------------------


def refuse_impossible(year: BlocYear, change: Change) -> None:
    """Raises a Refusal for anything that prevents recording the change."""
    refuse_wrong_boards(year, change)
    _refuse_wrong_moves(change)
    _refuse_year_without_secretariat(year, change)


def refuse_wrong_boards(year: BlocYear, change: Change) -> None:
    """The checks of decision, day and boards, before posts are decided."""
    if not change.document.strip():
        raise ReasonMissing(_("Name the decision on which this rests."))
    _refuse_wrong_parties(change)
    _refuse_boards_out_of_reach(year, change)
    _refuse_wrong_codes(change)
    _refuse_wrong_day(change)
    _refuse_double(change)


def _refuse_wrong_parties(change: Change) -> None:
    """Raises WrongParties if the number of boards does not fit the kind of change."""
    if change.kind not in Kind.values:
        raise WrongParties(_("Say what kind of change this is."))
    parents, after = len(change.parents), len(change.children) + len(change.founded)
    stay = len(change.parents) - len(change.ending)
    fits = {
        Kind.CONSOLIDATION: parents >= 2 and after == 1 and not stay,
        Kind.ABSORPTION: parents >= 1 and len(change.children) == after == 1 and not stay,
        Kind.SPLIT: parents == 1 and after >= 2,
        Kind.RENAME: parents == 1 and not after,
        Kind.SCOPE_TRANSFER: parents >= 1 and len(change.children) == after >= 1,
        Kind.DISSOLUTION: parents >= 1 and not after,
    }
    if set(change.parents) & set(change.children) and change.kind != Kind.SPLIT:
        raise WrongParties(_("A board cannot both go in and come out of this change."))
    if not fits[Kind(change.kind)]:
        raise WrongParties(needed(Kind(change.kind)))
    if (change.renamed is None) == (change.kind == Kind.RENAME):
        raise WrongParties(_("A new name belongs to a renaming, and a renaming needs one."))


def needed(kind: Succession.Kind) -> str:
    """The sentence that says which boards a kind of change needs."""
    sentences = {
        Kind.CONSOLIDATION: _("A consolidation makes one board out of two or more others."),
        Kind.ABSORPTION: _("In an absorption boards end in one board that exists already."),
        Kind.SPLIT: _("A split makes at least two boards out of one; it may be one of them."),
        Kind.RENAME: _("A renaming concerns one board and leads to no other."),
        Kind.SCOPE_TRANSFER: _("Zones pass from boards to boards that both exist already."),
        Kind.DISSOLUTION: _("A dissolved board ends and leads to no other."),
    }
    return sentences[kind]


def _refuse_boards_out_of_reach(year: BlocYear, change: Change) -> None:
    """Raises WrongParties unless parents act in this year and results may take part in the bloc."""
    boards = [*change.parents, *change.children]
    still_there = Board.objects.filter(pk__in=[board.pk for board in boards], dissolved_on=None)
    existing = set(still_there.values_list("pk", flat=True))
    if any(board.pk not in existing for board in boards):
        raise WrongParties(_("A board that no longer exists cannot change any more."))
    if any(board.pk not in year.roles for board in change.parents):
        raise WrongParties(_("Only boards that are members of this year can change here."))
    open_here = set(boards_open_to(year.bloc).values_list("pk", flat=True))
    if any(board.pk not in open_here for board in change.children):
        raise WrongParties(_("A board of another bloc cannot be taken in here."))


def _refuse_wrong_codes(change: Change) -> None:
    """Raises a Refusal for a code in use, WrongParties for a board given twice."""
    repeated = [code for code, times in Counter(change.codes).items() if times > 1]
    codes = [board.code for board in change.founded]
    taken = Board.objects.filter(code__in=codes).values_list("code", flat=True)
    if in_use := [*repeated, *taken]:
        raise Refusal(_("The code %(code)s is in use already.") % {"code": in_use[0]})
    if len(set(change.parents)) != len(change.parents):
        raise WrongParties(_("A board goes in only once."))


def _refuse_wrong_day(change: Change) -> None:
    """Raises a Refusal unless the day is after the first day of the boards' latest names."""
    latest = max(name.since for board in change.parents for name in board.names.all())
    if change.effective_on <= latest:
        raise Refusal(
            _("A board of this change bears its name since %(day)s only: the day must be later.")
            % {"day": latest.strftime("%d/%m/%Y")}
        )


def _refuse_double(change: Change) -> None:
    """Raises a Refusal if the same kind of change of these boards is recorded for the same day."""
    same = Succession.objects.filter(kind=change.kind, effective_on=change.effective_on)
    for board in change.parents:
        same = same.filter(parties__board=board, parties__side=SuccessionParty.Side.FROM)
    if same.exists():
        raise Refusal(_("This change is recorded already."))


def posts_to_place(change: Change) -> list[Post]:
    """The posts in ending boards that last until the day or longer; each needs a Move."""
    return _posts_lasting(change, change.ending)


def posts_free_to_stay(change: Change) -> list[Post]:
    """The posts in parents that continue to exist; a Move is optional for them."""
    going_on = [board for board in change.parents if board not in change.ending]
    return _posts_lasting(change, going_on if change.codes else [])


def _posts_lasting(change: Change, boards: Iterable[Board]) -> list[Post]:
    """The posts in the boards that have not ended before the day, by board and rank."""
    posts = Post.objects.filter(board__in=boards).exclude(ends_on__lt=change.effective_on)
    found = posts.select_related("person", "board").order_by("board__code", "starts_on", "pk")
    return sorted(found, key=lambda post: (post.board_id, post.rank))


def _refuse_wrong_moves(change: Change) -> None:
    """Raises WrongMove for a post without a decision, with two, or with an impossible one."""
    placed = [move.post.pk for move in change.moves]
    waiting = posts_to_place(change)
    left_out = [post for post in waiting if post.pk not in placed]
    if left_out:
        raise WrongMove(_("Say where %(post)s goes on, or that it ends.") % {"post": left_out[0]})
    if len(set(placed)) != len(placed):
        raise WrongMove(_("A post moves only once."))
    for move in change.moves:
        _refuse_wrong_move(move, change)
    _refuse_two_leaders(change)


def _refuse_wrong_move(move: Move, change: Change) -> None:
    """Raises WrongMove if the post is not in a parent, not held then, or its target is
    incomplete.
    """
    post = move.post
    if post.board_id not in [board.pk for board in change.parents]:
        raise WrongMove(_("%(post)s: only people of the boards that go in move.") % {"post": post})
    if not post.is_current(change.eve) or not post.lasts_to(change.effective_on):
        raise WrongMove(
            _("%(post)s: the post is not held on the eve of the day; end it first.")
            % {"post": post}
        )
    if move.to and move.to not in change.codes:
        raise WrongMove(_("%(post)s: choose a board that this change leads to.") % {"post": post})
    if move.to and (not move.title.strip() or move.kind not in SERVING):
        raise WrongMove(_("%(post)s: give the post as printed and its kind.") % {"post": post})


def _refuse_two_leaders(change: Change) -> None:
    """Raises WrongMove if a resulting board would have two leaders."""
    moving = {move.post.pk for move in change.moves}
    leading = Post.objects.current(change.effective_on).filter(
        board__in=change.children, kind=PostKind.LEADER
    )
    staying = leading.exclude(pk__in=moving).values_list("board__code", flat=True)
    arriving = [move.to for move in change.moves if move.to and move.kind == PostKind.LEADER]
    leaders = Counter([*staying, *arriving])
    crowded = [code for code in arriving if leaders[code] > 1]
    if crowded:
        raise WrongMove(
            _("Two people would lead %(board)s: one of them ends or takes another post.")
            % {"board": names_by_code(change)[crowded[0]].name}
        )


def _refuse_year_without_secretariat(year: BlocYear, change: Change) -> None:
    """Raises WrongMove if the head board ends and nobody of it moves on.

    Somebody must be left who can record how the year continues.
    """
    if year.head_board_id not in [board.pk for board in change.ending]:
        return
    if not any(move.to and move.kind in SECRETARIAT_POSTS for move in change.moves):
        raise WrongMove(
            _(
                "The head board of this year would end and nobody would be left to keep the year: "
                "let somebody go on, or have an administrator give the year another head first."
            )
        )
