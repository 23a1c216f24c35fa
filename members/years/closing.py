"""What a year would leave undone: the words in which every app answers before it is closed."""

from dataclasses import dataclass


@dataclass(frozen=True)
class OpenEnd:
    """Something that closing a year ends for ever, as a sentence. An obstacle is done first; any
    other is only told."""

    what: str
    is_obstacle: bool
