"""The progress of a year for head and deputy: how far each board is, and the one next step."""

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
    """A board in the overview of the appraisal. `waiting` are the codes of lines without an
    appraised figure, `appraisers` the boards that appraise it. `may_appraise` and `may_decide` are
    the reader's permissions scoring.appraise and scoring.set_task; `blocker` is what blocks the
    publication."""

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
    """Every board of the year in its order; the number of queries does not depend on the boards."""
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
    """The short names of the boards that appraise a sheet."""
    year, own = sheet.scoring.bloc_year, sheet.membership.acting_board_id
    acting = {one.sheet.membership.acting_board_id: one.sheet.membership for one in boards}
    return [
        acting[board].name.short_name
        for board, role in year.roles.items()
        if role in (Role.HEAD, Role.DEPUTY) and board != own and board in acting
    ]


# The page of the act that comes next in each state.
NEXT: dict[str, str] = {
    ScoringState.OPEN: "publish",
    ScoringState.PUBLISHED: "agree",
    ScoringState.AGREED: "finalise",
}


def next_step(scoring: Scoring, user: User) -> str:
    """The name of the page of the year's next step; "" if there is none, or the user may not take
    it."""
    if not user.has_perm("scoring.keep", scoring):
        return ""
    return NEXT.get(scoring.state, "")


def restrictions(scoring: Scoring) -> list[Restriction]:
    """The restrictions of all boards of the year."""
    found = Restriction.objects.filter(sheet__scoring=scoring)
    restrictions = list(found.select_related("sheet__membership__name", "file"))
    for one in restrictions:
        one.sheet.scoring = scoring
    return restrictions


def duties(scoring: Scoring) -> list[CrossDuty]:
    """Who scores whom, in the order of the scoring boards; duties that no longer apply are left
    out."""
    found = scoring.duties.select_related("scorer__name", "sheet__membership__name")
    duties = list(found.order_by("scorer__order", "pk"))
    aside = boards_together.counted_in(scoring) if duties else {}
    return [one for one in duties if cross_scoring.applies(one, aside)]


def can_draw(scoring: Scoring) -> bool:
    """Whether the scale has cross-scored criteria, and nothing has been drawn yet."""
    wanted = scoring.scale.criteria.filter(owner=Owner.PEERS).exists()
    return scoring.is_open and wanted and not scoring.duties.exists()


# --- What boards are measured by ------------------------------------------------------------------


def criteria_with_plan(scoring: Scoring) -> list[Criterion]:
    """The criteria whose plan is needed (`tasks.measured_by_plan`), in the order of the scale."""
    criteria = {one.pk: one for one in scoring.scale.criteria.select_related("group")}
    measured = tasks.measured_by_plan(scoring.scale)
    return [criteria[pk] for pk in in_order(scoring.scale) if pk in measured]


def settable_sheets(scoring: Scoring, user: User) -> list[Sheet]:
    """The sheets whose plans and assignments the user may set now."""
    sheets = scoring.sheets.select_related("membership__name").order_by("membership__order")
    found = []
    for sheet in sheets:
        sheet.scoring = scoring
        is_free = scoring.is_open and sheet.state != "appraised"
        if is_free and user.has_perm("scoring.set_task", sheet):
            found.append(sheet)
    return found


def unassigned_lines(scoring: Scoring) -> list[Line]:
    """The lines not assigned, in the order of boards and criteria."""
    lines = Line.objects.filter(sheet__scoring=scoring).exclude(unassigned_because="")
    found = lines.select_related("criterion", "sheet__membership__name")
    return list(found.order_by("sheet__membership__order", "criterion__order"))
