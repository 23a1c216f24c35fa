"""The score sheet of a board, for all who may see it; its board fills it in cell by cell."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from members.models.people import SIGNING_POSTS
from members.pages.guards import Visit, require_fresh_login
from members.permissions import require
from members.records.acts import NotNow

from ..addresses import address
from ..forms.sheet import SheetForm
from ..models import Line, Sheet
from ..result import objections
from ..rules import serves_in
from ..sheets import line_history, submitting
from ..sheets.sheet_page import Row, SheetPage, build_sheet_page
from .entrance import CONFLICT, GET_POST, UNPROCESSABLE, go, on_sheet
from .saving import saved, sheet_form, status_of

PAGE_SIZE = 50


@require_safe
@on_sheet
def sheet(request: Visit, sheet: Sheet) -> HttpResponse:
    form = sheet_form(sheet) if request.user.has_perm("scoring.fill", sheet) else None
    return sheet_page(request, sheet, form)


def sheet_page(
    request: Visit, sheet: Sheet, form: SheetForm | None, *, status: int = 200
) -> HttpResponse:
    full = build_sheet_page(sheet, reader=request.user)
    if form is not None:
        put_figures_in_form(full, form)
    context = {
        **context_of(request, full, form),
        "tab": "sheet",
        "whole": reads_whole(request, sheet),
        "may_object": may_object(request, full),
    }
    return render(request, "scoring/sheet.html", context, status=status)


def context_of(request: Visit, full: SheetPage, form: SheetForm | None) -> dict[str, Any]:
    return {
        "section": "scoring",
        "scoring": full.sheet.scoring,
        "sheet": full.sheet,
        "full": full,
        "form": form,
        "may_sign_off": request.user.has_perm("scoring.sign_off", full.sheet),
    }


def may_object(request: Visit, full: SheetPage) -> bool:
    """Whether the reader may object today; the same for all lines of the sheet."""
    is_taken = objections.are_taken(full.sheet.scoring)
    return is_taken and any(
        request.user.has_perm("scoring.object", row.line) for row in full.rows[:1]
    )


def reads_whole(request: Visit, sheet: Sheet) -> bool:
    return Sheet.objects.read_whole_by(request.user).filter(pk=sheet.pk).exists()


def put_figures_in_form(full: SheetPage, form: SheetForm) -> None:
    controls = form.by_line()
    for row in full.rows:
        row.cells = controls.get(row.line.pk, {})


# --- Saving ---------------------------------------------------------------------------------------


@require_POST
@on_sheet
def save_figures(request: Visit, sheet: Sheet) -> HttpResponse:
    """Save figures and texts while they are typed; an invalid cell does not prevent saving the
    others.

    htmx sends the cells that changed; without it the whole form is sent.
    """
    if request.htmx and not request.user.has_perm("scoring.fill", sheet):
        return too_late(request, sheet)
    require(request.user, "scoring.fill", sheet)
    form = saved(sheet, request.POST, actor=request.user)
    if request.htmx:
        return saved_answer(request, sheet, form)
    if form.errors:
        return sheet_page(request, sheet, form, status=status_of(form))
    if "submit" in request.POST:
        return go(sheet.scoring.bloc_year, "submit", sheet.pk)
    at = timezone.localtime()
    messages.success(request, _("Sheet saved at %(time)s.") % {"time": f"{at:%H:%M}"})
    return go(sheet.scoring.bloc_year, "sheet", sheet.pk)


def too_late(request: Visit, sheet: Sheet) -> HttpResponse:
    """The answer when the sheet was submitted while somebody was still typing; the page keeps what
    was typed."""
    context = {"sheet": sheet, "scoring": sheet.scoring}
    return render(request, "scoring/partials/too_late.html", context, status=CONFLICT)


def saved_answer(request: Visit, sheet: Sheet, form: SheetForm) -> HttpResponse:
    """For htmx: the parts of the page to update, and why cells were not saved. Fields being typed
    in remain."""
    if not form.errors and "submit" in request.POST:
        to_submit = address(sheet.scoring.bloc_year, "submit", sheet.pk)
        return HttpResponse(headers={"HX-Redirect": to_submit})
    full = build_sheet_page(sheet, reader=request.user)
    sent = {cell.line.criterion_id for cell in form.cells.values()}
    rows = [row for row in full.rows if touches(row, sent)]
    put_figures_in_form(full, form)
    context = {**context_of(request, full, form), "rows": rows, "whole": True}
    template = "scoring/partials/sheet_saved.html"
    return render(request, template, context, status=status_of(form))


def touches(row: Row, criteria: set[int]) -> bool:
    """Whether the points of a row depend on the figures of some criteria; portal figures may depend
    on any."""
    return row.known is not None or not criteria.isdisjoint(
        {row.line.criterion_id, row.line.criterion.facts_from_id}
    )


# --- The history of a line ------------------------------------------------------------------------


@require_safe
@on_sheet
def line(request: Visit, sheet: Sheet, line_pk: int) -> HttpResponse:
    """The full history of a line, for readers of the full sheet."""
    if not reads_whole(request, sheet):
        raise Http404
    lines = Line.objects.select_related("criterion__group").prefetch_related("evidence")
    found = get_object_or_404(lines.filter(sheet=sheet), pk=line_pk)
    found.sheet = sheet
    trail = Paginator(line_history.trail(found), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "section": "scoring",
        "scoring": sheet.scoring,
        "sheet": sheet,
        "line": found,
        "figures": line_history.figures(found),
        "returns": line_history.returns(found),
        "objections": line_history.objections(found),
        "trail": trail,
        "told": [line_history.history_entry(entry, found) for entry in trail],
    }
    return render(request, "scoring/line.html", context)


# --- Signing a sheet off ----------------------------------------------------------------------


@GET_POST
@on_sheet
def submit(request: Visit, sheet: Sheet) -> HttpResponse:
    if is_over(request, sheet):
        messages.info(request, _("The sheet has been submitted already."))
        return go(sheet.scoring.bloc_year, "sheet", sheet.pk)
    require(request.user, "scoring.sign_off", sheet)
    if request.method != "POST":
        return submit_page(request, sheet)
    require_fresh_login(request)
    try:
        submitting.submit(sheet, actor=request.user)
    except submitting.Incomplete as refusal:
        return submit_page(request, sheet, str(refusal), status=UNPROCESSABLE)
    except NotNow as refusal:
        return submit_page(request, sheet, str(refusal), status=CONFLICT)
    messages.success(request, _("The sheet was sent to the %(head)s.") % {"head": sheet.goes_to})
    return go(sheet.scoring.bloc_year, "sheet", sheet.pk)


def is_over(request: Visit, sheet: Sheet) -> bool:
    """Whether a leader of the board opens a sheet that is submitted already, by a second click or
    by another leader."""
    return not sheet.is_with_the_board and serves_in(
        request.user, sheet.membership.acting_board_id, SIGNING_POSTS
    )


def submit_page(
    request: Visit, sheet: Sheet, refusal: str = "", *, status: int = 200
) -> HttpResponse:
    full = build_sheet_page(sheet, reader=request.user)
    context = {
        "section": "scoring",
        "scoring": sheet.scoring,
        "sheet": sheet,
        "full": full,
        "refusal": refusal,
        "disputed": [row for row in full.rows if row.line.dispute],
    }
    return render(request, "scoring/submit.html", context, status=status)
