"""Who is told of an act: the people who hold certain posts today.

Every function returns each person once, in the order of their names, with or without an address:
`outbox.queue` passes over those without one. Posts are those of today, whatever the year; boards
are those that act in the year, in place of boards that merged (`BlocYear.roles`).
"""

from collections.abc import Collection, Iterable, Mapping

from django.db.models import Q

from ..models import BlocYear, Person, Post
from ..models.people import SECRETARIAT_POSTS, SIGNING_POSTS, SPEAKING_POSTS


def leaders_of(boards: Iterable[int]) -> list[Person]:
    """The leaders and deputy leaders of these boards (ids): who signs and votes for them."""
    return _holders(Q(board__in=set(boards), kind__in=SIGNING_POSTS))


def leaders_and_officers_of(board: int) -> list[Person]:
    """The leaders, deputy leaders and contact officers of a board (id): who speaks for it."""
    return _holders(Q(board=board, kind__in=SPEAKING_POSTS))


def secretariat_of(year: BlocYear) -> list[Person]:
    """The leaders and officers of the year's head board; nobody while the year has no head."""
    return _holders(Q(board=year.head_board_id, kind__in=SECRETARIAT_POSTS))


def people_of_members(year: BlocYear) -> list[Person]:
    """Everyone with a post, whatever its kind, in a board that acts in the year."""
    return _holders(Q(board__in=set(year.roles)))


def people_in_posts(kinds: Mapping[int, Collection[str]]) -> list[Person]:
    """Whoever holds in one of these boards a post of one of the kinds named for that board.

    `kinds` maps the id of a board to values of PostKind.
    """
    posts = Q(pk__in=[])
    for board, of_board in kinds.items():
        posts |= Q(board=board, kind__in=of_board)
    return _holders(posts)


def _holders(posts: Q) -> list[Person]:
    held = Post.objects.current().filter(posts)
    return list(Person.objects.filter(pk__in=held.values("person")))
