"""The matrix of docs/permissions.md, checked cell by cell.

Every route, as everybody, with GET and an empty POST, in the own and in a foreign bloc. A route
without a line in the matrix fails.
"""

import copy
import functools
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import NoReverseMatch, reverse

from covenants.models import Paper
from covenants.papers import consultation
from covenants.signing import sealing
from emulation_bloc.lib import pdf
from members.models import User
from members.models.people import PostKind
from tests.people import Cast, draft_covenant, give_post, join, make_board, make_leader, make_user
from tests.routes import Scene, arguments, is_in_year, make_scene, names
from tests.shared_scene import Scene as SharedScene
from tests.shared_scene import in_scene

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


pytestmark = [in_scene(make_scene), pytest.mark.long]


@pytest.fixture
def db(shared_scene: SharedScene) -> None:
    """The database as the scene has left it: it takes seconds to make and is made once."""


@pytest.fixture
def cast(shared_scene: SharedScene, db: None) -> Cast:
    return shared_scene[0]


@pytest.fixture
def scene(set_up: Scene, db: None) -> Scene:
    return set_up


# A paper is the same for all who may read it: what has been laid out once is not laid out again.
LAID_OUT = functools.cache(pdf.render)


@pytest.fixture(autouse=True)
def papers_are_laid_out_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "render", LAID_OUT)


def client_of(scene: Scene, role: str) -> Client:
    """The role, logged in once for all that is asked in its name."""
    client = Client(raise_request_exception=False)
    if role != "anonymous":
        user = scene.admin if role == "admin" else getattr(scene.cast, role)
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def answer(client: Client, method: str, path: str) -> str:
    """The answer in the words of the matrix; what the request changed is taken back: in the
    database, of which the login is part, and in the cookies."""
    cookies = copy.deepcopy(client.cookies)
    with transaction.atomic():
        response: HttpResponse = getattr(client, method.lower())(path)
        transaction.set_rollback(True)
    client.cookies = cookies
    if response.status_code == 302 and response["Location"].startswith("/tai-khoan/dang-nhap/"):
        return "login"
    return str(response.status_code)


def paths(scene: Scene, routes: Iterable[str], **changed: Any) -> dict[str, str]:
    """Where each of the routes leads to in the scene, with some of its arguments changed."""
    return {
        name: reverse(name, kwargs={**arguments(scene, name), **changed}) for name in set(routes)
    }


def answers(scene: Scene, lines: Iterable[Line]) -> dict[Line, list[str]]:
    clients = [client_of(scene, role) for role in ROLES]
    addresses = paths(scene, (name for name, _method in lines))
    return {
        (name, method): [answer(client, method, addresses[name]) for client in clients]
        for name, method in lines
    }


def test_every_route_has_its_lines_in_the_matrix() -> None:
    assert set(matrix()) == {(name, method) for name in portal_routes() for method in METHODS}


METHODS = ("GET", "POST")
# Whose own bloc the foreign one is, and who is in none.
OUTSIDE = ("anonymous", "ngoai", "admin")
SPACES = ("members:", "covenants:paper:", "covenants:", "scoring:", "")


def space_of(name: str) -> str:
    """The first of the spaces that the route is in; they share the work among the workers."""
    return next(space for space in SPACES if name.startswith(space))


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("space", SPACES)
def test_every_cell_of_the_matrix_is_what_the_portal_answers(
    scene: Scene, space: str, method: str
) -> None:
    part = (space, method)
    expected = {line: to for line, to in matrix().items() if (space_of(line[0]), line[1]) == part}

    assert answers(scene, expected) == expected


