"""A board ends in the middle of the year without a successor.

Until the bloc decides, its seat and its vote are waited for. After the decision the others finish
without it, and pages and papers say why.
"""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from covenants.addresses import address
from covenants.adoption import voting as adoption_voting
from covenants.models import Paper, SigningKey, Voting
from covenants.models.adoption import Choice
from covenants.models.drafts import PaperState
from covenants.papers import consultation
from covenants.papers.versions import content_of
from covenants.signing import enrolment, findings, sealing, verification
from covenants.signing.completion import complete_when_full
from emulation_bloc import queries
from emulation_bloc.board_changes import recording
from emulation_bloc.lib.pades import KeyPair
from members.history.changes import Change
from members.models import Board, Continuation, Membership, Person, Succession
from members.models.people import PostKind
from members.records import files
from tests.covenants.outside_tools import text_of_pdf
from tests.covenants.pages import text_of
from tests.members.pages import as_user, excel_rows, page
from tests.mergers import DAY, fresh_year, with_everybody
from tests.people import (
    Cast,
    draft_covenant,
    draft_regulation,
    enrol,
    fresh,
    give_post,
    join,
    make_board,
    make_leader,
    party_of,
    seal_covenant,
    sign,
)
from tests.shared_scene import in_scene

WHY = "rời Khối từ ngày 01/07/2025"


def three_boards(cast: Cast) -> Board:
    """The board that will end, third in the list."""
    board = make_board("GLA", province="Gia Lai")
    join(cast.year, board)
    make_leader(board, "giang")
    return board


def signed_by_two(cast: Cast) -> Board:
    board = three_boards(cast)
    paper = seal_covenant(cast.year, actor=cast.chi)
    for leader, own in ((cast.an, cast.head), (cast.binh, cast.board)):
        enrol(leader)
        sign(paper, own, actor=leader)
    return board


pytestmark = in_scene(three_boards)


@pytest.fixture
def other(set_up: Board) -> Board:
    return set_up


def dissolve(cast: Cast, board: Board) -> Succession:
    year = fresh_year(cast.year)
    change = with_everybody(
        Change(Succession.Kind.DISSOLUTION, "Quyết định 12/QĐ-UBND", DAY, (board,))
    )
    seen = recording.preview_change(year, change).digest
    return recording.record(year, change=change, seen=seen, actor=cast.chi)


def let_leave(cast: Cast, made: Succession) -> None:
    year = fresh_year(cast.year)
    decision: dict[str, Any] = {
        "treatment": "close_at_date",
        "document": "Biên bản số 02/BB-KTĐ",
        "decided_on": DAY,
        "note": "",
    }
    seen = recording.digest(recording.preview_continuation(year, made))
    actor = fresh(cast.chi)
    recording.decide(year, made, decision=decision, successors={}, seen=seen, actor=actor)


def again(paper: Paper) -> Paper:
    return Paper.objects.get(pk=paper.pk)


@pytest.fixture
def signed_by_the_others(other: Board) -> Paper:
    """In the scene `signed_by_two`."""
    return Paper.objects.get()


@pytest.fixture
def finished(cast: Cast, other: Board, signed_by_the_others: Paper) -> Paper:
    let_leave(cast, dissolve(cast, other))
    return again(signed_by_the_others)


# --- The covenant in signing --------------------------------------------------------------------


@in_scene(signed_by_two)
def test_before_the_decision_the_seat_is_waited_for(
    cast: Cast, other: Board, signed_by_the_others: Paper
) -> None:
    dissolve(cast, other)

    paper = again(signed_by_the_others)
    assert paper.state == PaperState.SIGNING
    assert [party.printed_board for party in paper.parties.waiting()] == [
        "Ban Quản lý Khu kinh tế tỉnh Gia Lai"
    ]


@in_scene(signed_by_two)
def test_the_decision_completes_what_waited_for_that_board_alone(finished: Paper) -> None:
    assert finished.state == PaperState.COMPLETE
    assert verification.check_stored(finished).verdict == findings.Verdict.COMPLETE
    assert list(verification.faults()) == []


