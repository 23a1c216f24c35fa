"""What changed between two texts of a covenant, article by article, for reading beside comments."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from django.utils.translation import gettext as _

from emulation_bloc.lib.text import Segment, differences

Content = Mapping[str, Any]


@dataclass(frozen=True)
class Part:
    """One part of a covenant as it is read: each paragraph as segments kept, added, removed.

    `article` is the article's id in the drafting tables, None for the parts around the articles.
    """

    key: str
    title: str
    paragraphs: list[list[Segment]]
    article: int | None = None
    number: int | None = None
    is_new: bool = False


@dataclass(frozen=True)
class Cell:
    """A figure of the annex, and the one that it replaced."""

    column: str
    figure: str
    before: str = ""

    @property
    def is_changed(self) -> bool:
        return bool(self.before) and self.before != self.figure


@dataclass(frozen=True)
class AnnexRow:
    board: str
    cells: list[Cell]


@dataclass(frozen=True)
class Reading:
    """A covenant to be read: its parts in order, its annex, and how much was changed."""

    parts: list[Part]
    columns: Sequence[Mapping[str, str]]
    rows: list[AnnexRow]
    added: int = 0
    removed: int = 0
    dropped: list[Part] = field(default_factory=list)


def read(
    content: Content, *, before: Content | None, match: Literal["id", "heading"] = "id"
) -> Reading:
    """The content as it is read, with what changed since `before` marked; None marks nothing.

    Articles of one paper are matched by "id", those of two years' papers by "heading".
    """
    old = {article[match]: article for article in before["articles"]} if before else {}
    parts = [
        around("bases", _("Legal bases"), content, before),
        around("opening", _("Opening"), content, before),
        *(
            article_part(number, article, old.get(article[match]), is_marked=before is not None)
            for number, article in enumerate(content["articles"], start=1)
        ),
        around("terms", _("Terms"), content, before),
    ]
    shown = [part for part in parts if part.paragraphs or part.article]
    kept = {article[match] for article in content["articles"]}
    dropped = [removed_part(article) for key, article in old.items() if key not in kept]
    runs = [s.kind for part in (*shown, *dropped) for line in part.paragraphs for s in line]
    return Reading(
        parts=shown,
        columns=content["indicators"],
        rows=annex_rows(content, before),
        added=runs.count("added"),
        removed=runs.count("removed"),
        dropped=dropped,
    )


def around(key: str, title: str, content: Content, before: Content | None) -> Part:
    """Legal bases, opening and terms: text without a number."""
    now = text_of(content, key)
    return Part(key, title, paragraphs(now if before is None else text_of(before, key), now))


def text_of(content: Content, key: str) -> str:
    value = content[key]
    return value if isinstance(value, str) else "\n".join(value)


def article_part(
    number: int, article: Mapping[str, Any], old: Mapping[str, Any] | None, *, is_marked: bool
) -> Part:
    before = article["body"] if not is_marked else old["body"] if old else ""
    return Part(
        key=f"article-{article['id']}",
        title=article["heading"],
        paragraphs=paragraphs(before, article["body"]),
        article=article["id"],
        number=number,
        is_new=is_marked and old is None,
    )


def removed_part(article: Mapping[str, Any]) -> Part:
    return Part(f"removed-{article['id']}", article["heading"], paragraphs(article["body"], ""))


def paragraphs(old: str, new: str) -> list[list[Segment]]:
    """The new text paragraph by paragraph; empty lines are left out."""
    lines: list[list[Segment]] = [[]]
    for segment in differences(old, new):
        first, *others = segment.text.splitlines() or [""]
        lines[-1].append(Segment(segment.kind, first))
        lines += [[Segment(segment.kind, text)] for text in others]
        if segment.text.endswith("\n"):
            lines.append([])
    cleaned = [[segment for segment in line if segment.text] for line in lines]
    return [line for line in cleaned if any(segment.text.strip() for segment in line)]


def annex_rows(content: Content, before: Content | None) -> list[AnnexRow]:
    """The targets board by board, each beside the figure it replaced."""
    old = figures(before) if before else {}
    columns = content["indicators"]
    return [
        AnnexRow(
            row["board"],
            [
                Cell(heading_of(column), figure, old.get((row["board"], column["title"]), ""))
                for column, figure in zip(columns, row["figures"], strict=True)
            ],
        )
        for row in content["targets"]
    ]


def heading_of(column: Mapping[str, Any]) -> str:
    return f"{column['title']} ({column['unit']})"


def figures(content: Content) -> dict[tuple[str, str], str]:
    """(board, indicator) to the figure."""
    titles = [column["title"] for column in content["indicators"]]
    return {
        (row["board"], title): figure
        for row in content["targets"]
        for title, figure in zip(titles, row["figures"], strict=True)
    }
