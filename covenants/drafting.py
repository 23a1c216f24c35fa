"""Writing a paper: its heading, its articles, its legal bases, its annex of targets.

Every save names the revision it started from. When somebody else saved in between, nothing is
overwritten: the save is refused with `Overtaken`, which carries the text that now stands.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType
from typing import TypeVar

from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone
from django.utils.translation import gettext as _

from emulation_bloc.lib.pasted import Pasted
from emulation_bloc.lib.refusal import Refusal
from members import audit, files
from members.models import BlocYear, Membership, User
from members.permits import demand

from . import citations
from .models import Article, Indicator, LegalReference, Paper, PaperBasis, PaperKind, Target
from .models.drafts import PaperQuerySet, PaperState, Part
from .models.kinds import COVENANT
from .moves import lock
from .validity import papers_for

Row = TypeVar("Row")
Cell = tuple[Indicator, Membership]
Norms = Mapping[Cell, Decimal | None]

HEADER_FIELDS = ("title", "theme", "opening", "terms", "place", "dated_on", "sign_by", "recipients")


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


class NotCitable(Refusal):
    """A paper that is not in force on the citing paper's date."""


class Gone(Refusal):
    """The article or the indicator was taken out of the paper."""


def start_covenant(year: BlocYear, *, source: Paper | None, actor: User) -> Paper:
    """Begin the covenant of a year under the year's theme; see start_paper."""
    kind = PaperKind.objects.get(pk=COVENANT)
    title = source.title if source else kind.name
    return start_paper(year, kind=kind, title=title, source=source, actor=actor)


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
    for field in ("opening", "terms", "place", "recipients"):
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
def add_article(
    paper: Paper,
    *,
    heading: str,
    body: str,
    chapter: str = "",
    part: str = Part.BODY,
    actor: User,
) -> Article:
    """Put a new article, or annex, at the end."""
    paper = lock(paper)
    demand(actor, "covenants.draft", paper)
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
    """Write an article's chapter, heading and text; raises Overtaken, or Gone when it was removed.

    A save that changes nothing leaves no trace: autosave sends the same text again and again.
    """
    demand(actor, "covenants.draft", lock(article.paper))
    standing = standing_article(article)
    if (standing.chapter, standing.heading, standing.body) == (chapter, heading, body):
        return standing
    if standing.revision != revision:
        raise Overtaken(standing)
    standing.chapter, standing.heading, standing.body = chapter, heading, body
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
    """Move an article one place up (-1) or down (+1) among those of its part; at the edge nothing
    happens."""
    paper = lock(article.paper)
    demand(actor, "covenants.draft", paper)
    articles = list(paper.articles.standing().filter(part=standing_article(article).part))
    moved = swapped(articles, articles.index(article), step)
    if moved == articles:
        return
    for order, row in enumerate(moved, start=1):
        row.order = order
    Article.objects.bulk_update(moved, ["order"])
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
def add_pasted(paper: Paper, *, found: Pasted, actor: User) -> int:
    """Put the articles and annexes of a pasted text at the end; returns how many.

    The words before its first article become the opening of a paper that has none.
    """
    paper = lock(paper)
    demand(actor, "covenants.draft", paper)
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
    """Take a PDF as the text of a paper, in place of one attached before; it is printed behind
    the articles. The caller has checked that it is nothing but a document (lib.uploads)."""
    paper = lock(paper)
    demand(actor, "covenants.draft", paper)
    stored = files.store(content, media_type="application/pdf")
    Paper.objects.filter(pk=paper.pk).update(attachment=stored, attachment_name=name)
    record(paper, "covenants.attached", actor, sha256=stored.sha256, name=name)


@transaction.atomic
def detach(paper: Paper, *, actor: User) -> None:
    """Leave the attached text out again; the file stays stored."""
    paper = lock(paper)
    demand(actor, "covenants.draft", paper)
    Paper.objects.filter(pk=paper.pk).update(attachment=None, attachment_name="")
    record(paper, "covenants.detached", actor)


@transaction.atomic
def cite(paper: Paper, *, references: Sequence[LegalReference], actor: User) -> None:
    """Set the legal bases of a paper, in the order given."""
    paper = lock(paper)
    demand(actor, "covenants.draft", paper)
    set_bases(paper, references, actor)


@transaction.atomic
def rearrange(paper: Paper, *, press: str, reference: LegalReference, actor: User) -> None:
    """Change the legal bases by one press: "add", "remove", "up", "down", "swap" for the successor.

    What stands is read under the lock, so that of two who press at once neither undoes the other.
    """
    paper = lock(paper)
    demand(actor, "covenants.draft", paper)
    cited = [basis.reference for basis in paper.bases.select_related("reference")]
    if press == "swap":
        wanted = citations.swapped(citations.on_day(cited, citations.day_of(paper)), reference.pk)
    else:
        wanted = rearranged(cited, press, reference)
    if wanted != cited:
        set_bases(paper, wanted, actor)


