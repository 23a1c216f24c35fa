"""The closing conference: scores agreed, ties decided, boards held back, the result made final."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from members import audit, files
from members.models import User
from members.permits import demand

from . import results
from .appraisal import refuse_unassigned, text
from .filling import check_figure
from .models import Figure, Line, Restriction, Result, Ruling, Scoring, Sheet
from .models.appraisal import Column
from .models.sheets import ScoringState
from .moves import NotNow, ReasonMissing, lock_scoring, move_scoring, record
from .publication import open_objections


@transaction.atomic
def agree(scoring: Scoring, *, on: dt.date, where: str, actor: User) -> Result:
    """Record that the conference agreed to the scores: each appraised figure becomes the agreed
    one. Asks "scoring.keep"; raises NotNow while objections are unanswered or still open."""
    scoring = lock_scoring(scoring)
    demand(actor, "scoring.keep", scoring)
    if open_objections(scoring):
        raise NotNow(_("Objections wait for their answer."))
    if not where.strip():
        raise ReasonMissing(_("Name the conference that agreed."))
    move_scoring(scoring, "agree", agreed_on=on, agreed_where=where.strip())
    for board in results.boards_of(scoring):
        Figure.objects.bulk_create(
            agreed(line, figure.fact, "", actor)
            for line in board.lines
            if (figure := board.standing(line, Column.APPRAISED)) is not None
        )
    result = results.store(scoring, Result.Occasion.AGREEMENT, column=Column.AGREED, actor=actor)
    record(scoring, "agreed", actor, on=on.isoformat(), where=where, digest=result.input_digest)
    return result


def agreed(line: Line, fact: Decimal | None, reason: str, actor: User) -> Figure:
    return Figure(
        line=line,
        column=Column.AGREED,
        round=line.sheet.round,
        fact=fact,
        reason=reason.strip(),
        by=actor,
        by_name=audit.actor_name(actor),
        at=timezone.now(),
    )


@transaction.atomic
def change_agreed(line: Line, *, fact: Decimal, reason: str, actor: User) -> Figure:
    """Put another figure on record that the conference decided, with its reason.

    Asks "scoring.keep"; raises NotNow, NotAFigure, ReasonMissing.
    """
    scoring = lock_scoring(line.sheet.scoring)
    demand(actor, "scoring.keep", scoring)
    if scoring.state != ScoringState.AGREED:
        raise NotNow(_("The conference has not agreed yet, or the result is final."))
    refuse_unassigned(line)
    check_figure(line, fact)
    if not reason.strip():
        raise ReasonMissing(_("Say why the figure is set, or changed."))
    figure = agreed(line, fact, reason, actor)
    figure.save()
    record(line, "agreed_changed", actor, reason=reason, after=text(fact))
    return figure


@transaction.atomic
def finalise(scoring: Scoring, *, actor: User) -> Result:
    """Make the agreed result final: nothing of it changes any more. Asks "scoring.keep"."""
    scoring = lock_scoring(scoring)
    demand(actor, "scoring.keep", scoring)
    move_scoring(scoring, "finalise", finalised_at=timezone.now())
    result = results.store(scoring, Result.Occasion.FINAL, column=Column.AGREED, actor=actor)
    record(scoring, "finalised", actor, digest=result.input_digest)
    return result


# --- Beside the scores ----------------------------------------------------------------------------


@transaction.atomic
def rule_on_tie(
    scoring: Scoring, *, by: str, places: Mapping[int, int], document: str, actor: User
) -> None:
    """Record the places that a ballot, or the head, gave to boards of equal points.

    `places` goes by the id of the sheet. Asks "scoring.keep"; raises NotNow, ReasonMissing.
    """
    scoring = lock_scoring(scoring)
    demand(actor, "scoring.keep", scoring)
    refuse_when_final(scoring)
    if not document.strip():
        raise ReasonMissing(_("Name the minutes or the decision."))
    sheets = list(scoring.sheets.filter(pk__in=places))
    if len(set(places.values())) != len(places) or len(sheets) != len(places):
        raise NotNow(_("Give each of the boards a place of its own."))
    for sheet in sheets:
        Ruling.objects.update_or_create(
            sheet=sheet,
            by=by,
            defaults={
                "place": places[sheet.pk],
                "document": document.strip(),
                "recorded_at": timezone.now(),
            },
        )
    record(
        scoring,
        "tie_ruled",
        actor,
        reason=document.strip(),
        by=by,
        places={str(pk): place for pk, place in places.items()},
    )


def refuse_when_final(scoring: Scoring) -> None:
    if scoring.state == ScoringState.FINAL:
        raise NotNow(_("The result is final."))


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
    """Take a board out of the ranking, or hold its award back; its score stays beside it.

    Asks "scoring.keep"; raises ReasonMissing without reason or document, NotNow when final.
    """
    scoring = lock_scoring(sheet.scoring)
    demand(actor, "scoring.keep", scoring)
    refuse_when_final(scoring)
    if not reason.strip() or not document.strip():
        raise ReasonMissing(_("Give the reason and the document."))
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
    record(sheet, "restricted", actor, reason=reason.strip(), kind=kind, document=document.strip())
    return restriction


@transaction.atomic
def resolve_hold(restriction: Restriction, *, on: dt.date, resolution: str, actor: User) -> None:
    """End an award hold; a hold can end after the result is final, for it is no part of it.

    Asks "scoring.keep"; raises NotNow for a disqualification, ReasonMissing.
    """
    scoring = lock_scoring(restriction.sheet.scoring)
    demand(actor, "scoring.keep", scoring)
    standing = Restriction.objects.select_for_update().get(pk=restriction.pk)
    if standing.kind != Restriction.Kind.AWARD_HOLD or not standing.stands:
        raise NotNow(_("Only an award hold that stands can be resolved."))
    if not resolution.strip() or on < standing.decided_on:
        raise ReasonMissing(_("Say how the hold was resolved, on a day not before it began."))
    standing.resolved_on, standing.resolution = on, resolution.strip()
    standing.save()
    record(standing.sheet, "hold_resolved", actor, reason=resolution.strip(), on=on.isoformat())
