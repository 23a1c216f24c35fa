"""Helpers of the page tests: open a page of the cast's year as a given person."""

import io
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from members.models import AuditEntry, BlocYear, OutboxMessage, User
from tests.people import PASSWORD

NEW_PASSWORD = "mot-cau-dai-khac-han"


def as_user(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def as_user_just_now(user: User) -> Client:
    """Somebody who has just given the password again, as acts of weight ask for it."""
    client = as_user(user)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return client


def page(name: str, year: BlocYear, *args: Any) -> str:
    return reverse(name, args=[year.bloc.slug, year.year, *args])


def queries_of(client: Client, url: str) -> int:
    """How many queries a page costs once the session has been seen."""
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def traces() -> tuple[int, int]:
    """What every act leaves behind: audit entries and mails."""
    return AuditEntry.objects.count(), OutboxMessage.objects.count()


def excel_rows(content: bytes) -> list[list[Any]]:
    sheet: Any = load_workbook(io.BytesIO(content)).active
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def message_of(response: Any) -> str:
    return " ".join(str(message) for message in response.context["messages"])


def path_of(link: str) -> str:
    return link.removeprefix("http://127.0.0.1:8000")


def set_password(visitor: Client, link: str) -> Any:
    form_page = visitor.get(path_of(link), follow=True)
    return visitor.post(
        form_page.request["PATH_INFO"],
        {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD},
        follow=True,
    )


def can_log_in(username: str, password: str) -> bool:
    visitor = Client()
    visitor.post(reverse("account_login"), {"login": username, "password": password})
    return "_auth_user_id" in visitor.session
