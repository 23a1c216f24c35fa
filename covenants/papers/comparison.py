"""A paper's text with the changes since an earlier text marked, article by article."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, Literal

from django.utils.translation import gettext as _

from emulation_bloc.lib.blocks import is_row
from emulation_bloc.lib.text import Segment, Unit, differences

from .versions import labelled, unit_of

CELL_BORDER = re.compile(r"[|\t]")
Content = Mapping[str, Any]


Line = list[Segment]


@dataclass(frozen=True)
class Passage:
    """A paragraph (`runs`) or a table (`rows` of cells); text is in runs kept, added or removed."""

    runs: Line = field(default_factory=list)
    rows: list[list[Line]] = field(default_factory=list)


@dataclass(frozen=True)
class Part:
    """One part of a paper, with its changes marked.

    `article` is the article's id, None for the parts around the articles; `label` is its printed
    number, `chapter` the chapter that begins with it.
    """

    key: str
    title: str
    passages: list[Passage]
    article: int | None = None
    label: str = ""
    chapter: str = ""
    is_new: bool = False

    @property
    def runs(self) -> Iterator[Segment]:
        """Every run of text of the part, tables included."""
        for passage in self.passages:
            yield from passage.runs
            for row in passage.rows:
                for cell in row:
                    yield from cell


@dataclass(frozen=True)
class Cell:
    """A figure of the annex; `before` is the earlier figure, "" if there was none."""

    column: str
    figure: str
    before: str = ""

    @property
    def is_changed(self) -> bool:
        return bool(self.before) and self.before != self.figure


@dataclass(frozen=True)
class AnnexRow:
    """The targets of one board."""

    board: str
    cells: list[Cell]


@dataclass(frozen=True)
class Reading:
    """A paper with its changes marked.

    `added` and `removed` count runs of text, `dropped` lists the articles taken out.
    """

    parts: list[Part]
    columns: Sequence[Mapping[str, str]]
    rows: list[AnnexRow]
    added: int = 0
    removed: int = 0
    dropped: list[Part] = field(default_factory=list)


def compare_with(
    content: Content, *, before: Content | None, match: Literal["id", "heading"] = "id"
) -> Reading:
    """The content with its changes since `before` marked; nothing is marked if `before` is None.

    Articles of one paper are matched by "id", those of papers of two years by "heading".
    """
    old = {article[match]: article for article in before["articles"]} if before else {}
    parts = [
        _unnumbered_part("bases", _("Legal bases"), content, before),
        _unnumbered_part("opening", _("Opening"), content, before),
        *(
            _article_part(label, article, old.get(article[match]), is_marked=before is not None)
            for label, article in labelled(content)
        ),
        _unnumbered_part("terms", _("Terms"), content, before),
    ]
    shown = [part for part in parts if part.passages or part.article]
    kept = {article[match] for article in content["articles"]}
    dropped = [_removed_part(article) for key, article in old.items() if key not in kept]
    runs = [run.kind for part in (*shown, *dropped) for run in part.runs]
    return Reading(
        parts=shown,
        columns=content["indicators"],
        rows=annex_rows(content, before),
        added=runs.count("added"),
        removed=runs.count("removed"),
        dropped=dropped,
    )


def _unnumbered_part(key: str, title: str, content: Content, before: Content | None) -> Part:
    """A part outside the articles (legal bases, opening or terms), with its changes marked."""
    now = text_of(content, key)
    old = now if before is None else text_of(before, key)
    return Part(key, title, passages(old, now, by=unit_of(key)))


def text_of(content: Content, key: str) -> str:
    """The text of a part; lists such as the legal bases one entry per line."""
    value = content[key]
    return value if isinstance(value, str) else "\n".join(value)


def _article_part(
    label: str, article: Mapping[str, Any], old: Mapping[str, Any] | None, *, is_marked: bool
) -> Part:
    before = article["body"] if not is_marked else old["body"] if old else ""
    return Part(
        key=f"article-{article['id']}",
        title=article["heading"],
        passages=passages(before, article["body"]),
        article=article["id"],
        label=label,
        chapter=article.get("chapter", ""),
        is_new=is_marked and old is None,
    )


def _removed_part(article: Mapping[str, Any]) -> Part:
    return Part(f"removed-{article['id']}", article["heading"], passages(article["body"], ""))


def passages(old: str, new: str, *, by: Unit = "word") -> list[Passage]:
    """The new text as paragraphs and tables, with the changes since `old`. See lib.blocks for
    tables.
    """
    found = []
    for in_table, group in groupby(_marked_lines(old, new, by), key=_is_row_of_runs):
        lines = list(group)
        rows = [_cells_of_runs(line) for line in lines]
        found += [Passage(rows=rows)] if in_table else [Passage(runs=line) for line in lines]
    return found


def _is_row_of_runs(line: Line) -> bool:
    return is_row("".join(run.text for run in line))


def _cells_of_runs(line: Line) -> list[Line]:
    """The cells of a table row as runs; the empty cells that outer borders leave are dropped."""
    found: list[Line] = [[]]
    for run in line:
        first, *others = CELL_BORDER.split(run.text)
        found[-1].append(Segment(run.kind, first))
        found += [[Segment(run.kind, text)] for text in others]
    cells = [[run for run in cell if run.text.strip()] for cell in found]
    return cells[not cells[0] : len(cells) - (not cells[-1])]


def _marked_lines(old: str, new: str, by: Unit) -> list[Line]:
    """The new text as lines of runs, without empty lines."""
    lines: list[Line] = [[]]
    for segment in differences(old, new, by=by):
        first, *others = segment.text.splitlines() or [""]
        lines[-1].append(Segment(segment.kind, first))
        lines += [[Segment(segment.kind, text)] for text in others]
        if segment.text.endswith("\n"):
            lines.append([])
    cleaned = [[segment for segment in line if segment.text] for line in lines]
    return [line for line in cleaned if any(segment.text.strip() for segment in line)]


def annex_rows(content: Content, before: Content | None) -> list[AnnexRow]:
    """The targets per board, each with the figure it had in `before`."""
    old = figures(before) if before else {}
    columns = content["indicators"]
    return [
        AnnexRow(
            row["board"],
            [
                Cell(_heading_of(column), figure, old.get((row["board"], column["title"]), ""))
                for column, figure in zip(columns, row["figures"], strict=True)
            ],
        )
        for row in content["targets"]
    ]


def _heading_of(column: Mapping[str, Any]) -> str:
    return f"{column['title']} ({column['unit']})"


def figures(content: Content) -> dict[tuple[str, str], str]:
    """(board, indicator title) -> figure."""
    titles = [column["title"] for column in content["indicators"]]
    return {
        (row["board"], title): figure
        for row in content["targets"]
        for title, figure in zip(titles, row["figures"], strict=True)
    }
