"""Eleven boards vote simultaneously, each twice, in separate processes on a real database."""

from collections import Counter

import pytest

from covenants.adoption import voting as adoption_voting
from covenants.models import Paper, Vote
from covenants.papers import consultation
from members.models import BlocYear, Board
from members.models.blocs import Role
from members.models.people import PostKind
from members.records import audit
from tests.covenants.processes import Contender, all_at_once, cast_vote
from tests.people import (
    draft_regulation,
    give_post,
    join,
    make_bloc,
    make_board,
    make_leader,
    make_user,
    make_year,
)

BOARDS = 11


def year_of_eleven() -> BlocYear:
    year = make_year(make_bloc())
    for number in range(BOARDS):
        board = make_board(f"B{number:02}", province=f"Tỉnh {number}")
        join(year, board, role=Role.MEMBER if number else Role.HEAD)
        make_leader(board)
    return year


def voters(year: BlocYear) -> list[tuple[int, int]]:
    """(membership, user) twice for every board."""
    leading = [
        (membership.pk, membership.board.posts.get(kind=PostKind.LEADER).person.user_id)
        for membership in year.memberships.select_related("board")
    ]
    return leading * 2


@pytest.mark.django_db(transaction=True)
def test_of_eleven_boards_voting_at_once_none_is_lost_and_none_counts_twice() -> None:
    year = year_of_eleven()
    secretary = make_user("thuky")
    give_post(secretary, PostKind.OFFICER, board=Board.objects.get(code="B00"))
    paper = draft_regulation(year, actor=secretary)
    consultation.open_consultation(paper, actor=secretary)
    paper = Paper.objects.get(pk=paper.pk)
    voting = adoption_voting.put_to_vote(
        paper, terms=adoption_voting.proposed_terms(paper), actor=secretary
    )

    said = all_at_once([Contender(cast_vote, seat, user) for seat, user in voters(year)])

    assert Counter(outcome for _seat, outcome in said) == {"voted": 11, "AlreadyVoted": 11}
    assert Vote.objects.values("membership").distinct().count() == BOARDS
    closed = adoption_voting.close_voting(voting, actor=secretary)
    assert (closed.in_favour, closed.present, closed.result) == (11, 11, "adopted")
    assert [*adoption_voting.faults(), *audit.faults()] == []
