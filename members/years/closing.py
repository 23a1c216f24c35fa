"""What each app reports as unfinished before a year is closed."""

from dataclasses import dataclass


@dataclass(frozen=True)
class OpenEnd:
    """Something that cannot be done any more once the year is closed, as a sentence.

    An obstacle prevents closing; others are only shown.
    """

    what: str
    is_obstacle: bool
