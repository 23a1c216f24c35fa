"""Pages of the portal compared with a bare view with the same queries and a template of
equal size.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.template import Context, Engine
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from django.urls import path, reverse

from emulation_bloc.demo.founding_year import SLUG
from emulation_bloc.urls import urlpatterns
from members.models import User
from tests.bench.run import Row, compare

AIM = 1.5
BARE = "/bare/"
PAGES = ("home", "members:boards", "members:people", "covenants:paper")


def pages() -> list[Row]:
    client = Client()
    client.force_login(
        User.objects.get(username="chi.daklak"),
        backend="django.contrib.auth.backends.ModelBackend",
    )
    return [page(client, name) for name in PAGES]


def page(client: Client, name: str) -> Row:
    address = reverse(name, args=[SLUG, 2019])
    with CaptureQueriesContext(connection) as captured:
        response = client.get(address)
    statements = [query["sql"] for query in captured.captured_queries]
    with bare_view(statements, response.content.decode()):
        return compare(
            f"page {name} ({len(statements)} queries)",
            AIM,
            floor=lambda: client.get(BARE),
            ours=lambda: client.get(address),
        )


@contextmanager
def bare_view(statements: list[str], html: str) -> Iterator[None]:
    """An address served by the same Django: the statements as SQL, and as many variables in the
    template as lines in the page."""
    lines = html.splitlines()
    source = "\n".join(f"{{{{ lines.{number} }}}}" for number in range(len(lines)))
    template = Engine().from_string(source)

    def view(request: HttpRequest) -> HttpResponse:
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
                if cursor.description:
                    cursor.fetchall()
        return HttpResponse(template.render(Context({"lines": lines})))

    served = ModuleType("bare")
    served.urlpatterns = [path(BARE.lstrip("/"), view), *urlpatterns]  # type: ignore[attr-defined]
    with override_settings(ROOT_URLCONF=served):
        yield
