"""What the page frame shows around every page."""

from typing import Any

from .guards import Visit
from .models import BlocYear, Person, Post
from .queries import year_in_progress

# Pages about one's own login stand in no year; they keep the frame of the year in progress.
OWN_PAGES = ("account_", "mfa_")


def shell(request: Visit) -> dict[str, Any]:
    """Context of the frame; lazy enough that a page outside a year costs no query."""
    bloc_year: BlocYear | None = getattr(request, "bloc_year", None) or year_around(request)
    if bloc_year is None:
        return {"bloc": None, "bloc_year": None, "person": person(request)}
    post = shown_post(request, bloc_year)
    return {
        "bloc": bloc_year.bloc,
        "bloc_year": bloc_year,
        "years": bloc_year.bloc.years.order_by("-year"),
        "post": post,
        "board_name": board_name(post, bloc_year),
        "person": person(request),
        "is_secretariat": request.user.has_perm("members.be_secretariat", bloc_year),
    }


def year_around(request: Visit) -> BlocYear | None:
    route, user = request.resolver_match, getattr(request, "user", None)
    if route is None or user is None or not user.is_authenticated:
        return None
    return year_in_progress(user) if route.view_name.startswith(OWN_PAGES) else None


def person(request: Visit) -> Person | None:
    user = getattr(request, "user", None)
    return getattr(user, "person", None)


def board_name(post: Post | None, bloc_year: BlocYear) -> str:
    """The short name that the person's board bears in this year; "" for an observer."""
    if post is None or post.board_id is None:
        return ""
    memberships = bloc_year.memberships.select_related("name").order_by("order")
    membership = memberships.filter(board=post.board_id).first()
    return membership.name.short_name if membership else str(post.board)


def shown_post(request: Visit, bloc_year: BlocYear) -> Post | None:
    """The post in which the person acts here: one in a member board before any other."""
    posts = request.user.current_posts
    here = [post for post in posts if post.board_id in bloc_year.roles]
    return next(iter(here or posts), None)
