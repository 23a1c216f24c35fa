"""The bloc's decision how an open year continues after boards merged, split or ended.

Only this act passes the tasks, seats, targets and rights of a membership to another board.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from emulation_bloc.lib.days import refuse_ahead
from emulation_bloc.lib.refusal import Refusal

from ..mergers import heirs_in, vacated_by
from ..models import BlocYear, Board, Continuation, Membership, Post, Succession, User
from ..models.boards import name_among
from ..models.people import SPEAKING_POSTS
from ..permissions import require
from ..records import audit
from ..records.acts import ReasonMissing


class AlreadyDecided(Refusal):
    """The decision for this year and this succession is already recorded."""


@dataclass(frozen=True)
class Heir:
    """A board that may carry a membership on, its name on the day, and the posts held in
    it today.
    """

    board: Board
    name: str
    people: list[Post]


@dataclass(frozen=True)
class Passing:
    """A membership whose board has ended, and the boards that may carry it on."""

    membership: Membership
    heirs: list[Heir]


def preview(year: BlocYear, succession: Succession) -> list[Passing]:
    """The memberships that need the decision, each with its possible heirs. Writes nothing."""
    heirs = [_heir_of(board, succession) for board in heirs_in(succession)]
    return [Passing(membership, heirs) for membership in vacated_by(succession, year)]


def _heir_of(board: Board, succession: Succession) -> Heir:
    """The board with its name on the day of the change and the people who act in it, by rank."""
    day = succession.effective_on or timezone.localdate()
    acting = board.posts.current().filter(kind__in=SPEAKING_POSTS)
    people = sorted(acting.select_related("person"), key=lambda post: post.rank)
    return Heir(board, name_among(board.names.all(), day).name, people)


@transaction.atomic
def carry_on(
    year: BlocYear,
    succession: Succession,
    *,
    treatment: str,
    document: str,
    decided_on: dt.date,
    note: str,
    successors: Mapping[int, Board],
    actor: User,
) -> Continuation:
    """Record the bloc's decision; a board then acts for each membership whose board ended.

    `successors` maps membership id to the board that carries it on. After a dissolution it is empty
    and the memberships leave the year. Asks "members.decide_continuation"; raises AlreadyDecided,
    and Refusal for missing or impossible values.
    """
    year = BlocYear.objects.select_for_update().get(pk=year.pk)
    require(actor, "members.decide_continuation", year)
    memberships = vacated_by(succession, year)
    _refuse_decided(year, succession, memberships)
    _refuse_unclear(succession, treatment, document, decided_on)
    _refuse_wrong_successors(succession, memberships, successors)
    made = Continuation.objects.create(
        bloc_year=year,
        succession=succession,
        treatment=treatment,
        document=document.strip(),
        decided_on=decided_on,
        note=note.strip(),
    )
    _apply_decision(memberships, successors, made)
    details = _details_of(made, successors)
    audit.record("members.carried_on", actor=actor, subject=made, bloc=year.bloc, details=details)
    return made


def _apply_decision(
    memberships: list[Membership], successors: Mapping[int, Board], made: Continuation
) -> None:
    """Pass the memberships on, or let them leave the year if there are no successors."""
    if successors:
        _pass_on(memberships, successors)
    else:
        _let_leave(memberships, made)


def _pass_on(memberships: list[Membership], successors: Mapping[int, Board]) -> None:
    """Set `carried_on_by` of each membership."""
    for membership in memberships:
        heir = successors[membership.pk]
        Membership.objects.filter(pk=membership.pk).update(carried_on_by=heir)


def _let_leave(memberships: list[Membership], made: Continuation) -> None:
    """Set `left_by`: no board resulted, so nobody acts for the memberships in this year
    any more.
    """
    left = Membership.objects.filter(pk__in=[membership.pk for membership in memberships])
    left.update(carried_on_by=None, left_by=made)


def _details_of(made: Continuation, successors: Mapping[int, Board]) -> dict[str, object]:
    """The decision as stored in the audit entry."""
    return {
        "treatment": made.treatment,
        "document": made.document,
        "successors": {str(pk): board.code for pk, board in successors.items()},
    }


def _refuse_decided(year: BlocYear, succession: Succession, memberships: list[Membership]) -> None:
    """Raises AlreadyDecided, or Refusal if no membership is affected or the change is
    still ahead.
    """
    if year.continuations.filter(succession=succession).exists():
        raise AlreadyDecided(_("The bloc has already decided how this year goes on."))
    if not memberships:
        raise Refusal(_("This change leaves no place of the year without its board."))
    if succession.effective_on and succession.effective_on > timezone.localdate():
        raise Refusal(
            _("The change takes effect on %(day)s; how the year goes on is recorded from then on.")
            % {"day": succession.effective_on.strftime("%d/%m/%Y")}
        )


def _refuse_unclear(
    succession: Succession, treatment: str, document: str, decided_on: dt.date
) -> None:
    """Raises Refusal for missing or impossible values of the decision."""
    if treatment not in Continuation.Treatment.values:
        raise ReasonMissing(_("Say how the year goes on."))
    if not document.strip():
        raise ReasonMissing(_("Name the paper in which the bloc decided."))
    refuse_ahead(decided_on, _("A decision of a day to come cannot be recorded."))
    if treatment == Continuation.Treatment.SUM_TARGETS and not heirs_in(succession):
        raise Refusal(_("No board came out of this change: there is nothing to add up for."))


def _refuse_wrong_successors(
    succession: Succession, memberships: list[Membership], successors: Mapping[int, Board]
) -> None:
    """Raises Refusal unless each membership has one of the resulting boards as successor."""
    heirs = heirs_in(succession)
    expected = {membership.pk for membership in memberships} if heirs else set()
    if set(successors) != expected or not set(successors.values()) <= set(heirs):
        raise Refusal(_("Choose for each board who carries on, among those that came out."))
