"""The order of the tests: chance decides (pytest-randomly), as far as it costs no time.

The seed stands at the head of each run; `make test ARGS=--randomly-seed=7` repeats that order.
"""

from collections.abc import Hashable, Iterable

import pytest

from tests.conftest import commits
from tests.shared_scene import makes_of

# Whoever asks for one of them, by whatever way, may open the database; pytest-django refuses it to
# all others.
OPENING = {"db", "transactional_db", "django_db_reset_sequences", "live_server", "shared_scene"}


def touches_database(item: pytest.Item) -> bool:
    """Whether the test may end otherwise on another database."""
    is_marked = item.get_closest_marker("django_db") is not None
    return is_marked or not OPENING.isdisjoint(getattr(item, "fixturenames", ()))


def is_in_turn(item: pytest.Item) -> bool:
    return item.get_closest_marker("in_turn") is not None


def company_of(item: pytest.Item) -> Hashable:
    """What a test shares with those that it shall stand among: its scene, else its module."""
    has_scene = "shared_scene" in getattr(item, "fixturenames", ()) and not commits(item)
    return makes_of(item) if has_scene and not is_in_turn(item) else item.path


def in_order(items: Iterable[pytest.Item]) -> list[pytest.Item]:
    """First the long tests, so that at the end no worker waits for another that has just begun one;
    last those that empty the tables. Besides, a company stands where chance has put the first of
    it, and those in it as chance has put them, or as they are written where they go in turn."""
    shuffled = list(items)
    first: dict[Hashable, int] = {}
    for place, item in enumerate(shuffled):
        first.setdefault(company_of(item), place)
    return sorted(
        shuffled,
        key=lambda item: (
            item.get_closest_marker("long") is None,
            commits(item),
            first[company_of(item)],
            item.location[1] if is_in_turn(item) else 0,
        ),
    )
