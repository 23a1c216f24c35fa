"""What tests/shared_scene.py keeps for the tests of a scene reaches no other test."""

import pytest
from django.db import transaction

from members.models import Board
from tests.conftest import DATA_DIR
from tests.people import Cast
from tests.scenes import cast, db
from tests.shared_scene import SCENE_KEEPER, SceneKeeper, StoredFiles, people_alone, sign_of

__all__ = ["cast", "db"]

pytestmark = pytest.mark.in_turn

# The first two follow one another in one process: the second is the first after a kept scene, as
# the tests of a whole file may be when the files are given in another order.


def test_a_scene_is_kept_after_its_test(cast: Cast) -> None:
    assert (SCENE_KEEPER.made is not None, Board.objects.count()) == (True, 3)


@pytest.mark.django_db
def test_the_first_test_after_a_scene_finds_the_database_empty() -> None:
    assert (SCENE_KEEPER.made, Board.objects.count()) == (None, 0)


@pytest.mark.django_db
def test_a_scene_cannot_end_within_what_was_begun_after_it() -> None:
    """The block begun last would be undone in its place, and the scene would stay unseen."""
    keeper = SceneKeeper()
    keeper.scene((people_alone,))

    with pytest.raises(RuntimeError, match="began after the scene"), transaction.atomic():
        keeper.drop()


def test_a_file_of_the_scene_that_a_test_damages_is_put_back() -> None:
    """The database forgets what a test does; the folder of the files does not."""
    path = DATA_DIR / "one"
    path.write_bytes(b"as the scene has left it")
    kept = StoredFiles({path: (path.read_bytes(), sign_of(path))})

    for damage in (lambda: path.write_bytes(b"changed"), path.unlink):
        damage()
        kept.put_back()
        assert path.read_bytes() == b"as the scene has left it"
