"""Objections to published lines, each answered with its effect in points."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from members.models import Membership, User
from members.models.people import SPEAKING_POSTS
from members.permissions import require
from members.records import audit
from members.records.acts import NotNow, ReasonMissing

from .. import letters
from ..models import Figure, Line, Objection, Result, Scoring, Sheet
from ..models.appraisal import Column, Verdict
from ..models.sheets import ScoringState
from ..sheets.boards import BoardSheet, board_sheets, compute_year
from ..transitions import lock_scoring, record
from . import objection_remedies, stored
from .objection_remedies import Remedy


def memberships_of(line: Line, user: User) -> list[Membership]:
    """The boards for which a person may object to a line, in the year's order."""
    boards = {
        post.board_id
        for post in user.current_posts
        if post.board_id and post.kind in SPEAKING_POSTS
    }
    spoken_for = line.sheet.scoring.bloc_year.memberships.acted_for_by(boards)
    return list(spoken_for.select_related("name").order_by("order"))


@transaction.atomic
def make_objection(line: Line, *, membership: Membership, text: str, actor: User) -> Objection:
    """Object to a published line for a board, until the day that was set.

    Asks "scoring.object"; raises NotNow and ReasonMissing.
    """
    scoring = lock_scoring(line.sheet.scoring)
    require(actor, "scoring.object", line)
    if membership not in memberships_of(line, actor):
        raise NotNow(_("Nobody objects for another board."))
    refuse_unless_taken(scoring)
    if not Sheet.objects.visible_to(actor).filter(pk=line.sheet_id).exists():
        raise NotNow(_("Nobody objects to what is not open to the board."))
    if line.criterion.facts_from_id is not None:
        raise NotNow(_("This line takes over the figure of another one: object to that one."))
    if not text.strip():
        raise ReasonMissing(_("Say what the objection is."))
    objection = Objection.objects.create(
        line=line,
        membership=membership,
        text=text.strip(),
        author=actor,
        author_name=audit.actor_name(actor),
        made_at=timezone.now(),
    )
    record(line, "objected", actor, objection=objection.pk, text=text.strip())
    return objection


def refuse_unless_taken(scoring: Scoring) -> None:
    if scoring.state != ScoringState.PUBLISHED:
        raise NotNow(_("Objections are not open now."))
    if scoring.objections_until and timezone.localdate() > scoring.objections_until:
        raise NotNow(_("The time for objections is over."))


@transaction.atomic
def answer(objection: Objection, *, remedy: Remedy | None, text: str, actor: User) -> Objection:
    """Answer an objection: upheld with the remedy that puts its line right, or dismissed with none.

    The effect is the difference in points of that board's line, the whole year computed before
    and after. Asks "scoring.answer"; raises NotNow, ReasonMissing, NotAFigure.
    """
    scoring = lock_scoring(objection.line.sheet.scoring)
    require(actor, "scoring.answer", objection)
    standing = Objection.objects.select_for_update().get(pk=objection.pk)
    if scoring.state != ScoringState.PUBLISHED or standing.verdict != Verdict.OPEN:
        raise NotNow(_("This objection has been answered already."))
    if not text.strip():
        raise ReasonMissing(_("Every objection gets its answer in words."))
    line = standing_line(standing.line_id, scoring)
    before = points_of(line)
    if remedy is not None:
        objection_remedies.put_right(line, remedy, answer=text, actor=actor)
    write_answer(standing, remedy, text.strip(), actor)
    standing.points_before, standing.points_after = before, points_of(line)
    standing.save()
    if remedy is not None:
        stored.store(scoring, Result.Occasion.OBJECTION, column=Column.APPRAISED, actor=actor)
    trace(standing, line, actor)
    letters.tell_answered(standing)
    return standing


def write_answer(objection: Objection, remedy: Remedy | None, text: str, actor: User) -> None:
    objection.verdict = Verdict.DISMISSED if remedy is None else Verdict.UPHELD
    if remedy is not None:
        objection.remedy, objection.grounds = remedy.kind, " ".join(remedy.grounds.split())
        objection.fact, objection.plan = remedy.fact, remedy.plan
    objection.answer, objection.answered_by = text, actor
    objection.answered_at = timezone.now()


