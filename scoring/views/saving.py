"""Saves the cells of a sheet that were typed on the page or in Excel."""

from typing import Any

from members.models import User
from members.records.acts import Overtaken

from ..forms.sheet import Cell, Content, SheetForm, cells_of
from ..models import Sheet
from ..sheets import filling
from ..sheets.sheet_page import returns_of
from .entrance import CONFLICT, UNPROCESSABLE

# A revision that no line has: the cell will be reported as changed by somebody else.
NEVER = -1


def sheet_form(sheet: Sheet, data: Any = None) -> SheetForm:
    """The form of a sheet: with data only the lines that were sent, for a page all lines."""
    lines = sheet.lines.select_related("criterion").order_by("criterion__order", "pk")
    if data is not None:
        lines = lines.filter(pk__in=lines_named_in(data))
    found = list(lines)
    for line in found:
        line.sheet = sheet
    back = {pk: one for pk, one in returns_of(sheet).items() if one.round == sheet.round}
    return SheetForm(data, cells=cells_of(found, back))


def lines_named_in(data: Any) -> set[int]:
    numbers = {key.partition("-")[2] for key in data}
    # More than eighteen digits do not fit the integers of both databases.
    return {int(one) for one in numbers if one.isascii() and one.isdigit() and len(one) <= 18}


def saved(sheet: Sheet, data: Any, *, actor: User) -> SheetForm:
    """Save the cells that can be saved; the form returned has the errors of the others."""
    form = sheet_form(sheet, data)
    form.is_valid()
    changed = form.changed()
    try:
        overtaken = write_figures(sheet, form, changed, actor)
        overtaken |= write_words(form, changed, actor)
    except filling.NotYours as refusal:
        form.add_error(None, str(refusal))
    else:
        form.settle(overtaken)
    return form


def write_figures(
    sheet: Sheet, form: SheetForm, changed: dict[Cell, Content], actor: User
) -> dict[Cell, Content]:
    """Write the changed figures; returns the cells that somebody else changed meanwhile, with their
    content."""
    figures = {cell.line.pk: cell for cell in changed if cell.what == "figure"}
    if not figures:
        return {}
    cells = {
        pk: filling.Cell(
            changed[cell],  # type: ignore[arg-type]  # a figure field gives a figure
            NEVER if form.is_stale(cell) else cell.line.revision,
        )
        for pk, cell in figures.items()
    }
    overtaken = filling.write_figures(sheet, cells=cells, actor=actor)
    return {figures[pk]: line.actual for pk, line in overtaken.items()}


def write_words(form: SheetForm, changed: dict[Cell, Content], actor: User) -> dict[Cell, Content]:
    overtaken: dict[Cell, Content] = {}
    for cell, text in changed.items():
        if cell.what == "figure":
            continue
        seen = str(form.seen(cell.key))
        try:
            if cell.returned is not None:
                filling.reply(cell.returned, text=str(text), seen=seen, actor=actor)
            else:
                filling.write_words(
                    cell.line, field=cell.what, text=str(text), seen=seen, actor=actor
                )
        except Overtaken as refusal:
            overtaken[cell] = getattr(refusal.standing, cell.what)
    return overtaken


def status_of(form: SheetForm) -> int:
    if not form.errors:
        return 200
    return CONFLICT if form.is_only_overtaken else UNPROCESSABLE
