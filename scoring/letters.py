"""Mails that the acts of scoring ask for: lines came back, scores published, objection answered."""

from collections.abc import Iterable, Mapping

from django.urls import reverse

from covenants.rules import SPEAKING_POSTS
from members.models import BlocYear, Membership, Person
from members.models.people import current
from members.records import outbox

from .models import Line, Objection, Scoring, Sheet


def tell_returned(sheet: Sheet, lines: Iterable[Line], reasons: Mapping[int, str]) -> None:
    """The board's officers and leaders: which lines came back, and why."""
    rows = [(line.criterion, reasons[line.pk]) for line in lines]
    address = page(sheet.scoring.bloc_year, "sheet", sheet.pk)
    for person in _people_of(sheet.membership):
        outbox.queue(
            person,
            key=f"scoring.returned:{sheet.pk}:{sheet.round}:{person.pk}",
            template="scoring/mail/returned.txt",
            context={"sheet": sheet, "rows": rows, "page": address},
        )


def tell_published(scoring: Scoring) -> None:
    """Everyone with a post today in a board that acts in the year; each publication anew."""
    held = current(prefix="posts__")
    year = scoring.bloc_year
    address = page(year, "index")
    for person in Person.objects.filter(held, posts__board__in=year.roles).distinct():
        outbox.queue(
            person,
            key=f"scoring.published:{scoring.pk}:{scoring.published_at}:{person.pk}",
            template="scoring/mail/published.txt",
            context={"scoring": scoring, "page": address},
        )


def tell_answered(objection: Objection) -> None:
    """The officers and leaders of the board that objected."""
    sheet = objection.line.sheet
    address = page(sheet.scoring.bloc_year, "objections")
    for person in _people_of(objection.membership):
        outbox.queue(
            person,
            key=f"scoring.objection_answered:{objection.pk}:{person.pk}",
            template="scoring/mail/objection_answered.txt",
            context={"objection": objection, "sheet": sheet, "page": address},
        )


def _people_of(membership: Membership) -> list[Person]:
    """Who speaks for the board today."""
    posts = {"posts__board": membership.acting_board_id, "posts__kind__in": SPEAKING_POSTS}
    return list(Person.objects.filter(current(prefix="posts__"), **posts).distinct())


def page(year: BlocYear, name: str, *args: object) -> str:
    return reverse(f"scoring:{name}", args=[year.bloc.slug, year.year, *args])
