import datetime as dt
import io
from decimal import Decimal
from typing import Any

import pytest
from openpyxl import load_workbook

from emulation_bloc.lib import xlsx


def reread(content: bytes) -> Any:
    return load_workbook(io.BytesIO(content)).active


def test_table_is_read_back_as_it_was_written() -> None:
    day = dt.date(2019, 5, 4)
    sheet = reread(
        xlsx.table("Danh sách ban", ["Ban", "Điểm", "Ngày"], [["Đắk Lắk", Decimal("9.5"), day]])
    )
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows == [
        ["Ban", "Điểm", "Ngày"],
        ["Đắk Lắk", 9.5, dt.datetime.combine(day, dt.time())],
    ]
    assert sheet.title == "Danh sách ban"


@pytest.mark.parametrize(
    "text",
    ['=HYPERLINK("http://x")', "+84 905", "-1+1", "@SUM(A1)", "\t=1+1", "\r=1+1"],
)
def test_text_that_looks_like_a_formula_stays_text(text: str) -> None:
    cell = reread(xlsx.table("t", ["h"], [[text]]))["A2"]
    assert (cell.data_type, cell.quotePrefix) == ("s", True)


def test_a_heading_that_looks_like_a_formula_stays_text() -> None:
    assert reread(xlsx.table("t", ["=1+1"], []))["A1"].data_type == "s"


def test_ordinary_text_carries_no_quote_mark() -> None:
    assert reread(xlsx.table("t", ["h"], [["Bình Định"]]))["A2"].quotePrefix is False


def test_numbers_stay_numbers_and_nothing_stays_empty() -> None:
    sheet = reread(xlsx.table("t", ["a", "b", "c"], [[-3, None, True]]))
    assert [cell.value for cell in sheet[2]] == [-3, None, True]
    assert sheet["A2"].data_type == "n"


def test_dates_and_times_are_shown_the_vietnamese_way() -> None:
    moment = dt.datetime(2019, 5, 4, 8, 30, tzinfo=dt.UTC)
    sheet = reread(xlsx.table("t", ["a", "b"], [[moment.date(), moment]]))
    assert [cell.number_format for cell in sheet[2]] == ["dd/mm/yyyy", "hh:mm dd/mm/yyyy"]
    assert sheet["B2"].value == moment.replace(tzinfo=None)


def test_letters_that_excel_refuses_are_left_out() -> None:
    assert reread(xlsx.table("t", ["h"], [["a\x00b\x0bc"]]))["A2"].value == "abc"


def test_signs_that_no_xml_holds_are_left_out() -> None:
    assert reread(xlsx.table("t", ["h"], [["a\ufffeb\uffffc\ud800d"]]))["A2"].value == "abcd"


def test_text_that_excel_would_take_for_an_escaped_letter_is_escaped() -> None:
    cells = reread(xlsx.table("t", ["a", "b"], [["_x0041_", "_x_ _xyz_"]]))[2]
    assert [cell.value for cell in cells] == ["_x005F_x0041_", "_x_ _xyz_"]


def test_a_title_that_excel_refuses_is_made_fit() -> None:
    sheet = reread(xlsx.table("Năm 2019/2020: [danh sách] rất là dài quá", ["h"], []))
    assert sheet.title == "Năm 2019 2020   danh sách  rất "


def test_columns_are_as_wide_as_their_text_within_reason() -> None:
    sheet = reread(xlsx.table("t", ["a", "b", "c"], [["x" * 20, "y" * 500, None]]))
    assert [sheet.column_dimensions[letter].width for letter in "ABC"] == [22, 62, 10]


def test_the_headings_filter_and_are_printed_on_every_page() -> None:
    sheet = reread(xlsx.table("t", ["a", "b"], [[1, 2], [3, 4]]))
    assert (sheet.auto_filter.ref, sheet.freeze_panes) == ("A1:B3", "A2")
    assert (sheet.print_title_rows, sheet.page_setup.orientation) == ("$1:$1", "landscape")


def test_a_row_of_another_length_than_the_headings_is_refused() -> None:
    with pytest.raises(ValueError, match="zip"):
        xlsx.table("t", ["a", "b"], [[1]])
