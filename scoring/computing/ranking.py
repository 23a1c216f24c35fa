"""The order of the boards of a year: one pure function of its input, whatever order that is in.

Boards of equal value are told apart by the tie-break list of the scale, code after code. A code
decides only among boards that all have a figure for it: a ballot on two of three boards decides
nothing among the three, nor one on three among the two that are left tied. What no code tells
apart stays a tie and shares its rank, and the next rank is left out (1, 2, 2, 4).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import groupby

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from emulation_bloc.lib.numbers import vn_signed

GROUP = "group:"
FEWEST_DEDUCTIONS = "fewest_deductions"
BALLOT = "ballot"
HEAD = "head"

# The codes by which a board was compared, and its figure for each.
Trail = tuple[tuple[str, Decimal], ...]


@dataclass(frozen=True, slots=True)
class Contender:
    """`order` is the place in the year's list of members. `rulings` has the place among the tied,
    1 being the first, that the ballot ("ballot") or the head's word ("head") gave, and `about` by
    the same codes the boards of that tie. A ruling of which that is not said counts among whatever
    boards have one."""

    board: int
    order: int
    value: Decimal
    groups: Mapping[str, Decimal] = field(default_factory=dict)
    deductions: Decimal = Decimal(0)
    is_ranked: bool = True
    rulings: Mapping[str, int] = field(default_factory=dict)
    about: Mapping[str, Set[int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Tie:
    """How a board stands to another of the same value: `by` is the code that told them apart, with
    the figures of both; "" where none did, and then the figures are their value."""

    other: int
    by: str
    mine: Decimal
    others: Decimal


@dataclass(frozen=True, slots=True)
class Place:
    """`rank` is None for a board outside the ranking."""

    board: int
    rank: int | None
    ties: tuple[Tie, ...] = ()


def is_tie_break(code: str) -> bool:
    """May a tie-break list hold this code? Whether its group exists is for the scale to say."""
    return code in (FEWEST_DEDUCTIONS, BALLOT, HEAD) or (code.startswith(GROUP) and code != GROUP)


def rank(contenders: Iterable[Contender], tie_break: Sequence[str]) -> list[Place]:
    """The places from the first to the last, boards outside the ranking at the end.

    Boards that share a rank, and those without one, stand in the order of the year's list. Raises
    ValueError for a code that no tie-break list has.
    """
    if unknown := [code for code in tie_break if not is_tie_break(code)]:
        raise ValueError(f"No such tie-break: {unknown}")
    listed = sorted(contenders, key=lambda one: (one.order, one.board))
    ranked = sorted((one for one in listed if one.is_ranked), key=_value_of, reverse=True)
    places: list[Place] = []
    for _value, equals in groupby(ranked, key=_value_of):
        places += _places_of(list(equals), tie_break, first=len(places) + 1)
    return places + [Place(one.board, None) for one in listed if not one.is_ranked]


def _value_of(one: Contender) -> Decimal:
    return one.value


def _places_of(equals: list[Contender], tie_break: Sequence[str], *, first: int) -> list[Place]:
    """The places of all boards of one value, the best of them being the `first`."""
    compared = list(_trails(equals, tie_break))
    # Ranks go by the first board of each trail: those that stay tied have the same one.
    ranks: dict[Trail, int] = {}
    for place, (_one, trail) in enumerate(compared, start=first):
        ranks.setdefault(trail, place)
    return [
        Place(
            one.board,
            ranks[trail],
            tuple(
                _tie_between(one, trail, other, others)
                for other, others in compared
                if other is not one
            ),
        )
        for one, trail in compared
    ]


def _trails(equals: list[Contender], codes: Sequence[str]) -> Iterator[tuple[Contender, Trail]]:
    """Boards of equal value from the best on, each with what it was compared by."""
    if len(equals) == 1 or not codes:
        yield from ((one, ()) for one in equals)
        return
    code, *later = codes
    tied = {one.board for one in equals}
    known = ((one.board, figure_of(one, code, tied)) for one in equals)
    figures = {board: figure for board, figure in known if figure is not None}
    if len(figures) < len(equals):
        yield from _trails(equals, later)
        return
    ordered = sorted(equals, key=lambda one: figures[one.board], reverse=_is_higher_better(code))
    for figure, alike in groupby(ordered, key=lambda one: figures[one.board]):
        for one, trail in _trails(list(alike), later):
            yield one, ((code, figure), *trail)


def figure_of(one: Contender, code: str, tied: Set[int]) -> Decimal | None:
    if code == FEWEST_DEDUCTIONS:
        return one.deductions
    if code.startswith(GROUP):
        return one.groups.get(code.removeprefix(GROUP))
    if one.about.get(code, tied) != tied:
        return None
    return Decimal(one.rulings[code]) if code in one.rulings else None


def _is_higher_better(code: str) -> bool:
    """More points in a group are better; fewer deductions are, and so is a smaller place."""
    return code.startswith(GROUP)


def _tie_between(one: Contender, trail: Trail, other: Contender, others_trail: Trail) -> Tie:
    for (code, mine), (_code, others) in zip(trail, others_trail, strict=False):
        if mine != others:
            return Tie(other.board, code, mine, others)
    return Tie(other.board, "", one.value, other.value)


# --- In words -------------------------------------------------------------------------------------

AHEAD: dict[str, Promise] = {
    "": gettext_lazy("Same points as %(board)s, nothing tells them apart: one rank"),
    GROUP: gettext_lazy("Same points as %(board)s, ahead in group %(group)s"),
    FEWEST_DEDUCTIONS: gettext_lazy("Same points as %(board)s, fewer deducted"),
    BALLOT: gettext_lazy("Same points as %(board)s, ahead by ballot"),
    HEAD: gettext_lazy("Same points as %(board)s, ahead by decision of the head"),
}
BEHIND: dict[str, Promise] = {
    GROUP: gettext_lazy("Same points as %(board)s, behind in group %(group)s"),
    FEWEST_DEDUCTIONS: gettext_lazy("Same points as %(board)s, more deducted"),
    BALLOT: gettext_lazy("Same points as %(board)s, behind by ballot"),
    HEAD: gettext_lazy("Same points as %(board)s, behind by decision of the head"),
}


def words(tie: Tie, names: Mapping[int, str], *, with_figures: bool = True) -> str:
    """The tie as the ranking prints it beside a board; `names` has the other board's name.

    The figures, of groups or deductions, are those that told the two apart; a reader who may see
    totals alone gets the sentence without them.
    """
    what, separator, group = tie.by.partition(":")
    is_behind = (tie.mine < tie.others) if _is_higher_better(tie.by) else (tie.mine > tie.others)
    sentence = str((BEHIND if is_behind else AHEAD)[what + separator])
    told = sentence % {"board": names[tie.other], "group": group}
    if with_figures and what + separator in (GROUP, FEWEST_DEDUCTIONS):
        return f"{told} ({vn_signed(tie.mine)} / {vn_signed(tie.others)})"
    return told
