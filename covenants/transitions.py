"""The one way a paper goes from state to state; the table stands beside the states."""

from typing import Any

from django.utils.translation import gettext as _

from emulation_bloc.lib.refusal import Refusal

from .models import Paper
from .models.drafts import PAPER_MOVES, PaperState


class NotNow(Refusal):
    """The paper's state does not allow the act."""


def lock(paper: Paper) -> Paper:
    """The paper's row, locked until the transaction ends and read afresh."""
    return Paper.objects.select_for_update().get(pk=paper.pk)


def move(paper: Paper, act: str, **values: Any) -> None:
    """Move a paper by an act and write `values` in the same statement; raises NotNow."""
    state = state_after(paper, act)
    if not moved(paper, state, values):
        raise _not_now(paper)
    for name, value in {"state": state, **values}.items():
        setattr(paper, name, value)


def state_after(paper: Paper, act: str) -> str:
    """Where the act leads from the paper's state; raises NotNow when the table has no such move.

    Acts with much work before their move ask first, so that nothing is done in vain.
    """
    state = PAPER_MOVES.get((paper.state, act))
    if state is None:
        raise _not_now(paper)
    return state


def _not_now(paper: Paper) -> NotNow:
    return NotNow(
        _("This cannot be done now: the paper is in the state “%(state)s”.")
        % {"state": PaperState(paper.state).label}
    )


def moved(paper: Paper, state: str, values: dict[str, Any]) -> bool:
    here = Paper.objects.filter(pk=paper.pk, state=paper.state)
    return here.update(state=state, **values) == 1
