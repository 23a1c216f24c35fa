"""Every page in a real browser: no violation of the content policy, no console messages, no serious
axe finding in light and dark mode, no horizontal scrolling on a phone.
"""

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Locator, Page

from covenants.models import Paper
from covenants.signing import sealing
from covenants.views import verification
from members.models import User
from members.records import files
from tests.conftest import Faults
from tests.covenants.pages import complete
from tests.people import Cast, draft_covenant, enrol, join, make_year, party_of, seal_covenant
from tests.routes import Scene, arguments, in_year, make_scene
from tests.test_permissions import ROLES, matrix

pytestmark = pytest.mark.e2e

AXE = (Path(settings.BASE_DIR) / "node_modules" / "axe-core" / "axe.min.js").read_text()
# Style sheets are not preloaded: axe would copy them into a <style> of its own, which the policy
# reports. Only a rule that is off unless asked for reads them.
FINDINGS = """async (rules) => (await axe.run(document, {
        resultTypes: ["violations"], preload: {assets: ["media"]}, ...rules,
    })).violations
    .filter(found => ["serious", "critical"].includes(found.impact))
    .map(found => `${found.id}: ${found.nodes[0].html.slice(0, 160)}`)"""
# The dark scheme differs in nothing but its colours (test_the_dark_scheme_changes_colours_alone).
RULES: dict[str, dict[str, list[str]]] = {
    "light": {},
    "dark": {"runOnly": ["color-contrast", "link-in-text-block"]},
}
# A colour on its way to another one would be judged by chance.
STILL = "Promise.allSettled(document.getAnimations().map((one) => one.finished))"
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
# Not pages: answers for programs, parts of pages, files.
NO_PAGES = {
    "healthz", "readyz", "covenants:wall_seats", "covenants:preview", "covenants:download",
    "covenants:law_file", "covenants:paper:preview", "covenants:paper:download",
    "covenants:paper:minutes", "covenants:annulled",
    "scoring:sheet_paper", "scoring:summary_paper", "scoring:comparison_paper",
    "scoring:appraisal_minutes", "scoring:evidence", "scoring:sheet_excel",
    "scoring:restriction_file", "scoring:appraised_points",
    "covenants_public:revocation_list", "covenants_public:authority_certificate",
}  # fmt: skip


@pytest.fixture
def scene(live_server: Any, cast: Cast, offstage: Callable[[], AbstractContextManager]) -> Scene:
    scene = make_scene(cast)
    enrol(cast.binh)
    return scene


def pages_of(scene: Scene, role: str) -> list[str]:
    column = ROLES.index(role)
    return [
        reverse(name, kwargs=arguments(scene, name))
        for (name, method), cells in matrix().items()
        if method == "GET" and cells[column] == "200" and name not in NO_PAGES
    ]


def log_in(page: Page, base: str, user: User) -> None:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": base}]
    )


def follow(page: Page, link: Locator) -> None:
    """Press what leads to another page, and wait for that: axe falls over one that goes away."""
    with page.expect_navigation():
        link.click()


def findings(page: Page, scheme: str = "light") -> list[str]:
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    return list(page.evaluate(FINDINGS, RULES[scheme]))


def faults_of_page(page: Page, address: str) -> list[str]:
    """What is wrong with one page, at both widths and in both schemes."""
    page.goto(address)
    wrong = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        page.evaluate(STILL)
        wrong += [f"{scheme}: {found}" for found in findings(page, scheme)]
    for width in (360, 1366):
        page.set_viewport_size({"width": width, "height": 780})
        if (extra := page.evaluate(TOO_WIDE)) > 0:
            wrong.append(f"{extra} px too wide at {width}")
    return wrong


def faults_of_pages(page: Page, base: str, paths: Iterable[str]) -> dict[str, list[str]]:
    wrong = {path: faults_of_page(page, base + path) for path in paths}
    return {path: found for path, found in wrong.items() if found}


@pytest.mark.long
@pytest.mark.parametrize("role", ["anonymous", "binh", "chi"])
def test_every_page_is_sound_in_the_browser(
    page: Page, live_server: Any, scene: Scene, role: str
) -> None:
    if role != "anonymous":
        log_in(page, live_server.url, getattr(scene.cast, role))
    addresses = pages_of(scene, role)
    if role == "binh":
        addresses.append(reverse("covenants:sign", kwargs=arguments(scene, "covenants:sign")))

    assert faults_of_pages(page, live_server.url, addresses) == {}


# --- The end of a covenant ------------------------------------------------------------------------


@pytest.fixture
def ends(live_server: Any, cast: Cast) -> list[str]:
    """Pages of a covenant that is complete, of one that is annulled, and of one drafted anew."""
    done = complete(cast)
    annulled, before = (annulled_covenant(cast, year) for year in (2020, 2021))
    after = draft_covenant(before.bloc_year, actor=cast.chi)
    of_all = ("home", "covenants:paper", "covenants:papers")
    return [
        *(of_year(paper, name) for paper in (done, annulled, after) for name in of_all),
        *(of_year(done, name) for name in ("covenants:wall", "covenants:versions")),
        of_year(done, "covenants:receipt", pk=party_of(done, cast.board).pk),
        of_year(annulled, "covenants:law", pk=annulled.references.get().pk),
        *(reverse("covenants_public:verify", args=[paper.code]) for paper in (done, annulled)),
    ]


def annulled_covenant(cast: Cast, number: int) -> Paper:
    year = make_year(cast.bloc, number)
    join(year, cast.head, role="head")
    sealed = seal_covenant(year, actor=cast.chi)
    sealing.annul(sealed, reason="Sai tên đơn vị", actor=cast.chi)
    return sealed


def of_year(paper: Paper, name: str, **arguments: Any) -> str:
    return reverse(name, kwargs={**in_year(paper.bloc_year), **arguments})


def test_every_page_of_a_covenant_at_its_end_is_sound(
    page: Page, live_server: Any, ends: list[str], cast: Cast
) -> None:
    log_in(page, live_server.url, cast.chi)

    assert faults_of_pages(page, live_server.url, ends) == {}


# --- Refusals and failures ------------------------------------------------------------------------


def failing() -> bool:
    raise OSError("the disk is gone")


@pytest.fixture
def refused(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, str]]:
    """Where each error page is met; that of a right that is missing, within a year and outside."""
    monkeypatch.setitem(verification.LIMITS, "guess_code", "0/m/ip")
    monkeypatch.setattr(files, "is_writable", failing)
    return [
        (400, reverse("covenants_public:verify_file") + "?" + "a&" * 2000),
        (403, reverse("covenants:workshop", kwargs=in_year(cast.year))),
        (403, reverse("admin:index")),
        (404, reverse("home", kwargs=in_year(cast.foreign_year))),
        (429, reverse("covenants_public:verify", args=["000000000000"])),
        (500, reverse("readyz")),
    ]


def test_every_page_of_an_error_is_sound(
    page: Page, live_server: Any, refused: list[tuple[int, str]], cast: Cast, faults: Faults
) -> None:
    draft_covenant(cast.year, actor=cast.chi)
    log_in(page, live_server.url, cast.binh)
    for status, path in refused:
        assert faults_of_page(page, live_server.url + path) == []
        faults.expect(f"status of {status} ")
