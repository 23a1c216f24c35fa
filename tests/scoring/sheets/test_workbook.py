"""A sheet to Excel and back: nothing is lost or overwritten silently, mistakes are reported."""

from collections.abc import Callable
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.urls import reverse
from openpyxl import load_workbook

from members.models import User
from scoring.appraising import appraisal
from scoring.models import Scoring, Sheet
from scoring.sheets import filling, tasks, workbook
from scoring.sheets.filling import Cell
from tests.covenants.pages import as_, markup_of, text_of
from tests.covenants.traces import nothing_changes
from tests.people import Cast
from tests.scoring.scales import fill, line_of, opened_year, sheet_of, submitted
from tests.shared_scene import in_scene

# Rows of the small scale, and the columns by what they hold.
ROWS = {"I.1": 2, "I.2": 3, "II.1": 4, "II.2": 5, "T.1": 6}
COLUMNS = {"code": "A", "plan": "F", "figure": "G", "explanation": "H", "what": "I"}

pytestmark = in_scene(opened_year)


def url(name: str, *args: Any) -> str:
    return reverse(f"scoring:{name}", args=["tay-nguyen", 2019, *args])


@pytest.fixture
def sheet(cast: Cast, scoring: Scoring) -> Sheet:
    """Bình's sheet, nothing on it yet; Em is the board's officer."""
    return sheet_of(scoring, cast.board)


def download(sheet: Sheet, user: User) -> bytes:
    return as_(user).get(url("sheet_excel", sheet.pk)).content


def place(name: str) -> str:
    """The cell of "figure_I_1" is G2."""
    column, _line, code = name.partition("_")
    return f"{COLUMNS[column]}{ROWS[code.replace('_', '.')]}"


def edited(content: bytes, change: Callable[[Any], object]) -> bytes:
    """The file after somebody changed its table in a program for spreadsheets."""
    book = load_workbook(BytesIO(content))
    change(book.worksheets[1])
    output = BytesIO()
    book.save(output)
    return output.getvalue()


def typed(content: bytes, **cells: Any) -> bytes:
    """The file with other values in some cells: typed(file, figure_I_1="90")."""

    def fill_in(table: Any) -> None:
        for name, value in cells.items():
            table[place(name)] = value

    return edited(content, fill_in)


def look(sheet: Sheet, user: User, content: bytes) -> HttpResponse:
    """The file handed in to be compared, by which nothing changes."""
    file = SimpleUploadedFile("phieu.xlsx", content)
    with nothing_changes():
        return as_(user).post(url("sheet_import", sheet.pk), {"file": file})


def differences(looked: HttpResponse) -> list[tuple[str, str, str, bool]]:
    """(code of the line, what is there, what the file has, whether somebody else wrote it)"""
    changes = looked.context["changes"]
    return [(one.line.criterion.code, one.now, one.new, one.is_overtaken) for one in changes]


def take_in(sheet: Sheet, user: User, looked: HttpResponse, *keys: str) -> HttpResponse:
    """Confirm the page of differences; all are ticked unless some are named."""
    changes = looked.context["changes"]
    data = {one.key: one.sent for one in changes}
    ticked = list(keys) or list(data)
    sent = data | {"take": ticked, "served": looked.context["served"], "confirm": "1"}
    return as_(user).post(url("sheet_import", sheet.pk), sent)


def standing(sheet: Sheet) -> dict[str, tuple[Decimal | None, str]]:
    lines = sheet.lines.select_related("criterion")
    return {line.criterion.code: (line.actual, line.explanation) for line in lines}


def problems(looked: HttpResponse) -> list[tuple[int | None, str]]:
    assert looked.status_code == 422
    return [(one.row, one.sentence) for one in looked.context["problems"]]


def refusals(looked: HttpResponse) -> list[str]:
    assert looked.status_code == 422
    return list(looked.context["form"].errors["file"])


# --- Out and back ---------------------------------------------------------------------------------


