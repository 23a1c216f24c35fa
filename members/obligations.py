"""What is due for members: decisions how an open year continues after boards merged."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from .mergers import heirs_of_the_head, undecided
from .models import BlocYear
from .queries import Event, event_of
from .records.due_dates import Audience, Obligation


def obligations(year: BlocYear) -> list[Obligation]:
    """A decision for each succession that affects an open year and is not yet decided.

    If the head board has ended, the board it ended in has to record the decision.
    """
    successions = undecided(year)
    heirs = sorted(heirs_of_the_head(year)) if successions else []
    return [
        decide(year, event_of(succession), heirs[0] if heirs else None)
        for succession in successions
    ]


def decide(year: BlocYear, event: Event, board_id: int | None) -> Obligation:
    """The decision due after one succession; `board_id` records it if the head board is gone."""
    page = reverse("decide", args=[year.bloc.slug, year.year, event.succession.pk])
    return Obligation(
        step="continuation",
        title=_("Decision of the bloc: how the year goes on without %(boards)s")
        % {"boards": ", ".join(event.before_short)},
        note=_("Until then nobody acts in their place"),
        audience=Audience.SECRETARIAT,
        board_id=board_id,
        due_on=event.succession.effective_on,
        url=page,
        action=_("Record the decision"),
        page=page,
    )
