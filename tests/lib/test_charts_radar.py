from decimal import Decimal
from math import hypot

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emulation_bloc.lib.charts import Shape, radar
from tests.lib.drawn_charts import (
    drawings,
    number,
    of_class,
    outside,
    overlapping,
    pairs,
    view_box,
    wide,
    words,
)

RADIUS = 140
NAME = "Môi trường, an ninh trật tự và phát triển bền vững"
names = st.text(max_size=60) | st.lists(st.text(min_size=1, max_size=9), max_size=9).map(" ".join)
percents = st.none() | st.decimals(-10, 150, places=1)
percents |= st.decimals(allow_nan=False, allow_infinity=False)


def decimals(*values: int | None) -> list[Decimal | None]:
    return [None if value is None else Decimal(value) for value in values]


def drawn(*values: int | None, series: int = 1) -> str:
    axes = [f"Trục {n}" for n in range(len(values))]
    return radar(axes, [Shape("Ban", decimals(*values), series)], label="Tỷ lệ")


def reaches(markup: str, series: int = 1) -> list[int]:
    """How far from the middle each corner of the shape lies, in percent of the outer ring."""
    (polygon,) = of_class(wide(markup), f"chart-shape-{series}")
    return [round(hypot(x, y) / RADIUS * 100) for x, y in pairs(polygon.get("points"))]


def test_a_corner_lies_as_far_out_as_its_percentage() -> None:
    assert reaches(drawn(100, 75, 50, 0)) == [100, 75, 50, 0]


def test_the_first_axis_points_up_and_the_next_to_the_right() -> None:
    (polygon,) = of_class(wide(drawn(100, 100, 100, 100)), "chart-shape-1")
    assert pairs(polygon.get("points")) == [(0, -140), (140, 0), (0, 140), (-140, 0)]


def test_the_rings_lie_at_the_quarters() -> None:
    rings = wide(drawn(1, 1, 1)).xpath(".//polygon[@class='chart-grid']")
    tops = [-pairs(ring.get("points"))[0][1] for ring in rings]
    assert tops == [35, 70, 105, 140]


@pytest.mark.parametrize("count", [0, 1, 2, 17])
def test_too_few_and_too_many_axes_are_left_to_the_table(count: int) -> None:
    assert drawn(*[50] * count) == ""


def test_values_beyond_the_scale_are_cut_and_ringed() -> None:
    markup = drawn(130, 50, -20, 100)
    assert reaches(markup) == [100, 50, 0, 100]
    picture = wide(markup)
    assert len(of_class(picture, "chart-beyond-ring")) == 2
    assert len(of_class(picture, "chart-dot")) == 2


def test_an_axis_that_does_not_apply_is_passed_over() -> None:
    assert reaches(drawn(80, None, 60, 40)) == [80, 60, 40]


def test_the_median_has_no_dots_and_lies_under_the_board() -> None:
    board, median = Shape("Ban", decimals(1, 2, 3), 1), Shape("Trung vị", decimals(4, 5, 6), 2)
    picture = wide(radar(["a", "b", "c"], [board, median], label=""))
    shapes = [e.get("class") for e in picture.iter() if "shape" in e.get("class", "")]
    assert (shapes, len(of_class(picture, "chart-dot"))) == (["chart-shape-2", "chart-shape-1"], 3)
    assert [title.text for title in picture.iter("title")] == ["Trung vị", "Ban"]


def test_a_shape_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="one percentage for each axis"):
        radar(["a", "b", "c"], [Shape("Ban", decimals(1, 2), 1)], label="")


def test_half_way_is_told() -> None:
    assert [w for w in words(wide(drawn(1, 2, 3))) if "Trục" not in w] == ["50\N{NO-BREAK SPACE}%"]


@pytest.mark.parametrize("count", range(3, 17))
def test_long_names_around_the_web_keep_apart(count: int) -> None:
    axes = [f"{NAME} {n}" for n in range(count)]
    for drawing in drawings(radar(axes, [Shape("", [Decimal(90)] * count, 1)], label="")):
        assert (overlapping(drawing), outside(drawing)) == ([], [])


@pytest.mark.parametrize("count", range(3, 17))
def test_a_name_begins_beside_its_axis_outside_the_web(count: int) -> None:
    picture = wide(radar([f"T{n}" for n in range(count)], [], label=""))
    corners = pairs(picture.xpath(".//polygon[@class='chart-grid']")[-1].get("points"))
    found = {e.text: (number(e, "x"), number(e, "y")) for e in picture.iter("text")}
    for n, (x, y) in enumerate(corners):
        name_x, name_y = found[f"T{n}"]
        assert hypot(name_x - x, name_y - y) < 34
        assert hypot(name_x, name_y) > RADIUS


@settings(max_examples=40, deadline=None)
@given(st.data(), st.integers(3, 16))
def test_whatever_is_drawn_stays_inside_and_apart(data: st.DataObject, count: int) -> None:
    axes = data.draw(st.lists(names, min_size=count, max_size=count))
    values = st.lists(percents, min_size=count, max_size=count)
    shapes = data.draw(st.lists(st.builds(Shape, names, values, st.integers(1, 9)), max_size=3))
    for drawing in drawings(radar(axes, shapes, label="x")):
        left, top, right, bottom = view_box(drawing)
        assert (outside(drawing), overlapping_names(drawing)) == ([], [])
        assert (left < 0 < right, top < 0 < bottom) == (True, True)


def overlapping_names(drawing):
    """The names of the axes; the caption of the ring lies inside the web."""
    return [pair for pair in overlapping(drawing) if "50\N{NO-BREAK SPACE}%" not in pair]
