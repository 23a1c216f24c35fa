"""The scoring of three boards in a real browser, from opened sheets to the final ranking."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from members.models import Board, User
from scoring.models import CrossDuty
from tests.e2e.test_a_change_of_boards import is_sound
from tests.e2e.test_a_paper_is_adopted import PHONE, WIDE, click_once_drawn, confirm_login
from tests.e2e.test_every_page import follow, log_in
from tests.lib.test_uploads import pdf
from tests.people import make_cast
from tests.scoring.years import Stage, end_of_objections, open_stage, plan_given

pytestmark = pytest.mark.e2e

HEAD, DEPUTY, THIRD = "BQL KKT Đắk Lắk", "BQL KKT Bình Định", "BQL KKT Gia Lai"
# Of each board: its own figures of I.1 and I.2, and what the appraisers give for III.1. Of the
# points that all boards have alike, two each come from II.1, II.2 and III.2, and one from III.3.
FIGURES = {"DLK": ("90", "4", "0,5"), "BDI": ("80", "4", "1"), "GLA": ("100", "2", "1,9")}


@pytest.fixture
def stage(live_server: Any) -> Stage:
    """The year open for scoring, with the plans that the covenant lacks."""
    stage = open_stage(make_cast())
    for board, _leader, appraiser in stage.boards:
        plan_given(stage, board, appraiser)
    return stage


@pytest.fixture
def windows(open_window: Callable[..., Page], live_server: Any, stage: Stage) -> dict[User, Page]:
    """The secretary at the desk, the leaders with their phones, the ministry's reader."""
    cast = stage.cast
    sizes = {cast.chi: WIDE, cast.an: PHONE, cast.binh: PHONE, stage.giang: PHONE, cast.khach: WIDE}
    windows = {user: open_window(viewport=size) for user, size in sizes.items()}
    for user, page in windows.items():
        log_in(page, live_server.url, user)
        page.goto(live_server.url + url("index"))
    return windows


def url(name: str, *args: Any) -> str:
    return reverse(f"scoring:{name}", args=["tay-nguyen", 2018, *args])


def go(page: Page, name: str, *args: Any) -> None:
    base = page.url.partition("/k/")[0]
    page.goto(base + url(name, *args))


def press(page: Page, words: str) -> None:
    click_once_drawn(page, page.get_by_role("button", name=words, exact=True))


def is_told(page: Page, words: str) -> None:
    expect(page.get_by_text(words)).to_be_visible()


def figure_of(page: Page, stage: Stage, board: Board, code: str) -> Any:
    return page.locator(f"#id_figure-{stage.line(board, code).pk}")


# --- The boards -----------------------------------------------------------------------------------


def fill_and_sign_off(page: Page, stage: Stage, board: Board) -> None:
    """From the overview to the sheet; sent at once, without waiting for anything to be saved."""
    done, level, _given = FIGURES[board.code]
    go(page, "index")
    page.get_by_role("link", name="Phiếu của ban").click()
    figure_of(page, stage, board, "I.1").fill(done)
    figure_of(page, stage, board, "I.2").select_option(level)
    figure_of(page, stage, board, "II.2").select_option("1")
    for code in ("I.1", "I.2"):
        pk = stage.line(board, code).pk
        page.locator(f"#line-{pk} summary", has_text="Giải trình").click()
        page.locator(f"#id_explanation-{pk}").fill("Theo báo cáo năm.")
    title = "Khối phó" if board == stage.cast.head else "Khối trưởng"
    press(page, f"Gửi {title}")
    page.wait_for_url("**/gui/")
    press(page, f"Gửi {title}")
    confirm_login(page)
    is_told(page, f"Đã gửi phiếu đến {title}.")


def send_back(page: Page, stage: Stage) -> None:
    line = stage.line(stage.third, "I.2")
    go(page, "appraise", line.sheet_id)
    page.locator(f"#line-{line.pk} + tr summary", has_text="Trả lại dòng này").click()
    page.check(f"#id_back-{line.pk}")
    page.fill(f"#id_because-{line.pk}", "Chưa khớp báo cáo quý III.")
    press(page, "Trả lại các dòng đã chọn")
    is_told(page, f"Đã trả lại 1 dòng cho {THIRD}.")


