"""Fixtures for folders whose tests share scenes (tests/shared_scene.py); imported by their
conftest.py.

A test that uses them has no django_db mark: that would open a transaction within the scene's one.
Django must not be imported here: conftest.py may be read before it is set up.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.people import Cast
    from tests.shared_scene import Scene


@pytest.fixture
def db(shared_scene: "Scene") -> None:
    """The database as the scene has left it."""


@pytest.fixture
def cast(shared_scene: "Scene", db: None) -> "Cast":
    return shared_scene[0]


def prepared(make: Callable[["Cast"], Any]) -> Any:
    """A fixture that is part of the scene: what it makes of the people is made once for the tests
    that follow one another with it."""

    def copied(shared_scene: "Scene", db: None) -> Any:
        return shared_scene[1][make]

    setattr(copied, "make", make)  # noqa: B010 - functions have no such attribute of their own
    return pytest.fixture(name=make.__name__)(copied)
