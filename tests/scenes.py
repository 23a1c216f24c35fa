"""Fixtures of folders in which tests share scenes (tests/kept.py): taken over in their conftest.py.

A test that asks for them has no django_db mark: it would open a transaction that ends with the test
inside the one that keeps the scene. Nothing of Django may be imported here: a conftest.py may be
read before it is set up.
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
