"""A board fills in its sheet in a real browser, cell by cell, until its leader signs it off."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.urls import reverse
from openpyxl import load_workbook
from playwright.sync_api import Locator, Page, Route, expect

from members.models import User
from scoring.models import Line, Sheet
from tests.conftest import Faults
from tests.e2e.test_a_change_of_boards import is_sound
from tests.e2e.test_a_paper_is_adopted import PHONE, WIDE, confirm_login
from tests.e2e.test_every_page import log_in
from tests.lib.test_uploads import pdf
from tests.people import Cast, make_cast
from tests.scoring.scales import line_of, open_year, sheet_of, submitted

pytestmark = pytest.mark.e2e

Opened = Callable[..., Page]
# What the browser says, and htmx after it.
DISCONNECTED = "ERR_INTERNET_DISCONNECTED|^htmx:"


@pytest.fixture
def bloc(live_server: Any) -> Cast:
    return make_cast()


@pytest.fixture
def sheet(bloc: Cast) -> Sheet:
    return sheet_of(open_year(bloc.year, actor=bloc.chi, leader=bloc.an), bloc.board)


def address(sheet: Sheet) -> str:
    return reverse("scoring:sheet", args=["tay-nguyen", 2019, sheet.pk])


@pytest.fixture
def open_sheet(open_window: Callable[..., Page], live_server: Any, sheet: Sheet) -> Opened:
    """The sheet of Bình's board in a window of this person."""

    def open_sheet(user: User, window: dict[str, int] = WIDE) -> Page:
        page = open_window(viewport=window)
        log_in(page, live_server.url, user)
        page.goto(live_server.url + address(sheet))
        return page

    return open_sheet


# --- What is on the page --------------------------------------------------------------------------


def cell(page: Page, line: Line, what: str = "figure") -> Locator:
    return page.locator(f"#id_{what}-{line.pk}")


def fault_of(page: Page, line: Line) -> Locator:
    return page.locator(f"#id_figure-{line.pk}_error")


def type_into(page: Page, line: Line, text: str) -> None:
    """Key by key, as a finger does it: only what is not covered can be clicked."""
    cell(page, line).click()
    cell(page, line).fill("")
    page.keyboard.type(text)


def state_is(page: Page, state: str) -> None:
    expect(page.locator("[data-savestate]")).to_have_attribute("data-state", state)


def points_are(page: Page, line: Line, *, own: str, group: str, total: str) -> None:
    """The points of the line, of its group and of the sheet, at the end of the sheet and above."""
    expect(page.locator(f"#own-{line.pk}")).to_have_text(own)
    expect(page.locator(f"#own-group-{line.criterion.group_id}")).to_have_text(group)
    expect(page.locator("#own-total")).to_have_text(total)
    expect(page.locator("#meter-own dd")).to_have_text(f"{total} / 15,00")


def missing_is(page: Page, words: str, *codes: str) -> None:
    expect(page.locator("#meter-missing dd")).to_have_text(words)
    expect(page.locator("#missing a")).to_have_text(list(codes))


# --- Filling in -----------------------------------------------------------------------------------


def fill_figures(page: Page, sheet: Sheet) -> None:
    """Each figure earns its points while one types, and what is missing becomes less."""
    projects, planning, petitions = (line_of(sheet, code) for code in ("I.1", "I.2", "II.2"))
    missing_is(page, "3 dòng", "I.1", "I.2", "II.2")
    type_into(page, projects, "90")
    points_are(page, projects, own="5,40", group="5,40", total="7,40")
    cell(page, planning).select_option(label="4: Đúng tiến độ")
    points_are(page, planning, own="4,00", group="9,40", total="11,40")
    cell(page, petitions).select_option(label="Có")
    points_are(page, petitions, own="2,00", group="4,00", total="13,40")
    missing_is(page, "2 dòng", "I.1", "I.2")
    state_is(page, "saved")


def mistype(page: Page, line: Line, faults: Faults) -> None:
    """What is no number stays as it was typed, with why; nothing of it reaches the portal."""
    type_into(page, line, "chín mươi")
    expect(fault_of(page, line)).to_have_text(
        "“chín mươi” không phải là số. Ghi 1.234,5 hoặc 1234.5."
    )
    state_is(page, "refused")
    expect(cell(page, line)).to_have_value("chín mươi")
    expect(cell(page, line)).to_be_focused()
    assert line_of(line.sheet, "I.1").actual == 90
    is_sound(page)
    type_into(page, line, "95")
    points_are(page, line, own="5,70", group="9,70", total="13,70")
    expect(fault_of(page, line)).to_be_empty()
    state_is(page, "saved")
    faults.expect("422")


def go_to_evidence(page: Page, line: Line) -> None:
    page.locator(f"#line-{line.pk}").get_by_role("link", name="Chụp hoặc đính kèm").click()


def choose_evidence(page: Page) -> None:
    page.locator("#id_file").set_input_files(
        {"name": "bao-cao.pdf", "mimeType": "application/pdf", "buffer": pdf()}
    )


def evidence_is_named(page: Page) -> None:
    expect(page.locator("[data-drop-name]").last).to_contain_text("bao-cao.pdf")


def hand_in_evidence(page: Page, line: Line) -> None:
    go_to_evidence(page, line)
    choose_evidence(page)
    evidence_is_named(page)
    is_sound(page)
    page.get_by_role("button", name="Nộp").click()
    expect(page.get_by_text("Đã đưa minh chứng vào phiếu.")).to_be_visible()
    expect(page.locator(f"#line-{line.pk} .file")).to_have_text("bao-cao.pdf")


