"""Opens an untrusted workbook: a zip of XML parts.

The zip's directory is checked before anything is unpacked, only the needed parts are read, and all
reading stays within limits of bytes and elements.
"""

import posixpath
import re
from collections.abc import Iterator
from enum import StrEnum
from io import BytesIO
from typing import Final, NamedTuple
from xml.parsers import expat
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

OLE: Final = bytes.fromhex("D0CF11E0A1B11AE1")
ENCRYPTED_INSIDE: Final = "EncryptedPackage".encode("utf-16-le")
ZIP: Final = b"PK\x03\x04"
ENCRYPTED_ENTRY: Final = 0x1
CONTENT_TYPES: Final = "[content_types].xml"

# Ten times what a form of 2,000 rows needs; pasted styles and pictures add to it over the years.
MOST_PARTS: Final = 500
MOST_UNPACKED: Final = 64 * 1024 * 1024
MOST_XML: Final = 16 * 1024 * 1024
MOST_ELEMENTS: Final = 300_000
DEEPEST: Final = 64
PIECE: Final = 64 * 1024
# A tag with its attributes, or a comment: the parser buffers it until it ends.
LONGEST_TOKEN: Final = 4 * PIECE


class Reason(StrEnum):
    """Why a workbook is refused."""

    EMPTY = "empty"
    TOO_BIG = "too-big"
    NOT_A_WORKBOOK = "not-a-workbook"
    OLD_EXCEL = "old-excel"
    ENCRYPTED = "encrypted"
    BROKEN = "broken"
    TOO_COMPLEX = "too-complex"
    ENTITIES = "entities"
    MACROS = "macros"
    LINKS = "links"
    EMBEDDED = "embedded"
    NO_FACTS = "no-facts"
    NO_TABLE = "no-table"
    NO_HEADINGS = "no-headings"
    HEADING_MISSING = "heading-missing"
    HEADING_TWICE = "heading-twice"
    MERGED = "merged"
    TOO_MANY_ROWS = "too-many-rows"
    TOO_MANY_COLUMNS = "too-many-columns"


class WorkbookRefused(Exception):
    """The file is refused: `reason` says why, `where` names the part, sheet or heading."""

    def __init__(self, reason: Reason, where: str = "") -> None:
        super().__init__(reason.value, where)
        self.reason = reason
        self.where = where


# Searched in part names, content types and relationship types.
FORBIDDEN: Final = (
    (Reason.NOT_A_WORKBOOK, re.compile(r"sheet\.binary")),
    (Reason.MACROS, re.compile(r"vbaproject|vbadata|macroenabled|macrosheet")),
    (Reason.LINKS, re.compile(r"externallink|connections\b|querytable")),
    (
        Reason.EMBEDDED,
        re.compile(r"oleobject|/embeddings/|activex|relationships/(package|control)$"),
    ),
)


class Element(NamedTuple):
    """A complete XML element; names are without prefix."""

    tag: str
    parent: str
    attributes: dict[str, str]
    text: str


class Relation(NamedTuple):
    """A relationship from one part to another; `kind` is the last word of its type."""

    id: str
    kind: str
    target: str


def recognise(content: bytes, limit: int) -> None:
    """Refuse by the first bytes what is not a zip of at most `limit` bytes.

    Raises WorkbookRefused: EMPTY, TOO_BIG, OLD_EXCEL (.xls), ENCRYPTED (a password to open),
    NOT_A_WORKBOOK.
    """
    if not content:
        raise WorkbookRefused(Reason.EMPTY)
    if len(content) > limit:
        raise WorkbookRefused(Reason.TOO_BIG)
    if content.startswith(OLE):
        locked = ENCRYPTED_INSIDE in content
        raise WorkbookRefused(Reason.ENCRYPTED if locked else Reason.OLD_EXCEL)
    if not content.startswith(ZIP):
        raise WorkbookRefused(Reason.NOT_A_WORKBOOK)


