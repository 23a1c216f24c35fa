"""Reads the cells of a workbook's sheets as Excel shows them."""

import datetime as dt
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Final, NamedTuple

from django.utils.translation import gettext as _
from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format
from openpyxl.utils.cell import coordinate_to_tuple
from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH, from_excel
from openpyxl.utils.escape import unescape

from emulation_bloc.lib.numbers import vn_decimal
from emulation_bloc.lib.workbooks.package import Element, Package, Reason, WorkbookRefused
from emulation_bloc.lib.workbooks.values import (
    LONGEST_NUMBER,
    MOST_DIGITS,
    Unreadable,
    Value,
    fitting,
    not_a_number,
    text_in,
)

GENERAL: Final = "General"
# How many cells a refusal lists.
MOST_PLACES: Final = 5
NUMBER: Final = re.compile(r"-?\d+(\.\d+)?([eE][+-]?\d+)?", re.ASCII)
# Literal text, escaped letters and colours in a number format.
ONLY_SHOWN: Final = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')
# Parents of a cell's text; not rPh, the phonetic text beside it.
HOLDING_TEXT: Final = {"si", "is", "r"}
YES: Final = {"1", "true", "on"}


class Cell(NamedTuple):
    """A cell with content; `fault` is a sentence if its value cannot be read."""

    row: int
    column: int
    value: Value
    fault: str = ""


class Workbook:
    """The sheets by title, hidden ones included."""

    def __init__(self, package: Package) -> None:
        """Raises WorkbookRefused: NOT_A_WORKBOOK when it holds no sheets, as a .docx."""
        self._package = package
        main = next((r.target for r in package.relations() if r.kind == "officeDocument"), "")
        relations = package.relations(main)
        targets = {relation.id: relation.target for relation in relations}
        by_kind = {relation.kind: relation.target for relation in relations}
        self.sheets: dict[str, str] = {}
        self._epoch = WINDOWS_EPOCH
        for element in package.elements(main) if main else ():
            if element.tag == "workbookPr" and element.attributes.get("date1904") in YES:
                self._epoch = MAC_EPOCH
            if (element.tag, element.parent) == ("sheet", "sheets"):
                title = text_in(element.attributes["name"])
                self.sheets[title] = targets[_relation_id(element)]
        if not self.sheets:
            raise WorkbookRefused(Reason.NOT_A_WORKBOOK)
        self._formats = formats(package, by_kind.get("styles"))
        self._texts = _shared_texts(package, by_kind.get("sharedStrings"))

    def cells(self, title: str) -> Iterator[Cell]:
        """The cells with content, row by row.

        Raises WorkbookRefused: MERGED with the places, BROKEN if cells are out of order.
        """
        row, cells, inside, merged = 0, [], [], []
        for element in self._package.elements(self.sheets[title]):
            match element.tag, element.parent:
                case ("v" | "f", "c") | ("t", "is" | "r"):
                    inside.append(element)
                case "c", "row":
                    cells.append((element.attributes, inside))
                    inside = []
                case "row", "sheetData":
                    row = _next_row(element, row)
                    yield from self._row(row, cells)
                    cells = []
                case "mergeCell", "mergeCells":
                    merged.append(element.attributes["ref"])
        if merged:
            raise WorkbookRefused(Reason.MERGED, ", ".join(merged[:MOST_PLACES]))

    def _row(self, row: int, cells: list[tuple[dict[str, str], list[Element]]]) -> Iterator[Cell]:
        column = 0
        for attributes, inside in cells:
            column = _next_column(attributes, row, column)
            try:
                value = self._value(attributes, inside)
            except Unreadable as unreadable:
                yield Cell(row, column, None, str(unreadable))
                continue
            if value is not None:
                yield Cell(row, column, value)

    def _value(self, attributes: dict[str, str], inside: list[Element]) -> Value:
        if any(element.tag == "f" for element in inside):
            raise Unreadable(_("There is a formula in this cell. Put its result in its place."))
        held = "".join(element.text for element in inside)
        if not held:
            return None
        match attributes.get("t", "n"):
            case "n":
                style = int(attributes.get("s", 0))
                shown_as = self._formats[style] if self._formats else GENERAL
                return self._number(held.strip(), shown_as)
            case "s":
                return _text_or_nothing(self._texts[int(held)])
            case "str" | "inlineStr":
                return _text_or_nothing(_unescaped(held))
            case "b":
                return held.strip() in YES
            case "d":
                return dt.datetime.fromisoformat(held.strip()).replace(tzinfo=None)
            case "e":
                raise Unreadable(
                    _("This cell shows the error %(error)s. Type the value in its place.")
                    % {"error": held[:40]}
                )
        raise WorkbookRefused(Reason.BROKEN)

    def _number(self, text: str, shown_as: str) -> Value:
        """A number as Excel shows it: as date, percentage or plain number.

        Excel stores binary floats (0.1 as 0.1000000000000000055) and shows 15 digits.
        """
        if len(text) > LONGEST_NUMBER or not NUMBER.fullmatch(text):
            raise not_a_number(text)
        number = float(text)
        if is_date_format(shown_as):
            return _date_of(number, self._epoch)
        plain = fitting(Decimal(f"{number:.{MOST_DIGITS}g}"))
        if "%" in ONLY_SHOWN.sub("", shown_as):
            return f"{vn_decimal(plain.scaleb(2))}%"
        return plain


def _relation_id(element: Element) -> str:
    return next(value for key, value in element.attributes.items() if key.endswith(":id"))


def formats(package: Package, part: str | None) -> list[str]:
    """The number format of each cell style, by index."""
    codes, styles = dict(BUILTIN_FORMATS), []
    for element in package.elements(part) if part else ():
        match element.tag, element.parent:
            case "numFmt", "numFmts":
                codes[int(element.attributes["numFmtId"])] = element.attributes["formatCode"]
            case "xf", "cellXfs":
                styles.append(int(element.attributes.get("numFmtId", 0)))
    return [codes.get(style, GENERAL) for style in styles]


def _shared_texts(package: Package, part: str | None) -> list[str]:
    texts, runs = [], []
    for element in package.elements(part) if part else ():
        if element.tag == "t" and element.parent in HOLDING_TEXT:
            runs.append(element.text)
        if element.tag == "si":
            texts.append(_unescaped("".join(runs)))
            runs = []
    return texts


def _next_row(element: Element, before: int) -> int:
    row = int(element.attributes.get("r", before + 1))
    if row <= before:
        raise WorkbookRefused(Reason.BROKEN, str(row))
    return row


def _next_column(attributes: dict[str, str], row: int, before: int) -> int:
    """The column of a cell; a cell without a reference follows the one before."""
    if (written := attributes.get("r")) is None:
        return before + 1
    place = coordinate_to_tuple(written)
    if place[0] != row or place[1] <= before:
        raise WorkbookRefused(Reason.BROKEN, written)
    return place[1]


def _unescaped(text: str) -> str:
    """The text without Excel's escapes; surrogate pairs are joined, single surrogates replaced."""
    return unescape(text).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _text_or_nothing(text: str) -> str | None:
    return text if text_in(text) else None


def _date_of(number: float, epoch: dt.datetime) -> Value:
    """A date, or the time of day as text. Raises Unreadable if it is out of Excel's range."""
    try:
        moment = from_excel(number, epoch)
    except (OverflowError, ValueError) as error:
        raise Unreadable(_("This cell shows no date that exists. Type the value again.")) from error
    return f"{moment:%H:%M}" if isinstance(moment, dt.time) else moment
