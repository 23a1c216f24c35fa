import shutil
from pathlib import Path

import pytest
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

from emulation_bloc.lib.fonts import (
    DIRECTORIES,
    LETTERS,
    VIETNAMESE,
    FacesMissing,
    missing_letters,
    paper_faces,
)


def poorer_copy(source: Path, target: Path, *, without: str) -> None:
    """Write the face to ``target`` without some letters, as Debian's fonts-liberation 1.07 is."""
    with TTFont(source) as font:
        subsetter = Subsetter(Options())
        subsetter.populate(unicodes=set(font.getBestCmap()) - set(map(ord, without)))
        subsetter.subset(font)
        font.save(target)


def copy_family(directory: Path) -> Path:
    directory.mkdir()
    faces = paper_faces()
    for file in (faces.regular, faces.bold, faces.italic, faces.bold_italic):
        shutil.copy(file, directory)
    return directory / faces.regular.name


def test_the_alphabet_counts_every_toned_letter_twice() -> None:
    assert (len(VIETNAMESE), len(set(VIETNAMESE))) == (146, 146)
    assert set("ạẢẫẰẳẵẶđĐơƯữỹỴ\N{NO-BREAK SPACE}“”–…") <= set(LETTERS)


def test_the_installed_faces_draw_every_letter() -> None:
    faces = paper_faces()
    files = (faces.regular, faces.bold, faces.italic, faces.bold_italic)
    assert [missing_letters(file) for file in files] == ["", "", "", ""]


def test_missing_letters_names_what_a_face_lacks(tmp_path: Path) -> None:
    poorer_copy(paper_faces().regular, tmp_path / "poor.ttf", without="ơưạảấ")
    assert set(missing_letters(tmp_path / "poor.ttf")) == set("ơưạảấ")


def test_an_incomplete_family_is_passed_over_for_the_next_directory(tmp_path: Path) -> None:
    regular = copy_family(tmp_path / "poor")
    poorer_copy(paper_faces().regular, regular, without="ơư")
    assert paper_faces((tmp_path / "poor", *DIRECTORIES)) == paper_faces()


def test_a_family_without_one_style_is_refused_with_advice(tmp_path: Path) -> None:
    regular = copy_family(tmp_path / "three")
    regular.unlink()
    with pytest.raises(FacesMissing, match=f"fonts-croscore.*{regular.name}: absent"):
        paper_faces((tmp_path / "three",))


def test_an_empty_directory_is_refused_with_the_package_to_install(tmp_path: Path) -> None:
    with pytest.raises(FacesMissing) as refused:
        paper_faces((tmp_path,))
    assert str(refused.value) == (
        "No complete Vietnamese face for papers: install the Debian package fonts-croscore "
        f"(or fonts-liberation2). Looked in {tmp_path}. Found: nothing there."
    )


def test_debian_s_liberation_is_taken_only_where_it_draws_every_letter() -> None:
    regulars = [directory / "LiberationSerif-Regular.ttf" for directory in DIRECTORIES]
    for regular in filter(Path.is_file, regulars):
        complete = not missing_letters(regular)
        assert _is_accepted(regular.parent) == complete


def _is_accepted(directory: Path) -> bool:
    try:
        return paper_faces((directory,)).family == "Liberation Serif"
    except FacesMissing:
        return False
