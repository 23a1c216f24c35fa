from .boards import board, boards
from .people import admission, appoint, end_post, invite, people, person, reset_password
from .years import change_dates, new_year, years

__all__ = [
    "admission",
    "appoint",
    "board",
    "boards",
    "change_dates",
    "end_post",
    "invite",
    "new_year",
    "people",
    "person",
    "reset_password",
    "years",
]
