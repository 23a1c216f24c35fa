"""Obligations: what is due, from whom, by when. Every app reports them in this form."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise

from ..models import BlocYear, Membership, User
from ..models.people import SECRETARIAT_POSTS, SIGNING_POSTS, SPEAKING_POSTS, PostKind


class Audience(StrEnum):
    """Who has to act: a board's leader, a board, or the secretariat."""

    BOARD_LEADER = "board_leader"
    BOARD = "board"
    SECRETARIAT = "secretariat"


POSTS: dict[Audience, frozenset[PostKind]] = {
    Audience.BOARD_LEADER: SIGNING_POSTS,
    Audience.BOARD: SPEAKING_POSTS,
    Audience.SECRETARIAT: SECRETARIAT_POSTS,
}


@dataclass(frozen=True, kw_only=True)
class Obligation:
    """One thing that a board of a year, or its secretariat, has to do.

    `step` and `column` are key and heading of the column in the table of boards; `column` may be
    more general than `title`. `membership` is None if the secretariat has to act; `board_id` then
    is the board acting in place of an ended head board. `url` and `action` are page and button for
    those who may act, `page` is where others can look.
    """

    step: str
    title: str | Promise
    column: str | Promise = ""
    audience: Audience
    membership: Membership | None = None
    board_id: int | None = None
    due_on: dt.date | None = None
    done_on: dt.date | None = None
    note: str | Promise = ""
    url: str | Promise
    action: str | Promise
    page: str

    def __post_init__(self) -> None:
        if self.membership is not None and not self.column:
            raise ValueError(f"What boards owe needs a word for its column: {self.step}")

    @property
    def is_done(self) -> bool:
        return self.done_on is not None

    def days_late(self, today: dt.date) -> int:
        """Days since the due day; 0 if done, undated or not yet late."""
        if self.is_done or self.due_on is None:
            return 0
        return max((today - self.due_on).days, 0)

    def is_late(self, today: dt.date) -> bool:
        return self.days_late(today) > 0


def concerns(obligation: Obligation, user: User, year: BlocYear) -> bool:
    """Whether the user has any post in the board that has to act (for the secretariat: the head
    board).
    """
    return bool(_posts_in(_board_of(obligation, year), user))


def is_for(obligation: Obligation, user: User, year: BlocYear) -> bool:
    """Whether the user has a post that may act."""
    held = _posts_in(_board_of(obligation, year), user)
    return not held.isdisjoint(POSTS[obligation.audience])


def _board_of(obligation: Obligation, year: BlocYear) -> int | None:
    """The board that acts for the membership; for the secretariat, the head board."""
    if obligation.membership is not None:
        return obligation.membership.acting_board_id
    return obligation.board_id or year.head_board_id


def _posts_in(board_id: int | None, user: User) -> set[str]:
    if board_id is None:
        return set()
    return {post.kind for post in user.current_posts if post.board_id == board_id}
