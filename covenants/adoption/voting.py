"""Voting on a paper: a round is opened, decided online or by show of hands, or called off.

The text is frozen during a round. Each board has one vote, cast by its leader, or by a deputy with
a proxy; it cannot be changed. The result is shown only after the round is closed, and who voted how
only if the round's rule on openness allows it.
"""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from emulation_bloc.lib.counting import Base, Count, Passing, Rule, outcome
from emulation_bloc.lib.days import refuse_ahead
from emulation_bloc.lib.refusal import Refusal
from members.models import Membership, Post, User
from members.models.people import SIGNING_POSTS, PostKind
from members.permissions import require
from members.records import audit, outbox, recipients
from members.records.acts import ReasonMissing, state_after, transition
from members.records.meetings import Meeting, members_on

from ..models import Paper, Version, Vote, Voting
from ..models.adoption import Choice, Method, Result
from ..models.drafts import PAPER_TRANSITIONS
from ..models.kinds import Route
from ..papers import versions
from ..signing import sealing
from ..transitions import lock
from . import minutes


class VotingClosed(Refusal):
    """The round of voting is over."""


class AlreadyVoted(Refusal):
    """The board has voted in this round."""


class ProxyMissing(Refusal):
    """A deputy votes with a proxy only."""


class TooEarly(Refusal):
    """Boards may still vote."""


class ImpossibleNumbers(Refusal):
    """The numbers of a show of hands contradict each other."""


@dataclass(frozen=True)
class Terms:
    """How a round is held: method (Method), rule of counting, openness (Openness of the kind), and
    the last day of an online round."""

    method: str
    rule: Rule
    openness: str
    closes_on: dt.date | None = None


@dataclass(frozen=True)
class ShowOfHands(Meeting):
    """What the secretary notes of a meeting that votes by a show of hands, in boards."""

    in_favour: int
    against: int
    abstaining: int
    remarks: str = ""


def proposed_terms(paper: Paper) -> Terms:
    """The terms that the form starts from: an online round of 14 days by the rule of the kind."""
    closes_on = timezone.localdate() + dt.timedelta(days=14)
    return Terms(Method.ONLINE, paper.kind.rule, paper.kind.openness, closes_on)


@transaction.atomic
def put_to_vote(paper: Paper, *, terms: Terms, actor: User) -> Voting:
    """Freeze the text and open a round of voting; for an online round the leaders get a mail.

    Asks "covenants.keep"; raises NotNow, WrongRoute, NotReady with what is still missing, and
    Refusal for an online round whose last day is past.
    """
    paper = lock(paper)
    require(actor, "covenants.keep", paper)
    state_after(paper, PAPER_TRANSITIONS, "put_to_vote")
    sealing.refuse_route(paper, Route.ADOPTED)
    if sentences := sealing.obstacles(paper):
        raise sealing.NotReady(sentences)
    _refuse_past(terms)
    version = versions.take(paper, Version.Occasion.VOTING, actor=actor)
    transition(paper, PAPER_TRANSITIONS, "put_to_vote")
    voting = Voting.objects.create(
        paper=paper,
        number=paper.votings.count() + 1,
        version=version,
        method=terms.method,
        openness=terms.openness,
        closes_on=terms.closes_on if terms.method == Method.ONLINE else None,
        opened_at=timezone.now(),
        opened_by=actor,
        members=paper.bloc_year.memberships.staying().count(),
        **_fields_of(terms.rule),
    )
    if voting.method == Method.ONLINE:
        _invite_voters(voting)
    _record(voting, "covenants.put_to_vote", actor, round=voting.number, method=voting.method)
    return voting


def _refuse_past(terms: Terms) -> None:
    if terms.method != Method.ONLINE:
        return
    if terms.closes_on is None or terms.closes_on < timezone.localdate():
        raise Refusal(_("Give a last day of voting that is not in the past."))


def _fields_of(rule: Rule) -> dict[str, object]:
    return {
        "quorum_percent": rule.quorum_percent,
        "threshold_percent": rule.threshold_percent,
        "passing": Passing(rule.passing).value,
        "base": Base(rule.base).value,
    }


def _invite_voters(voting: Voting) -> None:
    boards = [membership.acting_board_id for membership in voting.electorate()]
    for person in recipients.leaders_of(boards):
        outbox.queue(
            person,
            key=f"covenants.vote:{voting.pk}:{person.pk}",
            template="covenants/mail/vote.txt",
            context={"paper": voting.paper, "voting": voting},
        )


