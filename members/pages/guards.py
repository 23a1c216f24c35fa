"""Helpers that fetch the year of a URL and require a recent login. What is not visible is 404."""

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
    """A request of a logged-in user; `bloc_year` is set by `enter_year`."""

    user: User
    htmx: HtmxDetails
    bloc_year: BlocYear


def enter_year(request: Visit, bloc: str, year: int) -> BlocYear:
    """The year of the URL, 404 if not visible to the user; also sets `request.bloc_year` for the
    frame.
    """
    bloc_year = get_object_or_404(
        BlocYear.objects.visible_to(request.user).select_related("bloc"),
        bloc__slug=bloc,
        year=year,
    )
    request.bloc_year = bloc_year
    return bloc_year


def has_fresh_login(request: Visit) -> bool:
    """Whether the user gave a password or second factor within the last few minutes
    (ACCOUNT_REAUTHENTICATION_TIMEOUT).
    """
    records = get_authentication_records(request, request.user)
    newest = max((record["at"] for record in records), default=0)
    return time.time() - newest < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT


def require_fresh_login(request: Visit) -> None:
    """Raise ReauthenticationRequired unless the login is recent.

    allauth's middleware then asks for the password and continues, with the posted form. It keeps
    somebody who finds an unlocked screen from signing or appointing people.
    """
    if not has_fresh_login(request):
        raise ReauthenticationRequired


def fresh_login_required(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Decorator: the view requires a recent login."""

    @wraps(view)
    def guarded(request: Visit, *args: Any, **kwargs: Any) -> HttpResponse:
        require_fresh_login(request)
        return view(request, *args, **kwargs)

    return guarded


def posted(request: Visit) -> Any:
    """What a form is bound to: the posted data, or None on a page that is only opened."""
    return request.POST if request.method == "POST" else None