def explain(page: Page, line: Line) -> None:
    """An explanation stands in for evidence."""
    page.locator(f"#line-{line.pk} summary", has_text="Giải trình").click()
    cell(page, line, "explanation").fill("Quy hoạch được duyệt tháng 6.")
    missing_is(page, "Đã đủ Chờ lãnh đạo ban duyệt và gửi.")
    state_is(page, "saved")


def table_of(page: Page, path: Any) -> dict[str, tuple[Any, ...]]:
    """The sheet downloaded: what stands in the row of each code."""
    with page.expect_download() as download:
        page.get_by_role("link", name="Excel", exact=True).click()
    assert download.value.suggested_filename == "phieu-cham-2019-bdi.xlsx"
    download.value.save_as(path)
    rows = (row for one in load_workbook(path) for row in one.iter_rows(values_only=True))
    return {str(row[0]): row for row in rows if row[0]}


def sign_off(page: Page) -> None:
    page.get_by_role("button", name="Gửi").click()
    page.wait_for_url("**/gui/")
    is_sound(page)
    page.get_by_role("button", name="Gửi").click()
    confirm_login(page)
    expect(page.get_by_text("Đã gửi phiếu đến Khối trưởng.")).to_be_visible()


def is_closed(page: Page) -> None:
    expect(page.locator("main").locator("input:visible, select:visible, textarea")).to_have_count(0)
    expect(page.get_by_role("link", name="Chụp hoặc đính kèm")).to_have_count(0)
    expect(page.locator("#own-total")).to_have_text("13,70")
    is_sound(page)


@pytest.mark.parametrize("window", [WIDE, PHONE], ids=["1366", "360"])
def test_a_sheet_is_filled_in_cell_by_cell_and_signed_off(
    open_sheet: Opened,
    bloc: Cast,
    sheet: Sheet,
    window: dict[str, int],
    faults: Faults,
    tmp_path: Any,
) -> None:
    page = open_sheet(bloc.em, window)
    is_sound(page)
    fill_figures(page, sheet)
    mistype(page, line_of(sheet, "I.1"), faults)
    hand_in_evidence(page, line_of(sheet, "I.1"))
    explain(page, line_of(sheet, "I.2"))
    table = table_of(page, tmp_path / "sheet.xlsx")
    assert (table["I.1"][6], table["I.2"][7]) == ("95", "Quy hoạch được duyệt tháng 6.")
    expect(page.get_by_role("button", name="Gửi")).to_have_count(0)

    sign_off(leader := open_sheet(bloc.binh, window))
    is_closed(leader)
    page.reload()
    is_closed(page)


def test_a_file_chosen_before_the_page_is_ready_is_named_too(
    open_sheet: Opened, bloc: Cast, sheet: Sheet
) -> None:
    def choose_first(script: Route) -> None:
        choose_evidence(page)
        script.continue_()

    page = open_sheet(bloc.em)
    page.route("**/js/drop.js", choose_first)
    go_to_evidence(page, line_of(sheet, "I.1"))

    evidence_is_named(page)


# --- Without a connection -------------------------------------------------------------------------


def test_what_is_typed_without_a_connection_is_saved_when_it_is_back(
    open_sheet: Opened, bloc: Cast, sheet: Sheet, faults: Faults
) -> None:
    page, line = open_sheet(bloc.em, PHONE), line_of(sheet, "I.1")
    page.context.set_offline(True)
    type_into(page, line, "90")
    state_is(page, "kept")
    expect(page.locator("[data-lost=connection]")).to_be_visible()
    is_sound(page)
    assert line_of(sheet, "I.1").actual is None

    page.context.set_offline(False)
    state_is(page, "saved")
    expect(page.locator("[data-lost=connection]")).to_be_hidden()
    points_are(page, line, own="5,40", group="5,40", total="7,40")
    assert line_of(sheet, "I.1").actual == 90
    faults.expect(DISCONNECTED)


def test_what_was_typed_before_the_page_was_closed_comes_back_with_it(
    open_sheet: Opened, bloc: Cast, sheet: Sheet, faults: Faults
) -> None:
    page, line = open_sheet(bloc.em), line_of(sheet, "I.1")
    page.context.set_offline(True)
    type_into(page, line, "90")
    state_is(page, "kept")
    faults.expect(DISCONNECTED)
    address, context = page.url, page.context
    page.close()

    context.set_offline(False)
    page = context.new_page()
    page.goto(address)
    expect(page.locator("[data-kept]")).to_be_visible()
    expect(cell(page, line)).to_have_value("90")
    page.get_by_role("button", name="Lưu", exact=True).click()
    state_is(page, "saved")
    assert line_of(sheet, "I.1").actual == 90


def test_who_still_types_after_the_signing_off_is_told_and_loses_nothing(
    open_sheet: Opened,
    bloc: Cast,
    sheet: Sheet,
    faults: Faults,
    offstage: Callable[[], AbstractContextManager[None]],
) -> None:
    page, line = open_sheet(bloc.em), line_of(sheet, "I.1")
    with offstage():
        submitted(sheet, actor=bloc.binh)
    type_into(page, line, "99")
    expect(page.locator("#sheet-notice [role=alert]")).to_contain_text("Trần Thanh Bình")
    state_is(page, "conflict")
    expect(cell(page, line)).to_have_value("99")
    assert line_of(sheet, "I.1").actual == 90
    faults.expect("409")
