"""The frame around every page: what it offers to whom, and that it is there to go back by."""

import pytest

from tests.covenants.pages import as_, url
from tests.people import Cast


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
