"""What papers tell of a bloc's time: when they were sealed, and when all had signed."""

from django.db.models import Prefetch
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from members.models import Bloc
from members.timeline import Moment, MomentKind

from .models import Paper, Party


def moments(bloc: Bloc) -> list[Moment]:
    """The standing papers of the bloc that were sealed; of those complete, the completion."""
    papers = Paper.objects.standing().filter(bloc_year__bloc=bloc, sealed_at__isnull=False)
    seats = Party.objects.select_related("membership")
    papers = papers.select_related("bloc_year__bloc").prefetch_related(Prefetch("parties", seats))
    return [moment_of(paper) for paper in papers]


def moment_of(paper: Paper) -> Moment:
    at, seats = paper.completed_at or paper.sealed_at, paper.parties.all()
    year = paper.bloc_year
    count = {"paper": paper, "count": len(seats)}
    return Moment(
        on=paper.dated_on or timezone.localdate(at),
        kind=MomentKind.COMPLETE if paper.completed_at else MomentKind.PAPER,
        title=(
            _("%(paper)s: signed by all %(count)d boards") % count
            if paper.completed_at
            else _("%(paper)s: sealed, being signed") % count
        ),
        url=reverse("covenants:paper", args=[year.bloc.slug, year.year]),
        boards=frozenset(seat.membership.board_id for seat in seats),
    )
