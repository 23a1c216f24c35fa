"""Which boards of a year are scored together and which are not ranked, as the bloc decided when
boards merged or ended during the year."""

from collections.abc import Mapping

from members.mergers import CarriedOn, carried_on
from members.models import BlocYear, Continuation, Membership

from ..models import Scoring

Treatment = Continuation.Treatment
# Membership id to the board that carries it on, and the bloc's decision.
Decided = Mapping[int, CarriedOn]


def _treated(decided: Decided, treatment: Treatment) -> set[int]:
    return {pk for pk, one in decided.items() if one.continuation.treatment == treatment}


def left_out(decided: Decided) -> set[int]:
    """The ids of memberships that the bloc decided not to rank this year."""
    return _treated(decided, Treatment.NOT_RANKED)


def boards_together(year: BlocYear) -> list[list[Membership]]:
    """The memberships to be scored, as lists: those whose targets the bloc added up are one list.
    The sheet is made out to the first of a list: the acting board's own membership, if it has
    one."""
    return grouped(year, carried_on(year))


def grouped(year: BlocYear, decided: Decided) -> list[list[Membership]]:
    """The same as `boards_together`, for decisions already read."""
    added_up = _treated(decided, Treatment.SUM_TARGETS)
    staying = list(year.memberships.staying().select_related("name").order_by("order"))
    boards: dict[int, list[Membership]] = {}
    for member in sorted(staying, key=lambda member: member.pk in added_up):
        key = member.acting_board_id if _is_one_of(member, added_up, staying) else -member.pk
        boards.setdefault(key, []).append(member)
    return sorted(boards.values(), key=lambda members: members[0].order)


def _is_one_of(member: Membership, added_up: set[int], staying: list[Membership]) -> bool:
    """Whether a membership is scored together with others: it was added up, or others were added to
    its board."""
    if member.pk in added_up:
        return True
    takes_over = {one.acting_board_id for one in staying if one.pk in added_up}
    return member.carried_on_by_id is None and member.board_id in takes_over


def counted_in(scoring: Scoring, decided: Decided | None = None) -> dict[int, Membership]:
    """For each sheet kept aside, by its membership id, the membership in whose sheet the board is
    counted. Sheets are kept aside if the bloc added boards up after each had got its sheet: the
    first of them that has a sheet is ranked."""
    year = scoring.bloc_year
    known = carried_on(year) if decided is None else decided
    if not _treated(known, Treatment.SUM_TARGETS):
        return {}
    with_sheet = set(scoring.sheets.values_list("membership", flat=True))
    aside: dict[int, Membership] = {}
    for scored in grouped(year, known):
        bearers = [member for member in scored if member.pk in with_sheet]
        aside |= {member.pk: bearers[0] for member in bearers[1:]}
    return aside
