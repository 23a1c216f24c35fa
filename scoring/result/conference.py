"""The closing conference: scores agreed, ties decided, boards held back, the result made final."""

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
from .objections import Effect, awaited, effect_of


@transaction.atomic
def agree(scoring: Scoring, *, on: dt.date, where: str, actor: User) -> Result:
    """Record that the conference agreed to the scores: each appraised figure becomes the agreed
    one. Asks "scoring.keep"; raises NotNow while objections are unanswered or can still be made,
    StillToCome, ReasonMissing without the conference's name and a day on which it could agree."""
    scoring = lock_scoring(scoring)
    require(actor, "scoring.keep", scoring)
    refuse_early(scoring)
    if not where.strip():
        raise ReasonMissing(_("Name the conference that agreed."))
    refuse_day(scoring, on)
    transition(scoring, SCORING_TRANSITIONS, "agree", agreed_on=on, agreed_where=where.strip())
    for board in board_sheets(scoring):
        Figure.objects.bulk_create(
            new_figure(line, Column.AGREED, figure.fact, reason="", actor=actor)
            for line in board.lines
            if (figure := board.standing(line, Column.APPRAISED)) is not None
        )
    result = stored.store(scoring, Result.Occasion.AGREEMENT, column=Column.AGREED, actor=actor)
    digest = result.input_digest
    record(scoring, "agreed", actor, on=on.isoformat(), where=where.strip(), digest=digest)
    return result


def refuse_early(scoring: Scoring) -> None:
    """A published year is agreed after the last day of objections, when all are answered."""
    if obstacle := obstacle_to_agreeing(scoring):
        raise NotNow(obstacle)


def refuse_day(scoring: Scoring, on: dt.date) -> None:
    """The conference was held after the publication and the last day of objections, by today."""
    refuse_ahead(on, _("The conference has not been held yet on that day."))
    published, until = scoring.published_at, scoring.objections_until
    is_before = published is not None and on < timezone.localdate(published)
    if is_before or (until is not None and on <= until):
        raise ReasonMissing(
            _("The conference agrees after the publication and the last day of objections.")
        )


def obstacle_to_agreeing(scoring: Scoring) -> str:
    """Why the conference cannot agree yet, as a sentence; "" when it can."""
    until = scoring.objections_until
    if scoring.state == ScoringState.PUBLISHED and until and timezone.localdate() <= until:
        day = date_format(until, "SHORT_DATE_FORMAT")
        return _("Objections are taken until %(day)s: agree after that day.") % {"day": day}
    if awaited(scoring):
        return _("Objections wait for their answer.")
    return ""


@transaction.atomic
def change_agreed(line: Line, *, fact: Decimal, reason: str, actor: User) -> Figure:
    """Put another figure on record that the conference decided, with its reason; the result is
    computed and kept anew.

    Asks "scoring.set_task"; raises NotNow, NotAFigure, ReasonMissing.
    """
    scoring = lock_to_decide(line.sheet, actor)
    before = giving_way(line, fact, scoring)
    if not reason.strip():
        raise ReasonMissing(_("Say why the figure is set, or changed."))
    figure = new_figure(line, Column.AGREED, fact, reason=reason, actor=actor)
    figure.save()
    keep_result(scoring, actor)
    record(
        line,
        "agreed_changed",
        actor,
        reason=reason.strip(),
        before=plain_decimal(before.fact if before else None),
        after=plain_decimal(fact),
    )
    return figure


def lock_to_decide(sheet: Sheet, actor: User) -> Scoring:
    """The scoring locked, for who may decide about the board of a sheet."""
    scoring = lock_scoring(sheet.scoring)
    require(actor, "scoring.set_task", sheet)
    return scoring


def giving_way(line: Line, fact: Decimal, scoring: Scoring) -> Figure | None:
    """The agreed figure that another one follows; raises NotNow, NotAFigure when it cannot."""
    refuse_to_change(line, scoring)
    check_figure(line, fact)
    before = line.figures.filter(column=Column.AGREED).last()
    if before is not None and before.fact == fact:
        raise NotAFigure(_("This figure stands already."))
    return before


def refuse_to_change(line: Line, scoring: Scoring) -> None:
    """Agreed figures change between the agreement and the final result, on lines that have one of
    their own; raises NotNow."""
    refuse_final(scoring)
    if scoring.state != ScoringState.AGREED:
        raise NotNow(_("The conference has not agreed yet: a figure is changed after it has."))
    refuse_unassigned(line)


def effect_of_change(line: Line, fact: Decimal) -> Effect:
    """What another agreed figure would come to; nothing is written. Raises NotNow, NotAFigure."""
    giving_way(line, fact, line.sheet.scoring)
    return effect_of(line, fact, Column.AGREED)


def keep_result(scoring: Scoring, actor: User) -> None:
    """What the conference agreed to, computed again after something of it changed."""
    if scoring.state == ScoringState.AGREED:
        stored.store(scoring, Result.Occasion.AGREEMENT, column=Column.AGREED, actor=actor)


@transaction.atomic
def finalise(scoring: Scoring, *, actor: User) -> Result:
    """Make the agreed result final: nothing of it changes any more. Asks "scoring.keep"."""
    scoring = lock_scoring(scoring)
    require(actor, "scoring.keep", scoring)
    transition(scoring, SCORING_TRANSITIONS, "finalise", finalised_at=timezone.now())
    result = stored.store(scoring, Result.Occasion.FINAL, column=Column.AGREED, actor=actor)
    record(scoring, "finalised", actor, digest=result.input_digest)
    return result


