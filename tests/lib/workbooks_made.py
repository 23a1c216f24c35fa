"""Workbooks for tests: a filled form, altered versions of it, and how they are read."""

import re
import warnings
from collections.abc import Callable, Mapping
from decimal import Decimal
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from openpyxl import load_workbook

from emulation_bloc.lib import workbooks
from emulation_bloc.lib.workbooks import Column

A_MEGABYTE = 1 << 20
LIMIT = 1024 * 1024
TITLE = "Bảng chấm điểm"
FACTS = {"form": "score_sheet", "year": "2019", "board": "DLK", "scale": "9f86d081"}
CODE, PLAN, POINTS, WHY = "Mã", "Kế hoạch", "Điểm tự chấm", "Giải trình"
COLUMNS = [
    Column(CODE),
    Column(PLAN),
    Column(POINTS, editable=True),
    Column(WHY, width=40, editable=True, as_typed=True),
]
REASON = "Đạt kế hoạch được giao"
ROWS: list[list[Any]] = [
    ["I.1", Decimal("1234.5"), Decimal("9.75"), REASON],
    ["I.2", Decimal(100), None, ""],
]
SHEET = "xl/worksheets/sheet2.xml"
BOOK = "xl/workbook.xml"
BOOK_RELATIONS = "xl/_rels/workbook.xml.rels"
TYPES = "[Content_Types].xml"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def sample() -> bytes:
    return workbooks.form(
        TITLE, guide=["Chỉ điền vào ô màu."], facts=FACTS, columns=COLUMNS, rows=ROWS
    )


def edited(change: Callable[[Any], object]) -> bytes:
    """The sample after somebody changed it in a program for spreadsheets."""
    book = load_workbook(BytesIO(sample()))
    change(book)
    output = BytesIO()
    book.save(output)
    return output.getvalue()


def filled(cells: Mapping[str, object]) -> bytes:
    """The sample with other values in the cells of its table."""

    def fill(book: Any) -> None:
        for place, value in cells.items():
            book[TITLE][place] = value

    return edited(fill)


def parts_of(content: bytes) -> dict[str, bytes]:
    with ZipFile(BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(parts: Mapping[str, bytes], *, extra: tuple[str, bytes] | None = None) -> bytes:
    """A zip of parts; `extra` may have a name that is there already."""
    output = BytesIO()
    with warnings.catch_warnings(), ZipFile(output, "w", ZIP_DEFLATED) as archive:
        warnings.simplefilter("ignore", UserWarning)
        for name, part in [*parts.items(), *([extra] if extra else [])]:
            archive.writestr(name, part)
    return output.getvalue()


def replaced(part: str, old: str, new: str) -> bytes:
    """The sample with some of the XML of one part replaced, once."""
    parts = parts_of(sample())
    assert old in parts[part].decode()
    return packed(parts | {part: parts[part].decode().replace(old, new, 1).encode()})


def with_part(name: str, content: bytes = b"") -> bytes:
    return packed(parts_of(sample()) | {name: content})


def with_relation(kind: str, target: str, *, of: str = BOOK_RELATIONS, mode: str = "") -> bytes:
    outside = f' TargetMode="{mode}"' if mode else ""
    new = f'<Relationship Id="rId99" Type="{OFFICE}/{kind}" Target="{target}"{outside}/>'
    return replaced(of, "</Relationships>", f"{new}</Relationships>")


def with_points(xml: str, parts: Mapping[str, bytes] | None = None) -> bytes:
    """The sample with the cell C3, the points of its second row, written by hand."""
    parts = parts or parts_of(sample())
    sheet, count = re.subn(r'<c r="C3"[^>]*></c>', lambda _: xml, parts[SHEET].decode())
    assert count == 1
    return packed({**parts, SHEET: sheet.encode()})


def without_places(sheet: str) -> str:
    """The XML of a sheet as some programs write it: rows and cells only follow each other."""
    return re.sub(r'<(row|c) r="\w+"', r"<\1", sheet)


def without_styles() -> dict[str, bytes]:
    """The parts of the sample, all cells of the table in the style 0."""
    parts = parts_of(sample())
    return parts | {SHEET: re.sub(rb' s="\d+"', b"", parts[SHEET])}


def with_styles(*formats: str) -> dict[str, bytes]:
    """The parts of the sample with more formats of numbers; the first has the style 50."""
    parts = parts_of(sample())
    codes = "".join(
        f'<numFmt numFmtId="{200 + n}" formatCode="{code}"/>' for n, code in enumerate(formats)
    )
    styles = '<xf numFmtId="0"/>' * 50 + "".join(
        f'<xf numFmtId="{200 + n}"/>' for n in range(len(formats))
    )
    sheet = f"<styleSheet><numFmts>{codes}</numFmts><cellXfs>{styles}</cellXfs></styleSheet>"
    return parts | {"xl/styles.xml": sheet.encode()}


# --- What the reader says -------------------------------------------------------------------------


def read(content: bytes) -> workbooks.Form:
    return workbooks.read_form(content, limit=LIMIT)


def problems(form: workbooks.Form) -> list[tuple[int | None, str, str]]:
    return [(problem.row, problem.column, problem.sentence) for problem in form.problems]


def refusal(content: bytes, limit: int = LIMIT) -> tuple[workbooks.Reason, str]:
    with pytest.raises(workbooks.WorkbookRefused) as refused:
        workbooks.read_form(content, limit=limit)
    return refused.value.reason, refused.value.where


def reason(content: bytes) -> workbooks.Reason:
    return refusal(content)[0]
