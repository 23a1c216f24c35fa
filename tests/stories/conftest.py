"""Tests of a story share what has happened before they begin: a signed covenant takes a second."""

from tests.scenes import cast, db

__all__ = ["cast", "db"]
