"""Reading single cells of filled-in workbooks: values and problems."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.utils import translation
from openpyxl import load_workbook
from openpyxl.utils.datetime import MAC_EPOCH

from emulation_bloc.lib.workbooks import Form, Unreadable, Value, number_in, text_in
from tests.lib import workbooks_made as made
from tests.lib.workbooks_made import POINTS, TITLE, problems, read

MAY_DAY = dt.datetime.combine(dt.date(2019, 5, 1), dt.time())


@pytest.fixture(autouse=True)
def sentences_as_they_stand_in_the_code() -> Iterator[None]:
    with translation.override(None):
        yield


def points(form: Form) -> Value:
    """What stands in the cell C3."""
    return form.rows[1].cells[POINTS]


# --- Cells that cannot be read ---


@pytest.mark.parametrize("formula", ["=1+1", '=HYPERLINK("http://x","y")', "=cmd|' /C calc'!A0"])
def test_a_formula_is_a_problem(formula: str) -> None:
    form = read(made.filled({"C3": formula}))
    assert problems(form) == [
        (3, POINTS, "There is a formula in this cell. Put its result in its place.")
    ]
    assert points(form) is None


def test_a_formula_is_a_problem_even_when_its_result_is_stored() -> None:
    form = read(made.with_points('<c r="C3"><f t="shared" si="0"/><v>7</v></c>'))
    assert problems(form) == [
        (3, POINTS, "There is a formula in this cell. Put its result in its place.")
    ]


@pytest.mark.parametrize("text", ["=1+1", "+84 905", "@SUM(A1)", "-1-1"])
def test_text_that_looks_like_a_formula_is_text(text: str) -> None:
    form = read(made.with_points(f'<c r="C3" t="inlineStr"><is><t>{text}</t></is></c>'))
    assert (points(form), form.problems) == (text, [])


@pytest.mark.parametrize("error", ["#REF!", "#DIV/0!", "#N/A", "#VALUE!"])
def test_an_error_is_a_problem(error: str) -> None:
    form = read(made.with_points(f'<c r="C3" t="e"><v>{error}</v></c>'))
    said = f"This cell shows the error {error}. Type the value in its place."
    assert problems(form) == [(3, POINTS, said)]


@pytest.mark.parametrize("number", ["NaN", "INF", "-Infinity", "1_000", "0x1F", "٣", "1,5", "."])
def test_a_number_that_is_none_is_a_problem(number: str) -> None:
    form = read(made.with_points(f'<c r="C3"><v>{number}</v></c>'))
    assert problems(form) == [(3, POINTS, f"“{number}” cannot be read as a number.")]


def test_a_number_without_end_is_shown_by_its_beginning() -> None:
    form = read(made.with_points(f'<c r="C3"><v>{"1" * 100}</v></c>'))
    assert problems(form) == [(3, POINTS, f"“{'1' * 60}…” cannot be read as a number.")]


TOO_LONG = "This number is too long: at most 15 digits can be read."


@pytest.mark.parametrize(
    "number", ["1e400", "-1e400", "1e300", "1e-300", "1" * 40, "1" * 16, "1000000000000000"]
)
def test_a_number_that_excel_does_not_hold_exactly_is_a_problem(number: str) -> None:
    form = read(made.with_points(f'<c r="C3"><v>{number}</v></c>'))
    assert problems(form) == [(3, POINTS, TOO_LONG)]


def test_a_date_out_of_range_is_a_problem() -> None:
    parts = made.with_styles("dd/mm/yyyy")
    form = read(made.with_points('<c r="C3" s="50"><v>9999999999</v></c>', parts))
    said = "This cell shows no date that exists. Type the value again."
    assert problems(form) == [(3, POINTS, said)]


# --- Numbers ---


@pytest.mark.parametrize(
    ("number", "exactly"),
    [
        ("0.1", "0.1"),
        ("18", "18"),
        ("18.0", "18"),
        ("18.100000000000001", "18.1"),
        ("9.949999999999999", "9.95"),
        ("0.30000000000000004", "0.3"),
        ("1E-3", "0.001"),
        ("1.5e+3", "1500"),
        ("-7.25", "-7.25"),
        ("-0", "0"),
        ("0", "0"),
        (" 5 ", "5"),
        ("123456789012.34", "123456789012.34"),
        ("999999999999999", "999999999999999"),
    ],
)
def test_a_number_is_read_as_excel_shows_it(number: str, exactly: str) -> None:
    value = points(read(made.with_points(f'<c r="C3"><v>{number}</v></c>')))
    assert isinstance(value, Decimal)
    assert f"{value:f}" == exactly


@pytest.mark.parametrize(
    ("shown_as", "number", "value"),
    [
        ("0%", "0.95", "95%"),
        ("0.0%", "1.055", "105,5%"),
        ("0.00&quot;%&quot;", "0.95", Decimal("0.95")),
        ("#,##0.00 [$₫-42A]", "7", Decimal(7)),
        ("dd/mm/yyyy", "43586", MAY_DAY),
        ("d-mmm", "43586.5", MAY_DAY + dt.timedelta(hours=12)),
        ("hh:mm", "0.5", "12:00"),
    ],
)
def test_a_number_shown_otherwise_is_read_as_it_is_shown(
    shown_as: str, number: str, value: Value
) -> None:
    cell = f'<c r="C3" s="50"><v>{number}</v></c>'
    assert points(read(made.with_points(cell, made.with_styles(shown_as)))) == value


@pytest.mark.parametrize(("format_id", "value"), [("9", "700%"), ("0", 7), ("999", 7)])
def test_a_format_is_found_by_the_style_of_its_cell(format_id: str, value: Value) -> None:
    """Style 0 may have a format like any other; what styles are made from is not looked at."""
    styles = (
        '<styleSheet><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>'
        f'<cellXfs><xf numFmtId="{format_id}"/></cellXfs></styleSheet>'
    )
    parts = made.without_styles() | {"xl/styles.xml": styles.encode()}
    assert points(read(made.with_points('<c r="C3"><v>7</v></c>', parts))) == value


def test_a_form_without_styles_is_read() -> None:
    parts = made.without_styles()
    relations = parts[made.BOOK_RELATIONS].replace(b"/styles", b"/nothing")
    content = made.packed(parts | {made.BOOK_RELATIONS: relations})
    assert read(content).rows == read(made.sample()).rows


@pytest.mark.parametrize(
    ("old", "new"), [("<fill>", "<fill/><fill>"), ('rgb="', 'rgb="#')], ids=["filling", "colour"]
)
def test_colours_and_fillings_do_not_matter(old: str, new: str) -> None:
    """Other programs write such files, and openpyxl opens none of them: one reason for a reader of
    our own (docs/house.md)."""
    content = made.replaced("xl/styles.xml", old, new)
    with pytest.raises((TypeError, ValueError)):
        load_workbook(BytesIO(content), read_only=True)
    assert read(content) == read(made.sample())


def test_dates_are_counted_from_1904_where_the_file_says_so() -> None:
    def from_1904(book: Any) -> None:
        book.epoch = MAC_EPOCH
        book[TITLE]["C3"] = MAY_DAY

    assert points(read(made.edited(from_1904))) == MAY_DAY


def test_a_date_written_out_is_read() -> None:
    value = points(read(made.with_points('<c r="C3" t="d"><v>2019-05-01T00:00:00Z</v></c>')))
    assert value == MAY_DAY


# --- Other kinds of cells ---


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ('<c r="C3" t="b"><v>1</v></c>', True),
        ('<c r="C3" t="b"><v>0</v></c>', False),
        ('<c r="C3" t="b"/>', None),
        ('<c r="C3" t="s"/>', None),
        ('<c r="C3" t="n"><v></v></c>', None),
        ('<c r="C3" t="str"><v>Đạt</v></c>', "Đạt"),
        ('<c r="C3" t="inlineStr"><is><r><t>Đ</t></r><r><t>ạt</t></r></is></c>', "Đạt"),
        ('<c r="C3" t="inlineStr"><is><t>a_x000A_b_x005F_x0041_</t></is></c>', "a\nb_x0041_"),
        ('<c r="C3" t="inlineStr"><is><t>_xD83D__xDE00__xD83D_</t></is></c>', "😀\ufffd"),
        ('<x:c xmlns:x="urn:x" r="C3"><x:v>7</x:v></x:c>', Decimal(7)),
    ],
)
def test_a_cell_is_read_by_its_kind(cell: str, value: Value) -> None:
    assert points(read(made.with_points(cell))) == value


def test_cells_and_rows_may_leave_out_their_places() -> None:
    parts = made.parts_of(made.sample())
    bare = made.without_places(parts[made.SHEET].decode())
    form = read(made.packed(parts | {made.SHEET: bare.encode()}))
    assert form == read(made.sample())


def test_shared_texts_are_read_without_their_pronunciation() -> None:
    texts = (
        "<sst><si><t>không</t></si><si><r><t>Đạt </t></r><r><t>rồi</t></r>"
        "<rPh><t>đọc</t></rPh></si></sst>"
    )
    content = made.with_relation("sharedStrings", "sharedStrings.xml")
    parts = made.parts_of(content) | {"xl/sharedStrings.xml": texts.encode()}
    form = read(made.with_points('<c r="C3" t="s"><v>1</v></c>', parts))
    assert points(form) == "Đạt rồi"


# --- What people meant ---


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (" \N{NO-BREAK SPACE}I.1\N{NO-BREAK SPACE}\n", "I.1"),
        ("Kế\N{NO-BREAK SPACE}hoạch\N{ZERO WIDTH SPACE}", "Kế hoạch"),
        ("a\x00b\x07\r\nc\td", "ab\nc\td"),
        ("Đa\u0323t", "Đạt"),
        (Decimal("1.50"), "1.50"),
        (Decimal("1E+2"), "100"),
        (MAY_DAY, "01/05/2019"),
        (True, "TRUE"),
    ],
)
def test_the_text_of_a_cell_is_cleaned(value: Value, text: str) -> None:
    assert text_in(value) == text


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (None, None),
        ("  \N{NO-BREAK SPACE}", None),
        (Decimal("9.75"), Decimal("9.75")),
        ("1.234,5", Decimal("1234.5")),
        ("1234.5", Decimal("1234.5")),
        ("\N{NO-BREAK SPACE}1\N{NO-BREAK SPACE}234,5 ", Decimal("1234.5")),
        ("-7", Decimal(-7)),
        ("0,00", Decimal(0)),
    ],
)
def test_the_number_of_a_cell_is_read(value: Value, number: Decimal | None) -> None:
    assert number_in(value) == number


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ("mười", "“mười” cannot be read as a number."),
        ("95%", "“95%” cannot be read as a number."),
        ("NaN", "“NaN” cannot be read as a number."),
        ("Infinity", "“Infinity” cannot be read as a number."),
        ("1e400", "“1e400” cannot be read as a number."),
        ("=1+1", "“=1+1” cannot be read as a number."),
        ("1" * 70, f"“{'1' * 60}…” cannot be read as a number."),
        ("1" * 40, TOO_LONG),
        ("0," + "1" * 40, TOO_LONG),
        (True, "TRUE and FALSE are not numbers. Type a number."),
        (
            MAY_DAY,
            "Excel made the date 01/05/2019 of it. Type the number again, for example 1,5.",
        ),
    ],
)
def test_what_is_no_number_is_told_in_a_sentence(value: Value, sentence: str) -> None:
    with pytest.raises(Unreadable) as unreadable:
        number_in(value)
    assert str(unreadable.value) == sentence
