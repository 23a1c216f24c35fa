import unicodedata
from functools import cache
from pathlib import Path
from string import ascii_letters, digits, punctuation

import pytest
from django.conf import settings
from fontTools.ttLib import TTFont
from hypothesis import given
from hypothesis import strategies as st

from emulation_bloc.lib.charts.lettering import CUT, SIZE, cut, width_of, wrapped
from emulation_bloc.lib.fonts import VIETNAMESE, paper_faces

LETTERS = ascii_letters + digits + punctuation + VIETNAMESE + "–“”‘’•·°×… "
FONTSOURCE = Path(settings.BASE_DIR) / "node_modules" / "@fontsource"
words = st.text("aăđơm WQ…\u0323\n", max_size=40)


@cache
def advances(path: Path, weight: float = 1) -> dict[int, float]:
    """The width of each character in em."""
    with TTFont(path) as font:
        widths, unit = font["hmtx"], font["head"].unitsPerEm
        return {n: weight * widths[name][0] / unit for n, name in font.getBestCmap().items()}


def on_the_screen() -> dict[int, float]:
    faces = FONTSOURCE / "be-vietnam-pro" / "files"
    found: dict[int, float] = {}
    for subset in ("latin-ext", "latin", "vietnamese"):
        found |= advances(faces / f"be-vietnam-pro-{subset}-400-normal.woff2")
    # fonts.css draws the digits 1.5 % larger.
    inter = advances(FONTSOURCE / "inter" / "files" / "inter-latin-400-normal.woff2", 1.015)
    return found | {ord(digit): inter[ord(digit)] for digit in digits}


def on_paper() -> dict[int, float]:
    return advances(paper_faces().regular)


@pytest.mark.parametrize("face", [on_the_screen, on_paper])
def test_no_letter_is_wider_than_it_is_taken_for(face) -> None:
    widths = face()
    assert [one for one in LETTERS if widths[ord(one)] * SIZE > width_of(one)] == []


def test_the_width_is_not_taken_much_too_large() -> None:
    name = "Ban Quản lý các Khu công nghiệp tỉnh Đắk Lắk"
    true = SIZE * sum(on_the_screen()[ord(letter)] for letter in name)
    assert true < width_of(name) < 1.1 * true


def test_a_line_that_fits_stays_one() -> None:
    assert wrapped("Môi  trường ", 100, 3) == ["Môi trường"]


def test_lines_are_few_and_even() -> None:
    assert wrapped("Giám sát sau cấp phép đầu tư", 120, 3) == ["Giám sát sau", "cấp phép đầu tư"]


def test_what_is_left_over_is_told_by_a_sign() -> None:
    assert wrapped("Hạ tầng kỹ thuật khu công nghiệp", 70, 2) == ["Hạ tầng", "kỹ thuật…"]


def test_a_word_too_long_is_cut() -> None:
    assert wrapped("Nghiêngngả và", 50, 1) == ["Nghi…"]
    assert wrapped("Nghiêngngả và", 50, 2) == ["Nghi…", "và"]


def test_nothing_is_one_empty_line() -> None:
    assert (wrapped("", 50, 2), wrapped(" \n", 50, 2)) == ([""], [""])


def test_an_unknown_sign_is_taken_for_a_wide_one() -> None:
    assert width_of("漢") == pytest.approx(1.1 * SIZE)


@given(words, st.integers(20, 200), st.integers(1, 4))
def test_lines_keep_to_their_room_and_number(text: str, room: int, lines: int) -> None:
    broken = wrapped(text, room, lines)
    assert 1 <= len(broken) <= lines
    assert max(map(width_of, broken)) <= room


@given(words, st.integers(20, 200), st.integers(1, 4))
def test_nothing_is_lost_without_a_sign(text: str, room: int, lines: int) -> None:
    broken = " ".join(wrapped(text, room, lines))
    assert CUT in broken or broken == " ".join(unicodedata.normalize("NFC", text).split())


@given(words, st.integers(20, 200))
def test_a_cut_text_begins_like_the_whole(text: str, room: int) -> None:
    kept = cut(text, room)
    assert kept == text or (kept.endswith(CUT) and text.startswith(kept.removesuffix(CUT)))
    assert width_of(kept) <= room
