"""Scoring tests share scenes: a year open for scoring needs a signed covenant and a scale in force,
which take a second to make.
"""

from typing import TYPE_CHECKING

import pytest

from tests.scenes import cast, db

__all__ = ["cast", "db"]

if TYPE_CHECKING:
    from scoring.models import Scale, Scoring
    from tests.scoring.years import Stage

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
