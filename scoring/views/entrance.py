"""What pages of scoring have in common: year, scoring and sheet from the address, redirects."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods

from members.models import BlocYear
from members.pages.guards import Visit, enter_year
from scoring.models import Scoring, Sheet

from ..addresses import address

GET_POST = require_http_methods(["GET", "HEAD", "POST"])
UNPROCESSABLE = 422
CONFLICT = 409


def scoring_of(year: BlocYear) -> Scoring | None:
    """The scoring of a year, with this `bloc_year` object; None before it is opened."""
    found = Scoring.objects.select_related("scale__paper", "version").filter(bloc_year=year).first()
    if found is not None:
        found.bloc_year = year
    return found


def on_scoring(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Decorator: pass the scoring of the address to the view; 404 if the year has none."""

    @wraps(view)
    def visit(request: Visit, bloc: str, year: int, **where: Any) -> HttpResponse:
        scoring = scoring_of(enter_year(request, bloc, year))
        if scoring is None:
            raise Http404
        return view(request, scoring, **where)

    return visit


def on_sheet(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Decorator: pass the sheet of the address to the view; 404 if the reader may not see it."""

    @wraps(view)
    @on_scoring
    def visit(request: Visit, scoring: Scoring, pk: int, **where: Any) -> HttpResponse:
        sheets = Sheet.objects.visible_to(request.user).filter(scoring=scoring)
        sheet = get_object_or_404(
            sheets.select_related("membership__name", "membership__carried_on_by"), pk=pk
        )
        sheet.scoring = scoring
        sheet.membership.bloc_year = scoring.bloc_year
        return view(request, sheet, **where)

    return visit


def go(year: BlocYear, name: str, *args: object, anchor: str = "") -> HttpResponseRedirect:
    return HttpResponseRedirect(address(year, name, *args) + (f"#{anchor}" if anchor else ""))
