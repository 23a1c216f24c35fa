"""Objections to published lines, and the answers with their effect in points."""

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
    """The memberships for which a person may object to a line, in the year's order."""
    boards = {
        post.board_id
        for post in user.current_posts
        if post.board_id and post.kind in SPEAKING_POSTS
    }
    spoken_for = line.sheet.scoring.bloc_year.memberships.acted_for_by(boards)
    return list(spoken_for.select_related("name").order_by("order"))


@transaction.atomic
def make_objection(line: Line, *, membership: Membership, text: str, actor: User) -> Objection:
    """Object to a published line on behalf of a board, until the last day of objections.

    Asks "scoring.object"; raises NotNow and ReasonMissing.
    """
    scoring = lock_scoring(line.sheet.scoring)
    require(actor, "scoring.object", line)
    if membership not in memberships_of(line, actor):
        raise NotNow(_("Nobody objects for another board."))
    if obstacle := obstacle_to_objecting(scoring):
        raise NotNow(obstacle)
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


def obstacle_to_objecting(scoring: Scoring) -> str:
    """Why no board objects today, as a sentence; "" when boards may."""
    if obstacle := obstacle_of_state(scoring):
        return obstacle
    if scoring.objections_until and timezone.localdate() > scoring.objections_until:
        return _("The time for objections is over.")
    return ""


def obstacle_of_state(scoring: Scoring) -> str:
    """Which state it is, as a sentence, that is not the one of objections; "" in that one."""
    return {
        ScoringState.OPEN: _("The scores are not published."),
        ScoringState.AGREED: _("The scores are agreed already."),
        ScoringState.FINAL: _("The result is final."),
    }.get(ScoringState(scoring.state), "")


@transaction.atomic
def answer(objection: Objection, *, remedy: Remedy | None, text: str, actor: User) -> Objection:
    """Answer an objection: upheld with the remedy that corrects its line, or dismissed without one.

    The points of the line before and after are recorded, from the whole year computed twice; the
    board that objected gets a mail. Asks "scoring.answer"; raises NotNow, ReasonMissing,
    NotAFigure.
    """
    scoring = lock_scoring(objection.line.sheet.scoring)
    require(actor, "scoring.answer", objection)
    current = Objection.objects.select_for_update().get(pk=objection.pk)
    if obstacle := _obstacle_to_answering(current, scoring):
        raise NotNow(obstacle)
    if not text.strip():
        raise ReasonMissing(_("Every objection gets its answer in words."))
    line = _read_line(current.line_id, scoring)
    before = _points_of(line)
    if remedy is not None:
        objection_remedies.apply_remedy(line, remedy, answer=text, actor=actor)
    _write_answer(current, remedy, text.strip(), actor)
    current.points_before, current.points_after = before, _points_of(line)
    current.save()
    if remedy is not None:
        stored.store(scoring, Result.Occasion.OBJECTION, column=Column.APPRAISED, actor=actor)
    _record_answer(current, line, actor)
    letters.tell_answered(current)
    return current


def _obstacle_to_answering(objection: Objection, scoring: Scoring) -> str:
    """Why an objection is not answered, as a sentence; "" when it can be. A publication may have
    been taken back since, or the conference held: only what head and deputy hold against each
    other is left open then, and the roles may have changed."""
    if objection.verdict != Verdict.OPEN:
        return _("This objection has been answered already.")
    if scoring.is_open:
        return _(
            "The scores are not published now: answer the objection once they are published again."
        )
    if scoring.state != ScoringState.PUBLISHED:
        return _("The scores are agreed: what was not answered is the conference's to decide.")
    return ""


def _write_answer(objection: Objection, remedy: Remedy | None, text: str, actor: User) -> None:
    """Set the fields of the answer, without saving."""
    objection.verdict = Verdict.DISMISSED if remedy is None else Verdict.UPHELD
    if remedy is not None:
        objection.remedy, objection.grounds = remedy.kind, " ".join(remedy.grounds.split())
        objection.fact, objection.plan = remedy.fact, remedy.plan
    objection.answer, objection.answered_by = text, actor
    objection.answered_at = timezone.now()


def _record_answer(objection: Objection, line: Line, actor: User) -> None:
    """Record the answer in the audit chain."""
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


def _read_line(pk: int, scoring: Scoring) -> Line:
    """The line as it is in the database now, with its sheet's `scoring` set."""
    line = Line.objects.select_related("criterion", "sheet__membership__name").get(pk=pk)
    line.sheet.scoring = scoring
    return line


def _points_of(line: Line) -> Decimal:
    """The present appraised points of a line."""
    return effect_of(line, None).points[0]


@dataclass(frozen=True)
class Effect:
    """Points of the line, total and rank of its board, each (before, after)."""

    points: tuple[Decimal, Decimal]
    total: tuple[Decimal, Decimal]
    rank: tuple[int | None, int | None]


def effect_of(line: Line, fact: Decimal | None, column: str = Column.APPRAISED) -> Effect:
    """The effect of another figure on a line, in a column; with None nothing changes. Nothing is
    written."""

    def change(board: BoardSheet) -> None:
        supposed = Figure(line=line, column=column, fact=fact)
        board.figures.setdefault(column, {})[line.pk] = supposed

    return _effect_when(line, None if fact is None else change, column)


def effect_of_remedy(line: Line, remedy: Remedy | None) -> Effect:
    """The effect of a remedy on its line; with None nothing changes. Nothing is written."""

    def change(board: BoardSheet) -> None:
        if remedy is not None:
            objection_remedies.apply_in_memory(board, line, remedy)

    return _effect_when(line, change, Column.APPRAISED)


def _effect_when(line: Line, change: Callable[[BoardSheet], None] | None, column: str) -> Effect:
    """The year computed before and after `change` was applied to the line's board in memory."""
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
    return not obstacle_to_objecting(scoring)


def objections_seen_by(scoring: Scoring, user: User, own: Collection[int]) -> list[Objection]:
    """The objections that a person may read: to lines of visible sheets, and those made by own
    boards (`own`: membership ids); the newest last."""
    sheets = Sheet.objects.visible_to(user).filter(scoring=scoring)
    found = Objection.objects.filter(line__sheet__scoring=scoring)
    found = found.filter(Q(line__sheet__in=sheets) | Q(membership__in=own))
    return fetch_objections(found, scoring)


def fetch_objections(found: QuerySet[Objection], scoring: Scoring) -> list[Objection]:
    """The objections with lines and boards, in the order in which they were made."""
    objections = list(
        found.select_related(
            "line__criterion", "line__sheet__membership__name", "membership__name"
        ).order_by("made_at", "pk")
    )
    for one in objections:
        one.line.sheet.scoring = scoring
    return objections


def unanswered(scoring: Scoring) -> list[Objection]:
    """The open objections of a year, in the order in which they were made."""
    found = Objection.objects.filter(line__sheet__scoring=scoring, verdict=Verdict.OPEN)
    return fetch_objections(found, scoring)


def awaited(scoring: Scoring) -> list[Objection]:
    """The open objections that somebody may answer. Those that nobody may answer
    (`Objection.answering`) go to the conference and do not delay it."""
    return [one for one in unanswered(scoring) if one.answering]


def made_before(line: Line, memberships: Iterable[Membership]) -> list[Objection]:
    """The objections of these boards to a line, with their answers; the newest last."""
    found = line.objections.filter(membership__in=list(memberships))
    return list(found.select_related("membership__name").order_by("made_at", "pk"))
