"""The closing conference: agreeing scores, ruling on ties, restrictions, making the result
final."""

import datetime as dt
from collections.abc import Collection, Mapping
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from emulation_bloc.lib.days import refuse_ahead
from emulation_bloc.lib.numbers import plain_decimal
from members.models import User
from members.permissions import require
from members.records import files
from members.records.acts import NotNow, ReasonMissing, transition

from ..models import Figure, Line, Restriction, Result, Scoring, Sheet, TiePlace, TieRuling
from ..models.appraisal import Column
from ..models.sheets import SCORING_TRANSITIONS, ScoringState
from ..sheets.boards import board_sheets, refuse_unassigned
from ..sheets.filling import NotAFigure, check_figure
from ..transitions import lock_scoring, new_figure, record
from . import stored, ties
from .objections import Effect, awaited, effect_of, obstacle_of_state


@transaction.atomic
def agree(scoring: Scoring, *, on: dt.date, where: str, actor: User) -> Result:
    """Record that the conference agreed to the scores: each appraised figure becomes the agreed
    one.

    Asks "scoring.keep". Raises NotNow while objections can be made or wait for an answer;
    StillToCome for a day to come; ReasonMissing without the name of the conference, or for a day
    not after the publication and the last day of objections.
    """
    scoring = lock_scoring(scoring)
    require(actor, "scoring.keep", scoring)
    _refuse_early(scoring)
    if not where.strip():
        raise ReasonMissing(_("Name the conference that agreed."))
    _refuse_day(scoring, on)
    transition(scoring, SCORING_TRANSITIONS, "agree", agreed_on=on, agreed_where=where.strip())
    for board in board_sheets(scoring):
        Figure.objects.bulk_create(
            new_figure(line, Column.AGREED, figure.fact, reason="", actor=actor)
            for line in board.lines
            if (figure := board.figure_in(line, Column.APPRAISED)) is not None
        )
    result = stored.store(scoring, Result.Occasion.AGREEMENT, column=Column.AGREED, actor=actor)
    digest = result.input_digest
    record(scoring, "agreed", actor, on=on.isoformat(), where=where.strip(), digest=digest)
    return result


def _refuse_early(scoring: Scoring) -> None:
    """Raises NotNow if the conference cannot agree yet (`obstacle_to_agreeing`)."""
    if obstacle := obstacle_to_agreeing(scoring):
        raise NotNow(obstacle)


def _refuse_day(scoring: Scoring, on: dt.date) -> None:
    """Raises StillToCome for a day to come, and ReasonMissing for a day before the publication or
    not after the last day of objections."""
    refuse_ahead(on, _("The conference has not been held yet on that day."))
    published, until = scoring.published_at, scoring.objections_until
    is_before = published is not None and on < timezone.localdate(published)
    if is_before or (until is not None and on <= until):
        raise ReasonMissing(
            _("The conference agrees after the publication and the last day of objections.")
        )


def obstacle_to_agreeing(scoring: Scoring) -> str:
    """Why the conference cannot agree yet, as a sentence; "" when it can."""
    if obstacle := obstacle_of_state(scoring):
        return obstacle
    until = scoring.objections_until
    if until and timezone.localdate() <= until:
        day = date_format(until, "SHORT_DATE_FORMAT")
        return _("Objections are taken until %(day)s: agree after that day.") % {"day": day}
    if awaited(scoring):
        return _("Objections wait for their answer.")
    return ""


@transaction.atomic
def change_agreed(line: Line, *, fact: Decimal, reason: str, actor: User) -> Figure:
    """Record another figure that the conference decided for a line, with its reason; the result is
    computed and stored again.

    Asks "scoring.set_task"; raises NotNow, NotAFigure, ReasonMissing.
    """
    scoring = _lock_to_decide(line.sheet, actor)
    before = _figure_to_replace(line, fact, scoring)
    if not reason.strip():
        raise ReasonMissing(_("Say why the figure is set, or changed."))
    figure = new_figure(line, Column.AGREED, fact, reason=reason, actor=actor)
    figure.save()
    _keep_result(scoring, actor)
    record(
        line,
        "agreed_changed",
        actor,
        reason=reason.strip(),
        before=plain_decimal(before.fact if before else None),
        after=plain_decimal(fact),
    )
    return figure


