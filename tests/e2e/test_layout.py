"""Measured layout: elements do not overlap."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page

from covenants.papers import targets
from members.models import BlocYear
from tests.e2e.test_every_page import log_in
from tests.people import (
    Cast,
    draft_covenant,
    enrol,
    join,
    make_board,
    make_cast,
    make_leader,
    seal_covenant,
    sign,
)

pytestmark = pytest.mark.e2e

Offstage = Callable[[], AbstractContextManager[None]]
LONG_NAME = "Ban Quản lý Khu kinh tế Dung Quất và các Khu công nghiệp tỉnh Quảng Ngãi"
LONG_TITLES = ("Vốn đầu tư đăng ký mới và tăng thêm", "Tỷ lệ hồ sơ giải quyết đúng hạn")


@pytest.fixture
def bloc(live_server: Any) -> Cast:
    return make_cast()


def address(name: str, year: BlocYear) -> str:
    return reverse(name, args=[year.bloc.slug, year.year])


def test_the_annex_stays_in_its_sheet(page: Page, live_server: Any, bloc: Cast) -> None:
    paper = draft_covenant(bloc.year, actor=bloc.chi)
    for title in LONG_TITLES:
        targets.add_indicator(paper, title=title, unit="tỷ đồng", actor=bloc.chi)
    log_in(page, live_server.url, bloc.chi)
    for name in ("covenants:paper", "covenants:targets"):
        page.goto(live_server.url + address(name, bloc.year))
        table, sheet = (box_of(page, css) for css in (".annex", ".sheet:has(.annex)"))
        first = box_of(page, ".annex tbody th")
        assert table["x"] + table["width"] <= sheet["x"] + sheet["width"]
        assert first["height"] < 80


@pytest.mark.parametrize("boards", [9, 11, 20])
def test_the_full_wall_fits_the_projector(
    page: Page, live_server: Any, bloc: Cast, boards: int
) -> None:
    complete_with(bloc, boards)
    log_in(page, live_server.url, bloc.chi)
    page.goto(live_server.url + address("covenants:wall", bloc.year))
    for width, height in ((1366, 768), (1920, 1080), (1024, 768)):
        page.set_viewport_size({"width": width, "height": height})
        assert page.evaluate(OVERFLOWING) == []


# What ends below the screen, and what is higher than the seat it stands in.
OVERFLOWING = """() => {
    const bottom = (part) => part.getBoundingClientRect().bottom;
    const outside = (part) => part.matches(".seat > *")
        ? bottom(part) > bottom(part.parentElement) + 1
        : bottom(part) > innerHeight + 1;
    return [...document.querySelectorAll(".wall-foot, .seat, .seat > *")].filter(outside)
        .map((part) => part.textContent.trim().slice(0, 60));
}"""


def complete_with(bloc: Cast, boards: int) -> None:
    leaders = {bloc.head: bloc.an, bloc.board: bloc.binh}
    for number in range(3, boards + 1):
        board = make_board(f"B{number}", name=f"{LONG_NAME} {number}", province="Thừa Thiên Huế")
        join(bloc.year, board)
        leaders[board] = make_leader(board)
    paper = seal_covenant(bloc.year, actor=bloc.chi)
    for board, leader in leaders.items():
        enrol(leader)
        sign(paper, board, actor=leader)


def box_of(page: Page, css: str) -> dict[str, float]:
    box = page.locator(css).first.bounding_box()
    assert box is not None
    return dict(box)
