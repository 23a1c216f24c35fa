"""The signature stamp and the certificate of completion."""

import base64
import subprocess
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from emulation_bloc.lib import text
from emulation_bloc.lib.pdf import render
from tests.lib.printed_papers import (
    DIGEST,
    MM,
    certificate,
    html_of,
    page_size,
    printed_certificate,
    stamp,
    words_of,
)

# --- The stamp ------------------------------------------------------------------------------------


def signature_picture() -> str:
    data = BytesIO()
    Image.new("RGBA", (60, 20), (20, 50, 160, 128)).save(data, "PNG")
    return "data:image/png;base64," + base64.b64encode(data.getvalue()).decode()


def colours_of(pdf: bytes, path: Path) -> set[tuple[int, ...]]:
    (path / "stamp.pdf").write_bytes(pdf)
    command = ["pdftocairo", "-png", "-transp", "-singlefile", "stamp.pdf", "stamp"]
    subprocess.run(command, cwd=path, check=True)
    with Image.open(path / "stamp.png") as image:
        data = image.convert("RGBA").tobytes()
    return {tuple(data[i : i + 4]) for i in range(0, len(data), 4)}


@pytest.mark.parametrize("picture", ["", signature_picture()], ids=["bare", "drawn"])
@pytest.mark.parametrize("signed_for", [(), ("KT. TRƯỞNG BAN", "PHÓ TRƯỞNG BAN")], ids=len)
def test_a_stamp_is_one_page_of_the_size_of_its_seat(
    picture: str, signed_for: tuple[str, ...]
) -> None:
    printed = render(html_of("stamp", stamp(picture, signed_for)))
    assert (printed.pages, page_size(printed, 0)) == (1, (55, 26))
    assert words_of(printed.pdf) == " ".join(
        (
            *signed_for,
            "Người ký: Phạm Văn Tịch",
            "Ký trong cổng Khối",
            "08:31:05 ngày 04/05/2019",
        )
    )


def test_a_stamp_covers_nothing_of_the_paper_below(tmp_path: Path) -> None:
    pixels = colours_of(render(html_of("stamp", stamp())).pdf, tmp_path)
    assert (255, 255, 255, 255) not in pixels
    assert min(pixel[3] for pixel in pixels) == 0


def test_only_the_picture_of_a_stamp_is_blue(tmp_path: Path) -> None:
    without = colours_of(render(html_of("stamp", stamp())).pdf, tmp_path)
    with_picture = colours_of(render(html_of("stamp", stamp(signature_picture()))).pdf, tmp_path)
    assert [pixel for pixel in without if pixel[2] > pixel[0]] == []
    assert [pixel for pixel in with_picture if pixel[2] > pixel[0]] != []


def test_a_stamp_takes_its_size_in_fractions_of_millimetres() -> None:
    printed = render(html_of("stamp", stamp() | {"width_mm": 60.4, "height_mm": 20.0}))
    with pikepdf.open(BytesIO(printed.pdf)) as document:
        assert float(document.pages[0].mediabox[2]) == pytest.approx(60.4 * MM, abs=0.01)


# --- The certificate of completion ----------------------------------------------------------------


def test_the_certificate_names_every_signer_and_both_fingerprints() -> None:
    words = words_of(printed_certificate(11).pdf, "-raw")
    assert [n for n in range(1, 12) if f"Nguyễn Thị Ngưỡng {n}" not in words] == []
    assert text.fingerprint(DIGEST, 16) in words
    assert text.fingerprint(DIGEST[::-1], 16) in words
    assert "4 trang, 11 chữ ký" in words
    assert "2.019" not in words
    assert "1.057" not in words


def test_the_certificate_says_what_it_does_not_prove() -> None:
    words = words_of(printed_certificate(11).pdf)
    assert "không phải là chữ ký số chuyên dùng công vụ của Nhà nước" in words
    assert "Chưa kiểm tra được tình trạng thu hồi" in words
    assert "không có dấu thời gian của bên thứ ba" in words
    assert "Chữ ký ghi “Ký trên giấy” chỉ có bản quét kèm theo" in words


def test_the_certificate_leaves_out_limits_that_do_not_apply() -> None:
    values = certificate(1) | {"has_timestamps": True, "has_paper": False}
    words = words_of(render(html_of("certificate", values)).pdf)
    assert "dấu thời gian" not in words
    assert "Ký trên giấy" not in words


@pytest.mark.parametrize(("parties", "pages"), [(1, 1), (11, 2), (20, 2)])
def test_the_certificate_stays_short(parties: int, pages: int) -> None:
    assert printed_certificate(parties).pages == pages
