"""What each app reports as passing on when a membership is carried on by another board."""

from dataclasses import dataclass

from .models import Membership


@dataclass(frozen=True)
class MergerEffect:
    """One thing of a membership that passes to the board that carries it on, as a sentence."""

    membership: Membership
    what: str
