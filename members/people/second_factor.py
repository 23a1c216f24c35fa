"""Requires a second factor of users with important posts, if SECOND_FACTOR_REQUIRED is set."""

from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from ..models import User
from ..models.people import PostKind

POSTS_OF_WEIGHT = frozenset(
    {PostKind.LEADER, PostKind.DEPUTY_LEADER, PostKind.OFFICER, PostKind.ACCOUNTANT}
)


# Needed to set the factor up and to log out.
ALWAYS_OPEN = ("account_", "mfa_", "set_language")


class SecondFactorMiddleware:
    """Redirects users who need a second factor and have none to the page that sets it up."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: object, args: object, kwargs: object
    ) -> HttpResponse | None:
        if not settings.SECOND_FACTOR_REQUIRED or not request.user.is_authenticated:
            return None
        route = request.resolver_match
        if route is None or route.view_name.startswith(ALWAYS_OPEN):
            return None
        if not _must_hold(request.user) or is_mfa_enabled(request.user):
            return None
        messages.info(request, _("Your post asks for a second factor. Set it up to go on."))
        return redirect("mfa_index")


def _must_hold(user: User) -> bool:
    """Administrators and holders of POSTS_OF_WEIGHT; officers because they may be the
    secretariat.
    """
    return user.is_staff or any(post.kind in POSTS_OF_WEIGHT for post in user.current_posts)
