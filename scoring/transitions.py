"""What the acts of scoring share: locks, new figures, and the entries in the audit chain."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.utils import timezone

from emulation_bloc.lib.refusal import Refusal
from members.models import User
from members.records import audit

from .models import Figure, Line, Scale, Scoring, Sheet


class CannotOpen(Refusal):
    """Something is missing before the year can be scored."""


def lock_scoring(scoring: Scoring) -> Scoring:
    """The scoring read again, its row locked until the transaction ends."""
    return Scoring.objects.select_for_update().get(pk=scoring.pk)


def lock_sheet(sheet: Sheet) -> Sheet:
    """The sheet read again, its row locked; every act that writes on a sheet takes this lock."""
    return Sheet.objects.select_for_update().get(pk=sheet.pk)


def new_figure(
    line: Line, column: str, fact: Decimal | None, *, reason: str, actor: User, number: int = 0
) -> Figure:
    """An unsaved Figure in a column (Column); `fact` is in the criterion's unit, or None.

    `number` is the round it belongs to; 0 means the sheet's current round.
    """
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
    """Write an audit entry "scoring.<act>" about a row of scoring; in the caller's transaction."""
    record_each(act, [audit.Deed(subject, reason, details)], actor)


def record_each(act: str, deeds: Sequence[audit.Deed], actor: User) -> None:
    """Audit entries of one act on several rows of one bloc, with as many queries as for one."""
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
