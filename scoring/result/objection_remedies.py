"""How an upheld objection corrects its line: another figure, another plan, assigned, or not
assigned.

Plan and assignment are written by the functions that set them before publication (`sheets.tasks`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from members.models import User
from members.records.acts import NotNow, ReasonMissing

from ..models import Figure, Line
from ..models.appraisal import Column, Remedied
from ..sheets import tasks
from ..sheets.boards import BoardSheet, refuse_unassigned
from ..sheets.filling import NotAFigure, check_figure
from ..transitions import new_figure


@dataclass(frozen=True)
class Remedy:
    """`kind` is a Remedied; `fact` and `plan` are the new figure and plan, where given. `grounds`
    is the document of the plan, or the reason why the criterion is not assigned."""

    kind: str
    fact: Decimal | None = None
    plan: Decimal | None = None
    grounds: str = ""


def offered(line: Line) -> list[str]:
    """The kinds of remedy that are possible for a line in its present state."""
    if not line.is_assigned:
        return [Remedied.ASSIGNED]
    if _plan_may_be_entered(line):
        return [Remedied.FIGURE, Remedied.PLAN, Remedied.NOT_ASSIGNED]
    return [Remedied.FIGURE, Remedied.NOT_ASSIGNED]


def is_measured_by_plan(line: Line) -> bool:
    """Whether a plan is needed to score the line's figure."""
    return line.criterion_id in tasks.measured_by_plan(line.sheet.scoring.scale)


def _plan_may_be_entered(line: Line) -> bool:
    """Whether the line is measured by a plan that the covenant does not give."""
    return is_measured_by_plan(line) and not tasks.is_given_by_the_covenant(line)


def lacks_plan(line: Line) -> bool:
    """Whether the line needs a plan and has none."""
    return line.plan is None and is_measured_by_plan(line)


def apply_remedy(line: Line, remedy: Remedy, *, answer: str, actor: User) -> None:
    """Apply a remedy to a line that the caller has locked and read; `answer` becomes the figure's
    reason.

    Raises as `refuse_unfit`.
    """
    refuse_unfit(line, remedy)
    if remedy.kind == Remedied.ASSIGNED:
        tasks.put_assignment(line, "", actor)
    if remedy.kind == Remedied.NOT_ASSIGNED:
        tasks.put_assignment(line, remedy.grounds, actor)
    if remedy.plan is not None:
        tasks.put_plan(line, remedy.plan, remedy.grounds, actor)
    if remedy.fact is not None:
        new_figure(line, Column.APPRAISED, remedy.fact, reason=answer, actor=actor).save()


def apply_in_memory(board: BoardSheet, line: Line, remedy: Remedy) -> None:
    """Apply a remedy to a BoardSheet in memory, to preview its effect."""
    current = next(one for one in board.lines if one.pk == line.pk)
    if remedy.kind in (Remedied.ASSIGNED, Remedied.NOT_ASSIGNED):
        _assign_in_memory(board, current, remedy)
    if remedy.plan is not None:
        current.plan = remedy.plan
    if remedy.fact is not None:
        supposed = Figure(line=line, column=Column.APPRAISED, fact=remedy.fact)
        board.figures.setdefault(Column.APPRAISED, {})[line.pk] = supposed


def _assign_in_memory(board: BoardSheet, line: Line, remedy: Remedy) -> None:
    """Changes the lines that use this line's figure as well, as `tasks.put_assignment` does."""
    because = remedy.grounds if remedy.kind == Remedied.NOT_ASSIGNED else ""
    along = [
        one
        for one in board.lines
        if one.criterion.facts_from_id == line.criterion_id
        and one.unassigned_because == line.unassigned_because
    ]
    for one in (line, *along):
        one.unassigned_because = because


# --- Checks of each remedy ------------------------------------------------------------------------


def refuse_unfit(line: Line, remedy: Remedy) -> None:
    """Raises ReasonMissing, NotAFigure or NotNow for a remedy that does not fit the line."""
    if remedy.kind not in REFUSALS:
        raise ReasonMissing(_("Say how the line is put right."))
    REFUSALS[remedy.kind](line, remedy)


def _refuse_figure(line: Line, remedy: Remedy) -> None:
    refuse_unassigned(line)
    _refuse_bad_figure(line, remedy.fact)
    current = line.figures.filter(column=Column.APPRAISED).last()
    if current is not None and current.fact == remedy.fact:
        raise NotAFigure(_("An objection that is upheld changes the figure: this one stands."))


def _refuse_plan(line: Line, remedy: Remedy) -> None:
    refuse_unassigned(line)
    _refuse_bad_plan(line, remedy)
    if line.plan == remedy.plan:
        raise NotAFigure(_("An objection that is upheld changes the plan: this one stands."))


def _refuse_assigning(line: Line, remedy: Remedy) -> None:
    if line.is_assigned:
        raise NotNow(_("This criterion is assigned to the board already."))
    _refuse_bad_figure(line, remedy.fact)
    if remedy.plan is not None or lacks_plan(line):
        _refuse_bad_plan(line, remedy)


def _refuse_leaving_out(line: Line, remedy: Remedy) -> None:
    refuse_unassigned(line)
    if not remedy.grounds.strip():
        raise ReasonMissing(_("Say why the criterion is not assigned to the board."))


REFUSALS: dict[str, Callable[[Line, Remedy], None]] = {
    Remedied.FIGURE: _refuse_figure,
    Remedied.PLAN: _refuse_plan,
    Remedied.ASSIGNED: _refuse_assigning,
    Remedied.NOT_ASSIGNED: _refuse_leaving_out,
}


def _refuse_bad_figure(line: Line, fact: Decimal | None) -> None:
    if fact is None:
        raise ReasonMissing(_("Give the figure that stands from now on."))
    check_figure(line, fact)


def _refuse_bad_plan(line: Line, remedy: Remedy) -> None:
    """A plan can be entered, with its document, only if the line needs one that the covenant does
    not give."""
    if not is_measured_by_plan(line):
        raise NotNow(_("No plan measures this criterion."))
    if tasks.is_given_by_the_covenant(line):
        raise NotNow(_("The covenant's plan stands: only an amendment of the covenant changes it."))
    if remedy.plan is None:
        raise ReasonMissing(_("Give the plan that stands from now on."))
    if remedy.plan < 0:
        raise NotAFigure(_("The figure cannot be negative."))
    if not remedy.grounds.strip():
        raise ReasonMissing(_("Name the document that sets the plan."))
