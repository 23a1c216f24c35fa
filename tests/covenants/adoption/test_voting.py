"""Putting papers to the vote, voting, counting, and who is notified."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from covenants.adoption import voting as adoption_voting
from covenants.adoption.voting import ShowOfHands
from covenants.models import Paper, Vote, Voting
from covenants.models.adoption import Choice, Method, Result
from covenants.models.kinds import Openness
from covenants.papers import consultation, drafting
from covenants.signing import sealing
from emulation_bloc.lib.counting import Base, Passing, Rule
from members.models import AuditEntry, Membership, OutboxMessage
from members.models.people import PostKind
from members.records import printed
from members.records.acts import ReasonMissing
from tests.covenants.outside_tools import text_of_pdf
from tests.people import (
    Cast,
    draft_covenant,
    draft_regulation,
    fresh,
    give_post,
    join,
    make_board,
    make_leader,
    make_user,
)
from tests.scenes import prepared

MAJORITY = Rule(Decimal(50), Decimal(50), Passing.MORE_THAN, Base.ALL)
MEETING = ShowOfHands(
    held_on=dt.date(2019, 5, 4),
    place="Đắk Lắk",
    chair="Phạm Văn Tịch, Trưởng ban",
    secretary="Lê Thị Chi",
    present=2,
    in_favour=2,
    against=0,
    abstaining=0,
)


@prepared
def paper(cast: Cast) -> Paper:
    """The operating regulation, discussed and ready for a vote."""
    paper = draft_regulation(cast.year, actor=cast.chi)
    consultation.open_consultation(paper, actor=cast.chi)
    return Paper.objects.get(pk=paper.pk)


def put(paper: Paper, cast: Cast, **changes: object) -> Voting:
    terms = replace(adoption_voting.proposed_terms(paper), **{"rule": MAJORITY, **changes})
    return adoption_voting.put_to_vote(paper, terms=terms, actor=cast.chi)


def member(cast: Cast, board: object) -> Membership:
    return cast.year.memberships.get(board=board)


def state_of(paper: Paper) -> str:
    return Paper.objects.get(pk=paper.pk).state


def trace() -> tuple[int, int, int]:
    return AuditEntry.objects.count(), OutboxMessage.objects.count(), Vote.objects.count()


# --- Putting to the vote --------------------------------------------------------------------------


def test_a_vote_freezes_the_text_and_asks_the_leaders(paper: Paper, cast: Cast) -> None:
    voting = put(paper, cast)

    assert (state_of(paper), voting.number, voting.members) == ("voting", 1, 2)
    assert voting.version.content["articles"][0]["heading"] == "Phạm vi điều chỉnh"
    asked = OutboxMessage.objects.filter(key__startswith="covenants.vote:")
    assert set(asked.values_list("recipient", flat=True)) == {"an@example.vn", "binh@example.vn"}
    article = paper.articles.first()
    assert article is not None
    with pytest.raises(PermissionDenied):
        drafting.save_article(article, heading="x", body="y", revision=0, actor=cast.chi)


def test_only_the_secretariat_puts_to_the_vote(paper: Paper, cast: Cast) -> None:
    before = trace()

    with pytest.raises(PermissionDenied):
        adoption_voting.put_to_vote(
            paper, terms=adoption_voting.proposed_terms(paper), actor=cast.binh
        )

    assert (state_of(paper), trace()) == ("consulting", before)


def test_an_unanswered_comment_keeps_the_paper_from_the_vote(paper: Paper, cast: Cast) -> None:
    consultation.comment(paper, article=None, text="Chưa rõ.", actor=cast.binh)
    before = trace()

    with pytest.raises(sealing.NotReady):
        put(paper, cast)

    assert (state_of(paper), trace()) == ("consulting", before)


def test_a_covenant_is_not_voted_on_and_a_regulation_not_sealed(paper: Paper, cast: Cast) -> None:
    covenant = draft_covenant(cast.year, actor=cast.chi)
    consultation.open_consultation(covenant, actor=cast.chi)

    with pytest.raises(sealing.WrongRoute):
        put(covenant, cast)
    with pytest.raises(sealing.WrongRoute):
        sealing.seal(paper, actor=cast.chi)

    assert (state_of(covenant), state_of(paper)) == ("consulting", "consulting")


def test_a_last_day_in_the_past_is_refused(paper: Paper, cast: Cast) -> None:
    yesterday = timezone.localdate() - dt.timedelta(days=1)

    with pytest.raises(adoption_voting.Refusal):
        put(paper, cast, closes_on=yesterday)

    assert state_of(paper) == "consulting"


# --- Voting online --------------------------------------------------------------------------------


def test_a_leader_votes_once_and_finally(paper: Paper, cast: Cast) -> None:
    voting = put(paper, cast)
    seat = member(cast, cast.board)
    adoption_voting.cast_vote(voting, seat, choice=Choice.AGAINST, proxy="", actor=cast.binh)
    before = trace()

    with pytest.raises(adoption_voting.AlreadyVoted):
        adoption_voting.cast_vote(voting, seat, choice=Choice.FOR, proxy="", actor=cast.binh)

    assert (Vote.objects.get().choice, trace()) == (Choice.AGAINST, before)


def test_nobody_votes_for_another_board(paper: Paper, cast: Cast) -> None:
    voting = put(paper, cast)
    before = trace()

    for actor in (cast.an, cast.em, cast.khach, cast.ngoai, cast.dung):
        with pytest.raises(PermissionDenied):
            adoption_voting.cast_vote(
                voting, member(cast, cast.board), choice=Choice.FOR, proxy="", actor=actor
            )

    assert trace() == before


def test_a_leader_of_another_bloc_does_not_vote_here(paper: Paper, cast: Cast) -> None:
    voting = put(paper, cast)
    seat = cast.foreign_year.memberships.get()

    with pytest.raises(adoption_voting.Refusal):
        adoption_voting.cast_vote(voting, seat, choice=Choice.FOR, proxy="", actor=cast.ngoai)

    assert Vote.objects.count() == 0


def test_a_deputy_needs_a_proxy(paper: Paper, cast: Cast) -> None:
    voting = put(paper, cast)
    deputy = make_user("pho")
    give_post(deputy, PostKind.DEPUTY_LEADER, board=cast.board)
    seat = member(cast, cast.board)

    with pytest.raises(adoption_voting.ProxyMissing):
        adoption_voting.cast_vote(voting, seat, choice=Choice.FOR, proxy=" ", actor=fresh(deputy))
    vote = adoption_voting.cast_vote(
        voting, seat, choice=Choice.FOR, proxy="Giấy ủy quyền 12/GUQ", actor=fresh(deputy)
    )

    assert (vote.voter_title, vote.proxy) == ("Phó Trưởng ban", "Giấy ủy quyền 12/GUQ")


def test_the_chain_never_says_how_a_board_voted(paper: Paper, cast: Cast) -> None:
    voting = put(paper, cast)
    adoption_voting.cast_vote(
        voting, member(cast, cast.board), choice=Choice.AGAINST, proxy="", actor=cast.binh
    )

    entry = AuditEntry.objects.get(act="covenants.voted")

    assert entry.details == {"board": "BQL KKT Bình Định"}


def test_a_round_is_not_counted_while_boards_may_vote(paper: Paper, cast: Cast) -> None:
    voting = put(paper, cast)
    before = trace()

    with pytest.raises(adoption_voting.TooEarly):
        adoption_voting.close_voting(voting, actor=cast.chi)

    assert (state_of(paper), trace()) == ("voting", before)


def vote_all(voting: Voting, cast: Cast, an: str, binh: str) -> None:
    adoption_voting.cast_vote(voting, member(cast, cast.head), choice=an, proxy="", actor=cast.an)
    adoption_voting.cast_vote(
        voting, member(cast, cast.board), choice=binh, proxy="", actor=cast.binh
    )


def test_all_in_favour_adopt_the_paper(paper: Paper, cast: Cast) -> None:
    voting = put(paper, cast)
    vote_all(voting, cast, Choice.FOR, Choice.FOR)

    closed = adoption_voting.close_voting(voting, actor=cast.chi)

    assert (state_of(paper), closed.result) == ("adopted", Result.ADOPTED)
    assert closed.count == adoption_voting.counted(closed)
    assert adoption_voting.faults() == []
    told = OutboxMessage.objects.filter(key__startswith="covenants.decided:")
    assert told.count() == 6


def test_half_is_not_enough_and_the_paper_is_written_on_again(paper: Paper, cast: Cast) -> None:
    voting = put(paper, cast)
    vote_all(voting, cast, Choice.FOR, Choice.ABSTAIN)

    closed = adoption_voting.close_voting(voting, actor=cast.chi)

    assert (state_of(paper), closed.result) == ("consulting", Result.REJECTED)
    assert put(Paper.objects.get(pk=paper.pk), cast).number == 2


def test_after_the_last_day_who_has_not_voted_took_no_part(paper: Paper, cast: Cast) -> None:
    rule = replace(MAJORITY, base=Base.PRESENT)
    voting = put(paper, cast, rule=rule)
    adoption_voting.cast_vote(
        voting, member(cast, cast.head), choice=Choice.FOR, proxy="", actor=cast.an
    )
    Voting.objects.update(closes_on=timezone.localdate() - dt.timedelta(days=1))

    with pytest.raises(adoption_voting.VotingClosed):
        adoption_voting.cast_vote(
            voting, member(cast, cast.board), choice=Choice.AGAINST, proxy="", actor=cast.binh
        )
    closed = adoption_voting.close_voting(voting, actor=cast.chi)

    assert (closed.present, closed.in_favour, closed.result) == (1, 1, Result.ADOPTED)


def test_a_closed_round_takes_no_vote_and_no_second_closing(paper: Paper, cast: Cast) -> None:
    voting = put(paper, cast)
    vote_all(voting, cast, Choice.FOR, Choice.FOR)
    adoption_voting.close_voting(voting, actor=cast.chi)
    before = trace()

    with pytest.raises(adoption_voting.VotingClosed):
        adoption_voting.close_voting(voting, actor=cast.chi)
    with pytest.raises(adoption_voting.VotingClosed):
        adoption_voting.call_off(voting, reason="Muộn", actor=cast.chi)

    assert (state_of(paper), trace()) == ("adopted", before)


def test_a_round_is_called_off_with_its_reason_only(paper: Paper, cast: Cast) -> None:
    voting = put(paper, cast)
    adoption_voting.cast_vote(
        voting, member(cast, cast.head), choice=Choice.FOR, proxy="", actor=cast.an
    )

    with pytest.raises(ReasonMissing):
        adoption_voting.call_off(voting, reason=" ", actor=cast.chi)
    closed = adoption_voting.call_off(voting, reason="Sửa lỗi đánh máy.", actor=cast.chi)

    assert (state_of(paper), closed.result, closed.count) == ("consulting", "called_off", None)


def test_a_changed_number_is_found_by_the_recount(paper: Paper, cast: Cast) -> None:
    voting = put(paper, cast)
    vote_all(voting, cast, Choice.FOR, Choice.ABSTAIN)
    closed = adoption_voting.close_voting(voting, actor=cast.chi)
    Voting.objects.filter(pk=closed.pk).update(in_favour=2, abstaining=0, result="adopted")

    assert adoption_voting.faults() == [
        f"voting {closed.pk}: its numbers are not those of its votes"
    ]


# --- By show of hands -----------------------------------------------------------------------------


def test_a_show_of_hands_is_entered_with_its_numbers(paper: Paper, cast: Cast) -> None:
    voting = put(paper, cast, method=Method.HANDS)

    closed = adoption_voting.enter_hands(voting, meeting=MEETING, actor=cast.chi)

    assert (state_of(paper), closed.held_on, closed.in_favour) == (
        "adopted",
        dt.date(2019, 5, 4),
        2,
    )
    assert adoption_voting.faults() == []


@pytest.mark.parametrize(
    "wrong", [{"present": 3}, {"present": 1}, {"against": 1}, {"in_favour": 2, "abstaining": 1}]
)
def test_impossible_numbers_are_refused(paper: Paper, cast: Cast, wrong: dict[str, int]) -> None:
    voting = put(paper, cast, method=Method.HANDS)
    before = trace()

    with pytest.raises(adoption_voting.ImpossibleNumbers):
        adoption_voting.enter_hands(voting, meeting=replace(MEETING, **wrong), actor=cast.chi)

    assert (state_of(paper), trace()) == ("voting", before)


def test_hands_and_online_rounds_are_closed_each_in_its_way(paper: Paper, cast: Cast) -> None:
    voting = put(paper, cast, method=Method.HANDS)

    with pytest.raises(adoption_voting.VotingClosed):
        adoption_voting.cast_vote(
            voting, member(cast, cast.head), choice=Choice.FOR, proxy="", actor=cast.an
        )
    with pytest.raises(adoption_voting.Refusal):
        adoption_voting.close_voting(voting, actor=cast.chi)

    assert state_of(paper) == "voting"


# --- Minutes --------------------------------------------------------------------------------------


def minutes_text(voting: Voting) -> str:
    assert voting.minutes is not None
    return text_of_pdf(printed.read_content(voting.minutes))


@pytest.mark.parametrize(("openness", "shown"), [(Openness.NAMES, True), (Openness.COUNTS, False)])
def test_minutes_show_votes_only_where_the_rule_opens_them(
    paper: Paper, cast: Cast, openness: str, shown: bool
) -> None:
    third = make_board("PYE", province="Phú Yên")
    join(cast.year, third)
    leader = make_leader(third)
    voting = put(paper, cast, openness=openness)
    vote_all(voting, cast, Choice.FOR, Choice.FOR)
    adoption_voting.cast_vote(
        voting, member(cast, third), choice=Choice.AGAINST, proxy="", actor=leader
    )

    text = minutes_text(adoption_voting.close_voting(voting, actor=cast.chi))

    # Once in the heading of the table of numbers; again in the board's row where it is open.
    assert text.count("Không tán thành") == (2 if shown else 1)
    assert "Kết luận: Quy chế tổ chức và hoạt động năm 2019" in text
