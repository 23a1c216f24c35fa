"""The result of one board: its points with their calculation, compared with the median of the bloc,
and its years."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, NamedTuple

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from emulation_bloc.lib import charts
from members.pages.downloads import asks_for_excel, excel
from members.pages.guards import Visit

from .. import visibility
from ..models import Criterion, CriterionGroup, Line, Sheet
from ..result import charts as result_charts
from ..result import profiles, standings
from ..result.standings import Standings
from .entrance import on_sheet


class LineRow(NamedTuple):
    """A criterion of the board; `words` is "" for readers who may not see figures."""

    line: Line
    points: Decimal | None
    words: str

    @property
    def criterion(self) -> Criterion:
        return self.line.criterion


class GroupRows(NamedTuple):
    group: CriterionGroup
    points: Decimal
    rows: list[LineRow]


@require_safe
@on_sheet
def board_result(request: Visit, sheet: Sheet) -> HttpResponse:
    """One board's result, with what the scale opens to the reader; a board sees all of its own."""
    seen = visibility.visibility_of(request.user, sheet.scoring)
    held = standings.standings_for(sheet, seen)
    with_words = seen.sees_figures_of(sheet.membership_id)
    groups = list(groups_of(held, sheet, with_words))
    if asks_for_excel(request):
        return result_as_excel(held, sheet, groups)
    own = held.boards[sheet.membership_id].sheet
    row = next(one for one in standings.rows(held, seen) if one.sheet == own)
    context = {
        "section": "scoring",
        "tab": "ranking",
        "scoring": sheet.scoring,
        "sheet": sheet,
        "standings": held,
        "row": row,
        # Computed alone, the board sees its own figures: nothing is pending there.
        "waits": row.waits and not held.is_alone,
        "groups": groups,
        "with_words": with_words,
        **pictures_of(held, sheet, with_middle=seen.sees_all_points),
    }
    return render(request, "scoring/board_result.html", context)


def groups_of(held: Standings, sheet: Sheet, with_words: bool) -> Iterator[GroupRows]:
    """The groups in the order of the scale, each with the criteria directly inside it."""
    result = held.result(sheet)
    lines = held.boards[sheet.membership_id].lines
    for group in held.groups:
        yield GroupRows(
            group,
            result.groups[group.code],
            [
                LineRow(line, held.points(line), held.words(line) if with_words else "")
                for line in lines
                if line.criterion.group_id == group.pk
            ],
        )


# --- Pictures -------------------------------------------------------------------------------------


def pictures_of(held: Standings, sheet: Sheet, *, with_middle: bool) -> dict[str, Any]:
    """The charts of the board. Before publication without other boards; the median is left out as
    well if the scale opens totals only, as points of single boards could be inferred from it."""
    with_middle = with_middle and not held.is_alone
    spokes = result_charts.spokes_of(held, sheet.membership_id, with_middle=with_middle)
    years = [] if held.is_alone else profiles.years_of(held, sheet.membership)
    name = held.names[sheet.membership_id]
    return {
        "spokes": spokes,
        "with_middle": with_middle,
        "radar": result_charts.radar(name, spokes, with_middle=with_middle),
        "radar_keys": [charts.shape_key(1), charts.shape_key(2)],
        "years": years,
        "course": result_charts.course(sheet.membership, years),
        "year_keys": [charts.line_key(1), charts.line_key(2)],
    }


# --- Excel ----------------------------------------------------------------------------------------


def result_as_excel(held: Standings, sheet: Sheet, groups: list[GroupRows]) -> HttpResponse:
    headings = [
        _("Code"),
        _("Content"),
        _("Standard points"),
        _("Points"),
        _("How they came about"),
    ]
    table: list[tuple[Any, ...]] = []
    for group in groups:
        table.append(
            (group.group.code, group.group.title, group.group.max_points, group.points, "")
        )
        table += [
            (
                row.criterion.code,
                row.criterion.title,
                row.criterion.max_points,
                row.points,
                row.words,
            )
            for row in group.rows
        ]
    year, code = sheet.scoring.bloc_year, sheet.membership.board.code.lower()
    return excel(f"ket-qua-{year.year}-{code}", _("Result of the board"), headings, table)