@transaction.atomic
def cast_vote(
    voting: Voting, membership: Membership, *, choice: str, proxy: str, actor: User
) -> Vote:
    """Cast the vote of a board. `proxy` names the document that lets a deputy vote.

    `choice` is a value of Choice. Asks "covenants.vote" on the membership; raises VotingClosed,
    AlreadyVoted, ProxyMissing, and Refusal for a board of another year.
    """
    require(actor, "covenants.vote", membership)
    voting = _locked(voting)
    _refuse_foreign(voting, membership)
    if not takes_votes(voting):
        raise VotingClosed(_("This round of voting is closed."))
    post = _post_for(actor, membership)
    if post.kind != PostKind.LEADER and not proxy.strip():
        raise ProxyMissing(_("A deputy votes with a proxy: name its number and date."))
    vote = _record_vote(voting, membership, Choice(choice), post, proxy.strip())
    # The chain says that the board voted, never how: it is read by more people than the result.
    _record(voting, "covenants.voted", actor, board=str(membership.name))
    return vote


def takes_votes(voting: Voting) -> bool:
    """Whether boards may vote today: the round is online, open, and its last day is not past."""
    in_time = voting.closes_on is None or timezone.localdate() <= voting.closes_on
    return voting.method == Method.ONLINE and voting.is_open and in_time


def may_close(voting: Voting) -> bool:
    """Whether no more votes can come: all boards have voted, the last day is past, or the round is
    held by show of hands."""
    return not takes_votes(voting) or voting.votes.count() == voting.electorate().count()


def _refuse_foreign(voting: Voting, membership: Membership) -> None:
    if membership.bloc_year_id != voting.paper.bloc_year_id:
        raise Refusal(_("That board is not a member of this year."))


def _record_vote(
    voting: Voting, membership: Membership, choice: Choice, post: Post, proxy: str
) -> Vote:
    if voting.votes.filter(membership=membership).exists():
        raise AlreadyVoted(_("Your board has already voted; a vote is final."))
    return Vote.objects.create(
        voting=voting,
        membership=membership,
        choice=choice,
        post=post,
        voter_name=post.person.full_name,
        voter_title=post.title,
        proxy=proxy if post.kind != PostKind.LEADER else "",
        cast_at=timezone.now(),
    )


def _post_for(actor: User, membership: Membership) -> Post:
    """The post in which the actor votes for the board; leaders before deputies."""
    posts = [
        post
        for post in actor.current_posts
        if post.board_id == membership.acting_board_id and post.kind in SIGNING_POSTS
    ]
    return min(posts, key=lambda post: post.kind != PostKind.LEADER)


def leads(actor: User, membership: Membership) -> bool:
    """Whether the actor votes as the board's leader and needs no proxy. The actor must hold a
    signing post there ("covenants.vote")."""
    return _post_for(actor, membership).kind == PostKind.LEADER


@transaction.atomic
def close_voting(voting: Voting, *, actor: User) -> Voting:
    """Count an online round and decide it, once all have voted or its last day is past.

    Asks "covenants.keep"; raises TooEarly, VotingClosed, and Refusal for a show of hands.
    """
    voting = _locked(voting)
    require(actor, "covenants.keep", voting.paper)
    _refuse_closed(voting)
    if voting.method != Method.ONLINE:
        raise Refusal(_("Enter the numbers of the show of hands to close this round."))
    if not may_close(voting):
        raise TooEarly(_("Boards may still vote until the last day; not all have voted yet."))
    voting.members = voting.electorate().count()
    return _decide(voting, counted(voting), actor=actor, held_on=timezone.localdate())


@transaction.atomic
def enter_hands(voting: Voting, *, meeting: ShowOfHands, actor: User) -> Voting:
    """Decide a round by the numbers of a show of hands. Asks "covenants.keep"; raises
    ImpossibleNumbers, VotingClosed, StillToCome if the meeting's day is to come, and Refusal for an
    online round."""
    voting = _locked(voting)
    require(actor, "covenants.keep", voting.paper)
    _refuse_closed(voting)
    if voting.method != Method.HANDS:
        raise Refusal(_("In an online round the portal counts the votes."))
    refuse_ahead(
        meeting.held_on,
        _("The meeting of %(day)s has not been held: its vote is entered from its day on.")
        % {"day": meeting.held_on.strftime("%d/%m/%Y")},
    )
    voting.members = members_on(meeting.held_on, voting.paper.bloc_year)
    count = Count(
        members=voting.members,
        present=meeting.present,
        in_favour=meeting.in_favour,
        against=meeting.against,
        abstaining=meeting.abstaining,
    )
    if not count.is_possible:
        raise ImpossibleNumbers(
            _(
                "The numbers do not fit: votes cannot be more than the boards present, nor these "
                "more than the %(members)d members."
            )
            % {"members": voting.members}
        )
    noted = {name: getattr(meeting, name) for name in ("place", "chair", "secretary", "remarks")}
    return _decide(voting, count, actor=actor, held_on=meeting.held_on, **noted)


