"""A year of three boards with criteria of every owner, brought to any state by acts."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils import timezone

from members.models import Board, Continuation, Succession, User
from members.models.blocs import Role
from scoring.appraising import appraisal, cross_scoring
from scoring.models import CrossDuty, Line, Scale, Scoring, Sheet
from scoring.result import conference, publication
from scoring.scale import writing
from scoring.sheets import opening, tasks
from tests.people import (
    Cast,
    adopt,
    enrol,
    issue,
    join,
    make_board,
    make_leader,
    make_year,
    seal_covenant,
    sign,
)
from tests.scoring.scales import (
    PDF,
    add_criterion,
    draft_scale,
    head_board,
    line_of,
    sheet_of,
    submitted,
)

FREE = {"kind": "rubric", "max_points": Decimal(2), "needs_evidence": False}
MORE = (
    {**FREE, "code": "III.1", "title": "Tinh thần phối hợp", "owner": "appraisers"},
    {**FREE, "code": "III.2", "title": "Cải cách hành chính", "owner": "outside"},
    {**FREE, "code": "III.3", "title": "Phong trào nổi bật", "owner": "peers"},
    {
        "code": "III.4",
        "title": "Thu ngân sách so với kế hoạch",
        "kind": "plan_ratio",
        "max_points": Decimal(2),
        "owner": "appraisers",
        "needs_evidence": False,
    },
)
DAY = dt.timedelta(days=1)


@dataclass
class Stage:
    """The year, its scoring, and beside the cast the third board with its leader Giang."""

    cast: Cast
    scoring: Scoring
    third: Board
    giang: User

    @property
    def year(self) -> Any:
        return self.scoring.bloc_year

    @property
    def boards(self) -> tuple[tuple[Board, User, User], ...]:
        """Each board with its leader and who appraises it."""
        cast = self.cast
        return (
            (cast.head, cast.an, cast.binh),
            (cast.board, cast.binh, cast.an),
            (self.third, self.giang, cast.chi),
        )

    def sheet(self, board: Board) -> Sheet:
        return sheet_of(self.scoring, board)

    def line(self, board: Board, code: str) -> Line:
        return line_of(self.sheet(board), code)

    def again(self) -> Scoring:
        """The scoring as a new request would read it."""
        self.scoring = Scoring.objects.get(pk=self.scoring.pk)
        return self.scoring


def adopt_wide_scale(cast: Cast, year: Any, **rules: Any) -> Scale:
    """The small scale with a group of criteria that others than the board score."""
    settled = {"total": Decimal(23), "crossing_each": 1, **rules}
    scale = draft_scale(year, actor=cast.chi, **settled)
    group = {"code": "III", "title": "Nội dung do Khối chấm", "max_points": Decimal(8)}
    scale = writing.save_group(scale, None, values=group, revision=scale.revision, actor=cast.chi)
    for values in MORE:
        scale = add_criterion(scale, "III", values, actor=cast.chi)
    begins = dt.date(year.year, 5, 4)
    paper = issue(
        adopt(scale.paper, actor=cast.chi), actor=cast.chi, dated_on=begins, effective_on=begins
    )
    sign(paper, head_board(paper), actor=cast.an)
    return scale


def open_stage(cast: Cast, **rules: Any) -> Stage:
    """The year open for scoring: the sheets are with the boards."""
    year = make_year(cast.bloc, 2018)
    third = make_board("GLA", province="Gia Lai")
    for board, role in (
        (cast.head, Role.HEAD),
        (cast.board, Role.DEPUTY),
        (third, Role.MEMBER),
    ):
        join(year, board, role=role)
    giang = make_leader(third, "giang")
    seal_covenant(year, actor=cast.chi)
    enrol(cast.an)
    adopt_wide_scale(cast, year, **rules)
    scoring = opening.open_scoring(year, self_until=dt.date(2019, 11, 30), actor=cast.chi)
    return Stage(cast, Scoring.objects.get(pk=scoring.pk), third, giang)


def submitted_stage(cast: Cast, **rules: Any) -> Stage:
    """All sheets signed off."""
    stage = open_stage(cast, **rules)
    for board, leader, _appraiser in stage.boards:
        submitted(stage.sheet(board), actor=leader)
    return stage


def outside(line: Line, *, actor: User, **changed: Any) -> Any:
    """The act with everything that it asks for."""
    usual: dict[str, Any] = {
        "fact": Decimal(2),
        "document": "Công văn số 15/SNV-CCHC",
        "content": PDF,
        "media_type": "application/pdf",
        "name": "cong-van.pdf",
    }
    return appraisal.enter_outside(line, **usual | changed, actor=actor)


def cross_scored(stage: Stage) -> None:
    """Who scores whom drawn, and every score of a submitted sheet given: 1 point each."""
    cross_scoring.draw(stage.again(), actor=stage.cast.chi)
    leaders = {board.pk: leader for board, leader, _appraiser in stage.boards}
    duties = CrossDuty.objects.select_related("scorer", "sheet")
    for duty in duties.filter(sheet__state="submitted"):
        figures = {line.pk: Decimal(1) for line in cross_scoring.lines_to_score(duty)}
        cross_scoring.score(duty, figures=figures, actor=leaders[duty.scorer.board_id])


def plan_given(stage: Stage, board: Board, actor: User) -> None:
    """The plan that the covenant lacks; so large that 1 earns nothing of it."""
    line = stage.line(board, "III.4")
    tasks.set_plan(line, plan=Decimal(1000), reason="Quyết định 12", actor=actor)


def figures_given(stage: Stage, board: Board, appraiser: User) -> None:
    """Every line of a sheet gets its plan and its appraised figure."""
    plan_given(stage, board, appraiser)
    sheet = stage.sheet(board)
    every = list(sheet.lines.values_list("pk", flat=True))
    appraisal.take_as_proposed(sheet, lines=every, actor=appraiser)
    for code in ("III.1", "III.4"):
        line = stage.line(board, code)
        appraisal.appraise(line, fact=Decimal(1), reason="Theo dõi của Khối", actor=appraiser)
    outside(stage.line(board, "III.2"), actor=appraiser)


def appraised_stage(cast: Cast, **rules: Any) -> Stage:
    """All sheets appraised, nothing published."""
    stage = submitted_stage(cast, **rules)
    cross_scored(stage)
    for board, _leader, appraiser in stage.boards:
        figures_given(stage, board, appraiser)
        appraisal.conclude(stage.sheet(board), actor=appraiser)
    return stage


def published_stage(cast: Cast, **rules: Any) -> Stage:
    stage = appraised_stage(cast, **rules)
    until = timezone.localdate() + 7 * DAY
    publication.publish(stage.again(), objections_until=until, actor=cast.chi)
    stage.again()
    return stage


def end_of_objections(stage: Stage) -> None:
    """The last day of objections was yesterday."""
    Scoring.objects.filter(pk=stage.scoring.pk).update(objections_until=timezone.localdate() - DAY)
    stage.again()


def agreed_stage(cast: Cast, **rules: Any) -> Stage:
    stage = published_stage(cast, **rules)
    end_of_objections(stage)
    conference.agree(
        stage.scoring, on=timezone.localdate(), where="Hội nghị tổng kết", actor=cast.chi
    )
    stage.again()
    return stage


def final_stage(cast: Cast, **rules: Any) -> Stage:
    stage = agreed_stage(cast, **rules)
    conference.finalise(stage.scoring, actor=cast.chi)
    stage.again()
    return stage


def leave(stage: Stage, board: Board) -> None:
    """The board ended and left the year, by the bloc's decision."""
    day = dt.date(2018, 9, 1)
    gone = Succession.objects.create(
        kind=Succession.Kind.DISSOLUTION, document="Quyết định 1", effective_on=day
    )
    decision = Continuation.objects.create(
        bloc_year=stage.year,
        succession=gone,
        treatment=Continuation.Treatment.NOT_RANKED,
        document="Biên bản",
        decided_on=day,
    )
    stage.year.memberships.filter(board=board).update(left_by=decision)
    stage.again()
