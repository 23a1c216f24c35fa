"""Important acts ask for the password again unless the login is recent."""

import time

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from members.models import BlocYear
from tests.members.pages import page
from tests.people import PASSWORD, Cast


def logged_in(username: str) -> Client:
    client = Client()
    client.post(reverse("account_login"), {"login": username, "password": PASSWORD})
    return client


def test_who_has_just_logged_in_is_not_asked_again(cast: Cast) -> None:
    logged_in("chi").post(page("close_year", cast.year))

    assert BlocYear.objects.get(pk=cast.year.pk).is_closed


def test_a_login_of_six_minutes_ago_is_asked_again(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = logged_in("chi")
    later = time.time() + settings.ACCOUNT_REAUTHENTICATION_TIMEOUT + 60
    monkeypatch.setattr(time, "time", lambda: later)

    response = client.post(page("close_year", cast.year))

    assert reverse("account_reauthenticate") in response["Location"]
    assert not BlocYear.objects.get(pk=cast.year.pk).is_closed