def _lock_to_decide(sheet: Sheet, actor: User) -> Scoring:
    """The scoring, locked for a decision about the board of a sheet. Asks "scoring.set_task"."""
    scoring = lock_scoring(sheet.scoring)
    require(actor, "scoring.set_task", sheet)
    return scoring


def _figure_to_replace(line: Line, fact: Decimal, scoring: Scoring) -> Figure | None:
    """The agreed figure that `fact` would replace, None if there is none. Raises NotNow, and
    NotAFigure if the criterion cannot have `fact` or has it already."""
    refuse_to_change(line, scoring)
    check_figure(line, fact)
    before = line.figures.filter(column=Column.AGREED).last()
    if before is not None and before.fact == fact:
        raise NotAFigure(_("This figure stands already."))
    return before


def refuse_to_change(line: Line, scoring: Scoring) -> None:
    """Raises NotNow unless the scoring is agreed but not final, and the line has a figure of its
    own."""
    _refuse_final(scoring)
    if scoring.state != ScoringState.AGREED:
        raise NotNow(_("The conference has not agreed yet: a figure is changed after it has."))
    refuse_unassigned(line)


def effect_of_change(line: Line, fact: Decimal) -> Effect:
    """The effect of another agreed figure; nothing is written. Raises NotNow, NotAFigure."""
    _figure_to_replace(line, fact, line.sheet.scoring)
    return effect_of(line, fact, Column.AGREED)


def _keep_result(scoring: Scoring, actor: User) -> None:
    """Compute and store the agreed result again; nothing before the agreement."""
    if scoring.state == ScoringState.AGREED:
        stored.store(scoring, Result.Occasion.AGREEMENT, column=Column.AGREED, actor=actor)


@transaction.atomic
def finalise(scoring: Scoring, *, actor: User) -> Result:
    """Make the agreed result final; it cannot be changed after that.

    Asks "scoring.keep"; raises NotNow unless the scoring is agreed.
    """
    scoring = lock_scoring(scoring)
    require(actor, "scoring.keep", scoring)
    transition(scoring, SCORING_TRANSITIONS, "finalise", finalised_at=timezone.now())
    result = stored.store(scoring, Result.Occasion.FINAL, column=Column.AGREED, actor=actor)
    record(scoring, "finalised", actor, digest=result.input_digest)
    return result


# --- Rulings and restrictions ---------------------------------------------------------------------


@transaction.atomic
def rule_on_tie(
    scoring: Scoring, *, by: str, places: Mapping[int, int], document: str, actor: User
) -> None:
    """Record the places that a ballot or the head gave to the boards of one tie. Earlier rulings
    about any of these boards are deleted.

    `by` is a TieRuling.By, `places` goes by sheet id. Asks "scoring.keep"; raises NotNow,
    ReasonMissing.
    """
    scoring = lock_scoring(scoring)
    require(actor, "scoring.keep", scoring)
    _refuse_final(scoring)
    if not document.strip():
        raise ReasonMissing(_("Name the minutes or the decision."))
    sheets = list(scoring.sheets.filter(pk__in=places))
    _refuse_unknown_step(scoring, by)
    _refuse_bad_places(sheets, places)
    _refuse_no_tie(scoring, places)
    TieRuling.objects.filter(places__sheet__in=sheets).delete()
    ruling = TieRuling.objects.create(
        scoring=scoring, by=by, document=document.strip(), recorded_at=timezone.now()
    )
    TiePlace.objects.bulk_create(
        TiePlace(ruling=ruling, sheet=sheet, place=places[sheet.pk]) for sheet in sheets
    )
    _keep_result(scoring, actor)
    ruled = {str(pk): place for pk, place in places.items()}
    record(scoring, "tie_ruled", actor, reason=document.strip(), by=by, places=ruled)


def steps(scoring: Scoring) -> list[str]:
    """Who may decide a tie by the scale, in its order: "ballot", "head", both or neither."""
    return [code for code in scoring.scale.tie_break if code in TieRuling.By.values]


def _refuse_unknown_step(scoring: Scoring, by: str) -> None:
    """Raises NotNow if the scale does not let `by` decide ties."""
    if by not in steps(scoring):
        raise NotNow(_("The scale does not decide equal points in this way."))


