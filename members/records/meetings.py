"""Meetings of a bloc: when and where one was held, who led it, how many boards it could have had.

That its day is not one to come, `lib.days.refuse_ahead` sees to, in the act that takes it.
"""

import datetime as dt
from dataclasses import dataclass

from ..models import BlocYear


@dataclass(frozen=True)
class Meeting:
    """What is noted of a meeting for its minutes; `chair` and `secretary` by name and post,
    `present` in boards. An app that notes more makes a class of its own from this one."""

    held_on: dt.date
    place: str
    chair: str
    secretary: str
    present: int


def members_on(day: dt.date, year: BlocYear) -> int:
    """How many boards a year had on the day of a meeting: those that left later sat in it."""
    memberships = year.memberships.select_related("left_by__succession")
    return sum(one.left_by is None or day < one.left_by.day for one in memberships)