# --- Beside the scores ----------------------------------------------------------------------------


@transaction.atomic
def rule_on_tie(
    scoring: Scoring, *, by: str, places: Mapping[int, int], document: str, actor: User
) -> None:
    """Record the places that a ballot, or the head, gave to the boards of one tie; an earlier
    ruling about any of them gives way.

    `places` goes by the id of the sheet. Asks "scoring.keep"; raises NotNow, ReasonMissing.
    """
    scoring = lock_scoring(scoring)
    require(actor, "scoring.keep", scoring)
    refuse_final(scoring)
    if not document.strip():
        raise ReasonMissing(_("Name the minutes or the decision."))
    sheets = list(scoring.sheets.filter(pk__in=places))
    refuse_unknown_step(scoring, by)
    refuse_bad_places(sheets, places)
    refuse_no_tie(scoring, places)
    TieRuling.objects.filter(places__sheet__in=sheets).delete()
    ruling = TieRuling.objects.create(
        scoring=scoring, by=by, document=document.strip(), recorded_at=timezone.now()
    )
    TiePlace.objects.bulk_create(
        TiePlace(ruling=ruling, sheet=sheet, place=places[sheet.pk]) for sheet in sheets
    )
    keep_result(scoring, actor)
    ruled = {str(pk): place for pk, place in places.items()}
    record(scoring, "tie_ruled", actor, reason=document.strip(), by=by, places=ruled)


def steps(scoring: Scoring) -> list[str]:
    """Who may decide a tie by the scale, in its order: a ballot, the head, both or nobody."""
    return [code for code in scoring.scale.tie_break if code in TieRuling.By.values]


def refuse_unknown_step(scoring: Scoring, by: str) -> None:
    if by not in steps(scoring):
        raise NotNow(_("The scale does not decide equal points in this way."))


def refuse_bad_places(sheets: list[Sheet], places: Mapping[int, int]) -> None:
    """A ruling gives each of two or more boards of the year a place of its own, from 1 on."""
    given = sorted(places.values())
    if len(sheets) != len(places) or len(places) < 2 or given != list(range(1, len(given) + 1)):
        raise NotNow(_("Give each of the boards a place of its own, 1 being the first."))


def refuse_no_tie(scoring: Scoring, sheets: Collection[int]) -> None:
    """A ruling is about all the boards that share a rank, and about no others."""
    tied = [{sheet.pk for sheet in tie} for tie in ties.tied(scoring, with_rulings=False)]
    if set(sheets) not in tied:
        raise NotNow(_("These boards do not share a rank: nothing is to be decided among them."))


def refuse_final(scoring: Scoring) -> None:
    """Nothing that counts is put beside the scores once the result is final."""
    if obstacle := obstacle_beside(scoring):
        raise NotNow(obstacle)


def obstacle_to_ruling(scoring: Scoring) -> str:
    """Why no tie is decided now, as a sentence; "" when one can be."""
    if not steps(scoring):
        return _("The scale knows neither a ballot nor a decision of the head on equal points.")
    return obstacle_beside(scoring)


def obstacle_beside(scoring: Scoring) -> str:
    """Why nothing is put beside the scores any more, as a sentence; "" while it can be."""
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
    """Take a board out of the ranking, or hold its award back; its score stays beside it. Asks
    "scoring.set_task"; raises NotNow when final, StillToCome, ReasonMissing."""
    scoring = lock_to_decide(sheet, actor)
    refuse_restriction(scoring, kind, on)
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
    keep_result(scoring, actor)
    record(sheet, "restricted", actor, reason=restriction.reason, kind=kind, document=document)
    return restriction


def refuse_restriction(scoring: Scoring, kind: str, on: dt.date) -> None:
    refuse_final(scoring)
    if kind not in Restriction.Kind.values:
        raise NotNow(_("Choose what is recorded."))
    refuse_ahead(on, _("A decision is recorded from its own day on."))


@transaction.atomic
def resolve_hold(restriction: Restriction, *, on: dt.date, resolution: str, actor: User) -> None:
    """End an award hold; it can end after the result is final, for it is no part of it, and after
    the year was closed.

    Asks "scoring.resolve_hold"; raises NotNow for a disqualification, or a day
    before the hold, StillToCome, ReasonMissing.
    """
    lock_scoring(restriction.sheet.scoring)
    require(actor, "scoring.resolve_hold", restriction.sheet)
    standing = Restriction.objects.select_for_update().get(pk=restriction.pk)
    if standing.kind != Restriction.Kind.AWARD_HOLD or not standing.stands:
        raise NotNow(_("Only an award hold that stands can be resolved."))
    if not resolution.strip():
        raise ReasonMissing(_("Say how the hold was resolved."))
    refuse_ahead(on, _("A decision is recorded from its own day on."))
    if on < standing.decided_on:
        raise NotNow(_("A hold is resolved on the day it began or later."))
    standing.resolved_on, standing.resolution = on, resolution.strip()
    standing.save()
    record(standing.sheet, "hold_resolved", actor, reason=resolution.strip(), on=on.isoformat())