def test_while_another_seat_waits_the_covenant_goes_on(cast: Cast, other: Board) -> None:
    paper = seal_covenant(cast.year, actor=cast.chi)
    enrol(cast.an)
    sign(paper, cast.head, actor=cast.an)
    let_leave(cast, dissolve(cast, other))
    assert again(paper).state == PaperState.SIGNING

    enrol(cast.binh)
    sign(paper, cast.board, actor=cast.binh)
    assert again(paper).state == PaperState.COMPLETE


def test_nothing_is_complete_that_nobody_signed(cast: Cast, other: Board) -> None:
    paper = seal_covenant(cast.year, actor=cast.chi)
    let_leave(cast, dissolve(cast, other))
    Membership.objects.update(left_by=Continuation.objects.get())

    complete_when_full(again(paper))
    assert again(paper).state == PaperState.SIGNING
    assert list(verification.faults()) == []


def test_who_was_signing_while_the_board_left_signs_nothing(
    cast: Cast, other: Board, monkeypatch: pytest.MonkeyPatch
) -> None:
    paper = seal_covenant(cast.year, actor=cast.chi)
    leader = other.posts.get().person.user
    enrol(leader)

    def unlock_late(person: Person, *, passphrase: str) -> tuple[SigningKey, KeyPair]:
        opened = unlock(person, passphrase=passphrase)
        let_leave(cast, dissolve(cast, other))
        return opened

    unlock = enrolment.unlock
    monkeypatch.setattr(enrolment, "unlock", unlock_late)
    with pytest.raises(PermissionDenied):
        sign(paper, other, actor=leader)
    assert not paper.parties.signed().exists()


@in_scene(signed_by_two)
def test_whoever_is_appointed_later_signs_nothing_in_the_seat(
    cast: Cast, other: Board, signed_by_the_others: Paper
) -> None:
    let_leave(cast, dissolve(cast, other))
    late = give_post(cast.khach, PostKind.LEADER, board=other).person.user
    assert not fresh(late).has_perm("covenants.sign", party_of(signed_by_the_others, other))


@in_scene(signed_by_two)
def test_the_certificate_names_who_did_not_sign_and_why(finished: Paper) -> None:
    assert finished.certificate is not None
    text = text_of_pdf(files.read_content(finished.certificate))
    assert "2 chữ ký" in text
    assert "Không ký. Rời Khối từ ngày 01/07/2025 theo Biên bản số 02" in " ".join(text.split())


@in_scene(signed_by_two)
def test_pages_count_and_tell_the_seat_as_given_up(cast: Cast, finished: Paper) -> None:
    client = as_user(cast.an)
    shown = text_of(client.get(page("covenants:paper", cast.year)))
    assert "2/2" in shown
    assert WHY in shown
    assert "Đã rời Khối" in shown
    assert "Đã rời Khối" in text_of(client.get(page("covenants:wall", cast.year)))
    assert "2/2" in text_of(Client().get(f"/xac-minh/{finished.code}/"))


@in_scene(signed_by_two)
def test_the_list_of_boards_tells_it_too(cast: Cast, finished: Paper) -> None:
    client = as_user(cast.an)
    assert "Rời Khối từ ngày 01/07/2025, theo Biên bản số 02/BB-KTĐ" in text_of(
        client.get(page("members:boards", cast.year))
    )
    rows = excel_rows(client.get(page("members:boards", cast.year) + "?xuat=excel").content)
    assert rows[-1][-1].date() == DAY


# --- A covenant still in the making -------------------------------------------------------------


def test_a_draft_is_sealed_without_the_board_that_left(cast: Cast, other: Board) -> None:
    paper = draft_covenant(cast.year, actor=cast.chi)
    made = dissolve(cast, other)
    consultation.open_consultation(paper, actor=fresh(cast.chi))
    assert sealing.obstacles(again(paper)) == ["BQL KKT Gia Lai chưa có lãnh đạo để ký."]
    let_leave(cast, made)

    paper = sealing.seal(again(paper), actor=fresh(cast.chi))
    assert [row["board"] for row in content_of(paper)["targets"]] == [
        "BQL KKT Đắk Lắk",
        "BQL KKT Bình Định",
    ]
    assert paper.parties.count() == 2


