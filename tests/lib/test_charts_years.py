from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emulation_bloc.lib.charts import Line, YearPoint, years
from tests.lib.drawn_charts import (
    drawings,
    number,
    of_class,
    outside,
    overlapping,
    pairs,
    wide,
    words,
)

PERCENT = "\N{NO-BREAK SPACE}%"
percents = st.none() | st.decimals(-10, 150, places=1)
percents |= st.decimals(allow_nan=False, allow_infinity=False)
histories = st.dictionaries(st.integers(1900, 2100), percents, max_size=12)
lines = st.builds(
    lambda label, known, series: Line(label, [YearPoint(*item) for item in known.items()], series),
    st.text(max_size=60),
    histories,
    st.integers(1, 9),
)


def line(label: str = "Đắk Lắk", series: int = 1, **known: int | str | None) -> Line:
    """`_2019=91`."""
    values = {int(year[1:]): value for year, value in known.items()}
    return Line(
        label,
        [YearPoint(y, None if v is None else Decimal(v)) for y, v in values.items()],
        series,
    )


def marks(drawing, series: int = 1) -> list[tuple[float, float]]:
    return [
        (number(mark, "cx"), number(mark, "cy"))
        for mark in of_class(drawing, f"chart-mark-{series}")
    ]


def strokes(drawing, series: int = 1) -> list[int]:
    """How many years each unbroken stroke joins."""
    return [len(pairs(e.get("points"))) for e in of_class(drawing, f"chart-line-{series}")]


def figures(drawing) -> list[str]:
    return [e.text for e in of_class(drawing, "chart-figure")]


def test_years_stand_at_even_steps_and_percents_in_proportion() -> None:
    (x1, y1), (x2, y2), (x3, y3) = marks(wide(years([line(_1=0, _2=50, _3=100)], label="")))
    assert (x2 - x1, y1 - y2) == (pytest.approx(x3 - x2, abs=0.02), pytest.approx(y2 - y3))


def test_the_order_of_the_points_does_not_matter() -> None:
    forth = years([line(_2019=91, _2020=88, _2021=93)], label="")
    assert years([line(_2021=93, _2019=91, _2020=88)], label="") == forth


def test_a_missing_year_is_a_gap_with_its_place() -> None:
    picture = wide(years([line(_2019=91, _2020=88, _2022=93, _2023=None, _2024=90)], label=""))
    assert (strokes(picture), len(marks(picture))) == ([2], 4)
    assert [w for w in words(picture) if w.startswith("20")] == [
        "2024", "2023", "2022", "2021", "2020", "2019",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("least", "told"),
    [
        ("75", ["75", "80", "85", "90", "95", "100"]),
        ("74.9", ["50", "60", "70", "80", "90", "100"]),
        ("49.9", ["0", "25", "50", "75", "100"]),
        ("-3", ["0", "25", "50", "75", "100"]),
    ],
)
def test_the_scale_starts_where_it_shows_every_figure(least: str, told: list[str]) -> None:
    picture = wide(years([line(_2019=100, _2020=least)], label=""))
    assert [w for w in words(picture) if w.endswith("%")] == [t + PERCENT for t in told]


def test_a_scale_that_does_not_start_at_nothing_has_another_foot() -> None:
    feet = [
        [len(of_class(wide(years([line(_2019=v)], label="")), f"chart-{foot}")) for v in (90, 10)]
        for foot in ("cut", "axis")
    ]
    assert feet == [[1, 0], [0, 1]]


def test_values_beyond_the_scale_stand_at_its_edge_as_arrows() -> None:
    picture = wide(years([line(_2019=130, _2020=-5, _2021=50)], label=""))
    assert (len(of_class(picture, "chart-beyond")), len(marks(picture))) == (2, 1)
    assert figures(picture) == ["130", "<0", "50"]


def test_a_figure_has_room_however_large() -> None:
    known = line(_2019="1e9", _2020="999.4", _2021="88.5", _2022="-0.4")
    assert figures(wide(years([known], label=""))) == ["…", "999", "89", "<0"]


