"""Rendering papers as PDF, and the covenant's template."""

import re
import subprocess
import unicodedata
from collections.abc import Callable
from io import BytesIO
from itertools import combinations
from pathlib import Path

import pikepdf
import pytest

from emulation_bloc.lib import qr
from emulation_bloc.lib.pdf import OutsideResource, Rendered, render
from tests.lib.printed_papers import (
    ARTICLES,
    BLOC,
    CODE,
    MM,
    NAMES,
    URL,
    annex,
    covenant,
    html_of,
    overlap,
    page_size,
    printed_certificate,
    printed_covenant,
    stamp,
    words_of,
)

# --- The press ------------------------------------------------------------------------------------


def test_the_same_paper_has_the_same_bytes_whatever_was_printed_between() -> None:
    html = html_of("covenant", covenant(11))
    first = render(html)
    render(html_of("stamp", stamp()))
    assert render(html) == first


def test_a_paper_is_written_as_pdf_a_3u() -> None:
    with pikepdf.open(BytesIO(printed_covenant(11).pdf)) as document:
        metadata = document.open_metadata()
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("3", "U")
        assert metadata["dc:title"] == f"Giao ước thi đua năm 2019 - {BLOC}"
        assert len(document.Root.OutputIntents) == 1
        assert "/Annots" not in document.pages[0]


@pytest.mark.parametrize(
    "markup",
    [
        '<img src="https://example.org/x.png">',
        '<img src="http://127.0.0.1:9/x.png">',
        '<img src="file:///etc/hostname">',
        '<img src="logo.png">',
        '<img src="/static/logo.png">',
        '<link rel="stylesheet" href="paper.css">',
        '<link rel="attachment" href="file:///etc/hostname">',
        '<style>@import "https://example.org/x.css";</style>',
        '<style>body { background: url("file:///etc/hostname") }</style>',
        '<style>@font-face { font-family: X; src: url("file:///x.ttf") } p { font: 9pt X }</style>',
        '<object data="file:///etc/hostname"></object>',
        '<svg><image href="file:///etc/hostname" width="9" height="9"/></svg>',
    ],
)
def test_a_resource_from_outside_stops_the_press(markup: str) -> None:
    with pytest.raises(OutsideResource):
        render(f"<p>Giao ước {markup}</p>")


def test_the_refusal_names_the_address() -> None:
    with pytest.raises(OutsideResource) as refused:
        render('<img src="https://example.org/x.png">')
    assert refused.value.url == "https://example.org/x.png"


def test_the_press_works_on_after_a_refusal() -> None:
    with pytest.raises(OutsideResource):
        render('<img src="x.png">')
    assert render("<p>Giao ước</p>").pages == 1


def test_base_url_completes_links_and_is_not_fetched_from() -> None:
    with pytest.raises(OutsideResource) as refused:
        render('<img src="x.png">', base_url="https://example.org/")
    assert refused.value.url == "https://example.org/x.png"
    printed = render('<a href="xac-minh/1">1</a>', base_url="https://example.org/")
    with pikepdf.open(BytesIO(printed.pdf)) as document:
        assert str(document.pages[0].Annots[0].A.URI) == "https://example.org/xac-minh/1"


def test_anchors_are_points_from_the_bottom_left_and_keep_the_first_place() -> None:
    style = "<style>@page { size: 100mm 100mm; margin: 10mm } div { height: 20mm }</style>"
    printed = render(f'{style}<div id="a"></div><p style="break-before: page" id="b">b<p id="a">a')
    assert printed.pages == 2
    assert printed.anchors["a"].page == 0
    assert printed.anchors["a"].box == pytest.approx((10 * MM, 70 * MM, 90 * MM, 90 * MM))
    assert printed.anchors["b"].page == 1


