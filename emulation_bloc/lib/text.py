"""Vietnamese text: normalising, searching, sorting, comparing, breaking titles; dates,
fingerprints.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from typing import Literal

GRAVE, HOOK, TILDE, ACUTE, DOT = "\u0300", "\u0309", "\u0303", "\u0301", "\u0323"
# Huyền, hỏi, ngã, sắc, nặng: the order of dictionaries; ngang has no mark and comes first.
TONES = {GRAVE: "1", HOOK: "2", TILDE: "3", ACUTE: "4", DOT: "5"}
BREVE, CIRCUMFLEX, HORN = "\u0306", "\u0302", "\u031b"
# Order of letters with the same base: a ă â, d đ, e ê, o ô ơ, u ư.
SHAPES = {BREVE: "1", CIRCUMFLEX: "2", HORN: "3"}

# Names of boards may be broken before JOINTS, but not after LEADING.
JOINTS = frozenset(("khu", "các", "và", "tỉnh", "thành"))
LEADING = frozenset(("các", "và"))
LINE, BEFORE_NAME, INSIDE_WORD = 1_000_000, 900_000, 2_500_000

Unit = Literal["word", "line"]
_TOKEN: dict[Unit, re.Pattern[str]] = {
    "word": re.compile(r"\w+|\s+|[^\w\s]"),
    "line": re.compile(r"[^\n]+|\n"),
}
_SYLLABLE = re.compile(r"[^\W\d_]+|\d+")
_HIDDEN = re.compile("[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\u202a-\\u202e\\u2066-\\u2069]")
_SHA256 = re.compile(r"[0-9a-fA-F]{64}")


def nfc(s: str) -> str:
    """The text in NFC, the form that is stored and printed."""
    return unicodedata.normalize("NFC", s)


def visible(s: str) -> str:
    """The text without control characters (line ends and tabs stay) and without bidirectional
    marks, with which it would read differently from what is stored and signed.
    """
    return _HIDDEN.sub("", s)


def fold(s: str) -> str:
    """Lower case without diacritics, đ as d, for both sides of a search.

    NUL is dropped, because databases reject it.
    """
    decomposed = unicodedata.normalize("NFD", s.lower()).replace("đ", "d").replace("\0", "")
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def sort_key(s: str) -> str:
    """A key that sorts like a Vietnamese dictionary: by syllable, letters before tones.

    Letters in the order a ă â b c d đ e ê …, tones ngang huyền hỏi ngã sắc nặng, numbers by value;
    punctuation only separates syllables. The key consists of 0-9 and a-z, so that every database
    collation sorts it alike and it may be stored.
    """
    syllables = _SYLLABLE.findall(nfc(s).lower())
    return "".join(_syllable_key(syllable) for syllable in syllables)


def _syllable_key(syllable: str) -> str:
    """Two characters per letter ("a2" is â), then 0 and the tones; 0 sorts shorter
    syllables first.
    """
    if syllable.isdecimal():
        digits = str(int(syllable))
        return f"1{min(len(digits), 9)}{digits}00"
    letters, tones = "", ""
    for letter in syllable:
        base, *marks = list(unicodedata.normalize("NFD", letter))
        shape = next((SHAPES[mark] for mark in marks if mark in SHAPES), "0")
        letters += _letter_key(base, shape)
        tones += "".join(TONES.get(mark, "") for mark in marks)
    return f"{letters}0{tones or '0'}"


def _letter_key(base: str, shape: str) -> str:
    if base == "đ":
        return "d1"
    return base + shape if "a" <= base <= "z" else f"z9{ord(base):06x}"


def title_lines(s: str, longest: int) -> list[str]:
    """Break the name of a body into lines of at most ``longest`` letters, for titles and seats.

    As few and as even lines as possible, broken preferably before JOINTS ("tỉnh", "và các", "Khu
    …"), then before a proper name; compounds ("kinh tế", "Dung Quất") only if that saves two lines.
    A longer single word is not broken.
    """
    words = s.split()
    plans: dict[int, tuple[int, list[str]]] = {len(words): (0, [])}
    for start in reversed(range(len(words))):
        plans[start] = min(
            (plans[end][0] + _line_cost(words, start, line), [line, *plans[end][1]])
            for end, line in _first_lines(words, start, longest)
        )
    return plans[0][1]


def _first_lines(words: list[str], start: int, longest: int) -> Iterator[tuple[int, str]]:
    """Each line that can begin at ``start``, with the index of the word after it."""
    for end in range(start + 1, len(words) + 1):
        line = " ".join(words[start:end])
        if len(line) > longest and end > start + 1:
            return
        yield end, line


def _line_cost(words: list[str], start: int, line: str) -> int:
    """Cost of a line: the number of lines counts most, then where it begins, then its squared
    length.
    """
    return LINE + _break_cost(words, start) + len(line) ** 2


def _break_cost(words: list[str], start: int) -> int:
    if not start:
        return 0
    before, word = words[start - 1], words[start]
    if before.lower() in LEADING:
        return INSIDE_WORD
    if word.lower() in JOINTS:
        return 0
    return BEFORE_NAME if word[0].isupper() and not before[0].isupper() else INSIDE_WORD


def official_date(day: date) -> str:
    """ "ngày 04 tháng 5 năm 2019": leading zero for days below 10 and months 1 and 2 only.

    Source: Decree 30/2020/NĐ-CP, Appendix I.
    """
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


def fingerprint(sha256hex: str, groups: int = 8) -> str:
    """The first ``groups`` (1 to 16) groups of four digits of a SHA-256: "7F3A 91C4 …".

    Raises ValueError unless given 64 hexadecimal digits.
    """
    if not _SHA256.fullmatch(sha256hex):
        raise ValueError("A SHA-256 has 64 hexadecimal digits.")
    digits = sha256hex.upper()
    return " ".join(digits[i : i + 4] for i in range(0, 64, 4)[:groups])


@dataclass(frozen=True)
class Segment:
    """A run of text in a comparison: in both texts, only in the new, or only in the old."""

    kind: Literal["same", "added", "removed"]
    text: str


def differences(old: str, new: str, *, by: Unit = "word") -> list[Segment]:
    """The differences of two texts by word or by line, in reading order, removals before additions.

    The same and removed segments joined give ``old``, the same and added ones ``new``.
    """
    if old == new:
        return [Segment("same", new)] if new else []
    before, after = _TOKEN[by].findall(old), _TOKEN[by].findall(new)
    segments: list[Segment] = []
    # Spaces are junk to the matcher, so that equal spaces do not split a change into many.
    matcher = SequenceMatcher(str.isspace, before, after, autojunk=False)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        removed, added = "".join(before[i1:i2]), "".join(after[j1:j2])
        if tag == "equal":
            segments.append(Segment("same", removed))
            continue
        segments += [Segment("removed", removed)] if removed else []
        segments += [Segment("added", added)] if added else []
    return segments
