"""A paper is put to the vote, voted on board by board or by show of hands, and adopted or not.

While a vote runs the text is frozen. One board has one vote, cast by its leader, or by a deputy
with a proxy; it is final. Nothing of the result is told before the closing, and who voted how
only where the rule of the round says so.
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
from members.records import audit, outbox
from members.records.meetings import Meeting, members_on

from ..models import Paper, Version, Vote, Voting
from ..models.adoption import Choice, Method, Result
from ..models.kinds import Route
from ..papers import versions
from ..papers.consultation import people_of_members
from ..signing import sealing
from ..transitions import lock, move, state_after
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


class ReasonMissing(Refusal):
    """A round is not called off without a reason."""


@dataclass(frozen=True)
class Terms:
    """How a round is held: its method, its rule, who learns what, the last day to vote online."""

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
    """What the kind of the paper proposes: an online round of two weeks."""
    closes_on = timezone.localdate() + dt.timedelta(days=14)
    return Terms(Method.ONLINE, paper.kind.rule, paper.kind.openness, closes_on)


@transaction.atomic
def put_to_vote(paper: Paper, *, terms: Terms, actor: User) -> Voting:
    """Freeze the text and open a round of voting on it; online, the leaders are told.

    Asks "covenants.keep"; raises NotNow, WrongRoute, NotReady with what is still missing.
    """
    paper = lock(paper)
    require(actor, "covenants.keep", paper)
    state_after(paper, "put_to_vote")
    sealing.refuse_route(paper, Route.ADOPTED)
    if sentences := sealing.obstacles(paper):
        raise sealing.NotReady(sentences)
    refuse_past(terms)
    version = versions.take(paper, Version.Occasion.VOTING, actor=actor)
    move(paper, "put_to_vote")
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
        **fields_of(terms.rule),
    )
    if voting.method == Method.ONLINE:
        invite_voters(voting)
    record(voting, "covenants.put_to_vote", actor, round=voting.number, method=voting.method)
    return voting


def refuse_past(terms: Terms) -> None:
    if terms.method != Method.ONLINE:
        return
    if terms.closes_on is None or terms.closes_on < timezone.localdate():
        raise Refusal(_("Give a last day of voting that is not in the past."))


def fields_of(rule: Rule) -> dict[str, object]:
    return {
        "quorum_percent": rule.quorum_percent,
        "threshold_percent": rule.threshold_percent,
        "passing": Passing(rule.passing).value,
        "base": Base(rule.base).value,
    }


def invite_voters(voting: Voting) -> None:
    for membership in voting.electorate().select_related("board", "carried_on_by"):
        for person in sealing.leaders_of(membership):
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

    Asks "covenants.vote" on the membership; raises VotingClosed, AlreadyVoted, ProxyMissing.
    """
    require(actor, "covenants.vote", membership)
    voting = locked(voting)
    refuse_foreign(voting, membership)
    if not takes_votes(voting):
        raise VotingClosed(_("This round of voting is closed."))
    post = post_for(actor, membership)
    if post.kind != PostKind.LEADER and not proxy.strip():
        raise ProxyMissing(_("A deputy votes with a proxy: name its number and date."))
    vote = record_vote(voting, membership, Choice(choice), post, proxy.strip())
    # The chain says that the board voted, never how: it is read by more people than the result.
    record(voting, "covenants.voted", actor, board=str(membership.name))
    return vote


def takes_votes(voting: Voting) -> bool:
    in_time = voting.closes_on is None or timezone.localdate() <= voting.closes_on
    return voting.method == Method.ONLINE and voting.is_open and in_time


def may_close(voting: Voting) -> bool:
    """Whether nobody can vote any more: all have, or the last day is over, or hands are raised."""
    return not takes_votes(voting) or voting.votes.count() == voting.electorate().count()


def refuse_foreign(voting: Voting, membership: Membership) -> None:
    if membership.bloc_year_id != voting.paper.bloc_year_id:
        raise Refusal(_("That board is not a member of this year."))


