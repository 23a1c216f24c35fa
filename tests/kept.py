"""A scene that takes a second to make is made once for the tests that follow one another in it.

    @in_scene(published_stage)
    def test_…(stage: Stage) -> None:

Every test has a copy of the scene, and what the test writes is rolled back.
"""

import copy
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import pytest
from django.db import connection, transaction

from tests.people import Cast, make_cast

Make = Callable[[Cast], Any]


def in_scene(make: Make) -> pytest.MarkDecorator:
    """The mark of a test, or of a module, in whose scene `make` has been at work."""
    return pytest.mark.scene.with_args(make)


def people_alone(cast: Cast) -> None:
    """The scene of tests that make their own year."""


def make_of(item: pytest.Item) -> Make:
    """What makes the scene of a test; of what it does not ask for, nothing is made."""
    mark = item.get_closest_marker("scene")
    return mark.args[0] if mark and "set_up" in item.fixturenames else people_alone


@contextmanager
def undone() -> Iterator[None]:
    """Whatever is written meanwhile is rolled back."""
    outermost = transaction.atomic()
    # As in TestCase of Django: a durable block may stand in this one.
    outermost._from_testcase = True  # type: ignore[attr-defined]
    with outermost:
        yield
        if connection.atomic_blocks[-1] is not outermost:
            raise RuntimeError("Something that began after the scene has not ended yet.")
        transaction.set_rollback(True)


class Keeper:
    """Keeps one scene at a time, in a transaction that is never committed."""

    def __init__(self) -> None:
        self.make: Make | None = None
        self.made: tuple[Cast, Any] | None = None
        self.kept = ExitStack()

    def scene(self, make: Make) -> tuple[Cast, Any]:
        """A copy of the people and of what `make` makes of them."""
        if self.make is not make:
            self.drop()
            self.kept.enter_context(undone())
            cast = make_cast()
            self.make, self.made = make, (cast, make(cast))
        return copy.deepcopy(self.made)

    def drop(self) -> None:
        """Other tests find the database empty."""
        self.make = self.made = None
        self.kept.close()


KEEPER = Keeper()


@contextmanager
def one_test(keeper: Keeper, make: Make) -> Iterator[tuple[Cast, Any]]:
    """A copy of the scene, and the tables as it left them, for the length of one test."""
    scene = keeper.scene(make)
    with undone():
        yield scene
        connection.check_constraints()
