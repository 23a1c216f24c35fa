from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emulation_bloc.lib.charts import BONUS, Part, bar, scale
from tests.lib.drawn_charts import number, of_class, outside, wide, words

MOST = Decimal(105)
points = st.decimals(-10, 150, places=2) | st.decimals(allow_nan=False, allow_infinity=False)
parts = st.lists(st.builds(Part, st.integers(0, 9), points, st.text(max_size=9)), max_size=9)


def part(series: int, value: str) -> Part:
    return Part(series, Decimal(value), f"{series}: {value}")


def boxes(*drawn: Part, most: Decimal = MOST) -> list[tuple[str, float, float]]:
    """Class, start and end of each, in percent of the scale."""
    picture = wide(bar(drawn, most=most, label=""))
    return [
        (box.get("class"), number(box, "x"), number(box, "x") + number(box, "width"))
        for box in picture.iter("rect")
    ]


def arrows(*drawn: Part, most: Decimal = MOST) -> int:
    return len(of_class(wide(bar(drawn, most=most, label="")), "chart-beyond"))


def test_parts_follow_each_other_in_proportion() -> None:
    found = boxes(part(1, "52.5"), part(2, "21"), part(BONUS, "10.5"))
    assert [(name, round(start), round(end)) for name, start, end in found] == [
        ("chart-fill-1", 0, 50),
        ("chart-fill-2", 50, 70),
        ("chart-fill-0", 70, 80),
    ]


def test_between_two_parts_is_a_gap() -> None:
    (_one, _start, end), (_other, start, _end) = boxes(part(1, "50"), part(2, "30"))
    assert 0 < start - end < 0.5


def test_the_smallest_part_is_still_seen() -> None:
    ((_name, start, end),) = boxes(part(3, "0.02"))
    assert (start, end) == (0, 0.01)


def test_nothing_and_less_is_not_drawn() -> None:
    assert [name for name, *_place in boxes(part(1, "0"), part(2, "-3"), part(3, "7"))] == [
        "chart-fill-3"
    ]


def test_a_full_bar_is_not_cut() -> None:
    third = [part(n, "0.1") for n in (1, 2, 3)]
    assert boxes(*third, most=Decimal("0.3"))[-1][2] == pytest.approx(100, abs=0.4)
    assert arrows(*third, most=Decimal("0.3")) == 0


@pytest.mark.parametrize("values", [["60", "30", "16"], ["106"], ["3", "90", "0", "900"]])
def test_what_passes_the_scale_is_cut_off_under_an_arrow(values: list[str]) -> None:
    drawn = [part(n + 1, value) for n, value in enumerate(values)]
    assert (max(end for *_start, end in boxes(*drawn)) < 97, arrows(*drawn)) == (True, 1)


def test_a_part_says_what_it_is_under_the_pointer() -> None:
    drawn = wide(bar([part(1, "57.20")], most=MOST, label="BQL Đắk Lắk"))
    assert [title.text for title in drawn.iter("title")] == ["1: 57.20"]


def test_a_seventh_group_looks_like_the_first() -> None:
    assert [name for name, *_place in boxes(part(6, "5"), part(7, "5"))] == [
        "chart-fill-6",
        "chart-fill-1",
    ]


def test_an_empty_scale_has_an_empty_bar() -> None:
    assert (boxes(most=Decimal(0)), arrows(most=Decimal(0))) == ([], 0)
    assert (words(wide(scale(Decimal(0)))), words(wide(scale(Decimal(-1))))) == ([], [])


@settings(deadline=None)
@given(parts, st.decimals(0, 2000, places=3))
def test_a_bar_stays_in_its_cell(drawn: list[Part], most: Decimal) -> None:
    assert outside(wide(bar(drawn, most=most, label="x"))) == []


@settings(deadline=None)
@given(parts)
def test_the_boxes_are_as_long_as_their_points(drawn: list[Part]) -> None:
    kept = [one.value for one in drawn if one.value > 0]
    shown = sum(end - start for _name, start, end in boxes(*drawn))
    if any(value > MOST for value in kept) or sum(kept) > MOST:
        assert (shown <= 96.1, arrows(*drawn)) == (True, 1)
    else:
        assert shown == pytest.approx(float(sum(kept) / MOST * 100), abs=0.36 * len(kept) + 0.01)


@pytest.mark.parametrize(
    ("most", "told"),
    [
        ("105", ["0", "40", "80", "100"]),
        ("100", ["0", "40", "80", "100"]),
        ("1000", ["0", "400", "800", "1.000"]),
        ("120", ["0", "40", "80", "120"]),
        ("60", ["0", "20", "40", "60"]),
        ("12", ["0", "4", "8", "12"]),
        ("2.5", ["0", "1", "2", "2,5"]),
    ],
)
def test_the_scale_names_round_values(most: str, told: list[str]) -> None:
    assert words(wide(scale(Decimal(most)))) == told


def test_the_scale_stands_over_the_lines_of_the_bars() -> None:
    lines = {line.get("x1") for line in wide(bar([], most=MOST, label="")).iter("line")}
    over = [text.get("x") for text in wide(scale(MOST)).iter("text")]
    assert (over, lines) == (
        ["0%", "38.1%", "76.19%", "95.24%"],
        {"0", "19.05", "38.1", "57.14", "76.19", "95.24"},
    )


@given(st.decimals("0.01", 100_000, places=2))
def test_a_scale_has_few_marks_and_ends_within_it(most: Decimal) -> None:
    places = [float(text.get("x")[:-1]) for text in wide(scale(most)).iter("text")]
    assert (2 <= len(places) <= 4, places[0], places == sorted(places)) == (True, 0, True)
    assert 66 < places[-1] <= 100


def test_the_outer_marks_of_a_scale_turn_inwards() -> None:
    anchors = [text.get("text-anchor") for text in wide(scale(Decimal(100))).iter("text")]
    assert anchors == ["start", "middle", "middle", "end"]
