"""Workbooks that came back: read row by row, with every problem named at its place."""

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
    """What is wrong at a row of the sheet (None: in no row) and under a heading."""

    row: int | None
    column: str
    sentence: str


@dataclass(frozen=True)
class Row:
    """A row by its number in the sheet; every heading has a value, None where a cell is empty."""

    number: int
    cells: dict[str, Value]


@dataclass(frozen=True)
class Difference:
    """A fact that is not as expected; `found` is "" when the file does not have it."""

    fact: str
    expected: str
    found: str


@dataclass
class Form:
    """A filled workbook. Reading on adds to `problems`; nothing may be kept while there are some.

    A place has one problem: the first that was found there.
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
        """Raises WorkbookRefused, HEADING_MISSING, for the first of these that is not there."""
        for heading in headings:
            if heading not in self.headings:
                raise WorkbookRefused(Reason.HEADING_MISSING, heading)

    def text(self, row: Row, column: str) -> str:
        return text_in(row.cells[column])

    def number(self, row: Row, column: str) -> Decimal | None:
        """The number of a cell; None when it is empty or, with a problem, when it is none."""
        try:
            return number_in(row.cells[column])
        except Unreadable as unreadable:
            self.note(row, column, str(unreadable))
            return None

    def by_code(self, column: str, known: Collection[str] | None = None) -> dict[str, Row]:
        """The rows by what stands in a column, which no two share and no row lacks.

        With `known` codes, others are a problem, and so is one that has no row.
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
    """Why a code cannot stand for its row, in a sentence; "" when it can."""
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
    """Which facts of a file are not as expected, in the order of `expected`: another year,
    another board, another scale. Facts that nobody expects are not looked at."""
    return [
        Difference(fact, wanted, facts.get(fact, ""))
        for fact, wanted in expected.items()
        if facts.get(fact, "") != wanted
    ]


def read_form(content: bytes, *, limit: int) -> Form:
    """Read a workbook that `writing.form` made and somebody filled.

    Hidden rows and columns are read as any; rows without anything are left out. Cells that cannot
    be read (formulas, errors, impossible numbers) and values under no heading become problems.
    Raises WorkbookRefused for what is no such workbook of at most `limit` bytes, and for what
    would hurt. The caller then asks `differences` and `Form.require`.
    """
    recognise(content, limit)
    try:
        return filled(Workbook(Package(content)))
    except WorkbookRefused:
        raise
    # Broken zips and broken XML make their readers raise nearly anything.
    except Exception as error:
        raise WorkbookRefused(Reason.BROKEN) from error


def check_workbook(content: bytes, *, limit: int) -> None:
    """Accept any workbook (.xlsx) of at most `limit` bytes that is only data, form or not.

    Raises WorkbookRefused for what is none, and for what would hurt.
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
    """The headings by their columns, each on one line."""
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
