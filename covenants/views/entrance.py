"""What every page of a covenant begins with, and where it goes next."""

from django.http import Http404, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from covenants import queries
from covenants.models import Paper
from members.guards import Visit, enter_year

GET_POST = require_http_methods(["GET", "HEAD", "POST"])


def enter(request: Visit, bloc: str, year: int) -> Paper:
    """The standing covenant of the year in the address; 404 without one, or when foreign."""
    paper = queries.covenant_of(enter_year(request, bloc, year))
    if paper is None:
        raise Http404
    return paper


def address(paper: Paper, name: str, *args: object) -> str:
    year = paper.bloc_year
    return reverse(f"covenants:{name}", args=[year.bloc.slug, year.year, *args])


def go(paper: Paper, name: str, *, anchor: str = "") -> HttpResponseRedirect:
    return HttpResponseRedirect(address(paper, name) + (f"#{anchor}" if anchor else ""))
