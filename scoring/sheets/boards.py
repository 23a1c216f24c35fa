"""Each board's sheet with its figures on record, and the computation of a year from them.

The number of queries does not depend on the number of boards; points are computed by
`computing.compute`.
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
    """A sheet with everything that the computation and the pages need.

    `figures` maps each column to the current figure of each line, by line id; `came_back` has the
    ids of lines returned before the last submission.
    """

    sheet: Sheet
    lines: list[Line]
    figures: dict[str, dict[int, Figure]] = field(default_factory=dict)
    restrictions: list[Restriction] = field(default_factory=list)
    # By "ballot" or "head": the place given, and the membership ids of the boards of that tie.
    rulings: dict[str, int] = field(default_factory=dict)
    about: dict[str, frozenset[int]] = field(default_factory=dict)
    has_signed: bool = True
    # Not ranked this year, by decision of the bloc after boards merged.
    is_left_out: bool = False
    # The membership in whose sheet this board is counted, if the bloc added the two up.
    counted_in: Membership | None = None
    came_back: set[int] = field(default_factory=set)

    @property
    def is_ranked(self) -> bool:
        """Whether the board is in the ranking: not if it left, is counted elsewhere or left out, is
        unrankable by the scale, or disqualified. An award hold does not take it out."""
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
        """Whether a disqualification is in force."""
        return any(one.disqualifies for one in self.restrictions)

    def figure_in(self, line: Line, column: str) -> Figure | None:
        """The figure that counts for a line in a column: in SELF the board's, in APPRAISED the
        appraised one, in AGREED the agreed one or else the appraised one. None if there is none."""
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
    """The boards of a year, or of the given sheets, with lines and figures, in the year's order.

    The number of queries does not depend on the number of boards.
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
    """The lines of these boards in the order of the scale, with their criteria."""
    criteria = {one.pk: one for one in scoring.scale.criteria.select_related("group")}
    places = {pk: place for place, pk in enumerate(in_order(scoring.scale))}
    lines = list(Line.objects.filter(sheet__in=boards).order_by())
    for line in lines:
        line.criterion = criteria[line.criterion_id]
    return sorted(lines, key=lambda line: places[line.criterion_id])


def in_order(scale: Scale) -> list[int]:
    """The ids of the criteria in the order in which the scale prints them: group by group."""
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
    """Reads the places of all boards, even of those not asked for: together they are the tie of a
    ruling."""
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
    """Whether a line still needs an appraised figure: it has none, or it was returned since."""
    if not needs_figure(line):
        return False
    appraised = board.figure_in(line, Column.APPRAISED)
    return appraised is None or (line.pk in board.came_back and appraised.round < board.sheet.round)


def needs_figure(line: Line) -> bool:
    """Whether the line needs an appraised figure of its own: it is assigned, and does not use
    another's."""
    return line.is_assigned and line.criterion.facts_from_id is None


def waiting_lines(board: BoardSheet) -> list[Line]:
    """The lines that still need an appraised figure, in the order of the sheet."""
    return [line for line in board.lines if is_waiting(board, line)]


def lines_without_plan(board: BoardSheet) -> list[Line]:
    """The lines without a plan that a formula needs, and which so would earn nothing. A line that
    uses another line's figure uses its plan as well, so that the other line is listed."""
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
    """The codes of the lines, for a sentence."""
    return ", ".join(line.criterion.code for line in lines)


def refuse_unassigned(line: Line) -> None:
    """Raises NotNow if the line is not assigned, or uses another line's figure."""
    if not line.is_assigned:
        raise NotNow(_("This criterion is not assigned to the board."))
    if line.criterion.facts_from_id is not None:
        raise NotNow(_("This line takes over the figure of another one: change that one."))


# --- The computation ------------------------------------------------------------------------------


def computable_sheet(board: BoardSheet, column: str) -> computing.Sheet:
    """The sheet as input of the computation, with the facts of one column."""
    return computing.Sheet(
        board=board.sheet.membership_id,
        facts={
            line.criterion.code: fact
            for line in board.lines
            if (fact := _fact_of(board, line, column)) is not None
        },
        not_assigned=frozenset(line.criterion.code for line in board.lines if not line.is_assigned),
        is_ranked=board.is_ranked,
        order=board.sheet.membership.order,
        rulings=board.rulings,
        about=board.about,
    )


def _fact_of(board: BoardSheet, line: Line, column: str) -> Fact | None:
    """The figure and plan of a line in a column; None without a figure. In SELF, while the scoring
    is open, the draft figure if there is none on record."""
    figure = board.figure_in(line, column)
    if figure is not None:
        return None if figure.fact is None else Fact(actual=figure.fact, plan=line.plan)
    if column == Column.SELF and line.actual is not None and board.sheet.scoring.is_open:
        return Fact(actual=line.actual, plan=line.plan)
    return None


def compute_year(
    scoring: Scoring, column: str, boards: Iterable[BoardSheet] | None = None
) -> computing.YearResult:
    """The whole year computed in one column, from the figures on record."""
    held = board_sheets(scoring) if boards is None else boards
    return computing.compute(
        rules_of(scoring.scale), [computable_sheet(one, column) for one in held]
    )
