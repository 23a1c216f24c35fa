"""The context of the page frame."""

from typing import Any

from django.utils import timezone

from ..models import BlocYear, Person, Post
from ..queries import year_in_progress
from .guards import Visit

# Pages about the user's own login belong to no year; they show the frame of the current one.
OWN_PAGES = ("account_", "mfa_")


def shell(request: Visit) -> dict[str, Any]:
    """The context of the frame; pages outside a year cost no query."""
    bloc_year: BlocYear | None = getattr(request, "bloc_year", None) or _year_around(request)
    if bloc_year is None:
        return {"bloc": None, "bloc_year": None, "person": person(request)}
    post = _shown_post(request, bloc_year)
    years = _visible_years(request, bloc_year)
    return {
        "bloc": bloc_year.bloc,
        "bloc_year": bloc_year,
        "years": [one for one in years if one.bloc_id == bloc_year.bloc_id],
        "other_blocs": _newest_of_others(years, bloc_year),
        "post": post,
        "other_posts": [
            (other.title, board_name(other, bloc_year))
            for other in _posts_here(request, bloc_year)
            if other != post
        ],
        "board_name": board_name(post, bloc_year),
        "person": person(request),
        "is_secretariat": request.user.has_perm("members.be_secretariat", bloc_year),
    }


def _year_around(request: Visit) -> BlocYear | None:
    route, user = request.resolver_match, getattr(request, "user", None)
    if route is None or user is None or not user.is_authenticated:
        return None
    return year_in_progress(user) if route.view_name.startswith(OWN_PAGES) else None


def person(request: Visit) -> Person | None:
    """The user's person, None without one."""
    user = getattr(request, "user", None)
    return getattr(user, "person", None)


def board_name(post: Post | None, bloc_year: BlocYear) -> str:
    """The short name of the post's board in this year, else today's; "" for observers."""
    if post is None or post.board is None:
        return ""
    membership = bloc_year.memberships.select_related("name").filter(board=post.board_id).first()
    name = membership.name if membership else post.board.name_on(timezone.localdate())
    return name.short_name


def _shown_post(request: Visit, bloc_year: BlocYear) -> Post | None:
    """The post shown in the frame: one in a board of this year before any other."""
    return next(iter(_posts_here(request, bloc_year) or request.user.current_posts), None)


def _posts_here(request: Visit, bloc_year: BlocYear) -> list[Post]:
    posts = request.user.current_posts
    return [post for post in posts if post.board_id in bloc_year.roles]


def _visible_years(request: Visit, bloc_year: BlocYear) -> list[BlocYear]:
    """The years of all blocs that the user may see; for an administrator those of this bloc."""
    if request.user.is_superuser:
        return list(bloc_year.bloc.years.all())
    years = BlocYear.objects.visible_to(request.user).select_related("bloc")
    return list(years.order_by("bloc__name", "-year"))


def _newest_of_others(years: list[BlocYear], bloc_year: BlocYear) -> list[BlocYear]:
    """The newest year of each other bloc, for the links to them."""
    newest: dict[int, BlocYear] = {}
    for year in years:
        newest.setdefault(year.bloc_id, year)
    return [year for bloc, year in newest.items() if bloc != bloc_year.bloc_id]
