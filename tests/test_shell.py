"""The frame around every page: its links, by person and year."""

import pytest
from django.urls import reverse

from tests.covenants.pages import as_, url
from tests.members.pages import page
from tests.people import Cast, make_user


@pytest.mark.parametrize(
    ("name", "offered"), [("an", True), ("binh", True), ("em", False), ("chi", False)]
)
def test_the_menu_offers_a_key_to_those_who_may_hold_one(
    cast: Cast, name: str, offered: bool
) -> None:
    body = as_(getattr(cast, name)).get(url("paper")).content.decode()
    assert (f'href="{url("enrol")}"' in body) == offered


def test_who_is_turned_away_keeps_the_way_back(cast: Cast) -> None:
    answer = as_(cast.em).get(url("enrol"))
    body = answer.content.decode()
    assert (answer.status_code, body.count("<h1"), 'class="rail"' in body) == (403, 1, True)


@pytest.mark.parametrize("name", ["account_change_password", "mfa_index"])
def test_pages_of_ones_own_login_keep_the_frame_of_the_year(cast: Cast, name: str) -> None:
    body = as_(cast.em).get(reverse(name)).content.decode()
    assert f'href="{page("covenants:paper", cast.year)}"' in body


def test_a_login_without_a_post_has_no_year_around_it(cast: Cast) -> None:
    answer = as_(make_user("le")).get(reverse("account_change_password"))
    assert (answer.status_code, answer.context["bloc_year"]) == (200, None)
