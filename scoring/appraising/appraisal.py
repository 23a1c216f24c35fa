"""Appraisal of a sheet: lines returned with a reason, figures taken over or set, the conclusion."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from emulation_bloc.lib.numbers import plain_decimal
from emulation_bloc.lib.refusal import Refusal
from members.models import StoredFile, User
from members.permissions import require
from members.records import audit, files
from members.records.acts import NotNow, Overtaken, ReasonMissing, transition

from .. import letters
from ..models import Evidence, Figure, Line, Return, Sheet
from ..models.appraisal import Column
from ..models.scales import Owner
from ..models.sheets import SHEET_TRANSITIONS, SheetState
from ..sheets.boards import (
    BoardSheet,
    board_sheets,
    is_waiting,
    line_codes,
    lines_without_plan,
    refuse_unassigned,
    waiting_lines,
)
from ..sheets.filling import NotAFigure, check_figure
from ..transitions import lock_sheet, new_figure, record, record_each
from . import cross_scoring


class NotAppraised(Refusal):
    """Lines of the sheet have no appraised figure, or no plan, yet."""


class DocumentMissing(Refusal):
    """A figure of an outside body can be entered only with its document."""


def _begin(sheet: Sheet, actor: User) -> Sheet:
    """The sheet, locked for an act of appraisal. Asks "scoring.appraise"; raises NotNow unless it
    is submitted."""
    sheet = lock_sheet(sheet)
    require(actor, "scoring.appraise", sheet)
    if sheet.state != SheetState.SUBMITTED:
        raise NotNow(
            _("The sheet is in the state “%(state)s” and cannot be appraised now.")
            % {"state": sheet.get_state_display()}
        )
    return sheet


# Whose figures the board can answer for; it cannot change what an outside body or peers scored.
RETURNABLE = (Owner.BOARD, Owner.PORTAL, Owner.APPRAISERS)


@transaction.atomic
def return_lines(
    sheet: Sheet, *, reasons: Mapping[int, str], reply_by: dt.date | None, actor: User
) -> None:
    """Send lines back to the board, each with its reason; after that the board can change only
    these.

    `reasons` goes by line id; the board's officers and leaders get a mail. Asks "scoring.appraise";
    raises ReasonMissing, NotNow.
    """
    sheet = _begin(sheet, actor)
    lines = list(sheet.lines.select_related("criterion").filter(pk__in=reasons))
    _refuse_to_return(lines, reasons)
    if reply_by is not None and reply_by < timezone.localdate():
        raise NotNow(_("The reply is due on a day that is still to come."))
    said = {line.pk: reasons[line.pk].strip() for line in lines}
    Return.objects.bulk_create(
        Return(
            line=line,
            round=sheet.round,
            reason=said[line.pk],
            returned_by=actor,
            returned_at=timezone.now(),
        )
        for line in lines
    )
    transition(sheet, SHEET_TRANSITIONS, "return", reply_by=reply_by)
    by_code = {line.criterion.code: said[line.pk] for line in lines}
    record(sheet, "returned", actor, round=sheet.round, reasons=by_code)
    letters.tell_returned(sheet, lines, said)


@transaction.atomic
def recall(sheet: Sheet, *, reason: str, actor: User) -> None:
    """Take a return back that the board does not answer: the sheet comes back with the figures on
    record, and the returned lines need a new appraised figure.

    This begins a new round, so that the lines can be returned again. Asks "scoring.appraise";
    raises ReasonMissing, NotNow.
    """
    sheet = lock_sheet(sheet)
    require(actor, "scoring.appraise", sheet)
    if not reason.strip():
        raise ReasonMissing(_("Say why the return is taken back."))
    counted = {"round": sheet.round + 1, "recalls": sheet.recalls + 1}
    transition(sheet, SHEET_TRANSITIONS, "recall", **counted, reply_by=None)
    record(sheet, "recalled", actor, reason=reason.strip(), round=sheet.round)


def _refuse_to_return(lines: list[Line], reasons: Mapping[int, str]) -> None:
    if not lines or len(lines) != len(reasons):
        raise ReasonMissing(_("Choose the lines that go back."))
    if blank := [line.criterion.code for line in lines if not reasons[line.pk].strip()]:
        raise ReasonMissing(
            _("Say why these lines go back: %(codes)s.") % {"codes": ", ".join(blank)}
        )
    if foreign := [line.criterion.code for line in lines if not can_go_back(line)]:
        raise NotNow(
            _("The board has nothing to say about these lines: %(codes)s.")
            % {"codes": ", ".join(foreign)}
        )


def can_go_back(line: Line) -> bool:
    """Whether a line can be returned: it is assigned, has a figure of its own, and the board can
    answer for it."""
    owner = line.criterion.owner
    return line.is_assigned and line.criterion.facts_from_id is None and owner in RETURNABLE


# --- Figures --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Given:
    """An appraiser's figure and reason for a line; `seen` is the id of the appraised figure shown
    on the page, None if there was none."""

    fact: Decimal | None
    reason: str = ""
    seen: int | None = None


@transaction.atomic
def appraise(
    line: Line, *, fact: Decimal | None, reason: str, actor: User, seen: int | None = None
) -> Figure:
    """Set the appraised figure of one line. As `appraise_lines`, but raises what that returns as
    refusal."""
    given = {line.pk: Given(fact, reason, seen)}
    answer = appraise_lines(line.sheet, given=given, actor=actor)[line.pk]
    if isinstance(answer, Refusal):
        raise answer
    return answer


@transaction.atomic
def appraise_lines(
    sheet: Sheet, *, given: Mapping[int, Given], actor: User
) -> dict[int, Figure | Refusal]:
    """Set appraised figures, by line id; the number of queries does not depend on the lines.

    A reason is needed if the figure differs from the proposed one or replaces an appraised one, if
    nothing is proposed, and if the board disputes it. Returns for each line its current figure, or
    why none was set: NotAFigure, ReasonMissing, NotNow, DocumentMissing for a figure of an outside
    body (use `enter_outside`), Overtaken if another appraiser was faster. The other lines are
    saved. Asks "scoring.appraise"; raises NotNow if the sheet cannot be appraised.
    """
    sheet = _begin(sheet, actor)
    [board] = board_sheets(sheet.scoring, [sheet])
    means = cross_scoring.means(board.sheet)
    lines = {line.pk: line for line in board.lines}
    answers: dict[int, Figure | Refusal] = {}
    for pk, one in given.items():
        try:
            answers[pk] = _figure_for(board, lines[pk], one, means, actor)
        except Refusal as refusal:
            answers[pk] = refusal
    new = [one for one in answers.values() if isinstance(one, Figure) and one._state.adding]
    deeds = [_deed_of(board, one, means) for one in new]
    Figure.objects.bulk_create(new)
    record_each("appraised", deeds, actor)
    return answers


def _figure_for(
    board: BoardSheet, line: Line, given: Given, means: Mapping[int, Decimal], actor: User
) -> Figure:
    """The current figure if nothing new is given, else an unsaved one."""
    refuse_unassigned(line)
    if line.criterion.owner == Owner.OUTSIDE:
        raise DocumentMissing(_("This figure comes from an outside body, with its document."))
    if given.fact is None:
        raise NotAFigure(_("Give the figure."))
    check_figure(line, given.fact)
    current = board.figure_in(line, Column.APPRAISED)
    if current and current.fact == given.fact and _is_settled(board, line, given.reason):
        return current
    _refuse_overtaken(current, given.seen)
    proposed = proposal(board, line, means)
    if not given.reason.strip() and _needs_reason(board, line, given.fact, proposed):
        raise ReasonMissing(_("Say why the figure is set, or changed."))
    return new_figure(line, Column.APPRAISED, given.fact, reason=given.reason, actor=actor)


def _deed_of(board: BoardSheet, figure: Figure, means: Mapping[int, Decimal]) -> audit.Deed:
    """The audit entry of a figure; “before” is the figure it replaces, or else the one proposed."""
    current = board.figure_in(figure.line, Column.APPRAISED)
    before = current.fact if current else proposal(board, figure.line, means)
    details = {"before": plain_decimal(before), "after": plain_decimal(figure.fact)}
    return audit.Deed(figure.line, figure.reason, details)


def _line_to_appraise(line: Line, actor: User) -> tuple[BoardSheet, Line]:
    """The line and its board, with the sheet locked. Raises NotNow if the line takes no figure of
    its own."""
    sheet = _begin(line.sheet, actor)
    [board] = board_sheets(sheet.scoring, [sheet])
    line = next(one for one in board.lines if one.pk == line.pk)
    refuse_unassigned(line)
    return board, line


def _is_settled(board: BoardSheet, line: Line, reason: str) -> bool:
    """Whether the line has its figure and no new reason is given, as when a button is pressed
    twice."""
    current = board.figure_in(line, Column.APPRAISED)
    said = ("", current.reason if current else "")
    return reason.strip() in said and not is_waiting(board, line)


def _refuse_overtaken(current: Figure | None, seen: int | None) -> None:
    if current is not None and current.pk != seen:
        raise Overtaken(current)


def _needs_reason(board: BoardSheet, line: Line, fact: Decimal, proposed: Decimal | None) -> bool:
    replaces = board.figure_in(line, Column.APPRAISED) is not None and not is_waiting(board, line)
    return proposed != fact or replaces or bool(line.dispute)


@transaction.atomic
def enter_outside(
    line: Line,
    *,
    fact: Decimal | None,
    document: str,
    content: bytes,
    media_type: str,
    name: str,
    actor: User,
    seen: int | None = None,
) -> Figure:
    """Enter the figure of an outside body with its document: the file is kept as evidence of the
    line, the document's number and date as the reason of the figure.

    Asks "scoring.appraise"; raises DocumentMissing, NotAFigure, NotNow, Overtaken.
    """
    board, line = _line_to_appraise(line, actor)
    if line.criterion.owner != Owner.OUTSIDE:
        raise NotNow(_("No outside body scores this criterion."))
    if not document.strip() or not content:
        raise DocumentMissing(_("Name the document of the outside body and attach it."))
    if fact is None:
        raise NotAFigure(_("Give the figure."))
    check_figure(line, fact)
    _refuse_overtaken(board.figure_in(line, Column.APPRAISED), seen)
    stored = files.store(content, media_type=media_type)
    _keep_document(line, stored, name=name, actor=actor)
    figure = new_figure(line, Column.APPRAISED, fact, reason=document, actor=actor)
    figure.save()
    said = document.strip()
    record(
        line, "outside_entered", actor, reason=said, after=plain_decimal(fact), file=stored.sha256
    )
    return figure


def _keep_document(line: Line, stored: StoredFile, *, name: str, actor: User) -> None:
    evidence, _made = Evidence.objects.get_or_create(
        sheet=line.sheet,
        file=stored,
        defaults={"name": name, "added_by": actor, "added_at": timezone.now()},
    )
    evidence.lines.add(line)


def proposal(board: BoardSheet, line: Line, means: Mapping[int, Decimal]) -> Decimal | None:
    """The figure that “as proposed” takes over: the board's or the portal's, for cross-scored lines
    the mean from `means` (`cross_scoring.means` of the sheet). None if only appraisers or an
    outside body can give it."""
    if line.criterion.owner == Owner.PEERS:
        return means.get(line.pk)
    figure = board.figure_in(line, Column.SELF)
    return figure.fact if figure else None


@transaction.atomic
def take_as_proposed(sheet: Sheet, *, lines: Iterable[int], actor: User) -> int:
    """Take over the proposed figures of the lines that still wait for one; returns how many. Lines
    that the board disputes are skipped, as they need a reason. The number of queries is constant.

    Asks "scoring.appraise"; raises NotNow.
    """
    sheet = _begin(sheet, actor)
    [board] = board_sheets(sheet.scoring, [sheet])
    chosen, means = set(lines), cross_scoring.means(sheet)
    taken = [
        new_figure(line, Column.APPRAISED, proposed, reason="", actor=actor)
        for line in board.lines
        if line.pk in chosen and is_waiting(board, line) and not line.dispute
        if (proposed := proposal(board, line, means)) is not None
    ]
    Figure.objects.bulk_create(taken)
    if taken:
        by_code = {one.line.criterion.code: plain_decimal(one.fact) for one in taken}
        record(sheet, "taken_as_proposed", actor, figures=by_code)
    return len(taken)


# --- Conclusion -----------------------------------------------------------------------------------


@transaction.atomic
def conclude(sheet: Sheet, *, actor: User) -> None:
    """Conclude the appraisal: every line has its figure, and the plan by which it is measured. Asks
    "scoring.appraise"; raises NotAppraised, NotNow."""
    sheet = _begin(sheet, actor)
    [board] = board_sheets(sheet.scoring, [sheet])
    if waiting := waiting_lines(board):
        raise NotAppraised(
            _("These lines have no appraised figure yet: %(codes)s.")
            % {"codes": line_codes(waiting)}
        )
    if unplanned := lines_without_plan(board):
        raise NotAppraised(_("No plan yet: %(codes)s.") % {"codes": line_codes(unplanned)})
    transition(sheet, SHEET_TRANSITIONS, "conclude", appraised_at=timezone.now())
    record(sheet, "concluded", actor)


@transaction.atomic
def reopen(sheet: Sheet, *, reason: str, actor: User) -> None:
    """Take a concluded appraisal up again, before publication and with a reason.

    Asks "scoring.appraise"; raises ReasonMissing, NotNow.
    """
    sheet = lock_sheet(sheet)
    require(actor, "scoring.appraise", sheet)
    if not reason.strip():
        raise ReasonMissing(_("Say why the appraisal is taken up again."))
    transition(sheet, SHEET_TRANSITIONS, "reopen", appraised_at=None)
    record(sheet, "reopened", actor, reason=reason.strip())
