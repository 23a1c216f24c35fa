"""Writing workbooks, and reading them back without loss."""

from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from emulation_bloc.lib import workbooks, xlsx
from emulation_bloc.lib.workbooks import Column, read_form, text_in
from tests.lib import workbooks_made as made
from tests.lib.workbooks_made import LIMIT, TITLE


def form(columns: list[Column], rows: list[list[Any]], *, spare_rows: int = 0) -> bytes:
    return workbooks.form(
        TITLE, guide=["=1+1"], facts={}, columns=columns, rows=rows, spare_rows=spare_rows
    )


def opened(content: bytes) -> Any:
    return load_workbook(BytesIO(content))


def test_a_form_has_a_guide_and_a_table_and_facts_that_nobody_sees() -> None:
    book = opened(made.sample())
    assert [(sheet.title, sheet.sheet_state) for sheet in book] == [
        (book.worksheets[0].title, "visible"),
        (TITLE, "visible"),
        ("_facts", "veryHidden"),
    ]
    assert book.security.lockStructure is True
    assert list(book["_facts"].values) == [*made.FACTS.items(), ("_table", TITLE)]


def test_the_lines_of_the_guide_are_text() -> None:
    cell = opened(form([Column("Mã")], [])).worksheets[0]["A1"]
    assert (cell.value, cell.data_type, cell.alignment.wrap_text) == ("=1+1", "s", True)


def test_all_sheets_are_protected_without_a_password() -> None:
    book = opened(made.sample())
    assert [(s.protection.sheet, s.protection.password) for s in book] == [(True, None)] * 3


def test_only_editable_columns_can_be_typed_into_and_are_shaded() -> None:
    sheet = opened(made.sample())[TITLE]
    assert [cell.protection.locked for cell in sheet[1]] == [True, True, True, True]
    assert [cell.protection.locked for cell in sheet[3]] == [True, True, False, False]
    assert [cell.fill.patternType for cell in sheet[3]] == [None, None, "solid", "solid"]


def test_what_is_typed_stays_as_typed_only_where_asked() -> None:
    sheet = opened(made.sample())[TITLE]
    assert [cell.number_format for cell in sheet[3]] == ["General", "General", "General", "@"]


def test_spare_rows_are_ready_to_be_filled() -> None:
    content = form([Column("Mã", editable=True), Column("Điểm")], [["I.1", 5]], spare_rows=2)
    sheet = opened(content)[TITLE]
    assert [cell.protection.locked for cell in sheet[4]] == [False, True]
    assert sheet.max_row == 4
    assert len(read_form(content, limit=LIMIT).rows) == 1


def test_columns_are_as_wide_as_asked_or_as_their_text() -> None:
    sheet = opened(form([Column("Mã", width=20), Column("Tên")], [["I", "x" * 30]]))[TITLE]
    assert [sheet.column_dimensions[letter].width for letter in "AB"] == [22, 32]


def test_a_form_prints_on_a4_with_its_headings_on_every_page() -> None:
    book = opened(made.sample())
    assert [sheet.page_setup.paperSize for sheet in book.worksheets[:2]] == [9, 9]
    assert book[TITLE].print_title_rows == "$1:$1"


def test_a_column_is_filled_from_its_choices() -> None:
    kinds = ["Điểm thưởng", "Điểm trừ, theo lần", '"=1+1"']
    columns = [Column("Mã"), Column("Loại", editable=True, choices=kinds)]
    book = opened(form(columns, [["I.1", kinds[0]]], spare_rows=1))
    (rule,) = book[TITLE].data_validations.dataValidation
    assert (str(rule.sqref), rule.type, rule.formula1) == ("B2:B3", "list", "_facts!$E$1:$E$3")
    assert [cell.value for cell in book["_facts"]["E"]] == kinds


def test_choices_are_not_taken_for_facts() -> None:
    content = form([Column("Loại", choices=["a", "b", "c"])], [["a"]])
    assert read_form(content, limit=LIMIT).facts == {}


def test_a_table_without_rows_offers_nothing_to_choose() -> None:
    book = opened(form([Column("Loại", choices=["a"])], []))
    assert book[TITLE].data_validations.dataValidation == []


def test_a_title_like_that_of_the_guide_is_found_again() -> None:
    guide = opened(made.sample()).worksheets[0].title
    content = workbooks.form(guide, guide=[], facts={}, columns=[Column("Mã")], rows=[["I.1"]])
    assert len(read_form(content, limit=LIMIT).rows) == 1


@pytest.mark.parametrize(
    "value",
    [
        Decimal("NaN"),
        Decimal("Infinity"),
        Decimal("1234567890123456"),
        Decimal("0.1234567890123456"),
        10**15,
        0.1 + 0.2,
        float("inf"),
        "x" * 32_768,
    ],
)
def test_what_would_not_come_back_whole_is_not_written(value: xlsx.Value) -> None:
    with pytest.raises(ValueError, match=r"."):
        form([Column("Mã")], [[value]])


def test_a_row_of_another_length_than_the_columns_is_refused() -> None:
    with pytest.raises(ValueError, match="zip"):
        form([Column("Mã"), Column("Điểm")], [["I.1"]])


# --- There and back ---

LETTERS = (
    "aăâbcdđeêghiklmnoôơpqrstuưvxyàảãáạằẳẵắặầẩẫấậỳỷỹýỵAĂÂĐÊÔƠƯ 0123456789.,;:-+=@_x()%\"'<>&\n\t"
)
vietnamese = st.text(st.sampled_from(LETTERS), max_size=60).map(str.strip)
anything = st.text(max_size=60)
numbers = st.decimals(-(10**12), 10**12, places=2).filter(lambda d: abs(d) < 10**12)


@given(st.lists(st.tuples(vietnamese, numbers, st.none() | numbers), max_size=8))
def test_vietnamese_text_and_numbers_come_back_exactly(
    rows: list[tuple[str, Decimal, Decimal | None]],
) -> None:
    columns = [Column("Nội dung", as_typed=True), Column("Kế hoạch"), Column("Điểm", editable=True)]
    content = form(columns, [list(row) for row in rows])
    read = read_form(content, limit=LIMIT)
    assert read.problems == []
    assert [row.number for row in read.rows] == list(range(2, len(rows) + 2))
    assert [
        (read.text(row, "Nội dung"), read.number(row, "Kế hoạch"), read.number(row, "Điểm"))
        for row in read.rows
    ] == rows


@given(anything, st.dictionaries(vietnamese.filter(bool), anything, max_size=4))
def test_any_text_comes_back_but_for_what_nobody_sees(text: str, facts: dict[str, str]) -> None:
    content = workbooks.form(
        TITLE,
        guide=[text],
        facts=facts,
        columns=[Column("Mã"), Column("Nội dung")],
        rows=[[1, text]],
    )
    read = read_form(content, limit=LIMIT)
    assert read.facts == {name: text_in(written(fact)) for name, fact in facts.items()}
    assert read.text(read.rows[0], "Nội dung") == text_in(written(text))


def written(text: str) -> str:
    """Without the two signs that no XML may hold."""
    return text.replace("\ufffe", "").replace("\uffff", "")
