"""Appraising one sheet: figures with reasons, figures as proposed, lines returned, the
conclusion."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from emulation_bloc.lib.numbers import plain_decimal
from emulation_bloc.lib.refusal import Refusal
from members.pages.guards import Visit
from members.permissions import require
from members.records.acts import NotNow, Overtaken, ReasonMissing

from ..appraising import appraisal, cross_scoring
from ..forms.appraisal import AppraisalForm, ReasonForm, Typed
from ..models import Line, Sheet
from ..models.sheets import SheetState
from ..result import objections
from ..sheets.boards import BoardSheet, board_sheets, waiting_lines
from ..sheets.sheet_page import Reading, Row, SheetPage
from .entrance import CONFLICT, UNPROCESSABLE, go, on_sheet


@dataclass
class AppraisalPage:
    """Everything for the appraisal page of a sheet; `waiting` are the ids of lines that need a
    figure."""

    sheet: Sheet
    full: SheetPage
    board: BoardSheet
    waiting: set[int]
    form: AppraisalForm

    @property
    def is_open(self) -> bool:
        return self.sheet.state == SheetState.SUBMITTED

    @property
    def came_back(self) -> list[Row]:
        """The rows that were returned and submitted again; they are listed first."""
        return [row for row in self.full.rows if row.line.pk in self.board.came_back]

    @property
    def others_wait(self) -> bool:
        """Whether lines that were not returned need a figure as well."""
        return not self.waiting <= self.board.came_back


def read_page(request: Visit, sheet: Sheet, data: Any = None) -> AppraisalPage:
    """The appraisal page's data; the number of queries does not depend on the lines. Asks
    "scoring.appraise"."""
    require(request.user, "scoring.appraise", sheet)
    reading = Reading(sheet, request.user)
    full, board = reading.whole(), reading.board
    means = cross_scoring.means(sheet)
    for row in full.rows:
        row.proposed = appraisal.proposal(board, row.line, means)
    form = AppraisalForm(data, board=board)
    put_figures_in_form(full, form)
    return AppraisalPage(
        sheet=sheet,
        full=full,
        board=board,
        waiting={line.pk for line in waiting_lines(board)},
        form=form,
    )


def put_figures_in_form(full: SheetPage, form: AppraisalForm) -> None:
    if full.sheet.state == SheetState.SUBMITTED:
        for row in full.rows:
            row.cells = form.controls(row.line.pk)


@require_safe
@on_sheet
def appraise(request: Visit, sheet: Sheet) -> HttpResponse:
    return page_response(request, read_page(request, sheet))


def page_response(
    request: Visit, page: AppraisalPage, *, reasons: ReasonForm | None = None, status: int = 200
) -> HttpResponse:
    context = {
        "section": "scoring",
        "tab": "appraisal",
        "scoring": page.sheet.scoring,
        "sheet": page.sheet,
        "appraisal_page": page,
        "full": page.full,
        "form": page.form,
        "whole": True,
        "sections": sections(page),
        "reasons": reasons or ReasonForm(),
    }
    return render(request, "scoring/appraise.html", context, status=status)


def sections(page: AppraisalPage) -> list[tuple[Any, list[Row], bool]]:
    """Each group with its rows that were not returned, and whether “as proposed” applies to one of
    them."""
    return [
        (section, rows, any(takes_over(page, row) for row in rows))
        for section in page.full.sections
        for rows in [[row for row in section.rows if row.line.pk not in page.board.came_back]]
    ]


def takes_over(page: AppraisalPage, row: Row) -> bool:
    line = row.line
    return line.pk in page.waiting and row.proposed is not None and not line.dispute


# --- Saving ---------------------------------------------------------------------------------------


def saved(request: Visit, sheet: Sheet) -> AppraisalPage:
    """Save what was typed, whichever button was pressed; the form returned has the errors of the
    lines that were not saved."""
    page = read_page(request, sheet, request.POST)
    form = page.form
    form.is_valid()
    typed = form.typed()
    if typed:
        write(form, sheet, typed, request)
    return page


def write(form: AppraisalForm, sheet: Sheet, typed: list[Typed], request: Visit) -> None:
    given = {one.line.pk: one.given for one in typed}
    answers: Mapping[int, Any]
    try:
        answers = appraisal.appraise_lines(sheet, given=given, actor=request.user)
    except NotNow as refusal:
        answers = dict.fromkeys(given, refusal)
    for one in typed:
        if isinstance(answer := answers[one.line.pk], Refusal):
            tell(form, one.line, answer)


def tell(form: AppraisalForm, line: Line, refusal: Refusal) -> None:
    """Add the refusal of a line's figure to the field that it is about."""
    if isinstance(refusal, ReasonMissing):
        form.refuse(line, str(refusal), field="why")
    elif isinstance(refusal, Overtaken):
        form.overtaken.add(line.pk)
        form.refuse(line, overtaken_words(refusal))
    else:
        form.refuse(line, str(refusal))


def overtaken_words(refusal: Overtaken) -> str:
    figure: Any = refusal.standing
    words = {"fact": plain_decimal(figure.fact).replace(".", ","), "who": figure.by_name}
    return _("Now %(fact)s, set by %(who)s meanwhile. Open the page again to change it.") % words


def refused(request: Visit, page: AppraisalPage, *, status: int = 0) -> HttpResponse:
    """The page after saving, with what was not saved and why."""
    form = page.form
    is_conflict = bool(form.overtaken) and len(form.faulty) == len(form.overtaken)
    now = read_page(request, page.sheet)
    now.form = form.again(now.board)
    put_figures_in_form(now.full, now.form)
    usual = CONFLICT if is_conflict else UNPROCESSABLE
    return page_response(request, now, status=status or usual)


