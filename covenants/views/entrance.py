"""Fetching the paper of a URL, and redirecting to a paper's pages."""

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
    """The paper of the URL, without a number the year's covenant; 404 if missing or not visible."""
    bloc_year = enter_year(request, bloc, year)
    paper = queries.covenant_of(bloc_year) if paper_pk is None else find(bloc_year, paper_pk)
    if paper is None:
        raise Http404
    return paper


def find(year: BlocYear, paper_pk: int) -> Paper | None:
    """The paper of the year with this id, None for the covenant, which has its own URL."""
    return queries.papers_of(year).exclude(kind=COVENANT).filter(pk=paper_pk).first()


def on_paper(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Decorator: pass the view the paper instead of bloc, year and number of the URL."""

    @wraps(view)
    def visit(
        request: Visit, bloc: str, year: int, paper_pk: int | None = None, **where: Any
    ) -> HttpResponse:
        return view(request, enter(request, bloc, year, paper_pk), **where)

    return visit


def go(paper: Paper, name: str, *, anchor: str = "") -> HttpResponseRedirect:
    """A redirect to a page of the paper."""
    return HttpResponseRedirect(address(paper, name) + (f"#{anchor}" if anchor else ""))


# A primary key has at most nineteen digits; longer numbers would overflow.
MOST_DIGITS = 18


def row_number(text: str) -> int | None:
    """The primary key in the text, None if it is not one."""
    return int(text) if text.isdecimal() and len(text) <= MOST_DIGITS else None
