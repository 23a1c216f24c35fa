"""Objections to published lines, each answered with its effect in points."""

from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from members import audit
from members.models import Membership, User
from members.permits import demand

from . import results
from .appraisal import put, refuse_unassigned
from .filling import check_figure
from .models import Line, Objection, Result, Sheet
from .models.appraisal import Column, Verdict
from .models.sheets import ScoringState
from .moves import NotNow, ReasonMissing, lock_scoring, record


def memberships_of(line: Line, user: User) -> list[Membership]:
    """The boards for which a person may object to a line."""
    boards = {post.board_id for post in user.current_posts if post.board_id}
    year = line.sheet.scoring.bloc_year
    return list(year.memberships.acted_for_by(boards).select_related("name"))


@transaction.atomic
def make_objection(line: Line, *, membership: Membership, text: str, actor: User) -> Objection:
    """Object to a published line for a board, until the day that was set.

    Asks "scoring.object"; raises NotNow and ReasonMissing.
    """
    scoring = lock_scoring(line.sheet.scoring)
    demand(actor, "scoring.object", line)
    if membership not in memberships_of(line, actor):
        raise NotNow(_("Nobody objects for another board."))
    if scoring.state != ScoringState.PUBLISHED:
        raise NotNow(_("Objections are not open now."))
    if scoring.objections_until and timezone.localdate() > scoring.objections_until:
        raise NotNow(_("The time for objections is over."))
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


@transaction.atomic
def answer(
    objection: Objection, *, verdict: str, text: str, fact: Decimal | None, actor: User
) -> Objection:
    """Answer an objection: dismissed, or upheld with the figure that stands from now on.

    The effect is the difference in points of that board's line, the whole year computed before
    and after. Asks "scoring.answer"; raises NotNow, ReasonMissing, NotAFigure.
    """
    scoring = lock_scoring(objection.line.sheet.scoring)
    demand(actor, "scoring.answer", objection)
    standing = Objection.objects.select_for_update().get(pk=objection.pk)
    if scoring.state != ScoringState.PUBLISHED or standing.verdict != Verdict.OPEN:
        raise NotNow(_("This objection has been answered already."))
    if not text.strip():
        raise ReasonMissing(_("Every objection gets its answer in words."))
    line = Line.objects.select_related("criterion", "sheet__scoring__scale").get(
        pk=standing.line_id
    )
    before = points_of(line)
    if verdict == Verdict.UPHELD:
        uphold(line, fact, text, actor)
    standing.verdict, standing.answer = verdict, text.strip()
    standing.answered_by, standing.answered_at = actor, timezone.now()
    standing.points_before, standing.points_after = before, points_of(line)
    standing.save()
    if verdict == Verdict.UPHELD:
        results.store(scoring, Result.Occasion.OBJECTION, column=Column.APPRAISED, actor=actor)
    record(
        line,
        "objection_answered",
        actor,
        reason=text.strip(),
        objection=standing.pk,
        verdict=verdict,
        points=[str(before), str(standing.points_after)],
    )
    return standing


def uphold(line: Line, fact: Decimal | None, text: str, actor: User) -> None:
    refuse_unassigned(line)
    if fact is None:
        raise ReasonMissing(_("Give the figure that stands from now on."))
    check_figure(line, fact)
    put(line, fact, text, actor)


def points_of(line: Line) -> Decimal:
    result = results.compute(line.sheet.scoring, Column.APPRAISED)
    return result.of(line.sheet.membership_id).lines[line.criterion.code].points


def of_sheet(sheet: Sheet) -> list[Objection]:
    found = Objection.objects.filter(line__sheet=sheet)
    return list(found.select_related("line__criterion", "membership__name"))
