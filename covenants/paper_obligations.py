"""What is due for papers adopted by vote, from boards and secretariat."""

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Count, Min, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.models import BlocYear, Membership
from members.records.due_dates import Audience, Obligation

from .addresses import address
from .models import Comment, Paper, Party, Vote, Voting
from .models.adoption import Method
from .models.comments import Verdict
from .models.drafts import PaperState
from .models.kinds import COVENANT


def obligations(year: BlocYear) -> Iterator[Obligation]:
    """Everything due for the unfinished papers of the year. The number of queries is constant."""
    papers = _in_the_making(year)
    if not papers:
        return
    memberships = list(year.memberships.staying().select_related("name"))
    said, votes = _first_comments(year), _votes_cast(year)
    rounds = _open_rounds(year)
    seats = open_seats(year)
    for paper in papers:
        if paper.state == PaperState.CONSULTING:
            yield from comment(paper, memberships, said)
        if voting := rounds.get(paper.pk):
            yield from vote(paper, voting, memberships, votes)
        if party := seats.get(paper.pk):
            yield sign(paper, party)
        else:
            yield of_secretariat(paper, rounds.get(paper.pk))


def _in_the_making(year: BlocYear) -> list[Paper]:
    """The papers, other than the covenant, that are neither complete nor annulled, with
    `unanswered` (number of comments) and with `bloc_year` set to the object given.
    """
    unanswered = Count("comments", filter=Q(comments__verdict=Verdict.OPEN))
    papers = year.papers.standing().exclude(kind=COVENANT).exclude(state=PaperState.COMPLETE)
    return list(papers.select_related("kind").annotate(unanswered=unanswered))


def _first_comments(year: BlocYear) -> dict[tuple[int, int], dt.datetime]:
    """(paper id, membership id) -> when the board first commented."""
    comments = Comment.objects.filter(paper__bloc_year=year, paper__state=PaperState.CONSULTING)
    rows = comments.order_by().values_list("paper", "membership").annotate(Min("made_at"))
    return {(paper, membership): first for paper, membership, first in rows}


def _votes_cast(year: BlocYear) -> dict[tuple[int, int], dt.datetime]:
    """(round id, membership id) -> when the board voted, in open rounds."""
    votes = Vote.objects.filter(voting__paper__bloc_year=year, voting__closed_at=None)
    rows = votes.values_list("voting", "membership", "cast_at")
    return {(voting, membership): at for voting, membership, at in rows}


def _open_rounds(year: BlocYear) -> dict[int, Voting]:
    """Paper id -> its open round of voting."""
    rounds = Voting.objects.filter(paper__bloc_year=year, closed_at=None)
    return {voting.paper_id: voting for voting in rounds}


def open_seats(year: BlocYear) -> dict[int, Party]:
    """Paper id -> the seat of the head's leader, while it is unsigned."""
    seats = Party.objects.filter(paper__bloc_year=year, paper__state=PaperState.SIGNING)
    waiting = seats.exclude(paper__kind=COVENANT).waiting()
    return {party.paper_id: party for party in waiting.select_related("membership__name")}


def comment(
    paper: Paper,
    memberships: Iterable[Membership],
    said: dict[tuple[int, int], dt.datetime],
) -> Iterator[Obligation]:
    """An invitation to each board. It has no day, so nobody is late with it."""
    page = address(paper, "paper")
    for membership in memberships:
        yield Obligation(
            step=f"comment-{paper.pk}",
            title=_("Comment on: %(paper)s") % {"paper": paper.title},
            column=_("Comment on: %(paper)s") % {"paper": paper.title},
            note=_("Open while the draft is in consultation"),
            audience=Audience.BOARD,
            membership=membership,
            done_on=day_of(said.get((paper.pk, membership.pk))),
            url=page,
            action=_("Comment"),
            page=page,
        )


def vote(
    paper: Paper,
    voting: Voting,
    memberships: Iterable[Membership],
    votes: dict[tuple[int, int], dt.datetime],
) -> Iterator[Obligation]:
    """A vote from each board, in online rounds only."""
    if voting.method != Method.ONLINE:
        return
    for membership in memberships:
        yield Obligation(
            step=f"vote-{paper.pk}",
            title=_("Vote on: %(paper)s") % {"paper": paper.title},
            column=_("Vote on: %(paper)s") % {"paper": paper.title},
            note=_("By the leader, or by a deputy with a proxy"),
            audience=Audience.BOARD_LEADER,
            membership=membership,
            due_on=voting.closes_on,
            done_on=day_of(votes.get((voting.pk, membership.pk))),
            url=address(paper, "vote"),
            action=_("Cast the vote"),
            page=address(paper, "votings"),
        )


def sign(paper: Paper, party: Party) -> Obligation:
    """The signature of the head's leader."""
    return Obligation(
        step=f"sign-{paper.pk}",
        title=_("Sign: %(paper)s") % {"paper": paper.title},
        column=_("Sign: %(paper)s") % {"paper": paper.title},
        note=_("For the bloc, as its head"),
        audience=Audience.BOARD_LEADER,
        membership=party.membership,
        due_on=paper.effective_on,
        url=address(paper, "sign", party.pk),
        action=_("Sign"),
        page=address(paper, "paper"),
    )


def of_secretariat(paper: Paper, voting: Voting | None) -> Obligation:
    """The secretariat's next step with a paper."""
    title, note, page, action = _next_step(paper, voting)
    return Obligation(
        step=f"paper-{paper.pk}",
        title=title % {"paper": paper.title},
        note=note,
        audience=Audience.SECRETARIAT,
        due_on=voting.closes_on if voting else None,
        url=address(paper, page),
        action=action,
        page=address(paper, "paper"),
    )


def _next_step(paper: Paper, voting: Voting | None) -> tuple[Any, Any, str, Any]:
    """(title, note, name of the page, label of the button) of the secretariat's next step."""
    if voting is not None:
        note = _("When all have voted, or after the last day")
        return _("Close the vote on: %(paper)s"), note, "close_voting", _("Close and count")
    if paper.state == PaperState.ADOPTED:
        return _("Number and send for signing: %(paper)s"), "", "issue", _("Number it")
    if paper.state == PaperState.DRAFTING:
        return _("Finish the draft: %(paper)s"), "", "workshop", _("Go on drafting")
    if getattr(paper, "unanswered", 0):
        note = _("A comment that is not taken over needs a reason")
        return _("Answer the comments: %(paper)s"), note, "comments", _("Answer")
    note = _("Online, or by show of hands at a conference")
    return _("Put to the vote: %(paper)s"), note, "put_to_vote", _("Put to the vote")


def day_of(moment: dt.datetime | None) -> dt.date | None:
    """The local day of a moment; None stays None."""
    return timezone.localdate(moment) if moment else None
