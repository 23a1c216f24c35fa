"""Recording a merger and the bloc's decision in a real browser, at both widths."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page

from members.models import Continuation, Succession
from tests.e2e.test_every_page import TOO_WIDE, findings, follow, log_in
from tests.people import Cast, join, make_board, make_leader, seal_covenant

pytestmark = pytest.mark.e2e


def is_sound(page: Page) -> None:
    """Nothing serious found by axe in light and dark, nothing wider than the window."""
    wrong = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        wrong += findings(page)
    assert (wrong, max(page.evaluate(TOO_WIDE), 0)) == ([], 0)


@pytest.fixture
def bloc(cast: Cast, live_server: Any) -> Cast:
    """Two member boards with a leader each, and a covenant that nobody has signed."""
    other = make_board("GLA", province="Gia Lai")
    join(cast.year, other)
    make_leader(other, "giang")
    seal_covenant(cast.year, actor=cast.chi)
    return cast


def choose_boards(page: Page) -> None:
    follow(page, page.get_by_role("link", name="Ghi nhận sắp xếp"))
    is_sound(page)
    page.get_by_role("link", name="Hợp nhất").click()
    page.locator("[name=document]").fill("Quyết định 1498/QĐ-TTg")
    page.locator("[name=effective_on]").fill("01/07/2025")
    for code in ("BDI", "GLA"):
        page.locator(f"[name=parents][value={code}]").check()
    page.locator("[name=new-0-code]").fill("TSN")
    page.locator("[name=new-0-short_name]").fill("BQL các KKT Tây Sơn")
    page.locator("[name=new-0-province]").fill("Gia Lai")
    page.locator("[name=new-0-name]").fill("Ban Quản lý các Khu kinh tế Tây Sơn")
    is_sound(page)
    page.get_by_role("button", name="Tiếp: nhân sự").click()


def place_people(page: Page) -> None:
    page.get_by_label("Tiếp tục tại: Trần Thanh Bình").select_option("TSN")
    page.get_by_label("Tiếp tục tại: Võ Thị Em").select_option("TSN")
    page.get_by_label("Tiếp tục tại: Lãnh đạo GLA").select_option("ends")
    is_sound(page)
    follow(page, page.get_by_role("button", name="Xem trước"))
    is_sound(page)
    page.get_by_role("button", name="Ghi nhận sắp xếp").click()


def decide(page: Page) -> None:
    page.get_by_label("Cộng chỉ tiêu").check()
    page.locator("[name=document]").fill("Biên bản số 02/BB-KTĐ")
    page.locator("[name=decided_on]").fill("10/07/2025")
    is_sound(page)
    page.get_by_role("button", name="Ghi nhận quyết định").click()
    page.get_by_text("Đã ghi nhận quyết định của khối").wait_for()


@pytest.mark.writes_most
@pytest.mark.parametrize("width", [360, 1366])
def test_a_merger_from_the_decision_to_the_year_that_goes_on(
    page: Page,
    live_server: Any,
    bloc: Cast,
    offstage: Callable[[], AbstractContextManager[None]],
    width: int,
) -> None:
    log_in(page, live_server.url, bloc.chi)
    page.set_viewport_size({"width": width, "height": 780})
    page.goto(live_server.url + reverse("members:boards", args=["tay-nguyen", 2019]))

    choose_boards(page)
    place_people(page)
    decide(page)

    with offstage():
        assert (Succession.objects.count(), Continuation.objects.count()) == (1, 1)
    page.goto(live_server.url + reverse("covenants:paper", args=["tay-nguyen", 2019]))
    page.get_by_text("cộng từ BQL KKT Bình Định, BQL KKT Gia Lai").wait_for()
    is_sound(page)
    page.goto(live_server.url + reverse("timeline", args=["tay-nguyen", 2019]))
    is_sound(page)
