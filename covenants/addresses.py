"""URLs of papers: the covenant under its year, every other paper under its number."""

from django.urls import reverse

from .models import Paper


def address(paper: Paper, name: str, *args: object) -> str:
    """The URL of a page of the paper, such as address(paper, "workshop")."""
    year = paper.bloc_year
    in_year = (year.bloc.slug, year.year)
    if paper.is_covenant:
        return reverse(f"covenants:{name}", args=[*in_year, *args])
    return reverse(f"covenants:paper:{name}", args=[*in_year, paper.pk, *args])
