"""Events of members on the timeline (names, heads, successions, decisions), and the picture."""

import datetime as dt
from collections.abc import Iterable, Sequence

from django.utils import timezone
from django.utils.translation import gettext as _

from ..models import Bloc, Board, Membership, Succession, SuccessionParty
from ..models.blocs import Role
from ..queries import Event, event_of
from .timeline import Lane, Link, Picture, TimelineEvent, TimelineEventKind, in_families, layout


def timeline_events(bloc: Bloc) -> list[TimelineEvent]:
    """All events of the bloc that members know of, unordered."""
    events = [event_of(one) for one in _successions_of(bloc)]
    return [*_of_years(bloc), *_of_names(bloc), *map(_of_succession, events), *_of_decisions(bloc)]


def _successions_of(bloc: Bloc) -> list[Succession]:
    """The successions with a date in which boards of the bloc took part."""
    boards = Board.objects.of_blocs([bloc.pk])
    found = Succession.objects.filter(parties__board__in=boards, effective_on__isnull=False)
    return list(found.distinct().prefetch_related("parties__board__names"))


def _of_years(bloc: Bloc) -> list[TimelineEvent]:
    """Head and deputy of each year, under their names of that year."""
    leading = Membership.objects.filter(bloc_year__bloc=bloc).exclude(role=Role.MEMBER)
    title = {Role.HEAD: bloc.head_title, Role.DEPUTY: bloc.deputy_title}
    return [
        TimelineEvent(
            on=dt.date(membership.bloc_year.year, 1, 1),
            kind=TimelineEventKind.HEAD,
            title=f"{title[Role(membership.role)]}: {membership.name.short_name}",
            boards=frozenset({membership.board_id}),
            is_dated=False,
        )
        for membership in leading.select_related("bloc_year", "name")
    ]


def _of_names(bloc: Bloc) -> list[TimelineEvent]:
    """Every name except each board's first."""
    boards = Board.objects.of_blocs([bloc.pk]).prefetch_related("names")
    return [
        TimelineEvent(
            on=name.since,
            kind=TimelineEventKind.NAME,
            title=_("%(old)s is called %(new)s")
            % {"old": before.short_name, "new": name.short_name},
            text=name.name,
            boards=frozenset({board.pk}),
        )
        for board in boards
        for before, name in zip(board.names.all(), list(board.names.all())[1:], strict=False)
    ]


def _of_succession(event: Event) -> TimelineEvent:
    """The event of a succession, with the names before and after."""
    succession = event.succession
    sides = ", ".join(event.before_short), ", ".join(event.after_short)
    return TimelineEvent(
        on=succession.effective_on or timezone.localdate(),
        kind=TimelineEventKind.SUCCESSION,
        title=f"{succession.get_kind_display()}: {' → '.join(filter(None, sides))}",
        text=succession.document,
        boards=frozenset(party.board_id for party in succession.parties.all()),
    )


def _of_decisions(bloc: Bloc) -> list[TimelineEvent]:
    """The decisions how years continue."""
    years = bloc.years.prefetch_related("continuations__succession__parties")
    return [
        TimelineEvent(
            on=made.decided_on,
            kind=TimelineEventKind.DECISION,
            title=_("The year %(year)d goes on: %(how)s")
            % {"year": year.year, "how": made.get_treatment_display()},
            text=made.document,
            boards=frozenset(party.board_id for party in made.succession.parties.all()),
        )
        for year in years
        for made in year.continuations.all()
    ]


# --- The picture --------------------------------------------------------------------------------


def lineage(board: Board, links: Iterable[Link]) -> set[int]:
    """Ids of the board, its predecessors and its successors."""
    links = list(links)
    return _followed(board.pk, [(link.target, link.source) for link in links]) | _followed(
        board.pk, [(link.source, link.target) for link in links]
    )


def _followed(start: int, steps: list[tuple[int, int]]) -> set[int]:
    """Every id that can be reached from `start` along the steps."""
    found, fresh = {start}, {start}
    while fresh:
        fresh = {there for here, there in steps if here in fresh} - found
        found |= fresh
    return found


def links_of(bloc: Bloc) -> list[Link]:
    """The links between boards of the bloc; renamings have none."""
    return [
        Link(source.board_id, target.board_id, succession.effective_on, succession.kind)
        for succession in _successions_of(bloc)
        for source in _side_of(succession, SuccessionParty.Side.FROM)
        for target in _side_of(succession, SuccessionParty.Side.TO)
        if succession.effective_on and source.board_id != target.board_id
    ]


def _side_of(succession: Succession, side: str) -> list[SuccessionParty]:
    """The parties on one side of the succession."""
    return [party for party in succession.parties.all() if party.side == side]


def _lanes_of(bloc: Bloc, links: list[Link]) -> list[Lane]:
    """A lane per board: in the order of the newest year's list, related boards together."""
    memberships = list(
        Membership.objects.filter(bloc_year__bloc=bloc)
        .select_related("bloc_year")
        .order_by("-bloc_year__year", "order")
    )
    boards = Board.objects.of_blocs([bloc.pk]).prefetch_related("names")
    by_pk = {board.pk: board for board in boards}
    listed = dict.fromkeys([*(one.board_id for one in memberships), *by_pk])
    return [
        _lane_of(by_pk[pk], [one for one in memberships if one.board_id == pk])
        for pk in in_families(list(listed), links)
    ]


def _lane_of(board: Board, memberships: list[Membership]) -> Lane:
    """The lane of a board with its names, and its years as head or deputy."""
    return Lane(
        board=board.pk,
        names=[(name.since, name.short_name) for name in board.names.all()],
        ends_on=board.dissolved_on,
        roles=[(m.bloc_year.year, m.role) for m in memberships if m.role != Role.MEMBER],
    )


def picture(
    bloc: Bloc, *, marks: Sequence[TimelineEvent] = (), board: Board | None = None
) -> Picture | None:
    """The timeline of a bloc, or of one board with predecessors and successors; None without any
    year.
    """
    years = list(bloc.years.values_list("year", flat=True))
    if not years:
        return None
    links, today = links_of(bloc), timezone.localdate()
    lanes = _lanes_of(bloc, links)
    if board is not None:
        family = lineage(board, links)
        lanes = [lane for lane in lanes if lane.board in family]
    years += [min(today.year, max(years) + 1), *(link.on.year for link in links)]
    return layout(lanes, links, marks, years=(min(years), max(years)), today=today)
