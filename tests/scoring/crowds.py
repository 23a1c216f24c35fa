"""A year of many boards, written directly to the tables; also as a final year."""

import datetime as dt
from decimal import Decimal

from django.utils import timezone

from members.models import User
from scoring.models import Figure, Line, Scoring, Sheet
from scoring.result import conference as result_conference
from tests.people import join, make_board

# The figures of the n-th board added, by the codes of tests.scoring.scales.
LEVELS = (Decimal(4), Decimal(2), Decimal(0))


def crowd(scoring: Scoring, boards: int, *, actor: User) -> list[Sheet]:
    """Add boards with appraised sheets until the year has so many; each with figures of its own."""
    count = scoring.sheets.count()
    return [add_sheet(scoring, number, actor) for number in range(count, boards)]


def add_sheet(scoring: Scoring, number: int, actor: User) -> Sheet:
    board = make_board(f"B{number:02}", province=f"Tỉnh {number}")
    sheet = Sheet.objects.create(
        scoring=scoring,
        membership=join(scoring.bloc_year, board),
        state="appraised",
        round=1,
        submitted_at=timezone.now(),
        submitted_by=actor,
        appraised_at=timezone.now(),
    )
    given = {"I.1": Decimal(60 + number), "I.2": LEVELS[number % 3], "II.1": 0, "II.2": number % 2}
    for criterion in scoring.scale.criteria.all():
        line = Line.objects.create(sheet=sheet, criterion=criterion, plan=plan_of(criterion.code))
        if criterion.code in given:
            put(line, Decimal(given[criterion.code]), actor)
    return sheet


def plan_of(code: str) -> Decimal | None:
    return Decimal(100) if code in ("I.1", "T.1") else None


def put(line: Line, fact: Decimal, actor: User, *columns: str) -> None:
    Figure.objects.bulk_create(
        Figure(
            line=line,
            column=column,
            round=1,
            fact=fact,
            by=actor,
            by_name=actor.person.full_name,
            at=timezone.now(),
        )
        for column in columns or ("self", "appraised", "agreed")
    )


def made_final(scoring: Scoring, *, actor: User) -> Scoring:
    """The published year agreed at the conference and final; the scores were published, and the
    time for objections was over, before it."""
    conference = dt.datetime(2019, 1, 10, 8, tzinfo=dt.UTC)
    before = conference - dt.timedelta(days=1)
    Scoring.objects.filter(pk=scoring.pk).update(published_at=before, objections_until=before)
    where = "Hội nghị tổng kết tại Đắk Lắk"
    result_conference.agree(scoring, on=conference.date(), where=where, actor=actor)
    result_conference.finalise(scoring, actor=actor)
    return Scoring.objects.get(pk=scoring.pk)
