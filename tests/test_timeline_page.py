"""The timeline page: events of all apps, as a picture and as a list."""

import re
from typing import Any

import pytest

from members.models import Board
from tests.covenants.pages import markup_of, text_of
from tests.members.pages import as_user, page, queries_of
from tests.mergers import consolidation, go_on, merge, with_everybody
from tests.people import Cast, fresh, join, make_board, make_leader, seal_covenant


@pytest.fixture
def other(cast: Cast) -> Board:
    board = make_board("GLA", province="Gia Lai")
    join(cast.year, board)
    make_leader(board, "giang")
    return board


@pytest.fixture
def merged(cast: Cast, other: Board) -> Cast:
    seal_covenant(cast.year, actor=cast.chi)
    made = merge(
        cast.year,
        with_everybody(consolidation(cast.board, other), except_of=other),
        actor=cast.chi,
    )
    go_on(cast.year, made, actor=fresh(cast.chi))
    return cast


def shown(cast: Cast, **asked: Any) -> Any:
    return as_user(fresh(cast.khach)).get(page("timeline", cast.year), asked)


def titles(answer: Any) -> list[str]:
    return [moment.title for group in answer.context["years"] for moment in group.moments]


def test_the_list_joins_what_the_apps_tell(merged: Cast) -> None:
    assert titles(shown(merged)) == [
        "Hợp nhất: BQL KKT Bình Định, BQL KKT Gia Lai → BQL các KKT Tây Sơn",
        "Quyết định tiếp tục năm 2019: Cộng chỉ tiêu",
        "Khối trưởng: BQL KKT Đắk Lắk",
        "Giao ước thi đua 2019: đã chốt, đang ký",
    ]


def test_of_a_board_its_family_is_told(merged: Cast) -> None:
    answer = shown(merged, ban="GLA")
    assert "Khối trưởng: BQL KKT Đắk Lắk" not in titles(answer)
    assert len(titles(answer)) == 3
    assert len(answer.context["picture"].lanes) == 2


def test_the_picture_has_a_lane_for_every_board_and_a_link_for_each_that_ended(
    merged: Cast,
) -> None:
    picture = shown(merged).context["picture"]
    assert (len(picture.lanes), len(picture.links), len(picture.dots)) == (4, 2, 1)


def test_coordinates_are_never_written_as_an_office_writes_numbers(merged: Cast) -> None:
    svg = re.search(r"<svg class=\"timeline\".*?</svg>", markup_of(shown(merged)))
    assert svg
    numbers = re.findall(r"\b(?:x|y|x1|x2|y1|y2|cx|cy|width|height)=\"([^\"]*)\"", svg[0])
    assert len(numbers) > 40
    assert [number for number in numbers if not re.fullmatch(r"-?\d+", number)] == []


@pytest.mark.parametrize("code", ["HPH", "KHONG"])
def test_a_board_of_another_bloc_has_no_timeline_here(cast: Cast, code: str) -> None:
    assert shown(cast, ban=code).status_code == 404


def test_a_bloc_that_has_just_begun_has_a_timeline(cast: Cast) -> None:
    assert titles(shown(cast)) == ["Khối trưởng: BQL KKT Đắk Lắk"]


def test_the_page_of_a_board_draws_its_family(merged: Cast) -> None:
    answer = as_user(fresh(merged.khach)).get(page("members:board", merged.year, "TSN"))
    assert len(answer.context["picture"].lanes) == 3
    assert "Dòng thời gian" in text_of(answer)


def test_a_timeline_costs_the_same_for_two_boards_and_for_five(cast: Cast) -> None:
    client, url = as_user(cast.khach), page("timeline", cast.year)
    seal_covenant(cast.year, actor=cast.chi)
    cost = queries_of(client, url)
    for code in ("AAA", "BBB", "CCC"):
        join(cast.year, make_board(code))
    assert queries_of(client, url) == cost == 20
