"""Tests of a story share what happened before: a signed covenant takes a second to make."""

from tests.scenes import cast, db

__all__ = ["cast", "db"]
