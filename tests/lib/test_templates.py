"""Pages are loaded without the white space of their templates, letters as they are written."""

from pathlib import Path

import pytest
from django.template import Engine

from emulation_bloc.lib.templates import Loader


def loaded(folder: Path, name: str, source: str) -> str:
    (folder / name).write_text(source)
    loader = Loader(Engine(dirs=[str(folder)]))
    return loader.get_contents(next(iter(loader.get_template_sources(name))))


@pytest.mark.parametrize(
    ("source", "left"),
    [
        ("<p>\n    one\n\n  <b>two  three</b>\n</p>\n", "<p>\none\n<b>two  three</b>\n</p>\n"),
        # Silent tags on lines of their own leave one line end before what they surround.
        (
            "a\n{% if x %}\n  b\n{% else %}\n  c\n{% endif %}\nd\n",
            "a\n{% if x %}b\n{% else %}c\n{% endif %}d\n",
        ),
        ("a\n{% endif %}\n{% for x in y %}\n  b\n", "a\n{% endif %}{% for x in y %}b\n"),
        # What prints, or stands beside a word, keeps the end of its line.
        (
            '{% translate "a" %}\n{% translate "b" %}\n',
            '{% translate "a" %}\n{% translate "b" %}\n',
        ),
        ("a{% if x %}\nb{% endif %}\nc\n", "a{% if x %}\nb{% endif %}\nc\n"),
        ("a\n{% if x %}b{% endif %}\nc\n", "a\n{% if x %}b{% endif %}\nc\n"),
        # Nothing before the first line is known here: who includes the template may write on.
        ("{% if x %}\nb\n", "{% if x %}\nb\n"),
    ],
)
def test_a_page_is_loaded_without_idle_white_space(tmp_path: Path, source: str, left: str) -> None:
    assert loaded(tmp_path, "page.html", source) == left
    assert loaded(tmp_path, "letter.txt", source) == source
