"""Checks that the day of something that has happened is not in the future.

Days that may be in the future (plans, last days, first days of posts and papers) are not checked.
"""

import datetime as dt

from django.utils import timezone

from .refusal import Refusal


class StillToCome(Refusal):
    """The day of something that has happened is in the future."""


def is_ahead(day: dt.date | None) -> bool:
    """Whether the day is after today; False for None."""
    return day is not None and day > timezone.localdate()


def refuse_ahead(day: dt.date, sentence: str) -> None:
    """Raise StillToCome with the sentence if the day is after today."""
    if is_ahead(day):
        raise StillToCome(sentence)