def record_vote(
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


def post_for(actor: User, membership: Membership) -> Post:
    """The post in which the actor votes for the board; leaders before deputies."""
    posts = [
        post
        for post in actor.current_posts
        if post.board_id == membership.acting_board_id and post.kind in SIGNING_POSTS
    ]
    return min(posts, key=lambda post: post.kind != PostKind.LEADER)


def leads(actor: User, membership: Membership) -> bool:
    """Whether the actor votes for the board as its leader, without a proxy."""
    return post_for(actor, membership).kind == PostKind.LEADER


@transaction.atomic
def close_voting(voting: Voting, *, actor: User) -> Voting:
    """Count an online round and decide it: when all have voted, or after its last day.

    Asks "covenants.keep"; raises TooEarly, VotingClosed.
    """
    voting = locked(voting)
    require(actor, "covenants.keep", voting.paper)
    refuse_closed(voting)
    if voting.method != Method.ONLINE:
        raise Refusal(_("Enter the numbers of the show of hands to close this round."))
    if not may_close(voting):
        raise TooEarly(_("Boards may still vote until the last day; not all have voted yet."))
    voting.members = voting.electorate().count()
    return decide(voting, counted(voting), actor=actor, held_on=timezone.localdate())


@transaction.atomic
def enter_hands(voting: Voting, *, meeting: ShowOfHands, actor: User) -> Voting:
    """Decide a round by the numbers of a show of hands. Asks "covenants.keep"; raises
    ImpossibleNumbers, VotingClosed, StillToCome before the day of the meeting."""
    voting = locked(voting)
    require(actor, "covenants.keep", voting.paper)
    refuse_closed(voting)
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
    return decide(voting, count, actor=actor, held_on=meeting.held_on, **noted)


def counted(voting: Voting) -> Count:
    """The numbers of an online round, from its votes."""
    choices = list(voting.votes.values_list("choice", flat=True))
    return Count(
        members=voting.members,
        present=len(choices),
        in_favour=choices.count(Choice.FOR),
        against=choices.count(Choice.AGAINST),
        abstaining=choices.count(Choice.ABSTAIN),
    )


def decide(voting: Voting, count: Count, *, actor: User, held_on: dt.date, **noted: str) -> Voting:
    """Write numbers, result and minutes; the paper is adopted, or goes back to its drafters."""
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
    move(voting.paper, "adopt" if is_adopted else "reject")
    record(
        voting,
        "covenants.adopted" if is_adopted else "covenants.rejected",
        actor,
        round=voting.number,
        numbers=[count.in_favour, count.against, count.abstaining, count.present, count.members],
        minutes=voting.minutes.file.sha256,
    )
    tell_everyone(voting)
    return voting


@transaction.atomic
def call_off(voting: Voting, *, reason: str, actor: User) -> Voting:
    """End a round without a result, with the reason; votes cast in it stay and count nowhere."""
    voting = locked(voting)
    require(actor, "covenants.keep", voting.paper)
    refuse_closed(voting)
    if not reason.strip():
        raise ReasonMissing(_("Say why the vote is called off."))
    voting.closed_at, voting.result = timezone.now(), Result.CALLED_OFF
    voting.reason = reason
    voting.save()
    move(voting.paper, "call_off")
    audit.record(
        "covenants.vote_called_off",
        actor=actor,
        subject=voting,
        bloc=voting.paper.bloc_year.bloc,
        reason=reason,
    )
    return voting


def locked(voting: Voting) -> Voting:
    """The round and its paper, locked: closing waits for votes under way, and they for it."""
    paper = lock(voting.paper)
    voting = Voting.objects.select_for_update().get(pk=voting.pk)
    voting.paper = paper
    return voting


def refuse_closed(voting: Voting) -> None:
    if not voting.is_open:
        raise VotingClosed(_("This round of voting is closed."))


def tell_everyone(voting: Voting) -> None:
    for person in people_of_members(voting.paper):
        outbox.queue(
            person,
            key=f"covenants.decided:{voting.pk}:{person.pk}",
            template="covenants/mail/decided.txt",
            context={"paper": voting.paper, "voting": voting},
        )


def record(voting: Voting, act: str, actor: User, **details: object) -> None:
    audit.record(
        act, actor=actor, subject=voting, bloc=voting.paper.bloc_year.bloc, details=details
    )


def faults() -> list[str]:
    """A line for each online round whose numbers are not those of its votes."""
    decided = Voting.objects.filter(method=Method.ONLINE).exclude(present=None)
    return [
        f"voting {voting.pk}: its numbers are not those of its votes"
        for voting in decided.order_by("pk")
        if voting.count != counted(voting) or outcome_differs(voting)
    ]


def outcome_differs(voting: Voting) -> bool:
    found = voting.outcome
    return found is not None and found.is_adopted != (voting.result == Result.ADOPTED)
