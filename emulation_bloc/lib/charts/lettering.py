"""Estimates the width of a text without a browser, never too small, and breaks texts into lines."""

import unicodedata
from itertools import accumulate, takewhile
from math import ceil

from emulation_bloc.lib.charts.svg import clean

# Pixels; portal.css and paper-charts.css set the same size.
SIZE = 13
LEADING = 16
# From the top of a line of LEADING to its baseline.
ASCENT = 12.5
CUT = "…"
EVEN_STEP = 6

# Upper bounds in em, for Be Vietnam Pro 400 with the digits of Inter (all as wide as "0") and for
# Tinos, the face of papers. Marks add nothing to a letter.
LETTERS = {
    0.25: "' \N{NO-BREAK SPACE}",
    0.3: ".:ijl",
    0.35: "!,;I`·‘’",
    0.4: "fr",
    0.45: '"()t|“”',
    0.5: "*J[\\]{}°",
    0.55: "/sz~",
    0.6: "<>?^hknuvxy×•",
    0.65: "$+-012356789EFLPSTceg",
    0.7: "4BRZabdopqđ–",
    0.75: "=ADHKNVXY_",
    0.8: "&CGUĐ",
    0.85: "#%OQ",
    0.9: "Mmw",
    1.0: "—" + CUT,
    1.05: "@W",
}
UNKNOWN = 1.1
WIDTHS = {letter: width for width, letters in LETTERS.items() for letter in letters}


def width_of(words: str) -> float:
    """An upper bound for the width in pixels at SIZE."""
    return SIZE * sum(WIDTHS.get(_base(letter), UNKNOWN) for letter in words)


def _base(letter: str) -> str:
    return unicodedata.normalize("NFD", letter)[0]


def wrapped(words: str, room: float, lines: int) -> list[str]:
    """Break at spaces into at most `lines` lines of `room` pixels, as few and as even as possible.

    What does not fit is replaced by "…". There is at least one line, possibly empty.
    """
    whole = " ".join(clean(words).split())
    broken = _filled(whole.split(), room, lines)
    for narrower in range(ceil(width_of(whole) / len(broken)), int(room), EVEN_STEP):
        even = _filled(whole.split(), narrower, len(broken))
        if " ".join(even) == whole:
            return even
    return broken


def _filled(rest: list[str], room: float, lines: int) -> list[str]:
    """Lines filled greedily, at most `lines`."""
    broken: list[str] = []
    while rest and len(broken) < lines:
        taken = max(1, _fitting(rest, room))
        broken.append(cut(" ".join(rest[:taken]), room))
        rest = rest[taken:]
    if rest and not broken[-1].endswith(CUT):
        broken[-1] = cut(f"{broken[-1]}{CUT}", room)
    return broken or [""]


def _fitting(words: list[str], room: float) -> int:
    """How many of the first words fit into a line."""
    ends = accumulate(width_of(f"{word} ") for word in words)
    return sum(1 for _ in takewhile(lambda end: end - width_of(" ") <= room, ends))


def cut(words: str, room: float) -> str:
    """The text, or as much of its beginning as fits with "…"."""
    if width_of(words) <= room:
        return words
    words = words.removesuffix(CUT)
    ends = accumulate(width_of(letter) for letter in words)
    kept = sum(1 for _ in takewhile(lambda end: end + width_of(CUT) <= room, ends))
    return words[:kept].rstrip() + CUT
