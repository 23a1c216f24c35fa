import hashlib
from pathlib import Path

import pytest
from pytest_django import Settings

from members.models import StoredFile
from members.records import files

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def empty_shelf(settings: Settings, tmp_path: Path) -> Path:
    settings.FILES_DIR = tmp_path
    return tmp_path


def test_file_is_read_as_it_was_stored() -> None:
    stored = files.store(b"noi dung", media_type="text/plain")

    assert files.read_content(stored) == b"noi dung"
    assert stored.sha256 == hashlib.sha256(b"noi dung").hexdigest()
    assert stored.size == 8


def test_same_bytes_are_kept_once(empty_shelf: Path) -> None:
    first = files.store(b"x", media_type="text/plain")
    second = files.store(b"x", media_type="text/plain")

    assert first == second
    assert StoredFile.objects.count() == 1
    assert len([path for path in empty_shelf.rglob("*") if path.is_file()]) == 1


def test_file_changed_on_disk_is_never_handed_out() -> None:
    stored = files.store(b"x", media_type="text/plain")
    files.path_of(stored.sha256).write_bytes(b"y")

    with pytest.raises(files.FileDamaged):
        files.read_content(stored)
    assert list(files.faults()) == [f"file {stored.sha256} was changed on disk"]


def test_missing_file_is_told() -> None:
    stored = files.store(b"x", media_type="text/plain")
    files.path_of(stored.sha256).unlink()

    assert list(files.faults()) == [f"file {stored.sha256} is missing"]


def test_file_left_by_a_killed_process_is_found_again(empty_shelf: Path) -> None:
    """The bytes were renamed into place, the row never came: storing again only adds the row."""
    content = b"half way"
    files.write_durably(files.path_of(hashlib.sha256(content).hexdigest()), content)

    stored = files.store(content, media_type="text/plain")

    assert files.read_content(stored) == content


def test_folder_of_files_is_closed_to_others(empty_shelf: Path) -> None:
    stored = files.store(b"x", media_type="text/plain")
    path = files.path_of(stored.sha256)

    assert path.stat().st_mode & 0o077 == 0
    assert path.parent.stat().st_mode & 0o077 == 0