@in_scene(signed_by_two)
def test_nothing_is_due_for_a_board_that_left(cast: Cast, finished: Paper, other: Board) -> None:
    due = queries.obligations(fresh_year(cast.year))
    assert other.pk not in {one.membership.board_id for one in due if one.membership}


@in_scene(signed_by_two)
def test_the_table_of_who_has_done_what_is_of_the_boards_that_stay(
    cast: Cast, finished: Paper, other: Board
) -> None:
    year = fresh_year(cast.year)
    table = queries.matrix(queries.obligations(year), year=year, today=DAY)
    assert [row.membership.board for row in table.rows] == [cast.head, cast.board]


# --- A vote that runs ---------------------------------------------------------------------------


@pytest.fixture
def voting(cast: Cast, other: Board) -> Voting:
    paper = draft_regulation(cast.year, actor=cast.chi)
    consultation.open_consultation(paper, actor=cast.chi)
    paper = again(paper)
    return adoption_voting.put_to_vote(
        paper, terms=adoption_voting.proposed_terms(paper), actor=cast.chi
    )


def cast_vote(voting: Voting, board: Board, actor: Any) -> None:
    membership = Membership.objects.get(bloc_year=voting.paper.bloc_year, board=board)
    adoption_voting.cast_vote(voting, membership, choice=Choice.FOR, proxy="", actor=actor)


def test_a_vote_closes_without_the_board_that_left(
    cast: Cast, voting: Voting, other: Board
) -> None:
    cast_vote(voting, cast.head, cast.an)
    cast_vote(voting, cast.board, cast.binh)
    made = dissolve(cast, other)
    assert not adoption_voting.may_close(voting)

    let_leave(cast, made)
    closed = adoption_voting.close_voting(voting, actor=fresh(cast.chi))
    assert (closed.members, closed.present) == (2, 2)


def test_a_vote_cast_before_leaving_counts(cast: Cast, voting: Voting, other: Board) -> None:
    leader = make_leader(other, "giang-moi")
    for board, actor in ((cast.head, cast.an), (cast.board, cast.binh), (other, leader)):
        cast_vote(voting, board, actor)
    let_leave(cast, dissolve(cast, other))

    closed = adoption_voting.close_voting(voting, actor=fresh(cast.chi))
    assert (closed.members, closed.present) == (3, 3)
    assert adoption_voting.faults() == []


def test_the_page_of_closing_counts_the_boards_still_asked(
    cast: Cast, voting: Voting, other: Board
) -> None:
    cast_vote(voting, cast.head, cast.an)
    cast_vote(voting, cast.board, cast.binh)
    let_leave(cast, dissolve(cast, other))
    url = address(voting.paper, "close_voting")
    assert "2/2 đơn vị đã biểu quyết" in text_of(as_user(fresh(cast.chi)).get(url))


@pytest.mark.parametrize(("days", "members"), [(-1, 3), (0, 2)])
def test_a_meeting_counts_the_boards_of_its_day(
    cast: Cast, other: Board, days: int, members: int
) -> None:
    paper = draft_regulation(cast.year, actor=cast.chi)
    consultation.open_consultation(paper, actor=cast.chi)
    terms = replace(adoption_voting.proposed_terms(again(paper)), method="hands")
    voting = adoption_voting.put_to_vote(again(paper), terms=terms, actor=cast.chi)
    let_leave(cast, dissolve(cast, other))

    held_on = DAY + dt.timedelta(days=days)
    meeting = adoption_voting.ShowOfHands(
        held_on=held_on,
        place="Đắk Lắk",
        chair="Nguyễn Văn An",
        secretary="Lê Thị Chi",
        present=members,
        in_favour=members,
        against=0,
        abstaining=0,
    )
    assert (
        adoption_voting.enter_hands(voting, meeting=meeting, actor=fresh(cast.chi)).members
        == members
    )
