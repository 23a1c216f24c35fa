"""Queries for the pages of covenants."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from emulation_bloc.lib.text import fold
from members.models import AuditEntry, BlocYear, Membership
from members.records.audit import subject_of

from .models import (
    Article,
    Comment,
    Indicator,
    LegalReference,
    Paper,
    PaperKind,
    Party,
    Version,
    Vote,
    Voting,
)
from .models.drafts import PaperQuerySet, PaperState
from .models.kinds import COVENANT


def papers_of(year: BlocYear) -> PaperQuerySet:
    """The papers of a year with related rows; their `bloc_year` is the object given."""
    papers: PaperQuerySet = year.papers.select_related(
        "kind", "document", "sealed_file", "certificate", "attachment", "replaced_by"
    )
    return papers


def covenant_of(year: BlocYear) -> Paper | None:
    """The covenant of a year, None without one; annulled ones do not count."""
    return papers_of(year).filter(kind=COVENANT).standing().first()


def covenant_before(year: BlocYear) -> Paper | None:
    """The latest covenant of an earlier year of the bloc that was not annulled."""
    return _of_earlier_years(year, COVENANT).first()


def paper_of_last_year(paper: Paper) -> Paper | None:
    """The latest paper of the same kind of an earlier year, not annulled; None for kinds of which
    several papers may be in force at once.
    """
    if not paper.kind.is_single:
        return None
    return _of_earlier_years(paper.bloc_year, paper.kind_id).first()


def _of_earlier_years(year: BlocYear, kind: str) -> PaperQuerySet:
    papers = Paper.objects.filter(
        kind=kind, bloc_year__bloc=year.bloc_id, bloc_year__year__lt=year.year
    )
    newest_first = papers.standing().select_related("bloc_year", "kind", "attachment")
    return newest_first.order_by("-bloc_year__year", "-pk")


def paper_before(year: BlocYear, kind: PaperKind) -> Paper | None:
    """The latest paper of a kind in this or an earlier year of the bloc, not annulled."""
    papers = Paper.objects.filter(
        kind=kind, bloc_year__bloc=year.bloc_id, bloc_year__year__lte=year.year
    )
    return papers.standing().order_by("-bloc_year__year", "-pk").first()


def papers_listed(year: BlocYear, *, words: str) -> list[Paper]:
    """The papers of a year by kind, searched by title and number. Filtered in Python: a year has
    few.
    """
    papers = papers_of(year).order_by("kind__order", "pk")
    sought = fold(words).split()
    return [
        paper
        for paper in papers
        if all(word in fold(f"{paper.title} {paper.full_number}") for word in sought)
    ]


# --- Votes --------------------------------------------------------------------------------------


def votings_of(paper: Paper) -> list[Voting]:
    """The rounds of voting on a paper, newest first."""
    rounds = list(paper.votings.select_related("minutes", "version").order_by("-number"))
    for voting in rounds:
        voting.paper = paper
    return rounds


def yet_to_vote(voting: Voting) -> list[Membership]:
    """The boards that have not voted in the round, in the year's order."""
    memberships = voting.electorate().select_related("name", "board", "bloc_year")
    return list(memberships.exclude(pk__in=voting.votes.values("membership")))


def turnout(voting: Voting) -> list[tuple[Membership, Vote | None]]:
    """Every board with its vote, None until it is cast. Pages may show when, never how,
    it voted.
    """
    votes = {vote.membership_id: vote for vote in voting.votes.all()}
    memberships = voting.electorate().select_related("name")
    return [(membership, votes.get(membership.pk)) for membership in memberships]


@dataclass(frozen=True)
class Annulled:
    """An annulled covenant and the reason given."""

    paper: Paper
    reason: str


def annulled_covenants(year: BlocYear) -> list[Annulled]:
    """The annulled covenants of a year, with reasons from the audit trail."""
    papers = list(year.papers.filter(kind=COVENANT, state=PaperState.ANNULLED))
    if not papers:
        return []
    subjects = {subject_of(paper): paper for paper in papers}
    entries = AuditEntry.objects.filter(act="covenants.annulled", subject__in=subjects)
    return [Annulled(subjects[entry.subject], entry.reason) for entry in entries]


def last_save(part: Paper | Article | Indicator) -> AuditEntry | None:
    """The audit entry of the last save of a paper's heading, an article or an indicator; None if
    none.
    """
    paper = part if isinstance(part, Paper) else part.paper
    entries = AuditEntry.objects.filter(subject=subject_of(paper))
    if isinstance(part, Article):
        return entries.filter(act="covenants.article_saved", details__article=part.pk).last()
    if isinstance(part, Indicator):
        return entries.filter(act="covenants.indicator_saved", details__indicator=part.pk).last()
    return entries.filter(act="covenants.header_saved").last()


def seats_of(paper: Paper) -> list[Party]:
    """The seats of a paper in printed order, with signatures and boards."""
    seats = paper.parties.select_related("signature", "membership__name")
    return list(seats)


def comments_of(paper: Paper) -> QuerySet[Comment]:
    """The comments on a paper, with related rows."""
    return paper.comments.select_related("membership__name", "article", "answered_by__person")


def comments_by_article(paper: Paper) -> dict[int | None, list[Comment]]:
    """Article id -> comments on it; the key None has those on the whole paper."""
    said: dict[int | None, list[Comment]] = defaultdict(list)
    for comment in comments_of(paper):
        said[comment.article_id].append(comment)
    return said


def comments_listed(paper: Paper, *, verdict: str, board: int | None, words: str) -> list[Comment]:
    """Comments in the order of the articles, those on the whole paper first.

    Filters: `verdict`, `board` (membership id) and `words`, searched without diacritics.
    """
    comments = comments_of(paper).order_by("article__order", "made_at", "pk")
    if verdict:
        comments = comments.filter(verdict=verdict)
    if board:
        comments = comments.filter(membership=board)
    sought = fold(words).split()
    found = [comment for comment in comments if _contains(comment, sought)]
    return sorted(found, key=lambda comment: comment.article_id is not None)


def _contains(comment: Comment, sought: Iterable[str]) -> bool:
    text = fold(f"{comment.text} {comment.answer} {comment.author_name}")
    return all(word in text for word in sought)


def comment_counts(paper: Paper) -> dict[str, int]:
    """ "total" and "unanswered" -> number of comments."""
    return paper.comments.aggregate(
        total=Count("pk"), unanswered=Count("pk", filter=Q(verdict="open"))
    )


def versions_of(paper: Paper) -> list[Version]:
    """The versions of a paper, oldest first."""
    return list(paper.versions.select_related("taken_by__person"))


def register(day: dt.date, *, words: str, cited: Iterable[int]) -> list[LegalReference]:
    """The legal register without the ids in `cited`; documents in force on the day come first."""
    references = LegalReference.objects.select_related("replaced_by").exclude(pk__in=cited)
    for word in fold(words).split():
        references = references.filter(folded__contains=word)
    return sorted(references, key=lambda reference: not reference.is_in_force_on(day))
