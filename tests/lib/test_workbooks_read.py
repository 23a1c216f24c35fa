"""Reading filled-in workbooks: rows, codes, and the problems collected."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation

from emulation_bloc.lib.workbooks import Difference, Problem, Row, differences
from tests.lib import workbooks_made as made
from tests.lib.workbooks_made import CODE, PLAN, POINTS, TITLE, WHY, problems, read


@pytest.fixture(autouse=True)
def sentences_as_they_stand_in_the_code() -> Iterator[None]:
    with translation.override(None):
        yield


# --- The whole ---


def test_a_form_is_read_as_it_was_written() -> None:
    form = read(made.sample())
    assert form.facts == made.FACTS
    assert form.headings == (CODE, PLAN, POINTS, WHY)
    assert form.rows == [
        Row(2, {CODE: "I.1", PLAN: Decimal("1234.5"), POINTS: Decimal("9.75"), WHY: made.REASON}),
        Row(3, {CODE: "I.2", PLAN: Decimal(100), POINTS: None, WHY: None}),
    ]
    assert form.problems == []


def test_hidden_rows_and_columns_and_sheets_are_read_like_others() -> None:
    def hide(book: Any) -> None:
        book[TITLE].row_dimensions[2].hidden = True
        book[TITLE].column_dimensions["C"].hidden = True
        book[TITLE].sheet_state = "hidden"

    assert read(made.edited(hide)) == read(made.sample())


def test_rows_that_hold_only_blanks_are_left_out() -> None:
    form = read(made.filled({"A4": " \N{NO-BREAK SPACE}", "A9": "I.9", "C9": 1}))
    assert [row.number for row in form.rows] == [2, 3, 9]


def test_rows_far_down_without_content_do_not_count() -> None:
    def dress(book: Any) -> None:
        book[TITLE]["A1048576"].number_format = "0.00"

    assert len(read(made.edited(dress)).rows) == 2


def test_a_heading_broken_into_lines_is_the_same() -> None:
    assert read(made.filled({"C1": " Điểm \n tự  chấm"})).headings == (CODE, PLAN, POINTS, WHY)


def test_a_value_under_no_heading_is_a_problem() -> None:
    form = read(made.filled({"F3": "ghi chú"}))
    stray = "This column has no heading, so what stands in it is not read."
    assert problems(form) == [(3, "F", stray)]


def test_a_heading_that_cannot_be_read_is_a_problem() -> None:
    form = read(made.filled({"E1": "=A1"}))
    assert problems(form) == [
        (1, "E", "There is a formula in this cell. Put its result in its place.")
    ]
    assert form.headings == (CODE, PLAN, POINTS, WHY)


# --- Reading on ---


def test_problems_are_gathered_rather_than_stopping_at_the_first() -> None:
    form = read(made.filled({"C2": "chín", "C3": "=1+1", "D3": 5}))
    assert [form.number(row, POINTS) for row in form.rows] == [None, None]
    assert [form.text(row, WHY) for row in form.rows] == [made.REASON, "5"]
    assert form.problems == [
        Problem(3, POINTS, "There is a formula in this cell. Put its result in its place."),
        Problem(2, POINTS, "“chín” cannot be read as a number."),
    ]


def test_a_place_has_one_problem() -> None:
    form = read(made.filled({"A3": "=1+1"}))
    assert list(form.by_code(CODE)) == ["I.1"]
    assert problems(form) == [
        (3, CODE, "There is a formula in this cell. Put its result in its place.")
    ]


def test_a_caller_adds_problems_of_its_own() -> None:
    form = read(made.sample())
    form.note(form.rows[1], POINTS, "More than the criterion gives.")
    form.note(None, POINTS, "One.")
    form.note(None, POINTS, "Two.")
    assert problems(form) == [
        (3, POINTS, "More than the criterion gives."),
        (None, POINTS, "One."),
        (None, POINTS, "Two."),
    ]


def test_rows_are_found_by_their_codes() -> None:
    form = read(made.sample())
    assert form.by_code(CODE, ["I.1", "I.2"]) == {"I.1": form.rows[0], "I.2": form.rows[1]}
    assert form.problems == []


def test_rows_without_a_right_code_are_problems() -> None:
    cells = {"A3": "I.1\N{NO-BREAK SPACE}", "A4": "II.7", "C5": 3}
    form = read(made.filled(cells))
    assert list(form.by_code(CODE, ["I.1", "I.2"])) == ["I.1"]
    assert problems(form) == [
        (3, CODE, "The code “I.1” stands in row 2 already."),
        (4, CODE, "The code “II.7” is not known here."),
        (5, CODE, "This row has no code."),
        (None, CODE, "The row “I.2” is missing."),
    ]


def test_new_codes_are_taken_where_none_are_known_before() -> None:
    form = read(made.filled({"A4": "II.7"}))
    assert list(form.by_code(CODE)) == ["I.1", "I.2", "II.7"]
    assert form.problems == []


# --- Which form it is ---


@pytest.mark.parametrize(
    ("expected", "found"),
    [
        (made.FACTS, []),
        ({"year": "2020"}, [Difference("year", "2020", "2019")]),
        ({"board": "DNA"}, [Difference("board", "DNA", "DLK")]),
        ({"scale": "77"}, [Difference("scale", "77", "9f86d081")]),
        ({"form": "point_scale"}, [Difference("form", "point_scale", "score_sheet")]),
        ({"bloc": "tay-nguyen"}, [Difference("bloc", "tay-nguyen", "")]),
        (
            {"board": "DNA", "form": "score_sheet", "year": "2020"},
            [Difference("board", "DNA", "DLK"), Difference("year", "2020", "2019")],
        ),
    ],
)
def test_a_form_of_another_year_or_board_or_scale_is_told(
    expected: dict[str, str], found: list[Difference]
) -> None:
    assert differences(read(made.sample()).facts, expected) == found