def rearranged(
    cited: list[LegalReference], press: str, reference: LegalReference
) -> list[LegalReference]:
    if press == "add":
        return cited if reference in cited else [*cited, reference]
    if reference not in cited:
        return cited
    if press == "remove":
        return [other for other in cited if other != reference]
    return swapped(cited, cited.index(reference), {"up": -1, "down": 1}[press])


def swapped(rows: Sequence[Row], place: int, step: int) -> list[Row]:
    """The rows with one of them exchanged for its neighbour; at the edge they stay as they are."""
    order, other = list(rows), place + step
    if 0 <= other < len(order):
        order[place], order[other] = order[other], order[place]
    return order


def set_bases(paper: Paper, references: Sequence[LegalReference], actor: User) -> None:
    paper.bases.all().delete()
    PaperBasis.objects.bulk_create(
        PaperBasis(paper=paper, reference=reference, order=order)
        for order, reference in enumerate(references, start=1)
    )
    record(paper, "covenants.cited", actor, numbers=[r.number for r in references])


@transaction.atomic
def cite_papers(paper: Paper, *, cited: Iterable[Paper], actor: User) -> None:
    """Set which papers of the bloc a paper rests on; raises NotCitable.

    Only those in force on the paper's own date, of its year or lasting into it.
    """
    paper = lock(paper)
    demand(actor, "covenants.draft", paper)
    wanted = {one.pk for one in cited}
    if wanted - set(citable(paper).values_list("pk", flat=True)):
        raise NotCitable(_("A paper cites only what is in force on its own date."))
    paper.cited_papers.set(wanted)
    record(paper, "covenants.papers_cited", actor, papers=sorted(wanted))


def citable(paper: Paper) -> PaperQuerySet:
    """The other papers that hold for the paper's year on its own date, oldest first."""
    held = papers_for(paper.bloc_year).in_force_on(paper.dated_on or timezone.localdate())
    return held.exclude(pk=paper.pk).order_by("dated_on", "pk")


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
def save_indicator(indicator: Indicator, *, title: str, unit: str, actor: User) -> None:
    """Word an indicator anew; its figures stay. Raises Gone."""
    paper = lock(indicator.paper)
    demand(actor, "covenants.draft", paper)
    standing = standing_indicator(indicator)
    if (standing.title, standing.unit) == (title, unit):
        return
    Indicator.objects.filter(pk=standing.pk).update(title=title, unit=unit)
    record(
        paper,
        "covenants.indicator_saved",
        actor,
        indicator=standing.pk,
        before=[standing.title, standing.unit],
        after=[title, unit],
    )


def standing_indicator(indicator: Indicator) -> Indicator:
    """The indicator as it stands now; raises Gone."""
    standing = Indicator.objects.filter(pk=indicator.pk).first()
    if standing is None:
        raise Gone(_("This indicator was taken out of the annex meanwhile."))
    return standing


@transaction.atomic
def move_indicator(indicator: Indicator, *, step: int, actor: User) -> None:
    """Move an indicator one place up (-1) or down (+1); at the edge nothing happens."""
    paper = lock(indicator.paper)
    demand(actor, "covenants.draft", paper)
    standing_indicator(indicator)
    columns = list(paper.indicators.all())
    moved = swapped(columns, columns.index(indicator), step)
    if moved == columns:
        return
    for order, column in enumerate(moved, start=1):
        column.order = order
    Indicator.objects.bulk_update(moved, ["order"])
    record(paper, "covenants.indicator_moved", actor, indicator=indicator.pk, step=step)


@transaction.atomic
def remove_indicator(indicator: Indicator, *, actor: User) -> None:
    """Take an indicator and its targets out of the annex. Raises Gone when it is out already."""
    paper = lock(indicator.paper)
    demand(actor, "covenants.draft", paper)
    standing = standing_indicator(indicator)
    record(paper, "covenants.indicator_removed", actor, title=standing.title, unit=standing.unit)
    standing.delete()


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
    nothing at all is written and CellsOvertaken is raised; Gone when a column was taken out.
    """
    paper = lock(paper)
    demand(actor, "covenants.draft", paper)
    refuse_columns_gone(paper, norms)
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


def refuse_columns_gone(paper: Paper, norms: Norms) -> None:
    columns = set(paper.indicators.values_list("pk", flat=True))
    if {indicator.pk for indicator, _member in norms} - columns:
        raise Gone(_("A column was taken out of the annex meanwhile. Nothing was saved."))


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
