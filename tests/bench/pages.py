"""Pages against a bare view that runs the same queries and renders a template of the same size."""

from collections.abc import Callable

from django.db import connection
from django.http import HttpResponse
from django.template import Context, Engine
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from emulation_bloc.demo.founding_year import SLUG
from members.models import User

from .run import Row, compare

AIM = 1.5
PAGES = ("home", "members:boards", "members:people", "covenants:paper")


def pages() -> list[Row]:
    client = Client()
    client.force_login(
        User.objects.get(username="chi.daklak"),
        backend="django.contrib.auth.backends.ModelBackend",
    )
    return [page(client, name) for name in PAGES]


def page(client: Client, name: str) -> Row:
    path = reverse(name, args=[SLUG, 2019])
    with CaptureQueriesContext(connection) as captured:
        response = client.get(path)
    statements = [query["sql"] for query in captured.captured_queries]
    return compare(
        f"page {name} ({len(statements)} queries)",
        AIM,
        floor=bare_view(statements, response.content.decode()),
        ours=lambda: client.get(path),
    )


def bare_view(statements: list[str], html: str) -> Callable[[], HttpResponse]:
    """The statements as SQL, and as many variables in the template as lines in the page."""
    lines = html.splitlines()
    source = "\n".join(f"{{{{ lines.{number} }}}}" for number in range(len(lines)))
    template = Engine().from_string(source)

    def view() -> HttpResponse:
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
                if cursor.description:
                    cursor.fetchall()
        return HttpResponse(template.render(Context({"lines": lines})))

    return view
