"""Each board's sheet with the figures on record, and the computation of a year from them.

Figures are read with a handful of queries whatever the number of boards; `computing.compute` does
the rest.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import F
from django.utils.translation import gettext as _

from members.mergers import carried_on
from members.models import Membership
from members.records.acts import NotNow

from .. import computing, facts
from ..formulas import Fact
from ..models import Figure, Line, Restriction, Return, Scale, Scoring, Sheet, TiePlace
from ..models.appraisal import Column
from ..models.scales import Unrankable
from ..scale.computable import rules_of
from ..scale.drafts import tree_of
from . import boards_together

NOTHING = Fact()


@dataclass
class BoardSheet:
    """A sheet with everything that the computation and the pages need of it.

    `figures` holds for each column the figure that stands on each line, by the line's id;
    `came_back` the ids of the lines that were returned before the last submission.
    """

    sheet: Sheet
    lines: list[Line]
    figures: dict[str, dict[int, Figure]] = field(default_factory=dict)
    restrictions: list[Restriction] = field(default_factory=list)
    # By who ruled: the place, and the boards (memberships) of the tie that the ruling was about.
    rulings: dict[str, int] = field(default_factory=dict)
    about: dict[str, frozenset[int]] = field(default_factory=dict)
    has_signed: bool = True
    # The bloc decided so after boards merged.
    is_left_out: bool = False
    # Where the bloc added the board up with another one after each had got its sheet.
    counted_in: Membership | None = None
    came_back: set[int] = field(default_factory=set)

    @property
    def is_ranked(self) -> bool:
        """Whether the board takes part in the ranking; a hold does not take it out."""
        if self.is_left_out or self.counted_in or self.sheet.membership.has_left:
            return False
        unrankable = set(self.sheet.scoring.scale.unrankable)
        if Unrankable.NOT_SUBMITTED in unrankable and not self.sheet.round:
            return False
        if Unrankable.NOT_SIGNED in unrankable and not self.has_signed:
            return False
        return not self.is_disqualified

    @property
    def is_disqualified(self) -> bool:
        return any(one.disqualifies for one in self.restrictions)

    def standing(self, line: Line, column: str) -> Figure | None:
        """The figure that counts for a line in a column: agreed, else appraised, else the
        board's, as far as the column reaches."""
        for one in REACH[column]:
            if figure := self.figures.get(one, {}).get(line.pk):
                return figure
        return None


REACH: dict[str, tuple[str, ...]] = {
    Column.SELF: (Column.SELF,),
    Column.APPRAISED: (Column.APPRAISED,),
    Column.AGREED: (Column.AGREED, Column.APPRAISED),
}


def board_sheets(scoring: Scoring, sheets: Iterable[Sheet] | None = None) -> list[BoardSheet]:
    """Every board of a year (or the given sheets) with its lines and figures, in the year's order.

    The number of queries does not depend on how many there are.
    """
    chosen = (
        scoring.sheets.all()
        if sheets is None
        else Sheet.objects.filter(pk__in=[one.pk for one in sheets])
    )
    found = list(chosen.select_related("membership__name").order_by("membership__order"))
    boards = {sheet.pk: BoardSheet(_known_sheet(sheet, scoring), []) for sheet in found}
    for line in lines_of(scoring, boards):
        line.sheet = boards[line.sheet_id].sheet
        boards[line.sheet_id].lines.append(line)
    _put_figures(boards)
    _put_what_stands_beside(scoring, boards)
    _put_rulings(scoring, boards)
    return list(boards.values())


def _known_sheet(sheet: Sheet, scoring: Scoring) -> Sheet:
    sheet.scoring = scoring
    return sheet


def lines_of(scoring: Scoring, boards: Mapping[int, BoardSheet]) -> list[Line]:
    criteria = {one.pk: one for one in scoring.scale.criteria.select_related("group")}
    places = {pk: place for place, pk in enumerate(in_order(scoring.scale))}
    lines = list(Line.objects.filter(sheet__in=boards).order_by())
    for line in lines:
        line.criterion = criteria[line.criterion_id]
    return sorted(lines, key=lambda line: places[line.criterion_id])


def in_order(scale: Scale) -> list[int]:
    """The ids of the criteria as the scale prints them: group by group."""
    groups = [group.pk for group in tree_of(scale)]
    criteria = sorted(scale.criteria.all(), key=lambda one: groups.index(one.group_id))
    return [criterion.pk for criterion in criteria]


def _put_figures(boards: Mapping[int, BoardSheet]) -> None:
    figures = Figure.objects.filter(line__sheet__in=boards).order_by("pk")
    sheet_of = {line.pk: board for board in boards.values() for line in board.lines}
    for figure in figures:
        sheet_of[figure.line_id].figures.setdefault(figure.column, {})[figure.line_id] = figure


