"""Ties, and the rulings of a ballot or of the head on them."""

from collections.abc import Iterable
from dataclasses import replace

from django.db.models import Prefetch

from .. import computing
from ..models import Scoring, Sheet, TiePlace, TieRuling
from ..models.appraisal import Column
from ..sheets.boards import board_sheets, compute_year


def tied(scoring: Scoring, *, with_rulings: bool = True) -> list[list[Sheet]]:
    """The sheets of boards that share a rank, one list per tie. With `with_rulings=False`, boards
    separated only by a ruling are tied as well."""
    column = Column.AGREED if scoring.agreed_on else Column.APPRAISED
    boards = board_sheets(scoring)
    sheets = {board.sheet.membership_id: board.sheet for board in boards}
    if not with_rulings:
        boards = [replace(board, rulings={}, about={}) for board in boards]
    by_rank: dict[int, list[Sheet]] = {}
    for one in compute_year(scoring, column, boards).boards:
        if one.rank is not None:
            by_rank.setdefault(one.rank, []).append(sheets[one.board])
    return [group for group in by_rank.values() if len(group) > 1]


def rulings_of(scoring: Scoring) -> list[TieRuling]:
    """The rulings of the year in the order of recording, with their boards by place."""
    places = TiePlace.objects.select_related("sheet__membership__name").order_by("place")
    return list(scoring.rulings.prefetch_related(Prefetch("places", places)))


def applies(ruling: TieRuling, year: computing.YearResult) -> bool:
    """True while exactly the boards of the ruling are tied, so that it decides their ranks."""
    first, *others = [place.sheet.membership_id for place in ruling.places.all()]
    told_apart_by = {tie.other: tie.by for tie in year.of_board(first).ties}
    return bool(others) and all(told_apart_by.get(one) == ruling.by for one in others)


def lapsed(rulings: Iterable[TieRuling], year: computing.YearResult) -> list[TieRuling]:
    """The rulings that decide nothing any more, because other boards are tied now."""
    return [one for one in rulings if not applies(one, year)]
