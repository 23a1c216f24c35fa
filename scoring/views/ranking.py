"""The ranking of a year, and the ranking with other figures."""

from collections.abc import Iterable
from decimal import Decimal

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from emulation_bloc.lib import charts
from members.pages.downloads import asks_for_excel, excel
from members.pages.guards import Visit
from members.permissions import require

from .. import visibility
from ..computing import Basis
from ..forms.trying import TryForm
from ..models import CriterionGroup, Scoring
from ..result import charts as result_charts
from ..result import standings, ties
from ..result.standings import Row, Standings
from .entrance import UNPROCESSABLE, on_scoring

SECTION = {"section": "scoring", "tab": "ranking"}


@require_safe
@on_scoring
def ranking(request: Visit, scoring: Scoring) -> HttpResponse:
    """Ranks, points by group, totals, grades, and every tie in words. Before publication only for
    appraisers, with the boards appraised so far."""
    require(request.user, "scoring.see_ranking", scoring)
    seen = visibility.visibility_of(request.user, scoring)
    held = standings.compute_standings(scoring)
    rows = standings.rows(held, seen)
    by_group = seen.sees_all_points
    if asks_for_excel(request):
        return ranking_as_excel(held, rows, by_group=by_group)
    context = {
        **SECTION,
        "place": "ranking",
        "scoring": scoring,
        "standings": held,
        "rows": [
            (row, row.by_groups(held.main_groups), result_charts.bar(held, row, by_group=by_group))
            for row in rows
        ],
        "by_group": by_group,
        "by_percent": scoring.scale.basis == Basis.PERCENT,
        "legend": result_charts.legend(held),
        "axis": charts.scale(held.most),
        "lapsed": ties.lapsed(ties.rulings_of(scoring), held.year),
        "tie_steps": [standings.tie_step(code) for code in scoring.scale.tie_break],
        "appraised": sum(row.sheet.state == "appraised" for row in rows),
        "sight": seen,
    }
    return render(request, "scoring/ranking.html", context)


def ranking_as_excel(held: Standings, rows: Iterable[Row], *, by_group: bool) -> HttpResponse:
    groups: list[CriterionGroup] = held.main_groups if by_group else []
    headings = [
        _("Rank"),
        _("Board"),
        *(f"{group.code}. {group.title}" for group in groups),
        *([_("Rescaled"), _("Bonus")] if by_group else []),
        _("Total"),
        _("Percent of the standard points"),
        _("Grade"),
        _("Equal points"),
        _("Beside the score"),
    ]
    table = [
        (
            row.result.rank,
            row.sheet.membership.name.name,
            *row.by_groups(groups),
            *points_in_excel(row, by_group=by_group),
            "; ".join(row.ties),
            "; ".join(f"{one.get_kind_display()}: {one.reason}" for one in row.restrictions),
        )
        for row in rows
    ]
    year = held.scoring.bloc_year
    return excel(f"xep-hang-{year.year}-{year.bloc.slug}", _("Ranking"), headings, table)


def points_in_excel(row: Row, *, by_group: bool) -> list[Decimal | str | None]:
    one = row.result
    told: list[Decimal | str | None] = [one.total, one.percent, one.grade]
    if by_group:
        told = [one.adjustment, one.bonus, *told]
    return [None] * len(told) if row.waits else told


@require_safe
@on_scoring
def what_if(request: Visit, scoring: Scoring) -> HttpResponse:
    """The ranking before and after other figures; nothing is written."""
    require(request.user, "scoring.try_figures", scoring)
    held = standings.compute_standings(scoring)
    form = TryForm(request.GET or None, standings=held)
    is_sound = form.is_valid()
    context = {
        **SECTION,
        "place": "what_if",
        "sight": visibility.visibility_of(request.user, scoring),
        "scoring": scoring,
        "form": form,
        "shifts": standings.try_figures(held, form.figures) if is_sound and form.figures else [],
    }
    status = UNPROCESSABLE if form.is_bound and not is_sound else 200
    return render(request, "scoring/what_if.html", context, status=status)
