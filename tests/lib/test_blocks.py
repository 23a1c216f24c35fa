from hypothesis import given
from hypothesis import strategies as st

from emulation_bloc.lib.blocks import Block, blocks, cells, is_row, row

words = st.text(
    st.characters(codec="utf-8", exclude_categories=["C", "Z"], exclude_characters="|"), max_size=12
)


def test_lines_are_paragraphs_and_points() -> None:
    text = "1. Khối có nhiệm vụ:\n\na) Phát động;\nđ) Tổng kết.\n  Điều khoản khác.  "

    assert blocks(text) == [
        Block(text="1. Khối có nhiệm vụ:"),
        Block(text="Phát động;", mark="a"),
        Block(text="Tổng kết.", mark="đ"),
        Block(text="Điều khoản khác."),
    ]


def test_a_word_in_brackets_is_no_point() -> None:
    assert blocks("abc) không phải điểm\na)liền") == [
        Block(text="abc) không phải điểm"),
        Block(text="a)liền"),
    ]


def test_strokes_and_tabs_make_tables() -> None:
    text = "Mức chi:\n| TT | Nội dung | Mức chi |\n| 1 | Vòng hoa\nGhi chú.\nTT\tĐiểm\n1\t10"

    assert blocks(text) == [
        Block(text="Mức chi:"),
        Block(rows=(("TT", "Nội dung", "Mức chi"), ("1", "Vòng hoa", ""))),
        Block(text="Ghi chú."),
        Block(rows=(("TT", "Điểm"), ("1", "10"))),
    ]


@given(st.lists(words, min_size=1, max_size=6))
def test_a_row_that_is_written_is_read_again(values: list[str]) -> None:
    line = row(values)

    assert (is_row(line), cells(line)) == (True, values)


@given(st.text(max_size=200))
def test_no_text_breaks_the_reading(text: str) -> None:
    for block in blocks(text):
        assert bool(block.rows) != bool(block.text or block.mark)
        assert len({len(row) for row in block.rows}) <= 1


def placed(text: str) -> list[tuple[bool, list[str]]]:
    (table,) = blocks(text)
    return [(row.is_heading, [place for _cell, place in row.cells]) for row in table.printed_rows]


def test_codes_stand_in_the_middle_and_figures_to_the_right() -> None:
    text = "| TT | Nội dung | Mức chi |\n| 1 | Vòng hoa | 500.000 |\n| 2 | Thăm | 1.000 - 2.000 |"

    assert placed(text) == [(False, ["order", "", "number"])] * 2


def test_a_row_in_capitals_with_an_empty_end_heads_those_below_it() -> None:
    text = (
        "| Mã | Nội dung | Điểm | Cách tính |\n| I | NHIỆM VỤ CHÍNH TRỊ | tối đa 5 | |\n"
        "| I.1 | Dự án mới | 6 + 2 | Theo tỷ lệ |\n| I.2 | KCN, KKT | 4 | Theo mức |"
    )

    assert placed(text) == [
        (True, ["order", "", "number", ""]),
        (False, ["order", "", "number", ""]),
        (False, ["order", "", "number", ""]),
    ]


def test_words_among_figures_keep_a_column_to_the_left() -> None:
    assert placed("| Họ tên | Năm |\n| Nguyễn Văn An | 2019 |\n| Lê Chi | chưa rõ |") == [
        (False, ["", ""]),
        (False, ["", ""]),
    ]


@given(st.lists(st.lists(words, min_size=2, max_size=5), min_size=1, max_size=5))
def test_every_cell_below_the_heading_is_printed(table: list[list[str]]) -> None:
    (read,) = blocks("\n".join(map(row, table)))

    assert [tuple(cell for cell, _place in one.cells) for one in read.printed_rows] == list(
        read.rows[1:]
    )
