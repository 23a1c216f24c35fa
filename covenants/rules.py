"""Permissions on papers, votes, signing keys and the legal register."""

import rules
from django.utils.translation import gettext_lazy as _

from members.models import Membership, User
from members.models.people import SIGNING_POSTS, SPEAKING_POSTS
from members.permissions import allow
from members.rules import is_secretariat, takes_part, year_is_open

from .models import Paper, Party
from .models.drafts import PaperState


@rules.predicate
def keeps_the_paper(user: User, paper: Paper) -> bool:
    """A member of the secretariat of the paper's year, while the year is open."""
    year = paper.bloc_year
    return bool(is_secretariat(user, year) and year_is_open(user, year))


@rules.predicate
def is_being_written(user: User, paper: Paper) -> bool:
    """The text may be edited: drafting or consultation."""
    return paper.is_editable


@rules.predicate
def is_in_consultation(user: User, paper: Paper) -> bool:
    """The paper is open for comments."""
    return paper.state == PaperState.CONSULTING


@rules.predicate
def speaks_for_a_member(user: User, paper: Paper) -> bool:
    """Holds a speaking post (leader, deputy or officer) today in a board that acts in the paper's
    year.
    """
    year = paper.bloc_year
    return bool(takes_part(user, year)) and any(
        post.board_id in year.roles and post.kind in SPEAKING_POSTS for post in user.current_posts
    )


@rules.predicate
def is_of_an_open_year(user: User, paper: Paper) -> bool:
    """The paper's year is not closed."""
    return not paper.bloc_year.is_closed


@rules.predicate
def leads_the_board(user: User, party: Party) -> bool:
    """Holds a signing post today in the board that acts in this seat. The seat may print another
    person, and after a merger another board.
    """
    return not party.membership.has_left and any(
        post.board_id == party.membership.acting_board_id and post.kind in SIGNING_POSTS
        for post in user.current_posts
    )


@rules.predicate
def votes_for_the_board(user: User, membership: Membership) -> bool:
    """Holds a signing post today in the board, in an open year."""
    return not (membership.bloc_year.is_closed or membership.has_left) and any(
        post.board_id == membership.acting_board_id and post.kind in SIGNING_POSTS
        for post in user.current_posts
    )


@rules.predicate
def may_hold_a_key(user: User, person: object) -> bool:
    """The person is the user and holds a signing post in some board."""
    return getattr(user, "person", None) == person and any(
        post.kind in SIGNING_POSTS for post in user.current_posts
    )


def register() -> None:
    """Register the permissions with the sentence shown to those who lack them."""
    allow(
        "covenants.draft",
        keeps_the_paper & is_being_written,
        otherwise=_("Only the secretariat writes on a paper, and only before it is sealed."),
    )
    allow(
        "covenants.keep",
        keeps_the_paper,
        otherwise=_("Only the secretariat of an open year may do that."),
    )
    allow(
        "covenants.comment",
        speaks_for_a_member & is_in_consultation & is_of_an_open_year,
        otherwise=_("Only members comment, and only while the paper is in consultation."),
    )
    register_votes_and_keys()
    register_laws()


def register_votes_and_keys() -> None:
    """Register signing, voting and holding a key."""
    allow(
        "covenants.sign",
        leads_the_board,
        otherwise=_("Only a leader of this board signs in its seat."),
    )
    allow(
        "covenants.vote",
        votes_for_the_board,
        otherwise=_("Only a leader of the board votes for it, in an open year."),
    )
    allow(
        "covenants.hold_key",
        may_hold_a_key,
        otherwise=_("Only leaders hold a signing key, each their own."),
    )


def register_laws() -> None:
    """Register adding to the legal register."""
    allow(
        "covenants.register_law",
        is_secretariat & year_is_open,
        otherwise=_("Only the secretariat of an open year adds to the legal register."),
    )
