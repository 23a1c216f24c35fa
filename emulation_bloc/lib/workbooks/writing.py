"""Writes workbooks to be filled in offline: a guide, one table, and hidden facts about the file."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.workbook.protection import WorkbookProtection
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from emulation_bloc.lib import xlsx
from emulation_bloc.lib.workbooks.values import fitting

# The hidden sheet: two columns of facts, a gap, then the choices of each column.
FACTS: Final = "_facts"
TABLE: Final = "_table"
BEFORE_CHOICES: Final = 3
GUIDE_WIDTH: Final = 90
LONGEST_TEXT: Final = 32_767
# Editable cells; light enough for black and white, distinct from locked cells on any screen.
SHADE: Final = PatternFill("solid", fgColor="FFF6DC")
LINE: Final = Side(style="hair")
BOX: Final = Border(left=LINE, right=LINE, top=LINE, bottom=LINE)
WRAPPED: Final = Alignment(wrap_text=True, vertical="top")
UNLOCKED: Final = Protection(locked=False)
AS_TYPED: Final = "@"


@dataclass(frozen=True)
class Column:
    """A column of the table. `width` is in letters, 0 for automatic.

    Cells of an `as_typed` column stay text: 1.10 does not become 1.1, nor 1/5 a date.
    """

    heading: str
    width: int = 0
    editable: bool = False
    as_typed: bool = False
    choices: Sequence[str] = ()


def form(
    title: str,
    *,
    guide: Sequence[str],
    facts: Mapping[str, str],
    columns: Sequence[Column],
    rows: Iterable[Sequence[xlsx.Value]],
    spare_rows: int = 0,
) -> bytes:
    """A workbook that `reading.read_form` reads back without loss.

    Only editable columns can be typed into, also in the `spare_rows` below the table; the sheets
    are protected without a password, against mistakes only. `facts` identify the file (year, board,
    scale) and are in a hidden sheet. Raises ValueError for numbers of more than 15 digits and texts
    of more than 32,767 letters, which Excel would cut.
    """
    book = Workbook()
    book.security = WorkbookProtection(lockStructure=True)
    _write_guide(book, guide)
    table = book.create_sheet(xlsx.sheet_title(title))
    last = _write_table(table, columns, rows) + spare_rows
    hidden = _write_facts(book, {**facts, TABLE: table.title})
    for number, column in enumerate(columns, start=1):
        _dress_column(table, number, column, last)
        _offer_choices(hidden, table, number, column, last)
    return xlsx.saved(book)


def _write_guide(book: Workbook, lines: Sequence[str]) -> None:
    sheet = book.active or book.create_sheet()
    sheet.title = xlsx.sheet_title(_("How to fill in"))
    sheet.column_dimensions["A"].width = GUIDE_WIDTH
    for number, line in enumerate(lines, start=1):
        cell = sheet.cell(number, 1)
        xlsx.write(cell, line)
        cell.alignment = WRAPPED
    sheet.page_setup.paperSize = "9"  # A4
    _protect(sheet)


def _write_table(
    sheet: Worksheet, columns: Sequence[Column], rows: Iterable[Sequence[xlsx.Value]]
) -> int:
    """Write headings and rows; returns the number of the last row."""
    xlsx.write_row(sheet, 1, [column.heading for column in columns])
    widths = [len(column.heading) for column in columns]
    last = 1
    for last, row in enumerate(rows, start=2):
        xlsx.write_row(sheet, last, list(map(_kept_whole, row)))
        widths = [max(width, xlsx.shown(value)) for width, value in zip(widths, row, strict=True)]
    xlsx.dress(sheet, [c.width or width for c, width in zip(columns, widths, strict=True)])
    _protect(sheet)
    return last


def _kept_whole(value: xlsx.Value) -> xlsx.Value:
    if isinstance(value, int | float | Decimal):
        fitting(Decimal(str(value)) if isinstance(value, float) else Decimal(value))
    if isinstance(value, str) and len(value) > LONGEST_TEXT:
        raise ValueError(f"Longer than a cell: {value[:40]}…")
    return value


def _write_facts(book: Workbook, facts: Mapping[str, str]) -> Worksheet:
    sheet: Worksheet = book.create_sheet(FACTS)
    sheet.sheet_state = "veryHidden"
    for number, fact in enumerate(facts.items(), start=1):
        xlsx.write_row(sheet, number, fact)
    _protect(sheet)
    return sheet


def _protect(sheet: Worksheet) -> None:
    """Lock the contents; widths, heights and filters may be changed."""
    sheet.protection.sheet = True
    sheet.protection.formatColumns = False
    sheet.protection.formatRows = False
    sheet.protection.autoFilter = False


def _dress_column(sheet: Worksheet, number: int, column: Column, last: int) -> None:
    for row in range(2, last + 1):
        cell: Any = sheet.cell(row, number)
        cell.border = BOX
        cell.alignment = WRAPPED
        if column.as_typed:
            cell.number_format = AS_TYPED
        if column.editable:
            cell.fill = SHADE
            cell.protection = UNLOCKED


def _offer_choices(
    hidden: Worksheet, table: Worksheet, number: int, column: Column, last: int
) -> None:
    """Let a column be filled from a list. The choices are in cells, as Excel limits
    inline lists.
    """
    if not column.choices or last < 2:
        return
    at = BEFORE_CHOICES + number
    for row, choice in enumerate(column.choices, start=1):
        xlsx.write(hidden.cell(row, at), choice)
    source, letter = get_column_letter(at), get_column_letter(number)
    rule = DataValidation(
        type="list",
        formula1=f"{FACTS}!${source}$1:${source}${len(column.choices)}",
        allow_blank=True,
        showErrorMessage=True,
        error=_("Choose one of the list."),
    )
    rule.add(f"{letter}2:{letter}{last}")
    table.add_data_validation(rule)
