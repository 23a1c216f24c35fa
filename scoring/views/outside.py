"""Entering the figure that an outside body scored, with its document."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from emulation_bloc.lib.refusal import Refusal
from members.pages.guards import Visit
from members.permissions import require
from members.records.acts import NotNow, Overtaken

from ..appraising import appraisal
from ..forms.appraisal import OutsideForm
from ..models import Line, Sheet
from ..models.scales import Owner
from .appraisal import back
from .entrance import CONFLICT, GET_POST, UNPROCESSABLE, on_sheet


def line_here(sheet: Sheet, pk: int) -> Line:
    """A line of the sheet, with this `sheet` object; else 404."""
    line = get_object_or_404(sheet.lines.select_related("criterion__group"), pk=pk)
    line.sheet = sheet
    return line


@GET_POST
@on_sheet
def outside_score(request: Visit, sheet: Sheet, line_pk: int) -> HttpResponse:
    """Enter the figure of an outside body, with its document."""
    require(request.user, "scoring.appraise", sheet)
    line = line_here(sheet, line_pk)
    if line.criterion.owner != Owner.OUTSIDE:
        raise Http404
    current = line.figures.filter(column="appraised").last()
    if request.method != "POST":
        form = OutsideForm(line=line, initial={"seen": current.pk if current else None})
        return outside_page(request, line, form)
    form = OutsideForm(request.POST, request.FILES, line=line)
    if not form.is_valid():
        return outside_page(request, line, form, status=UNPROCESSABLE)
    try:
        enter(line, form, request)
    except (Overtaken, NotNow) as refusal:
        form.add_error(None, str(refusal))
        return outside_page(request, line, form, status=CONFLICT)
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return outside_page(request, line, form, status=UNPROCESSABLE)
    messages.success(request, _("The figure is entered with its document."))
    return back(sheet, f"line-{line.pk}")


def enter(line: Line, form: OutsideForm, request: Visit) -> None:
    cleaned = form.cleaned_data
    file = cleaned["file"]
    appraisal.enter_outside(
        line,
        fact=cleaned["figure"],
        document=cleaned["document"],
        content=file.content,
        media_type=file.media_type,
        name=file.name,
        seen=cleaned["seen"],
        actor=request.user,
    )


def outside_page(
    request: Visit, line: Line, form: OutsideForm, *, status: int = 200
) -> HttpResponse:
    context = {
        "section": "scoring",
        "scoring": line.sheet.scoring,
        "sheet": line.sheet,
        "line": line,
        "form": form,
        "figures": line.figures.filter(column="appraised"),
    }
    return render(request, "scoring/outside.html", context, status=status)
