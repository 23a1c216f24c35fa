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
