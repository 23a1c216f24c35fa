"""A board against the middle of its bloc, criteria by boards, and one year beside another."""

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
from .standings import Standings, waits

# More axes than these, and nobody reads the picture.
MOST_AXES = 12
HUNDRED = Decimal(100)
HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True)
class Axis:
    """What one spoke of the picture measures: a criterion, or all of a group."""

    label: str
    criteria: tuple[Criterion, ...]


def axes(standings: Standings) -> list[Axis]:
    """The groups of the scale, and the criteria of the weightiest in their place, as long as the
    picture can be read."""
    chosen = [whole(standings, group.pk) for group in standings.main_groups]
    chosen = [axis for axis in chosen if axis.criteria]
    for axis in sorted(chosen, key=_weight, reverse=True):
        parts = [Axis(f"{one.code} {one.title}", (one,)) for one in axis.criteria]
        if len(chosen) - 1 + len(parts) <= MOST_AXES:
            place = chosen.index(axis)
            chosen[place : place + 1] = parts
    return chosen


def _bonus_groups(standings: Standings) -> set[int]:
    """The ids of the groups that hold bonus points only, those within others included."""
    found: set[int] = set()
    for group in standings.groups:
        if group.is_bonus or group.parent_id in found:
            found.add(group.pk)
    return found


def whole(standings: Standings, pk: int) -> Axis:
    """A group with everything in it that has standard points."""
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
    """What a board reached of the standard points that apply to it, or were appraised so far; None
    where none do."""
    sheet, result = standings.sheets[board], standings.year.of_board(board)
    is_waiting = waits(standings.boards[board].sheet)
    counted = [
        one
        for one in axis.criteria
        if one.code not in sheet.not_assigned and not standings.waits(one)
        if not (is_waiting and result.lines[one.code].fact.actual is None)
    ]
    most = sum((one.max_points for one in counted), Decimal(0))
    if not most:
        return None
    reached = sum((result.lines[one.code].standard for one in counted), Decimal(0))
    return (reached * HUNDRED / most).quantize(HUNDREDTH)


def middle(percents: Iterable[Decimal | None]) -> Decimal | None:
    """The median of those that there are."""
    known = [one for one in percents if one is not None]
    return Decimal(median(known)).quantize(HUNDREDTH) if known else None


def middle_of_boards(standings: Standings, axis: Axis) -> Decimal | None:
    return middle(percent(standings, axis, board) for board in standings.boards)


def by_criterion(standings: Standings) -> list[Axis]:
    """Every criterion with standard points: the rows of the heat map."""
    bonus = _bonus_groups(standings)
    return [
        Axis(f"{one.code} {one.title}", (one,))
        for one in standings.criteria
        if one.max_points and one.group_id not in bonus
    ]


def short_names(standings: Standings) -> list[str]:
    """The boards as the heads of narrow columns name them: by province where that tells them
    apart."""
    members = [board.sheet.membership for board in standings.boards.values()]
    provinces = [member.name.province for member in members]
    if all(provinces) and len(set(provinces)) == len(provinces):
        return provinces
    return [member.name.short_name for member in members]


# --- Years side by side ---------------------------------------------------------------------------


@dataclass(frozen=True)
class YearOfBoard:
    """A published year: what the board reached in percent of what it could, and the middle of all
    boards. Scales and members differ from year to year, percents can be compared. Its rank is one
    among the `boards` that have one."""

    year: int
    percent: Decimal
    middle: Decimal
    rank: int | None
    boards: int
    grade: str


def years_of(standings: Standings, membership: Membership) -> list[YearOfBoard]:
    """The published years of the board up to this one, from the stored results; this one as it
    stands. Three queries for any number of years."""
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
    """The last stored outcome of each published year, from the first on."""
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
