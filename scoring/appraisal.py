"""Appraisal: lines sent back with a reason, figures taken over or set, a sheet concluded."""

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from emulation_bloc.lib.refusal import Refusal
from members import audit
from members.models import User
from members.permits import demand

from . import cross_scoring, results
from .filling import check_figure
from .models import Figure, Line, Return, Sheet
from .models.appraisal import Column
from .models.scales import Owner
from .models.sheets import SheetState
from .moves import NotNow, ReasonMissing, lock_sheet, move_sheet, record


class NotAppraised(Refusal):
    """Lines of the sheet have no appraised figure yet."""


def begin(sheet: Sheet, actor: User) -> Sheet:
    """The sheet locked for an act of appraisal; raises NotNow unless it is submitted."""
    sheet = lock_sheet(sheet)
    demand(actor, "scoring.appraise", sheet)
    if sheet.state != SheetState.SUBMITTED:
        raise NotNow(
            _("The sheet is in the state “%(state)s” and cannot be appraised now.")
            % {"state": sheet.get_state_display()}
        )
    return sheet


@transaction.atomic
def return_lines(
    sheet: Sheet, *, reasons: Mapping[int, str], reply_by: dt.date | None, actor: User
) -> None:
    """Send chosen lines back to the board, each with its reason; only those can be changed then.

    `reasons` goes by the id of the line. Asks "scoring.appraise"; raises ReasonMissing, NotNow.
    """
    sheet = begin(sheet, actor)
    lines = list(sheet.lines.select_related("criterion").filter(pk__in=reasons))
    if not lines:
        raise ReasonMissing(_("Choose the lines that go back."))
    if blank := [line.criterion.code for line in lines if not reasons[line.pk].strip()]:
        raise ReasonMissing(
            _("Say why these lines go back: %(codes)s.") % {"codes": ", ".join(blank)}
        )
    Return.objects.bulk_create(
        Return(
            line=line,
            round=sheet.round,
            reason=reasons[line.pk].strip(),
            returned_by=actor,
            returned_at=timezone.now(),
        )
        for line in lines
    )
    move_sheet(sheet, "return", reply_by=reply_by)
    record(
        sheet,
        "returned",
        actor,
        round=sheet.round,
        reasons={line.criterion.code: reasons[line.pk] for line in lines},
    )


@transaction.atomic
def appraise(line: Line, *, fact: Decimal | None, reason: str, actor: User) -> Figure:
    """Set the appraised figure of a line. A figure other than the board's, or than the one that
    stood, needs its reason; so does what only the appraisers or an outside body score.

    Asks "scoring.appraise"; raises NotAFigure, ReasonMissing, NotNow.
    """
    sheet = begin(line.sheet, actor)
    [board] = results.boards_of(sheet.scoring, [sheet])
    line = next(one for one in board.lines if one.pk == line.pk)
    refuse_unassigned(line)
    if fact is None:
        raise NotNow(_("Give the figure."))
    check_figure(line, fact)
    standing = board.standing(line, Column.APPRAISED)
    if standing is not None and standing.fact == fact and (not reason or reason == standing.reason):
        return standing
    proposed = proposal(board, line)
    if not reason.strip() and (proposed != fact or standing is not None):
        raise ReasonMissing(_("Say why the figure is set, or changed."))
    figure = put(line, fact, reason, actor)
    record(line, "appraised", actor, reason=reason, before=text(proposed), after=text(fact))
    return figure


def refuse_unassigned(line: Line) -> None:
    if not line.is_assigned:
        raise NotNow(_("This criterion is not assigned to the board."))
    if line.criterion.facts_from_id is not None:
        raise NotNow(_("This line takes over the figure of another one: change that one."))


def proposal(board: results.Board, line: Line) -> Decimal | None:
    """What “as proposed” takes over: the board's figure, or the portal's; of cross-scored lines
    the mean. None where only the appraisers, or an outside body, can say."""
    if line.criterion.owner == Owner.PEERS:
        return cross_scoring.combined(line)
    figure = board.standing(line, Column.SELF)
    return figure.fact if figure else None


def put(line: Line, fact: Decimal | None, reason: str, actor: User) -> Figure:
    return Figure.objects.create(
        line=line,
        column=Column.APPRAISED,
        round=line.sheet.round,
        fact=fact,
        reason=reason.strip(),
        by=actor,
        by_name=audit.actor_name(actor),
        at=timezone.now(),
    )


@transaction.atomic
def take_as_proposed(sheet: Sheet, *, lines: Iterable[int], actor: User) -> int:
    """Take over what is proposed for lines that have no appraised figure yet, as a group in one
    act; how many there were. Disputed figures of the portal are left: they need a word.

    Asks "scoring.appraise"; raises NotNow.
    """
    sheet = begin(sheet, actor)
    [board] = results.boards_of(sheet.scoring, [sheet])
    chosen = set(lines)
    taken = {}
    for line in board.lines:
        waits = line.pk in chosen and is_waiting(board, line) and not line.dispute
        proposed = proposal(board, line) if waits else None
        if proposed is not None:
            put(line, proposed, "", actor)
            taken[line.criterion.code] = text(proposed)
    if taken:
        record(sheet, "taken_as_proposed", actor, figures=taken)
    return len(taken)


def is_waiting(board: results.Board, line: Line) -> bool:
    """Whether a line still needs an appraised figure of its own. After a return the figures of
    lines that came back since are looked at again."""
    if not line.is_assigned or line.criterion.facts_from_id is not None:
        return False
    appraised = board.standing(line, Column.APPRAISED)
    proposed = board.standing(line, Column.SELF)
    return appraised is None or (proposed is not None and proposed.pk > appraised.pk)


def waiting_lines(board: results.Board) -> list[Line]:
    return [line for line in board.lines if is_waiting(board, line)]


@transaction.atomic
def conclude(sheet: Sheet, *, actor: User) -> None:
    """Call the appraisal of a sheet done. Asks "scoring.appraise"; raises NotAppraised, NotNow."""
    sheet = begin(sheet, actor)
    [board] = results.boards_of(sheet.scoring, [sheet])
    if waiting := [line.criterion.code for line in waiting_lines(board)]:
        raise NotAppraised(
            _("These lines have no appraised figure yet: %(codes)s.")
            % {"codes": ", ".join(waiting)}
        )
    move_sheet(sheet, "conclude", appraised_at=timezone.now())
    record(sheet, "concluded", actor)


@transaction.atomic
def reopen(sheet: Sheet, *, reason: str, actor: User) -> None:
    """Take up the appraisal of a sheet again, before publication and with a reason."""
    sheet = lock_sheet(sheet)
    demand(actor, "scoring.appraise", sheet)
    if not reason.strip():
        raise ReasonMissing(_("Say why the appraisal is taken up again."))
    move_sheet(sheet, "reopen", appraised_at=None)
    record(sheet, "reopened", actor, reason=reason)


def text(value: Decimal | None) -> str:
    return "" if value is None else format(value.normalize(), "f")