class Package:
    """The parts of a workbook by name, read as streams of XML elements."""

    def __init__(self, content: bytes) -> None:
        """Raises WorkbookRefused, or whatever a zip reader raises on a broken zip."""
        self._archive = ZipFile(BytesIO(content))
        self._parts = parts(self._archive.infolist())
        self._bytes_left = MOST_XML
        self._elements_left = MOST_ELEMENTS
        if CONTENT_TYPES not in self._parts:
            raise WorkbookRefused(Reason.NOT_A_WORKBOOK)
        for kind in self._kinds():
            _refuse_kind(kind.lower())

    def _kinds(self) -> Iterator[str]:
        """Every part name, content type and relationship type."""
        for name in self._parts:
            yield f"/{name}"
        for element in self.elements(CONTENT_TYPES):
            yield element.attributes.get("ContentType", "")
        for name in self._parts:
            if name.endswith(".rels"):
                yield from map(_kind_of_relation, self.elements(name))

    def relations(self, part: str = "") -> list[Relation]:
        """The relationships of a part, or of the package."""
        folder, name = posixpath.split(part)
        listing = posixpath.join(folder, "_rels", f"{name}.rels").lower()
        if listing not in self._parts:
            return []
        return [
            Relation(
                element.attributes.get("Id", ""),
                element.attributes.get("Type", "").rpartition("/")[2],
                posixpath.normpath(
                    posixpath.join("/", folder, element.attributes.get("Target", ""))
                ).lstrip("/"),
            )
            for element in self.elements(listing)
        ]

    def elements(self, name: str) -> Iterator[Element]:
        """The elements of a part in the order in which they end: children before their parent.

        Raises WorkbookRefused: TOO_COMPLEX, ENTITIES (a document type, by which a few bytes can
        expand to gigabytes), BROKEN if there is no such part.
        """
        info = self._parts.get(name.lower())
        if info is None:
            raise WorkbookRefused(Reason.BROKEN, name)
        # ZipFile never returns more bytes than the directory declares.
        self._bytes_left -= info.file_size
        if self._bytes_left < 0:
            raise WorkbookRefused(Reason.TOO_COMPLEX, name)
        reader = ElementReader()
        with self._archive.open(info) as stream:
            while not reader.is_done:
                ended = reader.feed(stream.read(PIECE))
                self._elements_left -= len(ended)
                if self._elements_left < 0:
                    raise WorkbookRefused(Reason.TOO_COMPLEX, name)
                yield from ended


def parts(entries: list[ZipInfo]) -> dict[str, ZipInfo]:
    """The zip entries by lower-case name, checked by the zip's directory.

    Names must be unique without regard to case: else two readers could read two different files.
    """
    if len(entries) > MOST_PARTS or sum(entry.file_size for entry in entries) > MOST_UNPACKED:
        raise WorkbookRefused(Reason.TOO_COMPLEX)
    if any(entry.flag_bits & ENCRYPTED_ENTRY for entry in entries):
        raise WorkbookRefused(Reason.ENCRYPTED)
    named = {entry.filename.replace("\\", "/").lower(): entry for entry in entries}
    known = all(entry.compress_type in (ZIP_STORED, ZIP_DEFLATED) for entry in entries)
    if len(named) < len(entries) or not known:
        raise WorkbookRefused(Reason.BROKEN)
    return named


def _refuse_kind(kind: str) -> None:
    for reason, pattern in FORBIDDEN:
        if pattern.search(kind):
            raise WorkbookRefused(reason, kind)


def _kind_of_relation(element: Element) -> str:
    """The relationship's type. Only hyperlinks in cells may be external."""
    kind = element.attributes.get("Type", "")
    if element.attributes.get("TargetMode") == "External" and not kind.endswith("/hyperlink"):
        raise WorkbookRefused(Reason.LINKS, kind)
    return kind


class ElementReader:
    """Parses chunks of XML; an empty chunk is the end."""

    def __init__(self) -> None:
        self.is_done = False
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartDoctypeDeclHandler = self._doctype
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text
        self._open: list[tuple[str, dict[str, str], list[str]]] = []
        self._ended: list[Element] = []
        self._fed = 0

    def feed(self, piece: bytes) -> list[Element]:
        """The elements that ended in this chunk."""
        self._ended, self.is_done = [], not piece
        self._parser.Parse(piece, self.is_done)
        self._fed += len(piece)
        if self._fed - self._parser.CurrentByteIndex > LONGEST_TOKEN:
            raise WorkbookRefused(Reason.TOO_COMPLEX)
        return self._ended

    def _doctype(self, *_declaration: object) -> None:
        raise WorkbookRefused(Reason.ENTITIES)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if len(self._open) >= DEEPEST:
            raise WorkbookRefused(Reason.TOO_COMPLEX)
        self._open.append((name.rpartition(":")[2], attributes, []))

    def _end(self, _name: str) -> None:
        tag, attributes, texts = self._open.pop()
        parent = self._open[-1][0] if self._open else ""
        self._ended.append(Element(tag, parent, attributes, "".join(texts)))

    def _text(self, text: str) -> None:
        self._open[-1][2].append(text)
