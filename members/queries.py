"""Queries for the pages of members: boards, people, years."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils import timezone

from emulation_bloc.lib.text import fold, sort_key

from .mergers import CarriedOn, carried_on
from .models import (
    Bloc,
    BlocYear,
    Board,
    BoardName,
    Continuation,
    Membership,
    Person,
    Post,
    Succession,
    User,
    YearStep,
)
from .models.blocs import Role
from .models.boards import name_among
from .models.people import PostKind


def containing(words: str, *fields: str) -> Q:
    """A condition: every word is contained in one of the fields. Words are folded; fields must be
    folded text or codes.
    """
    condition = Q()
    for word in fold(words).split():
        any_field = Q()
        for name in fields:
            any_field |= Q(**{f"{name}__icontains": word})
        condition &= any_field
    return condition


def day_of(year: BlocYear) -> dt.date:
    """The day for which a year's posts are shown: today, or 31 December of a past year."""
    return min(timezone.localdate(), dt.date(year.year, 12, 31))


# --- Boards -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class BoardRow:
    """A board in the list of a year, under its name of that year.

    `other_name` is the other name that the search matched, `carried_on_by` the board that acts for
    it.
    """

    membership: Membership
    leader: Post | None
    officer: Post | None
    other_name: str = ""
    carried_on_by: str = ""
    left_by: Continuation | None = None

    @property
    def name(self) -> BoardName:
        return self.membership.name


SORTS = {
    "order": lambda row: row.membership.order,
    "name": lambda row: sort_key(row.name.name),
    "province": lambda row: (sort_key(row.name.province), sort_key(row.name.name)),
    "role": lambda row: (list(Role.values).index(row.membership.role), row.membership.order),
}


def boards_of_year(
    year: BlocYear, *, words: str = "", kind: str = "", sort: str = "order"
) -> list[BoardRow]:
    """The boards of a year with a name, of any year, that contains the words."""
    memberships = (
        year.memberships.select_related("name", "board", "carried_on_by", "left_by__succession")
        .prefetch_related("board__names", *_posts_shown_in(year))
        .filter(pk__in=year.memberships.filter(containing(words, "board__names__folded")))
    )
    carried = carried_on(year)
    rows = [
        _board_row(membership, words, carried.get(membership.pk))
        for membership in memberships
        if not kind or kind in membership.name.kinds
    ]
    return sorted(rows, key=SORTS[sort])


def _posts_shown_in(year: BlocYear) -> list[Prefetch]:
    posts = Post.objects.current(day_of(year)).filter(kind__in=[PostKind.LEADER, PostKind.OFFICER])
    shown = posts.select_related("person").order_by("starts_on")
    return [
        Prefetch(f"{board}__posts", shown, to_attr="shown") for board in ("board", "carried_on_by")
    ]


def _board_row(membership: Membership, words: str, carried: CarriedOn | None) -> BoardRow:
    shown: list[Post] = membership.acting_board.shown
    held = {post.kind: post for post in shown}
    return BoardRow(
        membership=membership,
        leader=held.get(PostKind.LEADER),
        officer=held.get(PostKind.OFFICER),
        other_name=_name_that_was_meant(membership, words),
        carried_on_by=carried.name.short_name if carried else "",
        left_by=membership.left_by,
    )


def _name_that_was_meant(membership: Membership, words: str) -> str:
    """The board's other name that the search matched; "" if this year's name did."""
    searched = fold(words).split()
    if all(word in membership.name.folded for word in searched):
        return ""
    names = membership.board.names.all()
    found = (name.name for name in names if any(word in name.folded for word in searched))
    return next(found, "")


@dataclass(frozen=True)
class Event:
    """A succession with the names of the boards before and after it."""

    succession: Succession
    before: list[str]
    after: list[str]
    before_short: list[str]
    after_short: list[str]


def _history_of(board: Board) -> list[Event]:
    """The successions in which a board took part, oldest first."""
    successions = Succession.objects.filter(parties__board=board).distinct()
    return [event_of(one) for one in successions.prefetch_related("parties__board__names")]


def event_of(succession: Succession) -> Event:
    """The succession with its names; prefetch parties__board__names."""
    before, after = names_of_side(succession, "from"), names_of_side(succession, "to")
    return Event(
        succession=succession,
        before=[name.name for name in before],
        after=[name.name for name in after],
        before_short=[name.short_name for name in before],
        after_short=[name.short_name for name in after],
    )


def names_of_side(succession: Succession, side: str) -> list[BoardName]:
    """The names before the change (of the day before) or after it (of the day itself)."""
    day = succession.effective_on or timezone.localdate()
    shown = day - dt.timedelta(days=1) if side == "from" else day
    boards = [party.board for party in succession.parties.all() if party.side == side]
    return [name_among(board.names.all(), shown) for board in boards]


@dataclass(frozen=True)
class BoardPage:
    """The content of a board's page."""

    name: BoardName
    membership: Membership | None
    names: list[BoardName]
    events: list[Event]
    posts: list[Post]
    former_posts: list[Post]
    memberships: list[Membership]


def board_page(board: Board, year: BlocYear, user: User) -> BoardPage:
    """The content of a board's page, limited to what the user may see."""
    memberships = list(
        Membership.objects.visible_to(user)
        .filter(board=board)
        .select_related("bloc_year__bloc", "name")
        .order_by("-bloc_year__year")
    )
    names = list(board.names.all())
    here = next((m for m in memberships if m.bloc_year_id == year.pk), None)
    posts = list(board.posts.select_related("person"))
    return BoardPage(
        name=here.name if here else name_among(names, timezone.localdate()),
        membership=here,
        names=names,
        events=_history_of(board),
        posts=in_order([post for post in posts if post.is_current()]),
        former_posts=[post for post in posts if not post.is_current()],
        memberships=memberships,
    )


