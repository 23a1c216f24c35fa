"""Search in a bloc: boards by any of their names, people, papers."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from covenants.models import Paper
from emulation_bloc.lib.text import fold, sort_key
from members.models import BlocYear, Board, BoardName, Person, Succession, SuccessionParty, User
from members.queries import by_given_name, containing, names_of_side, people_of_bloc

MOST = 20


@dataclass(frozen=True)
class Group:
    """The first MOST hits of one kind, and how many there are."""

    hits: list[Any]
    total: int

    @property
    def more(self) -> int:
        return self.total - len(self.hits)


def _first_hits(hits: list[Any]) -> Group:
    """The first MOST of the hits."""
    return Group(hits=hits[:MOST], total=len(hits))


@dataclass(frozen=True)
class BoardHit:
    """A board under its latest name, with what distinguishes it from boards of the same name.

    `found_as` is the earlier name that matched, if the latest did not; `before` and `after` name
    the boards it came from and went into.
    """

    board: Board
    name: BoardName
    found_as: BoardName | None
    since: dt.date
    before: list[str]
    after: list[str]

    @property
    def last_day(self) -> dt.date | None:
        """The last day of a dissolved board."""
        gone = self.board.dissolved_on
        return gone - dt.timedelta(days=1) if gone else None


def find_boards(year: BlocYear, words: str) -> Group:
    """Boards that took part in the bloc and their successors, by any of their names or by code."""
    boards = Board.objects.of_blocs([year.bloc_id])
    boards = boards.filter(containing(words, "names__folded", "code")).distinct()
    shown = boards.prefetch_related("names", "successions__succession__parties__board__names")
    hits = [_board_hit(board, words) for board in shown]
    return _first_hits(sorted(hits, key=lambda hit: (sort_key(hit.name.short_name), hit.since)))


def _relatives(board: Board, side: str) -> list[str]:
    """ "name (code)" of the boards it resulted from (`side` TO) or ended in (FROM)."""
    sides = SuccessionParty.Side
    other = sides.FROM if side == sides.TO else sides.TO
    return [
        f"{name.short_name} ({name.board.code})"
        for party in board.successions.all()
        if party.side == side and party.succession.kind in Succession.PASSING_ON
        for name in names_of_side(party.succession, other)
        if name.board != board
    ]


def _board_hit(board: Board, words: str) -> BoardHit:
    names = sorted(board.names.all(), key=lambda name: name.since, reverse=True)
    holding = [
        name for name in names if _contains_words(f"{name.folded} {fold(board.code)}", words)
    ]
    found_as = holding[0] if holding and names[0] not in holding else None
    return BoardHit(
        board=board,
        name=names[0],
        found_as=found_as,
        since=names[-1].since,
        before=_relatives(board, SuccessionParty.Side.TO),
        after=_relatives(board, SuccessionParty.Side.FROM),
    )


def _contains_words(folded: str, words: str) -> bool:
    """Whether the folded text contains every word."""
    return all(word in folded for word in fold(words).split())


@dataclass(frozen=True)
class PersonHit:
    """A person and the titles of present posts."""

    person: Person
    posts: str


def find_people(year: BlocYear, words: str, user: User) -> Group:
    """People of the bloc that the user may see, by name or e-mail."""
    people = people_of_bloc(year, user).filter(containing(words, "folded"))
    people = people.prefetch_related("posts")
    hits = [PersonHit(person=person, posts=_posts_of(person)) for person in people]
    return _first_hits(sorted(hits, key=lambda hit: by_given_name(hit.person.full_name)))


def _posts_of(person: Person) -> str:
    held = [post.title for post in person.posts.all() if post.is_current()]
    return ", ".join(held)


def find_papers(year: BlocYear, words: str) -> Group:
    """Papers by title, theme, year and code; filtered in Python, as a bloc has few."""
    papers = Paper.objects.standing().filter(bloc_year__bloc=year.bloc)
    papers = papers.select_related("bloc_year__bloc")
    return _first_hits([paper for paper in papers if _contains_words(words_of(paper), words)])


def words_of(paper: Paper) -> str:
    """The searched text of a paper, folded."""
    return fold(f"{paper.title} {paper.theme} {paper.bloc_year.year} {paper.code or ''}")
