"""Events of papers on the bloc's timeline: sealed, and complete."""

from django.db.models import Prefetch
from django.utils import timezone
from django.utils.translation import gettext as _

from members.history.timeline import TimelineEvent, TimelineEventKind
from members.models import Bloc

from .addresses import address
from .models import Paper, Party


def timeline_events(bloc: Bloc) -> list[TimelineEvent]:
    """One event per sealed paper of the bloc that was not annulled: its completion, or its sealing
    while it is being signed.
    """
    papers = Paper.objects.standing().filter(bloc_year__bloc=bloc, sealed_at__isnull=False)
    seats = Party.objects.select_related("membership", "signature")
    papers = papers.select_related("bloc_year__bloc").prefetch_related(Prefetch("parties", seats))
    return [_moment_of(paper) for paper in papers]


def _moment_of(paper: Paper) -> TimelineEvent:
    at, seats = paper.completed_at or paper.sealed_at, paper.parties.all()
    return TimelineEvent(
        on=paper.dated_on or timezone.localdate(at),
        kind=TimelineEventKind.COMPLETE if paper.completed_at else TimelineEventKind.PAPER,
        title=_title_of(paper, sum(not seat.is_given_up for seat in seats)),
        url=address(paper, "paper"),
        boards=frozenset(seat.membership.board_id for seat in seats),
    )


def _title_of(paper: Paper, seats: int) -> str:
    if not paper.completed_at:
        return _("%(paper)s: sealed, being signed") % {"paper": paper}
    if paper.is_covenant:
        return _("%(paper)s: signed by all %(count)d boards") % {"paper": paper, "count": seats}
    return _("%(paper)s, No. %(number)s: adopted and signed") % {
        "paper": paper.title,
        "number": paper.full_number,
    }
