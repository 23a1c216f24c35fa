"""What every page of a paper begins with, and where it goes next."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_http_methods

from covenants import queries
from covenants.addresses import address
from covenants.models import Paper
from covenants.models.kinds import COVENANT
from members.models import BlocYear
from members.pages.guards import Visit, enter_year

GET_POST = require_http_methods(["GET", "HEAD", "POST"])


def enter(request: Visit, bloc: str, year: int, paper_pk: int | None = None) -> Paper:
    """The paper of the address, or the standing covenant of its year; 404 for what is not there."""
    bloc_year = enter_year(request, bloc, year)
    paper = queries.covenant_of(bloc_year) if paper_pk is None else find(bloc_year, paper_pk)
    if paper is None:
        raise Http404
    return paper


def find(year: BlocYear, paper_pk: int) -> Paper | None:
    """A paper of the year by its number; the covenant has an address of its own."""
    return queries.papers_of(year).exclude(kind=COVENANT).filter(pk=paper_pk).first()


def on_paper(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Hand a view the paper of its address, in place of the bloc, the year and the number."""

    @wraps(view)
    def visit(
        request: Visit, bloc: str, year: int, paper_pk: int | None = None, **where: Any
    ) -> HttpResponse:
        return view(request, enter(request, bloc, year, paper_pk), **where)

    return visit


def go(paper: Paper, name: str, *, anchor: str = "") -> HttpResponseRedirect:
    return HttpResponseRedirect(address(paper, name) + (f"#{anchor}" if anchor else ""))


# The largest number that a row can have has nineteen digits.
MOST_DIGITS = 18


def row_number(text: str) -> int | None:
    """The number of a row as a button or a form sends it; None for anything else."""
    return int(text) if text.isdecimal() and len(text) <= MOST_DIGITS else None
