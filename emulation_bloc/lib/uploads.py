"""Checks uploaded PDFs and pictures before anything else reads them.

Each check raises `UploadRefused` with a reason; the page has the sentence for it.
"""

import re
import zlib
from collections.abc import Iterable, Iterator
from enum import StrEnum
from io import BytesIO
from pathlib import PurePath
from typing import Final

import pikepdf
from pikepdf import Array, Dictionary, Object, Stream
from PIL import Image, ImageFile, ImageOps

PICTURE_BYTES: Final = 8 * 1024 * 1024
# A phone's camera takes 12 million; decoded, one pixel is four bytes of memory.
PICTURE_PIXELS: Final = 24_000_000
BOMBS: Final = (Image.DecompressionBombError, Image.DecompressionBombWarning)
# Pixels; three times what a printed stamp can show.
PICTURE_BOX: Final = (1200, 600)
PICTURE_KINDS: Final = {
    "PNG": {".png"},
    "JPEG": {".jpg", ".jpeg"},
    "WEBP": {".webp"},
}
# Pixels; enough to read a photographed page of text.
PHOTO_SIDE: Final = 3000
# Darkness 0 to 255: up to SHADOW is paper, from INK on is ink, with a gradient between.
SHADOW, INK = 40, 150

# More than any paper has; hostile files have millions.
PDF_OBJECTS: Final = 200_000
END_OF_FILE: Final = re.compile(rb"%%EOF[\t \x00]*(\r\n|\r|\n)?\Z")

# Limit for all unpacked streams of a file. PDF readers unpack some of them on opening, without any
# limit: half a megabyte can become gigabytes.
PDF_UNPACKED: Final = 64 * 1024 * 1024
# Compression within compression; one layer is usual.
PDF_LAYERS: Final = 4
PDF_STREAMS: Final = 50_000
STREAM: Final = re.compile(rb"\bstream\s*")
# Streams that a reader unpacks on opening; and filters other than zlib, not measured here.
CROSS_REFERENCES: Final = frozenset({b"/XRef", b"/ObjStm"})
OTHER_FILTERS: Final = frozenset(
    b"/LZWDecode /LZW /RunLengthDecode /RL /ASCIIHexDecode /AHx /ASCII85Decode /A85".split()
)
ESCAPE: Final = re.compile(rb"#([0-9a-fA-F]{2})")

SCRIPT_KEYS: Final = {"/JS", "/JavaScript", "/XFA"}
EMBEDDING_KEYS: Final = {"/EF", "/EmbeddedFiles", "/RichMediaContent"}
SCRIPT_ACTIONS: Final = {"/JavaScript", "/Rendition"}
LAUNCH_ACTIONS: Final = {"/Launch", "/ImportData", "/SubmitForm"}


class Reason(StrEnum):
    """Why a file is refused."""

    TOO_BIG = "too-big"
    NOT_A_PDF = "not-a-pdf"
    ENCRYPTED = "encrypted"
    TOO_COMPLEX = "too-complex"
    SCRIPT = "script"
    LAUNCH = "launch"
    EMBEDDED = "embedded"
    APPENDED = "appended"
    NOT_A_PICTURE = "not-a-picture"
    WRONG_EXTENSION = "wrong-extension"
    TOO_MANY_PIXELS = "too-many-pixels"
    BLANK = "blank"


