import subprocess
import sys
import zlib
from collections.abc import Callable
from io import BytesIO

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String
from PIL import Image, ImageDraw, ImageFile

from emulation_bloc.lib import uploads
from emulation_bloc.lib.uploads import Reason, UploadRefused, check_pdf, check_picture
from tests.lib.signed_papers import small_paper

LIMIT = 1_000_000


def pdf(change: Callable[[pikepdf.Pdf], None] = lambda document: None, **options: object) -> bytes:
    output = BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        change(document)
        document.save(output, **options)
    return output.getvalue()


def reason(content: bytes, limit: int = LIMIT) -> Reason:
    with pytest.raises(UploadRefused) as refused:
        check_pdf(content, limit)
    return refused.value.reason


# --- PDF ---


def test_a_plain_pdf_is_taken() -> None:
    check_pdf(pdf(), LIMIT)


def test_a_text_and_a_number_that_are_objects_of_their_own_are_taken() -> None:
    def add(document: pikepdf.Pdf) -> None:
        document.Root.Rest = Array([document.make_indirect(v) for v in (String("/JS"), 7)])

    check_pdf(pdf(add), LIMIT)


def test_a_signed_paper_is_taken() -> None:
    check_pdf(small_paper(), LIMIT)


def test_a_pdf_is_taken_up_to_the_limit_and_not_beyond() -> None:
    content = pdf()
    check_pdf(content, len(content))
    assert reason(content, len(content) - 1) == Reason.TOO_BIG


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"%PDF-1.7", b"%PDF-1.7\n%%EOF\n"])
def test_what_is_no_pdf_is_refused(content: bytes) -> None:
    assert reason(content) == Reason.NOT_A_PDF


def test_bytes_before_the_header_are_refused() -> None:
    assert reason(b"#!/bin/sh\n" + pdf()) == Reason.NOT_A_PDF


def script_on_opening(document: pikepdf.Pdf) -> None:
    document.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))


def script_in_a_name_tree(document: pikepdf.Pdf) -> None:
    document.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array([])))


def script_that_nothing_refers_to(document: pikepdf.Pdf) -> None:
    document.Root.Rest = Array(
        [document.make_indirect(Dictionary(A=Array([Dictionary(S=Name.JavaScript)])))]
    )


def dynamic_form(document: pikepdf.Pdf) -> None:
    document.Root.AcroForm = Dictionary(Fields=Array([]), XFA=String("<xdp/>"))


def launch(document: pikepdf.Pdf) -> None:
    document.pages[0].AA = Dictionary(O=Dictionary(S=Name.Launch, F=String("cmd.exe")))


def sending_of_data(document: pikepdf.Pdf) -> None:
    document.Root.OpenAction = Dictionary(S=Name.SubmitForm, F=String("http://example.com"))


def attachment(document: pikepdf.Pdf) -> None:
    document.attachments["run.exe"] = b"MZ"


def attachment_on_a_page(document: pikepdf.Pdf) -> None:
    program = document.make_stream(b"MZ", Type=Name.EmbeddedFile)
    document.pages[0].Annots = Array(
        [Dictionary(Subtype=Name.FileAttachment, FS=Dictionary(EF=Dictionary(F=program)))]
    )


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (script_on_opening, Reason.SCRIPT),
        (script_in_a_name_tree, Reason.SCRIPT),
        (script_that_nothing_refers_to, Reason.SCRIPT),
        (dynamic_form, Reason.SCRIPT),
        (launch, Reason.LAUNCH),
        (sending_of_data, Reason.LAUNCH),
        (attachment, Reason.EMBEDDED),
        (attachment_on_a_page, Reason.EMBEDDED),
    ],
)
def test_a_pdf_that_is_more_than_a_document_is_refused(
    change: Callable[[pikepdf.Pdf], None], expected: Reason
) -> None:
    assert reason(pdf(change)) == expected


def test_what_is_packed_into_object_streams_is_found() -> None:
    packed = pdf(launch, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    assert reason(packed) == Reason.LAUNCH


@pytest.mark.parametrize("password", ["", "mat-khau"])
def test_an_encrypted_pdf_is_refused(password: str) -> None:
    locked = pdf(encryption=pikepdf.Encryption(owner="chu", user=password))
    assert reason(locked) == Reason.ENCRYPTED


@pytest.mark.parametrize("junk", [b"x", b"\n\n\nMZ\x90", b"%%EOF x", b"PK\x05\x06" + b"\0" * 18])
def test_bytes_after_the_end_are_refused(junk: bytes) -> None:
    assert reason(pdf() + junk) == Reason.APPENDED


def test_a_pdf_with_endless_objects_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "PDF_OBJECTS", 2)
    assert reason(pdf()) == Reason.TOO_COMPLEX


