import unicodedata
from datetime import date
from hashlib import sha256
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulation_bloc.lib.text import (
    Segment,
    differences,
    fingerprint,
    fold,
    nfc,
    official_date,
    sort_key,
    title_lines,
    visible,
)

vietnamese = st.text(alphabet="aăâbcdđeêghiklmnoôơpqrstuưvxyàảãáạẩữợ ĐẮ.,-09", max_size=40)


def decomposed(s: str) -> str:
    return unicodedata.normalize("NFD", s)


def in_order(*words: str) -> bool:
    shuffled = list(words)
    Random(7).shuffle(shuffled)
    return sorted(shuffled, key=sort_key) == list(words)


def test_nfc_composes_decomposed_letters() -> None:
    assert nfc(decomposed("Phạm Văn Tịch")) == "Phạm Văn Tịch"


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Đắk Lắk", "dak lak"),
        ("KHÁNH HÒA", "khanh hoa"),
        ("Thừa Thiên – Huế", "thua thien – hue"),
        ("Ngưỡng ẩm ướt", "nguong am uot"),
        (decomposed("Quảng Ngãi"), "quang ngai"),
    ],
)
def test_fold_strips_every_diacritic(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text())
def test_fold_of_a_folded_text_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_sort_key_puts_letters_in_vietnamese_order() -> None:
    assert in_order(*"aăâbcdđeêghiklmnoôơpqrstuưvxy")


def test_sort_key_orders_the_tones_within_a_syllable() -> None:
    assert in_order("ba", "bà", "bả", "bã", "bá", "bạ", "ban", "băn", "bân")


def test_sort_key_compares_syllable_by_syllable() -> None:
    assert in_order("ba", "ba má", "bà", "bà con", "bàn", "bàn ghế")


def test_sort_key_orders_provinces_as_an_atlas_does() -> None:
    assert in_order(
        "Bình Dương",
        "Bình Định",
        "Cần Thơ",
        "Dung Quất",
        "Đà Nẵng",
        "Đắk Lắk",
        "Đắk Nông",
        "Gia Lai",
        "Quảng Nam",
        "Quảng Ngãi",
    )


def test_sort_key_orders_numbers_by_value() -> None:
    assert in_order("Điều 2", "Điều 2a", "Điều 10", "Điều 11")


@pytest.mark.parametrize(
    ("one", "other"),
    [("hòa", "hoà"), ("ĐẮK LẮK", "đắk lắk"), ("Gia-Lai", "gia lai"), ("KKT 07", "kkt 7")],
)
def test_sort_key_ignores_spelling_habits(one: str, other: str) -> None:
    assert sort_key(one) == sort_key(other)


def test_sort_key_places_foreign_letters_last() -> None:
    assert in_order("xyz", "zebra", "Ωmega", "日本")


@given(st.text())
def test_sort_key_holds_only_signs_that_every_collation_orders_alike(text: str) -> None:
    assert set(sort_key(text)) <= set("0123456789abcdefghijklmnopqrstuvwxyz")


@given(vietnamese)
def test_sort_key_is_the_same_for_composed_and_decomposed_text(text: str) -> None:
    assert sort_key(decomposed(text)) == sort_key(nfc(text))


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        (
            "Ban Quản lý các Khu công nghiệp tỉnh Đắk Lắk",
            ["Ban Quản lý các Khu công nghiệp", "tỉnh Đắk Lắk"],
        ),
        (
            "Ban Quản lý Khu kinh tế Vân Phong tỉnh Khánh Hòa",
            ["Ban Quản lý Khu kinh tế", "Vân Phong tỉnh Khánh Hòa"],
        ),
        (
            "Ban Quản lý Khu kinh tế Dung Quất và các Khu công nghiệp tỉnh Quảng Ngãi",
            ["Ban Quản lý", "Khu kinh tế Dung Quất", "và các Khu công nghiệp", "tỉnh Quảng Ngãi"],
        ),
        ("Gia Lai", ["Gia Lai"]),
        ("", []),
    ],
)
def test_title_lines_break_a_name_at_its_joints(name: str, lines: list[str]) -> None:
    assert title_lines(name, 31) == lines


@given(vietnamese, st.integers(1, 30))
def test_title_lines_keep_every_word_and_the_width(name: str, longest: int) -> None:
    lines = title_lines(name, longest)
    assert " ".join(lines).split() == name.split()
    assert all(len(line) <= longest or " " not in line for line in lines)


@pytest.mark.parametrize(
    ("day", "written"),
    [
        (date(2019, 5, 4), "ngày 04 tháng 5 năm 2019"),
        (date(2019, 2, 28), "ngày 28 tháng 02 năm 2019"),
        (date(2020, 1, 9), "ngày 09 tháng 01 năm 2020"),
        (date(2018, 12, 27), "ngày 27 tháng 12 năm 2018"),
        (date(2022, 3, 10), "ngày 10 tháng 3 năm 2022"),
    ],
)
def test_official_date_has_zeros_where_the_decree_wants_them(day: date, written: str) -> None:
    assert official_date(day) == written


def test_fingerprint_shows_groups_of_four() -> None:
    digest = "7f3a91c4" + "0" * 56
    assert fingerprint(digest, groups=2) == "7F3A 91C4"
    assert fingerprint(digest) == "7F3A 91C4" + " 0000" * 6


def test_fingerprint_of_sixteen_groups_is_the_whole_digest() -> None:
    digest = sha256(b"giao uoc").hexdigest()
    assert fingerprint(digest, groups=16).replace(" ", "").lower() == digest


@pytest.mark.parametrize("text", ["", "7f3a", "g" * 64, "0" * 65])
def test_fingerprint_refuses_what_is_no_sha256(text: str) -> None:
    with pytest.raises(ValueError, match="64 hexadecimal digits"):
        fingerprint(text)


def test_differences_mark_the_words_that_changed() -> None:
    assert differences("Đạt 90 % kế hoạch.", "Đạt 100 % kế hoạch năm.") == [
        Segment("same", "Đạt "),
        Segment("removed", "90"),
        Segment("added", "100"),
        Segment("same", " % kế hoạch"),
        Segment("added", " năm"),
        Segment("same", "."),
    ]


def test_differences_mark_one_replaced_phrase_as_one_change() -> None:
    assert differences("một hai ba", "bốn năm ba") == [
        Segment("removed", "một hai"),
        Segment("added", "bốn năm"),
        Segment("same", " ba"),
    ]


def test_differences_of_equal_texts_are_one_segment() -> None:
    assert differences("Điều 1.", "Điều 1.") == [Segment("same", "Điều 1.")]
    assert differences("", "") == []


@given(vietnamese, vietnamese)
def test_differences_joined_give_both_texts_back(old: str, new: str) -> None:
    segments = differences(old, new)
    assert "".join(s.text for s in segments if s.kind != "added") == old
    assert "".join(s.text for s in segments if s.kind != "removed") == new


def test_what_cannot_be_seen_is_left_out_but_line_ends_and_tabs() -> None:
    assert visible("a\x00\x1b\u202eb\u2066c\t\nđ\x7f") == "abc\t\nđ"


def test_a_search_holds_no_nul() -> None:
    assert fold("Đắk\0 Lắk") == "dak lak"


def test_differences_by_lines_exchange_whole_lines() -> None:
    old, new = "Luật 98/2023\nLuật 15/2003", "Luật 152/2025\nLuật 15/2003"
    assert differences(old, new, by="line") == [
        Segment("removed", "Luật 98/2023"),
        Segment("added", "Luật 152/2025"),
        Segment("same", "\nLuật 15/2003"),
    ]
