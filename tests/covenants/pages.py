"""Helpers of the page tests: URLs, logins, text of a response."""

import re
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from covenants.models import Paper
from tests.people import PASSWORD, Cast, enrol, seal_covenant, sign

HTMX = {"HTTP_HX_REQUEST": "true"}


def url(name: str, *args: Any) -> str:
    return reverse(f"covenants:{name}", args=["tay-nguyen", 2019, *args])


def page(paper: Paper, name: str, *args: Any) -> str:
    """The address of one of the pages of a paper."""
    return reverse(f"covenants:paper:{name}", args=["tay-nguyen", 2019, paper.pk, *args])


def as_(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def signed_in_just_now(user: Any) -> Client:
    """A login a moment ago, with the password, as a fresh login counts."""
    client = as_(user)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return client


def text_of(response: HttpResponse) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def markup_of(response: HttpResponse) -> str:
    """The HTML without the white space that lies between tags, or between a tag and its text."""
    folded = " ".join(response.content.decode().split())
    return re.sub(r" ?([<>]) ?", r"\1", folded)


def complete(cast: Cast) -> Paper:
    sealed = seal_covenant(cast.year, actor=cast.chi)
    for leader, board in ((cast.an, cast.head), (cast.binh, cast.board)):
        enrol(leader)
        sign(sealed, board, actor=leader)
    return Paper.objects.get()
