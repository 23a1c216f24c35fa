"""Parses the plain text of an article into paragraphs, points a) b) c) d) đ) and tables.

A line that begins with one or two letters and a bracket is a point. Lines that begin with "|", or
contain tabs as cells pasted from a spreadsheet do, are the rows of a table; the first is its
heading. Layout of points: Decree 30/2020/NĐ-CP, Appendix I.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

# "15", "6 + 2", "1.234,5 %", "500.000 - 1.000.000": right-aligned.
FIGURE = re.compile(r"[+-]?\d[\d.,]*( ?%)?( [+/–-] \d[\d.,]*( ?%)?)*", re.ASCII)
# A first column with cells of at most this length is taken for numbers or codes.
LONGEST_CODE = 8
POINT = re.compile(r"([a-zđ]{1,2})\)\s+(.*)", re.DOTALL)


@dataclass(frozen=True)
class Block:
    """A paragraph; with `mark` ("đ") a point; with `rows` a table whose rows are equally long."""

    text: str = ""
    mark: str = ""
    rows: tuple[tuple[str, ...], ...] = ()

    @property
    def printed_rows(self) -> "list[PrintedRow]":
        """The rows below the heading; each cell with the alignment of its column."""
        below = self.rows[1:]
        plain = [row for row in below if not is_heading(row)]
        places = [
            _place_of(column, number) for number, column in enumerate(zip(*plain, strict=True))
        ]
        return [
            PrintedRow(is_heading(row), list(zip(row, places or [""] * len(row), strict=True)))
            for row in below
        ]


@dataclass(frozen=True)
class PrintedRow:
    """A row of a table; `cells` are (text, alignment): "order" (centred), "number"
    (right) or "".
    """

    is_heading: bool
    cells: list[tuple[str, str]]


def blocks(text: str) -> list[Block]:
    """The blocks of a text in order; empty lines are skipped."""
    lines = [line for line in text.splitlines() if line.strip()]
    read: list[Block] = []
    for in_table, group in groupby(lines, key=is_row):
        together = list(group)
        read += [table(together)] if in_table else map(paragraph, together)
    return read


def is_row(line: str) -> bool:
    """Whether a line is a row of a table."""
    return line.lstrip(" ").startswith("|") or "\t" in line.strip(" ")


def cells(line: str) -> list[str]:
    """The cells of a table row, without surrounding spaces."""
    bare = line.strip(" ")
    if bare.startswith("|"):
        return [cell.strip() for cell in bare.removeprefix("|").removesuffix("|").split("|")]
    return [cell.strip() for cell in bare.split("\t")]


def is_heading(row: tuple[str, ...]) -> bool:
    """Whether a row is a heading within the table: in capitals, its last cell empty."""
    words = next((cell for cell in row if " " in cell), "")
    return words.isupper() and not row[-1]


def _place_of(column: tuple[str, ...], number: int) -> str:
    """The alignment of a column: codes in the first column are centred, numbers right-aligned."""
    filled = [cell for cell in column if cell]
    if number == 0:
        return "order" if all(len(cell) <= LONGEST_CODE for cell in filled) else ""
    return "number" if filled and all(map(FIGURE.fullmatch, filled)) else ""


def row(values: Iterable[str]) -> str:
    """The cells as a table row; the inverse of `cells`."""
    return "| " + " | ".join(value.replace("|", "/").strip() for value in values) + " |"


def table(lines: Iterable[str]) -> Block:
    """The lines as a table; shorter rows are filled up with empty cells."""
    rows = [cells(line) for line in lines]
    width = max(map(len, rows))
    return Block(rows=tuple(tuple(row + [""] * (width - len(row))) for row in rows))


def paragraph(line: str) -> Block:
    """The line as a paragraph or as a point."""
    point = POINT.fullmatch(line.strip())
    return Block(text=point[2], mark=point[1]) if point else Block(text=line.strip())
