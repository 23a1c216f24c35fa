"""Days that are typed. What has happened has its day behind it; a plan may have one ahead: a last
day, the first day of a post or of a paper's force, the last one of either."""

import datetime as dt

from django.utils import timezone

from .refusal import Refusal


class StillToCome(Refusal):
    """The day of something that happened lies ahead."""


def is_ahead(day: dt.date | None) -> bool:
    """Whether a day is after today; a field left empty is not."""
    return day is not None and day > timezone.localdate()


def refuse_ahead(day: dt.date, sentence: str) -> None:
    """Raise StillToCome with the sentence when the day is not here yet."""
    if is_ahead(day):
        raise StillToCome(sentence)
