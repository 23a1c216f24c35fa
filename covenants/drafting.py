"""Writing a paper: its heading, its articles, its legal bases, its annex of targets.

Every save names the revision it started from. When somebody else saved in between, nothing is
overwritten: the save is refused with `Overtaken`, which carries the text that now stands.
"""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType

from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone
from django.utils.translation import gettext as _

from emulation_bloc.lib.refusal import Refusal
from members import audit
from members.models import BlocYear, Membership, User
from members.permits import demand

from .models import Article, Indicator, LegalReference, Paper, PaperBasis, PaperKind, Target
from .models.drafts import PaperState
from .models.kinds import COVENANT
from .moves import lock

Cell = tuple[Indicator, Membership]
Norms = Mapping[Cell, Decimal | None]

HEADER_FIELDS = ("title", "theme", "opening", "terms", "place", "dated_on", "sign_by")


class Overtaken(Refusal):
    """Somebody saved the same part in between; `standing` is the row as it now is."""

    def __init__(self, standing: Paper | Article) -> None:
        super().__init__(
            _("Somebody else saved this part while you were writing. Your text is kept below.")
        )
        self.standing = standing


class CellsOvertaken(Refusal):
    """Somebody set the same cells of the annex in between; `standing` is what they now hold."""

    def __init__(self, standing: Norms) -> None:
        super().__init__(
            _("Somebody else filled the same cells while you were writing. Nothing was saved.")
        )
        self.standing = standing


class AlreadyStarted(Refusal):
    """The year has a paper of this kind that stands in the way."""


class Gone(Refusal):
    """The article was taken out of the paper."""


def start_covenant(year: BlocYear, *, source: Paper | None, actor: User) -> Paper:
    """Begin the covenant of a year under the year's theme; see start_paper."""
    kind = PaperKind.objects.get(pk=COVENANT)
    return start_paper(year, kind=kind, title=kind.name, source=source, actor=actor)


@transaction.atomic
def start_paper(
    year: BlocYear, *, kind: PaperKind, title: str, source: Paper | None, actor: User
) -> Paper:
    """Begin a paper of a year, blank or with the text of an earlier paper of its kind.

    Text, articles and indicators are carried over; targets, dates and legal bases are not: the
    figures are the new year's, and the law may have changed. Asks "members.manage_year"; raises
    AlreadyStarted.
    """
    demand(actor, "members.manage_year", year)
    BlocYear.objects.select_for_update().get(pk=year.pk)
    refuse_second(year, kind)
    paper = Paper.objects.create(bloc_year=year, kind=kind, title=title)
    if source is not None:
        copy_text(source, paper)
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


def refuse_second(year: BlocYear, kind: PaperKind) -> None:
    """One standing covenant a year; of other single kinds, one in the making at a time."""
    papers = year.papers.filter(kind=kind).standing()
    if kind.pk == COVENANT and papers.exists():
        raise AlreadyStarted(_("This year already has a covenant."))
    if kind.is_single and papers.exclude(state=PaperState.COMPLETE).exists():
        raise AlreadyStarted(
            _("“%(kind)s” is already being made; finish or give up that one first.")
            % {"kind": kind.name}
        )


def copy_text(source: Paper, paper: Paper) -> None:
    years = source.bloc_year.year, paper.bloc_year.year
    paper.title, paper.opening = (in_year(text, *years) for text in (source.title, source.opening))
    paper.terms, paper.place = source.terms, source.place
    paper.save()
    Article.objects.bulk_create(
        Article(paper=paper, order=order, heading=article.heading, body=article.body)
        for order, article in enumerate(source.articles.standing(), start=1)
    )
    Indicator.objects.bulk_create(
        Indicator(paper=paper, order=column.order, title=column.title, unit=column.unit)
        for column in source.indicators.all()
    )


def in_year(text: str, old: int, new: int) -> str:
    """The text with “năm 2026” turned into “năm 2027”: title and opening name the paper's year."""
    return re.sub(rf"\b(năm) {old}\b", rf"\1 {new}", text, flags=re.IGNORECASE)


@transaction.atomic
def save_header(
    paper: Paper, *, values: Mapping[str, str | dt.date | None], revision: int, actor: User
) -> Paper:
    """Write title, theme, opening, terms, place and dates; raises Overtaken.

    A save that changes nothing leaves no trace: autosave sends the same text again and again.
    """
    paper = lock(paper)
    demand(actor, "covenants.draft", paper)
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
def add_article(paper: Paper, *, heading: str, body: str, actor: User) -> Article:
    """Put a new article at the end."""
    paper = lock(paper)
    demand(actor, "covenants.draft", paper)
    last = paper.articles.aggregate(last=Max("order"))["last"] or 0
    article = Article.objects.create(paper=paper, order=last + 1, heading=heading, body=body)
    record(paper, "covenants.article_added", actor, article=article.pk)
    return article


