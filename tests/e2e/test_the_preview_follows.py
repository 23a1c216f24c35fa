"""The preview beside the editor shows the printed paper and is updated by every save."""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from tests.covenants.outside_tools import text_of_pdf
from tests.e2e.test_every_page import log_in
from tests.people import Cast, draft_covenant, make_cast

pytestmark = pytest.mark.e2e


@pytest.fixture
def bloc(live_server: Any) -> Cast:
    cast = make_cast()
    draft_covenant(cast.year, actor=cast.chi)
    return cast


def preview_of(page: Page) -> str:
    address = page.locator("#preview").get_attribute("src")
    assert address is not None
    return address


def write_in_an_article(page: Page, words: str) -> None:
    page.locator("form[id^=article-] textarea").fill(words)


def fill_a_cell(page: Page, figure: str) -> None:
    page.locator("#targets-form input.n").first.fill(figure)


@pytest.mark.parametrize(
    ("name", "write", "words"),
    [
        ("workshop", write_in_an_article, "Chấp hành kỷ luật lao động"),
        ("targets", fill_a_cell, "1.234,5"),
    ],
)
def test_what_was_saved_stands_in_the_paper_beside_it(
    page: Page,
    live_server: Any,
    bloc: Cast,
    name: str,
    write: Callable[[Page, str], None],
    words: str,
) -> None:
    log_in(page, live_server.url, bloc.chi)
    page.goto(live_server.url + reverse(f"covenants:{name}", args=["tay-nguyen", 2019]))
    before = preview_of(page)
    assert before.startswith(reverse("covenants:preview", args=["tay-nguyen", 2019]))
    # The frame asks for the new address by itself; what it is answered is the paper it shows.
    with page.expect_response(
        lambda answer: "xem-truoc.pdf" in answer.url and not answer.url.endswith(before)
    ) as shown:
        write(page, words)
    assert shown.value.url.endswith(preview_of(page))
    expect(page.locator("#preview")).to_be_visible()
    printed = text_of_pdf(page.request.get(live_server.url + preview_of(page)).body())
    assert words in printed
