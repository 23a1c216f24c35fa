"""Every page in a real browser: nothing refused by the policy, nothing said on the console, no
serious finding of axe in light and dark, and no sideways scrolling on a phone."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page

from members.models import User
from tests.people import Cast, enrol
from tests.routes import Scene, arguments, make_scene
from tests.test_permissions import ROLES, matrix

pytestmark = pytest.mark.e2e

AXE = (Path(settings.BASE_DIR) / "node_modules" / "axe-core" / "axe.min.js").read_text()
FINDINGS = """async () => (await axe.run(document, {resultTypes: ["violations"]})).violations
    .filter(found => ["serious", "critical"].includes(found.impact))
    .map(found => `${found.id}: ${found.nodes[0].html.slice(0, 160)}`)"""
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
# Not pages: answers for programs, parts of pages, files.
NO_PAGES = {
    "healthz", "readyz", "covenants:wall_seats", "covenants:preview", "covenants:download",
    "covenants:law_file", "covenants:paper:preview", "covenants:paper:download",
    "covenants:paper:minutes", "covenants:annulled",
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


def findings(page: Page) -> list[str]:
    page.evaluate(AXE)
    return list(page.evaluate(FINDINGS))


def faults_of_page(page: Page, address: str) -> list[str]:
    """What is wrong with one page, at both widths and in both schemes."""
    page.goto(address)
    wrong = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        page.wait_for_timeout(100)
        wrong += [f"{scheme}: {found}" for found in findings(page)]
    for width in (360, 1366):
        page.set_viewport_size({"width": width, "height": 780})
        if (extra := page.evaluate(TOO_WIDE)) > 0:
            wrong.append(f"{extra} px too wide at {width}")
    return wrong


@pytest.mark.parametrize("role", ["anonymous", "binh", "chi"])
def test_every_page_is_sound_in_the_browser(
    page: Page, live_server: Any, scene: Scene, role: str
) -> None:
    if role != "anonymous":
        log_in(page, live_server.url, getattr(scene.cast, role))
    addresses = pages_of(scene, role)
    if role == "binh":
        addresses.append(reverse("covenants:sign", kwargs=arguments(scene, "covenants:sign")))

    wrong = {path: faults_of_page(page, live_server.url + path) for path in addresses}

    assert {path: found for path, found in wrong.items() if found} == {}
