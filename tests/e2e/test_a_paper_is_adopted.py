"""One paper from draft to adopted, signed and in force, in a real browser, at both widths."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Locator, Page, expect

from covenants.models import Paper
from members.models import User
from tests.e2e.test_a_change_of_boards import is_sound
from tests.e2e.test_every_page import follow, log_in
from tests.people import PASSPHRASE, PASSWORD, Cast, enrol

pytestmark = pytest.mark.e2e

WIDE, PHONE = {"width": 1366, "height": 768}, {"width": 360, "height": 740}
TEXT = """Điều 1. Phạm vi điều chỉnh
1. Quy chế này quy định:
a) Tổ chức của Khối;
đ) Kinh phí.
Điều 2. Mức chi
| Nội dung | Mức chi |
| Hoa chúc mừng | 500.000 |"""


@pytest.fixture
def bloc(cast: Cast, live_server: Any, offstage: Callable[[], AbstractContextManager]) -> Cast:
    with offstage():
        enrol(cast.an)
    return cast


def click_once_drawn(page: Page, place: Locator) -> None:
    """Click what has to be scrolled to, once the window is drawn anew.

    A click in the very moment of the scrolling, which no hand can make, goes to where its place was
    drawn last: on the preview, which moves along with the workshop, or beside a bar that stays at
    the top of a page that opens further down.
    """
    place.scroll_into_view_if_needed()
    page.evaluate("new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)))")
    place.click()


def draft(page: Page, base: str) -> None:
    """The secretary starts the regulation from a pasted text and opens it for comments."""
    page.goto(base + reverse("covenants:papers", args=["tay-nguyen", 2019]))
    is_sound(page)
    page.get_by_role("link", name="Soạn văn bản").click()
    page.get_by_label("Loại văn bản").select_option("operating_regulation")
    page.get_by_label("Nội dung dán từ Word").check()
    is_sound(page)
    page.get_by_role("button", name="Bắt đầu").click()
    page.get_by_label("Nội dung từ Word").fill(TEXT)
    follow(page, page.get_by_role("button", name="Xem các phần tìm được"))
    is_sound(page)
    page.get_by_role("button", name="Thêm các phần này vào cuối").click()
    page.wait_for_url("**/soan/#articles")
    page.get_by_label("Địa danh").fill("Đắk Lắk")
    page.get_by_label("Ngày ghi trên văn bản").fill("04/05/2019")
    # A second without a key, then the text is sent; two more, and the preview is drawn anew.
    page.wait_for_timeout(5000)
    expect(page.locator("#header [data-savestate]")).to_have_attribute("data-state", "saved")
    is_sound(page)
    click_once_drawn(page, page.get_by_role("link", name="Lấy ý kiến"))
    page.get_by_role("button", name="Lấy ý kiến").click()


def put_to_vote(page: Page) -> None:
    follow(page, page.get_by_role("link", name="Đưa ra biểu quyết"))
    is_sound(page)
    page.get_by_role("button", name="Đưa ra biểu quyết").click()
    expect(page.get_by_text("Lần 1, đang mở")).to_be_visible()
    is_sound(page)


def confirm_login(page: Page) -> None:
    page.locator("input[type=password]").fill(PASSWORD)
    page.locator("main button[type=submit]").first.click()


def vote(page: Page, base: str, user: User, paper: Paper) -> None:
    """A leader votes on a phone; the login is confirmed on the way."""
    log_in(page, base, user)
    page.goto(base + reverse("covenants:paper:vote", args=["tay-nguyen", 2019, paper.pk]))
    is_sound(page)
    page.get_by_label("Tán thành", exact=True).check()
    page.get_by_role("button", name="Gửi phiếu biểu quyết").click()
    confirm_login(page)
    expect(page.get_by_text("Đã ghi nhận phiếu biểu quyết")).to_be_visible()


def close_and_number(page: Page, base: str, paper: Paper) -> None:
    page.goto(base + reverse("covenants:paper:votings", args=["tay-nguyen", 2019, paper.pk]))
    follow(page, page.get_by_role("link", name="Kết thúc và kiểm phiếu"))
    is_sound(page)
    page.get_by_role("button", name="Kết thúc và kiểm phiếu").click()
    confirm_login(page)
    expect(page.get_by_text("Đã thông qua").first).to_be_visible()
    is_sound(page)
    page.goto(base + reverse("covenants:paper:paper", args=["tay-nguyen", 2019, paper.pk]))
    follow(page, page.get_by_role("link", name="Lấy số và trình ký"))
    is_sound(page)
    page.get_by_role("button", name="Lấy số và trình ký").click()
    expect(page.get_by_text("Văn bản mang số 01/QC-KTĐ")).to_be_visible()


def sign(page: Page) -> None:
    follow(page, page.get_by_role("link", name="Ký văn bản"))
    is_sound(page)
    page.locator("[name=passphrase]").fill(PASSPHRASE)
    page.get_by_role("button", name="Ký văn bản").click()
    expect(page.get_by_text("Ông/Bà đã ký")).to_be_visible()
    is_sound(page)


@pytest.mark.writes_most
@pytest.mark.long
@pytest.mark.parametrize("secretary_window", [WIDE, PHONE])
def test_a_paper_goes_from_draft_to_in_force(
    open_window: Callable[..., Page], live_server: Any, bloc: Cast, secretary_window: dict[str, int]
) -> None:
    desk = open_window(viewport=secretary_window)
    log_in(desk, live_server.url, bloc.chi)
    draft(desk, live_server.url)
    put_to_vote(desk)
    paper = Paper.objects.get(kind="operating_regulation")
    phones = {user: open_window(viewport=PHONE) for user in (bloc.an, bloc.binh)}
    for user, phone in phones.items():
        vote(phone, live_server.url, user, paper)
    close_and_number(desk, live_server.url, paper)
    an = phones[bloc.an]
    an.goto(live_server.url + reverse("covenants:paper:paper", args=["tay-nguyen", 2019, paper.pk]))
    sign(an)

    day = {"ngay": "04/05/2019"}
    desk.goto(live_server.url + reverse("covenants:papers", args=["tay-nguyen", 2019], query=day))
    expect(desk.get_by_role("link", name="01/QC-KTĐ")).to_be_visible()
    is_sound(desk)
