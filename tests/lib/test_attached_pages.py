"""Pages of an attached PDF, each with the paper's footer."""

from io import BytesIO

import pikepdf
import pytest

from emulation_bloc.lib import pdf
from tests.covenants.outside_tools import text_of_pdf

A4, A3_WIDE = (595, 842), (1191, 842)
FOOT = '<div class="paper-foot"><div class="where">Mã 7F3A</div></div>'


def document(*pages: tuple[int, int], turned: int = 0) -> bytes:
    """A PDF with a black square in the lower left corner of each page."""
    whole = BytesIO()
    with pikepdf.new() as made:
        for size in pages:
            page = made.add_blank_page(page_size=size)
            page.contents_add(b"0 g 0 0 40 40 re f")
            page.rotate(turned, relative=False)
        made.save(whole)
    return whole.getvalue()


def printed(attachment: bytes) -> pdf.Rendered:
    boxes = "".join(
        f'<div class="sheet{" wide" if sheet.is_wide else ""}" id="{sheet.id}"></div>'
        for sheet in pdf.sheets_of(attachment)
    )
    html = f'<html lang="vi"><title>x</title><body>{FOOT}<p>Quy chế</p>{boxes}</body></html>'
    return pdf.with_attached(pdf.render(html), attachment)


def sizes(content: bytes) -> list[tuple[int, int]]:
    with pikepdf.open(BytesIO(content)) as paper:
        return [tuple(round(float(side)) for side in page.mediabox[2:]) for page in paper.pages]


@pytest.mark.parametrize(
    ("attachment", "size"),
    [
        (document(A4), (595, 842)),
        (document(A3_WIDE), (842, 595)),
        (document(A4, turned=90), (842, 595)),
        (document(A3_WIDE, turned=270), (595, 842)),
    ],
)
def test_each_page_gets_a_page_that_lies_as_it_does(
    attachment: bytes, size: tuple[int, int]
) -> None:
    paper = printed(attachment)
    assert sizes(paper.pdf) == [(595, 842), size]
    assert paper.pages == 2


def test_as_many_pages_as_were_attached_and_nothing_twice() -> None:
    attachment = document(*[A4] * 7)
    assert printed(attachment).pages == 8
    assert printed(attachment).pdf == printed(attachment).pdf


def test_each_page_shows_its_own_page() -> None:
    words = [f"Trang {number}" for number in range(3)]
    body = "".join(f'<p style="break-after: page">{word}</p>' for word in words)
    attachment = pdf.render(f'<html lang="vi"><title>x</title><body>{body}</body></html>').pdf
    shown = text_of_pdf(printed(attachment).pdf)
    assert [word for word in words if shown.count(word) != 1] == []


def test_what_was_attached_keeps_out_of_the_foot() -> None:
    paper = printed(document(A4))
    _left, bottom, _right, _top = paper.anchors["sheet-0"].box
    assert bottom >= 25 * 72 / 25.4 - 1


def test_what_is_no_pdf_is_not_attached() -> None:
    with pytest.raises(pikepdf.PdfError):
        pdf.sheets_of(b"x")
