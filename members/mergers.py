"""Boards that merged, split or ended: which decisions a year needs, and who carries on for whom."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import F, QuerySet
from django.utils import timezone

from .models import (
    BlocYear,
    Board,
    BoardName,
    Continuation,
    Membership,
    Succession,
    SuccessionParty,
)
from .models.boards import name_among
from .models.successions import ENDING


def heirs_in(succession: Succession) -> list[Board]:
    """The boards that resulted from the succession, with names; [] for kinds in which nothing
    passes on.
    """
    if succession.kind not in Succession.PASSING_ON:
        return []
    came_out = succession.parties.filter(side=SuccessionParty.Side.TO).values("board")
    return list(Board.objects.filter(pk__in=came_out).prefetch_related("names"))


def _endings(boards: Iterable[int]) -> QuerySet[SuccessionParty]:
    """The parties by which those of the boards that have ended did end."""
    return SuccessionParty.objects.filter(
        side=SuccessionParty.Side.FROM,
        board__in=boards,
        board__dissolved_on__lte=timezone.localdate(),
        succession__kind__in=ENDING,
        succession__effective_on=F("board__dissolved_on"),
    )


def heirs_of_the_head(year: BlocYear) -> set[int]:
    """Ids of the boards into which the year's head board ended, until a decision names its
    successor.
    """
    ended = _endings([year.head_board_id] if year.head_board_id else [])
    came_out = SuccessionParty.objects.filter(
        side=SuccessionParty.Side.TO, succession__in=ended.values("succession")
    )
    return set(came_out.values_list("board", flat=True))


def undecided(year: BlocYear) -> list[Succession]:
    """The successions after which the bloc has not yet decided how this year continues."""
    if year.is_closed:
        return []
    ended = _endings(year.roles).exclude(succession__continuations__bloc_year=year)
    waiting = Succession.objects.filter(pk__in=ended.values("succession"))
    return list(waiting.prefetch_related("parties__board__names"))


def vacated_by(succession: Succession, year: BlocYear) -> list[Membership]:
    """The memberships of the year whose acting board ended in the succession."""
    ended = _endings(year.roles).filter(succession=succession).values_list("board", flat=True)
    left = year.memberships.acted_for_by(list(ended))
    return list(left.select_related("name", "board", "carried_on_by"))


@dataclass(frozen=True)
class CarriedOn:
    """The board that carries a membership on: its name at the decision, and the decision."""

    membership: Membership
    name: BoardName
    continuation: Continuation


def carried_on(year: BlocYear) -> dict[int, CarriedOn]:
    """Membership id -> who carries it on; memberships of which the own board acts are left out."""
    memberships = list(
        year.memberships.filter(carried_on_by__isnull=False)
        .select_related("name", "carried_on_by")
        .prefetch_related("carried_on_by__names")
    )
    if not memberships:
        return {}
    by_board = _continuations_by_board(year)
    return {
        membership.pk: CarriedOn(
            membership=membership,
            name=_name_then(membership, by_board[membership.acting_board_id]),
            continuation=by_board[membership.acting_board_id],
        )
        for membership in memberships
    }


def departures(year: BlocYear) -> dict[int, Continuation]:
    """Membership id -> the decision by which it left the year."""
    left = year.memberships.filter(left_by__isnull=False).select_related("left_by__succession")
    return {membership.pk: membership.left_by for membership in left if membership.left_by}


def _continuations_by_board(year: BlocYear) -> dict[int, Continuation]:
    """Id of each board that carries on -> the latest decision that says so."""
    continuations = year.continuations.select_related("succession").order_by("pk")
    return {
        party.board_id: continuation
        for continuation in continuations.prefetch_related("succession__parties")
        for party in continuation.succession.parties.all()
        if party.side == SuccessionParty.Side.TO
    }


def _name_then(membership: Membership, continuation: Continuation) -> BoardName:
    """The name of the carrying board on the day of the decision; later renamings do not
    change it.
    """
    return name_among(membership.acting_board.names.all(), continuation.decided_on)
