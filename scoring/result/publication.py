"""Publishing the scores to all boards, what still blocks it, and taking it back."""

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
    """Boards are not ready yet."""


@dataclass(frozen=True)
class Blocker:
    """What still stands in the way, at which board."""

    membership: Membership
    what: str


def blockers(boards: Iterable[BoardSheet]) -> list[Blocker]:
    """What blocks the publication, board by board in the year's order. A board that was taken out
    of the ranking, left the year, is counted in another sheet or never handed in its own, blocks
    nothing."""
    return [
        Blocker(board.sheet.membership, what)
        for board in boards
        if not is_out(board)
        for what in [blocker_of(board)]
        if what
    ]


def is_out(board: BoardSheet) -> bool:
    return (
        board.sheet.membership.has_left
        or board.counted_in is not None
        or never_handed_in(board.sheet)
        or board.is_disqualified
    )


def never_handed_in(sheet: Sheet) -> bool:
    """Whether the day for it is over and the scale says that such a board is not ranked."""
    scoring = sheet.scoring
    is_late = scoring.self_until is not None and timezone.localdate() > scoring.self_until
    return is_late and not sheet.round and Unrankable.NOT_SUBMITTED in scoring.scale.unrankable


def blocker_of(board: BoardSheet) -> str:
    state = board.sheet.state
    if state == SheetState.FILLING:
        return _("The sheet has not been submitted.")
    if state == SheetState.RETURNED:
        return _("Lines that were returned wait for the board.")
    if state == SheetState.SUBMITTED and nobody_appraises(board):
        return _("Nobody may appraise this sheet: the year has no head or deputy beside it.")
    if lacking := " ".join(lacks(board)):
        return lacking
    return _("The appraisal has not been concluded.") if state == SheetState.SUBMITTED else ""


def lacks(board: BoardSheet) -> Iterator[str]:
    """What appraisers and secretariat still owe the lines of a board."""
    if waiting := waiting_lines(board):
        yield _("Not appraised yet: %(codes)s.") % {"codes": line_codes(waiting)}
    if unplanned := lines_without_plan(board):
        yield _("No plan yet: %(codes)s.") % {"codes": line_codes(unplanned)}


def nobody_appraises(board: BoardSheet) -> bool:
    """Whether the only head or deputy of the year is the board itself."""
    roles = board.sheet.scoring.bloc_year.roles.items()
    appraising = {pk for pk, role in roles if role in (Role.HEAD, Role.DEPUTY)}
    return not appraising - {board.sheet.membership.acting_board_id}


@transaction.atomic
def publish(scoring: Scoring, *, objections_until: dt.date, actor: User) -> Result:
    """Show the scores to all boards and open objections until a day; the result is stored, and
    everybody is told.

    Asks "scoring.keep"; raises StillBlocked, which names the boards, and NotNow.
    """
    scoring = lock_scoring(scoring)
    require(actor, "scoring.keep", scoring)
    hold_still(scoring)
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


def hold_still(scoring: Scoring) -> None:
    """Lock every sheet: whoever is writing on one finishes first, and whoever comes after finds
    the scores published."""
    list(scoring.sheets.select_for_update().order_by("pk"))


@transaction.atomic
def take_back(scoring: Scoring, *, reason: str, actor: User) -> None:
    """Take a publication back while no objection waits for its answer; the stored result stays,
    and so do the objections that were answered.

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
    """Why the publication cannot be taken back, as a sentence; "" when it can."""
    if scoring.is_open:
        return _("The scores are not published.")
    if scoring.state != ScoringState.PUBLISHED:
        return _("The scores are agreed already.")
    return _("Objections wait for their answer.") if objections.awaited(scoring) else ""


# The last day that each state has, and that may be put off.
LAST_DAYS: dict[str, str] = {
    ScoringState.OPEN: "self_until",
    ScoringState.PUBLISHED: "objections_until",
}


def obstacle_to_prolonging(scoring: Scoring) -> str:
    """Why no last day can be put off, as a sentence; "" while one is running."""
    if scoring.state in LAST_DAYS:
        return ""
    return _("The scores are agreed: no last day is left to be put off.")


@transaction.atomic
def prolong(scoring: Scoring, *, until: dt.date, reason: str, actor: User) -> None:
    """Put off the day on which sheets are due or, once published, the last day of objections.

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
