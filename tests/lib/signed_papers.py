"""Papers with real signatures, made once per test run."""

from datetime import UTC, datetime
from functools import cache
from io import BytesIO

import pikepdf

from emulation_bloc.lib import pades

SIGNED_AT = datetime(2024, 5, 4, 1, 30, tzinfo=UTC)
VALID_FROM = datetime(2024, 1, 1, tzinfo=UTC)
BOX = (50.0, 40.0, 190.0, 110.0)


@cache
def authority() -> pades.KeyPair:
    return pades.make_authority("Khối thi đua số 5", valid_from=VALID_FROM)


@cache
def portal() -> pades.KeyPair:
    return pades.issue(
        authority(),
        name="Cổng giao ước thi đua",
        organisation="Khối thi đua số 5",
        title="",
        valid_from=VALID_FROM,
    )


@cache
def leader(number: int = 0) -> pades.KeyPair:
    return pades.issue(
        authority(),
        name=f"Nguyễn Thị Phượng {number}",
        organisation="Ban Quản lý các khu công nghiệp Đắk Lắk",
        title="Trưởng ban",
        valid_from=VALID_FROM,
    )


@cache
def blank_paper(pages: int = 1) -> bytes:
    """A paper without text, small enough to flip its bytes one by one."""
    with pikepdf.new() as document:
        for _page in range(pages):
            document.add_blank_page(page_size=(300, 200))
        document.docinfo["/Title"] = "Giao ước thi đua"
        return saved(document)


@cache
def printed_paper(seats: int) -> tuple[bytes, tuple[pades.SeatField, ...]]:
    """A paper drawn by WeasyPrint, with as many seats, and where the seats are on it."""
    import weasyprint

    boxes = "".join(f'<div id="seat-{n}">Ban Quản lý số {n}</div>' for n in range(seats))
    style = "div {height: 2.5cm; width: 6cm; break-inside: avoid}"
    html = f"<title>Giao ước</title><style>{style}</style><h1>GIAO ƯỚC THI ĐUA</h1>{boxes}"
    document = weasyprint.HTML(string=html).render()
    places = [
        pades.SeatField(
            name,
            index,
            (x1 * 0.75, (page.height - y2) * 0.75, x2 * 0.75, (page.height - y1) * 0.75),
        )
        for index, page in enumerate(document.pages)
        for name, (x1, y1, x2, y2) in page.anchors.items()
    ]
    return document.write_pdf(), tuple(places)


@cache
def stamp() -> bytes:
    """A stamp of 200 x 100 points."""
    with pikepdf.new() as document:
        document.add_blank_page(page_size=(200, 100))
        document.pages[0].Contents = document.make_stream(b"0 0 200 100 re S")
        return saved(document)


@cache
def prepared_paper() -> bytes:
    """A blank paper with the empty seats "a" and "b"."""
    seats = [pades.SeatField("a", 0, BOX), pades.SeatField("b", 0, BOX)]
    return prepare(blank_paper(), seats)


@cache
def small_paper() -> bytes:
    """A certified paper with one seat, signed and closed."""
    return closed(blank_paper(), (pades.SeatField("a", 0, BOX),))


@cache
def closed_paper(seats: int) -> bytes:
    """A printed paper that every leader signed and the portal closed."""
    return closed(*printed_paper(seats))


def closed(pdf: bytes, seats: tuple[pades.SeatField, ...]) -> bytes:
    paper = prepare(pdf, seats)
    for number, seat in enumerate(seats):
        paper = sign(paper, seat.name, leader(number))
    return pades.close(
        paper, portal=portal(), authority=authority(), at=SIGNED_AT, reason="Hoàn tất lễ ký"
    )


def prepare(pdf: bytes, seats: list[pades.SeatField] | tuple[pades.SeatField, ...]) -> bytes:
    return pades.prepare(
        pdf,
        seats=seats,
        authority=authority(),
        portal=portal(),
        reason="Phát hành bản giao ước",
        at=SIGNED_AT,
    )


def sign(
    pdf: bytes, field: str, signer: pades.KeyPair, chain: pades.KeyPair | None = None
) -> bytes:
    return pades.sign(
        pdf,
        field=field,
        signer=signer,
        authority=chain or authority(),
        stamp_pdf=stamp(),
        at=SIGNED_AT,
        reason="Đồng ý với nội dung giao ước",
        location="Đà Lạt",
    )


def inspect(pdf: bytes) -> pades.Inspection:
    return pades.inspect(pdf, authority_pems=[authority().certificate_pem])


def saved(document: pikepdf.Pdf) -> bytes:
    output = BytesIO()
    document.save(output, deterministic_id=True)
    return output.getvalue()


def problems(pdf: bytes) -> list[str]:
    """What is wrong with each signature in the file; "" where nothing is."""
    return [report.problem for report in inspect(pdf).signatures]


def flipped(content: bytes, position: int, mask: int = 1) -> bytes:
    """The bytes with some bits of one of them turned over."""
    changed = bytearray(content)
    changed[position] ^= mask
    return bytes(changed)


def field_states(pdf: bytes) -> dict[str, bool]:
    """Every signature field of a paper by its name: True when it is signed."""
    with pikepdf.open(BytesIO(pdf)) as document:
        form = document.Root.get("/AcroForm")
        fields = [] if form is None else form.Fields
        return {str(field.T): "/V" in field for field in fields if field.FT == "/Sig"}