# --- Files made to exhaust the reader ---

A_MEGABYTE = 1 << 20


def packed(size: int, *, before: bytes = b"") -> bytes:
    """That many blanks under zlib: a thousandth of their size."""
    packer = zlib.compressobj(9)
    pieces = [packer.compress(before)]
    pieces += [packer.compress(b" " * A_MEGABYTE) for _ in range(size // A_MEGABYTE)]
    return b"".join([*pieces, packer.flush()])


def with_object_stream(stream: bytes, *, filters: bytes = b"/FlateDecode") -> bytes:
    """A PDF whose document information lies in an object stream, which readers unpack at once."""
    head = (
        b"%PDF-1.5\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n"
        b"2 0 obj\n<</Type/Pages/Kids[]/Count 0>>\nendobj\n"
    )
    objects = head + (
        b"4 0 obj\n<</Type/ObjStm/N 1/First 4/Filter %b/Length %d>>\n"
        b"stream\n%b\nendstream\nendobj\n" % (filters, len(stream), stream)
    )
    rows = [(0, 0, 0), (1, 9, 0), (1, head.index(b"2 0 obj"), 0), (0, 0, 0)]
    rows += [(1, len(head), 0), (2, 4, 0), (1, len(objects), 0)]
    table = b"".join(bytes([t]) + a.to_bytes(4, "big") + bytes([b]) for t, a, b in rows)
    return objects + (
        b"6 0 obj\n<</Type/XRef/Size 7/W[1 4 1]/Root 1 0 R/Info 5 0 R/Length %d>>\nstream\n%b\n"
        b"endstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % (len(table), table, len(objects))
    )


INFORMATION = b"5 0 <</Keywords(x)>>"


def test_an_object_stream_of_usual_size_is_taken() -> None:
    check_pdf(with_object_stream(packed(A_MEGABYTE, before=INFORMATION)), LIMIT)


@pytest.mark.parametrize(
    "bomb",
    [
        with_object_stream(packed(512 * A_MEGABYTE, before=INFORMATION)),
        with_object_stream(
            zlib.compress(packed(256 * A_MEGABYTE)), filters=b"[/FlateDecode/FlateDecode]"
        ),
        with_object_stream(
            packed(A_MEGABYTE).hex().encode() + b">", filters=b"[/ASCIIHexDecode/FlateDecode]"
        ),
        with_object_stream(
            packed(A_MEGABYTE).hex().encode() + b">", filters=b"[/A#53CIIHexDecode/FlateDecode]"
        ),
        b"%PDF-1.5\n" + b"stream\n" * 60_000,
    ],
    ids=["one layer", "two layers", "under hex", "under a spelled-out name", "countless streams"],
)
def test_a_bomb_is_refused(bomb: bytes) -> None:
    assert reason(bomb) == Reason.TOO_COMPLEX


def test_layers_beyond_all_use_are_refused() -> None:
    layers = b"x"
    for _ in range(6):
        layers = zlib.compress(layers)
    assert reason(with_object_stream(layers)) == Reason.TOO_COMPLEX


# Under a limit of its own process: only so can it be seen what opening a file takes.
UNDER_A_LIMIT = """
import resource, sys
from emulation_bloc.lib.uploads import UploadRefused, refuse_bomb
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    refuse_bomb(sys.stdin.buffer.read())
except UploadRefused as refused:
    print(refused.reason.value, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


def test_a_bomb_of_half_a_gigabyte_is_refused_in_a_hundred_megabytes() -> None:
    bomb = with_object_stream(packed(512 * A_MEGABYTE, before=INFORMATION))
    assert len(bomb) < A_MEGABYTE

    said = subprocess.run(
        [sys.executable, "-c", UNDER_A_LIMIT], input=bomb, check=True, capture_output=True
    ).stdout.split()

    assert said[0] == b"too-complex"
    assert int(said[1]) * 1024 < 100 * A_MEGABYTE


# --- Pictures ---


def signature(mode: str, paper: object, ink: object) -> Image.Image:
    picture = Image.new(mode, (900, 600), paper)
    ImageDraw.Draw(picture).line((200, 300, 700, 400), fill=ink, width=12)
    return picture


def saved(picture: Image.Image, kind: str, **options: object) -> bytes:
    output = BytesIO()
    picture.save(output, kind, **options)
    return output.getvalue()


def opened(png: bytes) -> Image.Image:
    picture = Image.open(BytesIO(png))
    picture.load()
    return picture


def picture_reason(content: bytes, filename: str = "") -> Reason:
    with pytest.raises(UploadRefused) as refused:
        check_picture(content, filename=filename)
    return refused.value.reason


BLUE = (20, 40, 150)


def test_a_drawing_on_nothing_is_cut_to_its_ink() -> None:
    drawn = signature("RGBA", (0, 0, 0, 0), (*BLUE, 255))

    picture = opened(check_picture(saved(drawn, "PNG")))

    assert picture.format == "PNG"
    assert picture.mode == "RGBA"
    assert 500 < picture.width < 520
    assert picture.getchannel("A").getextrema() == (0, 255)


@pytest.mark.parametrize(
    ("kind", "name"), [("PNG", "a.png"), ("JPEG", "A.JPG"), ("WEBP", "a.webp")]
)
def test_white_paper_becomes_transparent(kind: str, name: str) -> None:
    photographed = saved(signature("RGB", (236, 233, 225), BLUE), kind)

    picture = opened(check_picture(photographed, filename=name))

    corner, middle = (0, picture.height - 1), (picture.width // 2, picture.height // 2)
    assert picture.getpixel(corner)[3] == 0
    assert picture.getpixel(middle)[3] == 255
    assert 500 < picture.width < 540


def test_a_large_photograph_is_scaled_down() -> None:
    large = signature("RGB", "white", BLUE).resize((5400, 3600))

    picture = opened(check_picture(saved(large, "JPEG")))

    assert picture.width <= 1200
    assert picture.height <= 600


def test_a_photograph_lying_on_its_side_is_turned() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    content = saved(signature("RGB", "white", BLUE), "JPEG", exif=exif)

    picture = opened(check_picture(content))

    assert picture.height > picture.width


def test_nothing_of_the_camera_is_kept() -> None:
    exif = Image.Exif()
    exif[0x010F] = "May anh cua toi"
    content = saved(signature("RGB", "white", BLUE), "JPEG", exif=exif)

    png = check_picture(content)

    assert b"May anh" not in png
    assert dict(opened(png).info) == {}


@pytest.mark.parametrize(
    "content",
    [b"", b"%PDF-1.7", b"\x89PNG\r\n\x1a\n", b"<svg xmlns='http://www.w3.org/2000/svg'/>"],
)
def test_what_is_no_picture_is_refused(content: bytes) -> None:
    assert picture_reason(content) == Reason.NOT_A_PICTURE


def test_a_picture_of_another_kind_is_refused() -> None:
    gif = saved(signature("RGB", "white", BLUE), "GIF")
    assert picture_reason(gif) == Reason.NOT_A_PICTURE


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_picture_cut_off_in_the_middle_is_refused(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)  # as WeasyPrint leaves it
    whole = saved(signature("RGB", "white", BLUE), kind)
    assert picture_reason(whole[: len(whole) // 2]) == Reason.NOT_A_PICTURE


@pytest.mark.parametrize("name", ["ky.png", "ky.exe", "ky.jpg.exe"])
def test_a_name_that_says_otherwise_is_refused(name: str) -> None:
    jpeg = saved(signature("RGB", "white", BLUE), "JPEG")
    assert picture_reason(jpeg, name) == Reason.WRONG_EXTENSION


def test_an_empty_sheet_is_refused() -> None:
    assert picture_reason(saved(Image.new("RGB", (300, 200), "white"), "PNG")) == Reason.BLANK
    assert picture_reason(saved(Image.new("RGBA", (300, 200)), "PNG")) == Reason.BLANK


def test_a_file_larger_than_the_limit_is_not_opened() -> None:
    assert picture_reason(b"\0" * (uploads.PICTURE_BYTES + 1)) == Reason.TOO_BIG


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few bytes that claims to be as large as one likes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        length, check = len(data).to_bytes(4), zlib.crc32(kind + data).to_bytes(4)
        return length + kind + data + check

    header = width.to_bytes(4) + height.to_bytes(4) + b"\x08\x02\x00\x00\x00"
    data = zlib.compress(b"\0" * 1000)
    end = chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + end


@pytest.mark.parametrize("side", [6_000, 10_000, 60_000])
def test_a_picture_that_would_fill_the_memory_is_not_decoded(side: int) -> None:
    assert picture_reason(bomb(side, side)) == Reason.TOO_MANY_PIXELS