def reply(page: Page, stage: Stage) -> None:
    """The board reads why, changes nothing else, and sends its sheet again."""
    line = stage.line(stage.third, "I.2")
    go(page, "sheet", line.sheet_id)
    returned = page.locator(f"#line-{line.pk} .back")
    expect(returned).to_have_text("Khối trả lại lần 1: Chưa khớp báo cáo quý III.")
    expect(figure_of(page, stage, stage.third, "I.1")).to_have_count(0)
    expect(page.locator("#missing a")).to_have_text("I.2")
    page.fill(f"#id_reply-{line.pk}", "Số liệu theo Quyết định 12.")
    expect(page.locator("#meter-missing dd")).to_have_text("Đã đủ")
    press(page, "Gửi Khối trưởng")
    page.wait_for_url("**/gui/")
    press(page, "Gửi Khối trưởng")
    is_told(page, "Đã gửi phiếu đến Khối trưởng.")


def score_each_other(desk: Page, windows: dict[User, Page], stage: Stage) -> None:
    go(desk, "draw_cross_scoring")
    press(desk, "Bốc thăm")
    is_told(desk, "Đã bốc thăm phân công chấm chéo.")
    leaders = {board.pk: leader for board, leader, _appraiser in stage.boards}
    for duty in CrossDuty.objects.select_related("scorer"):
        page = windows[leaders[duty.scorer.board_id]]
        go(page, "cross_score", duty.pk)
        page.get_by_label("Điểm chấm, tối đa 2").fill("1")
        press(page, "Gửi điểm chấm chéo")
        is_told(page, "Đã ghi nhận điểm chấm chéo của ban.")


# --- Head and deputy ------------------------------------------------------------------------------


def appraise(page: Page, stage: Stage, board: Board, **changed: str) -> None:
    """Group by group as proposed, but for what is changed with its reason."""
    enter_outside(page, stage, board)
    given = {"III.1": FIGURES[board.code][2], "III.4": "1", **changed}
    for code, figure in given.items():
        line = stage.line(board, code)
        figure_of(page, stage, board, code).fill(figure)
        page.fill(f"#id_why-{line.pk}", "Theo số liệu của Sở.")
    for title in ("Nhiệm vụ chính trị", "Công tác thi đua", "Nội dung do Khối chấm"):
        take_over(page, title)
    press(page, "Kết luận thẩm định")
    is_told(page, "Đã kết luận thẩm định phiếu của")


def take_over(page: Page, what: str) -> None:
    """A group or a line as proposed; until the page is there again."""
    with page.expect_navigation():
        click_once_drawn(page, page.locator("button", has_text=f"Theo đề xuất: {what}"))
    expect(page.get_by_text("số liệu theo đề xuất")).to_be_visible()


def enter_outside(page: Page, stage: Stage, board: Board) -> None:
    line = stage.line(board, "III.2")
    go(page, "outside_score", line.sheet_id, line.pk)
    page.fill("#id_figure", "2")
    page.fill("#id_document", "Công văn số 15/SNV-CCHC")
    page.locator("#id_file").set_input_files(
        {"name": "cong-van.pdf", "mimeType": "application/pdf", "buffer": pdf()}
    )
    press(page, "Nhập số liệu")
    is_told(page, "Đã nhập số liệu kèm văn bản.")


def appraise_what_came_back(page: Page, stage: Stage) -> None:
    """What came back stands first, with the board's reply; the other lines are folded away."""
    line = stage.line(stage.third, "I.2")
    go(page, "appraise", line.sheet_id)
    expect(page.locator("[aria-labelledby=again] tbody tr:not(.to-judge)")).to_have_count(1)
    expect(page.locator(f"#line-{line.pk}")).to_contain_text("Số liệu theo Quyết định 12.")
    take_over(page, "I.2")


# --- Published, objected to, agreed ---------------------------------------------------------------


def is_blocked(page: Page, *boards: str) -> None:
    go(page, "publish")
    expect(page.locator(".blockers b")).to_have_text(list(boards))
    expect(page.get_by_role("button", name="Công bố điểm")).to_have_count(0)
    is_sound(page)


def publish(page: Page) -> None:
    go(page, "appraisal")
    page.get_by_role("link", name="Công bố điểm").click()
    is_told(page, "Mọi phiếu đều đã được thẩm định.")
    press(page, "Công bố điểm")
    confirm_login(page)
    is_told(page, "Đã công bố điểm tới tất cả các ban.")


def object_to(page: Page, stage: Stage, code: str) -> None:
    line = stage.line(stage.third, code)
    go(page, "sheet", line.sheet_id)
    page.locator(f"#line-{line.pk}").get_by_role("link", name=f"Kiến nghị {code}").click()
    page.fill("#id_text", "Sở đã đính chính số liệu tại Công văn 20.")
    is_sound(page)
    press(page, "Gửi kiến nghị")
    is_told(page, "Đã gửi kiến nghị.")


