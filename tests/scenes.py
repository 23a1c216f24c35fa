"""Fixtures of folders in which tests share scenes (tests/kept.py): taken over in their conftest.py.

A test that asks for them has no django_db mark: it would open a transaction that ends with the test
inside the one that keeps the scene. Nothing of Django may be imported here: a conftest.py may be
read before it is set up.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.kept import Scene
    from tests.people import Cast


@pytest.fixture
def db(kept: "Scene") -> None:
    """The database as the scene has left it."""


@pytest.fixture
def cast(kept: "Scene", db: None) -> "Cast":
    return kept[0]


def prepared(make: Callable[["Cast"], Any]) -> Any:
    """A fixture that is part of the scene: what it makes of the people is made once for the tests
    that follow one another with it."""

    def copied(kept: "Scene", db: None) -> Any:
        return kept[1][make]

    setattr(copied, "make", make)  # noqa: B010 - functions have no such attribute of their own
    return pytest.fixture(name=make.__name__)(copied)
