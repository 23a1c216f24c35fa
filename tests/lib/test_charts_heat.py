from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emulation_bloc.lib.charts import heat, step_of
from tests.lib.drawn_charts import (
    drawings,
    number,
    of_class,
    outside,
    overlapping,
    view_box,
    wide,
    words,
)

percents = st.none() | st.decimals(-10, 150, places=1)
percents |= st.decimals(allow_nan=False, allow_infinity=False)
BOARDS = ["Đà Nẵng", "Dung Quất", "Khu kinh tế mở Chu Lai", "Thừa Thiên Huế", "Quảng Ngãi"]


def drawn(*rows: list[int | None], columns: list[str] | None = None) -> str:
    cells = [[None if p is None else Decimal(p) for p in row] for row in rows]
    names = [f"Tiêu chí {n}" for n in range(len(rows))]
    return heat(names, columns or [f"B{n}" for n in range(len(rows[0]))], cells, label="Điểm")


def shades(drawing) -> list[str]:
    return [g.get("class")[-1] for g in drawing.iter("g")]


def test_each_cell_has_its_figure_and_its_shade() -> None:
    for drawing in drawings(drawn([0, 20, 59], [60, 80, 107])):
        assert shades(drawing) == ["1", "2", "3", "4", "5", "5"]
        found = [text.text for g in drawing.iter("g") for text in g.iter("text")]
        assert found == ["0", "20", "59", "60", "80", "107"]


def test_what_does_not_apply_is_hatched_with_a_dash() -> None:
    picture = wide(drawn([50, None]))
    assert (shades(picture), len(of_class(picture, "chart-hatch"))) == (["3", "0"], 1)
    assert words(picture)[-1] == "–"


def test_cells_stand_in_a_grid() -> None:
    first = [next(g.iter("rect")) for g in wide(drawn([1, 2], [3, 4])).iter("g")]
    xs, ys = [number(r, "x") for r in first], [number(r, "y") for r in first]
    assert (xs[0] == xs[2] < xs[1] == xs[3], ys[0] == ys[1] < ys[2] == ys[3]) == (True, True)


@pytest.mark.parametrize(
    ("percent", "step"), [("49.99", 1), ("50", 2), ("65", 3), ("89.9", 4), ("90", 5), ("-1", 1)]
)
def test_the_grades_of_a_scale_can_be_the_limits(percent: str, step: int) -> None:
    grades = [Decimal(limit) for limit in (50, 65, 80, 90)]
    assert step_of(Decimal(percent), grades) == step


def test_fewer_limits_make_fewer_shades() -> None:
    assert [step_of(Decimal(p), [Decimal(50)]) for p in (0, 50, 100)] == [1, 2, 2]


def test_a_sixth_shade_is_refused() -> None:
    with pytest.raises(ValueError, match="five shades at most"):
        step_of(None, [Decimal(n) for n in range(5)])


@pytest.mark.parametrize("cells", [[], [[None], [None]], [[None, None]]])
def test_cells_that_do_not_match_the_names_are_refused(cells: list[list[None]]) -> None:
    with pytest.raises(ValueError, match="one cell for each row and column"):
        heat(["a"], ["b"], cells, label="")


def test_without_criteria_or_boards_nothing_is_drawn() -> None:
    assert (heat([], ["b"], [], label=""), heat(["a"], [], [[]], label="")) == ("", "")


def test_names_over_narrow_cells_stand_upright() -> None:
    def upright(drawing) -> int:
        return len(drawing.xpath(".//text[@transform]"))

    few, many = drawn([1] * 4), drawn([1] * 20)
    assert [upright(d) for d in drawings(few)] == [0, 0]
    assert [upright(d) for d in drawings(many)] == [20, 20]


def test_on_a_phone_many_boards_are_parted_into_even_panels() -> None:
    _desk, phone = drawings(drawn([50] * 20, columns=[f"B{n}" for n in range(20)]))
    lefts = [number(next(g.iter("rect")), "x") for g in phone.iter("g")]
    assert (lefts.count(lefts[0]), len(lefts)) == (2, 20)
    assert words(phone).count("Tiêu chí 0") == 2


def test_twenty_boards_have_cells_that_hold_their_figures() -> None:
    for drawing in drawings(drawn([100] * 20)):
        assert overlapping(drawing) == []


@pytest.mark.parametrize(("count", "is_many"), [(11, False), (15, False), (16, True)])
def test_more_boards_than_a_column_holds_ask_for_a_wider_one(count: int, is_many: bool) -> None:
    assert ("chart-many" in drawn([50] * count)) == is_many


@pytest.mark.parametrize("count", [1, 3, 7, 11, 12, 20])
def test_a_phone_shows_the_whole_width(count: int) -> None:
    _desk, phone = drawings(drawn([50] * count, columns=(BOARDS * 4)[:count]))
    left, _top, right, _bottom = view_box(phone)
    assert (right - left, outside(phone), overlapping(phone)) == (328, [], [])


PROVINCES = ["Thành phố Hồ Chí Minh", "Bà Rịa - Vũng Tàu", "Thừa Thiên Huế", "Thành phố Đà Nẵng"]
LONG = "Giám sát giấy chứng nhận đầu tư và kinh doanh trong khu công nghiệp"


@pytest.mark.parametrize("count", range(1, 21))
def test_no_name_of_a_province_is_cut(count: int) -> None:
    for drawing in drawings(drawn([50] * count, columns=(PROVINCES * 5)[:count])):
        assert [one for one in words(drawing) if "…" in one] == []
        assert (outside(drawing), overlapping(drawing)) == ([], [])


def test_the_name_of_a_criterion_takes_two_lines_on_a_phone() -> None:
    _desk, phone = drawings(heat([LONG], ["Đà Nẵng"], [[Decimal(50)]], label="Điểm"))
    found = words(phone)
    assert " ".join(found[1:3]) == LONG
    assert (outside(phone), overlapping(phone)) == ([], [])


@settings(max_examples=50, deadline=None)
@given(st.data(), st.integers(1, 6), st.integers(1, 24))
def test_whatever_is_drawn_stays_inside_and_apart(
    data: st.DataObject, rows: int, columns: int
) -> None:
    names = st.text(max_size=40) | st.sampled_from(BOARDS)
    row = st.lists(percents, min_size=columns, max_size=columns)
    markup = heat(
        data.draw(st.lists(names, min_size=rows, max_size=rows)),
        data.draw(st.lists(names, min_size=columns, max_size=columns)),
        data.draw(st.lists(row, min_size=rows, max_size=rows)),
        label="x",
    )
    for drawing in drawings(markup):
        assert (outside(drawing), overlapping(drawing)) == ([], [])