@pytest.mark.parametrize("role", [one for one in ROLES if one not in OUTSIDE])
def test_nobody_enters_a_foreign_bloc_by_any_route(scene: Scene, role: str) -> None:
    foreign = {"bloc": scene.cast.foreign_year.bloc.slug, "year": scene.cast.foreign_year.year}
    client = client_of(scene, role)
    addresses = paths(scene, filter(is_in_year, portal_routes()), **foreign)

    found = {
        (name, method): answer(client, method, path)
        for name, path in addresses.items()
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
    chi = client_of(scene, "chi")

    found = {
        (name, method): answer(chi, method, reverse(name, kwargs=changed))
        for name in with_number(scene)
        if name.startswith("members:")
        for own in [arguments(scene, name)]
        for changed in [{**own, **{key: elsewhere[key] for key in own if key in elsewhere}}]
        for method in METHODS
    }

    assert set(found.values()) <= {"404", "405"}


def of_a_foreign_bloc(scene: Scene) -> dict[str, int]:
    """The number of one thing of each sort that pages of papers are asked for, all elsewhere."""
    cast = scene.cast
    paper = discuss_alone(draft_covenant(cast.foreign_year, actor=cast.ngoai), cast.ngoai)
    numbers = {
        "article": paper.articles.get().pk,
        "answer": paper.comments.get().pk,
        "indicator": paper.indicators.get().pk,
        "revoke_of": cast.ngoai.person.pk,
    }
    consultation.answer(paper.comments.get(), verdict="accepted", answer="", actor=cast.ngoai)
    sealed = sealing.seal(paper, actor=cast.ngoai)
    return {**numbers, "seat": sealed.parties.get().pk, "annulled": sealed.pk}


def discuss_alone(paper: Paper, actor: User) -> Paper:
    consultation.open_consultation(paper, actor=actor)
    consultation.comment(paper, article=None, text="x", actor=actor)
    return Paper.objects.get(pk=paper.pk)


SORTS = {
    "article": {"article", "move_article", "remove_article"},
    "indicator": {"indicator", "move_indicator", "remove_indicator"},
    "answer": {"answer"},
    "seat": {"sign", "receipt", "seat_picture"},
    "annulled": {"annulled"},
    "revoke_of": {"revoke_of"},
}


def with_other_numbers(
    scene: Scene, role: str, numbers: dict[str, int], prefix: str = "covenants:"
) -> dict[Line, str]:
    """The answers of all pages of papers that take a number, asked with other numbers."""
    sorts = {route: sort for sort, routes in SORTS.items() for route in routes}
    client = client_of(scene, role)
    return {
        (name, method): answer(client, method, reverse(name, kwargs=kwargs))
        for name in with_number(scene)
        # The legal register belongs to all blocs alike.
        if name.startswith(prefix) and not name.startswith("covenants:law")
        for sort in [sorts[name.rpartition(":")[2]]]
        if sort in numbers
        for kwargs in [{**arguments(scene, name), "pk": numbers[sort]}]
        for method in METHODS
    }


@pytest.mark.parametrize("role", ["chi", "binh", "admin"])
def test_what_belongs_to_a_paper_of_a_foreign_bloc_leads_nowhere(scene: Scene, role: str) -> None:
    found = with_other_numbers(scene, role, of_a_foreign_bloc(scene))

    # An administrator sees every bloc and no right in any: 403 before the number is looked at.
    allowed = {"404", "405"} | ({"403"} if role != "chi" else set())
    assert {line: status for line, status in found.items() if status not in allowed} == {}
    assert len(found) > 20


def test_what_belongs_to_another_paper_of_the_bloc_leads_nowhere(scene: Scene) -> None:
    """A regulation's article under the covenant's address, and the other way round."""
    of_regulation = with_other_numbers(scene, "chi", parts_of(scene.drafting), "covenants:paper:")
    everywhere = with_other_numbers(scene, "chi", parts_of(scene.regulation))
    of_covenant = {k: v for k, v in everywhere.items() if not k[0].startswith("covenants:paper:")}

    assert set(of_regulation.values()) == set(of_covenant.values()) == {"404", "405"}


def parts_of(paper: Paper) -> dict[str, int]:
    return {"article": paper.articles.first().pk, "answer": paper.comments.get().pk}


# --- People beside those of the matrix ------------------------------------------------------------


def column(role: str) -> dict[Line, str]:
    return {line: cells[ROLES.index(role)] for line, cells in matrix().items()}


def answers_to(scene: Scene, user: User) -> dict[Line, str]:
    """The answers of all routes to one more person."""
    scene.cast.__dict__["one_more"] = user
    client = client_of(scene, "one_more")
    addresses = paths(scene, portal_routes())
    return {(name, method): answer(client, method, addresses[name]) for name, method in matrix()}


def differing(found: dict[Line, str], expected: dict[Line, str]) -> dict[Line, str]:
    return {line: status for line, status in found.items() if status != expected[line]}


def test_an_accountant_is_answered_as_a_cashier(scene: Scene) -> None:
    assert differing(answers_to(scene, scene.cast.dung), column("hoa")) == {}


def test_a_deputy_leader_is_answered_as_a_leader(scene: Scene) -> None:
    deputy = make_user("pho")
    give_post(deputy, PostKind.DEPUTY_LEADER, board=scene.cast.board)
    assert differing(answers_to(scene, deputy), column("binh")) == {}


def test_the_leader_of_a_third_board_has_no_part_in_what_is_another_members(cast: Cast) -> None:
    """As the leader of the member board whose objects the pages show, but not in its seat."""
    third = make_board("GLA", province="Gia Lai")
    join(cast.year, third)
    scene = make_scene(cast)
    found = differing(answers_to(scene, make_leader(third)), column("binh"))

    # Sheets, objections and what only an appraiser opens: the third board was in neither year.
    of_scoring = {line: status for line, status in found.items() if line[0].startswith("scoring:")}
    assert set(of_scoring.values()) == {"403", "404"}
    assert {line: status for line, status in found.items() if line not in of_scoring} == {
        ("covenants:sign", "GET"): "403",
        ("covenants:sign", "POST"): "403",
    }


# --- Administration -------------------------------------------------------------------------------


def test_the_admin_is_closed_to_everybody_but_administrators(scene: Scene) -> None:
    routes = {name for name in names() if name.startswith("admin:")}
    routes -= {"admin:login", "admin:jsi18n"}
    roles = [role for role in ROLES if role != "admin"]

    open_to = {
        (name, role, method)
        for role in roles
        for client in [client_of(scene, role)]
        for name in routes
        for method in METHODS
        if answer(client, method, admin_path(name)) not in ("login", "302", "403", "404")
    }

    assert open_to == set()


def test_the_administrator_opens_every_list_and_breaks_nothing(scene: Scene) -> None:
    admin = client_of(scene, "admin")
    found = {
        (name, method): answer(admin, method, admin_path(name))
        for name in names()
        if name.startswith("admin:")
        for method in METHODS
    }

    lists = {name for name, _method in found if name.endswith(("_changelist", ":index"))}
    assert {found[name, "GET"] for name in lists} == {"200"}
    assert {line for line, status in found.items() if status >= "500"} == set()


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
