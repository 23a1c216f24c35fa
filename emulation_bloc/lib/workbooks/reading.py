"""Reads filled-in workbooks row by row and reports every problem with its place."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import groupby
from operator import attrgetter
from typing import Final

from django.utils.translation import gettext as _
from openpyxl.utils import get_column_letter

from emulation_bloc.lib.workbooks.package import Package, Reason, WorkbookRefused, recognise
from emulation_bloc.lib.workbooks.sheets import Cell, Workbook
from emulation_bloc.lib.workbooks.values import Unreadable, Value, number_in, text_in
from emulation_bloc.lib.workbooks.writing import FACTS, TABLE

MOST_ROWS: Final = 2_000
MOST_COLUMNS: Final = 60


@dataclass(frozen=True)
class Problem:
    """A problem in a row of the sheet (None: in no particular row) under a heading."""

    row: int | None
    column: str
    sentence: str


@dataclass(frozen=True)
class Row:
    """A row with its number in the sheet; every heading has a value, None if the cell is empty."""

    number: int
    cells: dict[str, Value]


@dataclass(frozen=True)
class Difference:
    """A fact that is not as expected; `found` is "" if the file lacks it."""

    fact: str
    expected: str
    found: str


@dataclass
class Form:
    """A filled workbook. Its methods add to `problems`; while there are any, nothing may be stored.

    Each cell has at most one problem: the first found.
    """

    facts: dict[str, str]
    headings: tuple[str, ...] = ()
    rows: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    _places: set[tuple[int | None, str]] = field(default_factory=set)

    def note(self, row: Row | None, column: str, sentence: str) -> None:
        """Add a problem of a row, or of the whole column."""
        self.note_at(row.number if row else None, column, sentence)

    def note_at(self, number: int | None, column: str, sentence: str) -> None:
        if number is None or (number, column) not in self._places:
            self._places.add((number, column))
            self.problems.append(Problem(number, column, sentence))

    def require(self, headings: Iterable[str]) -> None:
        """Raises WorkbookRefused HEADING_MISSING for the first of these headings that is
        missing.
        """
        for heading in headings:
            if heading not in self.headings:
                raise WorkbookRefused(Reason.HEADING_MISSING, heading)

    def text(self, row: Row, column: str) -> str:
        return text_in(row.cells[column])

    def number(self, row: Row, column: str) -> Decimal | None:
        """The number in a cell; None if it is empty or, with a problem noted, not a number."""
        try:
            return number_in(row.cells[column])
        except Unreadable as unreadable:
            self.note(row, column, str(unreadable))
            return None

    def by_code(self, column: str, known: Collection[str] | None = None) -> dict[str, Row]:
        """Code -> row, by a column in which every row needs a different code.

        With `known`, codes that are not known and known codes without a row are problems too.
        """
        found: dict[str, Row] = {}
        for row in self.rows:
            code = self.text(row, column)
            if sentence := _against_code(code, found, known):
                self.note(row, column, sentence)
            else:
                found[code] = row
        for code in known or ():
            if code not in found:
                self.note(None, column, _("The row “%(code)s” is missing.") % {"code": code})
        return found


def _against_code(code: str, found: Mapping[str, Row], known: Collection[str] | None) -> str:
    """What is wrong with a row's code, as a sentence; "" if nothing."""
    if not code:
        return _("This row has no code.")
    if known is not None and code not in known:
        return _("The code “%(code)s” is not known here.") % {"code": code}
    if code in found:
        return _("The code “%(code)s” stands in row %(row)d already.") % {
            "code": code,
            "row": found[code].number,
        }
    return ""


def differences(facts: Mapping[str, str], expected: Mapping[str, str]) -> list[Difference]:
    """The facts of a file that differ from `expected` (year, board, scale), in the order of
    `expected`.

    Other facts are ignored.
    """
    return [
        Difference(fact, wanted, facts.get(fact, ""))
        for fact, wanted in expected.items()
        if facts.get(fact, "") != wanted
    ]


def read_form(content: bytes, *, limit: int) -> Form:
    """Read a workbook that was made by `writing.form` and filled in.

    Hidden rows and columns are read too; empty rows are skipped. Unreadable cells (formulas,
    errors, impossible numbers) and values without a heading become problems. Raises WorkbookRefused
    for anything else than such a workbook of at most `limit` bytes, and for harmful content. The
    caller then checks `differences` and `Form.require`.
    """
    recognise(content, limit)
    try:
        return filled(Workbook(Package(content)))
    except WorkbookRefused:
        raise
    # Readers raise nearly anything on broken zips and broken XML.
    except Exception as error:
        raise WorkbookRefused(Reason.BROKEN) from error


def check_workbook(content: bytes, *, limit: int) -> None:
    """Accept any .xlsx of at most `limit` bytes that has only data.

    Raises WorkbookRefused for other files and for harmful content.
    """
    recognise(content, limit)
    try:
        Workbook(Package(content))
    except WorkbookRefused:
        raise
    # As above.
    except Exception as error:
        raise WorkbookRefused(Reason.BROKEN) from error


def filled(book: Workbook) -> Form:
    """The form in an opened workbook. Raises WorkbookRefused."""
    facts = _facts_in(book)
    title = facts.pop(TABLE)
    if title not in book.sheets:
        raise WorkbookRefused(Reason.NO_TABLE, title)
    form = Form(facts)
    headings: dict[int, str] = {}
    for number, group in groupby(_bounded(book, title), attrgetter("row")):
        cells = list(group)
        if number == 1:
            headings = _read_headings(form, cells)
        else:
            _read_row(form, number, cells, headings)
    if not form.headings:
        raise WorkbookRefused(Reason.NO_HEADINGS, title)
    return form


def _facts_in(book: Workbook) -> dict[str, str]:
    if FACTS not in book.sheets:
        raise WorkbookRefused(Reason.NO_FACTS)
    texts = {(cell.row, cell.column): text_in(cell.value) for cell in _bounded(book, FACTS)}
    facts = {name: texts.get((row, 2), "") for (row, column), name in texts.items() if column == 1}
    if TABLE not in facts:
        raise WorkbookRefused(Reason.NO_FACTS)
    return facts


def _bounded(book: Workbook, title: str) -> Iterable[Cell]:
    for cell in book.cells(title):
        if cell.row > MOST_ROWS:
            raise WorkbookRefused(Reason.TOO_MANY_ROWS, title)
        if cell.column > MOST_COLUMNS:
            raise WorkbookRefused(Reason.TOO_MANY_COLUMNS, title)
        yield cell


def _read_headings(form: Form, cells: Iterable[Cell]) -> dict[int, str]:
    """Column number -> heading on one line; also sets `form.headings`."""
    headings: dict[int, str] = {}
    for cell in cells:
        if cell.fault:
            form.note_at(cell.row, get_column_letter(cell.column), cell.fault)
            continue
        heading = " ".join(text_in(cell.value).split())
        if heading in headings.values():
            raise WorkbookRefused(Reason.HEADING_TWICE, heading)
        headings[cell.column] = heading
    form.headings = tuple(headings.values())
    return headings


def _read_row(form: Form, number: int, cells: Iterable[Cell], headings: Mapping[int, str]) -> None:
    values: dict[str, Value] = dict.fromkeys(form.headings)
    for cell in cells:
        column = headings.get(cell.column)
        if column is None:
            stray = _("This column has no heading, so what stands in it is not read.")
            form.note_at(number, get_column_letter(cell.column), stray)
        elif cell.fault:
            form.note_at(number, column, cell.fault)
        else:
            values[column] = cell.value
    form.rows.append(Row(number, values))
