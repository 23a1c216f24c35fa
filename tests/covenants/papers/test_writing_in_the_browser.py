"""Drafting in a real browser: autosave, and keeping the text after the session has ended."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from playwright.sync_api import Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from covenants.models import Article, Comment, Paper
from covenants.papers import consultation, drafting, targets
from covenants.signing import sealing
from tests.conftest import Faults
from tests.covenants.pages import url
from tests.people import PASSWORD, Cast, draft_covenant, make_cast

Offstage = Callable[[], AbstractContextManager[None]]


@pytest.fixture
def bloc(live_server: LiveServer) -> Cast:
    return make_cast()


@pytest.fixture
def paper(bloc: Cast) -> Paper:
    return draft_covenant(bloc.year, actor=bloc.chi)


def sign_in(page: Page, live_server: LiveServer, user: object) -> None:
    client = Client()
    client.force_login(user)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}]
    )


@pytest.fixture
def workshop(page: Page, live_server: LiveServer, bloc: Cast, paper: Paper) -> Page:
    sign_in(page, live_server, bloc.chi)
    page.goto(live_server.url + url("workshop"))
    return page


def lose_the_session(page: Page) -> None:
    """The session ends once the page is there: a preview that came later would be led to the
    login, which no frame may show."""
    page.wait_for_load_state("networkidle")
    Session.objects.all().delete()


def text_box(page: Page, article: Article):
    return page.locator(f"#article-{article.pk}-body")


def state_line(page: Page, article: Article):
    return page.locator(f"#article-{article.pk} [data-savestate]")


def test_text_is_saved_as_one_types(workshop: Page, paper: Paper) -> None:
    article = paper.articles.get()
    for words in ("Lời thứ nhất", "Lời thứ hai"):
        text_box(workshop, article).fill(words)
        expect(state_line(workshop, article)).to_have_attribute("data-state", "saved")
        expect(state_line(workshop, article)).to_contain_text(re.compile(r"Đã lưu\s+\d\d:\d\d"))
        workshop.wait_for_timeout(1500)
    article.refresh_from_db()
    assert (article.body, article.revision) == ("Lời thứ hai", 2)


def test_text_outlives_the_session(
    workshop: Page, live_server: LiveServer, bloc: Cast, paper: Paper
) -> None:
    article = paper.articles.get()
    lose_the_session(workshop)
    text_box(workshop, article).fill("Viết khi phiên đã hết")
    expect(workshop.locator("[data-lost=session]")).to_be_visible()
    expect(state_line(workshop, article)).to_have_attribute("data-state", "ended")
    expect(text_box(workshop, article)).to_have_value("Viết khi phiên đã hết")
    sign_in(workshop, live_server, bloc.chi)
    workshop.goto(live_server.url + url("workshop"))
    expect(text_box(workshop, article)).to_have_value("Viết khi phiên đã hết")
    workshop.locator(f"#article-{article.pk}").get_by_role("button", name="Lưu", exact=True).click()
    expect(state_line(workshop, article)).to_have_attribute("data-state", "saved")
    article.refresh_from_db()
    assert article.body == "Viết khi phiên đã hết"


def test_two_editors_see_both_texts_and_decide(
    workshop: Page, bloc: Cast, paper: Paper, faults: Faults, offstage: Offstage
) -> None:
    article = paper.articles.get()
    with offstage():
        drafting.save_article(article, heading="H", body="Lời của An", revision=0, actor=bloc.an)
    text_box(workshop, article).fill("Lời của Chi")
    notice = workshop.locator(f"#notice-article-{article.pk}")
    expect(notice).to_contain_text("Lời của An")
    expect(notice).to_contain_text("Lời của Chi")
    expect(state_line(workshop, article)).to_have_attribute("data-state", "conflict")
    article.refresh_from_db()
    assert article.body == "Lời của An"
    notice.get_by_role("button").click()
    expect(state_line(workshop, article)).to_have_attribute("data-state", "saved")
    expect(notice).to_be_empty()
    article.refresh_from_db()
    assert article.body == "Lời của Chi"
    faults.expect("409")


def test_a_box_drawn_larger_is_replaced_without_a_report(
    page: Page, live_server: LiveServer, bloc: Cast, paper: Paper, offstage: Offstage
) -> None:
    """The browser writes the size into the style attribute, which the policy refuses to htmx."""
    with offstage():
        consultation.open_consultation(paper, actor=bloc.chi)
    sign_in(page, live_server, bloc.binh)
    page.goto(live_server.url + url("paper"))
    said = page.locator(f"#comments-{paper.articles.get().pk}")
    said.locator("summary").click()
    box = said.locator("textarea")
    box.evaluate("box => { box.style.height = '300px'; }")
    box.fill("Đề nghị nêu rõ hơn.")
    said.get_by_role("button").click()
    expect(said.locator(".comment")).to_have_count(1)


# --- What is sent with a button -----------------------------------------------------------------


def test_a_new_article_outlives_the_session(
    workshop: Page, live_server: LiveServer, bloc: Cast, paper: Paper
) -> None:
    lose_the_session(workshop)
    workshop.locator("#new-heading").fill("Điều mới")
    workshop.locator("#new-body").fill("Viết khi phiên đã hết")
    workshop.get_by_role("button", name="Thêm điều").click()
    expect(workshop.locator("[data-lost=session]")).to_be_visible()
    expect(workshop.locator("#new-body")).to_have_value("Viết khi phiên đã hết")
    sign_in(workshop, live_server, bloc.chi)
    workshop.goto(live_server.url + url("workshop"))
    expect(workshop.locator("#new-body")).to_have_value("Viết khi phiên đã hết")
    workshop.get_by_role("button", name="Thêm điều").click()
    expect(workshop.locator("form[id^=article-]")).to_have_count(2)
    expect(workshop.locator("#new-body")).to_have_value("")
    assert paper.articles.last().body == "Viết khi phiên đã hết"


def test_a_new_article_without_a_heading_is_refused_beside_it(
    workshop: Page, paper: Paper, faults: Faults
) -> None:
    workshop.locator("#new-body").fill("Chưa có tên")
    workshop.get_by_role("button", name="Thêm điều").click()
    expect(workshop.locator("#notice-new")).to_contain_text("chưa được lưu")
    expect(workshop.locator("#new-body")).to_have_value("Chưa có tên")
    faults.expect("422")


def test_a_new_indicator_outlives_the_session(
    workshop: Page, live_server: LiveServer, bloc: Cast, paper: Paper
) -> None:
    workshop.goto(live_server.url + url("targets"))
    lose_the_session(workshop)
    workshop.locator("#new-title").fill("Vốn đầu tư")
    workshop.locator("#new-unit").fill("tỷ đồng")
    workshop.get_by_role("button", name="Thêm chỉ tiêu").click()
    expect(workshop.locator("[data-lost=session]")).to_be_visible()
    sign_in(workshop, live_server, bloc.chi)
    workshop.goto(live_server.url + url("targets"))
    expect(workshop.locator("#new-title")).to_have_value("Vốn đầu tư")
    workshop.get_by_role("button", name="Thêm chỉ tiêu").click()
    expect(workshop.locator("#columns + p")).to_have_text("2")
    expect(workshop.locator("#new-title")).to_have_value("")
    assert paper.indicators.last().title == "Vốn đầu tư"


def test_of_two_who_word_an_indicator_the_second_decides_and_not_by_enter(
    page: Page,
    live_server: LiveServer,
    bloc: Cast,
    paper: Paper,
    faults: Faults,
    offstage: Offstage,
) -> None:
    column = paper.indicators.get()
    sign_in(page, live_server, bloc.chi)
    page.goto(live_server.url + url("indicator", column.pk))
    with offstage():
        targets.save_indicator(column, title="Lời của An", unit="%", revision=0, actor=bloc.an)
    page.locator("[name=title]").fill("Lời của Chi")
    for _time in range(2):
        with page.expect_navigation():
            page.locator("[name=title]").press("Enter")
        expect(page.get_by_role("alert")).to_contain_text("Lời của An")
        expect(page.locator("[name=title]")).to_have_value("Lời của Chi")
        assert paper.indicators.get().title == "Lời của An"
    page.get_by_role("button", name="Thay bằng nội dung vừa nhập").click()
    page.wait_for_url("**" + url("targets"))
    assert paper.indicators.get().title == "Lời của Chi"
    assert page.evaluate("Object.keys(localStorage).filter(k => k.startsWith('draft:'))") == []
    faults.expect("409")


def test_a_comment_outlives_the_session_and_goes_once_it_is_sent(
    page: Page, live_server: LiveServer, bloc: Cast, paper: Paper, offstage: Offstage
) -> None:
    with offstage():
        consultation.open_consultation(paper, actor=bloc.chi)
    sign_in(page, live_server, bloc.em)
    page.goto(live_server.url + url("paper"))
    lose_the_session(page)
    page.locator("#comments-whole summary").click()
    page.locator("#say-whole").fill("Xin bàn thêm")
    page.locator("#comments-whole").get_by_role("button", name="Gửi góp ý").click()
    expect(page.locator("[data-lost=session]")).to_be_visible()
    sign_in(page, live_server, bloc.em)
    page.goto(live_server.url + url("paper"))
    expect(page.locator("#say-whole")).to_have_value("Xin bàn thêm")
    expect(page.locator("#say-whole")).to_be_visible()
    page.locator("#comments-whole").get_by_role("button", name="Gửi góp ý").click()
    expect(page.locator("#comments-whole .comment")).to_have_count(1)
    expect(page.locator("#say-whole")).to_have_value("")
    page.reload()
    expect(page.locator("#say-whole")).to_have_value("")


@pytest.fixture
def comment(bloc: Cast, paper: Paper) -> Comment:
    """What a member board says about the whole paper."""
    consultation.open_consultation(paper, actor=bloc.chi)
    return consultation.comment(paper, article=None, text="Xin bàn thêm", actor=bloc.em)


def answer_to(page: Page, comment: Comment) -> Locator:
    """The form of the secretariat under a comment, opened in place."""
    said = page.locator(f"#comment-{comment.pk}")
    said.get_by_role("link", name="Trả lời").click()
    expect(said.locator("form")).to_be_visible()
    return said.locator("form")


@pytest.mark.parametrize("name", ["paper", "comments"])
def test_an_answer_outlives_the_session_and_goes_once_it_is_sent(
    page: Page, live_server: LiveServer, bloc: Cast, comment: Comment, name: str
) -> None:
    sign_in(page, live_server, bloc.chi)
    page.goto(live_server.url + url(name))
    form = answer_to(page, comment)
    lose_the_session(page)
    form.get_by_label("Giữ nguyên văn bản").check()
    form.locator("textarea").fill("Đã có trong Điều 1")
    form.get_by_role("button", name="Trả lời").click()
    expect(page.locator("[data-lost=session]")).to_be_visible()
    sign_in(page, live_server, bloc.chi)
    page.goto(live_server.url + url(name))
    form = answer_to(page, comment)
    expect(form.locator("textarea[name=answer]")).to_have_value("Đã có trong Điều 1")
    expect(form.get_by_label("Giữ nguyên văn bản")).to_be_checked()
    form.get_by_role("button", name="Trả lời").click()
    expect(page.locator(f"#comment-{comment.pk} .answer")).to_contain_text("Đã có trong Điều 1")
    assert page.evaluate("Object.keys(localStorage).filter(k => k.startsWith('draft:'))") == []


def test_an_answer_kept_is_not_put_over_one_given_since(
    page: Page, live_server: LiveServer, bloc: Cast, comment: Comment, offstage: Offstage
) -> None:
    sign_in(page, live_server, bloc.chi)
    page.goto(live_server.url + url("comments"))
    form = answer_to(page, comment)
    lose_the_session(page)
    form.locator("textarea").fill("Lời của Chi")
    with offstage():
        consultation.answer(comment, verdict="accepted", answer="Lời của An", actor=bloc.an)
    sign_in(page, live_server, bloc.chi)
    page.goto(live_server.url + url("comments"))
    page.locator(f"#comment-{comment.pk}").get_by_role("link", name="Sửa câu trả lời").click()
    form = page.locator(f"#comment-{comment.pk} form")
    expect(form.locator("textarea[name=answer]")).to_have_value("Lời của An")
    expect(form.locator("[data-kept-text]")).to_have_value("Lời của Chi")


def test_the_reason_of_an_annulment_outlives_the_session(
    page: Page, live_server: LiveServer, bloc: Cast, paper: Paper, offstage: Offstage
) -> None:
    with offstage():
        consultation.open_consultation(paper, actor=bloc.chi)
        sealing.seal(paper, actor=bloc.chi)
    sign_in(page, live_server, bloc.chi)
    page.goto(live_server.url + url("annul"))
    page.locator("[name=reason]").fill("Sai tên đơn vị")
    lose_the_session(page)
    page.get_by_role("button", name="Hủy giao ước").click()
    page.locator("[name=login]").fill("chi")
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập", exact=True).click()
    expect(page.locator("[name=reason]")).to_have_value("Sai tên đơn vị")
    # The login of a moment ago counts: the password is not asked for a third time.
    page.get_by_role("button", name="Hủy giao ước").click()
    page.wait_for_url("**" + url("paper"))
    assert Paper.objects.get().state == "annulled"
    assert page.evaluate("Object.keys(localStorage).filter(k => k.startsWith('draft:'))") == []