def in_order(posts: Iterable[Post]) -> list[Post]:
    """The posts by rank: leaders, deputies, officers, accountant, cashier."""
    return sorted(posts, key=lambda post: post.rank)


def boards_open_to(bloc: Bloc) -> QuerySet[Board]:
    """Boards that may take part in a year of this bloc: its own, their successors, and boards of no
    bloc.

    Boards of another bloc are excluded: their people would be shown here, and this secretariat
    could appoint their leaders. Dissolved boards and boards without a name are excluded too.
    """
    mine = Q(pk__in=Board.objects.of_blocs([bloc.pk]))
    free = Q(memberships__isnull=True, carried_on__isnull=True, successions__isnull=True)
    named = Board.objects.filter(names__isnull=False, dissolved_on=None)
    return named.filter(mine | free).distinct().prefetch_related("names")


# --- People -------------------------------------------------------------------------------------


def posts_of_bloc(year: BlocYear, user: User) -> QuerySet[Post]:
    """Posts in the year's boards and of the bloc's observers, with related rows."""
    here = Q(board__in=year.boards) | Q(bloc=year.bloc)
    return _with_places(Post.objects.visible_to(user).filter(here))


def _with_places(posts: QuerySet[Post]) -> QuerySet[Post]:
    return posts.select_related("person", "board", "bloc").prefetch_related("board__names")


@dataclass(frozen=True)
class PostRow:
    """A post in a list. `place` is the name of the board, or of the bloc observed; `kind` is "" if
    it equals the printed title.
    """

    post: Post
    place: str
    kind: str


def post_rows(year: BlocYear, posts: Iterable[Post]) -> list[PostRow]:
    """A row per post, in the same order; boards under their names of the year."""
    names = board_names(year)
    kinds = {value: str(label) for value, label in PostKind.choices}
    return [
        PostRow(
            post=post,
            place=_place_of(post, names),
            kind="" if kinds[post.kind] == post.title else kinds[post.kind],
        )
        for post in posts
    ]


def _place_of(post: Post, names: dict[int, BoardName]) -> str:
    if post.board is None:
        return str(post.bloc)
    name = names.get(post.board.pk) or name_among(post.board.names.all(), timezone.localdate())
    return name.short_name


def by_given_name(full_name: str) -> tuple[str, str]:
    """Sort key of a person: by given name (the last word), then by the whole name.

    A remark in brackets is ignored: “Lê Thị Chi (mẫu)”.
    """
    bare = full_name.partition("(")[0].strip()
    return sort_key(bare.rpartition(" ")[2]), sort_key(bare)


def people_of_bloc(year: BlocYear, user: User) -> QuerySet[Person]:
    """People with a present or past post in a board of this bloc or one of its successors, and
    observers.
    """
    boards = Board.objects.of_blocs([year.bloc_id])
    posts = Post.objects.filter(Q(board__in=boards) | Q(bloc=year.bloc))
    return Person.objects.visible_to(user).filter(pk__in=posts.values("person"))


def posts_of_person(person: Person, user: User) -> list[Post]:
    """The person's posts that the user may see; present posts first, then the latest."""
    posts = _with_places(person.posts.visible_to(user))
    return sorted(posts, key=lambda post: (not post.is_current(), -post.starts_on.toordinal()))


def board_names(year: BlocYear) -> dict[int, BoardName]:
    """Board id -> name in the year, in the year's order; then boards that carry on for others."""
    listed = {
        membership.board_id: membership.name
        for membership in year.memberships.select_related("name")
    }
    carrying = {one.membership.acting_board_id: one.name for one in carried_on(year).values()}
    return listed | {board: name for board, name in carrying.items() if board not in listed}


# --- Years --------------------------------------------------------------------------------------


def year_in_progress(user: User) -> BlocYear | None:
    """The year that the home page opens: the newest visible one that has begun.

    A year has begun by the calendar or by its first step. A year opened in advance is skipped, so
    that it does not hide what is still due.
    """
    today = timezone.localdate()
    years = BlocYear.objects.visible_to(user).select_related("bloc").order_by("-year")
    under_way = YearStep.objects.filter(starts_on__lte=today).values("bloc_year")
    begun = years.filter(Q(year__lte=today.year) | Q(pk__in=under_way))
    return begun.first() or years.last()


@dataclass(frozen=True)
class YearRow:
    """A year in the list of years."""

    year: BlocYear
    head: Membership | None
    deputy: Membership | None
    members: int


def years_of_bloc(bloc: Bloc) -> list[YearRow]:
    """The years of a bloc, newest first, with head, deputy and number of members."""
    leading = Membership.objects.exclude(role=Role.MEMBER).select_related("name")
    years = bloc.years.annotate(members=Count("memberships")).prefetch_related(
        Prefetch("memberships", leading, to_attr="leading")
    )
    return [_year_row(year) for year in years.order_by("-year")]


def _year_row(year: BlocYear) -> YearRow:
    leading: list[Membership] = year.leading  # type: ignore[attr-defined]
    held = {membership.role: membership for membership in leading}
    return YearRow(
        year=year,
        head=held.get(Role.HEAD),
        deputy=held.get(Role.DEPUTY),
        members=year.members,  # type: ignore[attr-defined]
    )