def trace(objection: Objection, line: Line, actor: User) -> None:
    record(
        line,
        "objection_answered",
        actor,
        reason=objection.answer,
        objection=objection.pk,
        verdict=objection.verdict,
        remedy=objection.remedy,
        points=[str(objection.points_before), str(objection.points_after)],
    )


def standing_line(pk: int, scoring: Scoring) -> Line:
    line = Line.objects.select_related("criterion", "sheet__membership__name").get(pk=pk)
    line.sheet.scoring = scoring
    return line


def points_of(line: Line) -> Decimal:
    return effect_of(line, None).points[0]


@dataclass(frozen=True)
class Effect:
    """Points of the line, total and rank of its board, each before and after."""

    points: tuple[Decimal, Decimal]
    total: tuple[Decimal, Decimal]
    rank: tuple[int | None, int | None]


def effect_of(line: Line, fact: Decimal | None, column: str = Column.APPRAISED) -> Effect:
    """What the year would come to with another figure in the line (None: as it stands), in the
    column that counts now; nothing is written."""

    def change(board: BoardSheet) -> None:
        supposed = Figure(line=line, column=column, fact=fact)
        board.figures.setdefault(column, {})[line.pk] = supposed

    return effect_when(line, None if fact is None else change, column)


def effect_of_remedy(line: Line, remedy: Remedy | None) -> Effect:
    """What the year would come to with the line put right (None: as it stands); nothing is
    written."""

    def change(board: BoardSheet) -> None:
        if remedy is not None:
            objection_remedies.suppose(board, line, remedy)

    return effect_when(line, change, Column.APPRAISED)


def effect_when(line: Line, change: Callable[[BoardSheet], None] | None, column: str) -> Effect:
    """The whole year before and after something of the line's board changes in memory."""
    scoring = line.sheet.scoring
    boards = board_sheets(scoring)
    mine = line.sheet.membership_id
    before = after = compute_year(scoring, column, boards).of_board(mine)
    if change is not None:
        change(next(one for one in boards if one.sheet.membership_id == mine))
        after = compute_year(scoring, column, boards).of_board(mine)
    code = line.criterion.code
    return Effect(
        points=(before.lines[code].points, after.lines[code].points),
        total=(before.total, after.total),
        rank=(before.rank, after.rank),
    )


# --- Reading --------------------------------------------------------------------------------------


def are_taken(scoring: Scoring) -> bool:
    """Whether boards may object today."""
    try:
        refuse_unless_taken(scoring)
    except NotNow:
        return False
    return True


def objections_seen_by(scoring: Scoring, user: User, own: Collection[int]) -> list[Objection]:
    """The objections that a person reads: to lines of visible sheets, and those of the own boards
    (by the ids of their memberships); the newest last."""
    sheets = Sheet.objects.visible_to(user).filter(scoring=scoring)
    found = Objection.objects.filter(line__sheet__scoring=scoring)
    found = found.filter(Q(line__sheet__in=sheets) | Q(membership__in=own))
    return fetch_objections(found, scoring)


def fetch_objections(found: QuerySet[Objection], scoring: Scoring) -> list[Objection]:
    objections = list(
        found.select_related(
            "line__criterion", "line__sheet__membership__name", "membership__name"
        ).order_by("made_at", "pk")
    )
    for one in objections:
        one.line.sheet.scoring = scoring
    return objections


def unanswered(scoring: Scoring) -> list[Objection]:
    found = Objection.objects.filter(line__sheet__scoring=scoring, verdict=Verdict.OPEN)
    return fetch_objections(found, scoring)


def awaited(scoring: Scoring) -> list[Objection]:
    """The objections that somebody has still to answer. Those of head and deputy against each other
    nobody may: they go to the conference, and keep it waiting no longer."""
    return [one for one in unanswered(scoring) if one.answering]


def made_before(line: Line, memberships: Iterable[Membership]) -> list[Objection]:
    """What these boards objected to a line before, with its answer; the newest last."""
    found = line.objections.filter(membership__in=list(memberships))
    return list(found.select_related("membership__name").order_by("made_at", "pk"))
