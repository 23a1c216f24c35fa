"""A board compared with the median of its bloc, boards by criterion, and year with year."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import median
from typing import Any

from django.db.models import Max

from members.models import Membership

from .. import computing
from ..models import Criterion, Result
from ..models.sheets import ScoringState
from .standings import Standings, is_incomplete

# With more axes than these a radar cannot be read.
MOST_AXES = 12
HUNDRED = Decimal(100)
HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True)
class Axis:
    """One axis of the radar, or row of the heat map: a criterion, or all criteria of a group."""

    label: str
    criteria: tuple[Criterion, ...]


def axes(standings: Standings) -> list[Axis]:
    """The axes of the radar: the top groups; the groups with most points are replaced by their
    criteria as long as there are not more than MOST_AXES."""
    chosen = [whole(standings, group.pk) for group in standings.main_groups]
    chosen = [axis for axis in chosen if axis.criteria]
    for axis in sorted(chosen, key=_weight, reverse=True):
        parts = [Axis(f"{one.code} {one.title}", (one,)) for one in axis.criteria]
        if len(chosen) - 1 + len(parts) <= MOST_AXES:
            place = chosen.index(axis)
            chosen[place : place + 1] = parts
    return chosen


def _bonus_groups(standings: Standings) -> set[int]:
    """The ids of bonus groups, and of all groups inside them."""
    found: set[int] = set()
    for group in standings.groups:
        if group.is_bonus or group.parent_id in found:
            found.add(group.pk)
    return found


def whole(standings: Standings, pk: int) -> Axis:
    """The axis of a group, with all criteria in it, at any depth, that have standard points."""
    group = next(one for one in standings.groups if one.pk == pk)
    inside = {pk}
    for one in standings.groups:
        if one.parent_id in inside and not one.is_bonus:
            inside.add(one.pk)
    criteria = [one for one in standings.criteria if one.group_id in inside and one.max_points]
    return Axis(f"{group.code} {group.title}", tuple(criteria))


def _weight(axis: Axis) -> Decimal:
    return sum((one.max_points for one in axis.criteria), Decimal(0))


def percent(standings: Standings, axis: Axis, board: int) -> Decimal | None:
    """A board's standard points in percent of those it could reach, with two decimals. Criteria
    that are not assigned, not comparable or not yet appraised are left out; None if nothing
    remains."""
    sheet, result = standings.sheets[board], standings.year.of_board(board)
    is_waiting = is_incomplete(standings.boards[board].sheet)
    counted = [
        one
        for one in axis.criteria
        if one.code not in sheet.not_assigned and not standings.needs_other_boards(one)
        if not (is_waiting and result.lines[one.code].fact.actual is None)
    ]
    most = sum((one.max_points for one in counted), Decimal(0))
    if not most:
        return None
    reached = sum((result.lines[one.code].standard for one in counted), Decimal(0))
    return (reached * HUNDRED / most).quantize(HUNDREDTH)


def middle(percents: Iterable[Decimal | None]) -> Decimal | None:
    """The median of the percents that are not None, with two decimals; None if there are none."""
    known = [one for one in percents if one is not None]
    return Decimal(median(known)).quantize(HUNDREDTH) if known else None


def middle_of_boards(standings: Standings, axis: Axis) -> Decimal | None:
    """The median of all boards on an axis."""
    return middle(percent(standings, axis, board) for board in standings.boards)


def by_criterion(standings: Standings) -> list[Axis]:
    """An axis for every criterion with standard points: the rows of the heat map."""
    bonus = _bonus_groups(standings)
    return [
        Axis(f"{one.code} {one.title}", (one,))
        for one in standings.criteria
        if one.max_points and one.group_id not in bonus
    ]


def short_names(standings: Standings) -> list[str]:
    """Names for narrow columns: the provinces if every board has another one, else the short
    names."""
    members = [board.sheet.membership for board in standings.boards.values()]
    provinces = [member.name.province for member in members]
    if all(provinces) and len(set(provinces)) == len(provinces):
        return provinces
    return [member.name.short_name for member in members]


# --- Years side by side ---------------------------------------------------------------------------


@dataclass(frozen=True)
class YearOfBoard:
    """A board's published year: its percent of the points it could reach, the median of all boards,
    and its rank among the `boards` that have one. Percents are comparable across years, though
    scales and members differ."""

    year: int
    percent: Decimal
    middle: Decimal
    rank: int | None
    boards: int
    grade: str


def years_of(standings: Standings, membership: Membership) -> list[YearOfBoard]:
    """The published years of the board from stored results, then this year from `standings`. Three
    queries for any number of years."""
    this = standings.scoring.bloc_year
    own = Membership.objects.filter(
        board=membership.board_id, bloc_year__bloc=this.bloc_id, bloc_year__year__lt=this.year
    )
    places = dict(own.values_list("bloc_year__year", "pk"))
    found = [
        _of_year(year, outcome, places[year])
        for year, outcome in _outcomes(this.bloc_id, before=this.year)
        if year in places
    ]
    now = [_of_result(one) for one in standings.year.boards]
    return [*(one for one in found if one), *_of_this(this.year, now, membership.pk)]


def _outcomes(bloc: int, *, before: int) -> Iterable[tuple[int, list[dict[str, Any]]]]:
    """The last stored outcome of each published year, the earliest first."""
    published = Result.objects.filter(
        scoring__bloc_year__bloc=bloc, scoring__bloc_year__year__lt=before
    ).exclude(scoring__state=ScoringState.OPEN)
    last = published.order_by().values("scoring").annotate(last=Max("pk")).values("last")
    return (
        Result.objects.filter(pk__in=last)
        .order_by("scoring__bloc_year__year")
        .values_list("scoring__bloc_year__year", "content__outcome")
    )


def _of_result(result: computing.BoardResult) -> dict[str, Any]:
    return {
        "board": result.board,
        "rank": result.rank,
        "grade": result.grade,
        "percent": result.percent,
    }


def _of_this(
    year: int, outcome: Sequence[dict[str, Any]], membership: int
) -> Iterable[YearOfBoard]:
    one = _of_year(year, outcome, membership)
    return [one] if one else []


def _of_year(year: int, outcome: Sequence[dict[str, Any]], membership: int) -> YearOfBoard | None:
    own = next((row for row in outcome if row["board"] == membership), None)
    center = middle(Decimal(row["percent"]) for row in outcome)
    if own is None or center is None:
        return None
    return YearOfBoard(
        year=year,
        percent=Decimal(own["percent"]),
        middle=center,
        rank=own["rank"],
        boards=sum(row["rank"] is not None for row in outcome),
        grade=own["grade"],
    )
