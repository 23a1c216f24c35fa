"""What a board is measured by: the criteria assigned to it, and the plan of each."""

from collections.abc import Iterable
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from covenants.models import Covenant, Target
from covenants.papers.carried_on import RATES
from emulation_bloc.lib.numbers import plain_decimal
from members.models import BlocYear, Membership, User
from members.permissions import require
from members.records.acts import ReasonMissing

from ..models import Criterion, Line, Scale, Scoring, Sheet
from ..models.sheets import SheetState
from ..transitions import CannotOpen, lock_scoring, lock_sheet, record
from .boards_together import boards_together
from .filling import NotAFigure

# Title of an indicator to (unit, target by membership id).
Plans = dict[str, tuple[str, dict[int, Decimal]]]


def plans_of(year: BlocYear) -> Plans:
    """The targets in the year's sealed covenant."""
    covenants = Covenant.objects.standing().filter(bloc_year=year, sealed_at__isnull=False)
    targets = Target.objects.filter(indicator__paper__in=covenants).select_related("indicator")
    plans: Plans = {}
    for target in targets:
        column = plans.setdefault(target.indicator.title, (target.indicator.unit, {}))
        column[1][target.membership_id] = target.norm
    return plans


def plan_of(criterion: Criterion, scored: list[Membership], plans: Plans) -> Decimal | None:
    """The target of a board for a criterion, in the unit of the indicator; None without a target.
    For boards scored together, their targets are added if all have one; rates count only if they
    are all equal, otherwise the secretariat sets the plan."""
    indicator = (criterion.facts_from or criterion).indicator
    unit, targets = plans.get(indicator, ("", {}))
    figures = [targets[member.pk] for member in scored if member.pk in targets]
    if not figures or len(figures) < len(scored):
        return None
    if unit.strip().startswith(RATES):
        return figures[0] if len(set(figures)) == 1 else None
    return sum(figures, Decimal(0))


# --- What a board is measured by ------------------------------------------------------------------


@transaction.atomic
def assign(line: Line, *, unassigned_because: str, actor: User) -> list[Line]:
    """Record that a criterion is not assigned to a board, and why; an empty reason assigns it
    again.

    Lines that use its figure are changed with it if they were in the same state; they are returned.
    Asks "scoring.set_task", which nobody holds for the own board. Raises CannotOpen once the sheet
    is appraised, and for a line that uses the figure of a line not assigned.
    """
    return put_assignment(_line_to_set(line, actor), unassigned_because, actor)


def put_assignment(line: Line, unassigned_because: str, actor: User) -> list[Line]:
    """Write the assignment of a line that the caller has locked and read; returns the lines changed
    with it. Raises CannotOpen for a line that uses the figure of a line not assigned."""
    reason, before = " ".join(unassigned_because.split()), line.unassigned_because
    if before == reason:
        return []
    if not reason:
        _refuse_without_its_figure(line)
    along = _taken_along(line)
    changed = [line, *along]
    Line.objects.filter(pk__in=[one.pk for one in changed]).update(unassigned_because=reason)
    act = "unassigned" if reason else "assigned"
    for one in changed:
        one.unassigned_because = reason
        record(one, act, actor, reason=reason or before)
    return along


def _taken_along(line: Line) -> list[Line]:
    """The lines that use the figure of this line, and are in the same state of assignment."""
    reusing = Line.objects.filter(
        sheet=line.sheet,
        criterion__facts_from=line.criterion_id,
        unassigned_because=line.unassigned_because,
    )
    found = list(reusing.select_related("criterion").order_by("criterion__order"))
    for one in found:
        one.sheet = line.sheet
    return found


def _refuse_without_its_figure(line: Line) -> None:
    source = line.criterion.facts_from_id
    left_out = line.sheet.lines.filter(criterion=source).exclude(unassigned_because="")
    if source is not None and left_out.exists():
        raise CannotOpen(_("This line takes over the figure of another one: change that one."))


def _line_to_set(line: Line, actor: User) -> Line:
    """The line, read again with scoring and sheet locked. Asks and raises as `sheet_to_set`."""
    sheet = sheet_to_set(line.sheet, actor)
    current = Line.objects.select_related("criterion__facts_from").get(pk=line.pk)
    current.sheet = sheet
    return current


def sheet_to_set(sheet: Sheet, actor: User) -> Sheet:
    """The sheet, read again with scoring and sheet locked, for setting its tasks.

    Asks "scoring.set_task"; raises CannotOpen if the scores are published or the sheet is
    appraised.
    """
    scoring = lock_scoring(sheet.scoring)
    sheet = lock_sheet(sheet)
    require(actor, "scoring.set_task", sheet)
    _refuse_unless_open(scoring)
    if sheet.state == SheetState.APPRAISED:
        raise CannotOpen(_("The sheet is appraised: take its appraisal up again first."))
    return sheet


@transaction.atomic
def set_plan(line: Line, *, plan: Decimal, reason: str, actor: User) -> None:
    """Enter the plan of a line for which the covenant gives none; `reason` is the document that
    sets it.

    Asks "scoring.set_task", which nobody holds for the own board. Raises ReasonMissing, NotAFigure,
    and CannotOpen if the covenant gives the plan or the sheet is appraised.
    """
    current = _line_to_set(line, actor)
    if current.criterion.facts_from_id is not None:
        raise CannotOpen(_("This line takes over the figure of another one: change that one."))
    if is_given_by_the_covenant(current):
        raise CannotOpen(_("This plan comes from the covenant and is not typed."))
    put_plan(current, plan, reason, actor)


def put_plan(line: Line, plan: Decimal, document: str, actor: User) -> None:
    """Write the plan of a line that the caller has locked and read. Raises NotAFigure,
    ReasonMissing."""
    if plan < 0:
        raise NotAFigure(_("The figure cannot be negative."))
    if line.plan == plan:
        return
    if not document.strip():
        raise ReasonMissing(_("Name the document that sets the plan."))
    before = plain_decimal(line.plan)
    after = plain_decimal(plan)
    Line.objects.filter(pk=line.pk).update(plan=plan)
    line.plan = plan
    record(line, "plan_set", actor, reason=document.strip(), before=before, after=after)


def measured_by_plan(scale: Scale) -> set[int]:
    """The ids of criteria whose plan is needed, by their own formula or by one that uses their
    figure; one query."""
    return {one.facts_from_id or one.pk for one in scale.criteria.all() if one.formula.needs_plan}


def is_given_by_the_covenant(line: Line) -> bool:
    """Whether the covenant gives the plan of this line."""
    given = _given_in(line.sheet.scoring.bloc_year, [line.criterion])
    return (line.sheet.membership_id, line.criterion_id) in given


def given_by_the_covenant(scoring: Scoring) -> set[tuple[int, int]]:
    """(membership id, criterion id) for each plan that the year's covenant gives; a few queries."""
    criteria = scoring.scale.criteria.select_related("facts_from")
    return _given_in(scoring.bloc_year, list(criteria))


def _given_in(year: BlocYear, criteria: Iterable[Criterion]) -> set[tuple[int, int]]:
    """For boards scored together the plan is that of all of them; on a sheet kept aside the board's
    own target counts as well."""
    plans = plans_of(year)
    return {
        (member.pk, criterion.pk)
        for together in boards_together(year)
        for member in together
        for criterion in criteria
        if plan_of(criterion, together, plans) is not None
        or (member is not together[0] and plan_of(criterion, [member], plans) is not None)
    }


def _refuse_unless_open(scoring: Scoring) -> None:
    if not scoring.is_open:
        raise CannotOpen(_("The scores are published: nothing of the sheets changes any more."))