def test_a_file_that_nobody_touched_changes_nothing(cast: Cast, sheet: Sheet) -> None:
    fill(sheet, actor=cast.em, I_1=Decimal("1234.5"))
    texts = {"I.1": "=1+1", "I.2": "  hai dòng\n\n+84 “Ba” _x000A_", "II.1": "@ai\tđó"}
    for code, text in texts.items():
        line = line_of(sheet, code)
        seen = line.explanation
        filling.write_words(line, field="explanation", text=text, seen=seen, actor=cast.em)

    content = download(sheet, cast.em)

    for one in (content, edited(content, lambda table: None)):
        looked = look(sheet, cast.em, one)
        assert (looked.status_code, differences(looked)) == (200, [])
        assert "Tệp chưa sửa gì so với lúc tải về." in text_of(looked)


def test_a_file_whose_content_came_onto_the_sheet_meanwhile_says_so(
    cast: Cast, sheet: Sheet
) -> None:
    old = download(sheet, cast.em)
    content = typed(old, figure_I_1="90")
    fill(sheet, actor=cast.em)

    assert "Nội dung trong tệp đã có trên phiếu." in text_of(look(sheet, cast.em, content))
    assert "Tệp chưa sửa gì so với lúc tải về." in text_of(look(sheet, cast.em, old))


@pytest.fixture
def filled(cast: Cast, sheet: Sheet) -> bytes:
    """The form as Em filled it in without the portal."""
    return typed(
        download(sheet, cast.em),
        figure_I_1="1.234,5",
        figure_I_2=2,
        figure_II_2="có",
        explanation_I_1="Theo báo cáo số 5\nngày 04/5",
        explanation_II_1="Đã ký",
    )


def test_every_difference_is_shown_before_anything_changes(
    cast: Cast, sheet: Sheet, filled: bytes
) -> None:
    assert differences(look(sheet, cast.em, filled)) == [
        ("I.1", "", "1.234,5", False),
        ("I.1", "", "Theo báo cáo số 5\nngày 04/5", False),
        ("I.2", "", "2", False),
        ("II.1", "", "Đã ký", False),
        ("II.2", "", "Có", False),
    ]


def test_what_was_seen_and_confirmed_stands_on_the_sheet(
    cast: Cast, sheet: Sheet, filled: bytes
) -> None:
    response = take_in(sheet, cast.em, look(sheet, cast.em, filled))

    assert response["Location"] == url("sheet", sheet.pk)
    assert standing(sheet) == {
        "I.1": (Decimal("1234.5"), "Theo báo cáo số 5\nngày 04/5"),
        "I.2": (Decimal(2), ""),
        "II.1": (None, "Đã ký"),
        "II.2": (Decimal(1), ""),
        "T.1": (None, ""),
    }
    assert differences(look(sheet, cast.em, download(sheet, cast.em))) == []


def test_only_what_is_ticked_is_taken_in(cast: Cast, sheet: Sheet) -> None:
    content = typed(download(sheet, cast.em), figure_I_1="90", figure_I_2="4")
    looked = look(sheet, cast.em, content)

    take_in(sheet, cast.em, looked, f"figure-{line_of(sheet, 'I.2').pk}")

    found = standing(sheet)
    assert (found["I.1"][0], found["I.2"][0]) == (None, Decimal(4))


def test_an_emptied_cell_empties_and_the_page_says_so(cast: Cast, sheet: Sheet) -> None:
    fill(sheet, actor=cast.em)
    content = typed(download(sheet, cast.em), figure_I_1=None, explanation_I_2=None)
    looked = look(sheet, cast.em, content)
    take_in(sheet, cast.em, looked)
    found = standing(sheet)
    assert (found["I.1"][0], found["I.2"][1]) == (None, "")
    assert text_of(looked).count("(để trống)") == 2


# --- Meanwhile ------------------------------------------------------------------------------------


