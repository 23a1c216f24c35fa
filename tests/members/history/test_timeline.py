"""The timeline's geometry: days to pixels, related boards together, everything within the
picture.
"""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from members.history.timeline import (
    AXIS,
    LANE,
    MARKS,
    Lane,
    Link,
    TimelineEvent,
    TimelineEventKind,
    in_families,
    layout,
)

YEARS = (2019, 2026)
TODAY = dt.date(2026, 3, 1)
days = st.dates(dt.date(2017, 1, 1), dt.date(2028, 12, 31))


def lane(board: int, *names: tuple[dt.date, str], **values: object) -> Lane:
    named = list(names) or [(dt.date(2019, 1, 1), f"Ban {board}")]
    return Lane(board, named, **values)  # type: ignore[arg-type]


def test_each_board_has_its_lane_one_below_another() -> None:
    drawn = layout([lane(1), lane(2), lane(3)], [], [], years=YEARS, today=TODAY)
    assert [line.y1 for line in drawn.lanes] == [AXIS + LANE * n for n in (1, 2, 3)]


def test_papers_have_a_row_of_their_own_above_the_lanes() -> None:
    paper = TimelineEvent(on=dt.date(2019, 5, 4), kind=TimelineEventKind.COMPLETE, title="Giao ước")
    drawn = layout([lane(1)], [], [paper], years=YEARS, today=TODAY)
    [dot] = drawn.dots
    assert (dot.kind, dot.title) == ("complete", "Giao ước")
    assert AXIS < dot.y < drawn.lanes[0].y1 == AXIS + MARKS + LANE


def test_a_board_that_ended_stops_where_its_successor_begins() -> None:
    merged = dt.date(2025, 7, 1)
    old, new = lane(1, ends_on=merged), lane(2, (merged, "Mới"))
    drawn = layout([old, new], [Link(1, 2, merged, "consolidation")], [], years=YEARS, today=TODAY)

    [ending, beginning] = drawn.lanes
    [link] = drawn.links
    assert ending.x2 == beginning.x1 == link.x1 == link.x2
    assert (link.y1, link.y2) == (ending.y1, beginning.y1)
    assert (ending.kind, beginning.kind) == ("ended", "open")


def test_a_head_has_a_bar_over_its_year_only() -> None:
    drawn = layout([lane(1, roles=[(2020, "head")])], [], [], years=YEARS, today=TODAY)
    [bar] = drawn.bars
    starts = {label.text: label.x for label in drawn.years}
    assert (bar.kind, bar.x) == ("head", starts["2020"])
    assert bar.x + bar.width <= starts["2021"]


def test_a_year_before_the_board_has_no_bar() -> None:
    late = lane(1, (dt.date(2025, 7, 1), "Mới"), roles=[(2020, "head")])
    assert layout([late], [], [], years=YEARS, today=TODAY).bars == []


def test_names_alternate_above_and_below_so_that_neighbours_stay_apart() -> None:
    twice = lane(1, (dt.date(2019, 1, 1), "Cũ"), (dt.date(2019, 3, 1), "Mới"))
    [first, second] = layout([twice], [], [], years=YEARS, today=TODAY).labels
    assert first.y < second.y


def test_a_name_at_the_right_edge_ends_there() -> None:
    late = lane(1, (dt.date(2026, 11, 1), "Ban Quản lý các Khu kinh tế Tây Sơn"))
    [label] = layout([late], [], [], years=YEARS, today=TODAY).labels
    assert label.anchor == "end"


def test_a_link_to_a_board_without_a_lane_is_left_out() -> None:
    drawn = layout([lane(1)], [Link(1, 9, TODAY, "split")], [], years=YEARS, today=TODAY)
    assert drawn.links == []


@pytest.mark.parametrize(("today", "is_drawn"), [(TODAY, True), (dt.date(2030, 1, 1), False)])
def test_today_is_marked_within_the_picture_only(today: dt.date, is_drawn: bool) -> None:
    assert (layout([lane(1)], [], [], years=YEARS, today=today).today is not None) == is_drawn


@given(
    st.lists(st.lists(days, min_size=1, max_size=3, unique=True), min_size=1, max_size=8),
    st.lists(days, max_size=5),
    st.integers(2017, 2021),
    st.integers(0, 30),
)
def test_nothing_falls_out_of_the_picture(
    names: list[list[dt.date]], papers: list[dt.date], first: int, length: int
) -> None:
    lanes = [
        Lane(n, [(day, "Tên") for day in sorted(since)], ends_on=max(since), roles=[(2020, "head")])
        for n, since in enumerate(names)
    ]
    links = [Link(0, n, since[0], "split") for n, since in enumerate(names)]
    marks = [
        TimelineEvent(on=day, kind=TimelineEventKind.PAPER, title="Giao ước") for day in papers
    ]

    drawn = layout(lanes, links, marks, years=(first, first + length), today=TODAY)

    lines = [*drawn.grid, *drawn.lanes, *drawn.links, *([drawn.today] if drawn.today else [])]
    xs = [x for line in lines for x in (line.x1, line.x2)]
    xs += [place.x for place in (*drawn.years, *drawn.labels, *drawn.dots, *drawn.bars)]
    ys = [y for line in lines for y in (line.y1, line.y2)]
    ys += [place.y for place in (*drawn.years, *drawn.labels, *drawn.dots, *drawn.bars)]
    assert all(0 <= x <= drawn.width and isinstance(x, int) for x in xs)
    assert all(0 <= y <= drawn.height and isinstance(y, int) for y in ys)


@given(st.permutations([1, 2, 3, 4, 5]))
def test_a_board_stands_right_below_the_last_of_those_it_came_out_of(order: list[int]) -> None:
    links = [Link(1, 4, TODAY, "consolidation"), Link(2, 4, TODAY, "consolidation")]
    found = in_families(order, links)
    assert sorted(found) == [1, 2, 3, 4, 5]
    assert found.index(4) == max(found.index(1), found.index(2)) + 1
    assert [board for board in found if board != 4] == [board for board in order if board != 4]