class UploadRefused(Exception):
    """The file is refused; `reason` says why."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


# --- PDF ----------------------------------------------------------------------------------------


def check_pdf(content: bytes, limit: int) -> None:
    """Accept a PDF of at most `limit` bytes without active content or embedded files.

    Raises UploadRefused: TOO_BIG, NOT_A_PDF, ENCRYPTED, APPENDED (bytes after the end),
    TOO_COMPLEX, SCRIPT, LAUNCH (an action that starts a program or sends data), EMBEDDED (files
    inside). All objects are checked, also those that no page refers to.
    """
    if len(content) > limit:
        raise UploadRefused(Reason.TOO_BIG)
    if not content.startswith(b"%PDF-"):
        raise UploadRefused(Reason.NOT_A_PDF)
    refuse_bomb(content)
    try:
        found = _reason_against(content)
    # A hostile file makes the reader raise many kinds of error, RecursionError among them.
    except pikepdf.PasswordError as error:
        raise UploadRefused(Reason.ENCRYPTED) from error
    except Exception as error:
        raise UploadRefused(Reason.NOT_A_PDF) from error
    if found is not None:
        raise UploadRefused(found)


def _reason_against(content: bytes) -> Reason | None:
    with pikepdf.open(BytesIO(content)) as document:
        if document.is_encrypted:
            return Reason.ENCRYPTED
        if len(document.objects) > PDF_OBJECTS:
            return Reason.TOO_COMPLEX
        dictionaries = _walk(document.objects)
        found = next(filter(None, map(_reason_against_dictionary, dictionaries)), None)
    # Last, because a reason inside says more than bytes after the end.
    if found is None and not END_OF_FILE.search(content[-64:]):
        return Reason.APPENDED
    return found


def refuse_bomb(content: bytes) -> None:
    """Refuse a PDF that could take much memory or time to open. Call it before any PDF reader.

    Unpacks every stream in small pieces that are dropped, up to PDF_UNPACKED bytes in total. Raises
    UploadRefused: TOO_COMPLEX, also if streams unpacked on opening may use another filter than
    zlib; ENCRYPTED, because encrypted streams cannot be measured.
    """
    names = _names_in(content)
    left = PDF_UNPACKED
    for number, start in enumerate(STREAM.finditer(content)):
        if number >= PDF_STREAMS:
            raise UploadRefused(Reason.TOO_COMPLEX)
        packed: bytes | memoryview = memoryview(content)[start.end() :]
        for _layer in range(PDF_LAYERS):
            packed, left = _unpacked(packed, left)
            names |= _names_in(packed)
        if packed:
            raise UploadRefused(Reason.TOO_COMPLEX)
    if b"/Encrypt" in names:
        raise UploadRefused(Reason.ENCRYPTED)
    if names & CROSS_REFERENCES and names & OTHER_FILTERS:
        raise UploadRefused(Reason.TOO_COMPLEX)


def _unpacked(packed: bytes | memoryview, left: int) -> tuple[bytes, int]:
    """The zlib-decompressed bytes, b"" if it is not zlib, and how much may still be unpacked."""
    reader, pieces, place = zlib.decompressobj(), [], 0
    try:
        while place < len(packed) and not reader.eof:
            piece = reader.decompress(packed[place : place + 65536], left)
            place += 65536
            pieces.append(piece)
            # A piece that uses up the limit exactly may continue, so it is refused too.
            left -= len(piece)
            if left <= 0 or reader.unconsumed_tail:
                raise UploadRefused(Reason.TOO_COMPLEX)
    except zlib.error:
        pass
    return b"".join(pieces), left


def _names_in(content: bytes) -> set[bytes]:
    """The watched names in the bytes, also with escaped letters: "/O#62jStm"."""
    return {
        ESCAPE.sub(lambda escape: bytes([int(escape[1], 16)]), found[0])
        for found in WATCHED.finditer(content)
    }


def _in_any_spelling(name: bytes) -> bytes:
    letters = (b"(?:%b|#(?i:%02x))" % (re.escape(bytes([letter])), letter) for letter in name[1:])
    return b"".join(letters)


WATCHED: Final = re.compile(
    rb"/(?:%b)(?=[\s\0()<>\[\]{}/%%]|\Z)"
    % b"|".join(map(_in_any_spelling, {b"/Encrypt", *CROSS_REFERENCES, *OTHER_FILTERS}))
)


def _walk(objects: Iterable[Object]) -> Iterator[Object]:
    """Every dictionary of the file: each object and the dictionaries directly inside it."""
    for indirect in objects:
        waiting = [indirect]
        while waiting:
            value = waiting.pop()
            if isinstance(value, Dictionary | Stream):
                yield value
            waiting += [part for part in parts(value) if not part.is_indirect]


def parts(value: Object) -> list[Object]:
    """The arrays, dictionaries and streams directly inside a value."""
    inside: Iterable[object] = ()
    if isinstance(value, Array):
        inside = list(value)
    elif isinstance(value, Dictionary | Stream):
        inside = [value.get(key) for key in value.keys()]  # noqa: SIM118 - pikepdf's own keys
    return [part for part in inside if isinstance(part, Array | Dictionary | Stream)]


def _reason_against_dictionary(value: Object) -> Reason | None:
    keys = set(value.keys())
    action = str(value.get("/S", ""))
    if keys & EMBEDDING_KEYS or str(value.get("/Type", "")) == "/EmbeddedFile":
        return Reason.EMBEDDED
    if keys & SCRIPT_KEYS or action in SCRIPT_ACTIONS:
        return Reason.SCRIPT
    return Reason.LAUNCH if action in LAUNCH_ACTIONS else None


# --- Pictures -----------------------------------------------------------------------------------


def check_picture(content: bytes, *, filename: str = "") -> bytes:
    """Convert a drawn, photographed or scanned signature to a small PNG with transparent
    background.

    Reads PNG, JPEG and WebP by content; a `filename` with another extension is refused. White
    becomes transparent, margins are cut, the result is at most 1200 x 600 pixels. Raises
    UploadRefused: TOO_BIG, NOT_A_PICTURE, WRONG_EXTENSION, TOO_MANY_PIXELS, BLANK.
    """
    if len(content) > PICTURE_BYTES:
        raise UploadRefused(Reason.TOO_BIG)
    # WeasyPrint sets this to True for the whole process; truncated pictures must be refused.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        with Image.open(BytesIO(content), formats=list(PICTURE_KINDS)) as picture:
            refuse_unfit(picture, filename)
            ink = _ink_alone(ImageOps.exif_transpose(picture))
    except UploadRefused:
        raise
    except BOMBS as error:
        raise UploadRefused(Reason.TOO_MANY_PIXELS) from error
    # Pillow raises nearly anything on broken pictures: OSError, SyntaxError, ValueError, EOFError.
    except Exception as error:
        raise UploadRefused(Reason.NOT_A_PICTURE) from error
    return trimmed(ink)


def check_photo(content: bytes, *, filename: str, limit: int) -> tuple[bytes, str]:
    """Re-encode a photo or screenshot; returns its bytes and media type, JPEG or PNG.

    PNG stays PNG, JPEG and WebP become JPEG; turned upright, at most 3000 pixels a side, without
    metadata (place, device). Raises UploadRefused: TOO_BIG, NOT_A_PICTURE, WRONG_EXTENSION,
    TOO_MANY_PIXELS.
    """
    if len(content) > limit:
        raise UploadRefused(Reason.TOO_BIG)
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        with Image.open(BytesIO(content), formats=list(PICTURE_KINDS)) as picture:
            refuse_unfit(picture, filename)
            return _drawn_anew(picture)
    except UploadRefused:
        raise
    except BOMBS as error:
        raise UploadRefused(Reason.TOO_MANY_PIXELS) from error
    except Exception as error:
        raise UploadRefused(Reason.NOT_A_PICTURE) from error


def _drawn_anew(picture: Image.Image) -> tuple[bytes, str]:
    is_png = picture.format == "PNG"
    upright = ImageOps.exif_transpose(picture)
    upright.thumbnail((PHOTO_SIDE, PHOTO_SIDE))
    plain = Image.new("RGBA" if is_png else "RGB", upright.size, "white")
    plain.paste(upright.convert(plain.mode))
    output = BytesIO()
    if is_png:
        plain.save(output, "PNG", optimize=True)
        return output.getvalue(), "image/png"
    plain.save(output, "JPEG", quality=88, optimize=True)
    return output.getvalue(), "image/jpeg"


def refuse_unfit(picture: Image.Image, filename: str) -> None:
    """Check extension and number of pixels from the header, before decoding."""
    extension = PurePath(filename).suffix.lower()
    if extension and extension not in PICTURE_KINDS[str(picture.format)]:
        raise UploadRefused(Reason.WRONG_EXTENSION)
    if picture.width * picture.height > PICTURE_PIXELS:
        raise UploadRefused(Reason.TOO_MANY_PIXELS)


def _ink_alone(picture: Image.Image) -> Image.Image:
    """The picture with transparent paper; one that already has transparency is left as it is."""
    picture.thumbnail((PICTURE_BOX[0] * 2, PICTURE_BOX[1] * 2))
    coloured = picture.convert("RGBA")
    if coloured.getchannel("A").getextrema()[0] == 0:
        return coloured
    darkness = ImageOps.invert(ImageOps.autocontrast(coloured.convert("L")))
    coloured.putalpha(darkness.point(_opacity))
    return coloured


def _opacity(darkness: int) -> int:
    return max(0, min(255, (darkness - SHADOW) * 255 // (INK - SHADOW)))


def trimmed(ink: Image.Image) -> bytes:
    """The ink without margins, as a PNG within PICTURE_BOX. Raises UploadRefused BLANK."""
    box = ink.getchannel("A").getbbox()
    if box is None:
        raise UploadRefused(Reason.BLANK)
    ink = ink.crop(box)
    ink.thumbnail(PICTURE_BOX)
    # A new picture, so that no metadata (place, device, colour profile) is copied.
    plain = Image.new("RGBA", ink.size)
    plain.paste(ink)
    output = BytesIO()
    plain.save(output, "PNG", optimize=True)
    return output.getvalue()
