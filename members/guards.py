"""Guards that fetch: what a person may not see does not exist for that person."""

from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django_htmx.middleware import HtmxDetails

from .models import BlocYear, User


class Visit(HttpRequest):
    """A request behind the login wall, in a year of a bloc once `enter_year` has let it in."""

    user: User
    htmx: HtmxDetails
    bloc_year: BlocYear


def enter_year(request: Visit, bloc: str, year: int) -> BlocYear:
    """The year of the address, or 404 when it is not visible to the person; fills the shell."""
    bloc_year = get_object_or_404(
        BlocYear.objects.visible_to(request.user).select_related("bloc"),
        bloc__slug=bloc,
        year=year,
    )
    request.bloc_year = bloc_year
    return bloc_year


def demand_fresh_login(request: Visit) -> None:
    """Ask for the password again before an act of weight, unless that was a few minutes ago.

    Raises what the middleware of allauth turns into that page; a form that was sent goes on
    after it. Who finds a screen unlocked must not hand out posts.
    """
    raise_if_reauthentication_required(request, app="account")
