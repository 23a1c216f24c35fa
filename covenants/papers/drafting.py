"""Writing a paper: its heading, articles, annexes and attached text.

Every save names the revision it started from. If somebody else saved meanwhile, nothing is written
and `Overtaken` is raised with the current row.
"""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from typing import TypeVar

from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone
from django.utils.translation import gettext as _

from emulation_bloc.lib.pasted import Pasted
from emulation_bloc.lib.refusal import Refusal
from members.models import BlocYear, User
from members.permissions import require
from members.records import audit, files
from members.records.acts import Overtaken

from ..models import Article, Indicator, Paper, PaperKind
from ..models.drafts import PaperState, Part
from ..models.kinds import COVENANT
from ..transitions import lock

Row = TypeVar("Row")

HEADER_FIELDS = ("title", "theme", "opening", "terms", "place", "dated_on", "sign_by", "recipients")


class AlreadyStarted(Refusal):
    """The year already has a covenant, or a paper of this kind that is not finished."""


class Gone(Refusal):
    """The article or indicator was removed from the paper."""


class NotByHand(Refusal):
    """The portal generates this part; it cannot be typed into or removed."""

    def __init__(self) -> None:
        super().__init__(
            _("The portal prints this annex from the point scale. Change the scale instead.")
        )


def start_covenant(year: BlocYear, *, source: Paper | None, actor: User) -> Paper:
    """Start the covenant of a year with the year's theme; see start_paper."""
    kind = PaperKind.objects.get(pk=COVENANT)
    title = in_year(source.title, source.bloc_year.year, year.year) if source else kind.name
    return start_paper(year, kind=kind, title=title, source=source, actor=actor)


@transaction.atomic
def start_paper(
    year: BlocYear, *, kind: PaperKind, title: str, source: Paper | None, actor: User
) -> Paper:
    """Start a paper, blank or with the text of `source`, an earlier paper of the same kind.

    Copies text, articles and indicators. Targets, dates and legal bases are not copied: the figures
    are the new year's, and the law may have changed. Asks "members.manage_year"; raises
    AlreadyStarted.
    """
    require(actor, "members.manage_year", year)
    BlocYear.objects.select_for_update().get(pk=year.pk)
    _refuse_second(year, kind)
    paper = Paper.objects.create(bloc_year=year, kind=kind, title=title)
    if source is not None:
        _copy_text(source, paper)
    if paper.is_covenant:
        Paper.objects.filter(pk=paper.pk).update(theme=year.theme)
    audit.record(
        "covenants.started",
        actor=actor,
        subject=paper,
        bloc=year.bloc,
        details={"kind": kind.pk, "source": source.pk if source else None},
    )
    return Paper.objects.get(pk=paper.pk)


def _refuse_second(year: BlocYear, kind: PaperKind) -> None:
    """Raises AlreadyStarted: one covenant per year (annulled ones do not count), and of other kinds
    marked `is_single` one unfinished paper at a time.
    """
    papers = year.papers.filter(kind=kind).standing()
    if kind.pk == COVENANT and papers.exists():
        raise AlreadyStarted(_("This year already has a covenant."))
    if kind.is_single and papers.exclude(state=PaperState.COMPLETE).exists():
        raise AlreadyStarted(
            _("“%(kind)s” is already being made; finish or give up that one first.")
            % {"kind": kind.name}
        )


def _copy_text(source: Paper, paper: Paper) -> None:
    years = source.bloc_year.year, paper.bloc_year.year
    paper.opening = in_year(source.opening, *years)
    for field in ("terms", "place", "recipients"):
        setattr(paper, field, getattr(source, field))
    paper.save()
    Article.objects.bulk_create(
        Article(
            paper=paper,
            order=order,
            part=article.part,
            chapter=article.chapter,
            heading=article.heading,
            body=article.body,
        )
        for order, article in enumerate(source.articles.standing(), start=1)
    )
    Indicator.objects.bulk_create(
        Indicator(paper=paper, order=column.order, title=column.title, unit=column.unit)
        for column in source.indicators.all()
    )


def in_year(text: str, old: int, new: int) -> str:
    """The text with “năm <old>” replaced by “năm <new>”, for title and opening."""
    return re.sub(rf"\b(năm) {old}\b", rf"\1 {new}", text, flags=re.IGNORECASE)


@transaction.atomic
def save_header(
    paper: Paper, *, values: Mapping[str, str | dt.date | None], revision: int, actor: User
) -> Paper:
    """Write the HEADER_FIELDS given in `values`. Asks "covenants.draft"; raises Overtaken.

    Unchanged values leave no audit entry, because autosave sends the same text repeatedly.
    """
    paper = lock(paper)
    require(actor, "covenants.draft", paper)
    changed = {field: values[field] for field in HEADER_FIELDS if field in values}
    changed = {field: value for field, value in changed.items() if getattr(paper, field) != value}
    if not changed:
        return paper
    if paper.revision != revision:
        raise Overtaken(paper)
    for field, value in changed.items():
        setattr(paper, field, value)
    paper.revision += 1
    paper.save()
    record(paper, "covenants.header_saved", actor)
    return paper


@transaction.atomic
def add_article(
    paper: Paper,
    *,
    heading: str,
    body: str,
    chapter: str = "",
    part: str = Part.BODY,
    actor: User,
) -> Article:
    """Append an article, or an annex if `part` says so. Asks "covenants.draft"."""
    paper = lock(paper)
    require(actor, "covenants.draft", paper)
    last = paper.articles.aggregate(last=Max("order"))["last"] or 0
    article = Article.objects.create(
        paper=paper, order=last + 1, part=part, chapter=chapter, heading=heading, body=body
    )
    record(paper, "covenants.article_added", actor, article=article.pk)
    return article


