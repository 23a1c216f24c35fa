"""Appraising a sheet in a real browser: points saved while typing, lines selected and returned."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from django.conf import settings
from django.urls import reverse
from playwright.sync_api import Page, expect

from scoring.models import Sheet
from tests.e2e.test_every_page import STILL, findings, log_in
from tests.people import Cast
from tests.scoring.years import Stage, submitted_stage


def url(name: str, *args: Any) -> str:
    return reverse(f"scoring:{name}", args=["tay-nguyen", 2018, *args])


def faults_of(page: Page) -> list[str]:
    """What axe finds and what reaches beyond the page, at both widths and in both schemes."""
    wrong = []
    for width in (1366, 360):
        page.set_viewport_size({"width": width, "height": 780})
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            page.evaluate(STILL)
            wrong += [f"{width} {scheme}: {one}" for one in findings(page)]
        wide = page.evaluate("document.documentElement.scrollWidth")
        wrong += [f"{width}: {wide} wide"] if wide > width else []
    page.set_viewport_size({"width": 1366, "height": 768})
    return wrong


def test_points_follow_the_typing_and_ticked_lines_go_back(
    live_server: Any, page: Page, cast: Cast, offstage: Callable[[], AbstractContextManager]
) -> None:
    with offstage():
        stage = submitted_stage(cast)
    log_in(page, live_server.url, cast.chi)
    page.goto(live_server.url + url("appraise", stage.sheet(stage.third).pk))
    assert faults_of(page) == []

    type_figure(page, stage, "50")
    send_back(page, stage, "Chưa khớp báo cáo quý III.")

    sheet = Sheet.objects.get(pk=stage.sheet(stage.third).pk)
    assert (sheet.state, stage.line(stage.third, "I.2").returns.count()) == ("returned", 1)
    standing = stage.line(stage.third, "I.1").figures.filter(column="appraised")
    assert [(figure.fact, figure.reason) for figure in standing] == [(50, "Theo thẩm tra")]


def type_figure(page: Page, stage: Stage, figure: str) -> None:
    pk = stage.line(stage.third, "I.1").pk
    page.fill(f"#id_figure-{pk}", figure)
    expect(page.locator(f"#points-{pk}")).to_contain_text("3,00")
    page.fill(f"#id_why-{pk}", "Theo thẩm tra")


def send_back(page: Page, stage: Stage, reason: str) -> None:
    pk = stage.line(stage.third, "I.2").pk
    page.locator(f"#line-{pk} + tr summary").click()
    page.check(f"#id_back-{pk}")
    page.fill(f"#id_because-{pk}", reason)
    page.locator(".send-back button").click()
    page.wait_for_url(f"**{url('appraisal')}")


def test_a_reason_outlives_the_session_and_goes_once_it_is_saved(
    live_server: Any, page: Page, cast: Cast, offstage: Callable[[], AbstractContextManager]
) -> None:
    with offstage():
        stage = submitted_stage(cast)
    line = stage.line(stage.third, "I.1")
    desk = live_server.url + url("appraise", line.sheet_id)
    log_in(page, live_server.url, cast.chi)
    page.goto(desk)
    type_figure(page, stage, "50")

    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    page.click(".sheetbar-acts .btn-quiet")
    page.wait_for_url("**/tai-khoan/dang-nhap/**")
    log_in(page, live_server.url, cast.chi)
    page.goto(desk)
    expect(page.locator(f"#id_why-{line.pk}")).to_have_value("Theo thẩm tra")

    page.click(".sheetbar-acts .btn-quiet")
    expect(page.locator("[data-success]")).to_be_visible()
    expect(page.locator(f"#id_figure-{line.pk}")).to_have_value("50")
    expect(page.locator(f"#id_why-{line.pk}")).to_have_value("")
    assert page.locator("[data-kept]").count() == 0