def test_several_lines_have_names_instead_of_figures_where_there_is_room() -> None:
    both = [line("Gia Lai", 1, _2019=90), line("Kon Tum", 2, _2019=80, _2020=85)]
    desk, phone = drawings(years(both, label=""))
    assert [w for w in words(desk) if w[0].isalpha()] == ["Kon Tum", "Gia Lai"][::-1]
    assert [w for w in words(phone) if w[0].isalpha()] == []
    assert (figures(desk), figures(phone)) == ([], [])


def test_names_of_lines_that_end_together_keep_apart() -> None:
    same = [line(f"Ban {n}", n, _2019=90, _2020=100) for n in range(1, 7)]
    low = [line(f"Ban {n}", n, _2019=90, _2020=0) for n in range(1, 7)]
    for group in (same, low):
        assert overlapping(wide(years(group, label=""))) == []


def test_more_lines_than_looks_have_no_names() -> None:
    many = [line(f"Ban {n}", n, _2019=90) for n in range(1, 8)]
    assert [w for w in words(wide(years(many, label=""))) if w[0].isalpha()] == []


def test_a_line_without_figures_has_no_name() -> None:
    both = [line("Gia Lai", 1, _2019=90), line("Kon Tum", 2)]
    assert [w for w in words(wide(years(both, label=""))) if w[0].isalpha()] == ["Gia Lai"]


def test_nothing_known_draws_nothing() -> None:
    assert (years([], label=""), years([line(_2019=None)], label="")) == ("", "")


def test_two_figures_of_one_year_are_refused() -> None:
    twice = Line("Ban", [YearPoint(2019, Decimal(1)), YearPoint(2019, Decimal(2))], 1)
    with pytest.raises(ValueError, match="one figure for each year"):
        years([twice], label="")


def test_many_years_are_told_by_some() -> None:
    long = Line("Ban", [YearPoint(year, Decimal(90)) for year in range(1990, 2026)], 1)
    for drawing in drawings(years([long], label="")):
        told = [w for w in words(drawing) if len(w) == 4 and w.isdigit()]
        assert (told[0], len(told) < 15, overlapping(drawing)) == ("2025", True, [])


def test_in_a_valley_the_figure_stands_under_its_mark() -> None:
    picture = wide(years([line(_2019=95, _2020=85, _2021=95)], label=""))
    heights = [number(e, "y") for e in of_class(picture, "chart-figure")]
    above = [figure - y < 0 for figure, (_x, y) in zip(heights, marks(picture), strict=True)]
    assert above == [True, False, True]


def test_at_the_foot_of_the_scale_there_is_no_room_under_a_mark() -> None:
    picture = wide(years([line(_2019=95, _2020=0, _2021=95)], label=""))
    heights = [number(e, "y") for e in of_class(picture, "chart-figure")]
    assert heights[1] < marks(picture)[1][1]


def test_each_series_has_a_form_of_its_own() -> None:
    six = [line(str(n), n, _2019=80 + n) for n in range(1, 7)]
    picture = wide(years(six, label=""))
    found = [
        (e.tag, e.get("class")) for e in picture.iter() if e.get("class", "")[:11] == "chart-mark-"
    ]
    tags = {"1": "circle", "4": "circle"}
    assert sorted(found) == sorted((tags.get(n, "path"), f"chart-mark-{n}") for n in "123456")


@settings(max_examples=60, deadline=None)
@given(st.lists(lines, max_size=8))
def test_whatever_is_drawn_stays_inside(drawn: list[Line]) -> None:
    markup = years(drawn, label="x")
    for drawing in drawings(markup) if markup else []:
        assert outside(drawing) == []
        assert [pair for pair in overlapping(drawing) if not is_figure(pair)] == []


def is_figure(pair: tuple[str, str]) -> bool:
    """A figure may come near the scale or another figure; names, years and scale may not."""
    return any(not one.endswith("%") and len(one) < 4 for one in pair)
