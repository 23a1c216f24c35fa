"""Filling the annex of targets in a real browser: every cell is saved while typing, none
is lost.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Locator, Page, expect

from covenants.models import Indicator, Paper, Target
from covenants.papers import targets
from members.models import User
from tests.conftest import Faults
from tests.covenants.papers.test_writing_in_the_browser import lose_the_session
from tests.e2e.test_every_page import log_in
from tests.people import Cast, draft_covenant, make_cast

pytestmark = pytest.mark.e2e

Offstage = Callable[[], AbstractContextManager[None]]


@pytest.fixture
def bloc(live_server: Any) -> Cast:
    return make_cast()


@pytest.fixture
def paper(bloc: Cast) -> Paper:
    return draft_covenant(bloc.year, actor=bloc.chi)


@pytest.fixture
def open_grid(page: Page, live_server: Any, bloc: Cast, paper: Paper) -> Callable[[], Page]:
    """The grid as the secretary opens it, after a login where the last one has ended."""

    def open_grid() -> Page:
        log_in(page, live_server.url, bloc.chi)
        page.goto(live_server.url + reverse("covenants:targets", args=["tay-nguyen", 2019]))
        return page

    return open_grid


def cells(page: Page) -> Locator:
    return page.locator("#targets-form input.n")


def answer_of(page: Page) -> AbstractContextManager[Any]:
    """Waits until the portal has answered a save."""
    return page.expect_response(lambda answer: answer.request.method == "POST")


def fill(page: Page, place: int, figure: str) -> None:
    """Type a figure and wait until the portal has answered."""
    with answer_of(page):
        cells(page).nth(place).fill(figure)


def state_is(page: Page, state: str) -> None:
    expect(page.locator("#targets-form [data-savestate]")).to_have_attribute("data-state", state)


def norms() -> list[Decimal]:
    return list(Target.objects.order_by("membership").values_list("norm", flat=True))


def fill_as(user: User, place: int, norm: int) -> None:
    """Somebody else fills a cell."""
    paper = Paper.objects.get()
    cell = (paper.indicators.get(), paper.bloc_year.memberships.all()[place])
    targets.set_targets(paper, norms={cell: Decimal(norm)}, actor=user)


def be_overtaken(page: Page, bloc: Cast, offstage: Offstage) -> None:
    """70 is typed into the first cell, which An has filled with 80 meanwhile."""
    with offstage():
        fill_as(bloc.an, 0, 80)
    cells(page).nth(0).fill("70")
    state_is(page, "conflict")


def test_a_figure_is_saved_as_one_types(open_grid: Callable[[], Page]) -> None:
    page = open_grid()
    for figure in ("90", "1.234,5"):
        fill(page, 0, figure)
        state_is(page, "saved")
        expect(page.locator("#targets-form [data-savestate]")).to_contain_text("Đã lưu")
    assert norms() == [Decimal("1234.5"), Decimal(100)]
    page.reload()
    expect(cells(page).nth(0)).to_have_value("1.234,5")
    expect(page.locator("[data-kept]")).to_have_count(0)


def test_a_wrong_cell_says_why_and_the_others_are_saved(
    open_grid: Callable[[], Page], faults: Faults
) -> None:
    page = open_grid()
    cells(page).nth(0).fill("1.234,5")
    cells(page).nth(1).fill("chín mươi")
    state_is(page, "refused")
    fault = page.locator(".cell-fault")
    expect(fault).to_have_text("“chín mươi” không phải là số. Ghi 1.234,5 hoặc 1234.5.")
    expect(cells(page).nth(1)).to_have_value("chín mươi")
    expect(cells(page).nth(1)).to_be_focused()
    assert norms() == [Decimal("1234.5"), Decimal(100)]
    cells(page).nth(1).fill("90")
    state_is(page, "saved")
    expect(fault).to_have_count(0)
    expect(page.locator("#notice-targets")).to_be_empty()
    assert norms() == [Decimal("1234.5"), Decimal(90)]
    faults.expect("422")


def test_of_two_who_fill_one_cell_the_second_sees_the_figure_and_decides(
    open_grid: Callable[[], Page], bloc: Cast, faults: Faults, offstage: Offstage
) -> None:
    page = open_grid()
    be_overtaken(page, bloc, offstage)
    expect(page.locator(".cell-fault")).to_contain_text("Hiện là 80, do người khác điền.")
    fill(page, 1, "60")
    state_is(page, "conflict")
    assert norms() == [80, 60]
    page.get_by_role("button", name="Thay bằng số vừa nhập").click()
    state_is(page, "saved")
    expect(page.locator(".cell-fault")).to_have_count(0)
    assert norms() == [70, 60]
    faults.expect("409")


def test_enter_in_a_cell_replaces_no_figure_of_somebody_else(
    open_grid: Callable[[], Page], bloc: Cast, faults: Faults, offstage: Offstage
) -> None:
    """Enter presses the first button of a form: that is the one that saves."""
    page = open_grid()
    be_overtaken(page, bloc, offstage)
    with answer_of(page):
        cells(page).nth(1).press("Enter")
    state_is(page, "conflict")
    assert norms() == [80, 100]
    faults.expect("409")


def test_figures_outlive_the_session_and_overwrite_nothing_filled_meanwhile(
    open_grid: Callable[[], Page], bloc: Cast, faults: Faults, offstage: Offstage
) -> None:
    page = open_grid()
    lose_the_session(page)
    cells(page).nth(0).fill("70")
    cells(page).nth(1).fill("60")
    state_is(page, "ended")
    with offstage():
        fill_as(bloc.an, 0, 80)
    open_grid()
    expect(page.locator("[data-kept]")).to_be_visible()
    assert [cells(page).nth(place).input_value() for place in (0, 1)] == ["70", "60"]
    page.get_by_role("button", name="Lưu chỉ tiêu").click()
    state_is(page, "conflict")
    expect(page.locator(".cell-fault")).to_contain_text("Hiện là 80, do người khác điền.")
    assert norms() == [80, 60]
    faults.expect("409")


def test_what_was_not_typed_is_not_put_back(
    open_grid: Callable[[], Page], bloc: Cast, offstage: Offstage
) -> None:
    """Only what the writer typed: a figure that the page merely showed may be an old one."""
    page = open_grid()
    lose_the_session(page)
    cells(page).nth(0).fill("70")
    state_is(page, "ended")
    with offstage():
        fill_as(bloc.an, 1, 80)
    open_grid()
    assert [cells(page).nth(place).input_value() for place in (0, 1)] == ["70", "80"]
    page.get_by_role("button", name="Lưu chỉ tiêu").click()
    state_is(page, "saved")
    assert norms() == [70, 80]


def test_a_figure_whose_column_went_meanwhile_is_shown_beside(
    open_grid: Callable[[], Page], bloc: Cast, paper: Paper, offstage: Offstage
) -> None:
    page = open_grid()
    lose_the_session(page)
    cells(page).nth(1).fill("70")
    state_is(page, "ended")
    with offstage():
        targets.add_indicator(paper, title="Vốn", unit="tỷ đồng", actor=bloc.an)
        targets.remove_indicator(Indicator.objects.earliest("pk"), actor=bloc.an)
    open_grid()
    expect(page.locator("[data-kept-text]")).to_have_value("70")
    assert [cells(page).nth(place).input_value() for place in (0, 1)] == ["", ""]
