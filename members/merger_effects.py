"""What waits for the boards of a year: the words in which every app answers that question."""

from dataclasses import dataclass

from .models import Membership


@dataclass(frozen=True)
class MergerEffect:
    """One thing of a membership that passes to whoever carries it on, as a sentence."""

    membership: Membership
    what: str