@transaction.atomic
def save_article(
    article: Article, *, heading: str, body: str, chapter: str = "", revision: int, actor: User
) -> Article:
    """Write chapter, heading and text of an article.

    Unchanged text leaves no audit entry, because autosave sends the same text repeatedly. Asks
    "covenants.draft"; raises Overtaken, Gone if it was removed, NotByHand if the portal generates
    it.
    """
    require(actor, "covenants.draft", lock(article.paper))
    current = _current_article(article)
    _refuse_by_hand(current)
    if (current.chapter, current.heading, current.body) == (chapter, heading, body):
        return current
    if current.revision != revision:
        raise Overtaken(current)
    current.chapter, current.heading, current.body = chapter, heading, body
    current.revision += 1
    current.save()
    record(current.paper, "covenants.article_saved", actor, article=current.pk)
    return current


def _refuse_by_hand(article: Article) -> None:
    if article.by_portal:
        raise NotByHand


@transaction.atomic
def print_annex(
    paper: Paper, *, annex: Article | None, heading: str, body: str, actor: User
) -> Article:
    """Write the text of a generated annex; without `annex` a new one is added under `heading`.

    From then on it cannot be edited or removed by hand. An existing annex keeps its heading;
    unchanged text leaves no audit entry. Asks "covenants.draft"; raises Gone.
    """
    paper = lock(paper)
    require(actor, "covenants.draft", paper)
    if annex is None:
        annex = add_article(paper, heading=heading, body=body, part=Part.ANNEX, actor=actor)
    current = _current_article(annex)
    is_new_text = current.body != body
    Article.objects.filter(pk=current.pk).update(
        by_portal=True, body=body, revision=F("revision") + int(is_new_text)
    )
    if is_new_text:
        record(paper, "covenants.article_saved", actor, article=current.pk)
    return _current_article(current)


def _current_article(article: Article) -> Article:
    """The article read afresh; raises Gone if it was removed."""
    current = Article.objects.select_related("paper").standing().filter(pk=article.pk).first()
    if current is None:
        raise Gone(_("This article was taken out of the paper. Your text was not saved."))
    return current


@transaction.atomic
def move_article(article: Article, *, step: int, actor: User) -> None:
    """Move an article one place up (-1) or down (+1) within its part; no change at the end of the
    list.

    Asks "covenants.draft"; raises Gone.
    """
    paper = lock(article.paper)
    require(actor, "covenants.draft", paper)
    articles = list(paper.articles.standing().filter(part=_current_article(article).part))
    moved = swapped(articles, articles.index(article), step)
    if moved == articles:
        return
    for order, row in enumerate(moved, start=1):
        row.order = order
    Article.objects.bulk_update(moved, ["order"])
    record(paper, "covenants.article_moved", actor, article=article.pk, step=step)


@transaction.atomic
def remove_article(article: Article, *, actor: User) -> None:
    """Remove an article from the text; its comments stay readable.

    Asks "covenants.draft"; raises Gone, and NotByHand if the portal generates it.
    """
    paper = lock(article.paper)
    require(actor, "covenants.draft", paper)
    _refuse_by_hand(_current_article(article))
    Article.objects.filter(pk=article.pk).update(
        removed_at=timezone.now(), revision=F("revision") + 1
    )
    record(paper, "covenants.article_removed", actor, article=article.pk)


@transaction.atomic
def add_pasted(paper: Paper, *, found: Pasted, actor: User) -> int:
    """Append the articles and annexes of a pasted text; returns their number.

    The text before the first article becomes the paper's opening if it has none. Asks
    "covenants.draft".
    """
    paper = lock(paper)
    require(actor, "covenants.draft", paper)
    last = paper.articles.aggregate(last=Max("order"))["last"] or 0
    Article.objects.bulk_create(
        Article(
            paper=paper,
            order=order,
            part=Part.ANNEX if section.is_annex else Part.BODY,
            chapter=section.chapter,
            heading=section.heading or _("(without a heading)"),
            body=section.body,
        )
        for order, section in enumerate(found.sections, start=last + 1)
    )
    if found.opening and not paper.opening:
        Paper.objects.filter(pk=paper.pk).update(
            opening="\n".join(found.opening), revision=F("revision") + 1
        )
    record(paper, "covenants.pasted", actor, parts=len(found.sections))
    return len(found.sections)


@transaction.atomic
def attach(paper: Paper, *, content: bytes, name: str, actor: User) -> None:
    """Store a PDF as the attached text, replacing an earlier one; it is printed after the articles.

    `content` has been checked by lib.uploads. Asks "covenants.draft".
    """
    paper = lock(paper)
    require(actor, "covenants.draft", paper)
    stored = files.store(content, media_type="application/pdf")
    Paper.objects.filter(pk=paper.pk).update(attachment=stored, attachment_name=name)
    record(paper, "covenants.attached", actor, sha256=stored.sha256, name=name)


@transaction.atomic
def detach(paper: Paper, *, actor: User) -> None:
    """Remove the attached text from the paper; the file stays stored. Asks "covenants.draft"."""
    paper = lock(paper)
    require(actor, "covenants.draft", paper)
    Paper.objects.filter(pk=paper.pk).update(attachment=None, attachment_name="")
    record(paper, "covenants.detached", actor)


def swapped(rows: Sequence[Row], place: int, step: int) -> list[Row]:
    """The rows with rows[place] and its neighbour exchanged; unchanged if there is no neighbour."""
    order, other = list(rows), place + step
    if 0 <= other < len(order):
        order[place], order[other] = order[other], order[place]
    return order


def record(paper: Paper, act: str, actor: User, **details: object) -> None:
    """Write the audit entry of an act on the paper."""
    audit.record(act, actor=actor, subject=paper, bloc=paper.bloc_year.bloc, details=details)
