"""Fixtures for folders whose tests share scenes (tests/shared_scene.py); imported by their
conftest.py.

A test that uses them has no django_db mark: that would open a transaction within the scene's one.
Django must not be imported here: conftest.py may be read before it is set up.
"""

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.people import Cast


@pytest.fixture
def db(kept: tuple["Cast", Any]) -> None:
    """The database as the scene has left it."""


@pytest.fixture
def cast(kept: tuple["Cast", Any], db: None) -> "Cast":
    return kept[0]
