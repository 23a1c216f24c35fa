"""Exports a sheet to Excel and imports it; each difference is shown before anything is written."""

import json
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from emulation_bloc.lib import workbooks, xlsx
from members.pages.downloads import sent
from members.pages.guards import Visit
from members.permissions import require

from ..forms.sheet import SheetForm
from ..models import Sheet
from ..sheets import workbook
from ..sheets.sheet_page import build_sheet_page
from .entrance import GET_POST, UNPROCESSABLE, go, on_sheet
from .saving import saved, status_of


class WorkbookForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("Excel file of this sheet"),
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
        help_text=gettext_lazy("The form that was downloaded from this sheet, at most 5 MB."),
        error_messages={"required": gettext_lazy("Choose the Excel file that was filled in.")},
    )

    @property
    def upload_limit(self) -> int:
        return workbook.LIMIT


@require_safe
@on_sheet
def sheet_excel(request: Visit, sheet: Sheet) -> HttpResponse:
    """The sheet as an Excel form to be filled in without the portal; for readers of the full
    sheet."""
    if not Sheet.objects.read_whole_by(request.user).filter(pk=sheet.pk).exists():
        raise Http404
    full = build_sheet_page(sheet, reader=request.user)
    board = sheet.membership.board.code.lower()
    name = f"phieu-cham-{sheet.scoring.bloc_year.year}-{board}.xlsx"
    return sent(workbook.write_sheet(full), name, xlsx.MEDIA_TYPE)


@GET_POST
@on_sheet
def sheet_import(request: Visit, sheet: Sheet) -> HttpResponse:
    """Upload the file, tick the differences, then save."""
    require(request.user, "scoring.fill", sheet)
    if request.method != "POST":
        return import_page(request, sheet, WorkbookForm())
    if "confirm" in request.POST:
        return take_in(request, sheet)
    form = WorkbookForm(request.POST, request.FILES)
    if not form.is_valid():
        return import_page(request, sheet, form, status=UNPROCESSABLE)
    return compared(request, sheet, form)


def import_page(
    request: Visit, sheet: Sheet, form: WorkbookForm, *, status: int = 200, **more: Any
) -> HttpResponse:
    context = {"section": "scoring", "scoring": sheet.scoring, "sheet": sheet, "form": form}
    return render(request, "scoring/sheet_import.html", context | more, status=status)


def compared(request: Visit, sheet: Sheet, form: WorkbookForm) -> HttpResponse:
    """Compare the file with the sheet: its problems, or what it would change."""
    file, limit = form.cleaned_data["file"], workbook.LIMIT
    # One byte more than the limit is enough to see that the file is too large.
    content = file.read(limit + 1)
    try:
        book = workbooks.read_form(content, limit=limit)
        if strange := workbook.mismatches(book, sheet):
            form.add_error("file", forms.ValidationError(strange))
            return import_page(request, sheet, form, status=UNPROCESSABLE)
        changes = workbook.changes(book, build_sheet_page(sheet, reader=request.user))
    except workbooks.WorkbookRefused as refused:
        form.add_error("file", workbooks.sentence(refused, limit))
        return import_page(request, sheet, form, status=UNPROCESSABLE)
    if book.problems:
        problems = sorted(book.problems, key=lambda one: one.row or 0)
        return import_page(request, sheet, form, status=UNPROCESSABLE, problems=problems)
    served = json.dumps({one.key: one.seen for one in changes})
    context = {
        "section": "scoring",
        "scoring": sheet.scoring,
        "sheet": sheet,
        "changes": changes,
        "is_untouched": workbook.is_untouched(book),
        "served": served,
    }
    return render(request, "scoring/sheet_compared.html", context)


def take_in(request: Visit, sheet: Sheet) -> HttpResponse:
    """Save the ticked cells as if they were typed on the page of the sheet."""
    taken = set(request.POST.getlist("take"))
    data = {key: text for key, text in request.POST.items() if key in taken or key == "served"}
    form = saved(sheet, data, actor=request.user)
    tell_count(request, len(form.saved))
    if not form.errors:
        return go(sheet.scoring.bloc_year, "sheet", sheet.pk)
    context = {"section": "scoring", "scoring": sheet.scoring, "sheet": sheet}
    context |= {"form": form, "left": left(form)}
    return render(request, "scoring/sheet_taken.html", context, status=status_of(form))


def tell_count(request: Visit, count: int) -> None:
    if count:
        sentence = ngettext("%(count)d cell was taken in.", "%(count)d cells were taken in.", count)
        messages.success(request, sentence % {"count": count})
    else:
        messages.info(request, _("Nothing was taken in."))


def left(form: SheetForm) -> list[tuple[Any, str, str]]:
    """(cell, content in the file, why it was not imported) for each cell not saved."""
    return [(cell, form.text(cell.key), why) for cell, why in form.faulty_cells]