def uphold(page: Page, figure: str, *effect: str) -> None:
    """The effect is seen before the answer is given."""
    go(page, "objections")
    page.get_by_role("link", name="Trả lời I.1").click()
    page.get_by_label("Chấp nhận: số liệu khác").check()
    page.fill("#id_figure", figure)
    page.fill("#id_text", "Theo Công văn 20.")
    press(page, "Xem trước tác động")
    expect(page.locator("#effect li")).to_have_text(list(effect))
    is_sound(page)
    press(page, "Trả lời kiến nghị")
    is_told(page, "Đã trả lời kiến nghị và thông báo cho ban kiến nghị.")


def agree(page: Page) -> None:
    go(page, "appraisal")
    page.get_by_role("link", name="Ghi nhận thống nhất").click()
    page.fill("#id_where", "Hội nghị tổng kết năm 2018")
    press(page, "Ghi nhận thống nhất")
    is_told(page, "Đã ghi nhận kết quả thống nhất.")


def make_final(page: Page) -> None:
    go(page, "appraisal")
    follow(page, page.get_by_role("link", name="Chốt kết quả"))
    is_sound(page)
    press(page, "Chốt kết quả")
    is_told(page, "Kết quả đã chốt.")


# --- The result -----------------------------------------------------------------------------------


def ranking(page: Page) -> list[tuple[str, str, str]]:
    """Each row: its rank, its board with what told equal points apart, its total."""
    go(page, "ranking")
    rows = page.locator("table.rank tbody tr").all()
    cells = ("td.r", "th.b", "td.t")
    return [tuple(row.locator(one).inner_text() for one in cells) for row in rows]


def changes_offered(page: Page, stage: Stage) -> list[str]:
    """What could still be sent, or led to a page that changes something."""
    found = []
    third = stage.sheet(stage.third).pk
    for name, *args in (("appraisal",), ("sheet", third), ("agreed_lines", third), ("finalise",)):
        go(page, name, *args)
        found += page.locator("main").locator("form, .acts a, .btn-primary").all_inner_texts()
    return found


# --- The year ------------------------------------------------------------------------------------

Windows = dict[User, Page]
Offstage = Callable[[], AbstractContextManager[None]]


@pytest.mark.writes_most
@pytest.mark.long
def test_a_year_is_scored_from_the_open_sheets_to_the_final_ranking(
    windows: Windows, stage: Stage, offstage: Offstage
) -> None:
    boards_score_themselves(windows, stage)
    head_and_deputy_appraise(windows, stage)
    an_objection_is_upheld(windows, stage)
    the_conference_agrees(windows, stage, offstage)


def boards_score_themselves(windows: Windows, stage: Stage) -> None:
    desk = windows[stage.cast.chi]
    for board, leader, _appraiser in stage.boards:
        fill_and_sign_off(windows[leader], stage, board)
    send_back(desk, stage)
    reply(windows[stage.giang], stage)
    score_each_other(desk, windows, stage)


def head_and_deputy_appraise(windows: Windows, stage: Stage) -> None:
    cast = stage.cast
    desk, giang = windows[cast.chi], windows[stage.giang]
    appraise_what_came_back(desk, stage)
    appraise(desk, stage, stage.third, **{"I.1": "95"})
    is_blocked(desk, HEAD, DEPUTY)
    appraise(windows[cast.an], stage, cast.board)
    appraise(windows[cast.binh], stage, cast.head)
    go(giang, "index")
    expect(giang.get_by_role("link", name="Xếp hạng")).to_have_count(0)
    publish(desk)


def an_objection_is_upheld(windows: Windows, stage: Stage) -> None:
    giang = windows[stage.giang]
    places = [("1", HEAD, "16,90"), ("2", DEPUTY, "16,80"), ("3", THIRD, "16,60")]
    assert ranking(giang) == places
    object_to(giang, stage, "I.1")
    uphold(
        windows[stage.cast.chi],
        "100",
        "Điểm của tiêu chí: 5,70 → 6,00",
        "Tổng điểm của ban: 16,60 → 16,90",
        "Thứ hạng của ban: 3 → 2",
    )


def the_conference_agrees(windows: Windows, stage: Stage, offstage: Offstage) -> None:
    desk = windows[stage.cast.chi]
    with offstage():
        end_of_objections(stage)
    agree(desk)
    assert "Chốt kết quả" in changes_offered(desk, stage)
    make_final(desk)

    places = [
        ("1", f"{HEAD}\nBằng điểm {THIRD}, hơn ở nhóm I (9,40 / 8,00)", "16,90"),
        ("2", f"{THIRD}\nBằng điểm {HEAD}, kém ở nhóm I (8,00 / 9,40)", "16,90"),
        ("3", DEPUTY, "16,80"),
    ]
    assert [ranking(page) for page in windows.values()] == [places] * 5
    is_sound(windows[stage.giang])
    assert changes_offered(desk, stage) == []
