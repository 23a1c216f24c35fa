"""Finds the typeface of official papers: metrics of Times, all Vietnamese letters.

A face without some letters makes papers silently wrong, so each file is checked before use.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import ascii_letters, digits, punctuation

from fontTools.ttLib import TTFont

DIRECTORIES = (
    Path("/usr/share/fonts/truetype/croscore"),
    Path("/usr/share/fonts/truetype/liberation2"),
    # Holds the complete version 2 from Debian 13 on, and the incomplete 1.07 before.
    Path("/usr/share/fonts/truetype/liberation"),
)
FAMILIES = {"Tinos": "Tinos", "Liberation Serif": "LiberationSerif"}
STYLES = ("Regular", "Bold", "Italic", "BoldItalic")

_VOWELS = "aăâeêioôơuưy"
_TONES = ("", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323")
_TONED = "".join(unicodedata.normalize("NFC", vowel + tone) for vowel in _VOWELS for tone in _TONES)
VIETNAMESE = _TONED + "đ" + _TONED.upper() + "Đ"
SIGNS = "\N{NO-BREAK SPACE} “”‘’–—…·•°§×"
LETTERS = ascii_letters + digits + punctuation + VIETNAMESE + SIGNS


class FacesMissing(RuntimeError):
    """No complete family was found; the message names the Debian package to install."""


@dataclass(frozen=True)
class PaperFaces:
    """The four files of a family, all with every letter in LETTERS."""

    family: str
    regular: Path
    bold: Path
    italic: Path
    bold_italic: Path


@cache
def paper_faces(directories: tuple[Path, ...] = DIRECTORIES) -> PaperFaces:
    """The first complete family (Tinos or Liberation Serif 2) in the directories, in order.

    Raises FacesMissing with what was incomplete and the Debian package to install.
    """
    wanting: list[str] = []
    for directory in directories:
        for family, stem in FAMILIES.items():
            files = [directory / f"{stem}-{style}.ttf" for style in STYLES]
            flaws = _flaws(files)
            if not flaws:
                return PaperFaces(family, *files)
            wanting += flaws
    raise FacesMissing(_advice(directories, wanting))


def missing_letters(path: Path) -> str:
    """The characters of LETTERS that the font file lacks; "" if none."""
    with TTFont(path, lazy=True) as font:
        known = font.getBestCmap()
    return "".join(letter for letter in LETTERS if ord(letter) not in known)


def _flaws(files: Sequence[Path]) -> list[str]:
    """Why the files cannot be used: all absent, some absent, or letters missing; [] if complete."""
    if not any(file.is_file() for file in files):
        return ["absent"]
    absent = [f"{file}: absent" for file in files if not file.is_file()]
    letters = {file: missing_letters(file) for file in files if file.is_file()}
    return absent + [f"{file}: lacks {lack}" for file, lack in letters.items() if lack]


def _advice(directories: Sequence[Path], wanting: Sequence[str]) -> str:
    looked = ", ".join(str(directory) for directory in directories)
    found = "; ".join(flaw for flaw in wanting if flaw != "absent") or "nothing there"
    return (
        "No complete Vietnamese face for papers: install the Debian package fonts-croscore "
        f"(or fonts-liberation2). Looked in {looked}. Found: {found}."
    )
