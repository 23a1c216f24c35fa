"""The one way a scoring and a sheet go from state to state; the tables stand beside the states."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from emulation_bloc.lib.refusal import Refusal
from members.models import User
from members.records import audit

from .models import Figure, Line, Scale, Scoring, Sheet
from .models.sheets import SCORING_MOVES, SHEET_MOVES, ScoringState, SheetState


class CannotOpen(Refusal):
    """Something is missing before the year can be scored."""


class NotNow(Refusal):
    """The state of the scoring, or of the sheet, does not allow the act."""


class Overtaken(Refusal):
    """Somebody else saved the same part meanwhile; nothing was overwritten."""

    def __init__(self, standing: models.Model) -> None:
        super().__init__(
            _("Somebody else saved this part while you were writing. Your text is kept below.")
        )
        self.standing = standing


class ReasonMissing(Refusal):
    """The act needs its reason."""


def lock_scoring(scoring: Scoring) -> Scoring:
    """The scoring's row, locked until the transaction ends and read afresh."""
    return Scoring.objects.select_for_update().get(pk=scoring.pk)


def lock_sheet(sheet: Sheet) -> Sheet:
    """The sheet's row, locked and read afresh; who writes on a sheet holds it."""
    return Sheet.objects.select_for_update().get(pk=sheet.pk)


def move_scoring(scoring: Scoring, act: str, **values: Any) -> None:
    """Move a scoring by an act and write `values` in the same statement; raises NotNow."""
    state = SCORING_MOVES.get((scoring.state, act))
    here = Scoring.objects.filter(pk=scoring.pk, state=scoring.state)
    if state is None or here.update(state=state, **values) != 1:
        raise _not_now(ScoringState(scoring.state).label)
    scoring.refresh_from_db()


def move_sheet(sheet: Sheet, act: str, **values: Any) -> None:
    """Move a sheet by an act and write `values` in the same statement; raises NotNow."""
    state = SHEET_MOVES.get((sheet.state, act))
    here = Sheet.objects.filter(pk=sheet.pk, state=sheet.state)
    if state is None or here.update(state=state, **values) != 1:
        raise _not_now(SheetState(sheet.state).label)
    sheet.refresh_from_db()


def _not_now(state: Any) -> NotNow:
    return NotNow(_("This cannot be done now: the state is “%(state)s”.") % {"state": state})


def new_figure(
    line: Line, column: str, fact: Decimal | None, *, reason: str, actor: User, number: int = 0
) -> Figure:
    """A figure for the record, still to be saved; `number` is the round, where it is not yet that
    of the sheet."""
    return Figure(
        line=line,
        column=column,
        round=number or line.sheet.round,
        fact=fact,
        reason=reason.strip(),
        by=actor,
        by_name=audit.actor_name(actor),
        at=timezone.now(),
    )


def record(
    subject: Scale | Scoring | Sheet | Line,
    act: str,
    actor: User,
    *,
    reason: str = "",
    **details: Any,
) -> None:
    """The trace of an act of scoring, under its dotted name without the app."""
    record_each(act, [audit.Deed(subject, reason, details)], actor)


def record_each(act: str, deeds: Sequence[audit.Deed], actor: User) -> None:
    """The traces of one act on several rows of a bloc, with as many queries as for one."""
    if deeds:
        bloc = _bloc_of(deeds[0].subject)
        audit.record_each(f"scoring.{act}", deeds, actor=actor, bloc=bloc)


def _bloc_of(subject: Any) -> Any:
    if isinstance(subject, Scale):
        return subject.paper.bloc_year.bloc
    if isinstance(subject, Scoring):
        return subject.bloc_year.bloc
    sheet = subject.sheet if isinstance(subject, Line) else subject
    return sheet.scoring.bloc_year.bloc
