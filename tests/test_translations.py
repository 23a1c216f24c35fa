"""The Vietnamese catalogue is complete and has exactly the strings used in the code."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ["emulation_bloc", "members", "covenants", "fund", "events", "scoring"]
SOURCES += ["templates", "locale", "manage.py"]
CATALOGUE = Path("locale/vi/LC_MESSAGES/django.po")


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The catalogue as `make messages` would leave it, made in a copy."""
    copy = tmp_path_factory.mktemp("messages")
    for name in SOURCES:
        source = ROOT / name
        (shutil.copytree if source.is_dir() else shutil.copy2)(source, copy / name)
    subprocess.run(
        [sys.executable, "manage.py", "makemessages", "--locale", "vi", "--no-location"],
        cwd=copy,
        env=os.environ | {"DATA_DIR": str(copy / "data")},
        check=True,
        capture_output=True,
    )
    return copy / CATALOGUE


def entries(catalogue: Path, selection: str) -> list[str]:
    """The msgid lines of the entries that gettext's msgattrib selects; the header is not one."""
    command = ["msgattrib", selection, "--no-wrap", str(catalogue)]
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    lines = [line.removeprefix("#~ ") for line in output.splitlines()]
    return [line for line in lines if line.startswith("msgid ") and line != 'msgid ""']


@pytest.mark.parametrize("selection", ["--untranslated", "--only-fuzzy", "--only-obsolete"])
def test_no_string_is_untranslated_or_fuzzy_or_unused(collected: Path, selection: str) -> None:
    assert entries(collected, selection) == []


def test_the_catalogue_has_strings(collected: Path) -> None:
    assert len(entries(collected, "--translated")) > 100


def test_each_kind_of_fault_is_found(tmp_path: Path) -> None:
    catalogue = tmp_path / "django.po"
    catalogue.write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
        'msgid "Fund"\nmsgstr "Quỹ"\n\n'
        'msgid "Board"\nmsgstr ""\n\n'
        '#, fuzzy\nmsgid "Boards"\nmsgstr "Quỹ"\n\n'
        '#~ msgid "Gone"\n#~ msgstr "Đã bỏ"\n'
    )
    assert [
        entries(catalogue, s) for s in ("--untranslated", "--only-fuzzy", "--only-obsolete")
    ] == [
        ['msgid "Board"'],
        ['msgid "Boards"'],
        ['msgid "Gone"'],
    ]
