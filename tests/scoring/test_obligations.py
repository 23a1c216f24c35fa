"""Obligations of boards and secretariat during scoring."""

import datetime as dt

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from members.models import YearStep
from members.models.blocs import StepKind
from scoring import merger_effects, obligations
from scoring.appraising import appraisal
from scoring.models import CrossDuty, Scoring, Sheet
from scoring.result import objections
from tests.people import Cast, join, make_board
from tests.scoring.result.test_publication import disqualify, publish
from tests.scoring.scales import (
    line_of,
    open_year,
    opened_year,
    published_year,
    sheet_of,
    submitted,
)
from tests.scoring.sheets.test_never_submitted import one_does_not_submit
from tests.scoring.years import Stage, appraised_stage, leave, published_stage
from tests.shared_scene import in_scene


def open_ones(cast: Cast) -> list[tuple[str, str]]:
    """(step, board or "-") of what is not done."""
    return [
        (one.step, one.membership.board.code if one.membership else "-")
        for one in obligations.obligations(cast.year)
        if not one.is_done
    ]


def test_opening_is_owed_from_the_first_day_of_self_scoring(cast: Cast) -> None:
    assert open_ones(cast) == []
    today = timezone.localdate()
    step = YearStep.objects.create(
        bloc_year=cast.year,
        kind=StepKind.SELF_SCORING,
        starts_on=today + dt.timedelta(days=1),
        ends_on=today + dt.timedelta(days=9),
    )
    assert open_ones(cast) == []

    YearStep.objects.filter(pk=step.pk).update(starts_on=today)
    assert open_ones(cast) == [("open_scoring", "-")]


@in_scene(opened_year)
def test_every_board_owes_its_sheet_and_then_the_head_the_appraisal(
    cast: Cast, scoring: Scoring
) -> None:
    assert open_ones(cast) == [("sheet", "DLK"), ("sheet", "BDI")]

    submitted(sheet_of(scoring, cast.board), actor=cast.binh)
    assert open_ones(cast) == [("sheet", "DLK"), ("appraise", "-")]


def test_the_deputy_owes_the_appraisal_of_the_head(cast: Cast) -> None:
    cast.year.memberships.filter(board=cast.board).update(role="deputy")
    scoring = open_year(cast.year, actor=cast.chi, leader=cast.an)
    submitted(sheet_of(scoring, cast.head), actor=cast.an)
    assert open_ones(cast) == [("sheet", "BDI"), ("appraise", "BDI")]


@in_scene(opened_year)
def test_lines_that_came_back_are_owed_until_their_day(cast: Cast, scoring: Scoring) -> None:
    sheet = submitted(sheet_of(scoring, cast.board), actor=cast.binh)
    day = timezone.localdate() + dt.timedelta(days=3)
    reasons = {line_of(sheet, "I.1").pk: "Chưa khớp báo cáo quý."}
    appraisal.return_lines(sheet, reasons=reasons, reply_by=day, actor=cast.an)

    owed = [one for one in obligations.obligations(cast.year) if one.membership]
    assert [(str(one.title), one.due_on) for one in owed][1] == (
        "Giải trình các dòng Khối trả lại",
        day,
    )


@in_scene(one_does_not_submit)
def test_cross_scores_are_owed_until_publication_by_boards_that_stay(stage: Stage) -> None:
    """The sheet of the third board was never there to be scored."""
    cast, cast.year = stage.cast, stage.year
    [duty] = CrossDuty.objects.filter(done_at=None).select_related("scorer__board")
    assert ("cross_score", duty.scorer.board.code) in open_ones(cast)
    steps = [one.step for one in obligations.obligations(cast.year)]

    publish(stage)
    assert open_ones(cast) == [("agree", "-")]
    assert [one.step for one in obligations.obligations(cast.year)][:6] == steps[:6]

    leave(stage, duty.scorer.board)
    left = [one.membership for one in obligations.obligations(cast.year)]
    assert duty.scorer not in left


@in_scene(appraised_stage)
def test_publishing_waits_for_no_board_that_is_not_considered(stage: Stage) -> None:
    cast, cast.year = stage.cast, stage.year
    assert open_ones(cast) == [("publish", "-")]
    Sheet.objects.filter(pk=stage.sheet(cast.board).pk).update(state="submitted")
    assert open_ones(cast) == [("appraise", "-")]
    disqualify(stage)
    assert open_ones(cast) == [("publish", "-")]


@in_scene(published_stage)
def test_the_deputy_owes_the_answers_about_the_head_alone(stage: Stage) -> None:
    cast, cast.year = stage.cast, stage.year
    membership = stage.sheet(stage.third).membership
    for board, owing in ((cast.head, ["BDI"]), (cast.board, ["BDI", "-"])):
        objections.make_objection(
            stage.line(board, "I.1"), membership=membership, text="Chưa đúng", actor=stage.giang
        )
        owed = [("objections", who) for who in owing]
        assert open_ones(cast) == [*owed, ("agree", "-")]


@in_scene(published_stage)
def test_the_deputy_owes_what_the_head_objects_and_nobody_what_both_are_parties_to(
    stage: Stage,
) -> None:
    cast, cast.year = stage.cast, stage.year
    head = stage.sheet(cast.head).membership
    for board, owing in ((cast.board, []), (stage.third, [("objections", "BDI")])):
        line = stage.line(board, "I.1")
        objections.make_objection(line, membership=head, text="Chưa đúng", actor=cast.an)
        assert open_ones(cast) == [*owing, ("agree", "-")]


@in_scene(published_year)
def test_after_publication_the_conference_is_owed(cast: Cast, scoring: Scoring) -> None:
    cast.year = scoring.bloc_year

    assert open_ones(cast) == [("agree", "-")]


def test_the_queries_do_not_grow_with_the_boards(cast: Cast) -> None:
    open_year(cast.year, actor=cast.chi, leader=cast.an)
    with CaptureQueriesContext(
        connection,
    ) as two:
        list(obligations.obligations(cast.year))
    scoring = cast.year.scoring
    for code in ("GLA", "KTU"):
        member = join(cast.year, make_board(code))
        Sheet.objects.create(scoring=scoring, membership=member)

    with CaptureQueriesContext(connection) as four:
        assert len(obligations.obligations(cast.year)) == 4
    assert len(four) == len(two) == 4


def test_sheets_that_are_not_final_are_at_stake_when_boards_merge(cast: Cast) -> None:
    open_year(cast.year, actor=cast.chi, leader=cast.an)
    member = cast.year.memberships.get(board=cast.board)

    assert [(one.membership, one.what) for one in merger_effects.merger_effects([member])] == [
        (member, "Phiếu chấm điểm năm 2019 chưa chốt.")
    ]
