"""The ranking of the boards of a year; the same for any order of its input.

Boards of equal value are compared by the scale's tie-break codes, one after another. A code is
applied only if all boards still tied have a figure for it: a ballot on two boards does not decide a
tie of three, nor a ballot on three a tie of two of them. Boards that no code separates share a
rank, and the next rank is skipped (1, 2, 2, 4).
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

# The tie-break codes applied to a board, with its figure for each.
Trail = tuple[tuple[str, Decimal], ...]


@dataclass(frozen=True, slots=True)
class Contender:
    """A board in the ranking. `order` is its place in the year's list of members. `rulings` maps
    who ruled ("ballot" or "head") to the board's place among the tied boards, from 1; `about` maps
    the same codes to the boards of that tie. A ruling without `about` applies to any tie in which
    all boards have one."""

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
    """The comparison of a board with another of the same value. `by` is the code that separated
    them, `mine` and `others` their figures; if none did, `by` is "" and the figures are their
    values."""

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
    """Whether a tie-break list may contain this code. It is not checked here that the group
    exists."""
    return code in (FEWEST_DEDUCTIONS, BALLOT, HEAD) or (code.startswith(GROUP) and code != GROUP)


def rank(contenders: Iterable[Contender], tie_break: Sequence[str]) -> list[Place]:
    """The places in ranking order, boards outside the ranking last.

    Boards of the same rank, and those without a rank, come in the order of the year's list of
    members. Raises ValueError for a code that is not a tie-break.
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
    """The places of boards of one value; the best of them gets the rank `first`."""
    compared = list(_trails(equals, tie_break))
    # Boards that stay tied have equal trails, and share the rank of the first of them.
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
    """Boards of equal value, the best first, each with the codes applied and its figures."""
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
    """A board's figure for a tie-break code; None if it has none, or if the ruling was about
    another tie than that of the boards `tied`."""
    if code == FEWEST_DEDUCTIONS:
        return one.deductions
    if code.startswith(GROUP):
        return one.groups.get(code.removeprefix(GROUP))
    if one.about.get(code, tied) != tied:
        return None
    return Decimal(one.rulings[code]) if code in one.rulings else None


def _is_higher_better(code: str) -> bool:
    """True for points of a group; of deductions and places the lower one is better."""
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
    """The tie as the ranking prints it beside a board; `names` maps board ids to names.

    `with_figures` adds the figures by which the boards were separated (points of a group,
    deductions); it is off for readers who may see totals only.
    """
    what, separator, group = tie.by.partition(":")
    is_behind = (tie.mine < tie.others) if _is_higher_better(tie.by) else (tie.mine > tie.others)
    sentence = str((BEHIND if is_behind else AHEAD)[what + separator])
    told = sentence % {"board": names[tie.other], "group": group}
    if with_figures and what + separator in (GROUP, FEWEST_DEDUCTIONS):
        return f"{told} ({vn_signed(tie.mine)} / {vn_signed(tie.others)})"
    return told
