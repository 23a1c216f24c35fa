import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from tests.people import Cast


@pytest.fixture(autouse=True)
def installation_asks_for_it(settings: Settings) -> None:
    settings.SECOND_FACTOR_REQUIRED = True


def home(cast: Cast) -> str:
    return reverse("home", args=[cast.bloc.slug, cast.year.year])


@pytest.mark.parametrize("name", ["an", "binh", "chi", "dung"])
def test_people_of_weight_are_sent_to_set_one_up(client: Client, cast: Cast, name: str) -> None:
    client.force_login(getattr(cast, name))

    response = client.get(home(cast))

    assert (response.status_code, response["Location"]) == (302, reverse("mfa_index"))


def test_cashier_and_observer_go_on_without(client: Client, cast: Cast) -> None:
    for user in (cast.hoa, cast.khach):
        client.force_login(user)

        assert client.get(home(cast)).status_code == 200


def test_holder_of_a_second_factor_goes_on(client: Client, cast: Cast) -> None:
    Authenticator.objects.create(user=cast.chi, type=Authenticator.Type.TOTP, data={"secret": "x"})
    client.force_login(cast.chi)

    assert client.get(home(cast)).status_code == 200


def test_nobody_is_asked_where_the_installation_does_not(
    client: Client, cast: Cast, settings: Settings
) -> None:
    settings.SECOND_FACTOR_REQUIRED = False
    client.force_login(cast.an)

    assert client.get(home(cast)).status_code == 200