@pytest.mark.parametrize("printed", [printed_covenant, printed_certificate])
def test_every_font_is_embedded_and_none_comes_from_elsewhere(
    printed: Callable[[int], Rendered], tmp_path: Path
) -> None:
    (tmp_path / "paper.pdf").write_bytes(printed(11).pdf)
    command = ["pdffonts", str(tmp_path / "paper.pdf")]
    listed = subprocess.run(command, capture_output=True, check=True, text=True).stdout
    fonts = [line.split() for line in listed.splitlines()[2:]]
    assert {tuple(font[-5:-2]) for font in fonts} == {("yes", "yes", "yes")}
    families = {re.split(r"[-+]", font[0])[1].removesuffix("Italic") for font in fonts}
    assert families == {"Paper"}


# --- The covenant ---------------------------------------------------------------------------------


def test_the_text_of_the_covenant_is_searchable_and_composed() -> None:
    words = words_of(printed_covenant(11).pdf)
    assert words == unicodedata.normalize("NFC", words)
    assert [name for name in NAMES if name not in words] == []
    assert [line for line in ARTICLES if line not in words] == []


def test_the_covenant_prints_numbers_as_they_are() -> None:
    words = words_of(printed_covenant(11).pdf)
    assert "Năm 2019" in words
    assert "2.019" not in words
    assert "Đắk Lắk, ngày 04 tháng 5 năm 2019" in words


def test_legal_bases_end_with_semicolons_and_the_last_with_a_stop() -> None:
    words = words_of(printed_covenant(11).pdf)
    assert "Căn cứ Luật Thi đua, Khen thưởng số 15/2003/QH11 ngày 26 tháng 11 năm 2003;" in words
    assert "Căn cứ Nghị định số 91/2017/NĐ-CP ngày 31 tháng 7 năm 2017." in words


def test_only_the_head_is_marked() -> None:
    assert words_of(printed_covenant(11).pdf).count("KHỐI TRƯỞNG") == 1


@pytest.mark.parametrize(("parties", "pages"), [(1, 2), (2, 3), (11, 4), (20, 5)])
def test_the_covenant_has_as_many_pages_as_its_seats_need(parties: int, pages: int) -> None:
    assert printed_covenant(parties).pages == pages


@pytest.mark.parametrize("parties", [1, 2, 11, 20])
def test_every_seat_has_its_box_inside_the_margins(parties: int) -> None:
    printed = printed_covenant(parties)
    assert set(printed.anchors) == {f"seat-{order}" for order in range(1, parties + 1)}
    for anchor in printed.anchors.values():
        x1, y1, x2, y2 = anchor.box
        assert (x2 - x1, y2 - y1) == pytest.approx((55 * MM, 26 * MM), abs=0.01)
        assert (x1 >= 30 * MM, x2 <= 195 * MM) == (True, True)
        assert (y1 >= 25 * MM, y2 <= 277 * MM) == (True, True)


@pytest.mark.parametrize("parties", [2, 11, 20])
def test_no_two_boxes_overlap(parties: int) -> None:
    pairs = combinations(printed_covenant(parties).anchors.values(), 2)
    assert [pair for pair in pairs if overlap(*pair)] == []


@pytest.mark.parametrize("parties", [1, 2, 3, 11, 20])
def test_a_seat_lies_on_the_page_that_prints_its_name(parties: int) -> None:
    printed = printed_covenant(parties)
    for order in range(1, parties + 1):
        page = str(printed.anchors[f"seat-{order}"].page + 1)
        words = words_of(printed.pdf, "-f", page, "-l", page)
        assert f"Nguyễn Thị Ngưỡng {order}" in words


@pytest.mark.parametrize("parties", [*range(1, 13), 20])
def test_the_last_seats_are_never_alone(parties: int) -> None:
    """The last page of seats holds more than one seat, or text that is signed there."""
    printed = printed_covenant(parties)
    last = printed.anchors[f"seat-{parties}"].page
    page = words_of(printed.pdf, "-f", str(last + 1), "-l", str(last + 1))
    seats = sum(anchor.page == last for anchor in printed.anchors.values())
    assert seats > 2 or "có hiệu lực kể từ ngày ký" in page


