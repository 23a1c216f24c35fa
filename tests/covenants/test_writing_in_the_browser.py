"""Writing on a draft in a real browser: saved as one types, kept when the session has ended."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from covenants import consultation, drafting
from covenants.models import Article, Paper
from tests.conftest import Faults
from tests.covenants.pages import url
from tests.people import Cast, draft_covenant, make_cast

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


def text_box(page: Page, article: Article):
    return page.locator(f"#article-{article.pk}-body")


def state_line(page: Page, article: Article):
    return page.locator(f"#article-{article.pk} [data-savestate]")


def test_text_is_saved_as_one_types(workshop: Page, paper: Paper) -> None:
    article = paper.articles.get()
    for words in ("Lời thứ nhất", "Lời thứ hai"):
        text_box(workshop, article).fill(words)
        expect(state_line(workshop, article)).to_have_attribute("data-state", "saved")
        expect(state_line(workshop, article)).to_contain_text(re.compile(r"Đã lưu \d\d:\d\d"))
        workshop.wait_for_timeout(1500)
    article.refresh_from_db()
    assert (article.body, article.revision) == ("Lời thứ hai", 2)


def test_text_outlives_the_session(
    workshop: Page, live_server: LiveServer, bloc: Cast, paper: Paper
) -> None:
    article = paper.articles.get()
    Session.objects.all().delete()
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


def test_wrong_cells_are_marked_and_what_was_typed_stays(
    workshop: Page, live_server: LiveServer, paper: Paper, faults: Faults
) -> None:
    workshop.goto(live_server.url + url("targets"))
    cells = workshop.locator("#targets-form input.n")
    cells.nth(0).fill("1.234,5")
    cells.nth(1).fill("chín mươi")
    save = workshop.get_by_role("button", name="Lưu chỉ tiêu")
    save.click()
    expect(workshop.locator(".is-missing")).to_have_count(1)
    expect(cells.nth(0)).to_have_value("1.234,5")
    expect(cells.nth(1)).to_have_value("chín mươi")
    cells.nth(1).fill("90")
    save.click()
    expect(workshop.locator(".is-missing")).to_have_count(0)
    expect(cells.nth(1)).to_have_value("90")
    faults.expect("422")
