"""Opens the scoring of a year: binds the adopted scale to it and makes the boards' sheets."""

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from covenants.papers import validity
from members.models import BlocYear, User
from members.permissions import require

from ..models import Line, Scale, Scoring, Sheet
from ..scale import annex, checks, computable
from ..transitions import CannotOpen, record
from .boards_together import boards_together
from .tasks import plan_of, plans_of


def scale_in_force(year: BlocYear) -> tuple[Scale, validity.InForce]:
    """The scale of the point_scale paper in force for the year, with the sealed text.

    Raises CannotOpen if no such paper is in force, if it has no scale, if the scale has faults, or
    if the sealed text does not print this scale.
    """
    held = validity.in_force(year, "point_scale")
    if held is None:
        raise CannotOpen(_("No point scale is in force for this year: adopt and sign one first."))
    scale = Scale.objects.filter(paper=held.paper).first()
    if scale is None:
        raise CannotOpen(
            _("The point scale in force was adopted as text only; the portal has no scale for it.")
        )
    if faults := checks.faults(scale):
        raise CannotOpen(" ".join(faults))
    if difference := annex.difference(scale, held.version):
        raise CannotOpen(difference)
    return scale, held


@transaction.atomic
def open_scoring(year: BlocYear, *, self_until: dt.date | None, actor: User) -> Scoring:
    """Bind the scale in force to the year and make a sheet for every board that has not left.

    The plan of each line is the board's target in the covenant. Asks "members.manage_year"; raises
    CannotOpen.
    """
    require(actor, "members.manage_year", year)
    BlocYear.objects.select_for_update().get(pk=year.pk)
    if Scoring.objects.filter(bloc_year=year).exists():
        raise CannotOpen(_("The scoring of this year is open already."))
    scale, held = scale_in_force(year)
    scoring = Scoring.objects.create(
        bloc_year=year,
        scale=scale,
        version=held.version,
        scale_digest=computable.scale_digest(scale),
        self_until=self_until,
        opened_at=timezone.now(),
    )
    make_sheets(scoring)
    record(scoring, "opened", actor, scale=scale.pk, digest=scoring.scale_digest)
    return scoring


def make_sheets(scoring: Scoring) -> None:
    """Create the sheets with a line for every criterion, one sheet for boards that are scored
    together."""
    plans = plans_of(scoring.bloc_year)
    criteria = list(scoring.scale.criteria.select_related("facts_from"))
    for scored in boards_together(scoring.bloc_year):
        sheet = Sheet.objects.create(scoring=scoring, membership=scored[0])
        Line.objects.bulk_create(
            Line(sheet=sheet, criterion=criterion, plan=plan_of(criterion, scored, plans))
            for criterion in criteria
        )
