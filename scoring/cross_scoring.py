"""Cross-scoring: which board scores which, and what the scores come to."""

import secrets
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from members.models import User
from members.permits import demand

from . import crossing
from .filling import check_figure
from .models import CrossDuty, CrossScore, Line, Scoring
from .models.scales import Crossing, Owner
from .models.sheets import SheetState
from .moves import NotNow, lock_scoring, record

# As many decimals as a figure is stored with; points are rounded later, once, by the scale.
STORED = Decimal("0.0001")


def lines_to_score(duty: CrossDuty) -> list[Line]:
    """The lines of the sheet that other boards score."""
    lines = duty.sheet.lines.select_related("criterion__group").filter(
        criterion__owner=Owner.PEERS, unassigned_because=""
    )
    return list(lines.order_by("criterion__group__order", "criterion__order"))


@transaction.atomic
def draw(scoring: Scoring, *, actor: User) -> list[CrossDuty]:
    """Draw which board scores which, once: nobody the own one, no two each other, all equally.

    Asks "scoring.keep"; raises NotNow, and crossing.CannotAssign for numbers that do not work out.
    """
    scoring = lock_scoring(scoring)
    demand(actor, "scoring.keep", scoring)
    if not scoring.is_open or scoring.duties.exists():
        raise NotNow(_("Who scores whom has been drawn already."))
    sheets = {sheet.membership_id: sheet for sheet in scoring.sheets.all()}
    seed = secrets.randbelow(2**31)
    drawn = crossing.assign(sorted(sheets), each=scoring.scale.crossing_each, seed=seed)
    duties = CrossDuty.objects.bulk_create(
        CrossDuty(scoring=scoring, scorer=sheets[scorer].membership, sheet=sheets[scored])
        for scorer, chosen in sorted(drawn.items())
        for scored in chosen
    )
    record(
        scoring,
        "cross_scoring_drawn",
        actor,
        seed=seed,
        drawn={str(k): v for k, v in drawn.items()},
    )
    return duties


@transaction.atomic
def score(duty: CrossDuty, *, figures: Mapping[int, Decimal], actor: User) -> None:
    """Give the figures of a duty, by the id of the line; all lines, once and for all.

    Asks "scoring.cross_score"; raises NotNow and NotAFigure.
    """
    duty = CrossDuty.objects.select_for_update().get(pk=duty.pk)
    demand(actor, "scoring.cross_score", duty)
    lines = lines_to_score(duty)
    if duty.done_at is not None or duty.sheet.state == SheetState.APPRAISED:
        raise NotNow(_("These scores have been given already."))
    if {line.pk for line in lines} != set(figures):
        raise NotNow(_("Score every line."))
    for line in lines:
        check_figure(line, figures[line.pk])
    CrossScore.objects.bulk_create(
        CrossScore(
            duty=duty, line=line, fact=figures[line.pk], given_by=actor, given_at=timezone.now()
        )
        for line in lines
    )
    CrossDuty.objects.filter(pk=duty.pk).update(done_at=timezone.now())
    record(duty.sheet, "cross_scored", actor, scorer=duty.scorer_id)


def combined(line: Line) -> Decimal | None:
    """What the cross-scores of a line come to; None until every board drawn has given its own."""
    figures = list(line.cross_scores.values_list("fact", flat=True))
    if not figures or len(figures) < line.sheet.duties.count():
        return None
    trimmed = line.sheet.scoring.scale.crossing == Crossing.TRIMMED
    mean = crossing.trimmed_mean(figures) if trimmed else crossing.mean(figures)
    return mean.quantize(STORED, ROUND_HALF_UP)
