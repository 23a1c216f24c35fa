"""From when to when a paper is in force: until a newer one replaces it or it is withdrawn."""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from members.models import BlocYear, User
from members.permissions import require
from members.queries import day_of
from members.records import audit
from members.records.acts import NotNow, ReasonMissing

from ..models import Paper, PaperKind, Version
from ..models.drafts import PaperQuerySet, PaperState
from ..models.kinds import Lasting
from ..transitions import lock


@dataclass(frozen=True)
class InForce:
    """A paper in force, and its sealed text."""

    paper: Paper
    version: Version


def in_force(year: BlocYear, kind: str, *, on: dt.date | None = None) -> InForce | None:
    """The paper of a kind in force for a year on a day, None without one. Other apps ask this.

    `on` defaults to today, or to the last day of a past year. Kinds that last until replaced are
    also searched in earlier years; the paper with the latest first day is taken.
    """
    papers = papers_for(year).filter(kind=kind).in_force_on(on or day_of(year))
    paper = papers.order_by("-effective_on", "-pk").first()
    if paper is None:
        return None
    return InForce(paper, paper.versions.get(occasion=Version.Occasion.SEALING))


def papers_for(year: BlocYear) -> PaperQuerySet:
    """The papers of a year, and papers of earlier years whose kind lasts until replaced."""
    lasting = Q(
        kind__lasts=Lasting.UNTIL_REPLACED,
        bloc_year__bloc=year.bloc_id,
        bloc_year__year__lt=year.year,
    )
    return Paper.objects.filter(Q(bloc_year=year) | lasting).select_related("kind", "bloc_year")


def replace_older(paper: Paper) -> None:
    """End the papers that a complete paper replaces, on the day it takes effect.

    Only for kinds marked `is_single`. Call it inside the transaction that completes the paper.
    """
    if not paper.kind.is_single or paper.effective_on is None:
        return
    older = papers_for(paper.bloc_year).filter(kind=paper.kind).exclude(pk=paper.pk)
    for one in older.in_force_on(paper.effective_on):
        Paper.objects.filter(pk=one.pk).update(
            expires_on=max(paper.effective_on, one.effective_on or paper.effective_on),
            replaced_by=paper,
        )
        audit.record(
            "covenants.replaced",
            actor=None,
            subject=one,
            bloc=paper.bloc_year.bloc,
            details={"by": paper.pk, "on": paper.effective_on.isoformat()},
        )


@transaction.atomic
def withdraw(paper: Paper, *, on: dt.date, reason: str, actor: User) -> None:
    """End an adopted and signed paper on the day `on`, with a reason.

    A covenant cannot be withdrawn: every board signed it, not only the head. Asks "covenants.keep";
    raises NotNow, ReasonMissing.
    """
    paper = lock(paper)
    require(actor, "covenants.keep", paper)
    if paper.state != PaperState.COMPLETE or paper.is_covenant:
        raise NotNow(_("Only an adopted paper that is signed can be withdrawn."))
    if paper.withdrawn_at or not paper.is_in_force_on(max(on, paper.effective_on or on)):
        raise NotNow(_("This paper is no longer in force on that day."))
    if not reason.strip():
        raise ReasonMissing(_("Say why the paper is withdrawn."))
    Paper.objects.filter(pk=paper.pk).update(
        expires_on=max(on, paper.effective_on or on),
        withdrawn_at=timezone.now(),
        withdrawn_reason=reason,
    )
    audit.record(
        "covenants.withdrawn",
        actor=actor,
        subject=paper,
        bloc=paper.bloc_year.bloc,
        reason=reason,
        details={"on": on.isoformat()},
    )


def kinds_in_force(year: BlocYear, day: dt.date) -> list[tuple[PaperKind, list[Paper]]]:
    """Every kind of paper, with its papers in force for the year on the day."""
    held = list(papers_for(year).in_force_on(day).order_by("-effective_on", "-pk"))
    return [
        (kind, [paper for paper in held if paper.kind_id == kind.pk])
        for kind in PaperKind.objects.all()
    ]
