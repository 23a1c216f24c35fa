"""Evidence: uploaded by file or camera, used for several lines, shown to readers of the full
sheet."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from emulation_bloc.lib import xlsx
from members.pages.downloads import sent
from members.pages.guards import Visit
from members.permissions import require
from members.records import files

from ..forms.evidence import EvidenceForm
from ..models import Evidence, Line, Sheet
from ..sheets import filling, submitting
from .entrance import CONFLICT, GET_POST, UNPROCESSABLE, go, on_sheet


@GET_POST
@on_sheet
def add_evidence(request: Visit, sheet: Sheet) -> HttpResponse:
    """Upload a file for one line or several; `?dong=` ticks the line from which the reader came."""
    require(request.user, "scoring.fill", sheet)
    lines = writable_lines(sheet)
    wanted = line_asked_for(request, lines)
    if request.method != "POST":
        form = EvidenceForm(lines=lines, initial={"lines": [str(wanted.pk)] if wanted else []})
        return evidence_page(request, sheet, form, wanted)
    form = EvidenceForm(request.POST, request.FILES, lines=lines)
    if not form.is_valid():
        return evidence_page(request, sheet, form, wanted, status=UNPROCESSABLE)
    try:
        for one in form.checked_files:
            filling.add_evidence(
                sheet,
                lines=form.chosen_lines,
                content=one.content,
                media_type=one.media_type,
                name=one.name,
                actor=request.user,
            )
    except filling.NotYours as refusal:
        form.add_error(None, str(refusal))
        return evidence_page(request, sheet, form, wanted, status=CONFLICT)
    messages.success(request, _("The evidence is on the sheet."))
    return back_to(sheet, wanted or form.chosen_lines[0])


def writable_lines(sheet: Sheet) -> list[Line]:
    returned = filling.returned_lines(sheet)
    lines = submitting.lines_with_evidence(sheet)
    for line in lines:
        line.sheet = sheet
    return [line for line in lines if filling.may_write(line, returned)]


def line_asked_for(request: Visit, lines: list[Line]) -> Line | None:
    asked = request.POST.get("line") or request.GET.get("dong", "")
    return next((line for line in lines if str(line.pk) == asked), None)


def evidence_page(
    request: Visit, sheet: Sheet, form: EvidenceForm, wanted: Line | None, *, status: int = 200
) -> HttpResponse:
    kept = list(sheet.evidence.prefetch_related("lines__criterion"))
    context: dict[str, Any] = {
        "section": "scoring",
        "scoring": sheet.scoring,
        "sheet": sheet,
        "form": form,
        "wanted": wanted,
        "on_line": [one for one in kept if wanted in one.lines.all()] if wanted else [],
        "others": [one for one in kept if wanted not in one.lines.all()],
    }
    return render(request, "scoring/evidence.html", context, status=status)


def back_to(sheet: Sheet, line: Line) -> HttpResponse:
    return go(sheet.scoring.bloc_year, "sheet", sheet.pk, anchor=f"line-{line.pk}")


@require_safe
@on_sheet
def evidence(request: Visit, sheet: Sheet, evidence_pk: int) -> HttpResponse:
    """The file, for readers of the full sheet; shown in the browser, except workbooks."""
    seen = Evidence.objects.visible_to(request.user).filter(sheet=sheet)
    return handed_out(get_object_or_404(seen.select_related("file"), pk=evidence_pk))


def handed_out(one: Evidence) -> HttpResponse:
    media_type = one.file.media_type
    return sent(
        files.read_content(one.file), one.name, media_type, inline=media_type != xlsx.MEDIA_TYPE
    )


@require_POST
@on_sheet
def use_evidence(request: Visit, sheet: Sheet, evidence_pk: int) -> HttpResponse:
    """Let a file of the sheet serve one more line."""
    return set_line(request, sheet, evidence_pk, filling.use_evidence)


@require_POST
@on_sheet
def drop_evidence(request: Visit, sheet: Sheet, evidence_pk: int) -> HttpResponse:
    """Take a file from a line; it stays on the sheet and can be used again."""
    return set_line(request, sheet, evidence_pk, filling.drop_evidence)


def set_line(request: Visit, sheet: Sheet, evidence_pk: int, act: Any) -> HttpResponse:
    require(request.user, "scoring.fill", sheet)
    one = get_object_or_404(sheet.evidence, pk=evidence_pk)
    line = get_object_or_404(sheet.lines.select_related("criterion"), pk=number_in(request))
    one.sheet = line.sheet = sheet
    try:
        act(one, line=line, actor=request.user)
    except filling.NotYours as refusal:
        messages.error(request, str(refusal))
    return back_to(sheet, line)


def number_in(request: Visit) -> int:
    text = request.POST.get("line", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else 0
