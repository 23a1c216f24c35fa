"""The timeline page: events of all apps, as a picture and as a list."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

import covenants.timeline_events
import members.history.timeline_events
from members.history.timeline import TimelineEvent, TimelineEventKind
from members.models import Bloc, Board
from members.pages.guards import Visit, enter_year

# Apps with events; each has `timeline_events(bloc)`.
TELLING = (members.history.timeline_events, covenants.timeline_events)
PAPERS = frozenset({TimelineEventKind.PAPER, TimelineEventKind.COMPLETE})


@dataclass(frozen=True)
class YearOfMoments:
    """The events of one year."""

    year: int
    moments: list[TimelineEvent]


@require_safe
def timeline(request: Visit, bloc: str, year: int) -> HttpResponse:
    """The timeline of the bloc, or with `?ban=` of a board with predecessors and successors."""
    bloc_year = enter_year(request, bloc, year)
    board = _board_asked_for(request, bloc_year.bloc)
    found = _timeline_events(bloc_year.bloc, board)
    papers = [moment for moment in found if moment.kind in PAPERS]
    context = {
        "section": "members",
        "board": board,
        "name": board.names.latest("since") if board else None,
        "years": _by_year(found),
        "picture": members.history.timeline_events.picture(
            bloc_year.bloc, marks=papers, board=board
        ),
    }
    return render(request, "timeline.html", context)


def _board_asked_for(request: Visit, bloc: Bloc) -> Board | None:
    code = request.GET.get("ban")
    boards = Board.objects.of_blocs([bloc.pk])
    return get_object_or_404(boards, code=code) if code else None


def _timeline_events(bloc: Bloc, board: Board | None) -> list[TimelineEvent]:
    """The events of all apps, oldest first; for a board those of its predecessors and successors
    too.
    """
    found = [moment for app in TELLING for moment in app.timeline_events(bloc)]
    if board is not None:
        family = members.history.timeline_events.lineage(
            board, members.history.timeline_events.links_of(bloc)
        )
        found = [moment for moment in found if moment.boards & family]
    return sorted(found, key=lambda moment: (moment.on, moment.is_dated, moment.title))


def _by_year(found: Iterable[TimelineEvent]) -> list[YearOfMoments]:
    """The events by year, newest year first, in their order within a year."""
    years: dict[int, list[TimelineEvent]] = {}
    for moment in found:
        years.setdefault(moment.on.year, []).append(moment)
    return [YearOfMoments(year, years[year]) for year in sorted(years, reverse=True)]
