"""Mails that the acts of scoring ask for: lines came back, scores published, objection answered."""

from collections.abc import Iterable, Mapping

from members.records import outbox, recipients

from .addresses import address
from .models import Line, Objection, Scoring, Sheet


def tell_returned(sheet: Sheet, lines: Iterable[Line], reasons: Mapping[int, str]) -> None:
    """Mail the board's leaders and officers which lines came back and why; `reasons` by line id."""
    rows = [(line.criterion, reasons[line.pk]) for line in lines]
    page = address(sheet.scoring.bloc_year, "sheet", sheet.pk)
    for person in recipients.leaders_and_officers_of(sheet.membership.acting_board_id):
        outbox.queue(
            person,
            key=f"scoring.returned:{sheet.pk}:{sheet.round}:{person.pk}",
            template="scoring/mail/returned.txt",
            context={"sheet": sheet, "rows": rows, "page": page},
        )


def tell_published(scoring: Scoring) -> None:
    """Mail everyone in the member boards; a second publication is mailed again."""
    year = scoring.bloc_year
    page = address(year, "index")
    for person in recipients.people_of_members(year):
        outbox.queue(
            person,
            key=f"scoring.published:{scoring.pk}:{scoring.published_at}:{person.pk}",
            template="scoring/mail/published.txt",
            context={"scoring": scoring, "page": page},
        )


def tell_answered(objection: Objection) -> None:
    """Mail the answer to the leaders and officers of the board that objected."""
    sheet = objection.line.sheet
    page = address(sheet.scoring.bloc_year, "objections")
    for person in recipients.leaders_and_officers_of(objection.membership.acting_board_id):
        outbox.queue(
            person,
            key=f"scoring.objection_answered:{objection.pk}:{person.pk}",
            template="scoring/mail/objection_answered.txt",
            context={"objection": objection, "sheet": sheet, "page": page},
        )
