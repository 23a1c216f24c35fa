"""Closing a year, after asking every app what would be left unfinished."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

import scoring.closing
from emulation_bloc.lib.refusal import Refusal
from members.models import BlocYear, User
from members.pages.guards import Visit, enter_year, require_fresh_login
from members.permissions import require
from members.years import opening
from members.years.closing import OpenEnd

# Apps with work that closing ends; each has `open_ends(year)`.
ANSWERING = (scoring.closing,)


class NotDone(Refusal):
    """Something must be done before the year is closed."""


def open_ends(year: BlocYear) -> list[OpenEnd]:
    """What all apps report as unfinished."""
    return [end for app in ANSWERING for end in app.open_ends(year)]


@transaction.atomic
def close_year(year: BlocYear, *, actor: User) -> None:
    """Close a year unless an obstacle is left; warnings do not prevent it.

    Asks "members.manage_year"; raises NotDone.
    """
    year = BlocYear.objects.select_for_update().get(pk=year.pk)
    require(actor, "members.manage_year", year)
    if obstacles := [end.what for end in open_ends(year) if end.is_obstacle]:
        raise NotDone(" ".join(obstacles))
    opening.close_year(year, actor=actor)


@require_http_methods(["GET", "HEAD", "POST"])
def close(request: Visit, bloc: str, year: int) -> HttpResponse:
    """Show what closing does and what would be left unfinished; POST closes the year."""
    bloc_year = enter_year(request, bloc, year)
    require(request.user, "members.manage_year", bloc_year)
    if request.method != "POST":
        return page(request, bloc_year)
    require_fresh_login(request)
    try:
        close_year(bloc_year, actor=request.user)
    except NotDone:
        return page(request, bloc_year, status=409)
    messages.success(request, _("The year %(year)d is closed.") % {"year": year})
    return redirect("members:years", bloc=bloc, year=year)


def page(request: Visit, year: BlocYear, *, status: int = 200) -> HttpResponse:
    ends = open_ends(year)
    context = {
        "section": "members",
        "obstacles": [end.what for end in ends if end.is_obstacle],
        "warnings": [end.what for end in ends if not end.is_obstacle],
    }
    return render(request, "close_year.html", context, status=status)
