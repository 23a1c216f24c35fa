"""The plain text of an article, read as what it prints: paragraphs, points a) b) c) d) đ), tables.

A writer types nothing but lines. A line that begins with a letter and a bracket is a point; lines
that begin with a stroke, or hold tabs (as cells pasted from a spreadsheet do), are the rows of a
table, the first of them its heading. Layout of points: Decree 30/2020/NĐ-CP, Appendix I.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

POINT = re.compile(r"([a-zđ]{1,2})\)\s+(.*)", re.DOTALL)


@dataclass(frozen=True)
class Block:
    """A paragraph; with `mark` ("đ") a point; with `rows` a table whose rows are equally long."""

    text: str = ""
    mark: str = ""
    rows: tuple[tuple[str, ...], ...] = ()


def blocks(text: str) -> list[Block]:
    """The blocks of a text in order; empty lines only part them."""
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
    """The cells of a row of a table; no cell begins or ends with blanks."""
    bare = line.strip(" ")
    if bare.startswith("|"):
        return [cell.strip() for cell in bare.removeprefix("|").removesuffix("|").split("|")]
    return [cell.strip() for cell in bare.split("\t")]


def row(values: Iterable[str]) -> str:
    """Write cells as a row: the other direction of `cells`."""
    return "| " + " | ".join(value.replace("|", "/").strip() for value in values) + " |"


def table(lines: Iterable[str]) -> Block:
    rows = [cells(line) for line in lines]
    width = max(map(len, rows))
    return Block(rows=tuple(tuple(row + [""] * (width - len(row))) for row in rows))


def paragraph(line: str) -> Block:
    point = POINT.fullmatch(line.strip())
    return Block(text=point[2], mark=point[1]) if point else Block(text=line.strip())
