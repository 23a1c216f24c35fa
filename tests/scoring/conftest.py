"""Scoring tests share scenes: a year open for scoring needs a signed covenant and a scale in force,
which take a second to make.
"""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.scenes import cast, db

__all__ = ["cast", "db"]

if TYPE_CHECKING:
    from scoring.models import Scale, Scoring
    from tests.scoring.years import Stage

HERE = Path(__file__).parent


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests of one scene follow one another, so that it is made once."""
    from tests.shared_scene import make_of

    places = [n for n, item in enumerate(items) if item.path.is_relative_to(HERE)]
    ordered = sorted((items[n] for n in places), key=lambda item: make_of(item).__name__)
    for n, item in zip(places, ordered, strict=True):
        items[n] = item


# --- What scenes are called in the tests ----------------------------------------------------------


@pytest.fixture
def stage(set_up: "Stage", db: None) -> "Stage":
    return set_up


@pytest.fixture
def scoring(set_up: "Scoring", db: None) -> "Scoring":
    return set_up


@pytest.fixture
def published(set_up: "Scoring", db: None) -> "Scoring":
    return set_up


@pytest.fixture
def scale(set_up: "Scale", db: None) -> "Scale":
    return set_up
