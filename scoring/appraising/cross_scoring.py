"""Cross-scoring: which board scores which, the scores given, and their mean."""

import secrets
from collections.abc import Container, Mapping
from decimal import ROUND_HALF_UP, Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from members.models import User
from members.permissions import require
from members.records.acts import NotNow

from ..computing import cross_draw
from ..models import CrossDuty, CrossScore, Line, Scoring, Sheet
from ..models.scales import Crossing, Owner
from ..models.sheets import SheetState
from ..sheets.filling import check_figure
from ..transitions import lock_scoring, lock_sheet, record

# A figure is stored with four decimals; points are rounded later, once, by the scale.
STORED = Decimal("0.0001")


def lines_to_score(duty: CrossDuty) -> list[Line]:
    """The cross-scored lines of the duty's sheet, with evidence."""
    lines = duty.sheet.lines.select_related("criterion__group").filter(
        criterion__owner=Owner.PEERS, unassigned_because=""
    )
    ordered = lines.order_by("criterion__group__order", "criterion__order")
    return list(ordered.prefetch_related("evidence"))


@transaction.atomic
def draw(scoring: Scoring, *, actor: User) -> list[CrossDuty]:
    """Draw which board scores which, once per year: as many each as the scale says, or as many as
    this number of boards allows. The seed is recorded, so that the draw can be repeated.

    Asks "scoring.keep"; raises NotNow, and CannotAssign for fewer than 3 boards or more than 20.
    """
    scoring = lock_scoring(scoring)
    require(actor, "scoring.keep", scoring)
    if scoring.duties.exists():
        raise NotNow(_("Who scores whom has been drawn already."))
    if not scoring.is_open:
        raise NotNow(_("The scores are published: nothing of the sheets changes any more."))
    if not scoring.scale.criteria.filter(owner=Owner.PEERS).exists():
        raise NotNow(_("The scale has no criterion that other boards score."))
    staying = scoring.sheets.filter(membership__left_by__isnull=True)
    sheets = {sheet.membership_id: sheet for sheet in staying.select_related("membership")}
    seed = secrets.randbelow(2**31)
    each = min(scoring.scale.crossing_each, cross_draw.most_each(len(sheets)))
    drawn = cross_draw.assign(sorted(sheets), each=each, seed=seed)
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
    """Give the figures of a duty by line id: of all lines, and only once.

    Asks "scoring.cross_score"; raises NotNow and NotAFigure.
    """
    lock_sheet(duty.sheet)
    duty = CrossDuty.objects.select_for_update().get(pk=duty.pk)
    require(actor, "scoring.cross_score", duty)
    lines = lines_to_score(duty)
    if duty.done_at is not None:
        raise NotNow(_("These scores have been given already."))
    if obstacle := obstacle_of_sheet(duty.sheet):
        raise NotNow(obstacle)
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


def obstacle_of_sheet(sheet: Sheet) -> str:
    """Why a sheet is not scored by others now, as a sentence; "" while it can be."""
    return {
        SheetState.FILLING: _("The sheet has not been submitted: score it after that."),
        SheetState.RETURNED: _("Lines went back to the board: score once it has replied."),
        SheetState.APPRAISED: _("The appraisal is concluded: nobody scores this sheet any more."),
    }.get(SheetState(sheet.state), "")


def means(sheet: Sheet) -> dict[int, Decimal]:
    """The mean of the cross-scores of each line, by line id; {} until every board that has to score
    the sheet did so. Two queries."""
    duties = sheet.duties.select_related("scorer", "sheet__membership")
    counting = [duty for duty in duties if applies(duty)]
    if not counting or any(duty.done_at is None for duty in counting):
        return {}
    figures: dict[int, list[Decimal]] = {}
    scores = CrossScore.objects.filter(duty__in=counting)
    for line, fact in scores.values_list("line", "fact"):
        figures.setdefault(line, []).append(fact)
    trimmed = sheet.scoring.scale.crossing == Crossing.TRIMMED
    mean = cross_draw.trimmed_mean if trimmed else cross_draw.mean
    return {line: mean(given).quantize(STORED, ROUND_HALF_UP) for line, given in figures.items()}


def applies(duty: CrossDuty, aside: Container[int] = ()) -> bool:
    """Whether a duty still applies: its scores were given, or can still be given. It cannot if the
    duty is void or if its sheet is kept aside (`aside`: membership ids, see
    `boards_together.counted_in`)."""
    is_void = duty.is_void or duty.sheet.membership_id in aside
    return duty.done_at is not None or not is_void
