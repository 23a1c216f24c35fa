"""Members speak about a paper, article by article; the secretariat answers every comment."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from emulation_bloc.lib.refusal import Refusal
from members.models import Membership, Person, User
from members.models.people import SPEAKING_POSTS
from members.permissions import require
from members.records import audit, outbox, recipients
from members.records.acts import NotNow, ReasonMissing, transition

from ..models import Article, Comment, Paper, Version
from ..models.comments import Verdict
from ..models.drafts import PAPER_TRANSITIONS
from ..transitions import lock
from . import versions


class NothingToDiscuss(Refusal):
    """The paper has neither an article nor an attached text yet."""


class NothingSaid(Refusal):
    """A comment has no words, or is about an article that is no longer in the paper."""


class NotYourBoard(Refusal):
    """The actor speaks for other boards."""


@transaction.atomic
def open_consultation(paper: Paper, *, actor: User) -> Version:
    """Keep the text as a version and ask the members for their comments."""
    paper = lock(paper)
    require(actor, "covenants.keep", paper)
    if not has_text(paper):
        raise NothingToDiscuss(_("Write at least one article before you ask for comments."))
    transition(paper, PAPER_TRANSITIONS, "open_consultation")
    version = versions.take(paper, Version.Occasion.CONSULTATION, actor=actor)
    for person in recipients.people_of_members(paper.bloc_year):
        outbox.queue(
            person,
            key=f"covenants.consulted:{paper.pk}:{version.number}:{person.pk}",
            template="covenants/mail/consultation.txt",
            context={"paper": paper},
        )
    audit.record(
        "covenants.consultation_opened",
        actor=actor,
        subject=paper,
        bloc=paper.bloc_year.bloc,
        details={"version": version.number},
    )
    return version


def has_text(paper: Paper) -> bool:
    """Whether there is anything to discuss: an article, or a text that is attached."""
    return paper.attachment is not None or paper.articles.standing().exists()


@transaction.atomic
def resume_drafting(paper: Paper, *, actor: User) -> None:
    """Close the round of comments; those made stay, answered or not."""
    paper = lock(paper)
    require(actor, "covenants.keep", paper)
    transition(paper, PAPER_TRANSITIONS, "resume_drafting")
    audit.record(
        "covenants.drafting_resumed", actor=actor, subject=paper, bloc=paper.bloc_year.bloc
    )


@transaction.atomic
def comment(
    paper: Paper,
    *,
    article: Article | None,
    text: str,
    actor: User,
    membership: Membership | None = None,
) -> Comment:
    """Say something about an article, or about the whole paper, for a board the actor speaks for:
    the given one, else the first in the year's order.

    The same words of the same board, sent twice, are one comment while they are unanswered. The
    secretariat is told. Asks "covenants.comment"; raises NothingSaid, NotYourBoard.
    """
    paper = lock(paper)
    require(actor, "covenants.comment", paper)
    if not text.strip():
        raise NothingSaid(_("Write what your board says before you send it."))
    if article and not paper.articles.standing().filter(pk=article.pk).exists():
        raise NothingSaid(_("This article was taken out of the paper. Comment on the whole paper."))
    membership = _one_of_the_own(memberships_of(actor, paper), membership)
    said = paper.comments.unanswered().filter(membership=membership, article=article, text=text)
    if standing := said.first():
        return standing
    made = Comment.objects.create(
        paper=paper,
        article=article,
        membership=membership,
        author=actor,
        author_name=audit.actor_name(actor),
        text=text,
        made_at=timezone.now(),
    )
    audit.record("covenants.commented", actor=actor, subject=made, bloc=paper.bloc_year.bloc)
    _tell_secretariat(made)
    return made


def _tell_secretariat(comment: Comment) -> None:
    for person in recipients.secretariat_of(comment.paper.bloc_year):
        if person.user_id != comment.author_id:
            outbox.queue(
                person,
                key=f"covenants.commented:{comment.pk}:{person.pk}",
                template="covenants/mail/commented.txt",
                context={"paper": comment.paper, "comment": comment},
            )


@transaction.atomic
def answer(comment: Comment, *, verdict: str, answer: str, actor: User) -> None:
    """Take a comment over or not; declining needs a reason. Its author is told. An answer may be
    corrected until the paper is sealed, and every correction is in the audit chain."""
    paper = lock(comment.paper)
    require(actor, "covenants.keep", paper)
    if not paper.is_editable:
        raise NotNow(_("The paper is sealed: its comments can no longer be answered."))
    if verdict not in (Verdict.ACCEPTED, Verdict.DECLINED):
        raise ReasonMissing(_("Say whether the comment is taken over."))
    if verdict == Verdict.DECLINED and not answer.strip():
        raise ReasonMissing(_("Say why the comment is not taken over."))
    at = timezone.now()
    Comment.objects.filter(pk=comment.pk).update(
        verdict=verdict, answer=answer, answered_by=actor, answered_at=at
    )
    audit.record(
        "covenants.comment_answered",
        actor=actor,
        subject=comment,
        bloc=paper.bloc_year.bloc,
        reason=answer,
        details={"verdict": verdict},
    )
    if comment.author_id != actor.pk:
        outbox.queue(
            Person.objects.get(user=comment.author_id),
            key=f"covenants.comment_answered:{comment.pk}:{at.isoformat()}",
            template="covenants/mail/comment_answered.txt",
            context={"paper": paper, "comment": Comment.objects.get(pk=comment.pk)},
        )


def memberships_of(actor: User, paper: Paper) -> list[Membership]:
    """The memberships for which the actor speaks, in the year's order; never one of a board whose
    money alone is kept."""
    boards = [
        post.board_id
        for post in actor.current_posts
        if post.board_id and post.kind in SPEAKING_POSTS
    ]
    spoken_for = paper.bloc_year.memberships.acted_for_by(boards)
    return list(spoken_for.select_related("name").order_by("order"))


def _one_of_the_own(own: list[Membership], wanted: Membership | None) -> Membership:
    if wanted is not None and wanted not in own:
        raise NotYourBoard(_("You do not speak for this board."))
    return wanted or own[0]
