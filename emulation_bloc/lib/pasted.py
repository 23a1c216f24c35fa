"""Splits text pasted from a word processor into the parts of a paper.

HTML is only parsed, never shown, and only its text is kept. Scripts, styles, pictures, comments and
tracked deletions are dropped, tracked insertions kept. Paragraphs become lines, tables become rows
(lib.blocks).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import html as parser
from lxml.etree import ParserError

from emulation_bloc.lib.blocks import row
from emulation_bloc.lib.text import nfc

# Letters kept; more than any paper has.
MOST_LETTERS = 400_000
DROPPED = frozenset(
    """script style head title meta link template noscript iframe object embed applet svg math img
    picture video audio canvas form input button select textarea del s strike""".split()  # noqa: SIM905  read as a list of words
)
BLOCKS = frozenset(
    """p div h1 h2 h3 h4 h5 h6 li ul ol dl dt dd blockquote pre section article header footer table
    thead tbody tfoot tr body html center address""".split()  # noqa: SIM905  likewise
)
ARTICLE = re.compile(r"điều\s+\d+\s*[.:]?\s*(.*)", re.IGNORECASE)
ANNEX = re.compile(r"phụ lục(?:\s+(?:[IVX]+|\d+))?\s*[.:]?\s*(.*)", re.IGNORECASE)
CHAPTER = re.compile(r"chương\s+(?:[IVX]+|\d+)\b.*", re.IGNORECASE)
BASIS = re.compile(r"căn cứ\b", re.IGNORECASE)
BLANKS = re.compile(r"[ \u00a0\u2000-\u200b\u202f\u3000]+")


@dataclass
class Section:
    """An article or an annex found in the text."""

    heading: str
    chapter: str = ""
    is_annex: bool = False
    lines: list[str] = field(default_factory=list)

    @property
    def body(self) -> str:
        return "\n".join(self.lines)


@dataclass
class Pasted:
    """A pasted text in parts. `bases` are only shown: legal bases are chosen from the register."""

    opening: list[str] = field(default_factory=list)
    bases: list[str] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)


def lines_of_html(source: str) -> list[str]:
    """The lines of an HTML page; [] if it cannot be parsed."""
    try:
        # huge_tree: hostile pages nest deeper than the parser's default limit.
        deep = parser.HTMLParser(huge_tree=True, remove_comments=True, remove_pis=True)
        root = parser.document_fromstring(_without_declaration(source), parser=deep)
    except (ParserError, ValueError):
        return []
    return cleaned("".join(words_of(root)))


def _without_declaration(source: str) -> str:
    """Without XML declaration, which lxml refuses in a str, and without NUL, which would end the
    text.
    """
    return re.sub(r"^\s*<\?xml[^>]*>", "", source.replace("\x00", ""))


def words_of(root: parser.HtmlElement) -> Iterator[str]:
    """The text below an element, with line breaks around blocks.

    Not recursive: hostile pages nest deeper than Python's stack.
    """
    waiting: list[object] = [root]
    while waiting:
        node = waiting.pop()
        if isinstance(node, str):
            yield node
        elif isinstance(node, parser.HtmlElement):
            waiting += reversed(list(inside(node)))


def inside(node: parser.HtmlElement) -> Iterator[object]:
    """The text and children of an element, with line breaks around them."""
    tag = node.tag.lower() if isinstance(node.tag, str) else ""
    if tag == "table" and node.find(".//table") is None:
        yield "\n" + "\n".join(_table_rows(node)) + "\n"
    elif tag == "br":
        yield "\n"
    elif tag not in DROPPED:
        edge = "\n" if tag in BLOCKS else ""
        yield edge
        yield _on_one_line(node.text)
        yield from children(node)
        yield edge
    return


def children(node: parser.HtmlElement) -> Iterator[object]:
    """The children of an element and the text after each."""
    for child in node:
        yield child
        yield _on_one_line(child.tail)


def _on_one_line(text: str | None) -> str:
    """Line breaks in the source are spaces; only tags break lines."""
    return (text or "").replace("\n", " ").replace("\r", " ")


def _table_rows(node: parser.HtmlElement) -> Iterator[str]:
    for line in node.iter("tr"):
        cells = [
            " ".join(cleaned("".join(words_of(cell)))) for cell in line.iterchildren("td", "th")
        ]
        if any(cells):
            yield row(cells)


def cleaned(text: str) -> list[str]:
    """The lines in NFC without control characters and with single spaces; empty ones are
    left out.
    """
    kept = "".join(
        letter
        for letter in nfc(text)
        if letter in "\n\t" or letter.isprintable() or letter == "\u00a0"
    )
    lines = (BLANKS.sub(" ", line).strip(" \t") for line in kept[:MOST_LETTERS].split("\n"))
    return [line for line in lines if line]


def lines_of_text(text: str) -> list[str]:
    """The lines of plain text; tabs are kept, as they separate the cells of a table."""
    return cleaned(text.replace("\r\n", "\n").replace("\r", "\n"))


def parts(lines: list[str]) -> Pasted:
    """Split lines into opening, legal bases, articles and annexes.

    "Điều 1. …" begins an article, "Phụ lục …" an annex, "Chương I …" a chapter, whose name may be
    on the next line.
    """
    pasted, chapter, awaits_name = Pasted(), "", False
    for line in lines:
        if CHAPTER.fullmatch(line):
            chapter, awaits_name = line, True
            continue
        begun = _section_begun(line, chapter)
        if begun is not None:
            pasted.sections.append(begun)
            chapter = ""
        elif chapter and awaits_name:
            chapter = f"{chapter}. {line}"
        else:
            _append_line(pasted, line)
        awaits_name = False
    return pasted


def _section_begun(line: str, chapter: str) -> Section | None:
    if article := ARTICLE.fullmatch(line):
        return Section(heading=article[1][:200], chapter=chapter[:200])
    if annex := ANNEX.fullmatch(line):
        return Section(heading=annex[1][:200], is_annex=True)
    return None


def _append_line(pasted: Pasted, line: str) -> None:
    """Append a line to the last section; before the first one, to the legal bases or the
    opening.
    """
    if pasted.sections:
        last = pasted.sections[-1]
        if last.heading or line.startswith("|"):
            last.lines.append(line)
        else:
            last.heading = line[:200]
    elif BASIS.match(line):
        pasted.bases.append(line)
    else:
        pasted.opening.append(line)
