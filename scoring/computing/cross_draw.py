"""Cross-scoring: who scores whom, and one figure from the figures that several boards gave.

Without the database: boards are numbers. The same boards with the same seed give the same draw on
every machine, so that anybody can check it later.
"""

from collections.abc import Sequence
from decimal import Decimal
from hashlib import sha256
from statistics import mean as quotient

from django.utils.translation import gettext as _

from emulation_bloc.lib.refusal import Refusal

FEWEST, MOST = 3, 20
# With fewer figures nothing is left after taking out the lowest and the highest.
FEWEST_TRIMMED = 3


class CannotAssign(Refusal):
    """A draw with these boards, or with this number of others each, is impossible."""


def assign(boards: Sequence[int], *, each: int, seed: int) -> dict[int, tuple[int, ...]]:
    """For every board, the `each` boards that it scores.

    No board scores itself, no two boards score each other, and every board is scored by exactly
    `each` others. The order of `boards` does not matter. Raises CannotAssign for fewer than 3 or
    more than 20 boards, for a board given twice, and if `each` is not between 1 and `most_each`.

    Method: circulant design (Cayley digraph of the integers modulo n with the steps 1 to each). The
    boards are put in a circle by lot, and each scores the next `each`. As each <= (n - 1) / 2, none
    of those reaches back to its scorer.
    """
    _check(boards, each)
    circle = sorted(boards, key=lambda board: _lot(board, seed))
    twice = circle * 2
    return {board: tuple(twice[n + 1 : n + 1 + each]) for n, board in enumerate(circle)}


def most_each(boards: int) -> int:
    """How many others each of `boards` boards can score at most, if no two may score each other."""
    return (boards - 1) // 2


def _check(boards: Sequence[int], each: int) -> None:
    count = len(boards)
    if len(set(boards)) != count:
        raise CannotAssign(_("A board takes part only once."))
    if not FEWEST <= count <= MOST:
        raise CannotAssign(
            _("Cross-scoring needs %(fewest)d to %(most)d boards; there are %(count)d.")
            % {"fewest": FEWEST, "most": MOST, "count": count}
        )
    if not 1 <= each <= most_each(count):
        raise CannotAssign(
            _("Among %(count)d boards each scores 1 to %(most)d others, lest two score each other.")
            % {"count": count, "most": most_each(count)}
        )


def _lot(board: int, seed: int) -> bytes:
    """The board's place in the draw. `random` is not used: its shuffle may change with Python."""
    return sha256(f"{seed}:{board}".encode()).digest()


def mean(figures: Sequence[Decimal]) -> Decimal:
    """The mean to 28 digits, computed from the exact sum; the same for any order of the figures.

    Raises ValueError (StatisticsError) for no figures.
    """
    return quotient(figures)


def trimmed_mean(figures: Sequence[Decimal]) -> Decimal:
    """The mean without one lowest and one highest figure; the mean of all if fewer than 3."""
    kept = sorted(figures)[1:-1] if len(figures) >= FEWEST_TRIMMED else figures
    return mean(kept)
