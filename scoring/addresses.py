"""Where the pages of scoring are: all under the year."""

from django.urls import reverse

from members.models import BlocYear


def address(year: BlocYear, name: str, *args: object) -> str:
    """The address of a page of the year's scoring: address(year, "sheet", sheet.pk)."""
    return reverse(f"scoring:{name}", args=[year.bloc.slug, year.year, *args])
