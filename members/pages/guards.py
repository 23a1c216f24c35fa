"""Guards that fetch: what a person may not see does not exist for that person."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.core.exceptions import ReauthenticationRequired
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django_htmx.middleware import HtmxDetails

from ..models import BlocYear, User


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


def has_fresh_login(request: Visit) -> bool:
    """Whether the password, or another factor, was given in the last minutes: at the login, or
    when it was asked for again."""
    records = get_authentication_records(request, request.user)
    newest = max((record["at"] for record in records), default=0)
    return time.time() - newest < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT


def require_fresh_login(request: Visit) -> None:
    """Ask for the password again before an act of weight, unless that was a few minutes ago.

    Raises what the middleware of allauth turns into that page; a form that was sent goes on
    after it. Who finds a screen unlocked must not hand out posts.
    """
    if not has_fresh_login(request):
        raise ReauthenticationRequired


def fresh_login_required(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A view that is an act of weight as a whole."""

    @wraps(view)
    def guarded(request: Visit, *args: Any, **kwargs: Any) -> HttpResponse:
        require_fresh_login(request)
        return view(request, *args, **kwargs)

    return guarded
