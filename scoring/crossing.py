"""Who cross-scores whom, and what the scores come to: pure functions."""

import random
from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from emulation_bloc.lib.refusal import Refusal


class CannotAssign(Refusal):
    """No assignment is possible with these numbers."""


def assign(boards: Sequence[int], *, each: int, seed: int) -> dict[int, tuple[int, ...]]:
    """Board to the boards that it scores, from a seeded shuffle in a circle: each scores the
    `each` boards after it. Nobody scores itself, no two score each other."""
    count = len(boards)
    if count < 3 or not 1 <= each <= (count - 1) // 2:
        raise CannotAssign(_("So many boards cannot score each other that way."))
    circle = sorted(boards)
    random.Random(seed).shuffle(circle)  # nosec B311: a draw, not a secret
    return {
        board: tuple(circle[(place + step) % count] for step in range(1, each + 1))
        for place, board in enumerate(circle)
    }


def mean(figures: Sequence[Decimal]) -> Decimal:
    return sum(figures, Decimal(0)) / len(figures)


def trimmed_mean(figures: Sequence[Decimal]) -> Decimal:
    """Without the highest and the lowest where there are three or more."""
    return mean(sorted(figures)[1:-1] if len(figures) > 2 else figures)
