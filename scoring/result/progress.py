"""What head and deputy see of a year: board by board how far it is, and the one next step."""

from collections.abc import Iterable
from dataclasses import dataclass

from members.models import User
from members.models.blocs import Role

from ..appraising import cross_scoring
from ..models import Criterion, CrossDuty, Line, Restriction, Scoring, Sheet
from ..models.scales import Owner
from ..models.sheets import ScoringState
from ..sheets import boards_together, tasks
from ..sheets.boards import BoardSheet, board_sheets, in_order, waiting_lines
from . import publication


@dataclass(frozen=True)
class BoardRow:
    """A board on the desk: the codes that wait for a figure, who may appraise it, and whether the
    reader may; `may_decide` says the same of what is decided about the board afterwards."""

    board: BoardSheet
    waiting: list[str]
    appraisers: list[str]
    may_appraise: bool
    may_decide: bool
    blocker: str

    @property
    def sheet(self) -> Sheet:
        return self.board.sheet


def rows(scoring: Scoring, user: User) -> list[BoardRow]:
    """Every board of the year in its order; the number of queries does not depend on how many."""
    boards = board_sheets(scoring)
    blocked = {one.membership.pk: one.what for one in publication.blockers(boards)}
    return [
        BoardRow(
            board=board,
            waiting=_waiting_codes(board),
            appraisers=_appraisers_of(board.sheet, boards),
            may_appraise=user.has_perm("scoring.appraise", board.sheet),
            may_decide=user.has_perm("scoring.set_task", board.sheet),
            blocker=blocked.get(board.sheet.membership_id, ""),
        )
        for board in boards
    ]


def _waiting_codes(board: BoardSheet) -> list[str]:
    if board.sheet.is_with_the_board:
        return []
    return [line.criterion.code for line in waiting_lines(board)]


def _appraisers_of(sheet: Sheet, boards: Iterable[BoardSheet]) -> list[str]:
    """The short names of the boards whose people appraise a sheet."""
    year, own = sheet.scoring.bloc_year, sheet.membership.acting_board_id
    acting = {one.sheet.membership.acting_board_id: one.sheet.membership for one in boards}
    return [
        acting[board].name.short_name
        for board, role in year.roles.items()
        if role in (Role.HEAD, Role.DEPUTY) and board != own and board in acting
    ]


# The act that comes next in each state: the name of its page.
NEXT: dict[str, str] = {
    ScoringState.OPEN: "publish",
    ScoringState.PUBLISHED: "agree",
    ScoringState.AGREED: "finalise",
}


def next_step(scoring: Scoring, user: User) -> str:
    """The page of the one next step of the year; "" for who may not take it, and when all is
    done."""
    if not user.has_perm("scoring.keep", scoring):
        return ""
    return NEXT.get(scoring.state, "")


def restrictions(scoring: Scoring) -> list[Restriction]:
    found = Restriction.objects.filter(sheet__scoring=scoring)
    restrictions = list(found.select_related("sheet__membership__name", "file"))
    for one in restrictions:
        one.sheet.scoring = scoring
    return restrictions


def duties(scoring: Scoring) -> list[CrossDuty]:
    """Who scores whom, in the order of the boards; those that no longer count are left out."""
    found = scoring.duties.select_related("scorer__name", "sheet__membership__name")
    duties = list(found.order_by("scorer__order", "pk"))
    aside = boards_together.counted_in(scoring) if duties else {}
    return [one for one in duties if cross_scoring.counts(one, aside)]


def can_draw(scoring: Scoring) -> bool:
    """Whether other boards are to score, and nothing was drawn yet."""
    wanted = scoring.scale.criteria.filter(owner=Owner.PEERS).exists()
    return scoring.is_open and wanted and not scoring.duties.exists()


# --- What boards are measured by ------------------------------------------------------------------


def criteria_with_plan(scoring: Scoring) -> list[Criterion]:
    """The criteria by whose own plan they, or others that take over their figure, are measured;
    in the order of the scale."""
    criteria = {one.pk: one for one in scoring.scale.criteria.select_related("group")}
    measured = tasks.measured_by_plan(scoring.scale)
    return [criteria[pk] for pk in in_order(scoring.scale) if pk in measured]


def settable_sheets(scoring: Scoring, user: User) -> list[Sheet]:
    """The sheets whose task a person may set now."""
    sheets = scoring.sheets.select_related("membership__name").order_by("membership__order")
    found = []
    for sheet in sheets:
        sheet.scoring = scoring
        is_free = scoring.is_open and sheet.state != "appraised"
        if is_free and user.has_perm("scoring.set_task", sheet):
            found.append(sheet)
    return found


def unassigned_lines(scoring: Scoring) -> list[Line]:
    lines = Line.objects.filter(sheet__scoring=scoring).exclude(unassigned_because="")
    found = lines.select_related("criterion", "sheet__membership__name")
    return list(found.order_by("sheet__membership__order", "criterion__order"))
