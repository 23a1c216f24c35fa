"""How an open year goes on after boards merged, split or ended: the bloc's own decision.

Through this act, and by nothing else, the tasks, seats, targets and rights of a membership pass
to the people of another board.
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
    """The bloc decided for this year and this succession before."""


@dataclass(frozen=True)
class Heir:
    """A board that may carry a membership on, under its name of the day, and who acts in it."""

    board: Board
    name: str
    people: list[Post]


@dataclass(frozen=True)
class Passing:
    """A membership that nobody acts for any more, and the boards that could carry it on."""

    membership: Membership
    heirs: list[Heir]


def preview(year: BlocYear, succession: Succession) -> list[Passing]:
    """The memberships that wait for the decision, and to whom each may pass; writes nothing."""
    heirs = [heir_of(board, succession) for board in heirs_in(succession)]
    return [Passing(membership, heirs) for membership in vacated_by(succession, year)]


def heir_of(board: Board, succession: Succession) -> Heir:
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
    """Record the bloc's decision, and let a board act for each membership that was left.

    `successors` maps the id of a membership to the board that carries it on; after a dissolution
    it is empty, and the memberships leave the year. Asks "members.decide_continuation"; raises
    AlreadyDecided or another Refusal.
    """
    year = BlocYear.objects.select_for_update().get(pk=year.pk)
    require(actor, "members.decide_continuation", year)
    memberships = vacated_by(succession, year)
    refuse_decided(year, succession, memberships)
    refuse_unclear(succession, treatment, document, decided_on)
    refuse_wrong_successors(succession, memberships, successors)
    made = Continuation.objects.create(
        bloc_year=year,
        succession=succession,
        treatment=treatment,
        document=document.strip(),
        decided_on=decided_on,
        note=note.strip(),
    )
    settle(memberships, successors, made)
    details = details_of(made, successors)
    audit.record("members.carried_on", actor=actor, subject=made, bloc=year.bloc, details=details)
    return made


def settle(
    memberships: list[Membership], successors: Mapping[int, Board], made: Continuation
) -> None:
    if successors:
        pass_on(memberships, successors)
    else:
        let_leave(memberships, made)


def pass_on(memberships: list[Membership], successors: Mapping[int, Board]) -> None:
    for membership in memberships:
        heir = successors[membership.pk]
        Membership.objects.filter(pk=membership.pk).update(carried_on_by=heir)


def let_leave(memberships: list[Membership], made: Continuation) -> None:
    """Nothing came out of the boards: nobody acts for them in this year any more."""
    left = Membership.objects.filter(pk__in=[membership.pk for membership in memberships])
    left.update(carried_on_by=None, left_by=made)


def details_of(made: Continuation, successors: Mapping[int, Board]) -> dict[str, object]:
    return {
        "treatment": made.treatment,
        "document": made.document,
        "successors": {str(pk): board.code for pk, board in successors.items()},
    }


def refuse_decided(year: BlocYear, succession: Succession, memberships: list[Membership]) -> None:
    if year.continuations.filter(succession=succession).exists():
        raise AlreadyDecided(_("The bloc has already decided how this year goes on."))
    if not memberships:
        raise Refusal(_("This change leaves no place of the year without its board."))
    if succession.effective_on and succession.effective_on > timezone.localdate():
        raise Refusal(
            _("The change takes effect on %(day)s; how the year goes on is recorded from then on.")
            % {"day": succession.effective_on.strftime("%d/%m/%Y")}
        )


def refuse_unclear(
    succession: Succession, treatment: str, document: str, decided_on: dt.date
) -> None:
    if treatment not in Continuation.Treatment.values:
        raise ReasonMissing(_("Say how the year goes on."))
    if not document.strip():
        raise ReasonMissing(_("Name the paper in which the bloc decided."))
    refuse_ahead(decided_on, _("A decision of a day to come cannot be recorded."))
    if treatment == Continuation.Treatment.SUM_TARGETS and not heirs_in(succession):
        raise Refusal(_("No board came out of this change: there is nothing to add up for."))


def refuse_wrong_successors(
    succession: Succession, memberships: list[Membership], successors: Mapping[int, Board]
) -> None:
    heirs = heirs_in(succession)
    expected = {membership.pk for membership in memberships} if heirs else set()
    if set(successors) != expected or not set(successors.values()) <= set(heirs):
        raise Refusal(_("Choose for each board who carries on, among those that came out."))
