"""Cross-scoring: who scores whom, and one figure out of what several boards gave.

Pure: boards are their numbers, nothing is read or stored. The same boards with the same seed give
the same answer on every machine and for ever, so that anybody can check it later.
"""

from collections.abc import Sequence
from decimal import Decimal
from hashlib import sha256
from statistics import mean as quotient

from django.utils.translation import gettext as _

from emulation_bloc.lib.refusal import Refusal

FEWEST, MOST = 3, 20
# With fewer figures nothing would be left between the lowest and the highest.
FEWEST_TRIMMED = 3


class CannotAssign(Refusal):
    """These boards cannot score each other in this way."""


def assign(boards: Sequence[int], *, each: int, seed: int) -> dict[int, tuple[int, ...]]:
    """For every board the boards that it scores, `each` in number.

    No board scores itself, no two score each other, and every board is scored by exactly `each`.
    The order of `boards` does not matter. Raises CannotAssign for fewer than 3 or more than 20
    boards, for a board given twice, and where `each` is not 1 to half of the others.

    A circulant design: in a circle drawn by lot, every board scores the next `each`. The way back
    from one of those takes at least n - each > each steps, so nobody is scored by whom it scores
    (Cayley digraph of the integers modulo n with the steps 1 to each).
    """
    _check(boards, each)
    circle = sorted(boards, key=lambda board: _lot(board, seed))
    twice = circle * 2
    return {board: tuple(twice[n + 1 : n + 1 + each]) for n, board in enumerate(circle)}


def most_each(boards: int) -> int:
    """How many others a board can score at most, of so many in all, without two scoring each
    other."""
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
    """Not from `random`, whose shuffle may change with the version of Python."""
    return sha256(f"{seed}:{board}".encode()).digest()


def mean(figures: Sequence[Decimal]) -> Decimal:
    """Sum by number, from the exact sum and in any order the same, to 28 digits: the scale rounds.

    Raises ValueError (StatisticsError) for no figures.
    """
    return quotient(figures)


def trimmed_mean(figures: Sequence[Decimal]) -> Decimal:
    """The mean without one lowest and one highest figure; of fewer than 3 the mean of all."""
    kept = sorted(figures)[1:-1] if len(figures) >= FEWEST_TRIMMED else figures
    return mean(kept)
