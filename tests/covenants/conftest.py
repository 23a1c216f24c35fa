"""Tests of papers share scenes: a sealed covenant takes half a second to make."""

from typing import TYPE_CHECKING

import pytest

from tests.scenes import cast, db, prepared

__all__ = ["cast", "db"]

if TYPE_CHECKING:
    from covenants.models import Paper
    from tests.people import Cast


@prepared
def paper(cast: "Cast") -> "Paper":
    """A covenant that could be sealed once it was discussed."""
    from tests.people import draft_covenant

    return draft_covenant(cast.year, actor=cast.chi)


@pytest.fixture
def consulting(paper: "Paper", cast: "Cast") -> "Paper":
    from covenants.papers import consultation

    consultation.open_consultation(paper, actor=cast.chi)
    return type(paper).objects.get(pk=paper.pk)
