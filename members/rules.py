"""Permissions on years, people and posts.

The secretariat of a year is the staff of its head board. It follows from membership and posts, so
changing the head changes the permissions. In a closed year nothing may be changed.
"""

import rules
from django.utils.translation import gettext_lazy as _

from .mergers import heirs_of_the_head
from .models import BlocYear, Person, User
from .models.people import SECRETARIAT_POSTS, PostKind
from .permissions import allow


@rules.predicate
def is_secretariat(user: User, year: BlocYear) -> bool:
    """Holds a SECRETARIAT_POSTS post today in the year's head board."""
    head = year.head_board_id
    return head is not None and any(
        post.board_id == head and post.kind in SECRETARIAT_POSTS for post in user.current_posts
    )


@rules.predicate
def succeeds_the_head(user: User, year: BlocYear) -> bool:
    """Serves in a board into which the year's head board ended, while the bloc has not decided who
    carries on. It may only record that decision.
    """
    heirs = heirs_of_the_head(year)
    return any(
        post.board_id in heirs and post.kind in SECRETARIAT_POSTS for post in user.current_posts
    )


@rules.predicate
def takes_part(user: User, year: BlocYear) -> bool:
    """Holds a post today in a board that acts in the year."""
    return any(post.board_id in year.roles for post in user.current_posts)


@rules.predicate
def observes(user: User, year: BlocYear) -> bool:
    """Is an observer of the bloc today."""
    return any(
        post.kind == PostKind.OBSERVER and post.bloc_id == year.bloc_id
        for post in user.current_posts
    )


@rules.predicate
def year_is_open(user: User, year: BlocYear) -> bool:
    """The year is not closed."""
    return not year.is_closed


@rules.predicate
def is_newest_open_year(user: User, year: BlocYear) -> bool:
    """No newer year of the bloc is open. People and logins belong to the bloc, so the secretariat
    of an older year that is still open must not change them.
    """
    newer = BlocYear.objects.filter(bloc=year.bloc_id, closed_on=None, year__gt=year.year)
    return not newer.exists()


@rules.predicate
def is_administrator(user: User, person: Person) -> bool:
    """Administering the installation, logins included, is no right in any bloc."""
    return user.is_active and user.is_superuser


def register() -> None:
    """Register the permissions with the sentence shown to those who lack them."""
    allow(
        "members.be_secretariat",
        is_secretariat,
        otherwise=_("Only the secretariat of this year may do that."),
    )
    allow(
        "members.manage_people",
        is_secretariat & year_is_open & is_newest_open_year,
        otherwise=_("Only the secretariat of the newest open year may change people and posts."),
    )
    allow(
        "members.manage_year",
        is_secretariat & year_is_open,
        otherwise=_("Only the secretariat of an open year may change its dates and members."),
    )
    allow(
        "members.decide_continuation",
        (is_secretariat | succeeds_the_head) & year_is_open,
        otherwise=_("Only the secretariat of an open year may record how it goes on."),
    )
    allow(
        "members.open_next_year",
        is_secretariat,
        otherwise=_("Only the secretariat of the last year may open the next one."),
    )
    register_logins()


def register_logins() -> None:
    allow(
        "members.give_link",
        is_administrator,
        otherwise=_("Only an administrator of the portal may do that."),
    )