def test_a_cell_that_changed_on_the_portal_since_is_marked_and_not_ticked(
    cast: Cast, sheet: Sheet
) -> None:
    content = typed(
        download(sheet, cast.em),
        figure_I_1="90",
        figure_I_2="4",
        explanation_I_1="Theo tệp",
    )
    line = line_of(sheet, "I.1")
    filling.write_figures(sheet, cells={line.pk: Cell(Decimal(80), 0)}, actor=cast.binh)
    filling.write_words(line, field="explanation", text="Theo cổng", seen="", actor=cast.binh)

    looked = look(sheet, cast.em, content)

    assert differences(looked) == [
        ("I.1", "80", "90", True),
        ("I.1", "Theo cổng", "Theo tệp", True),
        ("I.2", "", "4", False),
    ]
    html = markup_of(looked)
    assert f'id="take-figure-{line.pk}">' in html
    assert f'id="take-figure-{line_of(sheet, "I.2").pk}" checked>' in html
    take_in(sheet, cast.em, looked)
    assert standing(sheet)["I.1"] == (Decimal(90), "Theo tệp")


def test_what_changes_between_the_look_and_the_word_is_told_and_left(
    cast: Cast, sheet: Sheet
) -> None:
    content = typed(download(sheet, cast.em), figure_I_1="90", figure_I_2="4")
    looked = look(sheet, cast.em, content)
    line = line_of(sheet, "I.1")
    filling.write_figures(sheet, cells={line.pk: Cell(Decimal(80), 0)}, actor=cast.binh)

    response = take_in(sheet, cast.em, looked)

    found = standing(sheet)
    assert (response.status_code, found["I.1"][0], found["I.2"][0]) == (
        409,
        Decimal(80),
        Decimal(4),
    )
    [(cell, text, why)] = response.context["left"]
    assert (cell.line, text, "80" in why) == (line, "90", True)


# --- Mistakes -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "row", "words"),
    [
        ({"figure_I_1": "chín mươi"}, 2, "Không đọc được “chín mươi” thành số"),
        ({"figure_I_1": "=1+1"}, 2, "công thức"),
        ({"figure_I_1": "1,23456"}, 2, "bốn chữ số"),
        ({"figure_I_1": -1}, 2, "không được âm"),
        ({"figure_I_1": "9" * 15}, 2, "quá lớn"),
        ({"figure_I_2": "3"}, 3, "một trong các mức"),
        ({"figure_II_2": "có lẽ"}, 5, "Chọn có hoặc không"),
        ({"figure_II_1": "0"}, 4, "cổng đã có số liệu"),
        ({"figure_T_1": "5"}, 6, "lấy theo dòng khác"),
        ({"explanation_I_1": "x" * 4001}, 2, "4000"),
        ({"code_I_2": "I.9"}, 3, "“I.9”"),
        ({"code_I_2": "I.1"}, 3, "“I.1”"),
        ({"code_I_2": None}, 3, "thiếu mã"),
    ],
)
def test_a_mistake_is_named_in_a_sentence_at_its_row(
    cast: Cast, sheet: Sheet, cells: dict[str, Any], row: int, words: str
) -> None:
    looked = look(sheet, cast.em, typed(download(sheet, cast.em), **cells))
    sentence = dict(problems(looked))[row]
    assert words in sentence, sentence


def test_all_mistakes_are_listed_by_their_rows_and_nothing_is_taken_in(
    cast: Cast, sheet: Sheet
) -> None:
    content = typed(
        download(sheet, cast.em), figure_II_2="?", figure_I_1="x", figure_I_2="3", plan_I_1="50"
    )
    looked = look(sheet, cast.em, content)
    assert [row for row, _sentence in problems(looked)] == [2, 2, 3, 5]
    assert "4 chỗ trong tệp" in text_of(looked)


def test_a_row_that_is_missing_is_named_by_its_code(cast: Cast, sheet: Sheet) -> None:
    content = edited(download(sheet, cast.em), lambda table: table.delete_rows(3))
    assert problems(look(sheet, cast.em, content)) == [(None, "Thiếu dòng “I.2”.")]


def test_rows_in_another_order_are_read_by_their_codes(cast: Cast, sheet: Sheet) -> None:
    def swap(table: Any) -> None:
        for column in "ABCDEFGHI":
            one, other = table[f"{column}2"], table[f"{column}3"]
            one.value, other.value = other.value, one.value
        table["G3"] = "90"

    looked = look(sheet, cast.em, edited(download(sheet, cast.em), swap))

    assert differences(looked) == [("I.1", "", "90", False)]