@transaction.atomic
def save_article(
    article: Article, *, heading: str, body: str, revision: int, actor: User
) -> Article:
    """Write an article's heading and text; raises Overtaken, or Gone when it was removed.

    A save that changes nothing leaves no trace: autosave sends the same text again and again.
    """
    demand(actor, "covenants.draft", lock(article.paper))
    standing = standing_article(article)
    if (standing.heading, standing.body) == (heading, body):
        return standing
    if standing.revision != revision:
        raise Overtaken(standing)
    standing.heading, standing.body = heading, body
    standing.revision += 1
    standing.save()
    record(standing.paper, "covenants.article_saved", actor, article=standing.pk)
    return standing


def standing_article(article: Article) -> Article:
    """The article as it stands now; raises Gone."""
    standing = Article.objects.select_related("paper").standing().filter(pk=article.pk).first()
    if standing is None:
        raise Gone(_("This article was taken out of the paper. Your text was not saved."))
    return standing


@transaction.atomic
def move_article(article: Article, *, step: int, actor: User) -> None:
    """Move an article one place up (-1) or down (+1); at the edge nothing happens."""
    paper = lock(article.paper)
    demand(actor, "covenants.draft", paper)
    standing_article(article)
    articles = list(paper.articles.standing())
    place = [row.pk for row in articles].index(article.pk)
    other = place + step
    if not 0 <= other < len(articles):
        return
    articles[place], articles[other] = articles[other], articles[place]
    for order, row in enumerate(articles, start=1):
        row.order = order
    Article.objects.bulk_update(articles, ["order"])
    record(paper, "covenants.article_moved", actor, article=article.pk, step=step)


@transaction.atomic
def remove_article(article: Article, *, actor: User) -> None:
    """Take an article out of the text; its comments stay readable."""
    paper = lock(article.paper)
    demand(actor, "covenants.draft", paper)
    standing_article(article)
    Article.objects.filter(pk=article.pk).update(
        removed_at=timezone.now(), revision=F("revision") + 1
    )
    record(paper, "covenants.article_removed", actor, article=article.pk)


@transaction.atomic
def cite(paper: Paper, *, references: Sequence[LegalReference], actor: User) -> None:
    """Set the legal bases of a paper, in the order given."""
    paper = lock(paper)
    demand(actor, "covenants.draft", paper)
    paper.bases.all().delete()
    PaperBasis.objects.bulk_create(
        PaperBasis(paper=paper, reference=reference, order=order)
        for order, reference in enumerate(references, start=1)
    )
    record(paper, "covenants.cited", actor, numbers=[r.number for r in references])


@transaction.atomic
def add_indicator(paper: Paper, *, title: str, unit: str, actor: User) -> Indicator:
    """Put a new indicator, a column of the annex, at the end."""
    paper = lock(paper)
    demand(actor, "covenants.draft", paper)
    last = paper.indicators.aggregate(last=Max("order"))["last"] or 0
    indicator = Indicator.objects.create(paper=paper, order=last + 1, title=title, unit=unit)
    record(paper, "covenants.indicator_added", actor, indicator=indicator.pk)
    return indicator


@transaction.atomic
def remove_indicator(indicator: Indicator, *, actor: User) -> None:
    """Take an indicator and its targets out of the annex."""
    paper = lock(indicator.paper)
    demand(actor, "covenants.draft", paper)
    record(paper, "covenants.indicator_removed", actor, title=indicator.title, unit=indicator.unit)
    indicator.delete()


@transaction.atomic
def set_targets(
    paper: Paper,
    *,
    norms: Norms,
    actor: User,
    started_from: Norms = MappingProxyType({}),
) -> None:
    """Write the figures of the annex; None empties a cell. Only cells that differ are touched.

    `started_from` holds what the writer saw in the cells; where another figure stands by now,
    nothing at all is written and CellsOvertaken is raised.
    """
    paper = lock(paper)
    demand(actor, "covenants.draft", paper)
    standing = {
        (target.indicator_id, target.membership_id): target.norm
        for target in Target.objects.filter(indicator__paper=paper)
    }
    overtaken = {
        (indicator, membership): standing.get((indicator.pk, membership.pk))
        for (indicator, membership), seen in started_from.items()
        if standing.get((indicator.pk, membership.pk)) != seen
    }
    if overtaken:
        raise CellsOvertaken(overtaken)
    changed = {}
    for (indicator, membership), norm in norms.items():
        before = standing.get((indicator.pk, membership.pk))
        if norm != before:
            write_target(indicator, membership, norm)
            changed[f"{indicator.pk}:{membership.pk}"] = [shown(before), shown(norm)]
    if changed:
        record(paper, "covenants.targets_set", actor, changed=changed)


def write_target(indicator: Indicator, membership: Membership, norm: Decimal | None) -> None:
    if norm is None:
        Target.objects.filter(indicator=indicator, membership=membership).delete()
    else:
        Target.objects.update_or_create(
            indicator=indicator, membership=membership, defaults={"norm": norm}
        )


def record(paper: Paper, act: str, actor: User, **details: object) -> None:
    audit.record(act, actor=actor, subject=paper, bloc=paper.bloc_year.bloc, details=details)


def shown(norm: Decimal | None) -> str:
    return "" if norm is None else str(norm)