def _refuse_bad_places(sheets: list[Sheet], places: Mapping[int, int]) -> None:
    """Raises NotNow unless two or more sheets of the year get the places 1, 2, … once each."""
    given = sorted(places.values())
    if len(sheets) != len(places) or len(places) < 2 or given != list(range(1, len(given) + 1)):
        raise NotNow(_("Give each of the boards a place of its own, 1 being the first."))


def _refuse_no_tie(scoring: Scoring, sheets: Collection[int]) -> None:
    """Raises NotNow unless these sheets are exactly the boards of one tie."""
    tied = [{sheet.pk for sheet in tie} for tie in ties.tied(scoring, with_rulings=False)]
    if set(sheets) not in tied:
        raise NotNow(_("These boards do not share a rank: nothing is to be decided among them."))


def _refuse_final(scoring: Scoring) -> None:
    """Raises NotNow once the result is final."""
    if obstacle := obstacle_beside(scoring):
        raise NotNow(obstacle)


def obstacle_to_ruling(scoring: Scoring) -> str:
    """Why no tie can be decided now, as a sentence; "" if it can."""
    if not steps(scoring):
        return _("The scale knows neither a ballot nor a decision of the head on equal points.")
    return obstacle_beside(scoring)


def obstacle_beside(scoring: Scoring) -> str:
    """Why no ruling and no restriction can be recorded any more, as a sentence; "" if it can."""
    return _("The result is final.") if scoring.state == ScoringState.FINAL else ""


@transaction.atomic
def restrict(
    sheet: Sheet,
    *,
    kind: str,
    reason: str,
    document: str,
    content: bytes,
    media_type: str,
    file_name: str,
    on: dt.date,
    actor: User,
) -> Restriction:
    """Disqualify a board, or hold its award back, with reason and document; its score remains.

    `kind` is a Restriction.Kind. Asks "scoring.set_task"; raises NotNow once final, StillToCome,
    ReasonMissing.
    """
    scoring = _lock_to_decide(sheet, actor)
    _refuse_restriction(scoring, kind, on)
    if not (reason.strip() and document.strip() and content):
        raise ReasonMissing(_("Give the reason and the document, and attach it."))
    restriction = Restriction.objects.create(
        sheet=sheet,
        kind=kind,
        reason=reason.strip(),
        document=document.strip(),
        file=files.store(content, media_type=media_type),
        file_name=file_name,
        decided_on=on,
        recorded_by=actor,
        recorded_at=timezone.now(),
    )
    _keep_result(scoring, actor)
    record(sheet, "restricted", actor, reason=restriction.reason, kind=kind, document=document)
    return restriction


def _refuse_restriction(scoring: Scoring, kind: str, on: dt.date) -> None:
    """Raises NotNow once final and for an unknown kind, StillToCome for a day to come."""
    _refuse_final(scoring)
    if kind not in Restriction.Kind.values:
        raise NotNow(_("Choose what is recorded."))
    refuse_ahead(on, _("A decision is recorded from its own day on."))


@transaction.atomic
def resolve_hold(restriction: Restriction, *, on: dt.date, resolution: str, actor: User) -> None:
    """End an award hold. As it is no part of the result, this is possible after the result is final
    and after the year is closed.

    Asks "scoring.resolve_hold"; raises NotNow for a disqualification, a hold that has ended, or a
    day before the hold; StillToCome; ReasonMissing.
    """
    lock_scoring(restriction.sheet.scoring)
    require(actor, "scoring.resolve_hold", restriction.sheet)
    current = Restriction.objects.select_for_update().get(pk=restriction.pk)
    if current.kind != Restriction.Kind.AWARD_HOLD or not current.is_in_force:
        raise NotNow(_("Only an award hold that stands can be resolved."))
    if not resolution.strip():
        raise ReasonMissing(_("Say how the hold was resolved."))
    refuse_ahead(on, _("A decision is recorded from its own day on."))
    if on < current.decided_on:
        raise NotNow(_("A hold is resolved on the day it began or later."))
    current.resolved_on, current.resolution = on, resolution.strip()
    current.save()
    record(current.sheet, "hold_resolved", actor, reason=resolution.strip(), on=on.isoformat())