def back(sheet: Sheet, anchor: str = "") -> HttpResponse:
    return go(sheet.scoring.bloc_year, "appraise", sheet.pk, anchor=anchor)


@require_POST
@on_sheet
def appraise_line(request: Visit, sheet: Sheet) -> HttpResponse:
    """Save the figures and reasons that were typed."""
    page = saved(request, sheet)
    if page.form.errors:
        return refused(request, page)
    at = timezone.localtime()
    messages.success(request, _("Appraisal saved at %(time)s.") % {"time": f"{at:%H:%M}"})
    return back(sheet)


@require_POST
@on_sheet
def take_as_proposed(request: Visit, sheet: Sheet) -> HttpResponse:
    """Take over the proposed figures of a group, or of one line."""
    page = saved(request, sheet)
    if page.form.errors:
        return refused(request, page)
    lines, anchor = chosen(request, page)
    try:
        taken = appraisal.take_as_proposed(sheet, lines=lines, actor=request.user)
    except NotNow as refusal:
        page.form.add_error(None, str(refusal))
        return refused(request, page, status=CONFLICT)
    sentence = ngettext(
        "%(count)d figure taken over as proposed.",
        "%(count)d figures taken over as proposed.",
        taken,
    )
    messages.success(request, sentence % {"count": taken})
    return back(sheet, anchor)


def chosen(request: Visit, page: AppraisalPage) -> tuple[list[int], str]:
    """The ids of the lines that the pressed button is about, and the anchor to return to. The
    button of a group leaves out returned lines, which are appraised one by one."""
    line, group = request.POST.get("line", ""), request.POST.get("group", "")
    came_back = page.board.came_back
    found = [
        one.pk
        for one in page.board.lines
        if line == str(one.pk) or (group == str(one.criterion.group_id) and one.pk not in came_back)
    ]
    if not found:
        return [], ""
    return found, f"line-{line}" if line else f"group-{group}"


@require_POST
@on_sheet
def return_lines(request: Visit, sheet: Sheet) -> HttpResponse:
    """Return the ticked lines, each with its reason."""
    page = saved(request, sheet)
    if page.form.errors:
        return refused(request, page)
    reasons = page.form.returned()
    try:
        appraisal.return_lines(
            sheet,
            reasons=reasons,
            reply_by=page.form.cleaned_data["reply_by"],
            actor=request.user,
        )
    except ReasonMissing as refusal:
        refuse_return(page.form, reasons, str(refusal))
        return refused(request, page)
    except NotNow as refusal:
        page.form.add_error(None, str(refusal))
        return refused(request, page, status=CONFLICT)
    messages.success(
        request,
        ngettext(
            "%(count)d line is back with %(board)s.",
            "%(count)d lines are back with %(board)s.",
            len(reasons),
        )
        % {"count": len(reasons), "board": sheet.membership.name.short_name},
    )
    return go(sheet.scoring.bloc_year, "appraisal")


def refuse_return(form: AppraisalForm, reasons: dict[int, str], sentence: str) -> None:
    """Add the error to the lines that lack their reason, else to the form."""
    blank = [pk for pk, reason in reasons.items() if not reason.strip()]
    for pk in blank:
        form.add_error(f"because-{pk}", _("Give the reason."))
    if not blank:
        form.add_error(None, sentence)


@require_POST
@on_sheet
def conclude(request: Visit, sheet: Sheet) -> HttpResponse:
    page = saved(request, sheet)
    if page.form.errors:
        return refused(request, page)
    try:
        appraisal.conclude(sheet, actor=request.user)
    except appraisal.NotAppraised as refusal:
        page.form.add_error(None, str(refusal))
        return refused(request, page)
    except NotNow as refusal:
        page.form.add_error(None, str(refusal))
        return refused(request, page, status=CONFLICT)
    messages.success(
        request,
        _("The appraisal of %(board)s is concluded.") % {"board": sheet.membership.name.short_name},
    )
    return go(sheet.scoring.bloc_year, "appraisal")


@require_POST
@on_sheet
def reopen(request: Visit, sheet: Sheet) -> HttpResponse:
    """Take a concluded appraisal up again, with a reason."""
    return undo(request, sheet, appraisal.reopen, _("The appraisal is taken up again."))


@require_POST
@on_sheet
def recall(request: Visit, sheet: Sheet) -> HttpResponse:
    """Take a return back that the board does not answer, with a reason."""
    return undo(request, sheet, appraisal.recall, _("The return is taken back."))


def undo(request: Visit, sheet: Sheet, act: Callable[..., None], told: str) -> HttpResponse:
    require(request.user, "scoring.appraise", sheet)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        page = read_page(request, sheet)
        return page_response(request, page, reasons=form, status=UNPROCESSABLE)
    try:
        act(sheet, reason=form.cleaned_data["reason"], actor=request.user)
    except NotNow as refusal:
        form.add_error(None, str(refusal))
        return page_response(request, read_page(request, sheet), reasons=form, status=CONFLICT)
    messages.success(request, told)
    return back(sheet)


# --- Points while typing --------------------------------------------------------------------------


@require_safe
@on_sheet
def appraised_points(request: Visit, sheet: Sheet) -> HttpResponse:
    """The points that the figure being typed would earn; nothing is written."""
    require(request.user, "scoring.appraise", sheet)
    [board] = board_sheets(sheet.scoring, [sheet])
    form = AppraisalForm(request.GET, board=board)
    form.is_valid()
    typed = next((one for one in form.typed() if one.given.fact is not None), None)
    if typed is None or form.faulty:
        return HttpResponse("")
    points = objections.effect_of(typed.line, typed.given.fact).points[1]
    return render(request, "scoring/partials/typed_points.html", {"points": points})