@pytest.mark.parametrize("parties", [*range(1, 13), 20])
def test_the_heading_of_the_seats_stands_with_the_first_seat_and_the_last_sentence(
    parties: int,
) -> None:
    printed = printed_covenant(parties)
    page = str(printed.anchors["seat-1"].page + 1)
    words = words_of(printed.pdf, "-f", page, "-l", page)
    assert "có hiệu lực kể từ ngày ký. ĐẠI DIỆN CÁC ĐƠN VỊ KÝ GIAO ƯỚC" in words


def test_every_page_carries_the_code_and_all_but_the_first_a_number() -> None:
    printed = printed_covenant(11)
    pages = [words_of(printed.pdf, "-f", str(n), "-l", str(n)) for n in range(1, printed.pages + 1)]
    assert [page.count(f"Mã xác minh: {CODE['code']}") for page in pages] == [1] * 4
    assert [page.count("Dữ liệu mẫu") for page in pages] == [1] * 4
    assert [page.split()[0] for page in pages[1:]] == ["2", "3", "4"]
    assert pages[0].startswith("KHỐI THI ĐUA BAN QUẢN LÝ")


def test_real_papers_carry_no_word_about_samples() -> None:
    html = html_of("covenant", covenant(1) | {"is_sample": False})
    assert "Dữ liệu mẫu" not in words_of(render(html).pdf)


def test_the_annex_is_upright_for_few_indicators_and_lies_down_for_many() -> None:
    few, many = printed_covenant(11), printed_covenant(20, 8)
    assert page_size(few, few.pages - 1) == (210, 297)
    assert page_size(many, many.pages - 1) == (297, 210)
    assert page_size(many, many.pages - 2) == (210, 297)


def test_twenty_boards_and_eight_indicators_fit_one_sheet() -> None:
    printed = printed_covenant(20, 8)
    last = words_of(printed.pdf, "-f", str(printed.pages), "-l", str(printed.pages))
    assert "PHỤ LỤC: CHỈ TIÊU THI ĐUA" in last
    assert "BQL KCNC và các KCN Số 20" in last


def test_a_longer_annex_repeats_its_head_and_keeps_its_last_three_rows_together() -> None:
    printed = render(html_of("covenant", covenant(1) | {"annex": annex(60, 3)}))
    pages = [words_of(printed.pdf, "-f", str(n), "-l", str(n)) for n in range(1, 5)]
    assert [page.count("Đơn vị") for page in pages] == [0, 1, 1, 1]
    assert [pages[3].count(f"Số {n} ") for n in (57, 58, 59, 60)] == [0, 1, 1, 1]


def test_a_covenant_without_annex_ends_with_its_seats() -> None:
    printed = printed_covenant(11, 0)
    assert printed.pages == 3
    assert "PHỤ LỤC" not in words_of(printed.pdf)


def test_a_draft_without_leaders_still_has_its_boxes() -> None:
    values = covenant(3)
    for seat in values["parties"]:
        seat |= {"name": "", "post": ""}
    printed = render(html_of("covenant", values | {"signed_on": None, "bloc_lines": []}))
    assert set(printed.anchors) == {"seat-1", "seat-2", "seat-3"}
    assert "Bình Định;" in words_of(printed.pdf)


def test_words_of_the_covenant_are_no_markup() -> None:
    html = html_of("covenant", covenant(1) | {"theme": '<img src="file:///etc/hostname">'})
    assert '<img src="file:///etc/hostname">' in words_of(render(html).pdf)


# --- QR codes -------------------------------------------------------------------------------------


def test_a_qr_code_is_an_inline_picture_in_black_and_white() -> None:
    drawn = qr.svg(URL)
    assert drawn.startswith("<svg ")
    assert set(re.findall(r'(?:fill|stroke)="([^"]+)"', drawn)) == {"#fff", "#000"}
    assert (qr.svg(URL), "href" in drawn) == (drawn, False)
