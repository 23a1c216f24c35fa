"""Fifty simultaneous attempts to sign, in separate processes on a real database."""

from collections import Counter

import pytest

from covenants.models import Paper, Signature
from covenants.signing import verification
from members.models import AuditEntry, BlocYear, Board
from members.models.blocs import Role
from members.models.people import PostKind
from members.records import audit, files
from tests.covenants.processes import Contender, all_at_once, attempt
from tests.lib.signed_papers import field_states
from tests.people import (
    enrol,
    give_post,
    join,
    make_bloc,
    make_board,
    make_leader,
    make_user,
    make_year,
    seal_covenant,
)

BOARDS, ATTEMPTS = 20, 50


def year_of_twenty() -> BlocYear:
    year = make_year(make_bloc())
    for number in range(BOARDS):
        board = make_board(f"B{number:02}", province=f"Tỉnh {number}")
        join(year, board, role=Role.MEMBER if number else Role.HEAD)
        enrol(make_leader(board))
    return year


def sealed(year: BlocYear) -> Paper:
    secretary = make_user("thuky")
    give_post(secretary, PostKind.OFFICER, board=Board.objects.get(code="B00"))
    return seal_covenant(year, actor=secretary)


def attempts(paper: Paper) -> list[tuple[int, int]]:
    """(seat, user) fifty times: every seat twice or three times, at the same moment."""
    seats = [
        (party.pk, party.membership.board.posts.get().person.user_id)
        for party in paper.parties.exclude(membership__board__code="B00")
    ]
    head = paper.parties.get(membership__board__code="B00")
    leader = head.membership.board.posts.get(kind=PostKind.LEADER).person.user_id
    everyone = [(head.pk, leader), *seats]
    return (everyone * 3)[:ATTEMPTS]


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_of_fifty_attempts_at_once_none_is_lost_and_none_doubled() -> None:
    paper = sealed(year_of_twenty())
    said = all_at_once([Contender(attempt, party, user) for party, user in attempts(paper)])

    assert Counter(outcome for _party, outcome in said) == {"signed": 20, "AlreadySigned": 30}
    assert Counter(party for party, outcome in said if outcome == "signed") == Counter(
        paper.parties.values_list("pk", flat=True)
    )
    assert Signature.objects.count() == BOARDS
    assert AuditEntry.objects.filter(act="covenants.signed").count() == BOARDS
    paper = Paper.objects.get()
    assert paper.state == "complete"
    assert sum(field_states(files.read_content(paper.newest)).values()) == BOARDS + 2
    assert [*verification.faults(), *audit.faults(), *files.faults()] == []
