"""Publishes the scores to all boards: what blocks it, taking it back, and putting off last days."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from emulation_bloc.lib.refusal import Refusal
from members.models import Membership, User
from members.models.blocs import Role
from members.permissions import require
from members.records.acts import NotNow, ReasonMissing, transition

from .. import letters
from ..models import Result, Scoring, Sheet
from ..models.appraisal import Column
from ..models.scales import Unrankable
from ..models.sheets import SCORING_TRANSITIONS, ScoringState, SheetState
from ..sheets.boards import BoardSheet, board_sheets, line_codes, lines_without_plan, waiting_lines
from ..transitions import lock_scoring, record
from . import objections, stored


class StillBlocked(Refusal):
    """Boards are not ready for the publication; the sentence names them."""


@dataclass(frozen=True)
class Blocker:
    """What blocks the publication at a board, as a sentence."""

    membership: Membership
    what: str


def blockers(boards: Iterable[BoardSheet]) -> list[Blocker]:
    """What blocks the publication, in the year's order; boards that are out (`is_out`) block
    nothing."""
    return [
        Blocker(board.sheet.membership, what)
        for board in boards
        if not is_out(board)
        for what in [_blocker_of(board)]
        if what
    ]


def is_out(board: BoardSheet) -> bool:
    """Whether the publication does not wait for a board: it left the year, is counted in another
    sheet, is disqualified, or never submitted a sheet (`never_handed_in`)."""
    return (
        board.sheet.membership.has_left
        or board.counted_in is not None
        or never_handed_in(board.sheet)
        or board.is_disqualified
    )


def never_handed_in(sheet: Sheet) -> bool:
    """Whether the last day is over, the sheet was never submitted, and the scale does not rank such
    a board."""
    scoring = sheet.scoring
    is_late = scoring.self_until is not None and timezone.localdate() > scoring.self_until
    return is_late and not sheet.round and Unrankable.NOT_SUBMITTED in scoring.scale.unrankable


def _blocker_of(board: BoardSheet) -> str:
    """What blocks the publication at a board, as a sentence; "" if nothing does."""
    state = board.sheet.state
    if state == SheetState.FILLING:
        return _("The sheet has not been submitted.")
    if state == SheetState.RETURNED:
        return _("Lines that were returned wait for the board.")
    if state == SheetState.SUBMITTED and _nobody_appraises(board):
        return _("Nobody may appraise this sheet: the year has no head or deputy beside it.")
    if lacking := " ".join(lacks(board)):
        return lacking
    return _("The appraisal has not been concluded.") if state == SheetState.SUBMITTED else ""


def lacks(board: BoardSheet) -> Iterator[str]:
    """What appraisers and secretariat still have to do on the lines of a board, as sentences."""
    if waiting := waiting_lines(board):
        yield _("Not appraised yet: %(codes)s.") % {"codes": line_codes(waiting)}
    if unplanned := lines_without_plan(board):
        yield _("No plan yet: %(codes)s.") % {"codes": line_codes(unplanned)}


def _nobody_appraises(board: BoardSheet) -> bool:
    """Whether the year has no head or deputy other than the board itself."""
    roles = board.sheet.scoring.bloc_year.roles.items()
    appraising = {pk for pk, role in roles if role in (Role.HEAD, Role.DEPUTY)}
    return not appraising - {board.sheet.membership.acting_board_id}


@transaction.atomic
def publish(scoring: Scoring, *, objections_until: dt.date, actor: User) -> Result:
    """Publish the scores to all boards and open objections until a day. The result is stored, and
    everybody with a post in a board of the year gets a mail.

    Asks "scoring.keep"; raises StillBlocked, which names the boards, and NotNow.
    """
    scoring = lock_scoring(scoring)
    require(actor, "scoring.keep", scoring)
    _lock_sheets(scoring)
    if objections_until < timezone.localdate():
        raise NotNow(_("Objections need a day that is still to come."))
    if found := blockers(board_sheets(scoring)):
        lines = [f"{one.membership.name.short_name}: {one.what}" for one in found]
        raise StillBlocked(" ".join(lines))
    transition(
        scoring,
        SCORING_TRANSITIONS,
        "publish",
        published_at=timezone.now(),
        objections_until=objections_until,
    )
    result = stored.store(
        scoring, Result.Occasion.PUBLICATION, column=Column.APPRAISED, actor=actor
    )
    record(
        scoring, "published", actor, until=objections_until.isoformat(), digest=result.input_digest
    )
    letters.tell_published(scoring)
    return result


def _lock_sheets(scoring: Scoring) -> None:
    """Lock every sheet: acts on a sheet that are running finish first, later ones find the scores
    published."""
    list(scoring.sheets.select_for_update().order_by("pk"))


@transaction.atomic
def take_back(scoring: Scoring, *, reason: str, actor: User) -> None:
    """Take a publication back if no objection waits for an answer. The stored result and the
    answered objections remain.

    Asks "scoring.keep"; raises ReasonMissing, NotNow.
    """
    scoring = lock_scoring(scoring)
    require(actor, "scoring.keep", scoring)
    if not reason.strip():
        raise ReasonMissing(_("Say why the publication is taken back."))
    if obstacle := obstacle_to_taking_back(scoring):
        raise NotNow(obstacle)
    transition(scoring, SCORING_TRANSITIONS, "take_back", published_at=None, objections_until=None)
    record(scoring, "publication_taken_back", actor, reason=reason.strip())


def obstacle_to_taking_back(scoring: Scoring) -> str:
    """Why the publication cannot be taken back, as a sentence; "" if it can."""
    if scoring.is_open:
        return _("The scores are not published.")
    if scoring.state != ScoringState.PUBLISHED:
        return _("The scores are agreed already.")
    return _("Objections wait for their answer.") if objections.awaited(scoring) else ""


# The field of the last day that may be put off in each state.
LAST_DAYS: dict[str, str] = {
    ScoringState.OPEN: "self_until",
    ScoringState.PUBLISHED: "objections_until",
}


def obstacle_to_prolonging(scoring: Scoring) -> str:
    """Why no last day can be put off, as a sentence; "" if one can."""
    if scoring.state in LAST_DAYS:
        return ""
    return _("The scores are agreed: no last day is left to be put off.")


@transaction.atomic
def prolong(scoring: Scoring, *, until: dt.date, reason: str, actor: User) -> None:
    """Put off the day on which sheets are due or, after publication, the last day of objections.

    Asks "scoring.keep"; raises ReasonMissing, NotNow.
    """
    scoring = lock_scoring(scoring)
    require(actor, "scoring.keep", scoring)
    if obstacle := obstacle_to_prolonging(scoring):
        raise NotNow(obstacle)
    if not reason.strip():
        raise ReasonMissing(_("Say why the day is put off."))
    field = LAST_DAYS[scoring.state]
    before: dt.date | None = getattr(scoring, field)
    if until < timezone.localdate() or (before is not None and until <= before):
        raise NotNow(_("Choose a later day than before, and one that is still to come."))
    Scoring.objects.filter(pk=scoring.pk).update(**{field: until})
    days = {"before": before.isoformat() if before else "", "after": until.isoformat()}
    record(scoring, "prolonged", actor, reason=reason.strip(), day=field, **days)
