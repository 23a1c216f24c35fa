from pathlib import Path

import pytest
from pytest_django import Settings

from emulation_bloc import checks
from emulation_bloc.lib import fonts
from members.records import triggers
from tests.append_only import drop_triggers


def ids(messages: list) -> list[str]:
    return [message.id for message in messages]


@pytest.mark.django_db
def test_sound_installation_has_no_fault() -> None:
    assert checks.paper_faces_are_complete() == []
    assert checks.triggers_are_in_place(databases=["default"]) == []
    assert checks.secret_is_set() == []
    assert checks.keys_are_readable() == []


@pytest.mark.django_db
def test_missing_trigger_is_a_fault() -> None:
    drop_triggers()

    found = ids(checks.triggers_are_in_place(databases=["default"]))
    triggers.install()

    assert set(found) == {"portal.E002"}


def test_triggers_are_not_looked_for_without_a_database() -> None:
    assert checks.triggers_are_in_place(databases=None) == []


def test_missing_paper_face_is_a_fault(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    complete = fonts.paper_faces
    monkeypatch.setattr(fonts, "paper_faces", lambda: complete((tmp_path,)))

    assert ids(checks.paper_faces_are_complete()) == ["portal.E001"]


def test_desk_key_on_an_installation_is_a_fault(settings: Settings) -> None:
    settings.SECRET_KEY = settings.DEVELOPMENT_KEY

    assert ids(checks.secret_is_set()) == ["portal.E003"]


def test_unreadable_keys_are_a_fault(settings: Settings, tmp_path: Path) -> None:
    settings.KEYS_DIR = tmp_path
    (tmp_path / "authority").mkdir()

    assert ids(checks.keys_are_readable()) == ["portal.E004"]
