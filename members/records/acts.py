"""What the acts of all apps share: refusals, and the change of a row's state.

A model with states has a field `state`, and beside its choices a table of its transitions, `(state,
act): state`. docs/states.md is printed from these tables.
"""

from collections.abc import Mapping
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from emulation_bloc.lib.refusal import Refusal

Transitions = Mapping[tuple[str, str], str]


class NotNow(Refusal):
    """The row's state, or the day, does not allow the act."""


class Overtaken(Refusal):
    """Somebody else saved the same part meanwhile; nothing was written.

    `standing` is the row as it is stored now.
    """

    def __init__(self, standing: models.Model) -> None:
        super().__init__(
            _("Somebody else saved this part while you were writing. Your text is kept below.")
        )
        self.standing: Any = standing


class ReasonMissing(Refusal):
    """The act needs a reason, a document or a choice that was not given."""


def transition(row: Any, table: Transitions, act: str, **values: Any) -> None:
    """Change the state of a row by an act, and write `values` in the same statement.

    The row is updated only if the database still has it in the state that `row` was read in;
    `row` then has the new state and the values. Raises NotNow, with the label of the state, when
    the table has no such transition or another request was faster.
    """
    state = state_after(row, table, act)
    unchanged = type(row)._base_manager.filter(pk=row.pk, state=row.state)
    if unchanged.update(state=state, **values) != 1:
        raise _not_now(row)
    for name, value in {"state": state, **values}.items():
        setattr(row, name, value)


def state_after(row: Any, table: Transitions, act: str) -> str:
    """The state to which the act leads; writes nothing. Raises NotNow if the table has no such
    transition.

    Acts with much work before their transition call it first.
    """
    state = table.get((row.state, act))
    if state is None:
        raise _not_now(row)
    return state


def _not_now(row: Any) -> NotNow:
    return NotNow(
        _("This cannot be done now: the state is “%(state)s”.") % {"state": row.get_state_display()}
    )
