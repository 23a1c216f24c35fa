"""Pages are loaded without the indentation of their templates, letters as they are written."""

from pathlib import Path

from django.template import Engine

from emulation_bloc.lib.templates import Loader

SOURCE = "<p>\n    one\n\n  <b>two  three</b>\n</p>\n"


def loaded(folder: Path, name: str) -> str:
    (folder / name).write_text(SOURCE)
    loader = Loader(Engine(dirs=[str(folder)]))
    return loader.get_contents(next(iter(loader.get_template_sources(name))))


def test_a_page_is_loaded_without_its_indentation(tmp_path: Path) -> None:
    assert loaded(tmp_path, "page.html") == "<p>\none\n\n<b>two  three</b>\n</p>\n"


def test_a_letter_is_loaded_as_it_is_written(tmp_path: Path) -> None:
    assert loaded(tmp_path, "letter.txt") == SOURCE
