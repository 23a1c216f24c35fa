"""What a page must look like, where a picture can be measured: nothing over anything else."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page

from covenants import drafting
from members.models import BlocYear
from tests.e2e.test_every_page import log_in
from tests.people import Cast, draft_covenant, make_cast

pytestmark = pytest.mark.e2e

Offstage = Callable[[], AbstractContextManager[None]]
LONG_TITLES = ("Vốn đầu tư đăng ký mới và tăng thêm", "Tỷ lệ hồ sơ giải quyết đúng hạn")


@pytest.fixture
def bloc(live_server: Any) -> Cast:
    return make_cast()


def address(name: str, year: BlocYear) -> str:
    return reverse(name, args=[year.bloc.slug, year.year])


def test_the_annex_stays_in_its_sheet(page: Page, live_server: Any, bloc: Cast) -> None:
    paper = draft_covenant(bloc.year, actor=bloc.chi)
    for title in LONG_TITLES:
        drafting.add_indicator(paper, title=title, unit="tỷ đồng", actor=bloc.chi)
    log_in(page, live_server.url, bloc.chi)
    for name in ("covenants:paper", "covenants:targets"):
        page.goto(live_server.url + address(name, bloc.year))
        table, sheet = (box_of(page, css) for css in (".annex", ".sheet:has(.annex)"))
        first = box_of(page, ".annex tbody th")
        assert table["x"] + table["width"] <= sheet["x"] + sheet["width"]
        assert first["height"] < 80


def box_of(page: Page, css: str) -> dict[str, float]:
    box = page.locator(css).first.bounding_box()
    assert box is not None
    return dict(box)
