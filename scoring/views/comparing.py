"""Boards by criterion: the heat map and its table."""

from decimal import Decimal
from typing import NamedTuple

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from members.pages.downloads import asks_for_excel, excel
from members.pages.guards import Visit
from members.permissions import require

from .. import visibility
from ..models import Criterion, Scoring
from ..result import charts, profiles, standings
from ..result.standings import Standings
from .entrance import on_scoring


class CriterionRow(NamedTuple):
    """The points of every board for one criterion; None if it does not apply."""

    criterion: Criterion
    points: list[Decimal | None]


@require_safe
@on_scoring
def comparison(request: Visit, scoring: Scoring) -> HttpResponse:
    """Every board's points for every criterion, for readers to whom the scale opens them."""
    require(request.user, "scoring.compare", scoring)
    held = standings.compute_standings(scoring)
    rows = rows_of(held)
    if asks_for_excel(request):
        return comparison_as_excel(held, rows)
    names, seen = profiles.short_names(held), visibility.visibility_of(request.user, scoring)
    context = {
        "section": "scoring",
        "tab": "ranking",
        "place": "comparison",
        "sight": seen,
        "scoring": scoring,
        "standings": held,
        "boards": [
            (name, board.sheet, seen.opens(board.sheet))
            for name, board in zip(names, held.boards.values(), strict=True)
        ],
        "rows": [(row.criterion, list(zip(names, row.points, strict=True))) for row in rows],
        "totals": [
            (name, held.total(board.sheet))
            for name, board in zip(names, held.boards.values(), strict=True)
        ],
        "heat": charts.heat(held),
        "shades": charts.shades(held),
    }
    return render(request, "scoring/comparison.html", context)


def rows_of(held: Standings) -> list[CriterionRow]:
    """A row per criterion in the order of the scale, with the boards in that of the year."""
    by_board = [
        {line.criterion_id: held.points(line) for line in board.lines}
        for board in held.boards.values()
    ]
    return [CriterionRow(one, [points[one.pk] for points in by_board]) for one in held.criteria]


def comparison_as_excel(held: Standings, rows: list[CriterionRow]) -> HttpResponse:
    headings = [_("Code"), _("Content"), _("Standard points"), *held.names.values()]
    table: list[tuple[object, ...]] = [
        (row.criterion.code, row.criterion.title, row.criterion.max_points, *row.points)
        for row in rows
    ]
    sheets = [board.sheet for board in held.boards.values()]
    table.append(("", _("Total"), held.rules.total, *(held.total(one) for one in sheets)))
    table.append(("", _("Rank"), None, *(held.result(one).rank for one in sheets)))
    year = held.scoring.bloc_year
    name = f"doi-chieu-{year.year}-{year.bloc.slug}"
    return excel(name, _("Comparison"), headings, table)  # type: ignore[arg-type]
