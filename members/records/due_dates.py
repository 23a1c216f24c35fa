"""What is due, from whom, by when: the words in which every app answers that question."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise

from ..models import BlocYear, Membership, User
from ..models.people import SECRETARIAT_POSTS, SIGNING_POSTS, SPEAKING_POSTS, PostKind


class Audience(StrEnum):
    """Who in a board, or which body, has to act."""

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

    `step` is the column of the matrix of boards and steps, and `column` the word that heads it:
    the title may name something of one board alone. `membership` is None when the
    secretariat owes it; `board_id` then names who acts in place of a head board that is gone.
    `url` and `action` are the page and the button of whoever may act;
    `page` is where everybody else looks.
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
        """Days since the due day; 0 when done, undated or not yet late."""
        if self.is_done or self.due_on is None:
            return 0
        return max((today - self.due_on).days, 0)

    def is_late(self, today: dt.date) -> bool:
        return self.days_late(today) > 0


def concerns(obligation: Obligation, user: User, year: BlocYear) -> bool:
    """Whether it is owed by the user's board, or by the secretariat and the user serves there."""
    return bool(_posts_in(_board_of(obligation, year), user))


def is_for(obligation: Obligation, user: User, year: BlocYear) -> bool:
    """Whether the user holds a post that may do it."""
    held = _posts_in(_board_of(obligation, year), user)
    return not held.isdisjoint(POSTS[obligation.audience])


def _board_of(obligation: Obligation, year: BlocYear) -> int | None:
    """The board that acts for a membership; for the secretariat the head board of the year."""
    if obligation.membership is not None:
        return obligation.membership.acting_board_id
    return obligation.board_id or year.head_board_id


def _posts_in(board_id: int | None, user: User) -> set[str]:
    if board_id is None:
        return set()
    return {post.kind for post in user.current_posts if post.board_id == board_id}
