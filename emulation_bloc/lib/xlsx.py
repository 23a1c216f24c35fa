"""Lists as Excel files, in which no text is taken for a formula."""

import datetime as dt
import io
import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

Value = str | int | float | Decimal | dt.date | dt.datetime | bool | None

# Excel and LibreOffice would take text that begins with these for a formula, also from CSV.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
DATE_LOOK = "dd/mm/yyyy"
TIME_LOOK = "hh:mm dd/mm/yyyy"
NARROWEST, WIDEST = 8, 60
_NOT_IN_A_TITLE = re.compile(r"[\[\]:*?/\\]")
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# Excel decodes _x000A_ as an escaped character; escaping the underscore keeps the text.
_LIKE_AN_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
LONGEST_TITLE = 31


def table(title: str, headings: Sequence[str], rows: Iterable[Sequence[Value]]) -> bytes:
    """One list as an Excel file: headings, then a row per entry.

    Dates stay dates (shown dd/mm/yyyy), numbers numbers, and text text. The sheet has filters and
    prints on A4 landscape with headings on every page.
    """
    book = Workbook()
    sheet = book.active or book.create_sheet()
    sheet.title = sheet_title(title)
    widths = [len(heading) for heading in headings]
    write_row(sheet, 1, headings)
    for number, row in enumerate(rows, start=2):
        write_row(sheet, number, row)
        widths = [max(width, shown(value)) for width, value in zip(widths, row, strict=True)]
    dress(sheet, widths)
    return saved(book)


def sheet_title(title: str) -> str:
    """The title without characters that Excel forbids, at most 31 letters."""
    return _NOT_IN_A_TITLE.sub(" ", title)[:LONGEST_TITLE]


def write_row(sheet: Worksheet, number: int, values: Sequence[Value]) -> None:
    """Write the values into a row, from the first column on."""
    for column, value in enumerate(values, start=1):
        write(sheet.cell(number, column), value)


def write(cell: Any, value: Value) -> None:
    """Write a value into a cell with its type; text is never a formula."""
    if isinstance(value, str):
        text = _NOT_IN_XML.sub("", value)
        cell.value = _LIKE_AN_ESCAPE.sub("_x005F_", text)
        cell.data_type = "s"
        cell.quotePrefix = text.startswith(FORMULA_STARTS)
    elif isinstance(value, dt.datetime):
        cell.value = value.replace(tzinfo=None)
        cell.number_format = TIME_LOOK
    else:
        cell.value = value
        if isinstance(value, dt.date):
            cell.number_format = DATE_LOOK


def shown(value: Value) -> int:
    """The approximate width of a value in letters."""
    if isinstance(value, dt.date):
        return len(TIME_LOOK if isinstance(value, dt.datetime) else DATE_LOOK)
    return len(str(value)) if value is not None else 0


def dress(sheet: Worksheet, widths: Sequence[int]) -> None:
    """Set heading style, widths, filters and printing; `widths` are in letters."""
    for cell in sheet[1]:
        _dress_heading(cell)
    for column, width in enumerate(widths, start=1):
        letter = get_column_letter(column)
        sheet.column_dimensions[letter].width = min(max(width, NARROWEST), WIDEST) + 2
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = "9"  # A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def _dress_heading(cell: Any) -> None:
    cell.font = Font(bold=True)
    cell.alignment = Alignment(wrap_text=True, vertical="bottom")
    cell.border = Border(bottom=Side(style="thin"))


def saved(book: Workbook) -> bytes:
    """The workbook as bytes."""
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()
