"""Builds a slow scene once for consecutive tests that use it.

    @in_scene(published_stage)
    def test_…(stage: Stage) -> None:

or, where the scene is what a fixture makes of the people (`prepared` in tests/scenes.py),

    @prepared
    def paper(cast: Cast) -> Paper:

Every test has a copy of the scene, and what the test writes is rolled back.
"""

import copy
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Self

import pytest
from _pytest.fixtures import FixtureDef
from django.db import connection, transaction

from members.models import StoredFile
from members.records import files
from tests.people import Cast, make_cast

Make = Callable[[Cast], Any]
Scene = tuple[Cast, dict[Make, Any]]


def in_scene(make: Make) -> pytest.MarkDecorator:
    """The mark of a test, or of a module, in whose scene `make` has been at work."""
    return pytest.mark.scene.with_args(make)


def people_alone(cast: Cast) -> None:
    """The scene of tests that make their own year."""


def makes_of(item: pytest.Item) -> tuple[Make, ...]:
    """What makes the scene of a test; of what it does not ask for, nothing is made."""
    mark = item.get_closest_marker("scene")
    marked = [mark.args[0]] if mark and "set_up" in item.fixturenames else []
    return (*marked, *map(make_of, prepared_of(item))) or (people_alone,)


def prepared_of(item: pytest.Item) -> list[FixtureDef]:
    """The fixtures of a test that are prepared with its scene, in the order of their names."""
    found = item._fixtureinfo.name2fixturedefs
    used = (found[name][-1] for name in sorted(item.fixturenames) if name in found)
    return [fixture for fixture in used if make_of(fixture)]


def make_of(fixture: FixtureDef) -> Make:
    return getattr(fixture.func, "make", None)


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


def new_scene(makes: tuple[Make, ...]) -> Scene:
    cast = make_cast()
    return cast, {make: make(cast) for make in makes}


class StoredFiles(dict[Path, tuple[bytes, tuple[int, int] | None]]):
    """The stored files of a scene, which no transaction puts back when a test damages them."""

    @classmethod
    def of_now(cls) -> Self:
        paths = map(files.path_of, StoredFile.objects.values_list("sha256", flat=True))
        return cls((path, (path.read_bytes(), sign_of(path))) for path in paths)

    def put_back(self) -> None:
        for path, (content, sign) in self.items():
            if sign_of(path) != sign:
                path.write_bytes(content)
                self[path] = content, sign_of(path)


def sign_of(path: Path) -> tuple[int, int] | None:
    """What differs once a file was written anew; nothing of a file that is gone."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_mtime_ns, found.st_size


class SceneKeeper:
    """Keeps one scene at a time, in a transaction that is never committed."""

    def __init__(self) -> None:
        self.makes: tuple[Make, ...] = ()
        self.made: Scene | None = None
        self.files = StoredFiles({})
        self.transaction = ExitStack()

    def scene(self, makes: tuple[Make, ...]) -> Scene:
        """A copy of the people and of what each of `makes` makes of them."""
        if self.makes != makes:
            self.drop()
            self.transaction.enter_context(undone())
            self.made = new_scene(makes)
            self.makes, self.files = makes, StoredFiles.of_now()
        return copy.deepcopy(self.made)

    def drop(self) -> None:
        """Other tests find the database empty."""
        self.makes, self.made = (), None
        self.transaction.close()


SCENE_KEEPER = SceneKeeper()


@contextmanager
def one_test(keeper: SceneKeeper, makes: tuple[Make, ...]) -> Iterator[Scene]:
    """A copy of the scene, and the tables as it left them, for the length of one test."""
    scene = keeper.scene(makes)
    try:
        with undone():
            yield scene
            if not connection.needs_rollback:
                connection.check_constraints()
    finally:
        keeper.files.put_back()
