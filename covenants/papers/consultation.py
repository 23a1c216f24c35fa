"""The consultation on a paper: members comment on its articles, the secretariat answers."""

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
    """Keep the text as a version and ask everyone in the member boards for comments, by mail.

    Asks "covenants.keep"; raises NothingToDiscuss, NotNow.
    """
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
    """Whether the paper has an article or an attached text."""
    return paper.attachment is not None or paper.articles.standing().exists()


@transaction.atomic
def resume_drafting(paper: Paper, *, actor: User) -> None:
    """Close the consultation; the comments are kept, answered or not.

    Asks "covenants.keep"; raises NotNow.
    """
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
    """Comment on an article, or on the whole paper if `article` is None, for a board.

    `membership` is the board; None takes the first in the year's order that the actor speaks for.
    The same text sent again by the same board is not stored twice while it is unanswered. The
    secretariat gets a mail. Asks "covenants.comment"; raises NothingSaid, NotYourBoard.
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
    """Accept or decline a comment; `verdict` is a value of Verdict, declining needs an answer.

    The author gets a mail. An answer may be corrected until the paper is sealed; each correction is
    in the audit chain. Asks "covenants.keep"; raises NotNow, ReasonMissing.
    """
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
    """The memberships for which the actor may comment, in the year's order: leaders, deputies and
    contact officers do (SPEAKING_POSTS)."""
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