def _put_what_stands_beside(scoring: Scoring, boards: Mapping[int, BoardSheet]) -> None:
    sheets = Sheet.objects.filter(pk__in=boards).prefetch_related("restrictions")
    decided = carried_on(scoring.bloc_year)
    left_out, aside = (
        boards_together.left_out(decided),
        boards_together.counted_in(scoring, decided),
    )
    unsigned = _boards_not_signed(scoring)
    back = Return.objects.filter(line__sheet__in=boards, round=F("line__sheet__round") - 1)
    for sheet_pk, line in back.values_list("line__sheet", "line"):
        boards[sheet_pk].came_back.add(line)
    for sheet in sheets:
        board = boards[sheet.pk]
        board.restrictions = list(sheet.restrictions.all())
        board.has_signed = sheet.membership_id not in unsigned
        board.is_left_out = sheet.membership_id in left_out
        board.counted_in = aside.get(sheet.membership_id)


def _put_rulings(scoring: Scoring, boards: Mapping[int, BoardSheet]) -> None:
    """All places of a ruling are read, also of boards that are not asked for: they make its tie."""
    places = TiePlace.objects.filter(ruling__scoring=scoring).order_by("ruling", "place")
    about: dict[int, set[int]] = {}
    rows = list(places.values_list("ruling", "ruling__by", "sheet", "sheet__membership", "place"))
    for ruling, _by, _sheet, membership, _place in rows:
        about.setdefault(ruling, set()).add(membership)
    for ruling, by, sheet, _membership, place in rows:
        if sheet in boards:
            boards[sheet].rulings[by] = place
            boards[sheet].about[by] = frozenset(about[ruling])


def _boards_not_signed(scoring: Scoring) -> set[int]:
    if Unrankable.NOT_SIGNED not in scoring.scale.unrankable:
        return set()
    return facts.not_signed(scoring.bloc_year)


# --- What the appraisal still needs ---------------------------------------------------------------


def is_waiting(board: BoardSheet, line: Line) -> bool:
    """Whether a line still needs an appraised figure of its own. After a return the figures of
    the lines that came back are looked at again."""
    if not needs_figure(line):
        return False
    appraised = board.standing(line, Column.APPRAISED)
    return appraised is None or (line.pk in board.came_back and appraised.round < board.sheet.round)


def needs_figure(line: Line) -> bool:
    """Whether the appraisal ends with a figure of the line's own."""
    return line.is_assigned and line.criterion.facts_from_id is None


def waiting_lines(board: BoardSheet) -> list[Line]:
    return [line for line in board.lines if is_waiting(board, line)]


def lines_without_plan(board: BoardSheet) -> list[Line]:
    """The lines whose figure is measured by a plan that nobody has set: it would earn nothing. A
    line that takes over the figure of another takes over its plan."""
    measured = {
        line.criterion.facts_from_id or line.criterion_id
        for line in board.lines
        if line.is_assigned and line.criterion.formula.needs_plan
    }
    return [
        line
        for line in board.lines
        if line.criterion_id in measured and line.is_assigned and line.plan is None
    ]


def line_codes(lines: Iterable[Line]) -> str:
    return ", ".join(line.criterion.code for line in lines)


def refuse_unassigned(line: Line) -> None:
    if not line.is_assigned:
        raise NotNow(_("This criterion is not assigned to the board."))
    if line.criterion.facts_from_id is not None:
        raise NotNow(_("This line takes over the figure of another one: change that one."))


# --- The computation ------------------------------------------------------------------------------


def computable_sheet(board: BoardSheet, column: str) -> computing.Sheet:
    """What the computation takes of a board: the facts of one column."""
    return computing.Sheet(
        board=board.sheet.membership_id,
        facts={
            line.criterion.code: fact
            for line in board.lines
            if (fact := fact_of(board, line, column)) is not None
        },
        not_assigned=frozenset(line.criterion.code for line in board.lines if not line.is_assigned),
        is_ranked=board.is_ranked,
        order=board.sheet.membership.order,
        rulings=board.rulings,
        about=board.about,
    )


def fact_of(board: BoardSheet, line: Line, column: str) -> Fact | None:
    """The figure of a line in a column; before the sheet is submitted, what is being written, which
    a publication makes nobody's."""
    figure = board.standing(line, column)
    if figure is not None:
        return None if figure.fact is None else Fact(actual=figure.fact, plan=line.plan)
    if column == Column.SELF and line.actual is not None and board.sheet.scoring.is_open:
        return Fact(actual=line.actual, plan=line.plan)
    return None


def compute_year(
    scoring: Scoring, column: str, boards: Iterable[BoardSheet] | None = None
) -> computing.YearResult:
    """The whole year in one column, from the figures on record."""
    held = board_sheets(scoring) if boards is None else boards
    return computing.compute(
        rules_of(scoring.scale), [computable_sheet(one, column) for one in held]
    )
