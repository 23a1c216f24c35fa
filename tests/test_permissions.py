"""The matrix of docs/permissions.md, asked of the portal cell by cell.

Every route, as everybody, with GET and with an empty POST, in the own bloc and in a foreign one.
A route without a line in the matrix fails.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import NoReverseMatch, reverse

from tests.people import Cast
from tests.routes import Scene, arguments, is_in_year, make_scene, names

MATRIX = Path(__file__).parent.parent / "docs" / "permissions.md"
ROW = re.compile(r"^\| `([^`]+)` \| (GET|POST) \|(.+)\|$", re.MULTILINE)
ROLES = ("anonymous", "ngoai", "khach", "hoa", "em", "binh", "an", "chi", "admin")
Line = tuple[str, str]


def matrix() -> dict[Line, list[str]]:
    return {
        (name, method): [cell.strip() for cell in cells.split("|")]
        for name, method, cells in ROW.findall(MATRIX.read_text(encoding="utf-8"))
    }


def portal_routes() -> set[str]:
    return {name for name in names() if not name.startswith("admin:")}


@pytest.fixture
def scene(cast: Cast) -> Scene:
    return make_scene(cast)


def client_of(scene: Scene, role: str) -> Client:
    client = Client(raise_request_exception=False)
    if role != "anonymous":
        user = scene.admin if role == "admin" else getattr(scene.cast, role)
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def answer(scene: Scene, role: str, method: str, path: str) -> str:
    """The answer in the words of the matrix; what the request changed is rolled back."""
    with transaction.atomic():
        response: HttpResponse = getattr(client_of(scene, role), method.lower())(path)
        transaction.set_rollback(True)
    if response.status_code == 302 and response["Location"].startswith("/tai-khoan/dang-nhap/"):
        return "login"
    return str(response.status_code)


def answers(scene: Scene, lines: Iterator[Line]) -> dict[Line, list[str]]:
    return {
        (name, method): [
            answer(scene, role, method, reverse(name, kwargs=arguments(scene, name)))
            for role in ROLES
        ]
        for name, method in lines
    }


def test_every_route_has_its_lines_in_the_matrix() -> None:
    assert set(matrix()) == {(name, method) for name in portal_routes() for method in METHODS}


METHODS = ("GET", "POST")
SPACES = ("members:", "covenants:", "rest")


def of_space(name: str, space: str) -> bool:
    return name.startswith(space) if space != "rest" else not name.startswith(SPACES[:2])


@pytest.mark.parametrize("space", SPACES)
def test_every_cell_of_the_matrix_is_what_the_portal_answers(scene: Scene, space: str) -> None:
    expected = {line: cells for line, cells in matrix().items() if of_space(line[0], space)}

    assert answers(scene, iter(expected)) == expected


def test_nobody_enters_a_foreign_bloc_by_any_route(scene: Scene) -> None:
    foreign = {"bloc": scene.cast.foreign_year.bloc.slug, "year": scene.cast.foreign_year.year}
    routes = [name for name in portal_routes() if is_in_year(name)]
    roles = [role for role in ROLES if role not in ("anonymous", "ngoai", "admin")]

    found = {
        (name, method, role): answer(scene, role, method, path)
        for role in roles
        for name in routes
        for path in [reverse(name, kwargs={**arguments(scene, name), **foreign})]
        for method in METHODS
    }

    allowed = {"404", "405"}
    assert {line: status for line, status in found.items() if status not in allowed} == {}


def with_number(scene: Scene) -> list[str]:
    return [name for name in portal_routes() if "pk" in arguments(scene, name)]


def test_a_number_of_a_foreign_bloc_leads_nowhere(scene: Scene) -> None:
    """The own bloc's address with the number of somebody or something elsewhere."""
    stranger = scene.cast.ngoai.person
    elsewhere: dict[str, Any] = {"pk": stranger.pk, "post_pk": stranger.posts.get().pk}

    found = {
        (name, method): answer(scene, "chi", method, reverse(name, kwargs=changed))
        for name in with_number(scene)
        if name.startswith("members:")
        for own in [arguments(scene, name)]
        for changed in [{**own, **{key: elsewhere[key] for key in own if key in elsewhere}}]
        for method in METHODS
    }

    assert set(found.values()) <= {"404", "405"}


def test_the_admin_is_closed_to_everybody_but_administrators(scene: Scene) -> None:
    routes = {name for name in names() if name.startswith("admin:")}
    paths = {name: admin_path(name) for name in routes}
    roles = [role for role in ROLES if role != "admin"]

    open_to = {
        (name, role)
        for role in roles
        for name, path in paths.items()
        if name not in ("admin:login", "admin:jsi18n")
        if answer(scene, role, "GET", path) not in ("login", "302", "403", "404")
    }

    assert open_to == set()


def admin_path(name: str) -> str:
    if name.startswith("admin:(?P"):
        return "/quan-tri/khong-co/"
    candidates: list[dict[str, Any]] = [
        {},
        {"object_id": "1"},
        {"app_label": "members"},
        {"id": "1"},
        {"content_type_id": 1, "object_id": "1"},
    ]
    for kwargs in candidates:
        try:
            return reverse(name, kwargs=kwargs)
        except NoReverseMatch:
            continue
    return "/quan-tri/" + name.removeprefix("admin:").replace("<path:object_id>", "1")