def counted(voting: Voting) -> Count:
    """The numbers of an online round, counted from its votes."""
    choices = list(voting.votes.values_list("choice", flat=True))
    return Count(
        members=voting.members,
        present=len(choices),
        in_favour=choices.count(Choice.FOR),
        against=choices.count(Choice.AGAINST),
        abstaining=choices.count(Choice.ABSTAIN),
    )


def _decide(voting: Voting, count: Count, *, actor: User, held_on: dt.date, **noted: str) -> Voting:
    """Store numbers, result and minutes; the paper is adopted, or goes back into consultation."""
    is_adopted = outcome(voting.rule, count).is_adopted
    values = {
        "present": count.present,
        "in_favour": count.in_favour,
        "against": count.against,
        "abstaining": count.abstaining,
        "held_on": held_on,
        "closed_at": timezone.now(),
        "result": Result.ADOPTED if is_adopted else Result.REJECTED,
        **noted,
    }
    for name, value in values.items():
        setattr(voting, name, value)
    voting.minutes = minutes.print_minutes(voting)
    voting.save()
    transition(voting.paper, PAPER_TRANSITIONS, "adopt" if is_adopted else "reject")
    _record(
        voting,
        "covenants.adopted" if is_adopted else "covenants.rejected",
        actor,
        round=voting.number,
        numbers=[count.in_favour, count.against, count.abstaining, count.present, count.members],
        minutes=voting.minutes.file.sha256,
    )
    _tell_everyone(voting)
    return voting


@transaction.atomic
def call_off(voting: Voting, *, reason: str, actor: User) -> Voting:
    """End a round without a result; its votes are kept and not counted.

    Asks "covenants.keep"; raises VotingClosed, ReasonMissing.
    """
    voting = _locked(voting)
    require(actor, "covenants.keep", voting.paper)
    _refuse_closed(voting)
    if not reason.strip():
        raise ReasonMissing(_("Say why the vote is called off."))
    voting.closed_at, voting.result = timezone.now(), Result.CALLED_OFF
    voting.reason = reason
    voting.save()
    transition(voting.paper, PAPER_TRANSITIONS, "call_off")
    audit.record(
        "covenants.vote_called_off",
        actor=actor,
        subject=voting,
        bloc=voting.paper.bloc_year.bloc,
        reason=reason,
    )
    return voting


def _locked(voting: Voting) -> Voting:
    """The round with its paper, both rows locked, so that no vote is cast while it is closed."""
    paper = lock(voting.paper)
    voting = Voting.objects.select_for_update().get(pk=voting.pk)
    voting.paper = paper
    return voting


def _refuse_closed(voting: Voting) -> None:
    if not voting.is_open:
        raise VotingClosed(_("This round of voting is closed."))


def _tell_everyone(voting: Voting) -> None:
    for person in recipients.people_of_members(voting.paper.bloc_year):
        outbox.queue(
            person,
            key=f"covenants.decided:{voting.pk}:{person.pk}",
            template="covenants/mail/decided.txt",
            context={"paper": voting.paper, "voting": voting},
        )


def _record(voting: Voting, act: str, actor: User, **details: object) -> None:
    audit.record(
        act, actor=actor, subject=voting, bloc=voting.paper.bloc_year.bloc, details=details
    )


def faults() -> list[str]:
    """A sentence for each decided online round whose numbers or result do not follow from its
    votes; `manage.py verify` prints them."""
    decided = Voting.objects.filter(method=Method.ONLINE).exclude(present=None)
    return [
        f"voting {voting.pk}: its numbers are not those of its votes"
        for voting in decided.order_by("pk")
        if voting.count != counted(voting) or _outcome_differs(voting)
    ]


def _outcome_differs(voting: Voting) -> bool:
    found = voting.outcome
    return found is not None and found.is_adopted != (voting.result == Result.ADOPTED)