def test_a_plan_that_is_typed_over_is_refused_as_the_guide_says(cast: Cast, sheet: Sheet) -> None:
    content = download(sheet, cast.em)
    [(row, sentence)] = problems(look(sheet, cast.em, typed(content, plan_I_1="50")))
    guide = [cell.value for (cell,) in load_workbook(BytesIO(content)).worksheets[0].iter_rows()]
    assert (row, sentence in guide) == (2, True)


def test_a_plan_that_the_secretariat_enters_meanwhile_is_no_mistake_of_the_file(
    cast: Cast, sheet: Sheet
) -> None:
    content = typed(download(sheet, cast.em), figure_I_1="90")
    sheet.lines.filter(criterion__code="I.1").update(plan=Decimal(80))
    assert differences(look(sheet, cast.em, content)) == [("I.1", "", "90", False)]


def test_lines_that_are_not_the_boards_to_write_on_are_refused(cast: Cast, sheet: Sheet) -> None:
    line = line_of(sheet, "II.2")
    tasks.assign(line, unassigned_because="Không có khu kinh tế", actor=cast.chi)
    content = typed(download(sheet, cast.em), figure_II_2="Có", explanation_II_2="Có làm")
    assert [row for row, _sentence in problems(look(sheet, cast.em, content))] == [5, 5]


def test_after_a_return_only_what_came_back_is_taken_from_a_file(cast: Cast, sheet: Sheet) -> None:
    submitted(sheet, actor=cast.binh)
    line = line_of(sheet, "I.1")
    appraisal.return_lines(sheet, reasons={line.pk: "Thiếu số"}, reply_by=None, actor=cast.chi)
    content = download(sheet, cast.em)

    refused = look(sheet, cast.em, typed(content, figure_I_1="95", figure_I_2="2"))
    taken = look(sheet, cast.em, typed(content, figure_I_1="95"))

    assert [row for row, _sentence in problems(refused)] == [3]
    assert differences(taken) == [("I.1", "90", "95", False)]


# --- Another's file -------------------------------------------------------------------------------


def test_the_file_of_another_board_another_year_or_another_scale_is_refused(
    cast: Cast, sheet: Sheet
) -> None:
    foreign = sheet_of(sheet.scoring, cast.head)
    content = download(sheet, cast.em)
    assert refusals(look(sheet, cast.em, download(foreign, cast.chi))) == [
        f"Tệp này là của BQL KKT Đắk Lắk ({foreign.pk}), phiếu là của "
        f"BQL KKT Bình Định ({sheet.pk})."
    ]
    for fact, value, words in (
        ("year", "2018", "2018"),
        ("scale", "0" * 64, "thang điểm"),
        ("bloc", "mien-bac", "mien-bac"),
    ):
        [said] = refusals(look(sheet, cast.em, with_fact(content, fact, value)))
        assert words in said


def with_fact(content: bytes, fact: str, value: str) -> bytes:
    """The file with another value in its hidden sheet."""
    book = load_workbook(BytesIO(content))
    hidden = book.worksheets[2]
    row = next(row for row in hidden.iter_rows() if row[0].value == fact)
    row[1].value = value
    output = BytesIO()
    book.save(output)
    return output.getvalue()


@pytest.mark.parametrize(
    "content", [b"", b"%PDF-1.7", b"PK\x03\x04", b"PK\x03\x04" + b"0" * workbook.LIMIT]
)
def test_what_is_no_form_of_a_sheet_is_refused_at_its_field(
    cast: Cast, sheet: Sheet, content: bytes
) -> None:
    assert refusals(look(sheet, cast.em, content))


def test_who_does_not_fill_in_takes_no_file_in(cast: Cast, sheet: Sheet) -> None:
    content = typed(download(sheet, cast.em), figure_I_1="90")
    looked = look(sheet, cast.em, content)
    with nothing_changes():
        assert look(sheet, cast.chi, content).status_code == 403
        assert take_in(sheet, cast.chi, looked).status_code == 403
        assert take_in(sheet, cast.khach, looked).status_code == 404
