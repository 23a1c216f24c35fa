"""Who may do what among members, in the words of the regulation.

The secretariat of a year is the head board's staff; it follows from membership and posts, so
that rotating the head moves the right with it. A closed year gives no right to change anything.
"""

import rules
from django.utils.translation import gettext_lazy as _

from .mergers import heirs_of_the_head
from .models import BlocYear, Person, User
from .models.people import SECRETARIAT_POSTS, PostKind
from .permissions import allow


@rules.predicate
def is_secretariat(user: User, year: BlocYear) -> bool:
    head = year.head_board_id
    return head is not None and any(
        post.board_id == head and post.kind in SECRETARIAT_POSTS for post in user.current_posts
    )


@rules.predicate
def succeeds_the_head(user: User, year: BlocYear) -> bool:
    """Serves in a board that the head board of the year ended in, before the bloc decided that
    it carries on: the one thing that it may do until then is to record that decision."""
    heirs = heirs_of_the_head(year)
    return any(
        post.board_id in heirs and post.kind in SECRETARIAT_POSTS for post in user.current_posts
    )


@rules.predicate
def takes_part(user: User, year: BlocYear) -> bool:
    return any(post.board_id in year.roles for post in user.current_posts)


@rules.predicate
def observes(user: User, year: BlocYear) -> bool:
    return any(
        post.kind == PostKind.OBSERVER and post.bloc_id == year.bloc_id
        for post in user.current_posts
    )


@rules.predicate
def year_is_open(user: User, year: BlocYear) -> bool:
    return not year.is_closed


@rules.predicate
def is_newest_open_year(user: User, year: BlocYear) -> bool:
    """People and logins belong to the bloc, not to a year: who headed it before must not touch
    them by the address of an older year that is still open."""
    newer = BlocYear.objects.filter(bloc=year.bloc_id, closed_on=None, year__gt=year.year)
    return not newer.exists()


@rules.predicate
def is_administrator(user: User, person: Person) -> bool:
    """Administering the installation, logins included, is no right in any bloc."""
    return user.is_active and user.is_superuser


def register() -> None:
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
